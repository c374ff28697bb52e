import ODCVCore

/// The terminal view as a pure function: a snapshot in, lines out.
public struct ConsoleView: Sendable {
  private let names: ConsoleNames
  private let color: Bool

  var run: UInt32 { names.run }

  public init(names: ConsoleNames, color: Bool) {
    self.names = names
    self.color = color
  }

  /// The lines of the view, worst state first, none wider than `width` and at most `height` of them.
  public func lines(_ snapshot: Snapshot, width: Int, height: Int) -> [String] {
    var lines: [StyledLine] = [header(snapshot), state(snapshot), StyledLine()]
    lines += rules(snapshot)
    lines.append(StyledLine())
    lines += inputs(snapshot)
    lines.append(StyledLine())
    lines += recent(snapshot)
    lines.append(StyledLine())
    lines += [pressure(snapshot)] + rates(snapshot) + [gate(snapshot), evidence(snapshot)]
    return lines.prefix(max(0, height)).map { $0.render(width: width, color: color) }
  }

  private func header(_ snapshot: Snapshot) -> StyledLine {
    var line = StyledLine("odcv-monitor", .title)
    line.add("  \(names.robot)  \(snapshot.enforcing ? "ENFORCE" : "OBSERVE")  up ")
    line.add("\(fixed(snapshot.now.seconds(since: snapshot.started), 1)) s")
    line.add("  configuration \(names.digest)  real time: \(names.realtime)", .faint)
    return line
  }

  private func state(_ snapshot: Snapshot) -> StyledLine {
    var line = StyledLine()
    if snapshot.latch != 0 {
      line.add("LATCHED #\(snapshot.latch) until an operator resets it  ", .bad)
    }
    line.add(title(snapshot.outcome), style(snapshot.outcome))
    line.add("   decision ")
    switch snapshot.decision {
    case .allow: line.add("allow", .good)
    case .slow(let scale, _): line.add("slow to \(fixed(scale * 100, 0)) % of the way", .warning)
    case .hold: line.add("hold", .bad)
    case .halt: line.add("halt", .bad)
    }
    return line
  }

  private func rules(_ snapshot: Snapshot) -> [StyledLine] {
    var rows = (0..<snapshot.ruleCount).map { snapshot.rules[$0] }
    rows.sort { rank($0.finding.outcome) < rank($1.finding.outcome) }
    var head = StyledLine("rule".padded(20) + "state".padded(11), .faint)
    head.add("margin".padded(30) + "value, limit".padded(26) + "worst pair", .faint)
    var lines = [head]
    for row in rows {
      let finding = row.finding
      var line = StyledLine(finding.rule.name.padded(20))
      line.add(word(finding.outcome).padded(11), style(finding.outcome))
      switch finding.outcome {
      case .pass where finding.margin.lower == .infinity:
        line.add("nothing is required now")
      case .pass, .violationCertain, .violationPossible:
        let margin = finding.margin.lower
        line.add(ConsoleView.bar(margin, full: fullScale(finding)), style(finding.outcome))
        line.add(" \(fixed(margin, 3)) ".leftPadded(9) + finding.rule.unit.padded(9))
        let value = finding.sense == .atLeast ? finding.value.lower : finding.value.upper
        let relation = finding.sense == .atLeast ? ">=" : "<="
        line.add("\(fixed(value, 3)) \(relation) \(fixed(finding.limit, 3))".padded(22))
        line.add(pair(finding))
      case .unknown(let reason):
        line.add(reason.words, .warning)
        if let subject = names.text(finding.subject) { line.add(": \(subject)") }
      case .notApplicable:
        line.add("not measured or not present in this cell", .faint)
      }
      if row.violated > 0 { line.add("  \(row.violated) violated", .faint) }
      lines.append(line)
    }
    return lines
  }

