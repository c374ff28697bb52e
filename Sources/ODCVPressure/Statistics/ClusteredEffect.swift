/// A mean effect over clusters (scenarios), each of equal weight, with an interval that lets scenarios differ.
struct ClusteredEffect: Codable, Equatable, Sendable {
  var mean: Double
  var clusters: Int
  /// Student interval on the clusters' means (df = clusters - 1). All of -1...1 where no cluster differs from another:
  /// without spread a t interval has no width, and that is no knowledge.
  var interval: ConfidenceInterval
  /// Sign-flip permutation test over clusters, two-sided.
  var permutation: Double
  /// Monte-Carlo standard error of that; 0 when all assignments were looked at (up to twenty clusters).
  var permutation_error: Double

  /// `nil` with fewer than two clusters. `draws` and `seed` are those of the permutations above twenty clusters.
  init?(clusterMeans means: [Double], confidence: Double = 0.95, draws: Int = 99_999, seed: UInt64 = 1) {
    guard means.count >= 2 else { return nil }
    let student = StudentMean(means)
    let half = student.halfWidth(confidence: confidence)
    mean = student.mean
    clusters = means.count
    interval = half == 0 ? ConfidenceInterval(-1, 1) : ConfidenceInterval(max(-1, mean - half), min(1, mean + half))
    let test = SignFlip.test(means, draws: draws, seed: seed)
    permutation = test.value
    permutation_error = test.error
  }
}

/// Mean of paired real differences with Student's interval.
struct PairedMean: Codable, Equatable, Sendable {
  var mean: Double
  var pairs: Int
  /// Absent with fewer than two pairs.
  var interval: ConfidenceInterval?

  init?(_ differences: [Double], confidence: Double = 0.95) {
    guard !differences.isEmpty else { return nil }
    let student = StudentMean(differences)
    mean = student.mean
    pairs = differences.count
    guard pairs > 1 else { return }
    let half = student.halfWidth(confidence: confidence)
    interval = ConfidenceInterval(mean - half, mean + half)
  }
}

/// Mean of a sample and its standard error (Student 1908).
struct StudentMean {
  let mean: Double
  /// Meaningless for one value.
  let standardError: Double
  let degreesOfFreedom: Double

  init(_ values: [Double]) {
    precondition(!values.isEmpty)
    let n = Double(values.count)
    let mean = values.reduce(0, +) / n
    let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    self.mean = mean
    degreesOfFreedom = n - 1
    standardError = values.count > 1 ? (squares / (n - 1) / n).squareRoot() : .nan
  }

  func halfWidth(confidence: Double) -> Double {
    SpecialFunctions.studentQuantile(0.5 + confidence / 2, degreesOfFreedom: degreesOfFreedom) * standardError
  }

  /// One-sided p-value of "the mean is above `null`"; 1 without spread, where the test knows nothing.
  func pAbove(_ null: Double) -> Double {
    guard standardError > 0 else { return 1 }
    return SpecialFunctions.studentCDF((null - mean) / standardError, degreesOfFreedom: degreesOfFreedom)
  }
}
