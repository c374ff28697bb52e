import ODCVCore

/// A fine grid on which the side of a plane that a point lies on is an exact integer question.
///
/// Its step is at most 2^-29 of the points' extent (2 nm for 1 m), so coordinates stay below 2^30 and the determinant of three
/// differences below 2^99: 128-bit integers hold it. Asked exactly, coplanar, collinear and duplicate points can't
/// contradict each other, which is what makes a hull in floating point fail.
struct Lattice {
  struct Point: Hashable {
    var x: Int64
    var y: Int64
    var z: Int64
  }

  let center: Vector3
  /// m, a power of two.
  let step: Double

  init(_ points: [Vector3]) {
    var low = points.first ?? .zero
    var high = low
    for p in points {
      low = Vector3(min(low.x, p.x), min(low.y, p.y), min(low.z, p.z))
      high = Vector3(max(high.x, p.x), max(high.y, p.y), max(high.z, p.z))
    }
    let extent = max(high.x - low.x, high.y - low.y, high.z - low.z)
    center = 0.5 * (low + high)
    // Below a picometre the extent is rounding noise of coordinates that are metres.
    step = extent > 1e-12 ? Double(sign: .plus, exponent: extent.exponent - 29, significand: 1) : 1e-12
  }

  func callAsFunction(_ p: Vector3) -> Point {
    let q = p - center
    return Point(x: Int64((q.x / step).rounded()), y: Int64((q.y / step).rounded()), z: Int64((q.z / step).rounded()))
  }
}

/// An exact vector: a difference of lattice points, or the cross product of two.
struct LatticeVector {
  var x: Int128
  var y: Int128
  var z: Int128

  init(x: Int128, y: Int128, z: Int128) {
    self.x = x
    self.y = y
    self.z = z
  }

  init(from a: Lattice.Point, to b: Lattice.Point) {
    self.init(x: Int128(b.x - a.x), y: Int128(b.y - a.y), z: Int128(b.z - a.z))
  }

  var isZero: Bool { x == 0 && y == 0 && z == 0 }
  var rounded: Vector3 { Vector3(Double(x), Double(y), Double(z)) }

  func dot(_ v: LatticeVector) -> Int128 { x * v.x + y * v.y + z * v.z }

  func cross(_ v: LatticeVector) -> LatticeVector {
    LatticeVector(x: y * v.z - z * v.y, y: z * v.x - x * v.z, z: x * v.y - y * v.x)
  }
}

/// The plane through three lattice points, seen counter-clockwise from outside.
struct LatticePlane {
  let a: Lattice.Point
  let b: Lattice.Point
  let c: Lattice.Point
  /// (b - a) x (c - a), rounded once.
  let normal: Vector3

  init(_ a: Lattice.Point, _ b: Lattice.Point, _ c: Lattice.Point) {
    self.a = a
    self.b = b
    self.c = c
    normal = LatticePlane.exactNormal(a, b, c).rounded
  }

  static func exactNormal(_ a: Lattice.Point, _ b: Lattice.Point, _ c: Lattice.Point) -> LatticeVector {
    LatticeVector(from: a, to: b).cross(LatticeVector(from: a, to: c))
  }

  /// The sign of the determinant: 1 outside, 0 on the plane, -1 behind. Exact.
  func side(of p: Lattice.Point) -> Int {
    let x = normal.x * Double(p.x - a.x)
    let y = normal.y * Double(p.y - a.y)
    let z = normal.z * Double(p.z - a.z)
    let value = x + y + z
    // The normal, three products and two sums round once each, to 2^-53: at most 5 * 2^-53 of the terms' sum.
    if abs(value) > 1e-15 * (abs(x) + abs(y) + abs(z)) { return value > 0 ? 1 : -1 }
    return Int(LatticePlane.exactNormal(a, b, c).dot(LatticeVector(from: a, to: p)).signum())
  }
}
