import ODCVCore
import ODCVEvidence
import ODCVWire

/// An explanation in words for somebody who never saw the code.
struct ExplanationText {
  private let e: Explanation
  private var lines: [String] = []

  static func lines(_ explanation: Explanation) -> [String] {
    var text = ExplanationText(explanation)
    text.write()
    return text.lines
  }

  private init(_ explanation: Explanation) { e = explanation }

  private mutating func write() {
    add(ExplanationText.headline(e))
    add("")
    add(when)
    guard let finding = e.findings.first else {
      section("WHAT HAPPENED", ["This input was taken into the record; there was no motion to judge."])
      section("PRESSURE", pressure)
      return
    }
    section("WHAT HAPPENED", whatHappened(finding))
    section("RULE", rule(finding))
    section("COMMAND", command)
    section("WHERE EVERYTHING WAS", scene(finding))
    if let latching = e.latching { section("LATCHED", latched(latching)) }
    section("WHAT ODCV DID", decision)
    section("PRESSURE", pressure)
    let others = e.findings.dropFirst().map { other in
      "\(other.rule.name), \(Words.outcome(other.outcome)): \(ExplanationText.short(other, e))"
    }
    if !others.isEmpty { section("ALSO", others) }
    section("LOOK AT NEXT", Advice.lines(finding))
    section("HOW SURE THIS IS", trust)
  }

  static func headline(_ e: Explanation) -> String {
    let place = e.event.record.map { ", log record \($0.sequence)" } ?? ", input \(e.event.index)"
    guard let finding = e.findings.first else { return "NOTHING TO JUDGE\(place)" }
    let word =
      switch finding.outcome {
      case .violationCertain: "VIOLATION"
      case .violationPossible: "POSSIBLE VIOLATION"
      case .unknown: "COULD NOT BE JUDGED"
      case .pass, .notApplicable: "NO VIOLATION"
      }
    return "\(word): \(finding.rule.name)\(place)"
  }

  private var when: String {
    let what =
      switch e.verdict.judged {
      case .commanded: e.verdict.row.map { "row \($0) of the controller's chunk \(e.verdict.actionSequence)" }
        ?? "the controller's command \(e.verdict.actionSequence)"
      case .predicted: "the rows of the controller's chunk \(e.verdict.actionSequence), ahead of time"
      case .measured: "how the arm was measured to move"
      case .noted: "a message"
      }
    return
      "On \(ExplanationText.utc(e.wall)), \(ExplanationText.fixed(e.seconds, 3)) s into the recording (monotonic clock "
      + "\(ExplanationText.fixed(Double(e.input.instant) * 1e-9, 6)) s), odcv judged \(what): input \(e.event.index) of robot `\(e.loaded.robotID)`."
  }

  private func whatHappened(_ finding: Finding) -> [String] {
    var lines = [ExplanationText.sentence(finding, e)]
    if finding.failing > 1 { lines.append("\(finding.failing) pairs are over the limit; this is the worst.") }
    if finding.improving { lines.append("The motion brings the arm back from there, so it is reported and not held.") }
    if finding.outcome != .pass, let onset = e.onsets[finding.rule.place] {
      lines.append(
        onset.index == e.event.index
          ? "It begins here: the same kind of motion was judged otherwise just before."
          : "It has been so since input \(onset.index), \(ExplanationText.fixed(onset.age, 3)) s earlier.")
    }
    return lines
  }

  /// One line of a finding that is not the worst.
  static func short(_ finding: Finding, _ e: Explanation) -> String {
    let core = e.loaded.core
    let pair = [core.name(of: finding.subject), core.name(of: finding.other)].compactMap { $0 }.joined(separator: " - ")
    if case .unknown(let reason) = finding.outcome { return [pair, reason.words].filter { !$0.isEmpty }.joined(separator: ": ") }
    let word = finding.sense == .atLeast ? "at least" : "at most"
    return (pair.isEmpty ? "" : "\(pair): ") + "\(interval(finding.value, finding.rule.unit)), \(word) \(ExplanationText.number(finding.limit))"
  }

