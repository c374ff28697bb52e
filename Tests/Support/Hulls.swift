import ODCVCore

extension Generate {
  /// A hull of `count` points in general position on a stretched sphere, with its faces when `faces` is set.
  public static func hull(
    _ count: Int, size: Double, padding: Double = 0, faces: Bool = true, _ random: inout SeededGenerator
  ) -> ConvexHull {
    let stretch = Vector3(random.uniform(0.3...1), random.uniform(0.3...1), random.uniform(0.3...1))
    let vertices = (0..<count).map { _ in
      let p = direction(&random)
      return size * Vector3(stretch.x * p.x, stretch.y * p.y, stretch.z * p.z)
    }
    return ConvexHull(
      vertices: vertices, triangles: faces ? Brute.triangles(of: vertices) : [], padding: padding, gap: 0)
  }
}

extension ConvexHull {
  /// The same hull elsewhere.
  public func placed(_ pose: Pose) -> ConvexHull {
    let moved = vertices.map { pose * $0 }
    return ConvexHull(
      vertices: moved, triangles: faces.isEmpty ? [] : Brute.triangles(of: moved), padding: padding, gap: gap)
  }
}

/// Convex geometry by trying everything: slow, short, and nothing like the code under test.
public enum Brute {
  /// All triangles of three of the points that have every point on one side.
  public static func triangles(of points: [Vector3]) -> [(Int, Int, Int)] {
    var found: [(Int, Int, Int)] = []
    forEachPlane(points) { i, j, k, normal, low, high in
      let height = normal.dot(points[i])
      if high <= height + 1e-12 || low >= height - 1e-12 { found.append((i, j, k)) }
    }
    return found
  }

  /// The signed distance of the origin to the hull of some points that are not all in one plane: positive outside.
  public static func signedDistance(toHullOf points: [Vector3]) -> Double {
    var outside = -Double.infinity
    var nearest = Double.infinity
    forEachPlane(points) { i, j, k, normal, low, high in
      let height = normal.dot(points[i])
      if high <= height + 1e-12 { outside = max(outside, -height) }
      if low >= height - 1e-12 { outside = max(outside, height) }
      nearest = min(nearest, distance(points[i], points[j], points[k]))
    }
    return outside > 0 ? nearest : outside
  }

  /// Of all differences of two bodies' points: the signed distance of their hulls.
  public static func signedDistance(_ a: [Vector3], _ b: [Vector3]) -> Double {
    signedDistance(toHullOf: a.flatMap { p in b.map { p - $0 } })
  }

  /// The corners of a box.
  public static func corners(_ box: Box) -> [Vector3] {
    (0..<8).map { corner in
      let h = box.halfExtents
      return box.pose
        * Vector3(corner & 1 == 0 ? h.x : -h.x, corner & 2 == 0 ? h.y : -h.y, corner & 4 == 0 ? h.z : -h.z)
    }
  }

  private static func forEachPlane(
    _ points: [Vector3], _ visit: (Int, Int, Int, Vector3, Double, Double) -> Void
  ) {
    for i in points.indices {
      for j in 0..<i {
        for k in 0..<j {
          let turn = (points[j] - points[i]).cross(points[k] - points[i])
          guard turn.length > 1e-9 else { continue }
          let normal = (1 / turn.length) * turn
          var low = Double.infinity
          var high = -Double.infinity
          for point in points {
            let height = normal.dot(point)
            low = min(low, height)
            high = max(high, height)
          }
          visit(i, j, k, normal, low, high)
        }
      }
    }
  }

  /// The origin's distance to a triangle.
  private static func distance(_ p: Vector3, _ q: Vector3, _ r: Vector3) -> Double {
    let turn = (q - p).cross(r - p)
    let normal = (1 / turn.length) * turn
    let foot = normal.dot(p) * normal
    let isInside = [(p, q), (q, r), (r, p)].allSatisfy { normal.dot(($0.1 - $0.0).cross(foot - $0.0)) >= 0 }
    if isInside { return foot.length }
    return [(p, q), (q, r), (r, p)].map { a, b in
      let t = min(max(-a.dot(b - a) / (b - a).lengthSquared, 0), 1)
      return (a + t * (b - a)).length
    }.min()!
  }
}
