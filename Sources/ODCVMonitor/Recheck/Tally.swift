import ODCVCore

/// What the verdicts of a recording come to, per rule.
struct Tally {
  struct Line {
    var certain: UInt64 = 0
    var possible: UInt64 = 0
    var unknown: UInt64 = 0
    /// Unknown before every declared input had been there once.
    var unknownAtStart: UInt64 = 0
    var passed: UInt64 = 0
    var notApplicable: UInt64 = 0
    /// Of the findings with a value, the one with the least margin, and its input.
    var worst: (finding: Finding, index: UInt64)?

    var evaluated: UInt64 { certain + possible + passed }
    /// Unknown all the while that is asked about, although it was only the start.
    var isBlind: Bool { unknownAtStart > 0 && evaluated == 0 && notApplicable == 0 }
  }

  private var lines = [Line](repeating: Line(), count: Capacity.rules)
  private(set) var commands: UInt64 = 0
  private(set) var states: UInt64 = 0
  /// Chunks.
  private(set) var predicted: UInt64 = 0
  private(set) var noted: UInt64 = 0
  private(set) var slowed: UInt64 = 0
  /// Verdicts that hold or halt, of commands and of measured motion.
  private(set) var held: UInt64 = 0
  private(set) var commandsHeld: UInt64 = 0
  private(set) var isStarting = true

  /// Verdicts on a motion, in the window that is asked about.
  var judged: UInt64 { commands + states + predicted }

  subscript(_ rule: RuleID) -> Line { lines[rule.place] }

  /// Takes a verdict in; outside the window that is asked about only the start is followed.
  ///
  /// By its address: it lies where it was made.
  mutating func take(_ verdict: UnsafePointer<Verdict>, isInWindow: Bool) {
    let judged = verdict.pointee.judged
    if isStarting, judged != .noted, !Tally.holdsUnknown(verdict) { isStarting = false }
    guard isInWindow else { return }
    switch judged {
    case .commanded: commands += 1
    case .predicted: predicted += 1
    case .measured: states += 1
    case .noted: noted += 1
    }
    switch verdict.pointee.decision {
    case .allow: break
    case .slow: slowed += 1
    case .hold, .halt:
      held += 1
      if judged == .commanded { commandsHeld += 1 }
    }
    // Of a chunk that is taken, what its rows come to is counted when they are due. Of one that is not, none comes.
    let comesLater = judged == .predicted && verdict.pointee.decision.kind == .allow
    for place in 0..<verdict.pointee.findings.count {
      let finding = verdict.pointee.finding(at: place)
      if comesLater, AlarmBook.severity(finding.outcome) > 1 { continue }
      take(finding, verdict.pointee.index)
    }
  }

  private static func holdsUnknown(_ verdict: UnsafePointer<Verdict>) -> Bool {
    (0..<verdict.pointee.findings.count).contains {
      if case .unknown = verdict.pointee.finding(at: $0).outcome { true } else { false }
    }
  }

  private mutating func take(_ finding: Finding, _ index: UInt64) {
    let rule = finding.rule.place
    switch finding.outcome {
    case .violationCertain: lines[rule].certain += 1
    case .violationPossible: lines[rule].possible += 1
    case .pass: lines[rule].passed += 1
    case .notApplicable: lines[rule].notApplicable += 1
    case .unknown:
      if isStarting { lines[rule].unknownAtStart += 1 } else { lines[rule].unknown += 1 }
    }
    switch finding.outcome {
    case .violationCertain, .violationPossible, .pass:
      // An infinite margin says that nothing was required.
      guard finding.margin.lower.isFinite else { return }
      if let worst = lines[rule].worst, worst.finding.margin.lower <= finding.margin.lower { return }
      lines[rule].worst = (finding, index)
    case .unknown, .notApplicable: break
    }
  }

  var isBlind: Bool { lines.contains(where: \.isBlind) }

  var certain: UInt64 { lines.reduce(0) { $0 + $1.certain } }
  var possible: UInt64 { lines.reduce(0) { $0 + $1.possible } }
  var unknown: UInt64 { lines.reduce(0) { $0 + $1.unknown } }
  var unknownAtStart: UInt64 { lines.reduce(0) { $0 + $1.unknownAtStart } }

  var json: JSON {
    .object(
      RuleID.allCases.map { rule in
        let line = self[rule]
        return (
          rule.name,
          .object([
            ("evaluated", .count(line.evaluated)), ("violation_certain", .count(line.certain)),
            ("violation_possible", .count(line.possible)), ("unknown", .count(line.unknown)),
            ("unknown_at_start", .count(line.unknownAtStart)), ("not_applicable", .count(line.notApplicable)),
            ("worst_margin", .optional(line.worst?.finding.margin.lower)), ("unit", .string(rule.unit)),
            ("worst_index", line.worst.map { .count($0.index) } ?? .null),
          ])
        )
      })
  }
}
