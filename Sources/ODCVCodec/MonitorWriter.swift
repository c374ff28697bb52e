import ODCVConfig
import ODCVCore
import ODCVWire

/// What the monitor says, as the schema's bytes, written into memory that is there from the start: verdicts come with every
/// command, and nothing that comes with every command may allocate.
///
/// Each method's bytes are valid until the next call.
public struct MonitorWriter: ~Copyable {
  private let digest: [UInt8]
  private let subjects: SubjectNames
  private let table: TextTable
  private let header: MonitorHeader
  /// What a rule's finding begins with, by its outcome's number: the same in every verdict.
  private let heads: PerRule<InlineArray<6, TextTable.Text>>
  private let units: PerRule<TextTable.Text>
  /// By raw value.
  private let unknowns: InlineArray<16, TextTable.Text>
  private let improving: TextTable.Text
  private var writer: WireWriter

  /// - Parameter bootID: of the monitor's streams: this start of it
  public init(_ configuration: LoadedConfiguration, bootID: UInt64) {
    digest = configuration.core.digest
    var table = TextTable()
    header = MonitorHeader(robotID: table.add(configuration.robotID), bootID: bootID)
    let empty = table.add("")
    var heads = PerRule(repeating: InlineArray<6, TextTable.Text>(repeating: empty))
    var units = PerRule(repeating: empty)
    for rule in RuleID.allCases {
      units[rule.place] = table.add(rule.unit)
      for outcome in VerdictMessage.Outcome.allCases {
        heads[rule.place][Int(outcome.rawValue)] = MonitorWriter.head(rule, outcome, configuration.core, &table)
      }
    }
    var unknowns = InlineArray<16, TextTable.Text>(repeating: empty)
    for raw in UInt8(0)..<16 {
      if let reason = UnknownReason(rawValue: raw) { unknowns[Int(raw)] = table.add(reason.words) }
    }
    improving = table.add("this motion brings it back")
    self.heads = heads
    self.units = units
    self.unknowns = unknowns
    subjects = SubjectNames(configuration.core)
    // Each finding with its texts, two names of subjects and its numbers; and the rest.
    writer = WireWriter(
      capacity: table.byteCount + RuleID.allCases.count * (2 * subjects.longest + 256) + Capacity.verdictBytes + 16_384)
    self.table = table
  }

  /// The rule, the outcome, and why it is not applicable in this cell.
  private static func head(
    _ rule: RuleID, _ outcome: VerdictMessage.Outcome, _ configuration: Configuration, _ table: inout TextTable
  ) -> TextTable.Text {
    let name = table.add(rule.name)
    let absence = table.add(configuration.absence(of: rule))
    var writer = WireWriter(capacity: name.bytes.count + absence.bytes.count + 16)
    writer.text(1, name)
    writer.varint(2, UInt64(outcome.rawValue))
    if outcome == .notApplicable { writer.text(3, absence) }
    return table.add(fields: writer.bytes)
  }

  /// A verdict for readers: the core's canonical bytes, and beside them its findings in names.
  ///
  /// - Parameter latency: ns from receipt of the input to this verdict
  public mutating func verdict(
    _ verdict: borrowing Verdict, sequence: UInt64, at now: MonoInstant, latency: Int64
  ) -> UnsafeRawBufferPointer {
    writer.clear()
    header.write(sequence, now, to: &writer)
    writer.varint(2, verdict.index)
    writer.varint(3, verdict.actionSequence)
    writer.varint(4, UInt64(MonitorWriter.judged(verdict.judged).rawValue))
    writer.varint(5, UInt64(MonitorWriter.outcome(verdict.outcome).rawValue))
    let (decision, scale) = MonitorWriter.decision(verdict.decision)
    writer.varint(6, UInt64(decision.rawValue))
    if let scale { writer.double(7, scale) }
    for place in 0..<verdict.findings.count {
      let mark = writer.begin(8)
      finding(verdict.finding(at: place))
      writer.end(mark)
    }
    let core = writer.begin(9)
    writer.take(verdict.encode(into: writer.room(Capacity.verdictBytes), configuration: digest))
    writer.end(core)
    writer.varint(10, latency)
    if let age = verdict.stateAge { writer.varint(11, MonitorWriter.nanoseconds(age)) }
    if let age = verdict.peopleAge { writer.varint(12, MonitorWriter.nanoseconds(age)) }
    writer.flag(13, false)
    if let row = verdict.row { writer.varint(14, UInt64(row)) }
    precondition(!writer.overflowed, "there is room for every finding with its longest names")
    return writer.bytes
  }

