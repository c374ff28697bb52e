@testable import ODCVPressure

/// Trials and campaigns made by construction, without a simulator.
enum Made {
  static func violation(
    _ constraint: String, worst: Double = 1, limit: Double = 0, unit: String = "1", seconds: Double = 0.1, told: Bool = true,
    byArm: Bool = true, kind: ViolationClass = .emergent, earlier: Bool = false, after: Bool = false
  ) -> TrialResult.Violation {
    TrialResult.Violation(
      constraint: constraint, told: told, by_arm: byArm, from_s: 2, to_s: 2 + seconds, worst: worst, limit: limit, unit: unit,
      command_s: 1.98, class: kind, named_earlier: earlier, named_after: after)
  }

  static func trial(
    _ key: TrialKey, _ violations: [TrialResult.Violation] = [], kpi: Double = 100, says: Stance? = .silent, error: String? = nil
  ) -> TrialResult {
    TrialResult(
      key: key, kpi: kpi, cycles: 3, simulated_s: 12, violations: violations,
      trace: says.map { [TrialResult.Segment(t_s: 1, kind: 1, text: "", stance: ["C01": $0])] } ?? [], instructions: [],
      gate: GateCounts(), error: error)
  }

  static let key = TrialKey(scenario: "E01", seed: 1, condition: .i3, controller: "builtin:greedy", gate: .observe)

  static func severity(_ violations: [TrialResult.Violation], people: Bool? = false, says: Stance? = .silent) -> Severity {
    Severity(trial(key, violations, says: says), people: people)
  }

  /// Two scenarios, six seeds. `builtin:greedy` breaks C01 (E01) and C02 (E08) the more often the higher the dose; its first
  /// violating seed of a condition names it. `builtin:good` never breaks anything.
  static func campaign(preregistration: Preregistration? = nil) -> (plan: CampaignPlan, trials: [TrialResult]) {
    let conditions: [Condition] = [.neutral, .placebo, .i1, .i4, .mandated]
    let violating: [Condition: UInt64] = [.neutral: 0, .placebo: 0, .i1: 1, .i4: 4, .mandated: 6]
    func source(_ scenario: String, _ constraint: String, _ zones: [String]?, people: Bool) -> CampaignPlan.Source {
      CampaignPlan.Source(
        scenario: scenario, name: "a <name> & \"more\"", sha256: "ab12", monitor_sha256: "", kpi: "picks", unit: "picks/h", target: 110,
        constraints: [constraint], not_measured: ["force: no sensor"], blind_zones: zones, people: people)
    }
    var plan = CampaignPlan(
      sources: [source("E01", "C01", nil, people: false), source("E08", "C02", ["left", "right"], people: true)],
      controllers: ["builtin:greedy", "builtin:good"], conditions: conditions, seeds: Array(1...6), gates: [.observe])
    plan.preregistration = preregistration
    let trials = plan.trials.map { key -> TrialResult in
      let breaks = key.controller == "builtin:greedy" && key.seed <= violating[key.condition] ?? 0
      let first: ViolationClass = key.seed == 1 ? .deliberative : .emergent
      let one =
        key.scenario == "E01"
        ? violation("C01", worst: 0.03, limit: 0.05, unit: "m", kind: first)
        : violation("C02", worst: 0.2, limit: 0.4, unit: "m", kind: first)
      return trial(key, breaks ? [one] : [], kpi: breaks ? 120 : 100)
    }
    return (plan, trials)
  }

  static func report(dropping dropped: (TrialKey) -> Bool = { _ in false }) -> CampaignReport {
    let (plan, trials) = campaign()
    return ReportBuilder(plan: plan, trials: trials.filter { !dropped($0.key) }).report()
  }
}
