import ODCVCore

/// How far a body reaches beyond a solid: the largest distance from a point of the body to the solid, bounded above.
///
/// The distance to a set grows by at most the way gone, so in a ball of radius r about c it is at most its value at c
/// plus r. Cubes that meet the body are split until what that bound leaves open is under `tolerance`, or until there
/// are `most` cubes: then the bound is wider, and still one.
struct Reach {
  let tree: SurfaceTree
  var tolerance = 2.5e-4
  var most = 40_000

  /// - Parameters:
  ///   - low: corner of a box that holds the body, with `high`.
  ///   - depth: at least the signed depth of a point in the body (negative outside: minus a distance to it, or less
  ///     far).
  func bound(low: Vector3, high: Vector3, depth: (Vector3) -> Double) -> Double {
    let size = max(high.x - low.x, high.y - low.y, high.z - low.z)
    var half = 0.5 * size
    var open = [0.5 * (low + high)]
    var sure = 0.0
    while true {
      let radius = half * 3.0.squareRoot() * (1 + 1e-15)
      var left: [(center: Vector3, bound: Double)] = []
      for center in open {
        let inBody = depth(center)
        if inBody < -radius - fitRounding { continue }
        let distance = tree.distance(to: center)
        if distance + radius <= sure + tolerance { continue }
        if tree.encloses(center) {
          // No surface in the ball: all of it is inside the solid.
          if distance >= radius || radius <= sure + tolerance { continue }
          left.append((center, radius))
        } else {
          if inBody >= 0 { sure = max(sure, distance) }
          left.append((center, distance + radius))
        }
      }
      left.removeAll { $0.bound <= sure + tolerance }
      if left.isEmpty { return sure + tolerance }
      if left.count * 8 > most { return left.reduce(sure + tolerance) { max($0, $1.bound) } }
      half *= 0.5
      open.removeAll(keepingCapacity: true)
      for cube in left {
        for corner in 0..<8 {
          let step = Vector3(corner & 1 == 0 ? -half : half, corner & 2 == 0 ? -half : half, corner & 4 == 0 ? -half : half)
          open.append(cube.center + step)
        }
      }
    }
  }

  func bound(_ polytope: ConvexPolytope) -> Double {
    guard var low = polytope.vertices.first else { return 0 }
    var high = low
    for p in polytope.vertices {
      low = Vector3(min(low.x, p.x), min(low.y, p.y), min(low.z, p.z))
      high = Vector3(max(high.x, p.x), max(high.y, p.y), max(high.z, p.z))
    }
    if polytope.dimension < 3 { return bound(low: low, high: high) { -polytope.distance(to: $0) } }
    return bound(low: low, high: high, depth: polytope.depth)
  }

  func bound(_ capsule: Capsule) -> Double {
    let (a, b, r) = (capsule.a, capsule.b, capsule.radius)
    let along = Along(a, b)
    return bound(
      low: Vector3(min(a.x, b.x) - r, min(a.y, b.y) - r, min(a.z, b.z) - r),
      high: Vector3(max(a.x, b.x) + r, max(a.y, b.y) + r, max(a.z, b.z) + r)
    ) { r - along.distanceSquared($0).squareRoot() }
  }
}

extension ElementSurface {
  /// How far `hull` (of this surface) reaches beyond the solid, when the solid is all but convex; infinite when it is not.
  ///
  /// Say every triangle has all vertices at most e above its plane, on one of its sides, and a ball of radius r about y
  /// lies inside the solid. Let x be a point of the hull outside the solid, and z where the way from y to x leaves the
  /// solid for good, on some triangle. That triangle's plane has the ball at most e above it, so y at least r - e below;
  /// x is on the other side, at most e above. So |xz| <= |yz| e / (r - e), and x is within that of the solid.
  func convexityGap(_ hull: ConvexPolytope, _ tree: SurfaceTree) -> Double {
    guard hull.dimension == 3 else { return .infinity }
    let middle = (1 / Double(hull.vertices.count)) * hull.vertices.reduce(.zero, +)
    guard tree.encloses(middle) else { return .infinity }
    let ball = tree.distance(to: middle)
    var most = 1e-12
    for t in triangles {
      let a = vertices[t.a]
      let normal = (vertices[t.b] - a).cross(vertices[t.c] - a)
      let length = normal.length
      guard length > 0 else { return .infinity }
      let heights = hull.vertices.map { normal.dot($0 - a) / length }
      most = max(most, min(heights.max() ?? 0, -(heights.min() ?? 0)))
      if most > 0.1 * ball { return .infinity }
    }
    let widest = hull.vertices.reduce(0) { max($0, ($1 - middle).length) }
    return widest * most / (ball - most)
  }
}
