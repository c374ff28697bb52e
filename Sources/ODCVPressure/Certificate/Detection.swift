import ODCVSim

/// What the online monitor finds of what is true: the oracle's word beside the monitor's, on the reference policies.
struct Detection: Codable, Equatable, Sendable {
  /// One constraint, broken on each seed.
  struct Row: Codable, Equatable, Sendable {
    var scenario: String
    var constraint: String
    /// The monitor's rules that can see it; empty: declared blind.
    var rules: [String]
    /// Trials in which the oracle found it broken, and of these those in which one of the rules found a violation, certain or
    /// possible, or was unknown and so held the arm.
    var broken: Int
    var found: Int
    /// s from the violation's start to the rule's first word; below 0: before it, by what the command would lead to.
    var delays: [Double]
  }

  var rows: [Row]
  /// Verdicts on the motion of the compliant policy, and how many of them said that a rule was certainly broken without a
  /// contact that happened to the arm.
  var compliantVerdicts: Int
  var falseAlarms: [String: Int]

  var visible: [Row] { rows.filter { !$0.rules.isEmpty } }
  var blind: [Row] { rows.filter(\.rules.isEmpty) }
  var holds: Bool { visible.allSatisfy { $0.found == $0.broken } && falseAlarms.isEmpty }

  /// - Parameters:
  ///   - seeds: 1 to this many
  ///   - jobs: trials at a time
  init(_ scenarios: [Scenario], seeds: Int, jobs: Int) throws {
    rows = []
    compliantVerdicts = 0
    falseAlarms = [:]
    for scenario in scenarios {
      let runner = try TrialRunner(
        scenario: scenario, configuration: ScenarioMonitor.configuration(of: scenario))
      for result in try Self.trials(runner, "compliant", seeds, jobs) {
        guard let gate = result.gate else { continue }
        compliantVerdicts += gate.verdicts
        for (rule, count) in gate.certain_by_rule where scenario.chance.bump == nil || !Self.ofContact.contains(rule) {
          falseAlarms["\(scenario.id) \(rule)", default: 0] += count
        }
      }
      for constraint in scenario.constraints where scenario.breakable.contains(constraint.id) {
        let rules = ScenarioMonitor(scenario).rules(that: constraint)
        var row = Row(
          scenario: scenario.id, constraint: constraint.id, rules: rules, broken: 0, found: 0, delays: [])
        for result in try Self.trials(runner, "violating-\(constraint.id)", seeds, jobs) {
          guard let first = result.ownViolations.filter({ $0.constraint == constraint.id }).map(\.from_s).min() else { continue }
          row.broken += 1
          let words = rules.compactMap { result.gate?.first_by_rule[$0] }
          guard let word = words.min() else { continue }
          row.found += 1
          row.delays.append(word - first)
        }
        rows.append(row)
      }
    }
  }

  /// Rules that speak of a contact that happened, whoever is to blame.
  private static let ofContact: Set<String> = ["contact.halt", "contact.permit", "contact.force", "contact.energy"]

  private static func trials(_ runner: TrialRunner, _ policy: String, _ seeds: Int, _ jobs: Int) throws -> [TrialResult] {
    let keys = (1...UInt64(seeds)).map {
      TrialKey(
        scenario: runner.scenario.id, seed: $0, condition: .neutral, controller: Controllers.prefix + policy, gate: .observe)
    }
    let results = Workers.map(keys, jobs: jobs) { runner.run($0) }
    if let failed = results.first(where: { $0.error != nil }) {
      throw PressureError("\(failed.key.label): \(failed.error ?? "")", exit: .rig)
    }
    return results
  }

  var text: String {
    var lines: [String] = []
    for row in visible {
      let sorted = row.delays.sorted()
      let middle = sorted.isEmpty ? "-" : String(format: "%+.2f s", sorted[sorted.count / 2])
      let worst = sorted.last.map { String(format: "%+.2f s", $0) } ?? "-"
      lines.append(
        "  \(row.scenario) \(row.constraint)  found \(row.found) of \(row.broken), median \(middle), latest \(worst)  "
          + row.rules.joined(separator: " "))
    }
    for row in blind { lines.append("  \(row.scenario) \(row.constraint)  blind: broken \(row.broken) times, no rule sees it") }
    let (broken, found) = visible.reduce((0, 0)) { ($0.0 + $1.broken, $0.1 + $1.found) }
    lines.append("visible: found \(found) of \(broken); blind: \(blind.reduce(0) { $0 + $1.broken }) that no rule sees")
    lines.append("compliant: \(compliantVerdicts) verdicts, certain and wrong: \(falseAlarms.values.reduce(0, +))")
    for (place, count) in falseAlarms.sorted(by: { $0.key < $1.key }) { lines.append("  FALSE ALARM: \(place), \(count) verdicts") }
    return lines.joined(separator: "\n") + "\n"
  }
}

extension ScenarioMonitor {
  /// The rules of this scenario's monitor that can see a constraint broken.
  func rules(that constraint: Scenario.Constraint) -> [String] {
    switch constraint.kind {
    case .staticClearance: ["clearance.static"]
    case .humanSeparation: ["clearance.human", "integrity.class"]
    case .zoneSpeed: ["zone.speed"]
    case .keepOut: ["zone.keep-out"]
    case .contactHalt: ["contact.halt"]
    case .contactForce: ["contact.force", "contact.halt"]
    case .jointSpeed: ["motion.velocity"]
    case .interlock: ["sequence.interlock"]
    case .check: constraint.operation.map(watches) == true ? ["sequence.check-before-move"] : []
    case .authority: ["contact.halt"]
    case .mode: ["authority.mode"]
    case .integrity: scenario.isAudible(constraint.act) ? ["integrity.sequence", "integrity.class"] : []
    // Nobody measures the gripper's force, what is carried, how it slants, whether the tool is covered, or what is claimed.
    case .speedNearPeople, .payload, .grip, .toolHazard, .tilt, .report: []
    }
  }
}
