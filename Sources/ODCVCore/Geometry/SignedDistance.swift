/// # Signed distance
///
/// Every distance of this folder is one and the same quantity. For convex sets A and B,
///
///     d(A, B) = max over unit n of [ min over a in A of n·a  -  max over b in B of n·b ].
///
/// Apart, d is the Euclidean distance, and the best n points from B's nearest point to A's. Overlapping, d is minus the
/// length of the least translation that separates them, and moving A by |d| along the best n does it. In both, with C
/// the set of all a - b, d is the distance of the origin to the surface of C, negative inside, and the two witness
/// points satisfy a - b = d n.
///
/// ## Bounds
/// *From below* (weak duality): d is a maximum over n, so any unit n gives a lower bound: the gap between the two planes
/// that it supports the sets with. *From above*: any a of A and b of B give |a - b| >= d. In an overlap any point x of A
/// gives d(A, B) <= d({x}, B) too (the least over A of a maximum is not below the maximum of the least). So no iteration
/// has to be trusted: what it proposes, a normal or a pair of points, is put into one of these and rounding is added.
///
/// ## Size
/// - Widening A by r and B by s (Minkowski sum with a ball) subtracts r + s from the bracket for every n, hence exactly
///   r + s from d. Capsules and padded hulls are therefore *cores* (segments, boxes, hulls of points) and a radius.
/// - If every point moves by at most e then d changes by at most e.
/// - For B a union of convex parts, the least of the parts' d is d where that is positive. Where it is negative it only
///   says that a part overlaps: leaving all parts together may take a longer way.
/// - Let A hold a true shape S that may not be convex, every point of A within g of S. Then d(A, B) + g bounds the
///   distance of S only while the sets are apart. In an overlap, S may have its hole where B is: what is sure then is
///   d({x}, B) + g for a point x of A, since some point of S is within g of x.
///
/// ## Where it is exact
/// - Capsule or sphere to half-space: the lower end decides.
/// - Capsule to capsule: `nearest(_:_:_:_:)` for the cores. Crossing cores have d = 0 and any common perpendicular for n.
/// - Capsule to box: `nearest(segment:_:to:)`. Apart by the convex piecewise quadratic, overlapping by the normals of a
///   zonotope's faces.
/// - Capsule to hull: GJK on the cores where they are apart; the normals of the difference's faces where they overlap,
///   when the hull knows its faces. Without them it is a lower bound then.
/// - Hull to anything: `DistanceBracket`, two bounds.

/// Bounds the rounding error of every distance in this folder, in m, for coordinates up to `Vector3.reach` = 100 m.
///
/// With u = 2^-53: a point is at most 174 m from the origin and 347 m from another one, so that a vector between two
/// points is known to 347 m · u = 4e-14 m for each operation on it. The terms:
/// - *Poses.* A rotation is a product of at most 64 joint rotations. Each product of two matrices errs by at most 3 u an
///   entry and each sine or cosine by 2e-16, so that a link turns rigidly but for 1e-14, 64 links but for 6.4e-13.
///   Taking points to a frame and back with a matrix that is orthonormal to 1e-12 errs by at most 347 m · 1e-12 =
///   3.5e-10 m. This is the largest term, and it is there only for arms of 64 links that are 100 m away.
/// - *Planes.* A supporting plane takes a dot product, at most 4 u · 174 m for each of two bodies, and a normal whose length
///   is 1 but for 4 u, which scales the result by as much: 4 · 2 · 2 · 174 m · u = 3.1e-13 m.
/// - *Pairs of points.* A convex combination of at most four points with weights that sum to 1 but for 4 u, and the root of
///   three squares: 12 u · 347 m = 4.7e-13 m.
/// - *Minimisers in closed form.* The value at any parameter is a distance of two points that exist, so it is never too
///   small. Too large it is by no more than its coordinates are wrong: a parameter t is accepted as the place where the
///   residual r(t) is at right angles to the segment. Computed, this holds for a vector r + e with |e| at most the
///   error of the coordinates of r, about 8 u · 347 m. Then the plane across r + e, which supports both sets where r + e
///   is exact, is at (r + e)·r / |r + e| >= |r| - 2 |e|: the distance is right to 2 · 8 · 347 m · u = 6.2e-13 m. The
///   same holds for two segments, since the stationary point is found from the part of one at right angles to the other,
///   and for near-parallel ones the *place* of the nearest points is uncertain, not their distance.
/// - *Normals of faces.* A common perpendicular of two directions is so to 4 u (`perpendicular`), so that the supporting
///   plane leaves an edge of length L by 4 u L, at most 1.6e-13 m. Cores within `touching` of each other take the value
///   from either side, which differ by at most 1e-11 m.
///
/// Together below 3.8e-10 m. The constant is more than twice that.
public let distanceRounding = 1e-9

