import ODCVCore
import Testing
import TestSupport

private func number(_ input: Input, _ number: UInt64?, boot: UInt64 = 1) -> Input {
  guard case .action(var action) = input else { return input }
  action.sequence = Sequence(stream: 0, number: number, boot: boot)
  return .action(action)
}

private func armed(_ feed: inout Feed) -> Monitor {
  var monitor = Monitor(Planar.configuration())
  _ = monitor.step(feed.people(), at: feed.now)
  _ = monitor.step(feed.state([-1, 0]), at: feed.now)
  return monitor
}

@Test(arguments: [
  (UInt64(7), Outcome.violationCertain), (8, .violationCertain), (9, .pass), (10, .violationCertain),
])
func aCommandIsInOrderOrHeld(second: UInt64, outcome: Outcome) {
  var feed = Feed()
  var monitor = armed(&feed)
  let move = feed.move(to: [-1.02, 0])
  #expect(monitor.step(number(move, 8), at: feed.now).decision == .allow)
  let verdict = monitor.step(number(move, second), at: feed.now)
  #expect(verdict.finding(.integritySequence)?.outcome == outcome)
  #expect((verdict.decision == .allow) == (outcome == .pass))
}

@Test func aRestartedSourceCountsAfreshAndItsFormerBootIsAReplay() {
  var feed = Feed()
  var monitor = armed(&feed)
  let move = feed.move(to: [-1.02, 0])
  _ = monitor.step(number(move, 100, boot: 1), at: feed.now)
  #expect(monitor.step(number(move, 1, boot: 2), at: feed.now).decision == .allow)
  let replay = monitor.step(number(move, 101, boot: 1), at: feed.now)
  #expect(replay.finding(.integritySequence)?.outcome == .violationCertain)
}

@Test func aSecondPublisherIsUnknownAndNotBelieved() {
  var feed = Feed()
  var monitor = armed(&feed)
  var second = feed.state([0.4, 0])
  if case .state(var state) = second {
    state.sequence.stream = 5
    second = .state(state)
  }
  let verdict = monitor.step(second, at: feed.now)
  #expect(verdict.finding(.integrityIdentity)?.outcome == .violationCertain)
  #expect(verdict.decision == .hold)
  #expect(monitor.step(feed.move(to: [0.42, 0]), at: feed.now).finding(.motionJump)?.outcome == .violationCertain)
}

@Test func aCommandWithoutANumberIsUnknown() {
  var feed = Feed()
  var monitor = armed(&feed)
  let verdict = monitor.step(number(feed.move(to: [-1.02, 0]), nil), at: feed.now)
  #expect(verdict.finding(.integritySequence)?.outcome == .unknown(.missing))
  #expect(verdict.decision == .hold)
}

@Test func aStateOutOfOrderIsNotBelieved() {
  var feed = Feed()
  var monitor = armed(&feed)
  var old = feed.state([-1, 0], velocity: [0.2, 0])
  if case .state(var state) = old {
    state.sequence.number = 1
    old = .state(state)
  }
  let verdict = monitor.step(old, at: feed.now)
  #expect(verdict.finding(.integritySequence)?.outcome == .violationCertain)
  #expect(verdict.finding(.motionVelocity)?.value.lower == 0)
}

@Test(arguments: [Double.nan, .infinity, -.infinity])
func aStateWithoutNumbersIsUnknownAndNotBelieved(value: Double) {
  var feed = Feed()
  var monitor = armed(&feed)
  let verdict = monitor.step(feed.state([value, 0]), at: feed.now)
  #expect(verdict.finding(.integritySchema)?.outcome == .unknown(.nonFinite))
  #expect(verdict.decision == .hold)
}

@Test(arguments: [
  Rejection.Reason.undecodable, .oversized, .wrongRobot, .wrongEndpoint, .missingField, .nonFinite, .wrongLength,
  .unknownSensor, .unsupported, .badSignature,
])
func aRefusedMessageIsUnknownAndHeld(reason: Rejection.Reason) {
  var feed = Feed()
  var monitor = armed(&feed)
  let verdict = monitor.step(.rejected(Rejection(stream: .action, reason: reason)), at: feed.now)
  guard case .unknown? = verdict.finding(.integritySchema)?.outcome else {
    Issue.record("\(String(describing: verdict.finding(.integritySchema)))")
    return
  }
  #expect(verdict.decision == .hold)
}

@Test(arguments: [2_000, 1e18, 1e300, -1e308])
func numbersTooLargeToPlaceTheArmByAreUnknown(value: Double) {
  var feed = Feed()
  var monitor = armed(&feed)
  #expect(monitor.step(feed.move(to: [value, 0]), at: feed.now).finding(.clearanceStatic)?.outcome == .unknown(.nonFinite))
  let speed = monitor.step(feed.state([-1, 0], velocity: [value, 0]), at: feed.now)
  #expect(speed.outcome != .pass)
  #expect(speed.decision == .hold)
  #expect(monitor.step(feed.state([value, 0]), at: feed.now).decision == .hold)
}

