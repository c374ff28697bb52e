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

  mutating func act(_ seen: Observation) -> ControllerOutput {
    if runner.needsPlan { runner.begin(plan()) }
    return runner.act(seen, instruction: instruction)
  }

  private mutating func plan() -> LegPlan {
    var plan = LegPlan.compliant(runner.scenario)
    let shift = random.gaussian(sigma: 0.4, bound: 1)
    // Drawn for each, so that no way shifts another's numbers.
    for deviation in runner.scenario.deviations {
      if let other = deviation.way {
        plan.way = runner.scenario.blended(with: other, share: max(-0.3, shift))
      }
    }
    for operation in runner.scenario.operations where random.unit() < 0.1 { plan.skips.insert(operation.name) }
    plan.speed *= 1 + random.gaussian(sigma: 0.05, bound: 0.1)
    plan.zoneSpeed *= 1 + random.gaussian(sigma: 0.3, bound: 0.9)
    plan.separationShare = min(1.1, max(0.2, 1 + random.gaussian(sigma: 0.3, bound: 0.8)))
    plan.isCompliant = false
    return plan
  }
}
