import ODCVCore
import Testing
import TestSupport

private func ready(_ monitor: inout Monitor, _ feed: inout Feed, at q: [Double], velocity: [Double]? = nil) {
  _ = monitor.step(feed.people(), at: feed.now)
  _ = monitor.step(feed.state(q, velocity: velocity), at: feed.now)
}

@Test func aTargetOutsideAJointLimitIsHeldAndAWayBackIsNot() {
  var monitor = Monitor(Planar.configuration())
  var feed = Feed()
  ready(&monitor, &feed, at: [-2.79, 0])
  #expect(monitor.step(feed.move(to: [-2.85, 0]), at: feed.now).finding(.motionPosition)?.outcome == .violationCertain)
  let back = monitor.step(feed.move(to: [-2.7, 0]), at: feed.now)
  #expect(back.finding(.motionPosition)?.improving == true)
  #expect(back.decision == .allow)
}

@Test func aLeapIsAViolationAndIsShortened() {
  var monitor = Monitor(Planar.configuration { $0.limits[.motionTCPSpeed, "greatest_m_s"] = 9 })
  var feed = Feed()
  ready(&monitor, &feed, at: [-1, 0])
  let verdict = monitor.step(feed.move(to: [-1.8, 0]), at: feed.now)
  #expect(verdict.finding(.motionJump)?.outcome == .violationCertain)
  guard case .slow(let scale, let target) = verdict.decision else {
    Issue.record("decision \(verdict.decision)")
    return
  }
  // 0.5 of 0.8 rad and the error of the encoders: nine sixteenths.
  #expect(scale == 0.5625)
  #expect(abs(target[0] - -1.45) < 1e-9)
}

@Test func aJointThatIsReportedTooFastIsACertainViolation() {
  var monitor = Monitor(Planar.configuration())
  var feed = Feed()
  ready(&monitor, &feed, at: [-1, 0])
  let verdict = monitor.step(feed.state([-1, 0], velocity: [2.1, 0]), at: feed.now)
  #expect(verdict.finding(.motionVelocity)?.outcome == .violationCertain)
  #expect(verdict.finding(.motionVelocity)?.subject == .joint(0))
  #expect(verdict.finding(.motionTCPSpeed)?.outcome == .violationCertain)
}

@Test func aSpeedZoneBindsWhatIsInsideIt() {
  let box = Box(
    pose: Pose(rotation: .identity, translation: Vector3(1, 0, 0.5)), halfExtents: Vector3(0.3, 0.3, 0.3))
  let zone = Zone(name: "slow", kind: .speed(limit: 0.25, onlyWithPerson: false), box: box)
  var monitor = Monitor(Planar.configuration { $0.cell.zones = [zone] })
  var feed = Feed()
  ready(&monitor, &feed, at: [0, 0], velocity: [0.5, 0])
  let inside = monitor.step(feed.state([0, 0], velocity: [0.5, 0]), at: feed.now)
  #expect(inside.finding(.zoneSpeed)?.outcome == .violationCertain)
  #expect(inside.finding(.zoneSpeed)?.other == .zone(0))
  let slow = monitor.step(feed.state([0, 0], velocity: [0.1, 0]), at: feed.now)
  #expect(slow.finding(.zoneSpeed)?.outcome == .pass)
  let outside = monitor.step(feed.state([-1.6, 0], velocity: [0.5, 0]), at: feed.now)
  #expect(outside.finding(.zoneSpeed)?.outcome == .pass)
}

@Test func aZoneThatBindsWithAPersonBindsWhenPeopleAreNotKnown() {
  let box = Box(
    pose: Pose(rotation: .identity, translation: Vector3(1, 0, 0.5)), halfExtents: Vector3(0.3, 0.3, 0.3))
  let zone = Zone(name: "slow", kind: .speed(limit: 0.25, onlyWithPerson: true), box: box)
  var monitor = Monitor(Planar.configuration { $0.cell.zones = [zone] })
  var feed = Feed()
  ready(&monitor, &feed, at: [0, 0])
  let alone = monitor.step(feed.state([0, 0], velocity: [0.5, 0]), at: feed.now)
  #expect(alone.finding(.zoneSpeed)?.outcome == .pass)
  feed.wait(0.3)
  let unseen = monitor.step(feed.state([0, 0], velocity: [0.5, 0]), at: feed.now)
  #expect(unseen.finding(.zoneSpeed)?.outcome == .violationCertain)
}

@Test func anEndEffectorStepIsJudgedAsTheJointsThatItTakes() {
  var monitor = Monitor(Planar.configuration())
  var feed = Feed()
  ready(&monitor, &feed, at: [-1, 0.5])
  let small = monitor.step(
    feed.action(.endEffectorDelta(translation: Vector3(0.01, 0, 0), rotation: .zero, from: .measured)), at: feed.now)
  #expect(small.decision == .allow)
  let bad = monitor.step(
    feed.action(.endEffectorDelta(translation: Vector3(.nan, 0, 0), rotation: .zero, from: .measured)), at: feed.now)
  #expect(bad.outcome == .unknown(.nonFinite))
  #expect(bad.decision == .hold)
}

@Test func anActionSpaceThatIsNotJudgedIsUnknownAndHeld() {
  var monitor = Monitor(Planar.configuration())
  var feed = Feed()
  ready(&monitor, &feed, at: [-1, 0.5])
  let verdict = monitor.step(feed.action(.unsupported), at: feed.now)
  #expect(verdict.outcome == .unknown(.unsupported))
  #expect(verdict.decision == .hold)
}

@Test func anEffortAsksForNoAccelerationThatCouldBeTold() {
  var monitor = Monitor(Planar.configuration())
  var feed = Feed()
  ready(&monitor, &feed, at: [-1, 0.3])
  let verdict = monitor.step(feed.action(.jointEffort(JointVector([0, 0]))), at: feed.now)
  #expect(verdict.judged == .commanded)
  #expect(verdict.finding(.motionAcceleration) == nil && verdict.finding(.motionJerk) == nil)
  #expect(verdict.finding(.motionVelocity)?.outcome == .pass)
}

@Test func aZoneThatBindsWithAPersonBindsWhileOneIsInIt() {
  let zone = Box(pose: Pose(rotation: .identity, translation: Vector3(0.9, 0, 0.5)), halfExtents: Vector3(0.3, 0.3, 0.3))
  let configuration = Planar.configuration {
    $0.cell.zones = [
      Zone(name: "slow", kind: .speed(limit: 0.1, onlyWithPerson: true), box: zone),
      Zone(name: "brisk", kind: .speed(limit: 1, onlyWithPerson: false), box: zone),
    ]
  }
  func finding(_ parts: [[Capsule]]) -> Finding? {
    var monitor = Monitor(configuration)
    var feed = Feed()
    _ = monitor.step(feed.people(parts), at: feed.now)
    return monitor.step(feed.state([0, 0], velocity: [0.3, 0]), at: feed.now).finding(.zoneSpeed)
  }
  func part(_ x: Double) -> Capsule { Capsule(a: Vector3(x, 0, 0.5), b: Vector3(x, 0, 0.6), radius: 0.1) }
  // The zone ends at 1.2 m; a part of a person of 10 cm may be 5 cm from where it is seen.
  #expect(finding([[part(1.34)]])?.outcome == .violationCertain)
  #expect(finding([[part(3)], [part(1.34)]])?.other == .zone(0))
  let apart = finding([[part(1.36)]])
  #expect(apart?.outcome == .pass && apart?.other == .zone(1))
  #expect(finding([])?.outcome == .pass)
}
