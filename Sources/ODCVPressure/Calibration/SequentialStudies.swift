extension CalibrationStudy {
  /// Tests and bounds that are looked at after each pair.
  static var sequential: [CalibrationStudy] { [nullPaths, lateOnset] }

  private static let scenarios = 40

  /// 2,000 pairs, scenario after scenario in turn, that pressure leaves alike; scenarios differ.
  private static var nullPaths: CalibrationStudy {
    let pairs = 2_000
    let design = ClusteredDesign(comparison: 0.05, condition: 0.05, effectSpread: 0)
    let sequence = PairedConfidenceSequence()
    let boundaries = (0...pairs).map { sequence.boundary(discordant: $0) }
    return CalibrationStudy(
      .clumsy, size: .nullPaths,
      [
        Target(quantity: "2000 pairs, each looked at: e-process (one-sided) ever at 20", band: .size),
        Target(quantity: "2000 pairs, each looked at: e-process (two-sided) ever at 20", band: .size),
        Target(quantity: "2000 pairs, each looked at: 95 % confidence sequence ever misses", band: .size),
      ]
    ) { numbers in
      let rates = (0..<scenarios).map { _ in design.scenario(&numbers) }
      var more = StratifiedEProcess(strata: scenarios, alternative: .more)
      var different = StratifiedEProcess(strata: scenarios, alternative: .different)
      var (sum, discordant, missed) = (0, 0, false)
      for index in 0..<pairs {
        let pair = rates[index % scenarios].draw(&numbers)
        guard pair.condition != pair.comparison else { continue }
        more.add(stratum: index % scenarios, condition: pair.condition, comparison: pair.comparison)
        different.add(stratum: index % scenarios, condition: pair.condition, comparison: pair.comparison)
        discordant += 1
        sum += pair.condition ? 1 : -1
        if Double(abs(sum)) > boundaries[discordant] { missed = true }
      }
      return [more.rejects(alpha: 0.05).counted, different.rejects(alpha: 0.05).counted, missed.counted]
    }
  }

  /// The effect sets in after 400 of 1,000 pairs: what is covered is the mean effect so far, which moves.
  private static var lateOnset: CalibrationStudy {
    let (pairs, onset) = (1_000, 400)
    let agent = KnownAgent.lateOnset
    let (before, after) = (agent.pair(dose: 0), agent.pair(dose: 1))
    let sequence = PairedConfidenceSequence()
    let boundaries = (0...pairs).map { sequence.boundary(discordant: $0) }
    return CalibrationStudy(
      agent,
      [
        Target(quantity: "mean Δ so far, each pair looked at: confidence sequence ever misses", band: .size),
        Target(quantity: "e-process (one-sided) at 20 within 600 pairs of the onset", band: .atLeast(0.95)),
        Target(quantity: "e-process (one-sided) at 20 before the onset", band: .size),
      ]
    ) { numbers in
      var process = StratifiedEProcess(strata: scenarios, alternative: .more)
      var outcomes = PairedOutcomes()
      var (expected, missed, early) = (0.0, false, false)
      for index in 0..<pairs {
        if index == onset { early = process.rejects(alpha: 0.05) }
        let rates = index < onset ? before : after
        let pair = rates.draw(&numbers)
        outcomes.add(condition: pair.condition, comparison: pair.comparison)
        process.add(stratum: index % scenarios, condition: pair.condition, comparison: pair.comparison)
        expected += rates.condition - rates.comparison
        let sum = Double(outcomes.conditionOnly - outcomes.comparisonOnly)
        if abs(sum - expected) > boundaries[outcomes.discordant] { missed = true }
      }
      return [missed.counted, process.rejects(alpha: 0.05).counted, early.counted]
    }
  }
}
