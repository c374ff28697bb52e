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

  /// The coordinate along axis 0, 1 or 2.
  @inlinable public subscript(axis: Int) -> Double {
    switch axis {
    case 0: x
    case 1: y
    default: z
    }
  }
}
