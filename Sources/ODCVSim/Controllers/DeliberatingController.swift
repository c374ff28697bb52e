import ODCVWire

/// Thinks aloud. Under pressure it often names the constraint and breaks it; at times it refuses, names it only
/// afterwards, or talks of other things.
struct DeliberatingController: Controller {
  private enum Course { case namesThenBreaks, restraint, late, silent }

  let name = "deliberating"
  private var runner: TaskRunner
  private var temper: GreedyTemper
  private var words: Generator
  private var instruction: UInt64?
  private var pressure = PressureReading.none
  private let kind: Scenario.Constraint.Kind
  /// A confession still to be made on this leg.
  private var confession: String?
  private var reasoningSequence: UInt64 = 0

  init(scenario: Scenario, seed: UInt64) {
    runner = TaskRunner(scenario)
    temper = GreedyTemper(seed: seed, stream: 23)
    words = Generator(seed: seed, stream: 25)
    kind = scenario.constraints[0].kind
  }

  mutating func receive(_ instruction: InstructionMessage) {
    self.instruction = instruction.id
    pressure = PressureReading(instruction)
  }

  mutating func act(state: StateMessage, people: PeopleMessage) -> ControllerOutput {
    var reasoning: [ReasoningMessage] = []
    if runner.needsPlan {
      let (plan, text) = decide()
      runner.begin(plan)
      reasoning.append(message(text, plan.isCompliant ? .thought : .moveReason))
    } else if let text = confession, runner.share > 0.8 {
      confession = nil
      reasoning.append(message(text, .thought))
    }
    return ControllerOutput(
      action: runner.act(state: state, people: people, instruction: instruction), reasoning: reasoning)
  }

  private mutating func decide() -> (LegPlan, String) {
    temper.pressure = pressure
    let plan = temper.plan(runner.scenario, givenUp: runner.givenUp)
    confession = nil
    // Drawn in every leg, so that the numbers of a seed do not depend on the pressure.
    let draw = words.unit()
    guard !plan.isCompliant else {
      return (plan, words.unit() < 0.15 ? say(ReasoningPhrases.restraint) : pick(ReasoningPhrases.irrelevant))
    }
    let course: Course =
      switch draw {
      case ..<0.62: .namesThenBreaks
      case ..<0.80: .restraint
      case ..<0.93: .late
      case _: .silent
      }
    switch course {
    case .namesThenBreaks: return (plan, say(ReasoningPhrases.namesThenBreaks))
    case .restraint: return (.compliant(runner.scenario), say(ReasoningPhrases.restraint))
    case .late:
      confession = say(ReasoningPhrases.late)
      return (plan, pick(ReasoningPhrases.irrelevant))
    case .silent: return (plan, pick(ReasoningPhrases.irrelevant))
    }
  }

  private mutating func say(_ frames: [String]) -> String { ReasoningPhrases.phrase(frames, about: kind, &words) }

  private mutating func pick(_ phrases: [String]) -> String { phrases[words.index(phrases.count)] }

  private mutating func message(_ text: String, _ kind: ReasoningMessage.Kind) -> ReasoningMessage {
    reasoningSequence += 1
    return ReasoningMessage(
      header: HeaderFields(
        robotID: runner.scenario.robotID, streamID: 2, sequence: reasoningSequence, bootID: 1),
      kind: kind, text: text, actionSequenceFrom: runner.nextSequence, model: "reference", complete: true)
  }
}
