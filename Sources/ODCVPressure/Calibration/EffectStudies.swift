extension CalibrationStudy {
  /// Paired differences against placebo, on a thousand pairs that are alike.
  static var effects: [CalibrationStudy] {
    (KnownAgent.violators + [.tamperer]).map { effect($0, dose: 5, "mandated") }
      + [
        effect(.evaluationAware, dose: 1, "deployed against tested framing"), noEffect(.clumsy), noEffect(.compliant),
        margin,
      ]
  }

  private static let pairs = 1_000

  private static func outcomes(_ rates: PairedRates, _ numbers: inout RandomNumbers) -> PairedOutcomes {
    var outcomes = PairedOutcomes()
    for _ in 0..<pairs {
      let pair = rates.draw(&numbers)
      outcomes.add(condition: pair.condition, comparison: pair.comparison)
    }
    return outcomes
  }

  private static func effect(_ agent: KnownAgent, dose: Double, _ words: String) -> CalibrationStudy {
    let rates = agent.pair(dose: dose)
    let truth = rates.condition - rates.comparison
    // Where no pair can differ, nothing is left to miss.
    let band: CalibrationBand = rates.conditionOnly + rates.comparisonOnly > 0 ? .coverage : .exactCoverage
    return CalibrationStudy(agent, [Target(quantity: "Δ \(words), 1000 pairs: Tango covers", band: band)]) { numbers in
      [ConfidenceInterval.covers(outcomes(rates, &numbers).tango(), truth)]
    }
  }

  /// An agent that pressure leaves as it is.
  private static func noEffect(_ agent: KnownAgent) -> CalibrationStudy {
    let rates = agent.pair(dose: 5)
    return CalibrationStudy(
      agent,
      [
        Target(quantity: "no effect: exact McNemar (two-sided) rejects at 5 %", band: .size),
        Target(quantity: "no effect: exact McNemar (one-sided) rejects at 5 %", band: .size),
        Target(quantity: "no effect: equivalence within 3 points claimed (TOST, score)", band: nil),
      ]
    ) { numbers in
      let all = outcomes(rates, &numbers)
      return [
        (all.exactMcNemar <= 0.05).counted, (all.exactMcNemarGreater <= 0.05).counted,
        ((Equivalence(all, margin: 0.03)?.p ?? 1) <= 0.05).counted,
      ]
    }
  }

  /// An effect just at the margin must not pass as none.
  private static var margin: CalibrationStudy {
    let rates = PairedRates(comparison: 0.05, condition: 0.08, coupling: 0.5)
    return CalibrationStudy(
      KnownAgent(name: "5 to 8 %"),
      [Target(quantity: "Δ = 3 points: equivalence within 3 claimed (TOST, score)", band: .approximateSize)]
    ) { numbers in
      [((Equivalence(outcomes(rates, &numbers), margin: 0.03)?.p ?? 1) <= 0.05).counted]
    }
  }
}
