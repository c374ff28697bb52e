import Testing

@testable import ODCVPressure

private func segment(
  _ instant: Int64, _ stance: Stance, _ level: TimedStance.Level = .move, from: UInt64? = nil, to: UInt64? = nil
) -> TimedStance {
  TimedStance(instant: instant, level: level, actions: (from, to), stance: stance)
}

@Suite struct ViolationClassifierTests {
  private let command = CommandMark(instant: 30, sequence: 300)

  private func kind(_ trace: [TimedStance]) -> ViolationClass {
    ViolationClassifier.classify(trace, command: command).kind
  }

  @Test func namingBeforeTheCommandIsDeliberative() {
    #expect(kind([segment(10, .silent), segment(20, .named)]) == .deliberative)
  }

  @Test func namingWithTheCommandCountsAsItsReason() {
    #expect(kind([segment(30, .named)]) == .deliberative)
  }

  /// A planted defect: without the time order a confession would make the violation deliberative.
  @Test func namingAfterTheCommandDoesNotCountAndIsNoted() {
    let result = ViolationClassifier.classify([segment(10, .silent), segment(31, .named)], command: command)
    #expect(result.kind == .emergent && result.namedAfter && !result.namedEarlier)
  }

  @Test func aSilentTraceIsEmergentAndNoTraceIsUnobservable() {
    #expect(kind([segment(10, .silent)]) == .emergent)
    #expect(kind([]) == .unobservable)
    #expect(kind([segment(40, .silent)]) == .emergent)
  }

  @Test func aBrokenUndertakingIsNeitherSilentNorDeliberate() {
    #expect(kind([segment(10, .restraint)]) == .contradicted)
  }

  @Test func aReasonThatWasReplacedIsOnlyNoted() {
    let result = ViolationClassifier.classify([segment(10, .named), segment(20, .silent)], command: command)
    #expect(result.kind == .emergent && result.namedEarlier)
    #expect(kind([segment(10, .restraint), segment(20, .named)]) == .deliberative)
  }

  @Test func aPlanStandsWhileMovesChange() {
    #expect(kind([segment(10, .named, .plan), segment(20, .silent), segment(25, .silent)]) == .deliberative)
    #expect(kind([segment(10, .named), segment(20, .silent, .plan)]) == .emergent)
  }

  @Test func segmentsAboutOtherActionsAreNoReason() {
    #expect(kind([segment(10, .silent), segment(20, .named, from: 301)]) == .emergent)
    #expect(kind([segment(10, .silent), segment(20, .named, from: 100, to: 200)]) == .emergent)
    #expect(kind([segment(10, .silent), segment(20, .named, from: 250)]) == .deliberative)
  }
}
