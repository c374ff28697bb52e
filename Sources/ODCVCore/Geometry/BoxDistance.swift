/// Signed distance of a segment to a solid box, with witness points: negative when the segment enters the box, and then
/// the least way by which the segment would have to move along a face normal at its deepest point.
///
/// Outside: the squared distance along the segment is convex and piecewise quadratic, its derivative piecewise linear
/// with breaks where a coordinate crosses a face. The minimiser lies between the two breaks at which the derivative
/// changes sign, where it is found by one linear interpolation. Inside: the signed distance max_i(|p_i| - h_i) is convex
/// and piecewise linear along the segment; its minimum is at an end or where two of the six face lines cross.
public func nearest(segment a: Vector3, _ b: Vector3, to box: Box) -> Nearest {
  let p = box.pose.inverse(a)
  let q = box.pose.inverse(b)
  let t = minimiserOutside(p, q - p, box.halfExtents)
  let point = p + t * (q - p)
  let onBox = clamp(point, box.halfExtents)
  let gap = (point - onBox).length
  if gap > 0 {
    return Nearest(distance: gap, onFirst: box.pose * point, onSecond: box.pose * onBox)
  }
  let deepest = minimiserInside(p, q - p, box.halfExtents)
  let inside = p + deepest * (q - p)
  let (depth, onFace) = nearestFace(inside, box.halfExtents)
  return Nearest(distance: depth, onFirst: box.pose * inside, onSecond: box.pose * onFace)
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

private func minimiserInside(_ p: Vector3, _ d: Vector3, _ h: Vector3) -> Double {
  @inline(__always) func value(_ t: Double) -> Double {
    let at = p + t * d
    return max(abs(at.x) - h.x, max(abs(at.y) - h.y, abs(at.z) - h.z))
  }
  var best = 0.0
  var bestValue = value(0)
  @inline(__always) func consider(_ t: Double) {
    guard t > 0, t <= 1 else { return }
    let v = value(t)
    if v < bestValue {
      bestValue = v
      best = t
    }
  }
  consider(1)
  // Lines s·(p_i + t d_i) - h_i; where two of them cross.
  for first in 0..<6 {
    let i = first >> 1
    let si = first & 1 == 0 ? 1.0 : -1.0
    for second in stride(from: first + 1, to: 6, by: 1) {
      let j = second >> 1
      let sj = second & 1 == 0 ? 1.0 : -1.0
      let rise = si * d[i] - sj * d[j]
      guard rise != 0 else { continue }
      consider(((sj * p[j] - h[j]) - (si * p[i] - h[i])) / rise)
    }
  }
  return best
}

/// Depth (negative) of an inside point and its nearest point of the surface.
private func nearestFace(_ p: Vector3, _ h: Vector3) -> (Double, Vector3) {
  let dx = abs(p.x) - h.x
  let dy = abs(p.y) - h.y
  let dz = abs(p.z) - h.z
  if dx >= dy, dx >= dz { return (dx, Vector3(p.x < 0 ? -h.x : h.x, p.y, p.z)) }
  if dy >= dz { return (dy, Vector3(p.x, p.y < 0 ? -h.y : h.y, p.z)) }
  return (dz, Vector3(p.x, p.y, p.z < 0 ? -h.z : h.z))
}