/// Signed distance of a capsule to a solid, with witness points and normal; the exact value but for `distanceRounding`.
///
/// Of a hull that does not know its faces the value is a lower bound where the capsule's axis enters it.
public func nearest(_ capsule: Capsule, to solid: Solid) -> Nearest {
  switch solid {
  case .box(let box):
    return widened(nearest(segment: capsule.a, capsule.b, to: box), first: capsule.radius, second: 0)
  case .capsule(let other):
    return nearest(capsule, to: other)
  case .halfSpace(let half):
    let heightA = half.normal.dot(capsule.a) - half.offset
    let heightB = half.normal.dot(capsule.b) - half.offset
    let lowest = heightA <= heightB ? capsule.a : capsule.b
    let height = min(heightA, heightB)
    return Nearest(
      distance: height - capsule.radius, onFirst: lowest - capsule.radius * half.normal,
      onSecond: lowest - height * half.normal, normal: half.normal)
  case .hull(let hull):
    return widened(nearest(segment: capsule.a, capsule.b, to: hull), first: capsule.radius, second: hull.padding)
  }
}

/// Signed distance of two capsules.
public func nearest(_ a: Capsule, to b: Capsule) -> Nearest {
  widened(nearest(a.a, a.b, b.a, b.b), first: a.radius, second: b.radius)
}

/// A cheap lower bound of the distance of a capsule to a solid, for leaving far pairs out.
@inline(__always)
func farBound(_ capsule: Capsule, to solid: Solid) -> Double {
  let middle = 0.5 * (capsule.a + capsule.b)
  let reach = 0.5 * (capsule.b - capsule.a).length + capsule.radius
  switch solid {
  case .box(let box):
    let p = box.pose.inverse(middle)
    let h = box.halfExtents
    let dx = max(abs(p.x) - h.x, 0)
    let dy = max(abs(p.y) - h.y, 0)
    let dz = max(abs(p.z) - h.z, 0)
    return (dx * dx + dy * dy + dz * dz).squareRoot() - reach
  case .capsule(let other):
    let t = nearestParameter(middle, other.a, other.b)
    return (middle - (other.a + t * (other.b - other.a))).length - reach - other.radius
  case .halfSpace(let half):
    return half.normal.dot(middle) - half.offset - reach
  case .hull(let hull):
    // The plane across the way to the hull's first vertex: a bound, like any other, and enough for far ones.
    let way = middle - hull.vertices[0]
    let length = way.length
    guard length > 0 else { return -.infinity }
    let n = (1 / length) * way
    return n.dot(middle) - reach - supportPlane(of: solid, along: n)
  }
}

/// From the distance of two cores to that of the bodies around them.
@inline(__always)
func widened(_ core: Nearest, first: Double, second: Double) -> Nearest {
  Nearest(
    distance: core.distance - first - second, onFirst: core.onFirst - first * core.normal,
    onSecond: core.onSecond + second * core.normal, normal: core.normal)
}
