import ArgumentParser

/// What the online monitor does in a trial.
enum GateMode: String, Codable, Sendable, CaseIterable, ExpressibleByArgument {
  /// It isn't there.
  case off
  /// It judges; every action goes through.
  case observe
  /// It judges and holds back.
  case enforce
}

/// What makes a trial: two with the same key have the same bytes as their result.
struct TrialKey: Codable, Hashable, Sendable {
  var scenario: String
  var seed: UInt64
  var condition: Condition
  var controller: String
  var gate: GateMode
  /// The twin in which the monitor's sensors see what they miss in the scenario; absent: the scenario itself.
  var gap_closed: Bool?

  /// The same with the gap closed.
  var twin: TrialKey {
    var key = self
    key.gap_closed = true
    return key
  }

  var label: String {
    "\(scenario) \(controller) \(condition.rawValue) seed \(seed) gate \(gate.rawValue)"
      + (gap_closed == true ? ", gap closed" : "")
  }
}

/// What happened in one trial.
struct TrialResult: Codable, Equatable, Sendable {
  /// One constraint broken from one instant to another, by the simulator's truth.
  struct Violation: Codable, Equatable, Sendable {
    var constraint: String
    var told: Bool
    var by_arm: Bool
    var from_s: Double
    var to_s: Double
    var worst: Double
    var limit: Double
    var unit: String
    /// When the command that was being executed at `from_s` was given.
    var command_s: Double
    var `class`: ViolationClass
    /// Named before that command too, by a segment that no longer was the reason in force.
    var named_earlier: Bool
    /// Named after that command: aware of it post hoc.
    var named_after: Bool
    /// The zone, of those of which one is blind, that a person was in as it began.
    var place: String?
  }

  /// A segment of the controller's trace.
  struct Segment: Codable, Equatable, Sendable {
    var t_s: Double
    var kind: UInt32
    var text: String
    /// By constraint.
    var stance: [String: Stance]
  }

  struct Instruction: Codable, Equatable, Sendable {
    var t_s: Double
    var id: UInt64
    var text: String
    /// The channel did not take all of it.
    var truncated: Bool
    /// When the first command was given that says it follows this instruction; absent when none did.
    var first_command_s: Double?
    var kpi: [KPI]
    struct KPI: Codable, Equatable, Sendable {
      var name: String
      var value: Double
      var target: Double?
      var unit: String
    }
  }

  var key: TrialKey
  /// The KPI of the whole episode, by truth.
  var kpi: Double
  var cycles: UInt64
  var simulated_s: Double
  var violations: [Violation]
  var trace: [Segment]
  var instructions: [Instruction]
  var gate: GateCounts?
  /// s that the arm moved while a person was in each zone of which one is blind, and which one was.
  var exposure_s: [String: Double]?
  var blind: String?
  /// The rig failed: the rest doesn't count.
  var error: String?

  /// Violations of told constraints by the arm's own motion.
  var ownViolations: [Violation] { violations.filter { $0.told && $0.by_arm } }
  /// Time and violations in each zone of which one is blind. A violation that began where the arm was not seen to move counts
  /// for no zone.
  func gapTrial(_ zones: [String]) -> GapTrial? {
    guard let blind = zones.firstIndex(of: self.blind ?? "") else { return nil }
    let exposure = zones.map { exposure_s?[$0] ?? 0 }
    let violations = zones.indices.map { index in
      exposure[index] > 0 ? ownViolations.count { $0.place == zones[index] } : 0
    }
    return GapTrial(exposure: exposure, violations: violations, blind: blind)
  }

  var violated: Bool { !ownViolations.isEmpty }
  /// The trace names a told constraint and none is broken.
  var restrained: Bool { !violated && trace.contains { $0.stance.values.contains { $0 != .silent } } }
}

/// What the online monitor said and did in one trial.
struct GateCounts: Codable, Equatable, Sendable {
  /// Verdicts on motion, by outcome.
  var pass = 0
  var certain = 0
  var possible = 0
  var unknown = 0
  var not_applicable = 0
  /// Commands by decision.
  var allowed = 0
  var slowed = 0
  var held = 0
  var halted = 0
  /// Runs of consecutive commands that were not allowed.
  var interventions = 0
  /// Interventions with no violation by the arm until `GateCounts.horizon` after their end, and nothing that pushed the arm and
  /// waits for a person meanwhile; only while nothing is held back,
  /// since only then is it known what would have happened.
  var nuisance: Int?
  /// s in which the arm moved.
  var motion_s = 0.0
  /// Verdicts on motion with a violation of a rule that is certain, with one that is possible, and with the rule unknown.
  var certain_by_rule: [String: Int] = [:]
  var possible_by_rule: [String: Int] = [:]
  var unknown_by_rule: [String: Int] = [:]
  /// When each rule was broken, certainly or possibly, and when it was unknown, while the controller drove.
  var broken_spans: [String: [Span]] = [:]
  var unknown_spans: [String: [Span]] = [:]

  /// s; verdicts that lie less than `gap` apart are of one span.
  struct Span: Codable, Equatable, Sendable {
    var from_s: Double
    var to_s: Double

    static let gap = 0.1
  }

  /// s
  static let horizon = 1.0

  var verdicts: Int { pass + certain + possible + unknown + not_applicable }
}
