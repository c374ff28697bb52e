/// A unit vector perpendicular to `u`, the same for the same bits; any unit vector when `u` has no length.
func perpendicular(_ u: Vector3) -> Vector3 {
  let x = abs(u.x)
  let y = abs(u.y)
  let z = abs(u.z)
  // The axis that `u` leans on least: the cross product with it has at least 0.8 of the length of `u`.
  let axis = x <= y && x <= z ? Vector3(1, 0, 0) : y <= z ? Vector3(0, 1, 0) : Vector3(0, 0, 1)
  let across = u.cross(axis)
  let length = across.length
  return length > 0 ? (1 / length) * across : Vector3(0, 0, 1)
}

/// A unit vector perpendicular to both `u` and `v`; of parallel ones, any perpendicular, the same for the same bits.
///
/// The plain cross product of two vectors at a small angle θ turns by 2^-53 / θ and leaves the perpendicular of both by
/// as much. Here the shorter is first freed of its part along the longer, so that both factors of the product are at
/// right angles: |n·u| and |n·v| are a few 2^-53 of the lengths whatever the angle.
func perpendicular(_ u: Vector3, _ v: Vector3) -> Vector3 {
  let isFirstLonger = u.lengthSquared >= v.lengthSquared
  let long = isFirstLonger ? u : v
  let short = isFirstLonger ? v : u
  let length = long.length
  guard length > 0 else { return Vector3(0, 0, 1) }
  let along = (1 / length) * long
  let across = rejected(short, from: along)
  let width = across.length
  // What is left of parallel vectors is rounding and has no direction to speak of.
  guard width > 1e-15 * short.length else { return perpendicular(along) }
  let n = along.cross((1 / width) * across)
  return (1 / n.length) * n
}

/// The part of `v` at right angles to the unit vector `along`; twice, since once leaves the rounding of the long part.
@inline(__always)
func rejected(_ v: Vector3, from along: Vector3) -> Vector3 {
  let once = v - v.dot(along) * along
  return once - once.dot(along) * along
}
