import Glibc

/// Bounds of the paired difference that hold at every number of pairs at once.
///
/// Empirical-Bernstein confidence sequence of Howard, Ramdas, McAuliffe and Sekhon (2021, theorem 4) with their
/// gamma-exponential mixture boundary (proposition 9). A pair's outcome D is -1, 0 or 1; predicted as 0, its square is
/// 1 where the pair is discordant, so the variance process is the number of discordant pairs and the scale is 1. What
/// is covered is the mean of the pairs' expected differences so far; pairs need not be alike, and scenarios may be
/// visited in any order. With as many pairs in each scenario that is the mean effect over scenarios.
struct PairedConfidenceSequence: Sendable {
  /// Probability that the sequence ever misses, both sides together.
  let alpha: Double
  /// The mixture's parameter.
  let rho: Double

  /// `discordant`: the number of discordant pairs at which the bounds are to be tightest; fixed before the data.
  init(alpha: Double = 0.05, tightestAt discordant: Double = 50) {
    precondition(alpha > 0 && alpha < 1 && discordant > 0)
    self.alpha = alpha
    // The optimum of the one-sided normal mixture at alpha / 2, which approximates this one (ibid., section 3.5).
    let depth = 2 * log(1 / alpha)
    rho = discordant / (depth + log1p(depth))
  }

  /// `nil` without pairs.
  func interval(_ outcomes: PairedOutcomes) -> ConfidenceInterval? {
    guard outcomes.pairs > 0 else { return nil }
    let n = Double(outcomes.pairs)
    let sum = Double(outcomes.conditionOnly - outcomes.comparisonOnly)
    let radius = boundary(discordant: outcomes.discordant)
    return ConfidenceInterval(max(-1, (sum - radius) / n), min(1, (sum + radius) / n))
  }

  /// How far the sum of outcomes may be from its expectation, with so many discordant pairs.
  func boundary(discordant: Int) -> Double {
    let threshold = log(2 / alpha)
    let v = Double(discordant)
    var high = 1.0
    while logMixture(high, v) < threshold { high *= 2 }
    return SpecialFunctions.bisect(0, high) { logMixture($0, v) < threshold }
  }

  /// ln of the mixture supermartingale at sum `s` and variance `v`.
  func logMixture(_ s: Double, _ v: Double) -> Double {
    let (x, a) = (s + v + rho, v + rho)
    return rho * log(rho) - SpecialFunctions.logGamma(rho) - log(SpecialFunctions.regularizedGamma(rho, rho))
      + SpecialFunctions.logGamma(a) + log(SpecialFunctions.regularizedGamma(a, x)) - a * log(x) + s + v
  }
}
