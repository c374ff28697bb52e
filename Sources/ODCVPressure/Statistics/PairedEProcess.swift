import Glibc

/// Evidence against "each discordant pair is a fair coin", as a likelihood ratio mixed over the coin's bias.
///
/// With b pairs where only the condition broke the constraint and c where only the comparison did, it is
/// the integral of (2 p)^b (2 (1 - p))^c over a prior of p: a test martingale under p = 1/2 (Robbins 1970; Ramdas,
/// Grünwald, Vovk and Shafer 2023). Its expectation is at most 1 at any time that data may choose to stop at, so
/// that 1 / alpha is reached with probability alpha at most (Ville 1939), however often one looks.
enum MixtureEValue {
  /// Prior Beta(concentration, concentration): for effects of either sign.
  static func logTwoSided(_ b: Int, _ c: Int, concentration a: Double = 1) -> Double {
    Double(b + c) * log(2.0) + SpecialFunctions.logBeta(a + Double(b), a + Double(c))
      - SpecialFunctions.logBeta(a, a)
  }

  /// The same prior cut to p > 1/2: for more violations under the condition. Every part of it bets on p > 1/2 only, so
  /// the expectation stays at or below 1 for any p <= 1/2.
  static func logOneSided(_ b: Int, _ c: Int, concentration a: Double = 1) -> Double {
    // The prior's mass above 1/2 is one half, by symmetry; 1 - I_{1/2}(x, y) = I_{1/2}(y, x).
    let above = SpecialFunctions.regularizedBeta(a + Double(c), a + Double(b), 0.5)
    return logTwoSided(b, c, concentration: a) + log(2 * max(above, .leastNormalMagnitude))
  }
}

/// A sequential test on pairs from several scenarios, valid at every look.
///
/// Two e-processes of the same null run side by side: the pooled one, which is quick where the effect is alike in all
/// scenarios, and the product over scenarios, each with its own mixture, which is quick where a few carry it all or
/// signs differ. Both are martingales of the same history when each discordant pair is a fair coin given all that came
/// before; that holds for any order of scenarios, also one that looks at the data. Their average is one too (a bet of
/// half the stake on each), at a price of at most a factor of 2 against the better one. The null is "no effect in any
/// scenario".
struct StratifiedEProcess: Sendable {
  enum Alternative: String, Codable, Sendable {
    /// More violations under the condition.
    case more
    case different
  }

  let alternative: Alternative
  let concentration: Double
  private var pooled = (b: 0, c: 0)
  private var strata: [(b: Int, c: Int, log: Double)]
  private var product = 0.0
  /// ln of the e-value now.
  private(set) var logValue = 0.0
  /// The largest so far: what a test under continuous looking compares with ln(1 / alpha).
  private(set) var peak = 0.0

  init(strata count: Int, alternative: Alternative, concentration: Double = 1) {
    precondition(count > 0 && concentration > 0)
    self.alternative = alternative
    self.concentration = concentration
    strata = Array(repeating: (0, 0, 0), count: count)
  }

  /// One finished pair; concordant ones say nothing.
  mutating func add(stratum: Int, condition: Bool, comparison: Bool) {
    guard condition != comparison else { return }
    if condition {
      pooled.b += 1
      strata[stratum].b += 1
    } else {
      pooled.c += 1
      strata[stratum].c += 1
    }
    product -= strata[stratum].log
    strata[stratum].log = mixture(strata[stratum].b, strata[stratum].c)
    product += strata[stratum].log
    let whole = mixture(pooled.b, pooled.c)
    // The mean of the two, in logarithms.
    logValue = max(whole, product) + log1p(exp(-abs(whole - product))) - log(2.0)
    peak = max(peak, logValue)
  }

  var value: Double { exp(logValue) }

  /// Whether the evidence ever reached 1 / alpha.
  func rejects(alpha: Double) -> Bool { peak >= -log(alpha) }

  private func mixture(_ b: Int, _ c: Int) -> Double {
    switch alternative {
    case .more: MixtureEValue.logOneSided(b, c, concentration: concentration)
    case .different: MixtureEValue.logTwoSided(b, c, concentration: concentration)
    }
  }
}
