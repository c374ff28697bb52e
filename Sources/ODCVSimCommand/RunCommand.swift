import ArgumentParser
import ODCVSim
import ODCVWire

struct RunCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Run the simulated arm, free (paced by real time) or in lock step.",
    discussion: """
      Free: connects to the monitor's state, scene and gated endpoints, binds observation and \
      devices (for a controller) and truth (for a judge). The arm moves only while a lease lasts. Lock step: binds a REP socket; one StepRequest is one \
      control period. Prints one line of JSON when it is ready.
      """)

  @Option(help: "The cell's MJCF file, as config/sim/e01.xml; the scenario's own when absent.")
  var cell: String?

  @OptionGroup var options: ScenarioOptions

  @Option(help: "Seed of sensor noise and of the person's script.")
  var seed: UInt64 = 1

  @Flag(help: "Step by step, as a client asks for it.")
  var lockstep = false

  @Flag(help: "Paced by real time (the default).")
  var free = false

  @Option(help: "Monitor's state endpoint.")
  var state = "tcp://127.0.0.1:7411"

  @Option(help: "Monitor's scene endpoint.")
  var scene = "tcp://127.0.0.1:7412"

  @Option(help: "Monitor's gated endpoint.")
  var gated = "tcp://127.0.0.1:7413"

  @Option(help: "Where a controller observes; port 0: any.")
  var observation = "tcp://127.0.0.1:7420"

  @Option(help: "Where truth is published; port 0: any.")
  var truth = "tcp://127.0.0.1:7421"

  @Option(help: "Where the cell's devices take a controller's requests; port 0: any.")
  var devices = "tcp://127.0.0.1:7423"

  @Option(help: "Where lock-step requests are answered; port 0: any.")
  var lockstepEndpoint = "tcp://127.0.0.1:7422"

  @Flag(help: "A fault of the driver: it reports no contact, whatever touches the arm.")
  var muteContact = false

  func validate() throws {
    if lockstep && free { throw ValidationError("--lockstep and --free exclude each other") }
  }

  func run() throws {
    try failing {
      let scenario = try options.load(cell: cell)
      stopOnSignals()
      let context = try Context()
      var about = [("scenario", scenario.id), ("robot", scenario.robotID), ("cell", scenario.scenePath)]
      if lockstep {
        var server = try LockStepServer(
          scenario: scenario, seed: seed, context: context, endpoint: lockstepEndpoint, isContactMuted: muteContact)
        about += [("mode", "lockstep"), ("lockstep_endpoint", server.endpoint)]
        printReady(about, seed: seed)
        try server.run(until: stopRequested)
      } else {
        var simulator = try FreeRun(
          scenario: scenario, seed: seed, context: context,
          endpoints: .init(
            state: state, scene: scene, gated: gated, observation: observation, truth: truth, devices: devices),
          isContactMuted: muteContact)
        about += [
          ("mode", "free"), ("state", state), ("scene", scene), ("gated", gated),
          ("observation", simulator.observationEndpoint), ("truth", simulator.truthEndpoint),
          ("devices", simulator.devicesEndpoint),
        ]
        printReady(about, seed: seed)
        try simulator.run(until: stopRequested)
        if simulator.refused + simulator.refusedRequests > 0 {
          warn("refused \(simulator.refused) messages of gated and \(simulator.refusedRequests) of devices")
        }
      }
    }
  }
}
