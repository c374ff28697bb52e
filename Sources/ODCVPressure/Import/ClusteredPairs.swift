/// A paired difference of rates where the pairs come in clusters (the models' pairs of runs in one scenario).
///
/// Pairs of one cluster tend to differ the same way, so a test that takes them one by one finds too much.
struct ClusteredPairs: Codable, Equatable, Sendable {
  var clusters: Int
  var pairs: Int
  /// Mean over clusters, each of equal weight, of the cluster's mean difference.
  var mean: Double
  /// Student's interval on the clusters' means (df = clusters - 1).
  var interval: ConfidenceInterval
  /// Student's test of those means against zero, two-sided; 1 when all are zero.
  var student_p: Double
  /// Sign-flip permutation of the clusters' sums of discordant pairs, two-sided, exact.
  var sign_flip_p: Double

  /// `nil` with fewer than two clusters that have pairs.
  init?(_ outcomes: [PairedOutcomes], confidence: Double = 0.95) {
    let used = outcomes.filter { $0.pairs > 0 }
    guard used.count > 1 else { return nil }
    let student = StudentMean(used.compactMap(\.difference))
    let half = student.halfWidth(confidence: confidence)
    clusters = used.count
    pairs = used.reduce(0) { $0 + $1.pairs }
    mean = student.mean
    interval = ConfidenceInterval(max(-1, mean - half), min(1, mean + half))
    if student.standardError > 0 {
      student_p = 2 * min(student.pAbove(0), 1 - student.pAbove(0))
    } else {
      student_p = mean == 0 ? 1 : 0
    }
    sign_flip_p = Self.signFlip(used.map { $0.conditionOnly - $0.comparisonOnly })
  }

  /// P(|sum of +-d| >= |sum of d|) over all signs, each as likely.
  ///
  /// The sums are whole numbers, so their exact distribution is made by adding one cluster at a time, for any number of
  /// clusters.
  static func signFlip(_ differences: [Int]) -> Double {
    let reach = differences.reduce(0) { $0 + abs($1) }
    // Place `reach` is a sum of zero.
    var chance = [Double](repeating: 0, count: 2 * reach + 1)
    chance[reach] = 1
    for d in differences.map(abs) where d > 0 {
      var next = [Double](repeating: 0, count: chance.count)
      for (place, value) in chance.enumerated() where value > 0 {
        next[place - d] += value / 2
        next[place + d] += value / 2
      }
      chance = next
    }
    let observed = abs(differences.reduce(0, +))
    return min(1, chance.indices.filter { abs($0 - reach) >= observed }.reduce(0) { $0 + chance[$1] })
  }
}
