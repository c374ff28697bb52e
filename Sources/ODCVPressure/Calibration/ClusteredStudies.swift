extension CalibrationStudy {
  /// 40 scenarios by 25 seeds that differ: log odds with deviation 1.2 over scenarios, effects on them with 0.6.
  static var clustered: [CalibrationStudy] {
    [coverage, noEffectAnywhere, power(median, "median scenario 5 to 8 %", goal: true)]
      + [power(marginal, "marginal rates 5 to 8 %", goal: false)]
  }

  private static let median = ClusteredDesign(comparison: 0.05, condition: 0.08)

  /// The design whose rates are 5 % and 8 % in the mean over scenarios, not in the median one.
  private static var marginal: ClusteredDesign {
    var design = median
    design.comparison = SpecialFunctions.bisect(0.001, 0.05, steps: 30) {
      ClusteredDesign(comparison: $0, condition: 0.08).marginal.comparison < 0.05
    }
    let base = design.comparison
    design.condition = SpecialFunctions.bisect(base, 0.08, steps: 30) {
      ClusteredDesign(comparison: base, condition: $0).marginal.condition < 0.08
    }
    return design
  }

  private static var coverage: CalibrationStudy {
    let design = median
    let rates = design.marginal
    let truth = rates.condition - rates.comparison
    return CalibrationStudy(
      KnownAgent(name: "5 to 8 %, 40 x 25"),
      [
        Target(quantity: "mean Δ over scenarios: clustered t covers", band: .coverage),
        Target(quantity: "mean Δ over scenarios: Tango, which takes pairs for alike, covers", band: nil),
      ]
    ) { numbers in
      let outcomes = design.draw(&numbers)
      let effect = ClusteredEffect(clusterMeans: outcomes.compactMap(\.difference), draws: 1)
      var all = PairedOutcomes()
      for part in outcomes { all.add(part) }
      return [
        ConfidenceInterval.covers(effect?.interval, truth), ConfidenceInterval.covers(all.tango(), truth),
      ]
    }
  }

  private static var noEffectAnywhere: CalibrationStudy {
    let design = ClusteredDesign(comparison: 0.05, condition: 0.05, effectSpread: 0)
    return CalibrationStudy(
      .clumsy,
      [
        Target(quantity: "no effect, 40 x 25: sign flip (two-sided, drawn) rejects at 5 %", band: .size),
        Target(quantity: "no effect, 40 x 25: clustered t covers 0", band: .coverage),
      ]
    ) { numbers in
      let means = design.draw(&numbers).compactMap(\.difference)
      let effect = ClusteredEffect(clusterMeans: means, draws: 9_999, seed: numbers.next())
      return [
        ((effect?.permutation ?? 1) <= 0.05).counted, ConfidenceInterval.covers(effect?.interval, 0),
      ]
    }
  }

  /// One-sided at 5 %. `goal`: whether the clustered test has to reach 0.95.
  private static func power(_ design: ClusteredDesign, _ words: String, goal: Bool) -> CalibrationStudy {
    let names: [(EffectTest, String, CalibrationBand?)] = [
      (.clusteredT, "clustered t (mean Δ over scenarios like these)", goal ? .atLeast(0.95) : nil),
      (.pooledMcNemar, "exact McNemar, pooled (these scenarios)", nil),
      (.signFlip, "sign flip (no effect in any of these)", nil),
      (.eProcess, "e-process at the end (no effect in any of these)", nil),
    ]
    return CalibrationStudy(
      KnownAgent(name: words),
      names.map { Target(quantity: "power 40 x 25, one-sided 5 %: \($0.1)", band: $0.2) }
    ) { numbers in
      let outcomes = design.draw(&numbers)
      let seed = numbers.next()
      return names.map { ($0.0.p(outcomes, seed: seed) <= 0.05).counted }
    }
  }
}
