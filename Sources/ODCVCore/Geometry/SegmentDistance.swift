/// The nearest points of two sets, and their distance in m; negative where the sets overlap.
public struct Nearest: Equatable, Sendable {
  public var distance: Double
  public var onFirst: Vector3
  public var onSecond: Vector3
  /// Unit vector from the second to the first, also where they overlap: onFirst - onSecond = distance · normal, and
  /// the distance is that between the supporting planes across it.
  public var normal: Vector3

  public init(distance: Double, onFirst: Vector3, onSecond: Vector3, normal: Vector3) {
    self.distance = distance
    self.onFirst = onFirst
    self.onSecond = onSecond
    self.normal = normal
  }

  /// With the normal that the two points give; any, when they are one point.
  public init(distance: Double, onFirst: Vector3, onSecond: Vector3) {
    let between = onFirst - onSecond
    let length = between.length
    self.init(
      distance: distance, onFirst: onFirst, onSecond: onSecond,
      normal: length > 0 ? ((distance < 0 ? -1 : 1) / length) * between : Vector3(0, 0, 1))
  }
}

/// m: under this the direction between two nearest points says little of the normal, and the normals of faces are
/// compared with it.
let closeRange = 1e-4

/// m: two cores nearer than this count as touching; a hundredth of `distanceRounding`, above what is rounding.
let touching = 1e-11

/// The parameter in 0...1 of the point of segment `a`-`b` nearest to `p`.
@inline(__always)
func nearestParameter(_ p: Vector3, _ a: Vector3, _ b: Vector3) -> Double {
  let d = b - a
  let length2 = d.lengthSquared
  guard length2 > 0 else { return 0 }
  return min(max((p - a).dot(d) / length2, 0), 1)
}

/// Nearest points of two segments. The distance is never negative: where they cross it is 0, and the normal is
/// perpendicular to both.
///
/// The squared distance is a convex quadratic over the unit square of the two parameters: its minimum is at the interior
/// stationary point or on one of the four edges, each a point against a segment. All five are compared, so parallel and
/// degenerate segments need no case of their own.
///
/// The stationary point: with û the direction of the longer segment and w the part of the other at right angles to it,
/// the lines are nearest where (r + t w)·w = 0. Its rounding moves t by a few 2^-53 |r| / |w|, which moves the distance by
/// a few 2^-53 |r|, however small the angle; the determinant of the normal equations would lose half the digits.
public func nearest(_ a0: Vector3, _ a1: Vector3, _ b0: Vector3, _ b1: Vector3) -> Nearest {
  let u = a1 - a0
  let v = b1 - b0
  var bestS = 0.0
  var bestT = nearestParameter(a0, b0, b1)
  var best = (a0 - (b0 + bestT * v)).lengthSquared

  @inline(__always) func consider(_ s: Double, _ t: Double) {
    let d2 = ((a0 + s * u) - (b0 + t * v)).lengthSquared
    if d2 < best {
      best = d2
      bestS = s
      bestT = t
    }
  }
  consider(1, nearestParameter(a1, b0, b1))
  consider(nearestParameter(b0, a0, a1), 0)
  consider(nearestParameter(b1, a0, a1), 1)
  if u.lengthSquared >= v.lengthSquared {
    let t = stationary(b0 - a0, v, along: u)
    if t > 0, t < 1 { consider(nearestParameter(b0 + t * v, a0, a1), t) }
  } else {
    let s = stationary(a0 - b0, u, along: v)
    if s > 0, s < 1 { consider(s, nearestParameter(a0 + s * u, b0, b1)) }
  }
  let onFirst = a0 + bestS * u
  let onSecond = b0 + bestT * v
  let distance = best.squareRoot()
  var normal = distance > 0 ? (1 / distance) * (onFirst - onSecond) : Vector3(0, 0, 1)
  if distance < closeRange {
    // The segments' difference is a parallelogram, with the common perpendicular as its only face normal.
    let middle = (a0 + 0.5 * u) - (b0 + 0.5 * v)
    let across = perpendicular(u, v)
    let face = across.dot(middle) < 0 ? -across : across
    let own = normal.dot(middle) - 0.5 * (abs(normal.dot(u)) + abs(normal.dot(v)))
    if distance < touching || face.dot(middle) - 0.5 * (abs(face.dot(u)) + abs(face.dot(v))) > own { normal = face }
  }
  return Nearest(distance: distance, onFirst: onFirst, onSecond: onSecond, normal: normal)
}

/// Where the line r + t v comes nearest to the line through the origin along `long`; NaN for parallel lines.
@inline(__always)
private func stationary(_ r: Vector3, _ v: Vector3, along long: Vector3) -> Double {
  let length = long.length
  guard length > 0 else { return .nan }
  let across = rejected(v, from: (1 / length) * long)
  return -r.dot(across) / across.lengthSquared
}
