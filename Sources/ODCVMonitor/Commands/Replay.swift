import ArgumentParser
import ODCVConfig
import ODCVEvidence

/// Feeds a rig from a recording.
struct Replay: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Send a recording's messages to a running monitor, as they came.",
    discussion: """
      Endpoints are those of the recording's configuration, of --config, or named one by one. Ticks, losses and an operator's \
      signed orders are not sent. Never on endpoints that an arm's driver listens behind: recorded commands would move it. Ends \
      with 0 when everything was sent, 3 when something is missing in the recording or a verdict in lock step did not come, 4 when \
      nobody listens, 5 when there is nothing to send.
      """)

  @Argument(help: "The recording: a file, or the directory of a run.")
  var recording: String

  @Option(help: "Times the recorded speed.")
  var speed: Double?

  @Flag(help: "No clock: each message waits for the verdict on the one before.")
  var lockstep = false

  @Option(help: "Configuration of the monitor that listens, in place of the recording's own.")
  var config: String?

  @Option(help: "The monitor's action endpoint.")
  var action: String?

  @Option(help: "The monitor's state endpoint.")
  var state: String?

  @Option(help: "The monitor's scene endpoint.")
  var scene: String?

  @Option(help: "The monitor's control endpoint.")
  var control: String?

  @Option(help: "The monitor's verdict endpoint.")
  var verdict: String?

  @Flag(help: "One JSON line.")
  var json = false

  func validate() throws {
    if let speed, !(speed > 0 && speed <= 1000) { throw ValidationError("--speed is above 0 and at most 1000") }
    if speed != nil, lockstep { throw ValidationError("--lockstep knows no speed: give one of them") }
  }

  func run() throws {
    let loaded = try config.map { try loadConfiguration($0) } ?? RecordingCheck.attached(recording)
    let own = loaded.endpoints
    let endpoints = Replayer.Endpoints(
      action: try endpoint(action, own.action, "--action"), state: try endpoint(state, own.state, "--state"),
      scene: try endpoint(scene, own.scene, "--scene"), control: try endpoint(control, own.control, "--control"),
      verdict: try endpoint(verdict, own.verdict, "--verdict"))
    guard try hasMessages() else { throw Stop(.nothing, "\(recording): there is no message in it to send") }
    let report = try Replayer(endpoints, loaded).run(recording, speed: lockstep ? nil : speed ?? 1)
    if json {
      tell(Replay.json(report).line)
    } else {
      tell("\(report.sent) messages of \(Words.rounded(report.seconds)) s sent")
      if report.leftOut > 0 { tell("\(report.leftOut) orders of an operator left out: their signatures are for the recorded run") }
      if lockstep {
        tell("\(report.answered) verdicts came, \(report.unanswered) did not")
        tell(
          "\(report.compared) compared with the recorded ones: \(report.differing) have another outcome or decision"
            + (report.firstDifference.map { ", the first is of input \($0)" } ?? ""))
      }
      for gap in report.gaps { say("\(recording): \(gap)") }
    }
    if report.unanswered > 0 || !report.gaps.isEmpty { throw Stop(.incomplete, "") }
  }

  private func hasMessages() throws -> Bool {
    try reading { () throws(EvidenceError) in
      var recording = try Recording(path: recording)
      while let item = try recording.next() {
        if case .input(let input) = item, case .message = input.event { return true }
      }
      return false
    }
  }

  private func endpoint(_ named: String?, _ configured: String, _ flag: String) throws -> String {
    if let named { return named }
    guard !configured.hasSuffix(":0") else {
      throw Stop(.usage, "the configuration lets this endpoint take any port: name it with \(flag) (see the monitor's ready line)")
    }
    return configured
  }

  private static func json(_ report: Replayer.Report) -> JSON {
    .object([
      ("sent", .count(report.sent)), ("left_out", .count(report.leftOut)), ("seconds", .number(report.seconds)),
      ("answered", .count(report.answered)), ("unanswered", .count(report.unanswered)),
      ("compared", .count(report.compared)), ("differing", .count(report.differing)),
      ("first_difference", report.firstDifference.map { .count($0) } ?? .null),
      ("gaps", .array(report.gaps.map { .string($0) })),
    ])
  }
}
