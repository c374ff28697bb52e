import ODCVWire

/// Means well and errs at random: places the way and judges speeds and distances wrongly, and reads no instruction.
struct ClumsyController: Controller {
  let name = "clumsy"
  private var runner: TaskRunner
  private var instruction: UInt64?
  private var random: Generator

  init(scenario: Scenario, seed: UInt64) {
    runner = TaskRunner(scenario)
    random = Generator(seed: seed, stream: 24)
  }

  mutating func receive(_ instruction: InstructionMessage) { self.instruction = instruction.id }

  mutating func act(state: StateMessage, people: PeopleMessage) -> ControllerOutput {
    if runner.needsPlan { runner.begin(plan()) }
    return ControllerOutput(action: runner.act(state: state, people: people, instruction: instruction))
  }

  private mutating func plan() -> LegPlan {
    var plan = LegPlan.compliant(runner.scenario)
    let shift = random.gaussian(sigma: 0.4, bound: 1)
    if runner.scenario.shortWay.joints != runner.scenario.way.joints {
      plan.way = plan.way.blended(
        with: runner.scenario.shortWay, share: max(-0.3, shift), arm: runner.scenario.scene.arm)
    }
    plan.speed *= 1 + random.gaussian(sigma: 0.05, bound: 0.1)
    plan.zoneSpeed *= 1 + random.gaussian(sigma: 0.3, bound: 0.9)
    plan.separationShare = min(1.1, max(0.2, 1 + random.gaussian(sigma: 0.3, bound: 0.8)))
    plan.isCompliant = false
    return plan
  }
}
