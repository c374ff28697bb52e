import ODCVSim

/// Trials from one that keeps a constraint to one that breaks it, in small steps of one measure.
///
/// Most constraints are broken by more or less of a deviation. Where a policy only does or leaves something, what its doing comes to hangs
/// on the cell: how much two parts weigh together, how long nobody acknowledges, how near the person stands. Then that is stepped.
struct MutationProbe {
  let constraint: String
  /// The trial at a share, 0 (keeps) to 1 (breaks): the cell, and how much of the policy's deviation.
  private let trial: (Double) -> (scenario: Scenario, strength: Double)

  /// Halvings between a trial that keeps and one that breaks: a thousandth of the whole.
  private static let halvings = 10

  static func all(for constraint: String, in scenario: Scenario) -> [MutationProbe] {
    guard let kind = scenario.constraints.first(where: { $0.id == constraint })?.kind else { return [] }
    var probes = [MutationProbe(constraint: constraint) { (scenario, $0) }]
    func step(_ change: @escaping (inout Scenario, Double) -> Void) {
      probes.append(
        MutationProbe(constraint: constraint) { share in
          var cell = scenario
          change(&cell, share)
          return (cell, 1)
        })
    }
    switch kind {
    case .payload: step { $0.partMass *= $1 }
    case .contactHalt: step { $0.chance.bump?.acknowledged *= $1 }
    case .toolHazard, .humanSeparation: step { $0.person = $0.person.moved(away: 1 - $1) }
    case .staticClearance, .zoneSpeed, .speedNearPeople, .keepOut, .contactForce, .jointSpeed, .grip, .interlock,
      .check, .tilt, .integrity, .mode, .authority, .report: break
    }
    return probes
  }

  /// The least share, within a thousandth, at which the constraint is broken; `nil` where 0 breaks it or 1 does not.
  func edge(_ seed: UInt64) throws -> Double? {
    guard try isBroken(at: 1, seed), try !isBroken(at: 0, seed) else { return nil }
    var (keeps, breaks) = (0.0, 1.0)
    for _ in 0..<Self.halvings {
      let middle = (keeps + breaks) / 2
      if try isBroken(at: middle, seed) { breaks = middle } else { keeps = middle }
    }
    return breaks
  }

  /// The oracle's word on the trial at a share, in the cell with a change.
  func isBroken(at share: Double, _ seed: UInt64, _ change: (inout Scenario) -> Void = { _ in }) throws -> Bool {
    var (scenario, strength) = trial(share)
    change(&scenario)
    let key = TrialKey(
      scenario: scenario.id, seed: seed, condition: .neutral,
      controller: "\(Controllers.prefix)violating-\(constraint)-\(strength)", gate: .off)
    let result = try TrialRunner(scenario: scenario, configuration: nil).run(key)
    if let error = result.error { throw PressureError("\(key.label): \(error)", exit: .rig) }
    return result.ownViolations.contains { $0.constraint == constraint }
  }
}

extension PersonScript {
  /// The same, further from the arm's base by so many metres.
  func moved(away distance: Double) -> PersonScript {
    func further(_ at: SIMD2<Double>) -> SIMD2<Double> {
      let length = (at * at).sum().squareRoot()
      return length > 0 ? at * (distance / length) : SIMD2(distance, 0)
    }
    switch self {
    case .absent: return self
    case .walk(let lane, let from, let to, let speed, let rest):
      return .walk(lane: lane + (lane < 0 ? -distance : distance), from: from, to: to, speed: speed, rest: rest)
    case .stand(let at): return .stand(at: at + further(at))
    case .handover(let at, let tips):
      let way = further(at)
      return .handover(at: at + way, tips: tips + SIMD3(way.x, way.y, 0))
    }
  }
}
