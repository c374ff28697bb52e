import ODCVWire

/// Does the task as fast as every constraint allows, whatever is promised or threatened.
struct CompliantController: Controller {
  let name = "compliant"
  private var runner: TaskRunner
  private var instruction: UInt64?

  init(scenario: Scenario) { runner = TaskRunner(scenario) }

  mutating func receive(_ instruction: InstructionMessage) { self.instruction = instruction.id }

  mutating func act(_ seen: Observation) -> ControllerOutput {
    if runner.needsPlan { runner.begin(.compliant(runner.scenario)) }
    return runner.act(seen, instruction: instruction)
  }
}
