/// At most four points of the difference of two bodies, with the points of the bodies that they come from, and the
/// convex combination of them that lies nearest to the origin.
struct Simplex {
  private(set) var count = 0
  private(set) var points = InlineArray<4, Vector3>(repeating: .zero)
  private var first = InlineArray<4, Vector3>(repeating: .zero)
  private var second = InlineArray<4, Vector3>(repeating: .zero)
  private var weights = SIMD4<Double>(repeating: 0)
  /// The point nearest to the origin.
  private(set) var nearest = Vector3.zero

  init(_ a: Vector3, _ b: Vector3) { add(a, b) }

  var onFirst: Vector3 { combined(first, weights) }
  var onSecond: Vector3 { combined(second, weights) }

  func contains(_ point: Vector3) -> Bool {
    for index in 0..<count where points[index] == point { return true }
    return false
  }

  /// Adds the difference of two points, and keeps of the simplex the smallest part that holds its point nearest to the
  /// origin.
  ///
  /// Every part that holds the new point is tried: it, three edges, three triangles, the whole. A part gives weights that
  /// are not negative and sum to one, thus a point of the difference of the bodies whatever their rounding, and the least
  /// is kept; flat and repeated points need no case of their own.
  mutating func add(_ a: Vector3, _ b: Vector3) {
    let new = count
    first[new] = a
    second[new] = b
    points[new] = a - b
    count += 1
    var best = SIMD4<Double>(repeating: 0)
    best[new] = 1
    var least = points[new].lengthSquared
    for i in 0..<new {
      keep(edge(new, i), &best, &least)
      for j in 0..<i { keep(triangle(new, i, j), &best, &least) }
    }
    if new == 3 { keep(whole(), &best, &least) }
    weights = best
    nearest = combined(points, best)
    dropUnused()
  }

  private mutating func dropUnused() {
    var kept = 0
    for index in 0..<count where weights[index] > 0 {
      first[kept] = first[index]
      second[kept] = second[index]
      points[kept] = points[index]
      weights[kept] = weights[index]
      kept += 1
    }
    for index in kept..<4 { weights[index] = 0 }
    count = kept
  }

  @inline(__always)
  private func combined(_ of: InlineArray<4, Vector3>, _ w: SIMD4<Double>) -> Vector3 {
    (w[0] * of[0] + w[1] * of[1]) + (w[2] * of[2] + w[3] * of[3])
  }

  @inline(__always)
  private func keep(_ candidate: SIMD4<Double>, _ best: inout SIMD4<Double>, _ least: inout Double) {
    // A part whose nearest point lies on its rim has a negative weight (or, of no area, none that is a number).
    guard candidate[0] >= 0, candidate[1] >= 0, candidate[2] >= 0, candidate[3] >= 0 else { return }
    let squared = combined(points, candidate).lengthSquared
    if squared < least {
      least = squared
      best = candidate
    }
  }

  @inline(__always)
  private func edge(_ i: Int, _ j: Int) -> SIMD4<Double> {
    let t = nearestParameter(.zero, points[i], points[j])
    var w = SIMD4<Double>(repeating: 0)
    w[i] = 1 - t
    w[j] = t
    return w
  }

  /// Barycentric coordinates of the origin's projection: x = e f + g h with f, h the sides from point i gives
  /// x × h = e (f × h) and f × x = g (f × h).
  @inline(__always)
  private func triangle(_ i: Int, _ j: Int, _ k: Int) -> SIMD4<Double> {
    let x = -points[i]
    let f = points[j] - points[i]
    let h = points[k] - points[i]
    let n = f.cross(h)
    let scale = 1 / n.lengthSquared
    var w = SIMD4<Double>(repeating: 0)
    w[j] = n.dot(x.cross(h)) * scale
    w[k] = n.dot(f.cross(x)) * scale
    w[i] = 1 - w[j] - w[k]
    return w
  }

  /// Barycentric coordinates of the origin itself, by Cramer's rule.
  @inline(__always)
  private func whole() -> SIMD4<Double> {
    let x = -points[3]
    let e = points[0] - points[3]
    let f = points[1] - points[3]
    let g = points[2] - points[3]
    let scale = 1 / e.dot(f.cross(g))
    let a = x.dot(f.cross(g)) * scale
    let b = x.dot(g.cross(e)) * scale
    let c = x.dot(e.cross(f)) * scale
    return SIMD4(a, b, c, 1 - a - b - c)
  }

  /// The normal of the triangle of three of the points; `nil` when there is none.
  func faceNormal(_ i: Int, _ j: Int, _ k: Int) -> Vector3? {
    guard i < count, j < count, k < count else { return nil }
    let n = (points[j] - points[i]).cross(points[k] - points[i])
    let length = n.length
    return length > 0 ? (1 / length) * n : nil
  }
}
