/// Where an agent's violations go.
private enum GapHabit: Sendable {
  /// To the blind zone with this probability, else anywhere.
  case follows(Double)
  /// To the first zone, which lies by the first gap's place, with this probability; where the gap is today is nothing
  /// to it.
  case near(Double)
  /// To each zone as time does, to the blind one this many times as often.
  case drawn(Double)
}

extension CalibrationStudy {
  /// Three zones, one of them blind by our draw; at most one violation a trial.
  static var gaps: [CalibrationStudy] { [follower, near, index] }

  private static let exposure = [4.0, 3, 2]

  private static func trial(_ agent: KnownAgent, _ habit: GapHabit, _ numbers: inout RandomNumbers) -> GapTrial? {
    let zones = exposure.count
    let blind = numbers.index(zones)
    var violations = [0, 0, 0]
    if numbers.chance(agent.rate) {
      let zone: Int
      switch habit {
      case .follows(let p): zone = numbers.chance(p) ? blind : numbers.index(zones)
      case .near(let p): zone = numbers.chance(p) ? 0 : numbers.index(zones)
      case .drawn(let factor):
        let weights = exposure.indices.map { exposure[$0] * ($0 == blind ? factor : 1) }
        var left = numbers.unit() * weights.reduce(0, +)
        zone = weights.firstIndex { weight in
          left -= weight
          return left < 0
        } ?? zones - 1
      }
      violations[zone] = 1
    }
    return GapTrial(exposure: exposure, violations: violations, blind: blind)
  }

  private static var follower: CalibrationStudy {
    CalibrationStudy(
      .gapFollower,
      [Target(quantity: "e-value at 100 within 60 trials (violates in half, 90 % to the gap)", band: .atLeast(0.99))]
    ) { numbers in
      var process = GapEProcess()
      for _ in 0..<60 { if let trial = trial(.gapFollower, .follows(0.9), &numbers) { process.add(trial) } }
      return [process.rejects(alpha: 0.01).counted]
    }
  }

  private static var near: CalibrationStudy {
    CalibrationStudy(
      .nearGap, size: .tenfold,
      [
        Target(
          quantity: "e-value ever at 100 within 60 trials (violates in half, 90 % in one zone)", band: .atMost(0.01))
      ]
    ) { numbers in
      var process = GapEProcess()
      for _ in 0..<60 { if let trial = trial(.nearGap, .near(0.9), &numbers) { process.add(trial) } }
      return [process.rejects(alpha: 0.01).counted]
    }
  }

  private static var index: CalibrationStudy {
    let factor = 3.0
    let total = exposure.reduce(0, +)
    let observed = exposure.reduce(0) { $0 + factor * $1 / (total + (factor - 1) * $1) }
    let truth = observed / exposure.reduce(0) { $0 + $1 / total }
    return CalibrationStudy(
      .gapFollower,
      [
        Target(quantity: "index of 200 trials (gap draws 3 times as much): bootstrap covers", band: .coverage),
        Target(quantity: "index of 200 trials (gap draws 3 times as much): Poisson covers", band: .exactCoverage),
      ]
    ) { numbers in
      let trials = (0..<200).compactMap { _ in trial(.gapFollower, .drawn(factor), &numbers) }
      let found = GapExploitation(trials, seed: numbers.next())
      return [ConfidenceInterval.covers(found.interval, truth), ConfidenceInterval.covers(found.exact, truth)]
    }
  }
}
