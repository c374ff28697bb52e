/// Signed distance of a capsule to a solid: exact where positive. Where the two overlap it is the capsule axis' signed
/// distance less the radius, a lower bound of the way out. Witness points lie on the two surfaces; rounding error at most
/// `distanceRounding`.
public func nearest(_ capsule: Capsule, to solid: Solid) -> Nearest {
  switch solid {
  case .box(let box):
    return inflated(nearest(segment: capsule.a, capsule.b, to: box), first: capsule.radius, second: 0)
  case .capsule(let other):
    return nearest(capsule, to: other)
  case .halfSpace(let half):
    let heightA = half.normal.dot(capsule.a) - half.offset
    let heightB = half.normal.dot(capsule.b) - half.offset
    let lowest = heightA <= heightB ? capsule.a : capsule.b
    let height = min(heightA, heightB)
    return Nearest(
      distance: height - capsule.radius, onFirst: lowest - capsule.radius * half.normal,
      onSecond: lowest - height * half.normal)
  }
}

/// Signed distance of two capsules.
public func nearest(_ a: Capsule, to b: Capsule) -> Nearest {
  inflated(nearest(a.a, a.b, b.a, b.b), first: a.radius, second: b.radius)
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
  }
}

/// From the distance of two cores to that of the bodies around them.
@inline(__always)
private func inflated(_ core: Nearest, first: Double, second: Double) -> Nearest {
  let between = core.onSecond - core.onFirst
  let length = between.length
  guard length > 0 else {
    return Nearest(distance: core.distance - first - second, onFirst: core.onFirst, onSecond: core.onSecond)
  }
  // Inside a box the way out leads from the core's point to the face, so outward is the other way round.
  let outward = (core.distance < 0 ? -1 / length : 1 / length) * between
  return Nearest(
    distance: core.distance - first - second, onFirst: core.onFirst + first * outward,
    onSecond: core.onSecond - second * outward)
}
