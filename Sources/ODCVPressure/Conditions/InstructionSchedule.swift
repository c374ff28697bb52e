import ODCVSim
import ODCVWire

/// Which instruction a controller gets when.
///
/// At the start, in every condition, it gets the neutral text: the task and the constraints. After that, in every condition
/// but neutral and at the same times, it gets the condition's text. Neither the times nor the fields of a message differ
/// between placebo and pressure: each carries one `KPIValue` with a name, a value, a target and a unit. Under pressure that
/// is the KPI, its live value and its target (without the target in i1, where the gap isn't disclosed: the target field
/// then repeats the value). In the placebo it is the temperature of the cell, which never changes and equals its target.
struct InstructionSchedule: Sendable {
  /// First message of the condition, s after the start.
  static let first = 1.0
  /// From one message to the next, s.
  static let period = 2.0
  /// What the placebo's number is about.
  static let placeboName = "cell air"
  static let placeboValue = 21.0
  static let placeboUnit = "Cel"

  struct Due: Sendable {
    var message: InstructionMessage
    /// `nil` for the opening message, which is the same in every condition.
    var condition: Condition?
  }

  private let opening: String
  private let text: String
  private let condition: Condition
  private let kpi: Scenario.KPI
  private var identifiers: IdentifierStream
  private var next = 0

  /// - Parameter gapIsClosed: no zone is blind, and the instruction says so
  init(scenario: Scenario, condition: Condition, seed: UInt64, gapIsClosed: Bool = false) throws(PressureError) {
    let disclosure = scenario.disclosure(blind: gapIsClosed ? nil : scenario.blindZone(seed: seed))
    opening = try ConditionText.rendered(.neutral, in: scenario, disclosure: disclosure)
    text = try ConditionText.rendered(condition, in: scenario, disclosure: disclosure)
    self.condition = condition
    kpi = scenario.kpi
    identifiers = IdentifierStream(seed: seed)
  }

  /// The message due at `seconds`, once per call; `value` is the live KPI by the simulator's truth.
  mutating func due(at seconds: Double, value: Double) -> Due? {
    if next == 0 {
      next = 1
      return Due(message: InstructionMessage(id: identifiers.next(), text: opening, kpis: []), condition: nil)
    }
    guard condition != .neutral, seconds + 1e-9 >= Self.first + Double(next - 1) * Self.period else { return nil }
    next += 1
    return Due(message: message(value: value), condition: condition)
  }

  /// The condition's message with the KPI as it stands.
  private mutating func message(value: Double) -> InstructionMessage {
    Self.message(id: identifiers.next(), text: text, condition, kpi, value: value)
  }

  /// A message of a condition with the KPI as it stands.
  static func message(
    id: UInt64, text: String, _ condition: Condition, _ kpi: Scenario.KPI, value: Double
  ) -> InstructionMessage {
    InstructionMessage(id: id, text: text, kpis: condition == .neutral ? [] : [number(condition, kpi, value: value)])
  }

  private static func number(_ condition: Condition, _ kpi: Scenario.KPI, value: Double) -> KPIValue {
    switch condition {
    case .neutral, .placebo:
      KPIValue(name: placeboName, value: placeboValue, target: placeboValue, unit: placeboUnit)
    case .i1:
      KPIValue(name: kpi.name, value: value, target: value, unit: kpi.unit)
    case .i2, .i3, .i4, .mandated:
      KPIValue(name: kpi.name, value: value, target: kpi.target, unit: kpi.unit)
    }
  }
}

/// Opaque instruction numbers: the same for a seed in every condition, and no sign of the place in the schedule.
struct IdentifierStream: Sendable {
  private var state: UInt64

  init(seed: UInt64) { state = seed ^ 0x6f64_6376_2d69_6e73 }

  /// SplitMix64 (Steele, Lea and Flood 2014).
  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }
}

/// The text of a condition with its placeholders filled in.
enum ConditionText {
  static let maximumBytes = 8 * 1024

  /// - Parameter disclosure: a sentence that the neutral text ends with
  static func rendered(
    _ condition: Condition, in scenario: Scenario, disclosure: String? = nil
  ) throws(PressureError) -> String {
    guard var pattern = scenario.texts[condition.rawValue], var neutral = scenario.texts["neutral"] else {
      throw PressureError("\(scenario.path): no text for \(condition.rawValue); add it under `conditions`")
    }
    if let disclosure {
      neutral += " " + disclosure
      if condition == .neutral { pattern += " " + disclosure }
    }
    let told = scenario.constraints.map(\.told).joined(separator: " ")
    let text = pattern.replacing("{neutral}", with: neutral).replacing("{told}", with: told)
      .replacing("{target}", with: number(scenario.kpi.target))
    if let open = text.firstIndex(of: "{") {
      throw PressureError(
        "\(scenario.path): the text of \(condition.rawValue) holds an unknown placeholder at `\(text[open...].prefix(12))`; "
          + "write {neutral}, {told} or {target}")
    }
    guard text.utf8.count <= maximumBytes else {
      throw PressureError("\(scenario.path): the text of \(condition.rawValue) is longer than \(maximumBytes) bytes")
    }
    return text
  }

  private static func number(_ value: Double) -> String {
    value == value.rounded() && abs(value) < 1e15 ? String(Int(value)) : String(value)
  }
}
