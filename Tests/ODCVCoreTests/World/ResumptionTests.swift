import TestSupport
import Testing

@testable import ODCVCore

/// A monitor that begins in the middle of what others have seen.
@Suite struct ResumptionTests {
  @Test func whatIsJudgedLaterKeepsItsNumberAndTime() {
    var monitor = Monitor(Planar.configuration())
    let begun = MonoInstant(nanoseconds: 7_000_000_000)
    monitor.resume(after: 41, at: begun)
    #expect(monitor.world.index == 41 && monitor.world.now == begun)
    // Inputs may be left out once more; the time until the next one counts from the last that was there.
    monitor.resume(after: 50, at: MonoInstant(nanoseconds: 9_000_000_000))
    #expect(monitor.world.index == 50 && monitor.world.now == begun)
    var feed = Feed()
    feed.now = MonoInstant(nanoseconds: 9_500_000_000)
    #expect(monitor.step(feed.people(), at: feed.now).index == 51)
  }

  @Test func theRulesWhoseFindingsHangOnMoreThanTheInputsOfLateAreNamed() {
    #expect(RuleID.allCases.filter(\.facts.remembers) == [.contactPermit, .integrityClass, .reportTruth])
  }
}
