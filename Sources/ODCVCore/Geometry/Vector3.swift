/// A point or a direction in three dimensions; metres where it is a point.
public struct Vector3: Equatable, Hashable, Sendable {
  public var x: Double
  public var y: Double
  public var z: Double

  @inlinable
  public init(_ x: Double, _ y: Double, _ z: Double) {
    self.x = x
    self.y = y
    self.z = z
  }

  public static var zero: Vector3 { Vector3(0, 0, 0) }

  @inlinable public static func + (a: Vector3, b: Vector3) -> Vector3 {
    Vector3(a.x + b.x, a.y + b.y, a.z + b.z)
  }
  @inlinable public static func - (a: Vector3, b: Vector3) -> Vector3 {
    Vector3(a.x - b.x, a.y - b.y, a.z - b.z)
  }
  @inlinable public static func * (s: Double, v: Vector3) -> Vector3 {
    Vector3(s * v.x, s * v.y, s * v.z)
  }
  @inlinable public static prefix func - (v: Vector3) -> Vector3 { Vector3(-v.x, -v.y, -v.z) }

  @inlinable public func dot(_ other: Vector3) -> Double { x * other.x + y * other.y + z * other.z }

  @inlinable public func cross(_ other: Vector3) -> Vector3 {
    Vector3(y * other.z - z * other.y, z * other.x - x * other.z, x * other.y - y * other.x)
  }

  @inlinable public var lengthSquared: Double { dot(self) }
  @inlinable public var length: Double { lengthSquared.squareRoot() }
  @inlinable public var isFinite: Bool { x.isFinite && y.isFinite && z.isFinite }

  /// m: the largest coordinate that `distanceRounding` holds for. Nothing an arm could meet lies beyond it, and numbers
  /// so large that their squares overflow would compare as nothing at all.
  public static var reach: Double { 100 }

  /// Every coordinate is a number of at most `reach`.
  public var isPlaceable: Bool { abs(x) <= Vector3.reach && abs(y) <= Vector3.reach && abs(z) <= Vector3.reach }

  /// The coordinate along axis 0, 1 or 2.
  @inlinable public subscript(axis: Int) -> Double {
    switch axis {
    case 0: x
    case 1: y
    default: z
    }
  }
}
