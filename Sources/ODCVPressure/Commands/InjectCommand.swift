import ArgumentParser
import Foundation
import ODCVCodec
import ODCVConfig
import ODCVSim

struct InjectCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "inject", abstract: "Puts pressure on a controller that is running.",
    discussion: """
      Binds the instruction endpoint and, before each message, asks the monitor how it is. An arm counts as real unless the \
      simulator at `truth` proves that the states which the monitor hears are its own. On a simulated arm --arm is enough. On a \
      real one nothing is sent unless the monitor enforces, an operator has armed it (`odcv-pressure arm`), the cell is declared \
      unoccupied and nobody is seen in it, and the dose is within the file's and the operator's. Each message is recorded by the \
      monitor; a line of JSON about each block says what the controller did meanwhile.
      """)

  @Option(help: "The injection file, such as config/pressure.yaml.") var config: String
  @Option(help: "In place of the file's scenario: another file, or the id of one beside it.") var scenario: String?
  @Option(help: "In place of the file's endpoint for instructions; port 0 takes any free one.") var instruction: String?
  @Option(help: "In place of the file's: the simulator's truth endpoint.") var truth: String?
  @Option(help: "The monitor's control endpoint; by default its configuration's.") var control: String?
  @Option(help: "In place of the file's: conditions in order, separated by commas, once.") var schedule: String?
  @Option(help: "Length of all together, s, shared out evenly.") var seconds: Double?
  @Option(help: "Seed that the record names, of the order and of the instructions' numbers.") var seed: UInt64 = 1
  @Flag(help: "Arms the injection on a simulated arm.") var arm = false
  @Flag(help: "Waits until it may begin, as a service does, instead of ending with the reason why not.") var wait = false

  func validate() throws {
    if let seconds { guard seconds > 0, seconds <= 604_800 else { throw ValidationError("--seconds \(seconds): give more than 0, at most 604800") } }
  }

  func run() throws {
    try reporting {
      var file = try InjectionFile.load(path: config)
      if let schedule {
        file.conditions = try Choices.parse(schedule, "--schedule")
        (file.order, file.repeats) = (.listed, 1)
        if let condition = file.conditions.first(where: { $0.dose > file.greatestDose }) {
          throw PressureError(
            "--schedule: \(condition.rawValue) has dose \(condition.dose), above greatest_dose \(file.greatestDose) of \(config)")
        }
      }
      if let scenario {
        let folder = (file.scenario as NSString).deletingLastPathComponent
        file = try file.naming(scenario.hasSuffix(".yaml") ? scenario : (folder as NSString).appendingPathComponent(scenario + ".yaml"))
      }
      let loaded = try LoadedConfiguration.load(path: file.monitor)
      Campaign.stopOnSignal()
      // Whoever reads its lines may go away; what it put on a controller must be taken back all the same.
      signal(SIGPIPE, SIG_IGN)
      var injection = try LiveInjection(
        file, scenario: try Scenario.load(path: file.scenario), robotID: loaded.robotID, operators: loaded.operators, seed: seed,
        configuration: ScenarioFolder.hex(loaded.core.digest),
        endpoints: .init(
          instruction: instruction ?? file.instruction, truth: truth ?? file.truth,
          control: control ?? loaded.endpoints.control),
        isFlagged: arm)
      try begin(&injection)
      guard !Campaign.interrupted.load(ordering: .relaxed) else { return .done }
      output(injection.readyLine + "\n")
      guard try injection.awaitController(within: wait ? nil : .seconds(30)) else {
        if Campaign.interrupted.load(ordering: .relaxed) { return .done }
        throw PressureError(
          "no controller listens at \(injection.instructionEndpoint); start it, or name this endpoint to it", exit: .rig)
      }
      try injection.run(for: seconds.map { .seconds($0) }) { line in
        if !offer(line + "\n") { Campaign.interrupted.store(true, ordering: .relaxed) }
      }
      output(injection.summaryLine + "\n")
      return injection.isRecorded ? .done : .incomplete
    }
  }

  /// Returns when the first message may be sent.
  private func begin(_ injection: inout LiveInjection) throws {
    var said: String?
    while let reason = try injection.refusal() {
      guard wait else { throw PressureError("refused: \(reason)") }
      if reason != said { output("{\"waiting\":true}\n") }
      if reason != said { note("odcv-pressure: waits: \(reason)\n") }
      said = reason
      for _ in 0..<10 where !Campaign.interrupted.load(ordering: .relaxed) { Thread.sleep(forTimeInterval: 0.1) }
      if Campaign.interrupted.load(ordering: .relaxed) { return }
    }
  }
}

struct ArmCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "arm", abstract: "Lets an injection begin, signed with an operator's key.",
    discussion: """
      Writes the arming where the injection file says. It holds for this very file, on this start of the machine, until its time \
      is over or `disarm` takes it away.
      """)

  @Option(help: "The injection file.") var config: String
  @Option(help: "The operator's private key, as `odcv-monitor keygen` wrote it.") var key: String
  @Option(name: .customLong("for"), help: "How long it holds, s; at most 12 hours.") var seconds: Int64
  @Option(help: "The strongest dose, 0 to 5; by default the file's.") var dose: UInt32?

  func run() throws {
    try reporting {
      let file = try InjectionFile.load(path: config)
      guard (1...Arming.longest).contains(seconds) else {
        throw PressureError("--for \(seconds): give 1 to \(Arming.longest) s")
      }
      guard let text = FileManager.default.contents(atPath: key), let key = OperatorKey(parsing: String(decoding: text, as: UTF8.self))
      else { throw PressureError("\(key): not an operator's key; make one with `odcv-monitor keygen`") }
      let loaded = try LoadedConfiguration.load(path: file.monitor)
      let now = Int64(Date().timeIntervalSince1970)
      let arming = try Arming(
        robot: loaded.robotID, digest: file.digest, operatorName: key.name, until: now + seconds,
        greatestDose: min(dose ?? file.greatestDose, file.greatestDose), boot: Arming.machineBoot
      ).signed(with: key)
      if let flaw = arming.flaw(file, robot: loaded.robotID, operators: loaded.operators, boot: arming.boot, at: now) {
        throw PressureError("\(file.monitor): this would arm nothing: \(flaw); `operators` takes the line that keygen prints, and the monitor a restart")
      }
      do {
        try Data(arming.text.utf8).write(to: URL(fileURLWithPath: file.arming), options: .atomic)
      } catch {
        throw PressureError("\(file.arming): can't be written; make its folder writable to you (\(error.localizedDescription))")
      }
      output("armed by \(key.name) for \(seconds) s, up to dose \(arming.greatestDose): \(file.arming)\n")
      return .done
    }
  }
}

struct DisarmCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "disarm", abstract: "Takes an arming away: pressure is taken back, and no further message is sent.")

  @Option(help: "The injection file.") var config: String

  func run() throws {
    try reporting {
      let file = try InjectionFile.load(path: config)
      guard FileManager.default.fileExists(atPath: file.arming) else {
        output("nothing is armed: \(file.arming) is not there\n")
        return .done
      }
      do {
        try FileManager.default.removeItem(atPath: file.arming)
      } catch {
        throw PressureError("\(file.arming): can't be removed (\(error.localizedDescription)); stop odcv-pressure.service")
      }
      output("disarmed\n")
      return .done
    }
  }
}
