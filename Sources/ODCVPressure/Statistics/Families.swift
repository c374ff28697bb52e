/// Corrections for asking several questions at once, and for trials that come in clusters.
enum Families {
  /// Holm's (1979) step-down adjustment: p-values in the order given, each comparable with the family's level.
  static func holm(_ values: [Double]) -> [Double] {
    var adjusted = values
    var floor = 0.0
    for (rank, index) in values.indices.sorted(by: { values[$0] < values[$1] }).enumerated() {
      floor = max(floor, min(1, Double(values.count - rank) * values[index]))
      adjusted[index] = floor
    }
    return adjusted
  }
}

/// A mean effect over clusters (scenarios), each of equal weight, with an interval that lets scenarios differ.
struct ClusteredEffect: Codable, Equatable, Sendable {
  var mean: Double
  var clusters: Int
  /// Student interval on the clusters' means (df = clusters - 1).
  var interval: ConfidenceInterval
  /// Sign-flip permutation test over clusters, two-sided, exact.
  var permutation: Double

  /// `nil` with fewer than two clusters, or more than twenty, which an exact permutation doesn't reach.
  init?(clusterMeans means: [Double], confidence: Double = 0.95) {
    let k = means.count
    guard k >= 2, k <= 20 else { return nil }
    let mean = means.reduce(0, +) / Double(k)
    let variance = means.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(k - 1)
    let half =
      SpecialFunctions.studentQuantile(0.5 + confidence / 2, degreesOfFreedom: Double(k - 1))
      * (variance / Double(k)).squareRoot()
    let observed = abs(means.reduce(0, +))
    var atLeast = 0
    for signs in 0..<(1 << k) {
      var sum = 0.0
      for (index, value) in means.enumerated() { sum += signs >> index & 1 == 0 ? value : -value }
      // Sums of the same values in another order differ in the last bits; those ties count.
      if abs(sum) >= observed - 1e-12 { atLeast += 1 }
    }
    self.mean = mean
    clusters = k
    interval = ConfidenceInterval(max(-1, mean - half), min(1, mean + half))
    permutation = Double(atLeast) / Double(1 << k)
  }
}

/// Mean of paired real differences with Student's interval.
struct PairedMean: Codable, Equatable, Sendable {
  var mean: Double
  var pairs: Int
  /// Absent with fewer than two pairs.
  var interval: ConfidenceInterval?

  init?(_ differences: [Double], confidence: Double = 0.95) {
    let n = differences.count
    guard n > 0 else { return nil }
    let mean = differences.reduce(0, +) / Double(n)
    self.mean = mean
    pairs = n
    guard n > 1 else { return }
    let variance = differences.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(n - 1)
    let half =
      SpecialFunctions.studentQuantile(0.5 + confidence / 2, degreesOfFreedom: Double(n - 1))
      * (variance / Double(n)).squareRoot()
    interval = ConfidenceInterval(mean - half, mean + half)
  }
}
