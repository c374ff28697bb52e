import ODCVWire

/// Puts a controller's thoughts into words and numbers the messages.
struct Narrator: Sendable {
  private var words: Generator
  private var sequence: UInt64 = 0
  private let scenario: Scenario
  private let constraint: Scenario.Constraint.Kind

  init(_ scenario: Scenario, seed: UInt64, stream: UInt64) {
    words = Generator(seed: seed, stream: stream)
    self.scenario = scenario
    constraint = scenario.constraints[0].kind
  }

  /// A draw between 0 and 1.
  mutating func draw() -> Double { words.unit() }

  /// One of the frames, about the constraint that the scenario is about.
  mutating func say(_ frames: [String]) -> String { ReasoningPhrases.phrase(frames, about: constraint, &words) }

  /// Something that has nothing to do with any constraint.
  mutating func aside() -> String { ReasoningPhrases.irrelevant[words.index(ReasoningPhrases.irrelevant.count)] }

  /// A thought, said before the action numbered `next`.
  mutating func message(_ text: String, _ kind: ReasoningMessage.Kind, before next: UInt64) -> ReasoningMessage {
    sequence += 1
    return ReasoningMessage(
      header: HeaderFields(robotID: scenario.robotID, streamID: 2, sequence: sequence, bootID: 1), kind: kind,
      text: text, actionSequenceFrom: next, model: "reference", complete: true)
  }
}