  private func rule(_ finding: Finding) -> [String] {
    let limits = RuleLimits(finding.rule, e.loaded)
    var lines = ["\(finding.rule.name): \(finding.rule.facts.requirement)", "limits   \(limits.limits)"]
    if let source = limits.source { lines.append("from     \(source)") }
    let text = finding.outcome == .pass || finding.limit.isFinite
      ? "margin   \(ExplanationText.interval(finding.margin, finding.rule.unit)); below 0 is a violation" : nil
    if let text, finding.limit.isFinite, ExplanationText.hasNumber(finding) { lines.append(text) }
    return lines
  }

  static func hasNumber(_ finding: Finding) -> Bool {
    switch finding.outcome {
    case .pass, .violationCertain, .violationPossible: true
    case .unknown, .notApplicable: false
    }
  }

  private var command: [String] {
    guard let command = e.command else { return ["none was received before it"] }
    let message = command.message
    let sequence = message.header?.sequence.map { "sequence \($0)" } ?? "no sequence"
    var lines = [
      "\(ExplanationText.space(message)), \(sequence), input \(command.index)"
        + (command.index == e.event.index ? "" : ", \(ExplanationText.fixed(command.age, 3)) s before")
    ]
    let names = e.loaded.jointNames
    let measured = e.scene.state?.position
    for (numbers, unit) in [(message.position, "rad"), (message.velocity, "rad/s"), (message.effort, "Nm")] where !numbers.isEmpty {
      for (place, number) in numbers.enumerated() {
        var line = "\(names.indices.contains(place) ? names[place] : "joint \(place)")  \(ExplanationText.fixed(number, 4)) \(unit)"
        if unit == "rad", let measured, place < measured.count, message.space == .jointPosition {
          line += ", measured \(ExplanationText.fixed(measured[place], 4))"
        }
        lines.append(line)
      }
    }
    if !message.endEffector.isEmpty {
      lines.append("end effector  " + message.endEffector.map { ExplanationText.fixed($0, 4) }.joined(separator: ", "))
    }
    if !message.horizonPosition.isEmpty {
      lines.append("\(message.chunkLength ?? 0) rows, \(message.horizonPosition.count) numbers" + rows(message))
    }
    if !message.gripperPosition.isEmpty {
      lines.append("gripper  " + message.gripperPosition.map { "\(ExplanationText.fixed($0, 4)) m" }.joined(separator: ", "))
    }
    if !message.gripperEffort.isEmpty {
      lines.append("gripper effort  " + message.gripperEffort.map { "\(ExplanationText.fixed($0, 2)) N" }.joined(separator: ", "))
    }
    if let instruction = message.instructionID { lines.append("in answer to instruction \(instruction)") }
    return lines
  }

  private func rows(_ message: ActionMessage) -> String {
    guard let row = e.verdict.row, let length = message.chunkLength, length > 0 else { return "" }
    let columns = message.horizonPosition.count / Int(length)
    let start = row * columns
    guard message.horizonPosition.indices.contains(start), start + columns <= message.horizonPosition.count else { return "" }
    return "; row \(row): " + message.horizonPosition[start..<start + columns].map { ExplanationText.fixed($0, 4) }.joined(separator: ", ")
  }

  static func space(_ message: ActionMessage) -> String {
    switch message.space {
    case .jointPosition: "joint positions"
    case .jointPositionDelta: "joint position deltas"
    case .jointVelocity: "joint velocities"
    case .jointEffort: "joint efforts"
    case .eePose: "an end-effector pose"
    case .eePoseDelta: "an end-effector delta"
    case .eeTwist: "an end-effector twist"
    case .gripperOnly: "the gripper alone"
    case .noMotion: "no motion"
    case .stop: "stop"
    case .unspecified, nil: "a command of no stated kind"
    }
  }

  private func scene(_ finding: Finding) -> [String] {
    var lines: [String] = []
    if let (first, second) = finding.points {
      lines.append(
        "nearest points, anywhere in the judged motion (base frame, m): \(name(finding.subject)) \(point(first)), \(name(finding.other)) \(point(second))")
    }
    if let state = e.scene.state, let age = e.scene.stateAge {
      let fastest = state.velocity.values.map { abs($0) }.max() ?? 0
      lines.append(
        "arm: state \(milliseconds(age)) old, fastest joint \(ExplanationText.fixed(fastest, 3)) rad/s, at "
          + state.position.values.map { ExplanationText.fixed($0, 3) }.joined(separator: ", ") + " rad")
    } else {
      lines.append("arm: no state was known")
    }
    let cell = e.loaded.core.cell
    for frame in e.scene.people {
      lines.append(
        "people: \(cell.peopleSensors[frame.sensor].id) saw \(frame.value.count), \(milliseconds(frame.age)) ago")
    }
    if cell.peopleSensors.isEmpty { lines.append("people: nobody measures them in this cell") }
    for frame in e.scene.obstacles {
      lines.append(
        "obstacles: \(cell.obstacleSensors[frame.sensor].id) saw \(frame.value.count), \(milliseconds(frame.age)) ago")
    }
    if let command = e.command { lines.append("last command: \(milliseconds(command.age)) old") }
    return lines
  }

