import ODCVConfig
import ODCVCore
import ODCVEvidence
import ODCVWire
import Testing

@testable import ODCVMonitor

@Suite struct AlarmBookTests {
  private func violation(_ margin: Double = -1) -> Finding {
    Finding(.motionVelocity, value: Interval(exactly: 1 - margin), .atMost, 1)
  }
  private func at(_ milliseconds: Int64) -> MonoInstant { MonoInstant(nanoseconds: milliseconds * 1_000_000) }

  @Test func anAlarmIsRaisedOnceAndAgainOnlyWhenItGetsWorseInKind() {
    var book = AlarmBook()
    let unknown = Finding.unknown(.motionVelocity, .stale)
    let possible = Finding(.motionVelocity, value: Interval(0.9, 1.1), .atMost, 1)
    var changes: [AlarmBook.Change] = []
    for (index, finding) in [unknown, unknown, possible, violation(), possible].enumerated() {
      changes.append(book.take(finding, judged: .measured, at: at(Int64(index)), index: UInt64(index + 1)).change)
    }
    #expect(changes == [.raised, .none, .raised, .raised, .none])
    #expect(book[.motionVelocity].index == 4)
  }

  @Test func verdictsThatTakeTurnsDoNotMakeAnAlarmFlap() {
    var book = AlarmBook(quietTime: 500_000_000)
    let passing = Finding(.motionVelocity, value: Interval(exactly: 0), .atMost, 1)
    var (raised, cleared) = (0, 0)
    for step in 0..<100 {
      if book.take(violation(), judged: .commanded, at: at(Int64(step) * 20), index: UInt64(step)).change == .raised {
        raised += 1
      }
      if book.take(passing, judged: .measured, at: at(Int64(step) * 20 + 5), index: UInt64(step)).change == .raised {
        raised += 1
      }
      if book.clear(.motionVelocity, at: at(Int64(step) * 20 + 10)) { cleared += 1 }
    }
    #expect(raised == 1)
    #expect(cleared == 0)
    let clearings = [499, 500, 501].map { book.clear(.motionVelocity, at: at(99 * 20 + $0)) }
    #expect(clearings == [false, true, false])
  }

  @Test func everyViolatingCommandIsLoggedAndALastingMeasuredOneTenTimesASecond() {
    var book = AlarmBook()
    var (commands, states, unknowns) = (0, 0, 0)
    for step in 0..<100 {
      let now = at(Int64(step) * 10)
      if book.take(violation(), judged: .commanded, at: now, index: 1).log { commands += 1 }
    }
    book = AlarmBook()
    for step in 0..<100 where book.take(violation(), judged: .measured, at: at(Int64(step) * 10), index: 1).log {
      states += 1
    }
    book = AlarmBook()
    for step in 0..<100 {
      if book.take(.unknown(.integrityStale, .missing), judged: .measured, at: at(Int64(step) * 10), index: 1).log {
        unknowns += 1
      }
    }
    #expect(commands == 100)
    #expect(states == 10)
    #expect(unknowns == 1)
  }

  /// An arm that moves although each command is held back: its violations are told and logged as if there were no commands.
  @Test func whatTheArmDoesIsToldAndLoggedBesideWhatCommandsAsk() {
    var book = AlarmBook()
    var (changes, logged): ([UInt64], [UInt64]) = ([], [])
    for step in 0..<200 as Range<UInt64> {
      let now = at(Int64(step) * 10)
      let index = 2 * step + 1
      if book.take(violation(), judged: .commanded, at: now, index: index).change == .raised { changes.append(index) }
      guard step >= 100 else { continue }
      let (change, log) = book.take(violation(), judged: .measured, at: now, index: index + 1)
      if change == .raised { changes.append(index + 1) }
      if log { logged.append(index + 1) }
    }
    #expect(changes == [1, 202], "when it was asked for, and when it was done")
    #expect(logged.first == 202 && logged.count == 10, "\(logged)")
    #expect(book[.motionVelocity].since == at(0))
    // A possible violation of the arm's beside a certain one of a command's is logged; the alarm is worse already.
    var other = AlarmBook()
    let possible = Finding(.motionVelocity, value: Interval(0.9, 1.1), .atMost, 1)
    _ = other.take(violation(), judged: .commanded, at: at(0), index: 1)
    let (change, log) = other.take(possible, judged: .measured, at: at(1), index: 2)
    #expect(change == .none && log)
    // Foreseen is not done.
    let foreseen = other.take(violation(), judged: .predicted, at: at(2), index: 3)
    let done = other.take(violation(), judged: .measured, at: at(3), index: 4)
    #expect(foreseen.change == .none && foreseen.log && done.change == .raised && done.log)
  }

  @Test func onlyTheLogRecordOfTheInputThatRaisedItMakesAnAlarmDurable() {
    var book = AlarmBook()
    _ = book.take(violation(), judged: .measured, at: at(0), index: 7)
    let other = book.confirm(.motionVelocity, CommitConfirmation(arrivalIndex: 6, logSequence: 3))
    let own = book.confirm(.motionVelocity, CommitConfirmation(arrivalIndex: 7, logSequence: 4))
    let again = book.confirm(.motionVelocity, CommitConfirmation(arrivalIndex: 7, logSequence: 4))
    #expect(!other && own && !again)
    #expect(book[.motionVelocity].logSequence == 4)
  }

  @Test func aStandingAlarmKeepsItsWorstFindingAndItsBeginning() {
    var book = AlarmBook()
    _ = book.take(.unknown(.motionVelocity, .stale), judged: .measured, at: at(10), index: 1)
    _ = book.take(violation(), judged: .measured, at: at(20), index: 2)
    _ = book.take(.unknown(.motionVelocity, .stale), judged: .measured, at: at(30), index: 3)
    #expect(book[.motionVelocity].since == at(10))
    #expect(book[.motionVelocity].finding.outcome == .violationCertain)
  }

  @Test func whatCouldNotBeToldIsNotAmongWhatWasJudged() {
    let count = StatusMessage.RuleCount(rule: "motion.jump", evaluated: 20, skipped: 3, unknown: 1189, violated: 0)
    #expect(Status.counted(count) == "motion.jump: 20 judged, 1189 unknown, 0 violated")
  }

  @Test func theHeadlineOfACheckSpeaksOfCommandsAlone() throws {
    let loaded = try LoadedConfiguration.load(path: Package.root + "/config/monitor.yaml")
    var monitor = Monitor(loaded.core)
    var tally = Tally()
    let sequence = Sequence(stream: 1, number: 1, boot: 1)
    let action = Action(sequence: sequence, command: .jointPosition(JointVector(Rig.home)))
    for step in 0..<6 {
      // Without a state nothing can be told: both kinds of verdict hold.
      withUnsafePointer(to: monitor.step(step == 3 ? .action(action) : .tick, at: at(Int64(step)))) { tally.take($0, isInWindow: true) }
    }
    #expect(Check.headline(tally) == "1 commands judged: 1 would be held, 0 slowed")
    #expect(tally.held == 6 && tally.commandsHeld == 1)
  }
}
