/// A rotation as an orthonormal matrix, by its columns: where the x, y and z axes go.
public struct Rotation: Equatable, Sendable {
  public var x: Vector3
  public var y: Vector3
  public var z: Vector3

  public init(x: Vector3, y: Vector3, z: Vector3) {
    self.x = x
    self.y = y
    self.z = z
  }

  public static var identity: Rotation {
    Rotation(x: Vector3(1, 0, 0), y: Vector3(0, 1, 0), z: Vector3(0, 0, 1))
  }

  /// By `angle` rad about the unit vector `axis` (Rodrigues).
  public init(angle: Double, about axis: Vector3) {
    let (s, c) = sineAndCosine(angle)
    let t = 1 - c
    x = Vector3(t * axis.x * axis.x + c, t * axis.x * axis.y + s * axis.z, t * axis.x * axis.z - s * axis.y)
    y = Vector3(t * axis.x * axis.y - s * axis.z, t * axis.y * axis.y + c, t * axis.y * axis.z + s * axis.x)
    z = Vector3(t * axis.x * axis.z + s * axis.y, t * axis.y * axis.z - s * axis.x, t * axis.z * axis.z + c)
  }

  /// Fixed-axis roll, pitch, yaw in rad, as URDF writes it: about x, then y, then z of the parent.
  public init(roll: Double, pitch: Double, yaw: Double) {
    let rx = Rotation(angle: roll, about: Vector3(1, 0, 0))
    let ry = Rotation(angle: pitch, about: Vector3(0, 1, 0))
    let rz = Rotation(angle: yaw, about: Vector3(0, 0, 1))
    self = rz * (ry * rx)
  }

  /// From a quaternion in the order x, y, z, w, normalised first. `nil` when it has no direction.
  public init?(quaternion qx: Double, _ qy: Double, _ qz: Double, _ qw: Double) {
    let n = qx * qx + qy * qy + qz * qz + qw * qw
    guard n.isFinite, n > 1e-12 else { return nil }
    let s = 2 / n
    x = Vector3(1 - s * (qy * qy + qz * qz), s * (qx * qy + qw * qz), s * (qx * qz - qw * qy))
    y = Vector3(s * (qx * qy - qw * qz), 1 - s * (qx * qx + qz * qz), s * (qy * qz + qw * qx))
    z = Vector3(s * (qx * qz + qw * qy), s * (qy * qz - qw * qx), 1 - s * (qx * qx + qy * qy))
  }

  @inlinable public static func * (r: Rotation, v: Vector3) -> Vector3 {
    Vector3(
      r.x.x * v.x + r.y.x * v.y + r.z.x * v.z,
      r.x.y * v.x + r.y.y * v.y + r.z.y * v.z,
      r.x.z * v.x + r.y.z * v.y + r.z.z * v.z)
  }

  @inlinable public static func * (a: Rotation, b: Rotation) -> Rotation {
    Rotation(x: a * b.x, y: a * b.y, z: a * b.z)
  }

  /// Where axis 0, 1 or 2 goes.
  @inlinable public subscript(axis: Int) -> Vector3 {
    switch axis {
    case 0: x
    case 1: y
    default: z
    }
  }

  /// The same with what rounding leaves of right angles taken away: entries within 1e-15 of 0 and ±1 are made exact.
  public var withExactRightAngles: Rotation { Rotation(x: x.exactAxes, y: y.exactAxes, z: z.exactAxes) }

  /// The inverse applied to a vector.
  @inlinable public func transposed(_ v: Vector3) -> Vector3 { Vector3(x.dot(v), y.dot(v), z.dot(v)) }
}

extension Vector3 {
  fileprivate var exactAxes: Vector3 {
    func exact(_ value: Double) -> Double {
      abs(value) < 1e-15 ? 0 : abs(abs(value) - 1) < 1e-15 ? (value < 0 ? -1 : 1) : value
    }
    return Vector3(exact(x), exact(y), exact(z))
  }
}

/// A rigid transform: maps points of the child frame into the parent frame.
public struct Pose: Equatable, Sendable {
  public var rotation: Rotation
  public var translation: Vector3

  public init(rotation: Rotation, translation: Vector3) {
    self.rotation = rotation
    self.translation = translation
  }

  public static var identity: Pose { Pose(rotation: .identity, translation: .zero) }

  @inlinable public static func * (a: Pose, p: Vector3) -> Vector3 { a.rotation * p + a.translation }

  @inlinable public static func * (a: Pose, b: Pose) -> Pose {
    Pose(rotation: a.rotation * b.rotation, translation: a * b.translation)
  }

  /// A point of the parent frame, in the child frame.
  @inlinable public func inverse(_ p: Vector3) -> Vector3 { rotation.transposed(p - translation) }
}