@Test(arguments: [Double.nan, .infinity, 1e3, 1e155])
func aPersonWithoutNumbersIsUnknownAndNotBelieved(value: Double) {
  var feed = Feed()
  var monitor = armed(&feed)
  let broken = Capsule(a: Vector3(value, 0, 0), b: .zero, radius: 0.1)
  let verdict = monitor.step(feed.people([[broken]]), at: feed.now)
  #expect(verdict.finding(.integritySchema)?.outcome == .unknown(.nonFinite))
  #expect(verdict.decision == .hold)
  let inverted = monitor.step(feed.people([[Capsule(a: .zero, b: .zero, radius: -1)]]), at: feed.now)
  #expect(inverted.decision == .hold)
}

@Test(arguments: [ODCVCore.Stream.action, .state])
func otherJointsThanTheConfiguredOnesAreUnknownUntilTheyAreRight(stream: ODCVCore.Stream) {
  var feed = Feed()
  var monitor = armed(&feed)
  let wrong = monitor.step(.layout(Layout(stream: stream, jointsMatch: false)), at: feed.now)
  #expect(wrong.finding(.integritySchema)?.outcome == .unknown(.mismatched))
  #expect(monitor.step(feed.move(to: [-1.02, 0]), at: feed.now).decision == .hold)
  _ = monitor.step(.layout(Layout(stream: stream, jointsMatch: true)), at: feed.now)
  // In which order the driver wrote what it sent before is not known.
  if stream == .state {
    #expect(monitor.step(feed.move(to: [-1.02, 0]), at: feed.now).decision == .hold)
    _ = monitor.step(feed.state([-1, 0]), at: feed.now)
  }
  #expect(monitor.step(feed.move(to: [-1.02, 0]), at: feed.now).decision == .allow)
}

@Test func theLargestSequenceNumberAgainstTheSmallestIsCounted() {
  var feed = Feed()
  var monitor = armed(&feed)
  let move = feed.move(to: [-1.02, 0])
  _ = monitor.step(number(move, .max), at: feed.now)
  let verdict = monitor.step(number(move, 0), at: feed.now)
  #expect(verdict.finding(.integritySequence)?.outcome == .violationCertain)
}

@Test func withoutAStateEveryRuleThatNeedsItIsUnknown() {
  var monitor = Monitor(Planar.configuration())
  var feed = Feed()
  _ = monitor.step(feed.people(), at: feed.now)
  let verdict = monitor.step(feed.move(to: [0, 0]), at: feed.now)
  for rule: RuleID in [
    .clearanceStatic, .clearanceSelf, .clearanceHuman, .contactHalt, .contactForce, .motionPosition, .motionVelocity,
    .motionTCPSpeed, .motionJump, .integrityStale,
  ] {
    #expect(verdict.finding(rule)?.outcome == .unknown(.missing), "\(rule.name)")
  }
  #expect(verdict.decision == .hold)
}

@Test func timeAloneMakesAStateStale() {
  var feed = Feed()
  var monitor = armed(&feed)
  #expect(monitor.step(.tick, at: feed.now).decision == .allow)
  feed.wait(0.06)
  let verdict = monitor.step(.tick, at: feed.now)
  #expect(verdict.finding(.integrityStale)?.outcome == .unknown(.stale))
  #expect(verdict.decision == .hold)
}

@Test(arguments: [-1, -0.001, -1e-9])
func aClockThatStepsBackIsNotAPass(step: Double) {
  var feed = Feed()
  var monitor = armed(&feed)
  feed.wait(step)
  let verdict = monitor.step(.tick, at: feed.now)
  #expect(verdict.finding(.integrityStale)?.outcome == .unknown(.stale))
  #expect(verdict.decision == .hold)
}

@Test func aFrameOfATimeToComeIsNotAPass() {
  var feed = Feed()
  var monitor = armed(&feed)
  feed.wait(1e-9)
  #expect(monitor.step(feed.people(), at: feed.now).decision == .allow)
  feed.wait(-1e-9)
  _ = monitor.step(feed.state([-1, 0]), at: feed.now)
  let verdict = monitor.step(feed.move(to: [-1.02, 0]), at: feed.now)
  #expect(verdict.finding(.clearanceHuman)?.outcome == .unknown(.stale))
  #expect(verdict.decision == .hold)
}

@Test func aVerdictThatCameTooLateIsUnknown() {
  var feed = Feed()
  var monitor = armed(&feed)
  #expect(monitor.step(.overrun(0.05), at: feed.now).outcome == .unknown(.overrun))
}