  /// The verdict that was written last.
  public var verdict: UnsafeRawBufferPointer { writer.bytes }

  /// The verdict that was written last, with the pressure in force: for the violation log only. Fields as in `PressureInForce`.
  ///
  /// - Parameters:
  ///   - age: ns since the monitor was told of it
  ///   - followed: the first action that names the instruction, and ns from its record to that action
  ///   - armedBy: UTF-8; empty: nobody
  public mutating func violation(
    condition: UInt8, dose: UInt32, instruction: UInt64?, age: Int64, followed: (sequence: UInt64, after: Int64)?,
    armedBy: [UInt8]
  ) -> UnsafeRawBufferPointer {
    let mark = writer.begin(15)
    writer.varint(1, UInt64(condition))
    writer.varint(2, UInt64(dose))
    if let instruction { writer.fixed64(3, instruction) }
    writer.varint(4, age)
    if let followed {
      writer.varint(5, followed.sequence)
      writer.varint(6, followed.after)
    }
    if !armedBy.isEmpty { armedBy.withUnsafeBytes { writer.bytes(7, $0) } }
    writer.end(mark)
    precondition(!writer.overflowed, "there is room for the longest text of a message")
    return writer.bytes
  }

  /// The driver may move for so many ns, counted on its own clock from receipt.
  public mutating func lease(_ duration: Int64, sequence: UInt64, at now: MonoInstant) -> UnsafeRawBufferPointer {
    writer.clear()
    header.write(sequence, now, to: &writer)
    writer.varint(2, duration)
    return writer.bytes
  }

  public mutating func heartbeat(sequence: UInt64, at now: MonoInstant) -> UnsafeRawBufferPointer {
    writer.clear()
    header.write(sequence, now, to: &writer)
    return writer.bytes
  }

  private mutating func finding(_ finding: Finding) {
    let place = finding.rule.place
    writer.append(heads[place][Int(MonitorWriter.outcome(finding.outcome).rawValue)])
    let hasValue: Bool
    switch finding.outcome {
    case .pass: hasValue = true
    case .violationCertain, .violationPossible:
      if finding.improving { writer.text(3, improving) }
      hasValue = true
    case .unknown(let reason):
      writer.text(3, unknowns[Int(reason.rawValue)])
      hasValue = false
    case .notApplicable: hasValue = false
    }
    // Without a value there is no margin either.
    if hasValue {
      writer.double(4, finding.value.lower)
      writer.double(5, finding.value.upper)
      writer.double(6, finding.limit)
      writer.text(7, units[place])
      writer.double(8, finding.margin.lower)
      writer.double(9, finding.margin.upper)
    }
    subjects.write(finding.subject, 10, to: &writer)
    subjects.write(finding.other, 11, to: &writer)
    if let points = finding.points {
      point(12, points.0)
      point(13, points.1)
    }
    if hasValue { writer.varint(14, UInt64(finding.failing)) }
  }

  private mutating func point(_ field: Int, _ point: Vector3) {
    let mark = writer.begin(field)
    writer.double(1, point.x)
    writer.double(2, point.y)
    writer.double(3, point.z)
    writer.end(mark)
  }

  static func decision(_ decision: Decision) -> (kind: VerdictMessage.DecisionKind, scale: Double?) {
    switch decision {
    case .allow: (.allow, nil)
    case .slow(let scale, _): (.slow, scale)
    case .hold: (.hold, nil)
    case .halt: (.halt, nil)
    }
  }

  /// The outcome as the wire says it.
  static func outcome(_ outcome: ODCVCore.Outcome) -> VerdictMessage.Outcome {
    switch outcome {
    case .pass: .pass
    case .violationCertain: .violationCertain
    case .violationPossible: .violationPossible
    case .unknown: .unknown
    case .notApplicable: .notApplicable
    }
  }

  static func judged(_ judged: ODCVCore.Judged) -> VerdictMessage.Judged {
    switch judged {
    case .commanded: .commanded
    case .predicted: .predicted
    case .measured: .measuredMotion
    case .noted: .noted
    }
  }

  private static func nanoseconds(_ seconds: Double) -> Int64 { Int64(exactly: (seconds * 1e9).rounded()) ?? .max }
}
