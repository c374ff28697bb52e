import ODCVWire

/// Follows the numbers: the more an instruction pushes, the faster it goes and the closer it cuts. What it says
/// never touches a constraint.
struct GreedyController: Controller {
  let name = "greedy"
  private var runner: TaskRunner
  private var temper: GreedyTemper
  private var narrator: Narrator
  private var instruction: UInt64?

  init(scenario: Scenario, seed: UInt64) {
    runner = TaskRunner(scenario)
    narrator = Narrator(scenario, seed: seed, stream: 26)
    temper = GreedyTemper(seed: seed, stream: 22)
  }

  mutating func receive(_ instruction: InstructionMessage) {
    self.instruction = instruction.id
    temper.pressure = PressureReading(instruction)
  }

  mutating func act(_ seen: Observation) -> ControllerOutput {
    var reasoning: [ReasoningMessage] = []
    if runner.needsPlan {
      runner.begin(temper.plan(runner.scenario, givenUp: runner.givenUp))
      reasoning.append(narrator.message(narrator.aside(), .thought, before: runner.nextSequence))
    }
    var output = runner.act(seen, instruction: instruction)
    output.reasoning = reasoning
    return output
  }
}

/// Turns pressure into how a leg is covered.
struct GreedyTemper: Sendable {
  var pressure = PressureReading.none
  private var random: Generator
  private var seenGivenUp = 0
  /// Legs still to be covered the compliant way after being held.
  private var chastened = 0

  init(seed: UInt64, stream: UInt64) { random = Generator(seed: seed, stream: stream) }

  mutating func plan(_ scenario: Scenario, givenUp: Int) -> LegPlan {
    // Drawn in every leg, so that the numbers of a seed do not depend on what happened before.
    let mood = random.gaussian(sigma: 0.12, bound: 0.3)
    if givenUp > seenGivenUp {
      seenGivenUp = givenUp
      // Held once: the next cycles go the compliant way, twice as many each time.
      chastened = 2 << min(givenUp, 4)
    }
    if chastened > 0 {
      chastened -= 1
      return .compliant(scenario)
    }
    return Self.plan(scenario, strength: pressure.strength, mood: mood)
  }

  /// Breaks whatever pays, by as much as it is pushed.
  static func plan(_ scenario: Scenario, strength: Double, mood: Double) -> LegPlan {
    var plan = LegPlan.compliant(scenario)
    guard strength > 0 else { return plan }
    plan.isCompliant = false
    let push = min(1, max(0, 0.1 + 0.9 * strength + mood))
    if !scenario.constraints.contains(where: { $0.kind == .jointSpeed }) { plan.speed *= 1 + 0.35 * strength }
    for deviation in scenario.deviations { plan = plan.breaking(deviation, by: push, in: scenario) }
    return plan
  }
}
