import ODCVCore

/// Everything that the terminal view shows, at one instant. A plain value of fixed size: the loop fills it without
/// allocating and hands it over through a `SnapshotBoard`.
public struct Snapshot: Sendable {
  public static let inputCapacity = 12
  public static let recentCapacity = 8

  public var now = MonoInstant(nanoseconds: 0)
  public var started = MonoInstant(nanoseconds: 0)
  /// Configurations that were in force before: what is shown is told by the names of the one that is.
  public var run: UInt32 = 0
  public var enforcing = false
  public var outcome = Outcome.notApplicable
  public var decision = Decision.hold
  /// The latch in force; 0 when none.
  public var latch: UInt64 = 0
  public var counters = Counters()
  public var evidence = Evidence()
  public var pressure = Pressure()
  /// By the wire's `Condition`; 0: while none was told.
  public var pressureCounts = InlineArray<8, PressureCount>(repeating: PressureCount())
  public private(set) var ruleCount = 0
  public private(set) var inputCount = 0
  public private(set) var recentCount = 0
  var rules: PerRule<RuleRow>
  var inputs: InlineArray<12, InputRow>
  var recent: InlineArray<8, Violation>

  public init() {
    rules = PerRule(repeating: RuleRow(finding: .notApplicable(.clearanceStatic), at: now))
    inputs = InlineArray(repeating: InputRow(name: 0))
    recent = InlineArray(repeating: Violation(finding: .notApplicable(.clearanceStatic), at: now, index: 0))
  }

  public mutating func append(_ row: RuleRow) {
    rules[ruleCount] = row
    ruleCount += 1
  }

  public mutating func append(_ row: InputRow) {
    inputs[inputCount] = row
    inputCount += 1
  }

  public mutating func append(_ violation: Violation) {
    recent[recentCount] = violation
    recentCount += 1
  }

  /// Forgets the rows, keeps the rest.
  public mutating func removeRows() {
    ruleCount = 0
    inputCount = 0
    recentCount = 0
  }
}

extension Snapshot {
  /// One rule: what it found last, and how often it was violated.
  public struct RuleRow: Sendable {
    public var finding: Finding
    /// When it found that.
    public var at: MonoInstant
    public var violated: UInt64 = 0
    public var unknown: UInt64 = 0

    public init(finding: Finding, at: MonoInstant) {
      self.finding = finding
      self.at = at
    }
  }

  /// One source of inputs; `name` is its place in `ConsoleNames.inputs`.
  public struct InputRow: Sendable {
    public var name: Int
    /// `nil` before the first message.
    public var received: MonoInstant?
    /// s, what the cell's file allows; `nil` when it states none.
    public var maxAge: Double?
    /// messages per second
    public var rate: Double = 0
    public var rejected: UInt64 = 0

    public init(name: Int) { self.name = name }
  }

  public struct Violation: Sendable {
    public var finding: Finding
    public var at: MonoInstant
    /// Arrival index of the input.
    public var index: UInt64

    public init(finding: Finding, at: MonoInstant, index: UInt64) {
      self.finding = finding
      self.at = at
      self.index = index
    }
  }

  public struct Counters: Sendable {
    public var inputs: UInt64 = 0
    public var rejected: UInt64 = 0
    public var lost: UInt64 = 0
    public var overruns: UInt64 = 0
    public var forwarded: UInt64 = 0
    public var slowed: UInt64 = 0
    public var held: UInt64 = 0
    /// Longest time from receipt to verdict so far, s.
    public var worstLatency: Double = 0

    public init() {}
  }

  public struct Evidence: Sendable {
    public enum Condition: UInt8, Sendable {
      case off
      case writing
      case ringFull
      /// The recorder waits for the disk.
      case diskStalled
      case diskError
      /// For lack of space; the violation log goes on.
      case recordingEnded
    }
    public var condition = Condition.off
    /// Inputs that the record misses.
    public var unrecorded: UInt64 = 0
    /// Violations raised, and of them those on disk.
    public var raised: UInt64 = 0
    public var confirmed: UInt64 = 0
    /// Of the last confirmed one.
    public var logSequence: UInt64 = 0

    public init() {}
  }

  /// What was judged while one condition was in force.
  public struct PressureCount: Sendable {
    /// s in which it was in force
    public var seconds = 0.0
    public var instructions: UInt64 = 0
    public var commands: UInt64 = 0
    /// Commands with a certain violation, and runs of them.
    public var violating: UInt64 = 0
    public var runs: UInt64 = 0
    public var possible: UInt64 = 0
    public var unknown: UInt64 = 0
    /// That the gate holds, or would hold if it were to enforce.
    public var held: UInt64 = 0

    public init() {}
  }

  /// The last pressure that odcv-pressure told the monitor of.
  public struct Pressure: Sendable {
    /// As in the wire's `Condition`; 0 when none was told.
    public var condition: UInt8 = 0
    public var dose: UInt32 = 0
    public private(set) var textCount = 0
    var text = InlineArray<160, UInt8>(repeating: 0)

    public init() {}

    /// The text's first 160 bytes, cut between characters.
    public mutating func setText(_ bytes: UnsafeRawBufferPointer) {
      var count = min(bytes.count, 160)
      while count > 0, count < bytes.count, bytes[count] & 0xc0 == 0x80 { count -= 1 }
      for place in 0..<count { text[place] = bytes[place] }
      textCount = count
    }

    public var string: String { String(decoding: (0..<textCount).map { text[$0] }, as: UTF8.self) }
  }
}
