/// Rotations as messages write them. All are active rotations in the base frame: they say where the axes go.
extension Rotation {
  /// How far from 1 the length of a quaternion, or of a column of `rot6d`, may be: what single precision and a network's
  /// output leave, not what another meaning of the numbers would.
  public static var tolerance: Double { 1e-3 }

  /// From a quaternion x, y, z, w that says it is one: `nil` unless its length is 1 within `tolerance`.
  public init?(unitQuaternion x: Double, _ y: Double, _ z: Double, _ w: Double) {
    let length = (x * x + y * y + z * z + w * w).squareRoot()
    guard abs(length - 1) <= Rotation.tolerance else { return nil }
    self.init(quaternion: x, y, z, w)
  }

  /// From an axis times its angle in rad.
  public init(rotationVector v: Vector3) {
    let angle = v.length
    guard angle > 0 else {
      self = .identity
      return
    }
    self.init(angle: angle, about: (1 / angle) * v)
  }

  /// From the matrix's first two columns (Zhou et al., "On the Continuity of Rotation Representations", CVPR 2019), made
  /// orthonormal by Gram and Schmidt. `nil` where they don't say a rotation: a column shorter than a tenth, or the two
  /// within 0.1 rad of one line.
  public init?(firstColumn a: Vector3, secondColumn b: Vector3) {
    let (lengthA, lengthB) = (a.length, b.length)
    guard lengthA >= 0.1, lengthB >= 0.1, lengthA.isFinite, lengthB.isFinite else { return nil }
    let first = (1 / lengthA) * a
    let rest = b - b.dot(first) * first
    guard rest.length >= 0.1 * lengthB else { return nil }
    let second = (1 / rest.length) * rest
    self.init(x: first, y: second, z: first.cross(second))
  }

  /// Axis times angle in rad, the angle in 0...π: what turns the axes from where `other` has them to where this has them,
  /// in the frame that both are in.
  public func rotationVector(from other: Rotation) -> Vector3 {
    // The sum over the axes of other × own is 2 sin θ times the axis, the trace 1 + 2 cos θ.
    let twice = other.x.cross(x) + other.y.cross(y) + other.z.cross(z)
    let cosine = 0.5 * (x.dot(other.x) + y.dot(other.y) + z.dot(other.z) - 1)
    let sine = 0.5 * twice.length
    if sine > 1e-6 || cosine > 0 {
      guard sine > 0 else { return .zero }
      return (arcTangent(sine, cosine) / (2 * sine)) * twice
    }
    // Half a turn: the axis is the longest column of R + 1, its sign is open.
    let (cx, cy, cz) = (column(other, 0), column(other, 1), column(other, 2))
    let longest = [cx, cy, cz].max { $0.lengthSquared < $1.lengthSquared } ?? cx
    return (arcTangent(sine, cosine) / longest.length) * longest
  }

  /// Column of R + 1, R what turns `other` to this.
  private func column(_ other: Rotation, _ axis: Int) -> Vector3 {
    let along = Vector3(axis == 0 ? 1 : 0, axis == 1 ? 1 : 0, axis == 2 ? 1 : 0)
    return self * other.transposed(along) + along
  }
}

/// The angle in -π...π rad whose sine and cosine are to each other as these, the same bits on every machine.
///
/// A rough value (below 5 mrad off) made exact by two steps of δ = sin δ + sin³ δ / 6 with our own sine and cosine: after the
/// first the error is below 1e-12, after the second it is rounding.
public func arcTangent(_ sine: Double, _ cosine: Double) -> Double {
  let length = (sine * sine + cosine * cosine).squareRoot()
  guard length > 0, length.isFinite else { return length == 0 ? 0 : .nan }
  let (s, c) = (sine / length, cosine / length)
  let (small, large) = (min(abs(s), abs(c)), max(abs(s), abs(c)))
  let ratio = small / large
  var angle = ratio * (0.785_398_163_397_448_3 + 0.273 * (1 - ratio))
  if abs(s) > abs(c) { angle = 1.570_796_326_794_896_6 - angle }
  if c < 0 { angle = 3.141_592_653_589_793 - angle }
  if s < 0 { angle = -angle }
  for _ in 0..<2 {
    let at = sineAndCosine(angle)
    let off = s * at.cosine - c * at.sine
    angle += off + off * off * off / 6
  }
  return angle
}