  private func latched(_ latching: Latching) -> [String] {
    ["latch #\(latching.record.latch) since input \(latching.index), for \(latching.words(e.loaded.core))"]
  }

  private var decision: [String] {
    let decided =
      switch e.verdict.decision {
      case .allow: "allow: the command may go to the arm as it is"
      case .slow(let scale, _): "slow: only \(ExplanationText.fixed(scale * 100, 0)) % of the commanded way"
      case .hold: "hold: brake along the path and stay"
      case .halt: "halt: the latched stop, until an operator's signed reset"
      }
    let sent: String
    switch e.sent {
    case .forwarded: sent = "the driver was sent the command as it came" + (isHeldBack ? ": odcv only observed" : "")
    case .substitute(let body):
      sent = "the driver was sent in its place: \((try? ActionMessage(decoding: body)).map(ExplanationText.space) ?? "nothing readable")"
    case nil:
      sent = e.verdict.judged == .commanded
        ? "the recording does not say what the driver was sent" : "nothing was sent to the driver for this input"
    }
    return ["decision (what enforce mode does): \(decided)", sent]
  }

  private var isHeldBack: Bool {
    switch e.verdict.decision {
    case .allow: false
    case .slow, .hold, .halt: true
    }
  }

  private var pressure: [String] {
    var lines: [String] = []
    if let pressure = e.pressure {
      let message = pressure.message
      let condition = message.condition.map { "\($0)" } ?? "not stated"
      lines.append(
        "in force: \(condition), dose \(message.dose ?? 0), instruction \(message.instructionID ?? 0), told \(ExplanationText.fixed(pressure.age, 2)) s before")
      if let text = message.textSent { lines.append("the controller read: \"\(text)\"") }
    } else {
      lines.append("none was told of")
    }
    if let reasoning = e.reasoning {
      lines.append(
        "the controller's last reasoning, \(ExplanationText.fixed(reasoning.age, 2)) s before: \"\(reasoning.message.text ?? "")\"")
    } else {
      lines.append("the controller had published no reasoning")
    }
    return lines
  }

  private var trust: [String] {
    var lines = ["judged again from the raw inputs in \(e.event.recording)"]
    switch e.stored {
    case .same: lines.append("the verdict stored live is the same, byte for byte")
    case .different: lines.append("the verdict stored live is NOT THE SAME: do not rely on either before you know why")
    case .none: lines.append("the recording holds no live verdict of this input to compare with")
    }
    if e.event.record != nil {
      lines.append(e.event.logFailure.map { "the violation log FAILS verification: \($0)" } ?? "the violation log verifies")
    }
    if let slice = e.slice { lines.append(slice.words) }
    lines += e.gaps.map { "INCOMPLETE: \($0)" }
    lines += e.loaded.core.cell.notMeasured.map { "not measured here: \($0.words)" }
    return lines
  }

  // MARK: -

  private mutating func add(_ text: String) { lines += ExplanationText.wrapped(text, indent: 0) }

  private mutating func section(_ title: String, _ content: [String]) {
    lines.append("")
    lines.append(title)
    for line in content { lines += ExplanationText.wrapped(line, indent: 2) }
  }

  private func name(_ subject: Subject) -> String { e.loaded.core.name(of: subject) ?? "arm" }

  private func point(_ p: Vector3) -> String {
    "(\(ExplanationText.fixed(p.x, 3)), \(ExplanationText.fixed(p.y, 3)), \(ExplanationText.fixed(p.z, 3)))"
  }

  private func milliseconds(_ age: Double) -> String { "\(ExplanationText.fixed(age * 1000, 1)) ms" }
}
