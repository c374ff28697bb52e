import ArgumentParser
import ODCVWire

/// Asks a running daemon how it is.
struct Status: ParsableCommand {
  static let configuration = CommandConfiguration(abstract: "Ask the running daemon how it is.")

  @OptionGroup var control: ControlOptions

  @Flag(help: "One JSON line.")
  var json = false

  func run() throws {
    let status = try Status.ask(control.resolved())
    if json { tell(Status.json(status).line) } else { Status.lines(status).forEach(tell) }
  }

  static func ask(_ endpoint: String) throws -> StatusMessage {
    let ack = try ControlClient.ask(endpoint, RequestMessage(status: StatusRequestMessage()))
    guard ack.ok == true, let status = ack.status else {
      throw Stop(.failed, "the daemon refused: \(ack.error ?? "no reason given")")
    }
    return status
  }

  static func json(_ status: StatusMessage) -> JSON {
    .object([
      ("robot", .string(status.robotID ?? "")), ("mode", .string(status.mode ?? "")),
      ("inputs", .count(status.inputs ?? 0)), ("verdicts", .count(status.verdicts ?? 0)),
      ("lost", .count(status.lost ?? 0)), ("overruns", .count(status.overruns ?? 0)),
      ("latch", .count(status.latch ?? 0)), ("outcome", status.outcome.map { .string($0) } ?? .null),
      ("decision", status.decision.map { .string($0) } ?? .null),
      ("violations_logged", .count(status.violationsLogged ?? 0)),
      ("configuration_sha256", .string(status.configurationSHA256 ?? "")),
      ("age_ns", .object(status.ages.map { ($0.input ?? "", $0.ageNanoseconds.map { .integer($0) } ?? .null) })),
      (
        "rules",
        .object(
          status.rules.map {
            (
              $0.rule ?? "",
              .object([
                ("evaluated", .count($0.evaluated ?? 0)), ("skipped", .count($0.skipped ?? 0)),
                ("unknown", .count($0.unknown ?? 0)), ("violated", .count($0.violated ?? 0)),
              ])
            )
          })
      ),
    ])
  }

  private static func lines(_ status: StatusMessage) -> [String] {
    var lines = [
      "\(status.robotID ?? "?"): \(status.mode ?? "?"), \(status.outcome ?? "nothing judged"), decision \(status.decision ?? "?")"
    ]
    if let latch = status.latch, latch != 0 {
      lines.append("LATCHED #\(latch): reset it with `odcv-monitor alarms reset`")
    }
    lines.append(
      "\(status.inputs ?? 0) inputs, \(status.lost ?? 0) lost, \(status.overruns ?? 0) late verdicts, \(status.violationsLogged ?? 0) log entries on disk"
    )
    for age in status.ages {
      let text = age.ageNanoseconds.map { "\($0 / 1_000_000) ms old" } ?? "never heard"
      lines.append("  \(age.input ?? "?"): \(text)")
    }
    for rule in status.rules where (rule.unknown ?? 0) + (rule.violated ?? 0) > 0 {
      lines.append(
        "  \(rule.rule ?? "?"): \(rule.violated ?? 0) violated, \(rule.unknown ?? 0) unknown of \(rule.evaluated ?? 0)")
    }
    return lines
  }
}
