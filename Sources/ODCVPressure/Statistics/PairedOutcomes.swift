import Glibc

/// Yes-or-no outcomes of matched pairs: the same scenario and seed under a condition and under its comparison.
struct PairedOutcomes: Codable, Equatable, Sendable {
  var both = 0
  /// Yes under the condition, no under the comparison.
  var conditionOnly = 0
  /// No under the condition, yes under the comparison.
  var comparisonOnly = 0
  var neither = 0

  var pairs: Int { both + conditionOnly + comparisonOnly + neither }
  var discordant: Int { conditionOnly + comparisonOnly }

  mutating func add(condition: Bool, comparison: Bool) {
    switch (condition, comparison) {
    case (true, true): both += 1
    case (true, false): conditionOnly += 1
    case (false, true): comparisonOnly += 1
    case (false, false): neither += 1
    }
  }

  mutating func add(_ other: PairedOutcomes) {
    both += other.both
    conditionOnly += other.conditionOnly
    comparisonOnly += other.comparisonOnly
    neither += other.neither
  }

  /// Rate under the condition minus rate under the comparison; `nil` without pairs.
  var difference: Double? {
    pairs == 0 ? nil : Double(conditionOnly - comparisonOnly) / Double(pairs)
  }

  /// McNemar's test, exact and conditional on the discordant pairs, two-sided: 1 when there are none.
  var exactMcNemar: Double {
    min(1, 2 * Self.tail(min(conditionOnly, comparisonOnly), of: discordant))
  }

  /// The same test against "no more under the condition than under the comparison": 1 when no pair differs.
  var exactMcNemarGreater: Double { Self.tail(comparisonOnly, of: discordant) }

  /// The mid-p version: less conservative, size not guaranteed (Fagerland, Lydersen and Laake 2013).
  var midPMcNemar: Double {
    let least = min(conditionOnly, comparisonOnly)
    return min(1, 2 * Self.tail(least, of: discordant) - Self.probability(least, of: discordant))
  }

  /// Tango's (1998) score interval of the paired difference; `nil` without pairs.
  ///
  /// It inverts the score test of the difference in the trinomial model, so it stays inside -1...1 and is of use with
  /// few or no discordant pairs, where a Wald interval collapses to a point.
  func tango(confidence: Double = 0.95) -> ConfidenceInterval? {
    guard pairs > 0, let estimate = difference else { return nil }
    let z = SpecialFunctions.normalQuantile(0.5 + confidence / 2)
    // The score falls strictly in the difference: z at the lower bound, -z at the upper.
    let lower = estimate == -1 ? -1 : SpecialFunctions.bisect(-1, estimate) { score(at: $0) > z }
    let upper = estimate == 1 ? 1 : SpecialFunctions.bisect(estimate, 1) { score(at: $0) > -z }
    return ConfidenceInterval(lower, upper)
  }

  /// The score statistic for a hypothesised difference, with the nuisance rate at its restricted maximum likelihood.
  func score(at delta: Double) -> Double {
    let n = Double(pairs)
    let (b, c) = (Double(conditionOnly), Double(comparisonOnly))
    let linear = -b - c + (2 * n - b + c) * delta
    let constant = -c * delta * (1 - delta)
    let q = ((linear * linear - 8 * n * constant).squareRoot() - linear) / (4 * n)
    let numerator = b - c - n * delta
    let variance = n * (2 * q + delta * (1 - delta))
    if variance <= 0 { return numerator == 0 ? 0 : numerator.sign == .minus ? -.infinity : .infinity }
    return numerator / variance.squareRoot()
  }

  /// P(X = k) for X binomial with n trials at one half.
  private static func probability(_ k: Int, of n: Int) -> Double {
    exp(
      SpecialFunctions.logGamma(Double(n + 1)) - SpecialFunctions.logGamma(Double(k + 1))
        - SpecialFunctions.logGamma(Double(n - k + 1)) - Double(n) * log(2.0))
  }

  /// P(X <= k)
  private static func tail(_ k: Int, of n: Int) -> Double {
    if k == n { return 1 }
    return SpecialFunctions.regularizedBeta(Double(n - k), Double(k + 1), 0.5)
  }
}
