import ODCVCore
import ODCVWire

extension Explanation {
  /// The same as the words, for programs.
  var json: JSON {
    .object([
      ("recording", .string(event.recording)), ("index", .count(event.index)),
      ("log_sequence", event.record.map { .count($0.sequence) } ?? .null),
      ("log_verifies", event.record == nil ? .null : .bool(event.logFailure == nil)), ("robot", .string(loaded.robotID)),
      ("wall_ns", .integer(wall)), ("monotonic_ns", .integer(input.instant)), ("seconds", .number(seconds)),
      ("judged", .string(Baseline.word(verdict.judged))), ("decision", .string(Words.decision(verdict.decision))),
      ("findings", .array(findings.map(finding))), ("command", commandJSON), ("sent", sentJSON),
      ("state_age_s", .optional(scene.stateAge)),
      ("people", .array(scene.people.map { frame(loaded.peopleSensorIDs[$0.sensor], $0.value.count, $0.age) })),
      ("obstacles", .array(scene.obstacles.map { frame(loaded.obstacleSensorIDs[$0.sensor], $0.value.count, $0.age) })),
      ("pressure", pressureJSON), ("reasoning", reasoningJSON), ("live_verdict", .string(storedWord)),
      ("latch", latchJSON), ("slice", slice?.json ?? .null), ("gaps", .array(gaps.map { .string($0) })),
      ("explanation", .array(ExplanationText.lines(self).map { .string($0) })),
    ])
  }

  private func finding(_ finding: Finding) -> JSON {
    let limits = RuleLimits(finding.rule, loaded)
    let hasNumber = ExplanationText.hasNumber(finding)
    func number(_ value: Double) -> JSON { hasNumber ? .number(value) : .null }
    func name(_ subject: Subject) -> JSON { loaded.core.name(of: subject).map { .string($0) } ?? .null }
    func point(_ p: Vector3?) -> JSON { p.map { .array([.number($0.x), .number($0.y), .number($0.z)]) } ?? .null }
    var reason = JSON.null
    if case .unknown(let why) = finding.outcome { reason = .string(why.words) }
    let onset = onsets[finding.rule.place]
    return .object([
      ("rule", .string(finding.rule.name)), ("requirement", .string(finding.rule.facts.requirement)),
      ("outcome", .string(Words.outcome(finding.outcome))), ("reason", reason), ("unit", .string(finding.rule.unit)),
      ("value_lower", number(finding.value.lower)), ("value_upper", number(finding.value.upper)),
      ("limit", number(finding.limit)), ("margin_lower", number(finding.margin.lower)),
      ("margin_upper", number(finding.margin.upper)), ("limit_source", limits.source.map { .string($0) } ?? .null),
      ("subject", name(finding.subject)), ("other", name(finding.other)), ("point_subject_m", point(finding.points?.0)),
      ("point_other_m", point(finding.points?.1)), ("failing", .count(UInt64(finding.failing))),
      ("since_index", onset.map { .count($0.index) } ?? .null),
    ])
  }

  private func frame(_ sensor: String, _ count: Int, _ age: Double) -> JSON {
    .object([("sensor", .string(sensor)), ("count", .integer(Int64(count))), ("age_s", .number(age))])
  }

  private var commandJSON: JSON {
    guard let command else { return .null }
    let message = command.message
    func numbers(_ values: [Double]) -> JSON { .array(values.map { .number($0) }) }
    return .object([
      ("index", .count(command.index)), ("age_s", .number(command.age)),
      ("sequence", message.header?.sequence.map { .count($0) } ?? .null), ("space", .string(ExplanationText.space(message))),
      ("position_rad", numbers(message.position)), ("velocity_rad_s", numbers(message.velocity)),
      ("effort_nm", numbers(message.effort)), ("end_effector", numbers(message.endEffector)),
      ("chunk_rows", message.chunkLength.map { .count(UInt64($0)) } ?? .null),
      ("chunk", numbers(message.horizonPosition)), ("row", verdict.row.map { .integer(Int64($0)) } ?? .null),
      ("instruction", message.instructionID.map { .count($0) } ?? .null),
    ])
  }

  private var sentJSON: JSON {
    switch sent {
    case .forwarded: .string("as it came")
    case .substitute(let body): .string((try? ActionMessage(decoding: body)).map(ExplanationText.space) ?? "unreadable")
    case nil: .null
    }
  }

  private var latchJSON: JSON {
    guard let latching else { return .null }
    return .object([
      ("number", .count(latching.record.latch)), ("index", .count(latching.index)), ("cause", .string(latching.words(loaded.core))),
    ])
  }

  private var pressureJSON: JSON {
    guard let pressure else { return .null }
    return .object([
      ("condition", pressure.message.condition.map { .string("\($0)") } ?? .null),
      ("dose", pressure.message.dose.map { .count(UInt64($0)) } ?? .null),
      ("instruction", pressure.message.instructionID.map { .count($0) } ?? .null), ("age_s", .number(pressure.age)),
      ("text", pressure.message.textSent.map { .string($0) } ?? .null),
    ])
  }

  private var reasoningJSON: JSON {
    guard let reasoning else { return .null }
    return .object([
      ("text", reasoning.message.text.map { .string($0) } ?? .null), ("age_s", .number(reasoning.age)),
      ("index", .count(reasoning.index)),
    ])
  }

  private var storedWord: String {
    switch stored {
    case .none: "none"
    case .same: "same"
    case .different: "different"
    }
  }
}
