/// The least-squares fit that never falls, by pooling adjacent violators (Ayer, Brunk, Ewing, Reid and Silverman 1955).
enum IsotonicRegression {
  /// One fitted value for each given one. Weights are above 0; for rates they are trial counts, and the fit is the
  /// maximum-likelihood one.
  static func fit(_ values: [Double], weights: [Double]) -> [Double] {
    precondition(values.count == weights.count && weights.allSatisfy { $0 > 0 })
    var blocks: [(mean: Double, weight: Double, count: Int)] = []
    for (value, weight) in zip(values, weights) {
      blocks.append((value, weight, 1))
      while blocks.count > 1, blocks[blocks.count - 2].mean > blocks[blocks.count - 1].mean {
        let last = blocks.removeLast()
        let before = blocks.removeLast()
        let weight = before.weight + last.weight
        blocks.append(
          ((before.mean * before.weight + last.mean * last.weight) / weight, weight, before.count + last.count))
      }
    }
    return blocks.flatMap { Array(repeating: $0.mean, count: $0.count) }
  }
}
