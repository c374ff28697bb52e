import ODCVCore
import ODCVEvidence

/// Shapes of the core as parts of a `foxglove.SceneEntity`, in the base frame, m.
extension DescribedMessage {
  /// A cylinder along the segment and a ball at each end; one ball when the ends are one.
  mutating func add(_ capsule: Capsule, _ tint: Tint) {
    guard capsule.isPlaceable else { return }
    let axis = capsule.b - capsule.a
    let length = axis.length
    let width = 2 * capsule.radius
    addBall(capsule.a, width, tint)
    guard length > 1e-9 else { return }
    addBall(capsule.b, width, tint)
    add("cylinders") {
      $0.set("pose", Pose(rotation: Rotation(along: (1 / length) * axis), translation: 0.5 * (capsule.a + capsule.b)))
      $0.set("size", Vector3(width, width, length))
      $0.set("bottom_scale", 1.0)
      $0.set("top_scale", 1.0)
      $0.set("color", tint)
    }
  }

  mutating func add(_ box: Box, _ tint: Tint) {
    add("cubes") {
      $0.set("pose", box.pose)
      $0.set("size", 2 * box.halfExtents)
      $0.set("color", tint)
    }
  }

  mutating func add(_ solid: Solid, _ tint: Tint) {
    switch solid {
    case .box(let box): add(box, tint)
    case .capsule(let capsule): add(capsule, tint)
    case .hull(let hull):
      addLines(hull.edges.flatMap { [hull.vertices[$0.vertices.0], hull.vertices[$0.vertices.1]] }, thickness: 0.004, tint)
    case .halfSpace(let half):
      // A half space has no end: the piece of its face that is nearest to the base stands for it.
      let thickness = 0.002
      let middle = (half.offset - thickness / 2) * half.normal
      add(
        Box(
          pose: Pose(rotation: Rotation(along: half.normal), translation: middle),
          halfExtents: Vector3(2, 2, thickness / 2)), tint)
    }
  }

  mutating func addBall(_ center: Vector3, _ width: Double, _ tint: Tint) {
    add("spheres") {
      $0.set("pose", Pose(rotation: .identity, translation: center))
      $0.set("size", Vector3(width, width, width))
      $0.set("color", tint)
    }
  }

  /// A line for each two points.
  mutating func addLines(_ points: [Vector3], thickness: Double, _ tint: Tint) {
    add("lines") { line in
      line.set("type", enumeration: 2)  // LINE_LIST
      line.set("pose", Pose.identity)
      line.set("thickness", thickness)
      for point in points { line.add("points") { $0.set(point) } }
      line.set("color", tint)
    }
  }

  /// Turned to who looks.
  mutating func addText(_ text: String, _ at: Vector3, _ tint: Tint) {
    add("texts") {
      $0.set("pose", Pose(rotation: .identity, translation: at))
      $0.set("billboard", true)
      $0.set("font_size", 0.04)
      $0.set("color", tint)
      $0.set("text", text)
    }
  }

  // MARK: - Fields

  mutating func set(_ name: StaticString, _ pose: Pose) {
    add(name) {
      $0.set("position", pose.translation)
      $0.set("orientation", pose.rotation)
    }
  }

  mutating func set(_ name: StaticString, _ vector: Vector3) { add(name) { $0.set(vector) } }

  mutating func set(_ name: StaticString, _ rotation: Rotation) {
    let q = rotation.quaternion
    add(name) {
      $0.set("x", q.x)
      $0.set("y", q.y)
      $0.set("z", q.z)
      $0.set("w", q.w)
    }
  }

  private mutating func set(_ name: StaticString, _ tint: Tint) {
    add(name) {
      $0.set("r", tint.red)
      $0.set("g", tint.green)
      $0.set("b", tint.blue)
      $0.set("a", tint.opacity)
    }
  }

  private mutating func set(_ vector: Vector3) {
    set("x", vector.x)
    set("y", vector.y)
    set("z", vector.z)
  }
}

extension Rotation {
  /// One that takes the z axis to a unit vector.
  init(along z: Vector3) {
    let helper = abs(z.x) < 0.9 ? Vector3(1, 0, 0) : Vector3(0, 1, 0)
    let across = helper - helper.dot(z) * z
    let x = (1 / across.length) * across
    self.init(x: x, y: z.cross(x), z: z)
  }

  /// Of length one; by the largest of its four parts first, so that none is divided by next to nothing.
  var quaternion: (x: Double, y: Double, z: Double, w: Double) {
    let (xx, yy, zz) = (x.x, y.y, z.z)
    let trace = xx + yy + zz
    var q: (x: Double, y: Double, z: Double, w: Double)
    if trace >= max(xx, yy, zz) {
      q = (y.z - z.y, z.x - x.z, x.y - y.x, 1 + trace)
    } else if xx >= yy, xx >= zz {
      q = (1 + xx - yy - zz, x.y + y.x, x.z + z.x, y.z - z.y)
    } else if yy >= zz {
      q = (x.y + y.x, 1 + yy - xx - zz, y.z + z.y, z.x - x.z)
    } else {
      q = (x.z + z.x, y.z + z.y, 1 + zz - xx - yy, x.y - y.x)
    }
    let length = (q.x * q.x + q.y * q.y + q.z * q.z + q.w * q.w).squareRoot()
    return (q.x / length, q.y / length, q.z / length, q.w / length)
  }
}
