import ODCVCore
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

  @Test func onlyTheLogRecordOfTheInputThatRaisedItMakesAnAlarmDurable() {
    var book = AlarmBook()
    _ = book.take(violation(), judged: .measured, at: at(0), index: 7)
    let other = book.confirm(.motionVelocity, index: 6, sequence: 3)
    let own = book.confirm(.motionVelocity, index: 7, sequence: 4)
    let again = book.confirm(.motionVelocity, index: 7, sequence: 4)
    #expect(!other && own && !again)
    #expect(book[.motionVelocity].logSequence == 4)
  }
}
