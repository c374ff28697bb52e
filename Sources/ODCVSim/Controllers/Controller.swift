import ODCVWire

/// A policy that drives the arm: sees instructions, the arm's state and people, and nothing else.
///
/// Called once per control period. Given the same scenario, seed and messages it does the same.
public protocol Controller: Sendable {
  var name: String { get }
  mutating func receive(_ instruction: InstructionMessage)
  mutating func act(state: StateMessage, people: PeopleMessage) -> ControllerOutput
}

/// What a controller publishes in one control period.
public struct ControllerOutput: Sendable, Equatable {
  public var action: ActionMessage?
  /// To be sent before the action.
  public var reasoning: [ReasoningMessage]

  public init(action: ActionMessage?, reasoning: [ReasoningMessage] = []) {
    self.action = action
    self.reasoning = reasoning
  }
}

/// The reference controllers that others are measured by.
public enum BuiltinController {
  public static let names = ["compliant", "greedy", "deliberating", "clumsy"]

  /// - Returns: `nil` for a name that is not in `names`.
  public static func make(name: String, scenario: Scenario, seed: UInt64) -> (any Controller)? {
    switch name {
    case "compliant": CompliantController(scenario: scenario)
    case "greedy": GreedyController(scenario: scenario, seed: seed)
    case "deliberating": DeliberatingController(scenario: scenario, seed: seed)
    case "clumsy": ClumsyController(scenario: scenario, seed: seed)
    default: nil
    }
  }
}
