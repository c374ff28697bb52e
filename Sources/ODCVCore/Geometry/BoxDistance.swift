/// Signed distance of a segment to a solid box, with witness points: negative when the segment enters the box, and then
/// minus the least translation that takes it out.
///
/// Outside: the squared distance along the segment is convex and piecewise quadratic, its derivative piecewise linear
/// with breaks where a coordinate crosses a face. The minimiser lies between the two breaks at which the derivative
/// changes sign, where it is found by one linear interpolation.
///
/// Inside: the difference of a segment and a box is a zonotope, the sum of four line segments. Each of its faces is
/// spanned by two of them, so that its normal is an axis of the box or perpendicular to an axis and to the segment: six
/// normals with both signs, and the greatest of their supporting-plane distances is the signed distance.
public func nearest(segment a: Vector3, _ b: Vector3, to box: Box) -> Nearest {
  let p = box.pose.inverse(a)
  let d = box.pose.inverse(b) - p
  let h = box.halfExtents
  let point = p + minimiserOutside(p, d, h) * d
  let onBox = clamp(point, h)
  let gap = (point - onBox).length
  guard gap < closeRange else {
    return placed(gap, (1 / gap) * (point - onBox), point, onBox, box)
  }
  let (depth, face) = deepestPlane(p, d, h)
  guard gap < touching else {
    let own = (1 / gap) * (point - onBox)
    return placed(gap, planeDistance(own, p, d, h) >= depth ? own : face, point, onBox, box)
  }
  // Moved out along the normal the segment touches the box, and touches it where the witness points are.
  let out = p - depth * face
  let inside = p + minimiserOutside(out, d, h) * d
  return placed(depth, face, inside, clamp(inside - depth * face, h), box)
}

@inline(__always)
private func placed(_ distance: Double, _ normal: Vector3, _ a: Vector3, _ b: Vector3, _ box: Box) -> Nearest {
  Nearest(
    distance: distance, onFirst: box.pose * a, onSecond: box.pose * b, normal: box.pose.rotation * normal)
}

@inline(__always)
private func clamp(_ p: Vector3, _ h: Vector3) -> Vector3 {
  Vector3(min(max(p.x, -h.x), h.x), min(max(p.y, -h.y), h.y), min(max(p.z, -h.z), h.z))
}

/// Half the derivative of the squared distance to the box along p + t d.
@inline(__always)
private func slope(_ t: Double, _ p: Vector3, _ d: Vector3, _ h: Vector3) -> Double {
  let at = p + t * d
  return (at - clamp(at, h)).dot(d)
}

private func minimiserOutside(_ p: Vector3, _ d: Vector3, _ h: Vector3) -> Double {
  var low = 0.0
  var lowSlope = slope(0, p, d, h)
  guard lowSlope < 0 else { return 0 }
  var high = 1.0
  var highSlope = slope(1, p, d, h)
  guard highSlope > 0 else { return 1 }
  // Tighten the bracket with every break inside it; the order of the breaks does not matter.
  for axis in 0..<3 where d[axis] != 0 {
    for face in 0..<2 {
      let side = face == 0 ? -1.0 : 1.0
      let t = (side * h[axis] - p[axis]) / d[axis]
      guard t > low, t < high else { continue }
      let s = slope(t, p, d, h)
      if s < 0 {
        low = t
        lowSlope = s
      } else {
        high = t
        highSlope = s
      }
    }
  }
  guard highSlope > lowSlope else { return high }
  return low + (high - low) * (-lowSlope / (highSlope - lowSlope))
}

/// The distance between the supporting planes of the segment and of the box across the unit vector `n`.
@inline(__always)
private func planeDistance(_ n: Vector3, _ p: Vector3, _ d: Vector3, _ h: Vector3) -> Double {
  n.dot(p) + min(n.dot(d), 0) - (abs(n.x) * h.x + abs(n.y) * h.y + abs(n.z) * h.z)
}

/// The greatest plane distance over the normals of the zonotope's faces, and that normal.
private func deepestPlane(_ p: Vector3, _ d: Vector3, _ h: Vector3) -> (Double, Vector3) {
  let middle = p + 0.5 * d
  var best = -Double.infinity
  var normal = Vector3(0, 0, 1)
  for candidate in 0..<6 {
    let axis = Vector3(candidate % 3 == 0 ? 1 : 0, candidate % 3 == 1 ? 1 : 0, candidate % 3 == 2 ? 1 : 0)
    let across = candidate < 3 ? axis : perpendicular(axis, d)
    let n = across.dot(middle) < 0 ? -across : across
    let distance = planeDistance(n, p, d, h)
    if distance > best {
      best = distance
      normal = n
    }
  }
  return (best, normal)
}
