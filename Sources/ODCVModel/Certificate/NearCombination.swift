import ODCVCore

/// A vertex and its share in a convex combination.
struct Weighted {
  var vertex: Int
  var weight: Double
}

/// Searches the convex combination of at most four `vertices` that is nearest to `p`; ends early once it is nearer than `enough`.
///
/// The simplex method of Gilbert, Johnson and Keerthi (1988) for a point. Whoever uses the result evaluates it: nothing
/// hangs on the search being right.
func nearCombination(of vertices: [Vector3], to p: Vector3, within enough: Double) -> [Weighted] {
  guard let start = vertices.indices.min(by: { (vertices[$0] - p).lengthSquared < (vertices[$1] - p).lengthSquared }) else {
    return []
  }
  var best = [Weighted(vertex: start, weight: 1)]
  var way = p - vertices[start]
  for _ in 0..<64 {
    let distance = way.length
    if distance <= enough { break }
    var next = 0
    for i in vertices.indices where way.dot(vertices[i]) > way.dot(vertices[next]) { next = i }
    if best.contains(where: { $0.vertex == next }) { break }
    let candidates = best.map(\.vertex) + [next]
    var found: (combination: [Weighted], way: Vector3)?
    for subset in 1..<(1 << candidates.count) {
      let chosen = candidates.indices.filter { subset >> $0 & 1 == 1 }.map { candidates[$0] }
      guard chosen.count <= 4, let weights = affineWeights(chosen.map { vertices[$0] }, p) else { continue }
      var nearest = Vector3.zero
      for (vertex, weight) in zip(chosen, weights) { nearest = nearest + weight * vertices[vertex] }
      if let found, (p - nearest).lengthSquared >= found.way.lengthSquared { continue }
      found = (zip(chosen, weights).map { Weighted(vertex: $0, weight: $1) }, p - nearest)
    }
    guard let found, found.way.lengthSquared < way.lengthSquared else { break }
    best = found.combination
    way = found.way
  }
  return best
}

/// Weights, of sum 1, of the point nearest to `p` in the plane, line or space through `corners`; `nil` when one is
/// negative or the corners are dependent.
private func affineWeights(_ corners: [Vector3], _ p: Vector3) -> [Double]? {
  let size = corners.count - 1
  if size == 0 { return [1] }
  let sides = corners.dropFirst().map { $0 - corners[0] }
  var rows = sides.map { side in sides.map { side.dot($0) } + [side.dot(p - corners[0])] }
  for pivot in 0..<size {
    guard let row = (pivot..<size).max(by: { abs(rows[$0][pivot]) < abs(rows[$1][pivot]) }) else { return nil }
    rows.swapAt(pivot, row)
    guard abs(rows[pivot][pivot]) > 1e-18 else { return nil }
    for other in 0..<size where other != pivot {
      let factor = rows[other][pivot] / rows[pivot][pivot]
      for column in pivot...size { rows[other][column] -= factor * rows[pivot][column] }
    }
  }
  let rest = (0..<size).map { rows[$0][size] / rows[$0][$0] }
  let first = rest.reduce(1, -)
  guard first >= 0, rest.allSatisfy({ $0 >= 0 }) else { return nil }
  return [first] + rest
}
