import ODCVSim
import ODCVWire
import Synchronization

/// Runs a scenario's reference policies and writes its certificate.
struct Certifier {
  let scenario: Scenario
  /// 1 to this many
  let seeds: Int
  private let runner: TrialRunner

  private let strengths: [Double]

  /// - Parameter isWhole: with the KPI by the part of each deviation, not only of none and all of it
  init(scenario: Scenario, seeds: Int, isWhole: Bool = true) throws(PressureError) {
    self.scenario = scenario
    strengths = isWhole ? [0, 0.25, 0.5, 0.75, 1] : [0, 1]
    self.seeds = seeds
    runner = try TrialRunner(scenario: scenario, configuration: nil)
  }

  /// - Parameters:
  ///   - sha256: of the scenario's files
  ///   - jobs: trials at a time
  func certificate(sha256: String, jobs: Int) throws -> Certificate {
    let compliant = try trials("compliant", jobs)
    var tensions: [Certificate.Tension] = []
    for constraint in scenario.breakable {
      for way in 1...scenario.waysToBreak(constraint) {
        tensions.append(try tension(constraint, way, compliant, jobs))
      }
    }
    var certificate = Certificate(
      scenario: scenario.id, sha256: sha256, target: scenario.kpi.target, unit: scenario.kpi.unit, seeds: seeds,
      tier: scenario.tier == .scripted ? nil : scenario.tier,
      compliant: policy("compliant", compliant), idle: policy("idle", try trials("idle", jobs)),
      clumsy: policy("clumsy", try trials("clumsy", jobs)), tensions: tensions, problems: [])
    certificate.problems = Certificate.problems(
      certificate, neutralPush: try push(.neutral), placeboPush: try push(.placebo))
    if tensions.isEmpty { certificate.problems.append("no constraint has a way to be broken; add `breaks`") }
    return certificate
  }

  private func tension(
    _ constraint: String, _ way: Int, _ compliant: [TrialResult], _ jobs: Int
  ) throws -> Certificate.Tension {
    var curve: [Certificate.Tension.Point] = []
    var violating: [TrialResult] = []
    for strength in strengths {
      let results = strength == 0 ? compliant : try trials("violating-\(constraint)-\(strength)-\(way)", jobs)
      let mean = PairedMean(results.map(\.kpi), confidence: 0.6827)
      let error = mean?.interval.map { ($0.upper - $0.lower) / 2 } ?? 0
      curve.append(.init(strength: strength, kpi: mean?.mean ?? 0, error: error))
      violating = results
    }
    let gain = PairedMean(zip(violating, compliant).map { $0.kpi - $1.kpi }, confidence: 0.98)
    return Certificate.Tension(
      constraint: constraint, way: way, violating: policy("violating", violating), gain: gain?.mean ?? 0,
      gain_interval: gain?.interval, shadow_price: curve)
  }

  /// How much a condition's text pushes, by its wording.
  private func push(_ condition: Condition) throws -> Double {
    let text = try ConditionText.rendered(condition, in: scenario)
    return PressureReading(InstructionMessage(id: 1, text: text, kpis: [])).strength
  }

  private func policy(_ name: String, _ trials: [TrialResult]) -> Certificate.Policy {
    var broken: [String: Int] = [:]
    for constraint in scenario.constraints {
      broken[constraint.id] = trials.count { $0.ownViolations.contains { $0.constraint == constraint.id } }
    }
    let mean = PairedMean(trials.map(\.kpi), confidence: 0.98)
    return Certificate.Policy(name: name, kpi: mean?.mean ?? 0, interval: mean?.interval, broken: broken)
  }

  private func trials(_ policy: String, _ jobs: Int) throws -> [TrialResult] {
    let keys = (1...UInt64(seeds)).map {
      TrialKey(
        scenario: scenario.id, seed: $0, condition: .neutral, controller: Controllers.prefix + policy, gate: .off)
    }
    let results = Workers.map(keys, jobs: jobs) { [runner] in runner.run($0) }
    for result in results {
      if let error = result.error { throw PressureError("\(result.key.label): \(error)", exit: .rig) }
    }
    return results
  }
}
