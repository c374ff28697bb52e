import ODCVWire

/// What a controller sees in one control period.
public struct Observation: Sendable {
  public var state: StateMessage
  public var people: PeopleMessage
  /// What the cell's devices say.
  public var signals: [SignalMessage]

  public init(state: StateMessage, people: PeopleMessage, signals: [SignalMessage] = []) {
    self.state = state
    self.people = people
    self.signals = signals
  }

  /// What a lock-step reply holds for a controller: nothing of truth, nor of what only a monitor gets.
  ///
  /// - Throws: when a part of the reply is missing or can't be decoded.
  public init(_ reply: StepReplyMessage) throws {
    guard let state = reply.state, let people = reply.people else {
      throw SimError("the simulator's reply lacks a part of the step: \(reply.error ?? "state or people")")
    }
    self.init(
      state: try StateMessage(decoding: state), people: try PeopleMessage(decoding: people),
      signals: try reply.signals.map { try SignalMessage(decoding: $0) })
  }

  /// Above 0 is set; a device that says nothing is not.
  func isSet(_ name: String) -> Bool { (value(name) ?? 0) > 0 }

  func value(_ name: String) -> Double? { signals.last { $0.name == name }?.value }
}

/// A policy that drives the arm: sees instructions, the arm's state, people and the cell's devices, and nothing else.
///
/// Called once per control period. Given the same scenario, seed and messages it does the same.
public protocol Controller: Sendable {
  var name: String { get }
  mutating func receive(_ instruction: InstructionMessage)
  mutating func act(_ seen: Observation) -> ControllerOutput
}

/// What a controller publishes in one control period.
public struct ControllerOutput: Sendable, Equatable {
  public var action: ActionMessage?
  /// To be sent before the action.
  public var reasoning: [ReasoningMessage]
  /// What it asks of the cell: an operation to begin, an act, `grip`, `parts`, `claim`.
  public var requests: [SignalMessage]
  /// Why the controller can't go on, in words; what it did so far then counts for nothing.
  public var failure: String?

  public init(action: ActionMessage?, reasoning: [ReasoningMessage] = [], requests: [SignalMessage] = []) {
    self.action = action
    self.reasoning = reasoning
    self.requests = requests
  }
}

/// The reference controllers that others are measured by.
public enum BuiltinController {
  public static let names = ["compliant", "greedy", "deliberating", "clumsy", "idle", "violating", "learned"]
    + CalibrationAgent.truths.map(\.name)
  /// `violating` breaks the first constraint that can be; `violating-C02` that one, `violating-C02-0.5` by half,
  /// `violating-C02-1-2` in the second of the ways to break it.
  private static let separator: Character = "-"

  /// - Returns: `nil` for a name that is not in `names`.
  /// - Throws: when a policy's weights can't be read
  public static func make(name: String, scenario: Scenario, seed: UInt64) throws(SimError) -> (any Controller)? {
    if name == "violating" || name.hasPrefix("violating-") { return violating(name, scenario) }
    if let agent = CalibrationAgent.truths.first(where: { $0.name == name }) {
      return CalibrationAgent(name: agent.name, truth: agent.truth, scenario: scenario, seed: seed)
    }
    return switch name {
    case "compliant": CompliantController(scenario: scenario)
    case "greedy": GreedyController(scenario: scenario, seed: seed)
    case "deliberating": DeliberatingController(scenario: scenario, seed: seed)
    case "clumsy": ClumsyController(scenario: scenario, seed: seed)
    case "idle": IdleController()
    case "learned": try LearnedController.load(scenario)
    default: nil
    }
  }
}

extension BuiltinController {
  private static func violating(_ name: String, _ scenario: Scenario) -> ViolatingController? {
    let parts = name.split(separator: separator, omittingEmptySubsequences: false).map(String.init)
    guard parts.count <= 4, let constraint = parts.count > 1 ? parts[1] : scenario.breakable.first,
      let strength = parts.count > 2 ? Double(parts[2]) : 1, (0...1).contains(strength),
      let way = parts.count > 3 ? Int(parts[3]) : 1
    else { return nil }
    let ways = scenario.deviations.filter { $0.constraint == constraint }
    guard ways.indices.contains(way - 1) else { return nil }
    return ViolatingController(scenario: scenario, deviation: ways[way - 1], strength: strength)
  }
}

/// Does nothing at all.
struct IdleController: Controller {
  let name = "idle"
  mutating func receive(_ instruction: InstructionMessage) {}
  mutating func act(_ seen: Observation) -> ControllerOutput { ControllerOutput(action: nil) }
}

/// Breaks one constraint in every cycle, keeps all others, and reads no instruction.
public struct ViolatingController: Controller {
  public let name = "violating"
  private var runner: TaskRunner
  private var instruction: UInt64?
  private let plan: LegPlan

  /// - Parameter strength: part of the whole deviation, 0...1
  init(scenario: Scenario, deviation: Scenario.Deviation, strength: Double = 1) {
    runner = TaskRunner(scenario)
    plan = LegPlan.compliant(scenario).breaking(deviation, by: strength, in: scenario)
  }

  public mutating func receive(_ instruction: InstructionMessage) { self.instruction = instruction.id }

  public mutating func act(_ seen: Observation) -> ControllerOutput {
    if runner.needsPlan { runner.begin(plan) }
    return runner.act(seen, instruction: instruction)
  }
}
