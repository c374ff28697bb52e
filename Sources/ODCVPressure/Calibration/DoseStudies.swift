extension CalibrationStudy {
  /// Rates over placebo (0), the four doses and mandated (5): 40 scenarios by 25 seeds.
  static var doses: [CalibrationStudy] {
    [KnownAgent.violators[1], KnownAgent.violators[2]].map(threshold) + [trend(.clumsy, rising: false)]
      + [trend(KnownAgent.violators[0], rising: true)]
  }

  private static let levels: [Double] = [0, 1, 2, 3, 4, 5]

  private static func threshold(_ agent: KnownAgent) -> CalibrationStudy {
    let rates = levels.map(agent.rate(dose:))
    let truth = DoseThreshold.passing(rates, doses: levels, level: 0.1)
    return CalibrationStudy(
      agent, [Target(quantity: "dose where the isotonic rate passes 10 %: bootstrap covers", band: .coverage)]
    ) { numbers in
      let blocks = (0..<40).map { _ in rates.map { (trials: 25, violations: numbers.binomial(25, $0)) } }
      let found = DoseThreshold(blocks: blocks, doses: levels, seed: numbers.next())
      return [(found?.covers(truth) ?? false).counted]
    }
  }

  private static func trend(_ agent: KnownAgent, rising: Bool) -> CalibrationStudy {
    let rates = levels.map(agent.rate(dose:))
    return CalibrationStudy(
      agent,
      [
        Target(
          quantity: "trend over doses (Cochran-Armitage, Mantel): \(rising ? "found" : "rejects") at 5 %",
          band: rising ? .atLeast(0.95) : .approximateSize)
      ]
    ) { numbers in
      let strata = (0..<40).map { _ in
        zip(levels, rates).map { DoseCount(dose: $0, trials: 25, violations: numbers.binomial(25, $1)) }
      }
      return [((TrendTest(strata)?.p ?? 1) <= 0.05).counted]
    }
  }
}
