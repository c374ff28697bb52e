import ArgumentParser
import ODCVConsole
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

  private static func json(_ cause: StatusMessage.LatchCause) -> JSON {
    .object([
      ("reason", json(cause.reason)), ("link", json(cause.link)), ("other", json(cause.other)),
      ("force_n", .optional(cause.force)), ("joint", json(cause.joint)), ("torque_nm", .optional(cause.torque)),
      ("age_ns", cause.ageNanoseconds.map { .integer($0) } ?? .null),
      ("suspected_ns", cause.suspectedNanoseconds.map { .integer($0) } ?? .null),
      ("decided_ns", cause.decidedNanoseconds.map { .integer($0) } ?? .null),
      ("ordered_ns", cause.orderedNanoseconds.map { .integer($0) } ?? .null),
    ])
  }

  private static func json(_ alarm: StatusMessage.AlarmNow) -> JSON {
    .object([
      ("rule", json(alarm.rule)), ("outcome", json(alarm.outcome)), ("reason", json(alarm.reason)),
      ("age_ns", alarm.ageNanoseconds.map { .integer($0) } ?? .null),
      ("log_seq", alarm.logSequence.map { .count($0) } ?? .null),
    ])
  }

  private static func json(_ refused: StatusMessage.RefusedCount) -> JSON {
    .object([
      ("stream", json(refused.stream)), ("reason", json(refused.reason)), ("count", .count(refused.count ?? 0)),
    ])
  }

  private static func json(_ pressure: PressureInForce) -> JSON {
    .object([
      ("condition", .string(name(pressure.condition))), ("dose", .count(UInt64(pressure.dose ?? 0))),
      ("instruction_id", .string(pressure.instructionID.map { String($0) } ?? "")),
      ("age_ns", pressure.ageNanoseconds.map { .integer($0) } ?? .null),
      ("first_action_seq", pressure.firstActionSequence.map { .count($0) } ?? .null),
      ("first_action_ns", pressure.firstActionNanoseconds.map { .integer($0) } ?? .null),
      ("armed_by", json(pressure.armedBy)),
    ])
  }

  private static func json(_ count: PressureCount) -> JSON {
    .object([
      ("condition", .string(name(count.condition))), ("seconds", .number(count.seconds ?? 0)),
      ("instructions", .count(count.instructions ?? 0)), ("commands", .count(count.commands ?? 0)),
      ("violating", .count(count.violating ?? 0)), ("runs", .count(count.runs ?? 0)),
      ("possible", .count(count.possible ?? 0)), ("unknown", .count(count.unknown ?? 0)), ("held", .count(count.held ?? 0)),
    ])
  }

  private static func name(_ condition: PressureMessage.Condition?) -> String {
    let place = Int(condition?.rawValue ?? 0)
    return ConsoleView.conditions.indices.contains(place) ? ConsoleView.conditions[place] : "condition \(place)"
  }

  private static func json(_ value: String?) -> JSON { value.map { .string($0) } ?? .null }

  static func json(_ status: StatusMessage) -> JSON {
    .object([
      ("robot", .string(status.robotID ?? "")), ("mode", .string(status.mode ?? "")),
      ("inputs", .count(status.inputs ?? 0)), ("verdicts", .count(status.verdicts ?? 0)),
      ("lost", .count(status.lost ?? 0)), ("overruns", .count(status.overruns ?? 0)),
      ("latch", .count(status.latch ?? 0)), ("outcome", status.outcome.map { .string($0) } ?? .null),
      ("decision", status.decision.map { .string($0) } ?? .null),
      ("latch_cause", status.latchCause.map(json) ?? .null), ("alarms", .array(status.alarms.map(json))),
      ("refused", .array(status.refused.map(json))),
      ("release", .count(status.release ?? 0)),
      (
        "reversals",
        .object(
          status.reversals.map {
            (
              $0.joint ?? "",
              .object([("commanded", .count($0.commanded ?? 0)), ("measured", .count($0.measured ?? 0))])
            )
          })
      ),
      ("pressure", status.pressure.map(json) ?? .null), ("pressure_counts", .array(status.pressureCounts.map(json))),
      ("people", .count(UInt64(status.people ?? 0))),
      ("violations_logged", .count(status.violationsLogged ?? 0)),
      ("recording_part", status.recordingPart.map { .count(UInt64($0)) } ?? .null),
      ("evidence_free_bytes", status.evidenceFreeBytes.map { .count($0) } ?? .null),
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
                ("not_applicable", .count($0.notApplicable ?? 0)), ("near_limit_s", .number($0.nearLimit ?? 0)),
              ])
            )
          })
      ),
    ])
  }

  static func lines(_ status: StatusMessage) -> [String] {
    var lines = [
      "\(status.robotID ?? "?"): \(status.mode ?? "?"), \(status.outcome ?? "nothing judged"), decision \(status.decision ?? "?")"
    ]
    if let latch = status.latch, latch != 0 {
      lines.append("\(latched(status)); clear it with `odcv-monitor alarms reset`")
    }
    lines.append(
      "\(status.inputs ?? 0) inputs, \(status.lost ?? 0) lost, \(status.overruns ?? 0) late verdicts, \(status.violationsLogged ?? 0) log entries on disk"
    )
    let part = status.recordingPart.map { $0 == 1 ? "recording" : "recording, file \($0)" } ?? "NOT RECORDING"
    lines.append(part + (status.evidenceFreeBytes.map { ", \($0 / 1_000_000) MB left" } ?? ""))
    if !status.refused.isEmpty {
      let counts = status.refused.map { "\($0.stream ?? "?") \($0.count ?? 0) \($0.reason ?? "?")" }
      lines.append("refused: " + counts.joined(separator: "; "))
    }
    if let pressure = status.pressure {
      let after = pressure.firstActionNanoseconds.map { ", first followed after \(seconds($0))" } ?? ", not followed yet"
      let who = pressure.armedBy.map { ", armed by \($0)" } ?? ""
      lines.append("pressure: \(name(pressure.condition)), told \(seconds(pressure.ageNanoseconds)) ago\(after)\(who)")
    }
    let held = status.mode == "enforce" ? "held" : "would be held"
    for count in status.pressureCounts where status.pressureCounts.count > 1 {
      lines.append(
        "  \(name(count.condition)): of \(count.commands ?? 0) commands \(count.violating ?? 0) certainly violate, in \(count.runs ?? 0) run(s), "
          + "\(count.possible ?? 0) possibly, \(count.unknown ?? 0) unknown; \(count.held ?? 0) \(held); "
          + "in \(((count.seconds ?? 0) * 10).rounded() / 10) s")
    }
    for age in status.ages {
      let text = age.ageNanoseconds.map { "\($0 / 1_000_000) ms old" } ?? "never heard"
      lines.append("  \(age.input ?? "?"): \(text)")
    }
    for rule in status.rules where (rule.unknown ?? 0) + (rule.violated ?? 0) > 0 {
      lines.append("  \(counted(rule))")
    }
    return lines
  }

  /// The latch in force with the contact that caused it: what an operator signs for.
  static func latched(_ status: StatusMessage) -> String {
    let latch = "LATCHED #\(status.latch ?? 0)"
    guard let cause = status.latchCause else { return "\(latch): unexpected contact" }
    let contact = ContactCause(
      reason: cause.reason ?? "unexpected contact", link: cause.link, other: cause.other, force: cause.force,
      joint: cause.joint, torque: cause.torque)
    let words = contact.text.isEmpty ? contact.reason : "\(contact.reason), \(contact.text)"
    return "\(latch): \(words), \(seconds(cause.ageNanoseconds)) ago"
  }

  /// One alarm that stands: what, since when, and whether it is on disk.
  static func standing(_ alarm: StatusMessage.AlarmNow) -> String {
    let disk = alarm.logSequence.map { "on disk as log record \($0)" } ?? "not on disk"
    return "\(alarm.rule ?? "?"): \(alarm.outcome ?? "?") for \(seconds(alarm.ageNanoseconds)), "
      + "\(alarm.reason ?? "no reason given"); \(disk)"
  }

  private static func seconds(_ nanoseconds: Int64?) -> String {
    guard let nanoseconds else { return "an unknown time" }
    return "\((Double(nanoseconds) / 1e8).rounded() / 10) s"
  }

  /// What came of a rule so far; a verdict that could not be told was not judged.
  static func counted(_ rule: StatusMessage.RuleCount) -> String {
    "\(rule.rule ?? "?"): \(rule.evaluated ?? 0) judged, \(rule.unknown ?? 0) unknown, \(rule.violated ?? 0) violated"
      + ((rule.nearLimit ?? 0) > 0 ? ", \(Words.rounded(rule.nearLimit ?? 0)) s near its limit" : "")
  }
}
