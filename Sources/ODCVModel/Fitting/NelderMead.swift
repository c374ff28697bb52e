import ODCVCore

/// Downhill simplex for the six coordinates of a segment's ends (Nelder and Mead 1965, with the usual coefficients).
/// Deterministic; stops after `evaluations`, or when the simplex is smaller than `least`.
func minimised(
  _ start: SIMD8<Double>, step: Double, evaluations: Int, least: Double = 2e-6,
  _ cost: (SIMD8<Double>) -> Double
) -> (point: SIMD8<Double>, cost: Double) {
  let size = 6
  var corners: [(point: SIMD8<Double>, cost: Double)] = [(start, cost(start))]
  for axis in 0..<size {
    var point = start
    point[axis] += axis.isMultiple(of: 2) ? step : -step
    corners.append((point, cost(point)))
  }
  var used = size + 1
  while used < evaluations {
    corners.sort { $0.cost < $1.cost }
    let spread = corners[size].point - corners[0].point
    if (spread * spread).sum() < least * least { break }
    var middle = SIMD8<Double>(repeating: 0)
    for corner in corners[..<size] { middle += corner.point }
    middle /= Double(size)
    let away = middle - corners[size].point
    func tried(_ factor: Double) -> (point: SIMD8<Double>, cost: Double) {
      let point = middle + factor * away
      return (point, cost(point))
    }
    let reflected = tried(1)
    used += 1
    if reflected.cost < corners[0].cost {
      let expanded = tried(2)
      used += 1
      corners[size] = expanded.cost < reflected.cost ? expanded : reflected
    } else if reflected.cost < corners[size - 1].cost {
      corners[size] = reflected
    } else {
      let contracted = reflected.cost < corners[size].cost ? tried(0.5) : tried(-0.5)
      used += 1
      if contracted.cost < min(reflected.cost, corners[size].cost) {
        corners[size] = contracted
      } else {
        for i in 1...size {
          corners[i].point = 0.5 * (corners[i].point + corners[0].point)
          corners[i].cost = cost(corners[i].point)
        }
        used += size
      }
    }
  }
  corners.sort { $0.cost < $1.cost }
  return corners[0]
}
