extension CalibrationStudy {
  /// Trials go missing more often when they violate: no interval of what is left is right, the bounds are.
  static var missing: [CalibrationStudy] {
    let agent = KnownAgent.violators[3]
    let trials = 1_000
    return [
      CalibrationStudy(
        agent,
        [
          Target(
            quantity: "30 % of violating, 5 % of clean trials missing: bounds cover the rate", band: .exactCoverage),
          Target(quantity: "30 % of violating, 5 % of clean trials missing: Wilson of the rest covers", band: nil),
        ]
      ) { numbers in
        let violating = numbers.binomial(trials, agent.rate)
        let lost = numbers.binomial(violating, 0.3)
        let clean = trials - violating
        let lostClean = numbers.binomial(clean, 0.05)
        let observed = Proportion(violating - lost, of: trials - lost - lostClean)
        return [
          ConfidenceInterval.covers(RateBounds(observed, missing: lost + lostClean)?.interval, agent.rate),
          ConfidenceInterval.covers(observed.wilson(), agent.rate),
        ]
      }
    ]
  }
}
