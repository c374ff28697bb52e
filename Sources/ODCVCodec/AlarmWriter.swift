import ODCVConfig
import ODCVCore
import ODCVWire

/// Alarms of rules, as the schema's bytes, written into memory that is there from the start: the moment in which a rule fires is not
/// one to wait for the heap in.
public struct AlarmWriter: ~Copyable {
  /// What a rule's alarm says.
  public enum Text: Sendable {
    /// What was found, in words.
    case finding(Finding)
    /// Its violation has reached the disk.
    case onDisk
    case passesAgain
    /// For someone who begins to listen while it stands.
    case beforeYouJoined
  }

  private let subjects: SubjectNames
  private let table: TextTable
  private let header: MonitorHeader
  private let rules: PerRule<TextTable.Text>
  private let units: PerRule<TextTable.Text>
  private let isDistance: PerRule<Bool>
  /// By raw value.
  private let unknowns: InlineArray<16, TextTable.Text>
  private let fixed: (onDisk: TextTable.Text, passesAgain: TextTable.Text, beforeYouJoined: TextTable.Text)
  private let notApplicable: TextTable.Text
  private let marks: (between: TextTable.Text, after: TextTable.Text, space: TextTable.Text)
  private let bounds: (atLeast: TextTable.Text, atMost: TextTable.Text)
  private let absurd: (above: TextTable.Text, below: TextTable.Text)
  private var writer: WireWriter

  /// m: a distance beyond it says only that nobody knows where the arm is by then.
  public static let absurdDistance = 10.0

  /// - Parameter bootID: of the monitor's streams: this start of it
  public init(_ configuration: LoadedConfiguration, bootID: UInt64) {
    var table = TextTable()
    header = MonitorHeader(robotID: table.add(configuration.robotID), bootID: bootID)
    let empty = table.add("")
    var rules = PerRule(repeating: empty)
    var units = rules
    var isDistance = PerRule(repeating: false)
    for rule in RuleID.allCases {
      rules[rule.place] = table.add(rule.name)
      units[rule.place] = table.add(" \(rule.unit)")
      isDistance[rule.place] = rule.unit == "m"
    }
    var unknowns = InlineArray<16, TextTable.Text>(repeating: empty)
    for raw in UInt8(0)..<16 {
      if let reason = UnknownReason(rawValue: raw) { unknowns[Int(raw)] = table.add(reason.words) }
    }
    self.rules = rules
    self.units = units
    self.isDistance = isDistance
    self.unknowns = unknowns
    fixed = (table.add("on disk"), table.add("passes again"), table.add("raised before you joined"))
    notApplicable = table.add("not measured or not present in this cell")
    marks = (table.add(" - "), table.add(": "), table.add(", "))
    bounds = (table.add("at least "), table.add("at most "))
    absurd = (table.add("above \(Int(AlarmWriter.absurdDistance)) m"), table.add("below -\(Int(AlarmWriter.absurdDistance)) m"))
    subjects = SubjectNames(configuration.core)
    writer = WireWriter(capacity: table.byteCount + 2 * subjects.longest + 1024)
    self.table = table
  }

  /// An alarm of a rule. The bytes are valid until the next call.
  ///
  /// - Parameters:
  ///   - index: arrival index of the input that raised it, or that it was confirmed or cleared at
  ///   - logSequence: where the violation log holds it; `nil`: not on disk yet
  public mutating func alarm(
    _ rule: RuleID, _ state: AlarmMessage.State, _ text: Text, index: UInt64, logSequence: UInt64? = nil, sequence: UInt64,
    at now: MonoInstant
  ) -> UnsafeRawBufferPointer {
    writer.clear()
    header.write(sequence, now, to: &writer)
    writer.text(2, rules[rule.place])
    writer.varint(3, UInt64(state.rawValue))
    if let logSequence { writer.varint(4, logSequence) }
    writer.flag(5, logSequence != nil)
    let mark = writer.begin(6)
    switch text {
    case .finding(let finding): append(finding)
    case .onDisk: writer.append(fixed.onDisk)
    case .passesAgain: writer.append(fixed.passesAgain)
    case .beforeYouJoined: writer.append(fixed.beforeYouJoined)
    }
    writer.end(mark)
    writer.varint(7, index)
    precondition(!writer.overflowed, "there is room for the longest names")
    return writer.bytes
  }

  /// What, how far, between which two.
  private mutating func append(_ finding: Finding) {
    if case .notApplicable = finding.outcome { return writer.append(notApplicable) }
    let isFirst = subjects.append(finding.subject, to: &writer)
    if isFirst, finding.other != .none { writer.append(marks.between) }
    let isSecond = subjects.append(finding.other, to: &writer)
    if isFirst || isSecond { writer.append(marks.after) }
    if case .unknown(let reason) = finding.outcome { return writer.append(unknowns[Int(reason.rawValue)]) }
    let place = finding.rule.place
    let value = finding.sense == .atLeast ? finding.value.lower : finding.value.upper
    if isDistance[place], abs(value) > AlarmWriter.absurdDistance {
      writer.append(value < 0 ? absurd.below : absurd.above)
    } else {
      writer.append(rounded: value)
      writer.append(units[place])
    }
    writer.append(marks.space)
    writer.append(finding.sense == .atLeast ? bounds.atLeast : bounds.atMost)
    writer.append(rounded: finding.limit)
  }
}
