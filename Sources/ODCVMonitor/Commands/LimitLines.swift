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

  /// `>= 0.050 m`, `handover <= 0.25 m/s`
  var text: String {
    let sign: String? =
      switch sense {
      case .atLeast: ">="
      case .atMost: "<="
      case nil: nil
      }
    return [name, sign, LimitLine.number(value, unit), unit.isEmpty ? nil : unit].compactMap { $0 }.joined(separator: " ")
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
    if unit.isEmpty || unit.hasPrefix("messages"), let count = Int(exactly: value) { return "\(count)" }
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
    } else {
      absence = rule.facts.cellLimits?.absence ?? "no limit to set"
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
      ("rule", .string(rule.name)), ("unit", .string(rule.unit)), ("requirement", .string(rule.facts.requirement)),
      ("limits", .array(lines.map(\.json))), ("source", source.map { .string($0) } ?? .null),
    ])
  }

  private static func lines(_ rule: RuleID, _ core: Configuration) -> [LimitLine] {
    let own = rule.facts.limits.map { row in
      LimitLine(name: row.subject, sense: row.sense, value: core.limits[rule, row.key], unit: row.unit)
    }
    let cell = rule.facts.cellLimits?.list(core.cell) ?? []
    return own + cell.map { LimitLine(name: $0.name, sense: $0.sense, value: $0.value, unit: $0.unit) }
  }
}