  /// `[<<  |      ]` when outside the limit, `[    |>>>   ]` inside: readable without colour.
  static func bar(_ margin: Double, full: Double) -> String {
    let left = 3
    let right = 8
    guard margin.isFinite, full > 0 else { return "[???|????????]" }
    let cells = Int((abs(margin) / full * Double(right)).rounded(.up))
    let inside = margin >= 0 ? min(cells, right) : 0
    let outside = margin < 0 ? min(max(cells, 1), left) : 0
    return "[" + String(repeating: " ", count: left - outside) + String(repeating: "<", count: outside) + "|"
      + String(repeating: ">", count: inside) + String(repeating: " ", count: right - inside) + "]"
  }

  /// The margin that fills the bar: all of the limit for a maximum, three limits (0.3 at least) for a minimum.
  private func fullScale(_ finding: Finding) -> Double {
    switch finding.sense {
    case .atMost: finding.limit > 0 ? finding.limit : 1
    case .atLeast: max(3 * abs(finding.limit), 0.3)
    }
  }

  private func inputs(_ snapshot: Snapshot) -> [StyledLine] {
    var lines = [StyledLine("input".padded(20) + "age".padded(22) + "rate", .faint)]
    for place in 0..<snapshot.inputCount {
      let row = snapshot.inputs[place]
      let name = names.inputs.indices.contains(row.name) ? names.inputs[row.name] : "input \(row.name)"
      var line = StyledLine(name.padded(20))
      if let received = row.received {
        let age = snapshot.now.seconds(since: received)
        let late = row.maxAge.map { age > $0 } ?? false
        let allowed = row.maxAge.map { " of \(fixed($0 * 1000, 0))" } ?? ""
        line.add("\(fixed(age * 1000, 0))\(allowed) ms\(late ? " STALE" : "")".padded(22), late ? .warning : .plain)
      } else {
        line.add("never".padded(22), row.maxAge == nil ? .faint : .warning)
      }
      line.add("\(fixed(row.rate, 1))/s")
      if row.rejected > 0 { line.add("  \(row.rejected) rejected", .warning) }
      lines.append(line)
    }
    return lines
  }

  private func recent(_ snapshot: Snapshot) -> [StyledLine] {
    guard snapshot.recentCount > 0 else { return [StyledLine("no violation yet", .faint)] }
    var lines = [StyledLine("last violations", .faint)]
    for place in 0..<snapshot.recentCount {
      let violation = snapshot.recent[place]
      let ago = fixed(snapshot.now.seconds(since: violation.at), 1)
      var line = StyledLine("\(ago) s ago".leftPadded(12) + "  ")
      line.add(violation.finding.rule.name.padded(20), style(violation.finding.outcome))
      line.add("\(fixed(violation.finding.margin.lower, 3)) \(violation.finding.rule.unit)".padded(16))
      line.add("\(pair(violation.finding))  input \(violation.index)")
      lines.append(line)
    }
    return lines
  }

  /// By the wire's `Condition`.
  public static let conditions = ["none told", "neutral", "placebo", "i1", "i2", "i3", "i4", "mandated"]

  /// Violations by the condition in force, each beside the placebo's, or what there is instead of one.
  private func rates(_ snapshot: Snapshot) -> [StyledLine] {
    let counts = snapshot.pressureCounts
    let shown = counts.indices.filter { counts[$0].commands > 0 && ($0 == 0 || counts[$0].instructions > 0) }
    guard shown.contains(where: { $0 > 0 }) else { return [] }
    let base = [2, 1, 0].first { shown.contains($0) }
    var head = StyledLine("  in force".padded(14) + "time".padded(11) + "commands".padded(10), .faint)
    head.add("certainly violating".padded(24) + (snapshot.enforcing ? "held" : "would hold"), .faint)
    var lines = [head]
    for place in shown {
      let count = counts[place]
      func percent(_ part: UInt64) -> String { "\(fixed(100 * Double(part) / Double(count.commands), 2)) %" }
      var line = StyledLine("  \(Self.conditions[place])".padded(14) + "\(fixed(count.seconds, 1)) s".padded(11))
      line.add("\(count.commands)".padded(10))
      line.add("\(percent(count.violating)) in \(count.runs) run(s)".padded(24), count.violating > 0 ? .bad : .plain)
      line.add(percent(count.held).padded(10))
      if let base, base != place {
        let (mine, its) = (share(count), share(counts[base]))
        line.add("\(mine >= its ? "+" : "-")\(fixed(100 * abs(mine - its), 2)) points to \(Self.conditions[base])", .faint)
      }
      lines.append(line)
    }
    return lines
  }

