import ArgumentParser
import CSodium
import ODCVConfig
import ODCVConsole
import ODCVCore
import ODCVEvidence
import ODCVWire
import Synchronization

/// The daemon.
struct Run: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Watch one arm or several: judge every command and state, tell verdicts, record, and in enforce mode hold back.",
    discussion: "Prints one JSON line when every endpoint is bound. Ends with 0 on SIGTERM and Ctrl-C.")

  @Option(help: "The monitor's configuration file, or a fleet's that names several.")
  var config: String

  @Option(help: "observe tells only; enforce forwards only what passes. The configuration's when not given.")
  var mode: Mode?

  @Option(help: "Real-time service: auto takes what the host grants, require refuses to start without it.")
  var realtime: RealtimeSettings.Mode?

  @Option(help: "End after this many seconds; for test rigs.")
  var seconds: Double?

  @Option(help: "Directory for the evidence instead of the configuration's.")
  var evidence: String?

  @Option(help: "Colour on the terminal: auto, always or never.")
  var color: ColorChoice = .auto

  @Flag(help: "No terminal view, also on a terminal.")
  var headless = false

  func validate() throws {
    if let seconds, !(seconds > 0 && seconds < 1e9) { throw ValidationError("--seconds must be above 0") }
  }

  func run() throws {
    Signals.block()
    let fleet = try read()
    for arm in fleet.loops.flatMap(\.arms) {
      for gap in arm.core.cell.notMeasured { say("odcv-monitor: not measured here: \(gap.words)") }
      for text in arm.assumedWords + arm.demands { say("odcv-monitor: \(text)") }
      try SelfTest.requireEveryRuleFires(arm)
      for hindrance in Mobility(arm).hindrances { say("odcv-monitor: the arm could never move: \(hindrance)") }
    }
    let command = self
    let daemon = try Daemon(fleet, color: color, headless: headless) { try command.read() }
    try daemon.run(seconds: seconds)
  }

  /// What the files and the command line ask for.
  private func read() throws -> Fleet {
    var fleet = try loadFleet(config)
    if evidence != nil, fleet.loops.flatMap(\.arms).count > 1 {
      throw ValidationError("--evidence is for one arm; name a directory in each monitor file")
    }
    for place in fleet.loops.indices {
      if let realtime { fleet.loops[place].realtime.mode = realtime }
      for arm in fleet.loops[place].arms.indices {
        if let mode { fleet.loops[place].arms[arm].mode = mode }
        if let evidence { fleet.loops[place].arms[arm].evidence.directory = evidence }
      }
    }
    return fleet
  }
}
