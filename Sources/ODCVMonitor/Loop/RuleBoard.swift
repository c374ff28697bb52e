import ODCVConsole
import ODCVCore

/// What each rule found last, and the last violations, for those who look on.
struct RuleBoard: Sendable {
  private var rows: PerRule<Snapshot.RuleRow>
  private var seen = PerRule<Bool>(repeating: false)
  private var recent: InlineArray<8, Snapshot.Violation>
  private(set) var recentCount = 0

  /// ns for which a rule's worst finding outshines better ones, so that a person can read it
  private let persistence: Int64 = 500_000_000

  init() {
    let now = MonoInstant(nanoseconds: 0)
    let nothing = Finding.notApplicable(.clearanceStatic)
    rows = PerRule(repeating: Snapshot.RuleRow(finding: nothing, at: now))
    recent = InlineArray(repeating: Snapshot.Violation(finding: nothing, at: now, index: 0))
  }

  mutating func take(_ finding: Finding, at now: MonoInstant) {
    let place = finding.rule.place
    switch finding.outcome {
    case .violationCertain, .violationPossible: rows[place].violated += 1
    case .unknown: rows[place].unknown += 1
    case .pass, .notApplicable: break
    }
    let better = AlarmBook.severity(finding.outcome) < AlarmBook.severity(rows[place].finding.outcome)
    let fresh = now.nanoseconds - rows[place].at.nanoseconds < persistence
    guard !(seen[place] && better && fresh) else { return }
    seen[place] = true
    rows[place].finding = finding
    rows[place].at = now
  }

  /// A violation that was raised: newest first.
  mutating func remember(_ finding: Finding, at now: MonoInstant, index: UInt64) {
    var place = min(recentCount, Snapshot.recentCapacity - 1)
    while place > 0 {
      recent[place] = recent[place - 1]
      place -= 1
    }
    recent[0] = Snapshot.Violation(finding: finding, at: now, index: index)
    recentCount = min(recentCount + 1, Snapshot.recentCapacity)
  }

  /// The worst outcome that any rule found lately; `nil` when none looked.
  func worst(at now: MonoInstant) -> Outcome? {
    var worst: Outcome?
    for place in 0..<Capacity.rules where seen[place] && now.nanoseconds - rows[place].at.nanoseconds < persistence {
      let outcome = rows[place].finding.outcome
      guard let known = worst else {
        worst = outcome
        continue
      }
      if AlarmBook.severity(outcome) > AlarmBook.severity(known) || known == .notApplicable { worst = outcome }
    }
    return worst
  }

  func fill(_ snapshot: inout Snapshot) {
    for place in 0..<Capacity.rules where seen[place] { snapshot.append(rows[place]) }
    for place in 0..<recentCount { snapshot.append(recent[place]) }
  }
}
