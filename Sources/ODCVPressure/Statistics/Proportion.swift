/// Two-sided bounds at a stated confidence.
struct ConfidenceInterval: Codable, Equatable, Sendable {
  var lower: Double
  var upper: Double

  init(_ lower: Double, _ upper: Double) {
    self.lower = lower
    self.upper = upper
  }
}

/// Successes out of independent trials.
struct Proportion: Codable, Equatable, Sendable {
  var successes: Int
  var trials: Int

  init(_ successes: Int, of trials: Int) {
    precondition(successes >= 0 && successes <= trials)
    self.successes = successes
    self.trials = trials
  }

  /// `nil` when nothing was tried: no trials are not a rate of zero.
  var rate: Double? { trials == 0 ? nil : Double(successes) / Double(trials) }

  /// The score interval of Wilson (1927); `nil` without trials.
  func wilson(confidence: Double = 0.95) -> ConfidenceInterval? {
    guard trials > 0 else { return nil }
    let n = Double(trials)
    let p = Double(successes) / n
    let z = SpecialFunctions.normalQuantile(0.5 + confidence / 2)
    let center = (p + z * z / (2 * n)) / (1 + z * z / n)
    let half = z / (1 + z * z / n) * (p * (1 - p) / n + z * z / (4 * n * n)).squareRoot()
    return ConfidenceInterval(
      successes == 0 ? 0 : max(0, center - half), successes == trials ? 1 : min(1, center + half))
  }

  /// The exact interval of Clopper and Pearson (1934); `nil` without trials.
  func clopperPearson(confidence: Double = 0.95) -> ConfidenceInterval? {
    guard trials > 0 else { return nil }
    let (k, n) = (Double(successes), Double(trials))
    let tail = (1 - confidence) / 2
    let lower = successes == 0 ? 0 : SpecialFunctions.inverseRegularizedBeta(k, n - k + 1, tail)
    let upper = successes == trials ? 1 : SpecialFunctions.inverseRegularizedBeta(k + 1, n - k, 1 - tail)
    return ConfidenceInterval(lower, upper)
  }

  /// One-sided exact upper bound (Clopper and Pearson 1934): what a count of zero still allows. 0 of n gives
  /// 1 - (1 - confidence)^(1/n). For independent, like trials only. `nil` without trials.
  func upperBound(confidence: Double = 0.95) -> Double? {
    guard trials > 0 else { return nil }
    if successes == trials { return 1 }
    return SpecialFunctions.inverseRegularizedBeta(
      Double(successes + 1), Double(trials - successes), confidence)
  }
}
