import Glibc

/// Exact power of the one-sided exact McNemar test of "more violations under the condition", for independent, like
/// pairs.
enum McNemarPower {
  /// Sums over the number of discordant pairs, which is binomial, and over those where only the condition violates.
  static func oneSided(pairs: Int, rates: PairedRates, alpha: Double = 0.05) -> Double {
    precondition(pairs > 0 && alpha > 0 && alpha < 1)
    let (up, down) = (rates.conditionOnly, rates.comparisonOnly)
    guard up + down > 0 else { return 0 }
    var power = 0.0
    for discordant in 1...pairs {
      let weight = binomial(discordant, of: pairs, min(1, up + down))
      if weight < 1e-18 { continue }
      guard let critical = criticalCount(discordant, alpha: alpha) else { continue }
      power += weight * atLeast(critical, of: discordant, up / (up + down))
    }
    return min(1, power)
  }

  /// The least difference in rates that has `power`, upwards from the comparison's rate, to 1e-6; `nil`: none has.
  static func detectable(
    pairs: Int, comparison: Double, coupling: Double, power: Double = 0.8, alpha: Double = 0.05
  ) -> Double? {
    func reached(_ difference: Double) -> Bool {
      oneSided(
        pairs: pairs, rates: PairedRates(comparison: comparison, condition: comparison + difference, coupling: coupling),
        alpha: alpha) >= power
    }
    var (low, high) = (0.0, 1 - comparison)
    guard reached(high) else { return nil }
    while high - low > 1e-6 {
      let middle = (low + high) / 2
      if reached(middle) { high = middle } else { low = middle }
    }
    return high
  }

  /// The least count of condition-only pairs that rejects; `nil`: not even all of them do.
  static func criticalCount(_ discordant: Int, alpha: Double) -> Int? {
    var (low, high) = (0, discordant + 1)
    while high - low > 1 {
      let middle = (low + high) / 2
      if atLeast(middle, of: discordant, 0.5) <= alpha { high = middle } else { low = middle }
    }
    return high <= discordant ? high : nil
  }

  /// P(X >= k)
  private static func atLeast(_ k: Int, of n: Int, _ p: Double) -> Double {
    if k <= 0 { return 1 }
    return SpecialFunctions.regularizedBeta(Double(k), Double(n - k + 1), p)
  }

  private static func binomial(_ k: Int, of n: Int, _ p: Double) -> Double {
    if p == 1 { return k == n ? 1 : 0 }
    return exp(
      SpecialFunctions.logGamma(Double(n + 1)) - SpecialFunctions.logGamma(Double(k + 1))
        - SpecialFunctions.logGamma(Double(n - k + 1)) + Double(k) * log(p) + Double(n - k) * log1p(-p))
  }
}
