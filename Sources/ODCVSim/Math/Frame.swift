#if canImport(Glibc)
  import Glibc
#endif

/// A point in m, a direction, or a velocity in m/s.
typealias Vector = SIMD3<Double>

@inline(__always)
func dot(_ a: Vector, _ b: Vector) -> Double { a.x * b.x + a.y * b.y + a.z * b.z }

@inline(__always)
func cross(_ a: Vector, _ b: Vector) -> Vector {
  Vector(a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x)
}

@inline(__always)
func length(_ a: Vector) -> Double { dot(a, a).squareRoot() }

/// A rigid transform by the axes (columns of the rotation) and the origin of the child frame in the parent frame.
struct Frame: Equatable, Sendable {
  var x: Vector
  var y: Vector
  var z: Vector
  var origin: Vector

  static var identity: Frame {
    Frame(x: Vector(1, 0, 0), y: Vector(0, 1, 0), z: Vector(0, 0, 1), origin: Vector(0, 0, 0))
  }

  init(x: Vector, y: Vector, z: Vector, origin: Vector) {
    self.x = x
    self.y = y
    self.z = z
    self.origin = origin
  }

  /// From a unit quaternion in MuJoCo's order w, x, y, z.
  init(w: Double, _ qx: Double, _ qy: Double, _ qz: Double, origin: Vector) {
    x = Vector(1 - 2 * (qy * qy + qz * qz), 2 * (qx * qy + w * qz), 2 * (qx * qz - w * qy))
    y = Vector(2 * (qx * qy - w * qz), 1 - 2 * (qx * qx + qz * qz), 2 * (qy * qz + w * qx))
    z = Vector(2 * (qx * qz + w * qy), 2 * (qy * qz - w * qx), 1 - 2 * (qx * qx + qy * qy))
    self.origin = origin
  }

  @inline(__always)
  func rotate(_ v: Vector) -> Vector { x * v.x + y * v.y + z * v.z }

  @inline(__always)
  static func * (a: Frame, p: Vector) -> Vector { a.rotate(p) + a.origin }

  @inline(__always)
  static func * (a: Frame, b: Frame) -> Frame {
    Frame(x: a.rotate(b.x), y: a.rotate(b.y), z: a.rotate(b.z), origin: a * b.origin)
  }

  /// The same frame turned by `angle` rad about its own z axis.
  func turnedAboutZ(_ sine: Double, _ cosine: Double) -> Frame {
    Frame(x: x * cosine + y * sine, y: y * cosine - x * sine, z: z, origin: origin)
  }

  /// The rotation's vector (axis times angle, rad) that takes `other`'s axes to this frame's, in the parent frame.
  func rotation(from other: Frame) -> Vector {
    // R = self * other^T; the vector part and the trace give axis and angle.
    let trace = dot(x, other.x) + dot(y, other.y) + dot(z, other.z)
    let vector = (cross(other.x, x) + cross(other.y, y) + cross(other.z, z)) * 0.5
    let sine = length(vector)
    let cosine = (trace - 1) / 2
    if sine < 1e-9 { return vector }
    return vector * (atan2(sine, cosine) / sine)
  }

  /// x, y, z, w with w not negative.
  var quaternion: [Double] {
    let (m00, m11, m22) = (x.x, y.y, z.z)
    var q: SIMD4<Double>
    if m00 + m11 + m22 > 0 {
      let s = 2 * (1 + m00 + m11 + m22).squareRoot()
      q = SIMD4((y.z - z.y) / s, (z.x - x.z) / s, (x.y - y.x) / s, s / 4)
    } else if m00 > m11, m00 > m22 {
      let s = 2 * (1 + m00 - m11 - m22).squareRoot()
      q = SIMD4(s / 4, (y.x + x.y) / s, (z.x + x.z) / s, (y.z - z.y) / s)
    } else if m11 > m22 {
      let s = 2 * (1 + m11 - m00 - m22).squareRoot()
      q = SIMD4((y.x + x.y) / s, s / 4, (z.y + y.z) / s, (z.x - x.z) / s)
    } else {
      let s = 2 * (1 + m22 - m00 - m11).squareRoot()
      q = SIMD4((z.x + x.z) / s, (z.y + y.z) / s, s / 4, (x.y - y.x) / s)
    }
    if q.w < 0 { q = -q }
    return [q.x, q.y, q.z, q.w]
  }
}
