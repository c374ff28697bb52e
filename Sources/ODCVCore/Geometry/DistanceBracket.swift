/// Bounds of the signed distance of a posed hull, padding included, to another body; rounding is in them. Metres.
public struct DistanceBracket: Equatable, Sendable {
  /// The distance of the supporting planes across `normal`: a lower bound by weak duality.
  public var lower: Double
  /// From two points of the bodies: their distance, or where the bodies overlap minus a depth that is certain.
  public var upper: Double
  /// Unit vector, from the other body to the hull.
  public var normal: Vector3
  /// A point of each body. Apart, their distance is `upper`; where the cores overlap they are one point of both.
  public var onFirst: Vector3
  public var onSecond: Vector3

  public init(lower: Double, upper: Double, normal: Vector3, onFirst: Vector3, onSecond: Vector3) {
    self.lower = lower
    self.upper = upper
    self.normal = normal
    self.onFirst = onFirst
    self.onSecond = onSecond
  }
}

/// Bounds of the signed distance of a posed hull to a solid.
///
/// - `start`: a guess of the normal, from the solid to the hull, for instance that of the capsules around them; any length.
/// - `enough`: ends as soon as the lower bound has reached this, m.
/// - `budget`: counted work, one unit a pass over the hull's vertices. When it is spent the bracket is wider, and sound.
public func bracket(
  _ hull: ConvexHull, at pose: Pose, to solid: Solid, from start: Vector3, enough: Double = .infinity,
  budget: inout Int
) -> DistanceBracket {
  hull.withView { bracket($0, at: pose, to: solid, from: start, enough: enough, budget: &budget) }
}

/// Bounds of the signed distance of two posed hulls; as for a solid.
public func bracket(
  _ first: ConvexHull, at pose: Pose, to second: ConvexHull, at other: Pose, from start: Vector3,
  enough: Double = .infinity, budget: inout Int
) -> DistanceBracket {
  first.withView { first in
    second.withView { bracket(first, at: pose, to: $0, at: other, from: start, enough: enough, budget: &budget) }
  }
}

/// The same of a borrowed hull.
public func bracket(
  _ hull: HullView, at pose: Pose, to solid: Solid, from start: Vector3, enough: Double = .infinity,
  budget: inout Int
) -> DistanceBracket {
  switch solid {
  case .box(let box):
    return bracket(hull, pose, box.seen(from: pose), radius: 0, start, enough, &budget)
  case .capsule(let capsule):
    let segment = Box(segment: pose.inverse(capsule.a), pose.inverse(capsule.b))
    return bracket(hull, pose, segment, radius: capsule.radius, start, enough, &budget)
  case .halfSpace(let half):
    budget -= 1
    let lowest = pose * extreme(of: hull.vertices, along: pose.rotation.transposed(half.normal))
    let height = half.normal.dot(lowest) - half.offset
    return DistanceBracket(
      lower: height - hull.padding - distanceRounding, upper: height - hull.padding + distanceRounding,
      normal: half.normal, onFirst: lowest - hull.padding * half.normal, onSecond: lowest - height * half.normal)
  case .hull(let other):
    return other.withView {
      bracket(hull, at: pose, to: $0, at: .identity, from: start, enough: enough, budget: &budget)
    }
  }
}

/// The same of two borrowed hulls.
public func bracket(
  _ first: HullView, at pose: Pose, to second: HullView, at other: Pose, from start: Vector3,
  enough: Double = .infinity, budget: inout Int
) -> DistanceBracket {
  let seen = Pose(
    rotation: Rotation(
      x: pose.rotation.transposed(other.rotation.x), y: pose.rotation.transposed(other.rotation.y),
      z: pose.rotation.transposed(other.rotation.z)),
    translation: pose.inverse(other.translation))
  let core = Core.vertices(second.vertices, seen)
  let radii = first.padding + second.padding
  var found = coreBracket(
    first.vertices, core, from: unit(pose.rotation.transposed(start)), enough: enough + radii + distanceRounding,
    budget: &budget)
  if found.upper <= touching { raiseBySearch(&found, first.vertices, core, budget: &budget) }
  return placed(found, pose, first.padding, second.padding)
}

/// The core of a solid is a box in the hull's frame.
private func bracket(
  _ hull: HullView, _ pose: Pose, _ box: Box, radius: Double, _ start: Vector3, _ enough: Double,
  _ budget: inout Int
) -> DistanceBracket {
  let radii = hull.padding + radius
  var found = coreBracket(
    hull.vertices, .box(box), from: unit(pose.rotation.transposed(start)), enough: enough + radii + distanceRounding,
    budget: &budget)
  if found.upper <= touching {
    raise(&found, hull, box, budget: &budget)
    // The common point's own depth in the box.
    let p = box.pose.inverse(found.simplex.onFirst)
    let h = box.halfExtents
    found.upper = min(found.upper, max(abs(p.x) - h.x, max(abs(p.y) - h.y, abs(p.z) - h.z)) + touching)
  }
  return placed(found, pose, hull.padding, radius)
}

/// A unit vector along `start`; any, when it has no direction.
@inline(__always)
private func unit(_ start: Vector3) -> Vector3 {
  let length = start.length
  return length > 0 && length.isFinite ? (1 / length) * start : Vector3(0, 0, 1)
}

/// From the cores in the first one's frame to the bodies in the base frame.
private func placed(_ found: CoreBracket, _ pose: Pose, _ first: Double, _ second: Double) -> DistanceBracket {
  let radii = first + second
  let between = found.simplex.nearest
  let length = between.length
  // Of cores that touch the two points are not moved: each is a point of its body as it is.
  let outward = length > touching ? pose.rotation * ((1 / length) * between) : .zero
  return DistanceBracket(
    lower: found.lower - radii - distanceRounding, upper: found.upper - radii + distanceRounding,
    normal: pose.rotation * found.normal, onFirst: pose * found.simplex.onFirst - first * outward,
    onSecond: pose * found.simplex.onSecond + second * outward)
}
