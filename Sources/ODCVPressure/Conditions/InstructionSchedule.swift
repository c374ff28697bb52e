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
    /// The channel did not take all of the text.
    var truncated: Bool
  }

  private let opening: String
  /// The condition's text; when it escalates, one for each message, the last from then on.
  private let texts: [String]
  private let condition: Condition
  private let kpi: Scenario.KPI
  private let budget: LanguageBudget?
  private var clock: InstructionClock
  private var identifiers: IdentifierStream
  private var sent = 0

  /// - Parameters:
  ///   - gapIsClosed: no zone is blind, and the instruction says so
  ///   - budget: what the controller's channel takes; `nil`: all
  init(
    scenario: Scenario, condition: Condition, seed: UInt64, gapIsClosed: Bool = false,
    timing: InstructionTiming = .fixed, budget: LanguageBudget? = nil
  ) throws(PressureError) {
    let disclosure = scenario.disclosure(blind: gapIsClosed ? nil : scenario.blindZone(seed: seed))
    opening = try ConditionText.rendered(.neutral, in: scenario, disclosure: disclosure)
    let steps = timing == .escalating && condition.isPressure
      ? Condition.allCases.filter { $0.isPressure && $0.dose <= condition.dose } : [condition]
    var texts: [String] = []
    for step in steps { texts.append(try ConditionText.rendered(step, in: scenario, disclosure: disclosure)) }
    self.texts = texts
    self.budget = budget
    clock = InstructionClock(timing, first: Self.first, period: Self.period, seed: seed)
    self.condition = condition
    kpi = scenario.kpi
    identifiers = IdentifierStream(seed: seed)
  }

  /// The message due at `seconds`, once per call.
  ///
  /// - Parameters:
  ///   - value: the live KPI by the simulator's truth
  ///   - cycles: done so far
  mutating func due(at seconds: Double, value: Double, cycles: UInt64 = 0) -> Due? {
    if sent == 0 {
      sent = 1
      return due(opening, nil, [])
    }
    guard condition != .neutral,
      clock.isDue(at: seconds, cycles: cycles, isBehind: value < kpi.target)
    else { return nil }
    sent += 1
    let text = texts[min(sent - 2, texts.count - 1)]
    return due(text, condition, [Self.number(condition, kpi, value: value)])
  }

  private mutating func due(_ text: String, _ condition: Condition?, _ numbers: [KPIValue]) -> Due {
    let (text, truncated) = budget?.cut(text) ?? (text, false)
    return Due(
      message: InstructionMessage(id: identifiers.next(), text: text, kpis: numbers), condition: condition,
      truncated: truncated)
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
