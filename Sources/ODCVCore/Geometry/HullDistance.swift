/// The distance of two cores, bounded from both sides, in the frame of the first.
struct CoreBracket {
  /// The plane distance across `normal`.
  var lower: Double
  /// The distance of two points of the cores; 0 or less where they overlap.
  var upper: Double
  var normal: Vector3
  /// Its nearest point is the difference of the two points.
  var simplex: Simplex

  /// Takes the plane distance across a normal in.
  @inline(__always)
  mutating func raise(_ distance: Double, _ normal: Vector3) {
    if distance > lower {
      lower = distance
      self.normal = normal
    }
  }
}

/// m: GJK ends when its two bounds are this near to each other, a search when it gains no more.
let convergence = 1e-10

/// GJK takes fewer than 20 iterations on bodies of 400 vertices; more says that rounding lets it turn in a circle.
private let mostIterations = 64

/// Distance of a hull's vertices to another core (Gilbert, Johnson and Keerthi 1988).
///
/// Over the difference C of the two, the point of C nearest to the origin is approached by simplices. With v the nearest
/// point of the present one and n its direction, the least n·c over C, found by going through the vertices, bounds the
/// distance from below, and |v| from above. The point c where it is least joins the simplex, whose nearest point then
/// moves towards the origin. It ends when the bounds meet, `lower` reaches `enough`, the cores touch, rounding lets v come
/// no nearer, or the budget is spent. Every end is sound; one unit of work is one pass over the vertices.
func coreBracket(
  _ first: UnsafeBufferPointer<Vector3>, _ second: Core, from start: Vector3, enough: Double, budget: inout Int
) -> CoreBracket {
  guard budget > 0 else {
    let simplex = Simplex(first[0], second.farthest(along: start))
    return CoreBracket(lower: -.infinity, upper: simplex.nearest.length, normal: start, simplex: simplex)
  }
  budget -= 1
  let a = extreme(of: first, along: start)
  let b = second.farthest(along: start)
  var found = CoreBracket(lower: start.dot(a - b), upper: 0, normal: start, simplex: Simplex(a, b))
  found.upper = found.simplex.nearest.length
  for _ in 0..<mostIterations {
    guard found.upper > touching, found.lower < enough, budget > 0 else { break }
    budget -= 1
    let n = (1 / found.upper) * found.simplex.nearest
    let a = extreme(of: first, along: n)
    let b = second.farthest(along: n)
    let distance = n.dot(a - b)
    found.raise(distance, n)
    // By this normal's own distance, so that the points of the simplex and the normal belong together.
    if found.upper - distance <= convergence {
      found.normal = n
      found.lower = distance
      break
    }
    guard !found.simplex.contains(a - b) else { break }
    var next = found.simplex
    next.add(a, b)
    let length = next.nearest.length
    guard length < found.upper else { break }
    found.simplex = next
    found.upper = length
  }
  found.lower = min(found.lower, found.upper)
  return found
}

/// Signed distance of a segment to the vertices of a hull, padding left out, both in one frame.
func nearest(segment a: Vector3, _ b: Vector3, to hull: ConvexHull) -> Nearest {
  hull.withView { hull in
    let vertices = hull.vertices
    let segment = Box(segment: a, b)
    // The hull comes first here, so its normal points from the segment to it.
    let way = vertices[0] - segment.pose.translation
    let start = way.length > 0 ? (1 / way.length) * way : Vector3(0, 0, 1)
    var budget = Int.max
    var found = coreBracket(vertices, .box(segment), from: start, enough: .infinity, budget: &budget)
    if found.upper > closeRange {
      return Nearest(
        distance: found.lower, onFirst: found.simplex.onSecond, onSecond: found.simplex.onFirst, normal: -found.normal)
    }
    raise(&found, hull, segment, budget: &budget)
    if found.upper > touching {
      return Nearest(
        distance: found.lower, onFirst: found.simplex.onSecond, onSecond: found.simplex.onFirst, normal: -found.normal)
    }
    // Moved out along the normal the two touch, and touch where the witness points are.
    let out = found.lower * found.normal
    let moved = Box(
      pose: Pose(rotation: segment.pose.rotation, translation: segment.pose.translation + out),
      halfExtents: segment.halfExtents)
    let contact = coreBracket(vertices, .box(moved), from: found.normal, enough: .infinity, budget: &budget)
    return Nearest(
      distance: found.lower, onFirst: contact.simplex.onSecond - out, onSecond: contact.simplex.onFirst,
      normal: -found.normal)
  }
}
