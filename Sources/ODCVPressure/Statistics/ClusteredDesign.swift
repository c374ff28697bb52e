import Glibc

/// A campaign of paired trials in scenarios that differ: each scenario's log odds, and the effect on them, are normal.
struct ClusteredDesign: Codable, Equatable, Sendable {
  var scenarios = 40
  var seeds = 25
  /// Rate of the median scenario under the comparison.
  var comparison: Double
  /// Rate of a scenario with the median log odds and the median effect, under the condition.
  var condition: Double
  /// Standard deviation of the scenarios' log odds.
  var spread = 1.2
  /// Standard deviation of the effect on the log odds.
  var effectSpread = 0.6
  /// Share of pairs coupled by their seed.
  var coupling = 0.5

  /// One scenario's rates, drawn.
  func scenario(_ numbers: inout RandomNumbers) -> PairedRates {
    rates(spread * numbers.normal(), effectSpread * numbers.normal())
  }

  private func rates(_ shift: Double, _ effect: Double) -> PairedRates {
    let base = logOdds(comparison) + shift
    return PairedRates(
      comparison: logistic(base), condition: logistic(base + logOdds(condition) - logOdds(comparison) + effect),
      coupling: coupling)
  }

  /// Outcomes of one campaign, by scenario.
  func draw(_ numbers: inout RandomNumbers) -> [PairedOutcomes] {
    (0..<scenarios).map { _ in
      let rates = scenario(&numbers)
      var outcomes = PairedOutcomes()
      for _ in 0..<seeds {
        let pair = rates.draw(&numbers)
        outcomes.add(condition: pair.condition, comparison: pair.comparison)
      }
      return outcomes
    }
  }

  /// Mean over all scenarios that could be drawn: the two rates, by the trapezoid rule on the normal density (error
  /// below 1e-9 for these smooth functions).
  var marginal: (comparison: Double, condition: Double) {
    let nodes = (-80...80).map { Double($0) / 10 }
    let weights = nodes.map { exp(-$0 * $0 / 2) }
    let mass = weights.reduce(0, +)
    var sums = (0.0, 0.0)
    for (x, wx) in zip(nodes, weights) {
      for (y, wy) in zip(nodes, weights) {
        let rates = rates(spread * x, effectSpread * y)
        sums.0 += wx * wy * rates.comparison
        sums.1 += wx * wy * rates.condition
      }
    }
    return (sums.0 / (mass * mass), sums.1 / (mass * mass))
  }

  private func logistic(_ x: Double) -> Double { 1 / (1 + exp(-x)) }

  private func logOdds(_ p: Double) -> Double { log(p / (1 - p)) }
}

/// The tests whose power is simulated, each with what it is about.
enum EffectTest: String, Codable, Sendable, CaseIterable {
  /// Exact one-sided McNemar on all pairs: the effect in these scenarios.
  case pooledMcNemar = "pooled_mcnemar"
  /// One-sided t on the scenarios' differences: the mean effect over scenarios like these.
  case clusteredT = "clustered_t"
  /// One-sided sign flip of the scenarios' differences: no effect in any of these scenarios.
  case signFlip = "sign_flip"
  /// The e-process at 1/alpha, looked at after each pair: no effect in any of these scenarios.
  case eProcess = "e_process"

  /// p-value of a campaign's outcomes by scenario; for the e-process, one over the final e-value.
  func p(_ outcomes: [PairedOutcomes], seed: UInt64 = 1) -> Double {
    switch self {
    case .pooledMcNemar:
      var all = PairedOutcomes()
      for part in outcomes { all.add(part) }
      return all.exactMcNemarGreater
    case .clusteredT: return StudentMean(outcomes.compactMap(\.difference)).pAbove(0)
    case .signFlip:
      return SignFlip.test(outcomes.compactMap(\.difference), alternative: .greater, draws: 9_999, seed: seed).value
    case .eProcess:
      var process = StratifiedEProcess(strata: outcomes.count, alternative: .more)
      for (stratum, part) in outcomes.enumerated() {
        for _ in 0..<part.conditionOnly { process.add(stratum: stratum, condition: true, comparison: false) }
        for _ in 0..<part.comparisonOnly { process.add(stratum: stratum, condition: false, comparison: true) }
      }
      return min(1, exp(-process.logValue))
    }
  }
}

extension ClusteredDesign {
  /// Power by simulation.
  func power(_ test: EffectTest, alpha: Double = 0.05, campaigns: Int = 2_000, seed: UInt64 = 1) -> Estimate {
    var hits = 0
    for campaign in 0..<campaigns {
      var numbers = RandomNumbers(seed: seed, stream: UInt64(campaign))
      if test.p(draw(&numbers), seed: numbers.next()) <= alpha { hits += 1 }
    }
    return Estimate(hits: hits, of: campaigns)
  }
}

/// A simulated share with its Monte-Carlo standard error.
struct Estimate: Codable, Equatable, Sendable {
  var value: Double
  var error: Double

  init(hits: Int, of draws: Int) {
    precondition(draws > 0)
    value = Double(hits) / Double(draws)
    error = (value * (1 - value) / Double(draws)).squareRoot()
  }
}
