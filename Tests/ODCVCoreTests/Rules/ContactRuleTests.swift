import ODCVCore
import Testing
import TestSupport

private func touching(_ force: Double?, expected: Int? = nil) -> Contacts {
  var contacts = Contacts()
  contacts.append(Contact(link: 2, expected: expected, force: force))
  return contacts
}

@Test func unexpectedContactLatchesUntilAnOperatorResetsIt() {
  var monitor = Monitor(Planar.configuration())
  var feed = Feed()
  _ = monitor.step(feed.people(), at: feed.now)
  _ = monitor.step(feed.state([-1, 0]), at: feed.now)
  let hit = monitor.step(feed.state([-1, 0], velocity: [0.3, 0], contacts: touching(20)), at: feed.now)
  #expect(hit.decision == .halt)
  #expect(hit.latch == 1)
  #expect(hit.finding(.contactHalt)?.outcome == .pass)

  feed.wait(0.05)
  _ = monitor.step(feed.people(), at: feed.now)
  let braking = monitor.step(feed.state([-1, 0], velocity: [0.1, 0]), at: feed.now)
  #expect(braking.finding(.contactHalt)?.outcome == .pass)
  feed.wait(0.05)
  _ = monitor.step(feed.people(), at: feed.now)
  let creeping = monitor.step(feed.state([-1, 0], velocity: [0.05, 0]), at: feed.now)
  #expect(creeping.finding(.contactHalt)?.outcome == .violationCertain)
  let still = monitor.step(feed.state([-1, 0]), at: feed.now)
  #expect(still.finding(.contactHalt)?.outcome == .pass)
  #expect(still.decision == .halt)
  let command = monitor.step(feed.move(to: [-1.05, 0]), at: feed.now)
  #expect(command.finding(.contactHalt)?.outcome == .violationCertain)
  #expect(command.decision == .halt)

  #expect(monitor.step(.episode(.reset), at: feed.now).latch == 1)
  #expect(monitor.step(.reset(Reset(latch: 7)), at: feed.now).latch == 1)
  #expect(monitor.step(.reset(Reset(latch: 1)), at: feed.now).latch == 0)
}

@Test func aResetWhileTheContactLastsDoesNothing() {
  var monitor = Monitor(Planar.configuration())
  var feed = Feed()
  _ = monitor.step(feed.people(), at: feed.now)
  _ = monitor.step(feed.state([-1, 0], contacts: touching(20)), at: feed.now)
  #expect(monitor.step(.reset(Reset(latch: 1)), at: feed.now).latch == 1)
}

@Test func aResetOfAnArmThatIsNotSeenOrThatMovesDoesNothing() {
  var monitor = Monitor(Planar.configuration())
  var feed = Feed()
  _ = monitor.step(feed.people(), at: feed.now)
  _ = monitor.step(feed.state([-1, 0], contacts: touching(20)), at: feed.now)
  _ = monitor.step(feed.state([-1, 0], velocity: [0.2, 0]), at: feed.now)
  #expect(monitor.step(.reset(Reset(latch: 1)), at: feed.now).latch == 1)
  _ = monitor.step(feed.state([-1, 0]), at: feed.now)
  feed.wait(0.2)
  #expect(monitor.step(.reset(Reset(latch: 1)), at: feed.now).latch == 1)
  _ = monitor.step(feed.state([-1, 0]), at: feed.now)
  #expect(monitor.step(.reset(Reset(latch: 1)), at: feed.now).latch == 0)
}

@Test func aContactThatStatesNoForceCountsAsOne() {
  var monitor = Monitor(Planar.configuration())
  var feed = Feed()
  let verdict = monitor.step(feed.state([-1, 0], contacts: touching(nil)), at: feed.now)
  #expect(verdict.latch == 1)
}

@Test func aDeclaredContactIsPermittedWithinItsBudgetsOnly() {
  let grasp = ExpectedContact(link: 2, other: "part", maxForce: 40, maxDuration: 0.5)
  var monitor = Monitor(Planar.configuration { $0.cell.expectedContacts = [grasp] })
  var feed = Feed()
  _ = monitor.step(feed.people(), at: feed.now)
  #expect(monitor.step(feed.state([-1, 0], contacts: touching(20, expected: 0)), at: feed.now).latch == 0)
  feed.wait(0.6)
  #expect(monitor.step(feed.state([-1, 0], contacts: touching(20, expected: 0)), at: feed.now).latch == 1)
  var other = Monitor(Planar.configuration { $0.cell.expectedContacts = [grasp] })
  #expect(other.step(feed.state([-1, 0], contacts: touching(45, expected: 0)), at: feed.now).latch == 1)
}

