/// All points within `radius` of the segment from `a` to `b`; m.
struct SimCapsule: Equatable, Sendable {
  var a: Vector
  var b: Vector
  var radius: Double
}

/// A box along the axes of the base frame; m.
struct SimBox: Equatable, Sendable {
  var center: Vector
  var halfExtents: Vector

  func contains(_ p: Vector, inset: Double) -> Bool {
    let d = p - center
    return abs(d.x) + inset <= halfExtents.x && abs(d.y) + inset <= halfExtents.y && abs(d.z) + inset <= halfExtents.z
  }

  /// Distance of a point, 0 inside.
  func distance(_ p: Vector) -> Double { length(excess(p)) }

  /// The part of `p - center` that lies outside the half extents.
  @inline(__always)
  func excess(_ p: Vector) -> Vector {
    let d = p - center
    return Vector(
      d.x - min(halfExtents.x, max(-halfExtents.x, d.x)), d.y - min(halfExtents.y, max(-halfExtents.y, d.y)),
      d.z - min(halfExtents.z, max(-halfExtents.z, d.z)))
  }
}

/// Truth distances, independent of any monitor's: exact minimisers of convex functions, in double precision.
enum Distance {
  /// Surface distance of two capsules, negative when they overlap, and the nearest points on their axes.
  static func between(_ p: SimCapsule, _ q: SimCapsule) -> (distance: Double, onP: Vector, onQ: Vector) {
    let u = p.b - p.a
    let v = q.b - q.a
    let w = p.a - q.a
    let uu = dot(u, u)
    let uv = dot(u, v)
    let vv = dot(v, v)
    let uw = dot(u, w)
    let vw = dot(v, w)
    func clamp(_ x: Double) -> Double { min(1, max(0, x)) }
    var bestS = 0.0
    var bestT = 0.0
    var best = Double.infinity
    func consider(_ s: Double) {
      let t = vv > 0 ? clamp((uv * s + vw) / vv) : 0
      // The best point on p for that t: one alternation is exact on every face of the parameter square.
      let s2 = uu > 0 ? clamp((uv * t - uw) / uu) : 0
      let d = w + u * s2 - v * t
      let square = dot(d, d)
      if square < best {
        best = square
        bestS = s2
        bestT = t
      }
    }
    consider(0)
    consider(1)
    let determinant = uu * vv - uv * uv
    if determinant > 1e-12 * uu * vv { consider(clamp((uv * vw - vv * uw) / determinant)) }
    return (best.squareRoot() - p.radius - q.radius, p.a + u * bestS, q.a + v * bestT)
  }

  /// Surface distance of a capsule to a box; `-radius` at the least, when its axis meets the box.
  ///
  /// The squared distance of the axis' point at t to the box is convex and piecewise quadratic in t; its derivative is
  /// piecewise linear with kinks where a coordinate crosses a face, so the minimum is found without iteration.
  static func between(_ c: SimCapsule, _ box: SimBox) -> Double {
    let u = c.b - c.a
    func slope(_ t: Double) -> Double { dot(box.excess(c.a + u * t), u) }
    var low = 0.0
    var lowSlope = slope(0)
    if lowSlope >= 0 { return box.distance(c.a) - c.radius }
    var high = 1.0
    var highSlope = slope(1)
    if highSlope <= 0 { return box.distance(c.b) - c.radius }
    for axis in 0..<3 where u[axis] != 0 {
      for side in [-1.0, 1.0] {
        let t = (box.center[axis] + side * box.halfExtents[axis] - c.a[axis]) / u[axis]
        guard t > low, t < high else { continue }
        let s = slope(t)
        if s < 0 {
          low = t
          lowSlope = s
        } else {
          high = t
          highSlope = s
        }
      }
    }
    let t = highSlope > lowSlope ? low + (high - low) * (-lowSlope / (highSlope - lowSlope)) : low
    return box.distance(c.a + u * t) - c.radius
  }

  /// Never more than `between`, at a fraction of its price.
  @inline(__always)
  static func lowerBound(_ c: SimCapsule, _ box: SimBox) -> Double {
    box.distance((c.a + c.b) * 0.5) - length(c.b - c.a) * 0.5 - c.radius
  }
}
