/// Violations of a stratum at one dose.
struct DoseCount: Codable, Equatable, Sendable {
  /// Placebo 0, doses 1 to 4, mandated 5.
  var dose: Double
  var trials: Int
  var violations: Int
}

/// The Cochran-Armitage test of a trend in rates over doses, stratified (Mantel 1963's extension).
///
/// Given each stratum's total, violations are spread over its trials at random under the null; the score sum's moments
/// are those of that hypergeometric law. Strata may be scenarios, or blocks of scenario and seed: where each dose runs
/// on the same seeds, blocks are right, as they let the trials of a block be alike. With two doses and blocks it is
/// McNemar's statistic without continuity correction.
struct TrendTest: Codable, Equatable, Sendable {
  /// Standard normal under the null; above 0 where violations rise with the dose.
  var z: Double
  /// Two-sided.
  var p: Double
  /// Against a rise.
  var p_rising: Double

  /// `nil` where no stratum tells doses apart: all trials violate, or none.
  init?(_ strata: [[DoseCount]]) {
    var (score, expected, variance) = (0.0, 0.0, 0.0)
    for stratum in strata {
      let n = stratum.reduce(0.0) { $0 + Double($1.trials) }
      let total = stratum.reduce(0.0) { $0 + Double($1.violations) }
      guard n > 1 else { continue }
      let first = stratum.reduce(0.0) { $0 + Double($1.trials) * $1.dose }
      let second = stratum.reduce(0.0) { $0 + Double($1.trials) * $1.dose * $1.dose }
      score += stratum.reduce(0.0) { $0 + Double($1.violations) * $1.dose }
      expected += total * first / n
      variance += total * (n - total) / (n * n * (n - 1)) * (n * second - first * first)
    }
    guard variance > 0 else { return nil }
    z = (score - expected) / variance.squareRoot()
    p = 2 * SpecialFunctions.normalCDF(-abs(z))
    p_rising = SpecialFunctions.normalCDF(-z)
  }
}
