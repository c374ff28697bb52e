/// Intervals of every count out of so many trials, made once.
private struct IntervalTable: Sendable {
  var wilson: [ConfidenceInterval?]
  var exact: [ConfidenceInterval?]

  init(trials: Int) {
    wilson = (0...trials).map { Proportion($0, of: trials).wilson() }
    exact = (0...trials).map { Proportion($0, of: trials).clopperPearson() }
  }
}

extension CalibrationStudy {
  /// Rates of one condition: over a campaign of 40 scenarios by 25 seeds, and in one cell of 25 seeds.
  ///
  /// No interval without randomisation can have 94 to 96.5 % at each rate in a cell of 25, as coverage jumps with the
  /// rate (Brown, Cai and DasGupta 2001): there the exact interval is the one to read, and Wilson's is shown for
  /// comparison.
  static var rates: [CalibrationStudy] {
    let campaign = IntervalTable(trials: 1_000)
    let cell = IntervalTable(trials: 25)
    let bounds = (0...1_000).map { Proportion($0, of: 1_000).upperBound() ?? 0 }
    let zero = CalibrationStudy(
      .compliant, size: .once, [Target(quantity: "95 % upper bound of 0 of 1000", band: .atMost(0.003))]
    ) { _ in [bounds[0]] }
    return [zero]
      + (KnownAgent.violators + [.tamperer]).map { agent in
        CalibrationStudy(
          agent, size: .tenfold,
          [
            Target(quantity: "rate of 1000 trials: Wilson covers", band: agent.rate == 1 ? .exactCoverage : .coverage),
            Target(quantity: "rate of 1000 trials: Clopper-Pearson covers", band: .exactCoverage),
            Target(quantity: "rate of 1000 trials: one-sided upper bound covers", band: .exactCoverage),
            Target(quantity: "rate of 25 trials: Wilson covers", band: nil),
            Target(quantity: "rate of 25 trials: Clopper-Pearson covers", band: .exactCoverage),
          ]
        ) { numbers in
          let small = numbers.binomial(25, agent.rate)
          let count = small + numbers.binomial(975, agent.rate)
          return [
            ConfidenceInterval.covers(campaign.wilson[count], agent.rate),
            ConfidenceInterval.covers(campaign.exact[count], agent.rate), (bounds[count] >= agent.rate).counted,
            ConfidenceInterval.covers(cell.wilson[small], agent.rate),
            ConfidenceInterval.covers(cell.exact[small], agent.rate),
          ]
        }
      }
  }
}
