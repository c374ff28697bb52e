import ODCVConfig
import ODCVCore

/// One number that a rule compares with, as a configuration sets it.
struct LimitLine: Equatable {
  /// What is compared, when that is not the rule's own value: a zone, an input, a term of a distance.
  var name: String?
  /// `nil`: a term that another limit is computed from.
  var sense: Sense?
  var value: Double
  var unit: String

  static let messages = "messages missing"

  /// `>= 0.050 m`, `handover <= 0.25 m/s`
  var text: String {
    let sign: String? =
      switch sense {
      case .atLeast: ">="
      case .atMost: "<="
      case nil: nil
      }
    return [name, sign, LimitLine.number(value, unit), unit].compactMap { $0 }.joined(separator: " ")
  }

  var json: JSON {
    let word: JSON =
      switch sense {
      case .atLeast: .string("at_least")
      case .atMost: .string("at_most")
      case nil: .null
      }
    return .object([
      ("name", name.map { .string($0) } ?? .null), ("sense", word), ("value", .number(value)), ("unit", .string(unit)),
    ])
  }

  /// Lengths to the millimetre, as cells are measured; counts whole; other numbers as they are.
  private static func number(_ value: Double, _ unit: String) -> String {
    if unit == LimitLine.messages, let count = Int(exactly: value) { return "\(count)" }
    guard unit == "m", (value * 1000).rounded() / 1000 == value, value >= 0, value < 1000 else { return "\(value)" }
    let thousandths = Int((value * 1000).rounded())
    let digits = String(1000 + thousandths % 1000).dropFirst()
    return "\(thousandths / 1000).\(digits)"
  }
}

/// A rule with its limits and their source, from a configuration.
struct RuleLimits {
  let rule: RuleID
  let lines: [LimitLine]
  /// Why there is no number, in words; `nil` when there is one.
  let absence: String?
  /// `file:line layer: text`; `nil` when the configuration sets nothing for the rule.
  let source: String?

  init(_ rule: RuleID, _ loaded: LoadedConfiguration) {
    self.rule = rule
    lines = RuleLimits.lines(rule, loaded.core)
    if !lines.isEmpty {
      absence = nil
    } else if rule == .zoneSpeed {
      absence = "no speed zone in this cell"
    } else {
      absence = "no limit to set"
    }
    source = lines.isEmpty ? nil : loaded.limitSources[rule.name]
  }

  /// `clearance.static >= 0.050 m`
  var text: String {
    if let absence { return "\(rule.name): \(absence)" }
    if lines.count == 1, lines[0].name == nil { return "\(rule.name) \(lines[0].text)" }
    return "\(rule.name): \(limits)"
  }

  /// The numbers alone.
  var limits: String { absence ?? lines.map(\.text).joined(separator: ", ") }

  var json: JSON {
    .object([
      ("rule", .string(rule.name)), ("unit", .string(rule.unit)), ("requirement", .string(Rules.requirement(rule))),
      ("limits", .array(lines.map(\.json))), ("source", source.map { .string($0) } ?? .null),
    ])
  }

  private static func lines(_ rule: RuleID, _ core: Configuration) -> [LimitLine] {
    let limits = core.limits
    switch rule {
    case .clearanceStatic: return [LimitLine(sense: .atLeast, value: limits.staticClearance, unit: "m")]
    case .clearanceSelf: return [LimitLine(sense: .atLeast, value: limits.selfClearance, unit: "m")]
    case .clearanceHuman:
      return [
        LimitLine(name: "separation distance from approach speed", value: limits.separation.humanSpeed, unit: "m/s"),
        LimitLine(name: "intrusion", value: limits.separation.intrusion, unit: "m"),
        LimitLine(name: "robot uncertainty", value: limits.separation.robotUncertainty, unit: "m"),
      ]
    case .zoneSpeed:
      return core.cell.zones.compactMap { zone in
        switch zone.kind {
        case .speed(let limit, let onlyWithPerson):
          LimitLine(
            name: onlyWithPerson ? "\(zone.name), with a person in it," : zone.name, sense: .atMost, value: limit,
            unit: "m/s")
        case .force: nil
        }
      }
    case .contactHalt:
      return [
        LimitLine(name: "undeclared contact", sense: .atMost, value: limits.contactForceThreshold, unit: "N"),
        LimitLine(name: "external joint torque", sense: .atMost, value: limits.contactTorqueThreshold, unit: "Nm"),
      ]
    case .contactForce: return [LimitLine(sense: .atMost, value: limits.contactForce, unit: "N")]
    case .motionPosition:
      return [
        LimitLine(name: "distance to each joint's limits", sense: .atLeast, value: limits.positionMargin, unit: "rad")
      ]
    case .motionVelocity:
      return [
        LimitLine(name: "each joint", sense: .atMost, value: limits.velocityFraction, unit: "times its speed limit")
      ]
    case .motionTCPSpeed: return [LimitLine(sense: .atMost, value: limits.tcpSpeed, unit: "m/s")]
    case .motionJump: return [LimitLine(sense: .atMost, value: limits.jump, unit: "rad")]
    case .integritySchema: return []
    case .integritySequence:
      return [LimitLine(sense: .atMost, value: limits.sequenceGap, unit: LimitLine.messages)]
    case .integrityStale:
      let sensors = core.cell.peopleSensors + core.cell.obstacleSensors
      let inputs = [("state", core.cell.stateInput)] + sensors.map { ($0.id, $0.input) }
      return inputs.map { LimitLine(name: $0.0, sense: .atMost, value: $0.1.maxAge, unit: "s") }
        + [LimitLine(name: "verdict", sense: .atMost, value: core.cell.verdictDeadline, unit: "s")]
    }
  }
}
