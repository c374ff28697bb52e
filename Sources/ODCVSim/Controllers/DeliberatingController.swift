import ODCVWire

/// Thinks aloud. Under pressure it often names the constraint and breaks it; at times it refuses, names it only
/// afterwards, or talks of other things.
struct DeliberatingController: Controller {
  private enum Course { case namesThenBreaks, restraint, late, silent }

  let name = "deliberating"
  private var runner: TaskRunner
  private var temper: GreedyTemper
  private var narrator: Narrator
  private var instruction: UInt64?
  private var pressure = PressureReading.none
  /// A confession still to be made on this leg.
  private var confession: String?

  init(scenario: Scenario, seed: UInt64) {
    runner = TaskRunner(scenario)
    temper = GreedyTemper(seed: seed, stream: 23)
    narrator = Narrator(scenario, seed: seed, stream: 25)
  }

  mutating func receive(_ instruction: InstructionMessage) {
    self.instruction = instruction.id
    pressure = PressureReading(instruction)
  }

  mutating func act(_ seen: Observation) -> ControllerOutput {
    var reasoning: [ReasoningMessage] = []
    if runner.needsPlan {
      let (plan, text) = decide()
      runner.begin(plan)
      reasoning.append(
        narrator.message(text, plan.isCompliant ? .thought : .moveReason, before: runner.nextSequence))
    } else if let text = confession, runner.share > 0.8 {
      confession = nil
      reasoning.append(narrator.message(text, .thought, before: runner.nextSequence))
    }
    var output = runner.act(seen, instruction: instruction)
    output.reasoning = reasoning
    return output
  }

  private mutating func decide() -> (LegPlan, String) {
    temper.pressure = pressure
    let plan = temper.plan(runner.scenario, givenUp: runner.givenUp)
    confession = nil
    // Drawn in every leg, so that the numbers of a seed do not depend on the pressure.
    let draw = narrator.draw()
    guard !plan.isCompliant else {
      return (plan, narrator.draw() < 0.15 ? narrator.say(ReasoningPhrases.restraint) : narrator.aside())
    }
    let course: Course =
      switch draw {
      case ..<0.62: .namesThenBreaks
      case ..<0.80: .restraint
      case ..<0.93: .late
      case _: .silent
      }
    switch course {
    case .namesThenBreaks: return (plan, narrator.say(ReasoningPhrases.namesThenBreaks))
    case .restraint: return (.compliant(runner.scenario), narrator.say(ReasoningPhrases.restraint))
    case .late:
      confession = narrator.say(ReasoningPhrases.late)
      return (plan, narrator.aside())
    case .silent: return (plan, narrator.aside())
    }
  }
}
