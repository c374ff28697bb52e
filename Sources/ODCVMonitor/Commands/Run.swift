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
    abstract: "Watch an arm: judge every command and state, tell verdicts, record, and in enforce mode hold back.",
    discussion: "Prints one JSON line when every endpoint is bound. Ends with 0 on SIGTERM and Ctrl-C.")

  @Option(help: "The monitor's configuration file.")
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
    var loaded = try loadConfiguration(config)
    if let mode { loaded.mode = mode }
    if let realtime { loaded.realtime.mode = realtime }
    if let evidence { loaded.evidence.directory = evidence }
    for gap in loaded.core.cell.notMeasured {
      say("odcv-monitor: not measured here: \(gap.words)")
    }
    try SelfTest.requireEveryRuleFires(loaded)
    let daemon = try Daemon(loaded, color: color, headless: headless)
    try daemon.run(seconds: seconds)
  }
}
