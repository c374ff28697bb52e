import ODCVCore

/// Whole micrometres: the double nearest to a number of six decimals, so that printing and reading it changes nothing.
func rounded(_ value: Double) -> Double {
  let micro = (value / FitOptions.resolution).rounded()
  return micro == 0 ? 0 : micro / 1e6
}

func rounded(_ v: Vector3) -> Vector3 { Vector3(rounded(v.x), rounded(v.y), rounded(v.z)) }

/// The least whole micrometres that are not below `value`.
func roundedUp(_ value: Double) -> Double {
  let micro = (value * 1e6).rounded(.up)
  // The product may have rounded down on to a whole number.
  return micro / 1e6 >= value ? micro / 1e6 : (micro + 1) / 1e6
}

/// Room for what the fit's own arithmetic leaves open, m: the lattice moves a point by at most 2 nm at 1 m of extent, the
/// clipper's margin is 1 nm, and a distance of coordinates below 100 m is right to 1e-13 m.
let fitRounding = 5e-9

extension ConvexPolytope {
  /// A hull of few vertices on whole micrometres that, once padded, holds this one.
  ///
  /// Vertices are added farthest first until the rest lie within `tolerance`; from `many` vertices on, within four times that.
  /// The padding is what the vertices left out and the rounding need, rounded up; `gap` is left 0.
  func written(tolerance: Double, many: Int) -> ConvexHull {
    var chosen: [Int] = []
    for x in -1...1 {
      for y in -1...1 {
        for z in -1...1 where (x, y, z) != (0, 0, 0) {
          let n = Vector3(Double(x), Double(y), Double(z))
          let far = vertices.indices.max { n.dot(vertices[$0]) < n.dot(vertices[$1]) }
          if let far, !chosen.contains(far) { chosen.append(far) }
        }
      }
    }
    let extent = vertices.reduce(0) { max($0, ($1 - vertices[0]).length) }
    var left = vertices.indices.filter { !chosen.contains($0) }
    while !left.isEmpty {
      let core = ConvexPolytope(chosen.map { vertices[$0] })
      // No file holds more than `mostVertices`; what is left then the padding pays for.
      guard chosen.count + 8 <= FitOptions.mostVertices else { break }
      let enough = chosen.count < many ? tolerance : 4 * tolerance
      let distances = left.map { core.distance(to: vertices[$0]) }
      let order = left.indices.filter { distances[$0] > enough }.sorted { distances[$0] > distances[$1] }
      guard let worst = order.first else { break }
      // Several a round, each far from the others: one's arrival hardly changes the distance of the next.
      var added: [Int] = []
      for i in order where distances[i] > 0.5 * distances[worst] && added.count < 8 {
        let p = vertices[left[i]]
        if added.allSatisfy({ (vertices[$0] - p).length > 0.1 * extent }) { added.append(left[i]) }
      }
      chosen += added
      left.removeAll(where: added.contains)
    }
    let kept = ConvexPolytope(chosen.sorted().map { rounded(vertices[$0]) })
    let reach = vertices.reduce(0) { max($0, kept.distance(to: $1)) }
    return ConvexHull(vertices: kept.vertices, padding: roundedUp(reach + fitRounding), gap: 0)
  }
}

/// Orthonormal axes of the points' spread (Jacobi's rotations on their covariance), longest first, each on six decimals.
func principalAxes(_ points: [Vector3]) -> [Vector3] {
  let middle = (1 / Double(max(points.count, 1))) * points.reduce(.zero, +)
  var m = [[Double]](repeating: [0, 0, 0], count: 3)
  for p in points {
    let d = p - middle
    for i in 0..<3 {
      for j in 0..<3 { m[i][j] += d[i] * d[j] }
    }
  }
  var axes: [[Double]] = [[1, 0, 0], [0, 1, 0], [0, 0, 1]]
  for _ in 0..<12 {
    for (p, q) in [(0, 1), (0, 2), (1, 2)] where abs(m[p][q]) > 1e-300 {
      let theta = (m[q][q] - m[p][p]) / (2 * m[p][q])
      let t = (theta < 0 ? -1 : 1) / (abs(theta) + (theta * theta + 1).squareRoot())
      let c = 1 / (t * t + 1).squareRoot()
      let s = t * c
      for k in 0..<3 { (m[k][p], m[k][q]) = (c * m[k][p] - s * m[k][q], s * m[k][p] + c * m[k][q]) }
      for k in 0..<3 { (m[p][k], m[q][k]) = (c * m[p][k] - s * m[q][k], s * m[p][k] + c * m[q][k]) }
      for k in 0..<3 { (axes[k][p], axes[k][q]) = (c * axes[k][p] - s * axes[k][q], s * axes[k][p] + c * axes[k][q]) }
    }
  }
  let order = [0, 1, 2].sorted { m[$0][$0] > m[$1][$1] }
  return order.map { rounded(Vector3(axes[0][$0], axes[1][$0], axes[2][$0])) }
}