@Test func forceIsJudgedWithItsMeasurementError() {
  var monitor = Monitor(Planar.configuration())
  var feed = Feed()
  _ = monitor.step(feed.people(), at: feed.now)
  func outcome(_ force: Double) -> Outcome? {
    monitor.step(feed.state([-1, 0], force: force), at: feed.now).finding(.contactForce)?.outcome
  }
  #expect(outcome(58.9) == .pass)
  #expect(outcome(60.5) == .violationPossible)
  #expect(outcome(61.1) == .violationCertain)
}

@Test func aStateThatReportsNothingOfContactIsUnknownUnlessTheCellDeclaresIt() {
  var monitor = Monitor(Planar.configuration())
  var feed = Feed()
  _ = monitor.step(feed.people(), at: feed.now)
  let silent = monitor.step(feed.state([-1, 0], contacts: nil, force: nil), at: feed.now)
  #expect(silent.finding(.contactHalt)?.outcome == .unknown(.missing))
  #expect(silent.finding(.contactForce)?.outcome == .unknown(.missing))
  #expect(silent.decision == .hold)
  var declared = Monitor(
    Planar.configuration {
      $0.cell.notMeasured = [
        NotMeasured(quantity: .contact, reason: "no sensor", by: "integrator"),
        NotMeasured(quantity: .force, reason: "no sensor", by: "integrator"),
        NotMeasured(quantity: .pressure, reason: "no sensor", by: "integrator"),
      ]
    })
  _ = declared.step(feed.people(), at: feed.now)
  let verdict = declared.step(feed.state([-1, 0], contacts: nil, force: nil), at: feed.now)
  #expect(verdict.finding(.contactHalt)?.outcome == .notApplicable)
  #expect(verdict.decision == .allow)
}

@Test func pressureIsJudgedByTheWrenchWhereNoContactsAreListed() {
  var monitor = Monitor(Planar.configuration())
  var feed = Feed()
  _ = monitor.step(feed.people(), at: feed.now)
  let verdict = monitor.step(feed.state([-1, 0], contacts: nil, force: 4), at: feed.now)
  // 4 N, give or take 1 N, over 1 cm².
  #expect(verdict.finding(.contactPressure)?.value == Interval(3 / 0.0001, 5 / 0.0001))
  #expect(verdict.finding(.contactPressure)?.subject == .toolCentrePoint)
}

@Test func contactThatIsOnlyPossibleAsksNothingOfAnArmThatStands() {
  var monitor = Monitor(
    Planar.configuration {
      Planar.weigh(&$0.robot)
      $0.robot.dynamics = Planar.dynamics()
    })
  var feed = Feed()
  func state(_ effort: Double, velocity: [Double] = [0, 0]) -> Finding? {
    feed.wait(0.02)
    _ = monitor.step(feed.people(), at: feed.now)
    return monitor.step(feed.state([-1, 0.3], velocity: velocity, effort: [effort, 0]), at: feed.now).finding(.contactHalt)
  }
  for _ in 0..<50 { _ = state(0) }
  #expect(state(0)?.limit == 0)
  // As much as is contact, give or take what the model leaves open.
  for _ in 0..<50 { _ = state(10) }
  let still = state(10)
  #expect(still?.outcome == .pass && still?.value == Interval(exactly: 0) && (still?.limit ?? 0) > 0)
  let moving = state(10, velocity: [0.02, 0])
  #expect(moving?.outcome == .violationPossible)
}

/// Positions that creep while the velocities say 0, then stand: where it latched, and how its reset went at the end.
private func latchAfterCreeping(_ speed: Double, then quiet: Double) -> (latch: UInt64, joint: Int?) {
  var monitor = Monitor(Planar.configuration())
  var feed = Feed()
  _ = monitor.step(feed.people(), at: feed.now)
  _ = monitor.step(feed.state([-1, 0], contacts: touching(20)), at: feed.now)
  var q = -1.0
  for step in 0..<Int((0.6 + quiet) * 100) {
    feed.wait(0.01)
    if step < 60 { q += 0.01 * speed }
    _ = monitor.step(feed.people(), at: feed.now)
    _ = monitor.step(feed.state([q, 0]), at: feed.now)
  }
  let latch = monitor.step(.reset(Reset(latch: 1)), at: feed.now).latch
  return (latch, monitor.doubtedJoint)
}

@Test func aResetWhileThePositionsMoveAndTheVelocitiesSayThatItStandsDoesNothing() {
  #expect(latchAfterCreeping(0.2, then: 0) == (1, 0))
  // What disagreed a moment ago may do so again, whatever a window that has just begun shows.
  #expect(latchAfterCreeping(0.2, then: 0.5) == (1, 0))
  #expect(latchAfterCreeping(0.2, then: 2.5) == (0, nil))
  #expect(latchAfterCreeping(0, then: 0) == (0, nil))
}
