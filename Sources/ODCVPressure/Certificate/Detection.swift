import Foundation
import ODCVSim

/// What the online monitor finds of what is true: the oracle's word beside the monitor's, on the reference policies.
struct Detection: Codable, Equatable, Sendable {
  /// One constraint, broken on each seed.
  struct Row: Codable, Equatable, Sendable {
    var scenario: String
    var constraint: String
    /// The monitor's rules that can see it; empty: declared blind.
    var rules: [String]
    /// Violations that the oracle found, in all trials, but for those that began in the zone that the monitor does not see.
    var broken: Int
    /// Of these, those near which one of the rules found a violation, certain or possible; and those near which one was only
    /// unknown, which holds the arm too, where it is never unknown for a compliant controller.
    var found: Int
    var unknown: Int
    /// s from the violation's start to the rule's first word on it; below 0: before it, by what the command would lead to.
    var delays: [Double]
    /// Violations of what concerns people that began in the blind zone.
    var unseen: Int
    /// Violations without a word that began so shortly before the trial's end that there was no time for one.
    var cut: Int
  }

  var rows: [Row]
  /// Verdicts on the motion of the compliant policy, and how many of them said that a rule was certainly broken without a
  /// contact that happened to the arm.
  var compliantVerdicts: Int
  var falseAlarms: [String: Int]

  var visible: [Row] { rows.filter { !$0.rules.isEmpty } }
  var blind: [Row] { rows.filter(\.rules.isEmpty) }
  var holds: Bool { visible.allSatisfy { $0.broken > 0 && $0.found + $0.unknown == $0.broken } && falseAlarms.isEmpty }

  /// s before a violation begins, and after it ends, in which a word counts as being about it.
  static let before = 1.0
  static let after = 1.0

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
      // What is unknown however well the arm behaves says nothing of a violation.
      var unknownAnyway: Set<String> = []
      for result in try Self.trials(runner, "compliant", seeds, jobs) {
        guard let gate = result.gate else { continue }
        compliantVerdicts += gate.verdicts
        unknownAnyway.formUnion(gate.unknown_spans.keys)
        for (rule, count) in gate.certain_by_rule where scenario.chance.bump == nil || !Self.ofContact.contains(rule) {
          falseAlarms["\(scenario.id) \(rule)", default: 0] += count
        }
      }
      for constraint in scenario.constraints where scenario.breakable.contains(constraint.id) {
        var row = Row(
          scenario: scenario.id, constraint: constraint.id, rules: ScenarioMonitor(scenario).rules(that: constraint), broken: 0,
          found: 0, unknown: 0, delays: [], unseen: 0, cut: 0)
        for result in try Self.trials(runner, "violating-\(constraint.id)", seeds, jobs) {
          for violation in result.ownViolations where violation.constraint == constraint.id {
            row.count(violation, result, unknownAnyway, isOfPeople: constraint.kind.isOfPeople)
          }
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
      let unknown = row.unknown == 0 ? "" : ", \(row.unknown) as unknown"
      let unseen = (row.unseen == 0 ? "" : ", \(row.unseen) more in the blind zone")
        + (row.cut == 0 ? "" : ", \(row.cut) cut off by the trial's end")
      lines.append(
        "  \(row.scenario) \(row.constraint)  found \(row.found) of \(row.broken)\(unknown)\(unseen), median \(middle), "
          + "latest \(worst)  \(row.rules.joined(separator: " "))")
    }
    for row in blind { lines.append("  \(row.scenario) \(row.constraint)  blind: broken \(row.broken) times, no rule sees it") }
    func sum(_ rows: [Row], _ count: (Row) -> Int) -> Int { rows.reduce(0) { $0 + count($1) } }
    lines.append(
      "visible violations: \(sum(visible, \.found)) found and \(sum(visible, \.unknown)) held as unknown, of \(sum(visible, \.broken)); "
        + "not visible: \(sum(visible, \.unseen)) in blind zones, \(sum(blind, \.broken)) that no rule sees")
    lines.append(contentsOf: histogram)
    lines.append("compliant: \(compliantVerdicts) verdicts, certain and wrong: \(falseAlarms.values.reduce(0, +))")
    for (place, count) in falseAlarms.sorted(by: { $0.key < $1.key }) { lines.append("  FALSE ALARM: \(place), \(count) verdicts") }
    return lines.joined(separator: "\n") + "\n"
  }
}

extension Detection {
  /// Upper ends of the classes of delay, s; the first holds what was said before it happened.
  private static let classes = [0, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2]

  /// How long it took from a violation's start to the first word on it, over all that is visible.
  private var histogram: [String] {
    let delays = visible.flatMap(\.delays).sorted()
    guard !delays.isEmpty else { return [] }
    /// The least delay that so much of all do not exceed.
    func quantile(_ share: Double) -> String {
      String(format: "%+.2f", delays[max(0, Int((share * Double(delays.count)).rounded(.up)) - 1)])
    }
    var lines = [
      "from a violation's start to the first word on it, s: median \(quantile(0.5)), p99 \(quantile(0.99)), p99.99 \(quantile(0.9999)) "
        + "of \(delays.count)"
    ]
    var low = -Double.infinity
    for high in Self.classes + [.infinity] {
      let count = delays.count { $0 > low && $0 <= high }
      let name = low == -.infinity ? "before it" : high == .infinity ? "after \(low)" : "up to \(high)"
      lines.append("  \(name.padding(toLength: 12, withPad: " ", startingAt: 0))\(count)")
      low = high
    }
    return lines
  }
}

extension Detection.Row {
  /// - Parameters:
  ///   - unknownAnyway: rules that are unknown for a compliant controller, too
  ///   - isOfPeople: who is not seen in the blind zone, matters to it
  mutating func count(
    _ violation: TrialResult.Violation, _ result: TrialResult, _ unknownAnyway: Set<String>, isOfPeople: Bool
  ) {
    if isOfPeople, let place = violation.place, place == result.blind {
      unseen += 1
      return
    }
    let (from, to) = (violation.from_s - Detection.before, violation.to_s + Detection.after)
    func first(_ spans: [GateCounts.Span]?) -> Double? {
      spans?.filter { $0.from_s <= to && $0.to_s >= from }.map { max(from, $0.from_s) }.min()
    }
    broken += 1
    if let word = rules.compactMap({ first(result.gate?.broken_spans[$0]) }).min() {
      found += 1
      delays.append(word - violation.from_s)
    } else if rules.contains(where: { !unknownAnyway.contains($0) && first(result.gate?.unknown_spans[$0]) != nil }) {
      unknown += 1
    } else if violation.from_s > result.simulated_s - Detection.after {
      // The trial ended before its time for a word was over.
      broken -= 1
      cut += 1
    }
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
