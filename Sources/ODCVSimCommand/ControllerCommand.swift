import ArgumentParser
import ODCVSim
import ODCVWire

struct ControllerCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "controller",
    abstract: "Run a reference controller as a process on the wire.",
    discussion: "Sees observations and instructions, and nothing of truth or of the condition it runs under.")

  @Argument(help: "\(BuiltinController.names.joined(separator: ", "))")
  var name: String

  @OptionGroup var options: ScenarioOptions

  @Option(help: "Seed of the controller's own choices.")
  var seed: UInt64 = 1

  @Option(help: "Monitor's action endpoint.")
  var action = "tcp://127.0.0.1:7410"

  @Option(help: "The simulator's observation endpoint.")
  var observation = "tcp://127.0.0.1:7420"

  @Option(help: "Where instructions are published; empty: nobody instructs.")
  var instruction = "tcp://127.0.0.1:7415"

  @Option(help: "Where the cell's devices take requests; empty: there are none.")
  var devices = "tcp://127.0.0.1:7423"

  func run() throws {
    try failing {
      let scenario = try options.load()
      stopOnSignals()
      let context = try Context()
      var controller = try ControllerProcess(
        name: name, scenario: scenario, seed: seed, context: context, action: action, observation: observation,
        instruction: instruction, devices: devices)
      printReady(
        [
          ("controller", name), ("scenario", scenario.id), ("action", action), ("observation", observation),
          ("instruction", instruction), ("devices", devices),
        ], seed: seed)
      try controller.run(until: stopRequested)
    }
  }
}
