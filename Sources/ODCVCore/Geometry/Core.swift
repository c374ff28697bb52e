/// What GJK asks of the body that a hull is compared with, less its radius, in the hull's own frame.
///
/// The vertices are borrowed for the time of one query, so that no query counts a reference.
enum Core {
  /// A box; a segment is one of which only the first half extent is not zero, a point one without extents.
  case box(Box)
  case vertices(UnsafeBufferPointer<Vector3>, Pose)

  /// The point of the core farthest along `n`.
  @inline(__always)
  func farthest(along n: Vector3) -> Vector3 {
    switch self {
    case .box(let box):
      let m = box.pose.rotation.transposed(n)
      let h = box.halfExtents
      return box.pose * Vector3(m.x < 0 ? -h.x : h.x, m.y < 0 ? -h.y : h.y, m.z < 0 ? -h.z : h.z)
    case .vertices(let vertices, let pose):
      return pose * extreme(of: vertices, along: -pose.rotation.transposed(n))
    }
  }

  func moved(by way: Vector3) -> Core {
    switch self {
    case .box(var box):
      box.pose.translation = box.pose.translation + way
      return .box(box)
    case .vertices(let vertices, var pose):
      pose.translation = pose.translation + way
      return .vertices(vertices, pose)
    }
  }

  var middle: Vector3 {
    switch self {
    case .box(let box): box.pose.translation
    case .vertices(let vertices, let pose): pose * ODCVCore.middle(of: vertices)
    }
  }
}

/// The vertex with the least n·v; the first one of equals.
@inline(__always)
func extreme(of vertices: UnsafeBufferPointer<Vector3>, along n: Vector3) -> Vector3 {
  var least = n.dot(vertices[0])
  var found = 0
  for index in 1..<vertices.count {
    let height = n.dot(vertices[index])
    if height < least {
      least = height
      found = index
    }
  }
  return vertices[found]
}

func middle(of vertices: UnsafeBufferPointer<Vector3>) -> Vector3 {
  var sum = Vector3.zero
  for index in 0..<vertices.count { sum = sum + vertices[index] }
  return (1 / Double(vertices.count)) * sum
}

extension Box {
  /// The segment from `a` to `b` as a box without width.
  init(segment a: Vector3, _ b: Vector3) {
    let d = b - a
    let length = d.length
    let x = length > 0 ? (1 / length) * d : Vector3(1, 0, 0)
    let y = perpendicular(x)
    self.init(
      pose: Pose(rotation: Rotation(x: x, y: y, z: x.cross(y)), translation: 0.5 * (a + b)),
      halfExtents: Vector3(0.5 * length, 0, 0))
  }

  /// The same box in the frame that `pose` maps from.
  func seen(from pose: Pose) -> Box {
    let turned = Rotation(
      x: pose.rotation.transposed(self.pose.rotation.x), y: pose.rotation.transposed(self.pose.rotation.y),
      z: pose.rotation.transposed(self.pose.rotation.z))
    return Box(pose: Pose(rotation: turned, translation: pose.inverse(self.pose.translation)), halfExtents: halfExtents)
  }
}
