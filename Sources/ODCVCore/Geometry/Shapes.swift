/// All points within `radius` of the segment from `a` to `b`; a sphere is a capsule with equal ends. Metres.
public struct Capsule: Equatable, Sendable {
  public var a: Vector3
  public var b: Vector3
  public var radius: Double

  public init(a: Vector3, b: Vector3, radius: Double) {
    self.a = a
    self.b = b
    self.radius = radius
  }

  public var isFinite: Bool { a.isFinite && b.isFinite && radius.isFinite }

  /// Its numbers are finite, its radius not negative, and it lies within `reach` of the origin along each axis.
  public var isPlaceable: Bool { a.isPlaceable && b.isPlaceable && radius >= 0 && radius <= Vector3.reach }

  public static func * (pose: Pose, capsule: Capsule) -> Capsule {
    Capsule(a: pose * capsule.a, b: pose * capsule.b, radius: capsule.radius)
  }
}

/// An oriented box about the origin of its pose. Metres.
public struct Box: Equatable, Sendable {
  public var pose: Pose
  public var halfExtents: Vector3

  public init(pose: Pose, halfExtents: Vector3) {
    self.pose = pose
    self.halfExtents = halfExtents
  }
}

/// All points p with `normal`·p <= `offset`; `normal` has length one.
public struct HalfSpace: Equatable, Sendable {
  public var normal: Vector3
  public var offset: Double

  public init(normal: Vector3, offset: Double) {
    self.normal = normal
    self.offset = offset
  }
}

/// A convex solid that an arm must stay clear of, in the base frame of the robot.
public enum Solid: Equatable, Sendable {
  case box(Box)
  case capsule(Capsule)
  case halfSpace(HalfSpace)
  case hull(ConvexHull)

  /// Its numbers are finite, no size is negative, and it lies within `Vector3.reach`.
  public var isPlaceable: Bool {
    switch self {
    case .box(let box):
      let h = box.halfExtents
      return h.isPlaceable && h.x >= 0 && h.y >= 0 && h.z >= 0 && box.pose.translation.isPlaceable
        && box.pose.rotation.x.isPlaceable && box.pose.rotation.y.isPlaceable && box.pose.rotation.z.isPlaceable
    case .capsule(let capsule): return capsule.isPlaceable
    case .halfSpace(let half): return half.normal.isPlaceable && abs(half.offset) <= Vector3.reach
    case .hull(let hull): return hull.isPlaceable
    }
  }

  public static func sphere(center: Vector3, radius: Double) -> Solid {
    .capsule(Capsule(a: center, b: center, radius: radius))
  }
}
