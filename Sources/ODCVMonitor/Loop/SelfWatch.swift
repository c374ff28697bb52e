import ODCVCore
import ODCVWire
import Synchronization

/// Watches the watcher: which rules have judged nothing for a minute, and which did not fire when the self-test made them.
///
/// A detector that looks at nothing, or that can no longer fire, reads the same as safety.
struct SelfWatch: Sendable {
  /// An alarm of the monitor's own, raised or cleared.
  struct Change: Sendable {
    var id: String
    var raised: Bool
    var text: String
  }

  /// ns without one evaluation
  static let patience: Int64 = 60_000_000_000

  private struct Line: Sendable {
    var evaluated: UInt64 = 0
    var since: MonoInstant
  }

  private var lines: PerRule<Line>
  private var idle = PerRule<Bool>(repeating: false)
  /// What judges only what may not come for hours.
  private var occasional = PerRule<Bool>(repeating: false)
  private var silent: UInt64 = 0
  /// What the last `look` that found any change found.
  private(set) var changes: [Change] = []
  /// What is in alarm now, and since when.
  private(set) var standing: [(change: Change, since: MonoInstant)] = []

  init(at now: MonoInstant) {
    lines = PerRule(repeating: Line(since: now))
    for rule in RuleID.allCases { occasional[rule.place] = rule.facts.isOccasional }
  }

  /// Whether anything changed since the last call: then `changes` says what.
  ///
  /// - Parameter silent: places of rules that the self-test could not make fire, a bit each
  mutating func look(_ coverage: Coverage, silent now: UInt64, at instant: MonoInstant) -> Bool {
    var hasChanged = false
    for place in 0..<RuleID.count where !occasional[place] {
      let count = coverage[RuleID(place: place)]
      if count.evaluated != lines[place].evaluated || count.notApplicable > 0 {
        lines[place] = Line(evaluated: count.evaluated, since: instant)
      }
      let isIdle = instant.nanoseconds - lines[place].since.nanoseconds >= SelfWatch.patience
      if isIdle != idle[place] { hasChanged = true }
      idle[place] = isIdle
    }
    guard hasChanged || now != silent else { return false }
    changes.removeAll()
    if hasChanged { changes.append(change("coverage.idle", "judged nothing for a minute", { idle[$0] })) }
    if now != silent {
      silent = now
      changes.append(change("coverage.self-test", "did not fire on a violation made for it", { now >> UInt64($0) & 1 == 1 }))
    }
    for change in changes {
      standing.removeAll { $0.change.id == change.id }
      if change.raised { standing.append((change, instant)) }
    }
    return true
  }

  private func change(_ id: String, _ what: String, _ isMeant: (Int) -> Bool) -> Change {
    let names = RuleID.allCases.filter { isMeant($0.place) }.map(\.name)
    return Change(
      id: id, raised: !names.isEmpty, text: names.isEmpty ? "every rule does again" : "\(names.joined(separator: ", ")): \(what)")
  }
}

extension ArmLoop {
  /// Tells of rules that judge nothing, or can't fire.
  mutating func watchMyself(at now: MonoInstant) throws(WireError) {
    guard watch.look(regime.monitor.coverage, silent: link.silentRules.load(ordering: .relaxed), at: now) else { return }
    for change in watch.changes {
      link.notices.push(.itself(change.text))
      try sendAlarm(change.id, change.raised ? .raised : .cleared, text: change.text, index: counters.inputs, at: now)
    }
  }
}
