/// Supporting planes: how far a body reaches along a unit vector, in m. Two of them give a lower bound of a distance.

/// The least n·x over the points x of a posed hull, padding included: the height of its supporting plane from below.
public func supportPlane(of hull: ConvexHull, at pose: Pose, along normal: Vector3) -> Double {
  hull.withView { supportPlane(of: $0, at: pose, along: normal) }
}

/// The same of a borrowed hull.
public func supportPlane(of hull: HullView, at pose: Pose, along normal: Vector3) -> Double {
  let inside = pose.rotation.transposed(normal)
  let lowest = extreme(of: hull.vertices, along: inside)
  return inside.dot(lowest) + normal.dot(pose.translation) - hull.padding
}

/// The greatest n·x over the points x of a solid: the height of its supporting plane from above. Infinite for a
/// half-space along any other direction than its normal, to the bit.
public func supportPlane(of solid: Solid, along normal: Vector3) -> Double {
  switch solid {
  case .box(let box):
    let n = box.pose.rotation.transposed(normal)
    let h = box.halfExtents
    return normal.dot(box.pose.translation) + abs(n.x) * h.x + abs(n.y) * h.y + abs(n.z) * h.z
  case .capsule(let capsule):
    return max(normal.dot(capsule.a), normal.dot(capsule.b)) + capsule.radius
  case .halfSpace(let half):
    return normal == half.normal ? half.offset : .infinity
  case .hull(let hull):
    var greatest = -Double.infinity
    for vertex in hull.vertices { greatest = max(greatest, normal.dot(vertex)) }
    return greatest + hull.padding
  }
}
