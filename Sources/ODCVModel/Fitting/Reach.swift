import ODCVCore

/// How far a body reaches beyond a solid: the largest distance from a point of the body to the solid, bounded above.
///
/// The distance to a set grows by at most the way gone, so in a ball of radius r about c it is at most its value at c
/// plus r. Cubes that meet the body are split until what that bound leaves open is under `tolerance` (or 5 % of the value), or
/// until there are `most` cubes: then the bound is wider, and still one.
struct Reach {
  let tree: SurfaceTree
  var tolerance = 2.5e-4
  var most = 20_000

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
      let slack = max(tolerance, 0.05 * sure)
      let radius = half * 3.0.squareRoot() * (1 + 1e-15)
      var left: [(center: Vector3, bound: Double)] = []
      for center in open {
        let inBody = depth(center)
        if inBody < -radius - fitRounding { continue }
        let distance = tree.distance(to: center)
        if distance + radius <= sure + slack { continue }
        if tree.encloses(center) {
          // No surface in the ball: all of it is inside the solid.
          if distance >= radius || radius <= sure + slack { continue }
          left.append((center, radius))
        } else {
          if inBody >= 0 { sure = max(sure, distance) }
          left.append((center, distance + radius))
        }
      }
      left.removeAll { $0.bound <= sure + slack }
      if left.isEmpty { return sure + slack }
      if left.count * 8 > most { return left.reduce(sure + slack) { max($0, $1.bound) } }
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
  /// How far `body`, made of points of this surface, reaches beyond the solid, bounded along rays: tight where the solid is
  /// nearly convex, wide or infinite elsewhere.
  ///
  /// Let y be a point of the solid inside the body, x a point of the body outside the solid, and z where the way from y to x
  /// leaves the solid for good, on a triangle T. The body ends, along that ray, before it crosses any face plane
  /// n·p = o: so |xz| <= |yz| ((o - n·y) / n·(z - y) - 1), which over T is largest at a corner for each factor. Any face
  /// will do, so the best one counts; the gap is the largest over the triangles.
  func rayGap(_ body: ConvexPolytope, _ tree: SurfaceTree) -> Double {
    guard body.dimension == 3 else { return .infinity }
    let y = (1 / Double(body.vertices.count)) * body.vertices.reduce(.zero, +)
    guard tree.encloses(y), body.depth(of: y) > 1e-6 else { return .infinity }
    var gap = 0.0
    for t in triangles {
      let corners = [vertices[t.a] - y, vertices[t.b] - y, vertices[t.c] - y]
      let far = corners.reduce(0) { max($0, $1.length) }
      var least = Double.infinity
      for face in body.faces {
        let height = face.offset - face.normal.dot(y)
        let nearest = corners.reduce(Double.infinity) { min($0, face.normal.dot($1)) }
        if nearest > 0 { least = min(least, far * max(height / nearest - 1, 0)) }
        if least <= gap { break }
      }
      gap = max(gap, least)
      if gap == .infinity { break }
    }
    return gap
  }
}
