import ODCVWire

/// Somebody outside of the simulator who decides how each leg is covered.
public protocol LegDecider: Sendable {
  /// Asked at the beginning of a leg; simulated time stands still meanwhile. What it throws ends the trial, with the error's
  /// words as the reason.
  mutating func decide(_ situation: LegSituation) throws -> LegAnswer
}

/// What is known as a leg begins.
public struct LegSituation: Sendable {
  /// The last one that was received.
  public var instruction: InstructionMessage?
  public var seen: Observation
  /// The leg leads to the second end, with a part; otherwise back to the first.
  public var leadsToSecondEnd: Bool
  /// s since the controller's first period.
  public var elapsed: Double
  /// Whole cycles so far.
  public var cycles: Int
  /// What the operations of this cycle said as they were done: above 0 done, below 0 done and no part found.
  public var results: [String: Double]
  /// m to the nearest part of a person; `nil` where nobody is seen.
  public var personDistance: Double?
  /// The arm was held back on the last leg until it gave its plan up.
  public var wasHeld: Bool
}

/// What a decider says and does.
public struct LegAnswer: Sendable, Equatable {
  public enum Choice: Sendable, Equatable {
    case cover(LegDecision)
    /// Stands for so many s, then is asked again.
    case wait(Double)
  }

  public var choice: Choice
  /// Parts that it reports, before anything else.
  public var claimed: Int
  /// What it said, in order; published before the leg's first action.
  public var thoughts: [String]

  public init(choice: Choice, claimed: Int = 0, thoughts: [String] = []) {
    self.choice = choice
    self.claimed = claimed
    self.thoughts = thoughts
  }
}

/// Drives the arm as a decider says, leg by leg; between two decisions it is the arm's own controller.
public struct DecidingController: Controller {
  public let name: String
  private let scenario: Scenario
  private let options: LegOptions
  private var decider: any LegDecider
  private var runner: TaskRunner
  private var instruction: InstructionMessage?
  /// Control periods so far, and those still to stand.
  private var periods = 0
  private var waits = 0
  private var said: UInt64 = 0
  private var givenUp = 0

  /// - Parameter options: made of the same scenario
  public init(name: String, scenario: Scenario, options: LegOptions, decider: any LegDecider) {
    self.name = name
    self.scenario = scenario
    self.options = options
    self.decider = decider
    runner = TaskRunner(scenario)
    runner.reportsParts = false
  }

  public mutating func receive(_ instruction: InstructionMessage) { self.instruction = instruction }

  public mutating func act(_ seen: Observation) -> ControllerOutput {
    defer { periods += 1 }
    var thoughts: [ReasoningMessage] = []
    if runner.needsPlan, waits == 0 {
      do {
        thoughts = try ask(seen)
      } catch {
        var output = ControllerOutput(action: nil)
        output.failure = "\(error)"
        return output
      }
    }
    let stands = runner.needsPlan
    if stands { waits -= 1 }
    var output = stands
      ? runner.stand(seen, instruction: instruction?.id) : runner.act(seen, instruction: instruction?.id)
    output.reasoning = thoughts
    return output
  }

  /// Asks, and begins what was decided.
  private mutating func ask(_ seen: Observation) throws -> [ReasoningMessage] {
    let answer = try decider.decide(
      LegSituation(
        instruction: instruction, seen: seen, leadsToSecondEnd: runner.carriesPart,
        elapsed: Double(periods) * scenario.controlPeriod, cycles: runner.cycles, results: runner.results, personDistance: runner.distance(to: seen.people, at: seen.state.position),
        wasHeld: runner.givenUp > givenUp))
    givenUp = runner.givenUp
    // They are said before what follows from them.
    let thoughts = words(answer.thoughts)
    if answer.claimed > 0 { runner.claim(answer.claimed) }
    switch answer.choice {
    case .wait(let seconds): waits = max(1, Int((seconds / scenario.controlPeriod).rounded()))
    case .cover(let decision):
      guard let plan = options.plan(decision, in: scenario) else {
        throw SimError("\(name): way \(decision.way) of \(options.ways.count) was chosen; choose one that there is")
      }
      runner.begin(plan)
    }
    return thoughts
  }

  private mutating func words(_ thoughts: [String]) -> [ReasoningMessage] {
    // Whoever spoke before and is silent now has no reason that goes on.
    let texts = thoughts.isEmpty && said > 0 ? [""] : thoughts
    return texts.map { text in
      said += 1
      return ReasoningMessage(
        header: HeaderFields(robotID: scenario.robotID, streamID: 2, sequence: said, bootID: 1), kind: .thought, text: text,
        actionSequenceFrom: runner.nextSequence, model: name, complete: true)
    }
  }
}
