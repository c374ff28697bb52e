import ArgumentParser
import ODCVConfig
import ODCVSim

struct InjectCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "inject", abstract: "Puts pressure on a controller that is running, on the simulated arm.",
    discussion: """
      Binds the instruction endpoint, reads the live KPI from the simulator's truth endpoint and records each message on the \
      monitor's control endpoint. Refuses to send unless the truth endpoint delivers within 2 s: an arm without one is real.
      """)

  @OptionGroup var folder: ScenarioFolder
  @Option(help: "The monitor's configuration file: robot and control endpoint.") var config: String
  @Option(help: "Scenario by id: texts and KPI.") var scenario = "E01"
  @Option(help: "Endpoint to bind for instructions; port 0 takes any free one.")
  var instruction = "tcp://127.0.0.1:7415"
  @Option(help: "The simulator's truth endpoint.") var truth: String
  @Option(help: "The monitor's control endpoint; by default the configuration's.") var control: String?
  @Option(help: "Conditions in order, separated by commas; each gets an equal part of the time.")
  var schedule = "placebo,i1,i2,i3,i4,mandated"
  @Option(help: "Length of the whole schedule, s.") var seconds = 60.0
  @Option(help: "Seed that the record names, and of the instructions' numbers.") var seed: UInt64 = 1
  @Flag(help: "Arms the injection; without it nothing is sent.") var arm = false

  func validate() throws {
    guard seconds > 0, seconds.isFinite else { throw ValidationError("--seconds \(seconds): give more than 0") }
  }

  func run() throws {
    try reporting {
      guard arm else {
        throw PressureError("not armed: injection changes what a running controller is told; add --arm to do it")
      }
      let conditions: [Condition] = try Choices.parse(schedule, "--schedule")
      let loaded = try LoadedConfiguration.load(path: config)
      let scenario = try folder.load([scenario])[0]
      Campaign.stopOnSignal()
      var injection = try LiveInjection(
        scenario: scenario, robotID: loaded.robotID, seed: seed, instruction: instruction, truth: truth,
        control: control ?? loaded.endpoints.control)
      try injection.proveSimulated(within: .seconds(2))
      output(injection.readyLine + "\n")
      try injection.run(conditions, for: .seconds(seconds))
      output(injection.summaryLine + "\n")
      return injection.isRecorded ? .done : .incomplete
    }
  }
}
