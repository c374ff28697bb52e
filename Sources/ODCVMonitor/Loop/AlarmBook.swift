import ODCVCore
import ODCVEvidence

/// Which rules are in alarm, when their violations go into the log, and which of them are on disk.
///
/// An alarm is raised with the first finding that does not pass, raised again when it gets worse in kind (unknown,
/// possible, certain) or when the arm itself does what only a command had asked for, and cleared only after its rule has
/// been quiet for a while: verdicts of commands and of states take turns, and an alarm that follows each of them would flap.
struct AlarmBook: Sendable {
  /// What a step changed for one rule.
  enum Change: Equatable, Sendable {
    case none
    case raised
  }

  struct Entry: Sendable {
    var isRaised = false
    /// 1 unknown, 2 possible, 3 certain.
    var severity: UInt8 = 0
    /// What is known of each kind of motion since it was raised. Apart: a command that is held back says nothing of an arm that
    /// moves all the same, and what is logged of one is not logged of the other.
    var motions = InlineArray<4, Motion>(repeating: Motion())
    /// When it was first raised; getting worse is no new beginning.
    var since = MonoInstant(nanoseconds: 0)
    /// The last of the worst kind.
    var finding = Finding.notApplicable(.clearanceStatic)
    /// Arrival index of the input that raised it, and the run that counts it.
    var index: UInt64 = 0
    var run: UInt32 = 0
    var lastBad = MonoInstant(nanoseconds: 0)
    /// Log record that holds it; `nil` until it is on disk.
    var logSequence: UInt64?
  }

  /// What an alarm knows of one kind of motion (`Judged`).
  struct Motion: Sendable {
    var severity: UInt8 = 0
    var lastLogged: MonoInstant?
  }

  /// ns without a bad finding before an alarm is cleared
  let quietTime: Int64
  /// ns between two log records of one lasting violation of measured motion
  let logPeriod: Int64
  private var entries = PerRule<Entry>(repeating: Entry())

  /// ns that a rule's limits ask for beyond that
  private var clearAfter = PerRule<Int64>(repeating: 0)
  /// Configurations that were in force before: each counts its inputs anew.
  private var run: UInt32 = 0

  init(_ limits: Limits? = nil, quietTime: Int64 = 500_000_000, logPeriod: Int64 = 100_000_000) {
    self.quietTime = quietTime
    self.logPeriod = logPeriod
    if let limits { set(limits) }
  }

  private mutating func set(_ limits: Limits) {
    for rule in RuleID.allCases { clearAfter[rule.place] = Int64(min(limits.clearAfter(rule), 1e9) * 1e9) }
  }

  /// Another configuration is in force. What is in alarm stays so until its rule has been quiet under it.
  mutating func turn(_ limits: Limits) {
    set(limits)
    run += 1
    // Its links and obstacles are those of the configuration before.
    for place in 0..<RuleID.count { entries[place].finding.forgetSubjects() }
  }

  subscript(_ rule: RuleID) -> Entry { entries[rule.place] }

  /// Takes a finding in; `log` says whether the verdict that holds it belongs in the violation log.
  mutating func take(
    _ finding: Finding, judged: Judged, at now: MonoInstant, index: UInt64
  ) -> (change: Change, log: Bool) {
    let severity = AlarmBook.severity(finding.outcome)
    guard severity > 0 else { return (.none, false) }
    let place = finding.rule.place
    let motion = Int(judged.rawValue) - 1
    let isWorse = severity > entries[place].motions[motion].severity
    // The arm does what a command was only asking for until now: a violation that no hold has stopped.
    let isDone = judged == .measured && severity > 1 && isWorse && severity == entries[place].severity
    let isNew = !entries[place].isRaised || severity > entries[place].severity || isDone
    entries[place].lastBad = now
    if !entries[place].isRaised { entries[place].since = now }
    if severity >= entries[place].severity { entries[place].finding = finding }
    if isNew {
      entries[place].isRaised = true
      entries[place].severity = severity
      entries[place].index = index
      entries[place].run = run
      entries[place].logSequence = nil
    }
    let log: Bool
    switch judged {
    case .commanded: log = true
    case .measured, .predicted, .noted:
      let due = entries[place].motions[motion].lastLogged.map { now.nanoseconds - $0.nanoseconds >= logPeriod } ?? true
      log = isNew || isWorse || (due && severity > 1)
    }
    if log { entries[place].motions[motion].lastLogged = now }
    if isWorse { entries[place].motions[motion].severity = severity }
    return (isNew ? .raised : .none, log)
  }

  /// The log holds a violation; true when that makes the rule's alarm durable.
  mutating func confirm(_ rule: RuleID, _ confirmation: CommitConfirmation) -> Bool {
    let place = rule.place
    guard entries[place].index == confirmation.arrivalIndex, entries[place].run == confirmation.run, entries[place].index != 0,
      entries[place].logSequence == nil
    else { return false }
    entries[place].logSequence = confirmation.logSequence
    return true
  }

  /// True once, when the rule has been quiet long enough.
  mutating func clear(_ rule: RuleID, at now: MonoInstant) -> Bool {
    let place = rule.place
    let quiet = max(quietTime, clearAfter[place])
    guard entries[place].isRaised, now.nanoseconds - entries[place].lastBad.nanoseconds >= quiet else {
      return false
    }
    entries[place].isRaised = false
    entries[place].severity = 0
    for motion in entries[place].motions.indices { entries[place].motions[motion].severity = 0 }
    return true
  }

  static func severity(_ outcome: Outcome) -> UInt8 {
    switch outcome {
    case .violationCertain: 3
    case .violationPossible: 2
    case .unknown: 1
    case .pass, .notApplicable: 0
    }
  }
}