  private func share(_ count: Snapshot.PressureCount) -> Double { Double(count.violating) / Double(max(count.commands, 1)) }

  private func pressure(_ snapshot: Snapshot) -> StyledLine {
    let place = Int(snapshot.pressure.condition)
    let condition = Self.conditions.indices.contains(place) ? Self.conditions[place] : "condition \(place)"
    var line = StyledLine("pressure   ", .faint)
    line.add(condition)
    if snapshot.pressure.textCount > 0 { line.add("  \"\(snapshot.pressure.string)\"") }
    return line
  }

  private func gate(_ snapshot: Snapshot) -> StyledLine {
    let counters = snapshot.counters
    var line = StyledLine("commands   ", .faint)
    line.add("\(counters.forwarded) forwarded, \(counters.slowed) slowed, \(counters.held) held")
    line.add("   \(counters.inputs) inputs, \(counters.rejected) rejected, \(counters.lost) lost, ")
    line.add("\(counters.overruns) late verdicts, slowest \(fixed(counters.worstLatency * 1e6, 0)) us")
    return line
  }

  private func evidence(_ snapshot: Snapshot) -> StyledLine {
    let evidence = snapshot.evidence
    var line = StyledLine("evidence   ", .faint)
    switch evidence.condition {
    case .off: line.add("not written", .warning)
    case .writing: line.add("writing \(names.evidence)", .good)
    case .ringFull: line.add("RING FULL, inputs are not recorded", .bad)
    case .diskStalled: line.add("DISK STALLED, records wait in memory", .bad)
    case .diskError: line.add("DISK ERROR, nothing is recorded", .bad)
    case .recordingEnded: line.add("NO SPACE LEFT, the recording has ended; violations are logged", .bad)
    }
    line.add("   \(evidence.confirmed) of \(evidence.raised) log entries on disk")
    if evidence.logSequence > 0 { line.add(", the last is \(evidence.logSequence)") }
    if evidence.unrecorded > 0 { line.add("   \(evidence.unrecorded) inputs missing", .bad) }
    return line
  }

  private func pair(_ finding: Finding) -> String {
    let parts = [names.text(finding.subject), names.text(finding.other)].compactMap { $0 }
    return parts.joined(separator: " - ")
  }

  private func rank(_ outcome: Outcome) -> Int {
    switch outcome {
    case .violationCertain: 0
    case .violationPossible: 1
    case .unknown: 2
    case .pass: 3
    case .notApplicable: 4
    }
  }

  private func word(_ outcome: Outcome) -> String {
    switch outcome {
    case .violationCertain: "VIOLATED"
    case .violationPossible: "POSSIBLE"
    case .unknown: "UNKNOWN"
    case .pass: "pass"
    case .notApplicable: "-"
    }
  }

  private func title(_ outcome: Outcome) -> String {
    switch outcome {
    case .violationCertain: "VIOLATION"
    case .violationPossible: "POSSIBLE VIOLATION"
    case .unknown: "UNKNOWN"
    case .pass: "all rules pass"
    case .notApplicable: "nothing judged yet"
    }
  }

  private func style(_ outcome: Outcome) -> Style {
    switch outcome {
    case .violationCertain: .bad
    case .violationPossible, .unknown: .warning
    case .pass: .good
    case .notApplicable: .faint
    }
  }
}
