import ODCVCore
import Testing
import TestSupport

/// The planar arm standing at `q` with nobody in the cell.
private func ready(_ monitor: inout Monitor, _ feed: inout Feed, at q: [Double], velocity: [Double]? = nil) {
  _ = monitor.step(feed.people(), at: feed.now)
  _ = monitor.step(feed.state(q, velocity: velocity), at: feed.now)
}

private func part(_ x: Double, _ y: Double, _ z: Double = 0.5) -> Capsule {
  Capsule(a: Vector3(x, y, z), b: Vector3(x, y, z), radius: 0.1)
}

@Test func aShortWayInFreeSpaceIsAllowed() {
  var monitor = Monitor(Planar.configuration())
  var feed = Feed()
  ready(&monitor, &feed, at: [-1, 0.3])
  let verdict = monitor.step(feed.move(to: [-1.02, 0.3]), at: feed.now)
  #expect(verdict.outcome == .pass)
  #expect(verdict.decision == .allow)
}

@Test func aWayThatEndsTooNearAnObstacleIsHeldOrShortened() {
  var monitor = Monitor(Planar.configuration())
  var feed = Feed()
  ready(&monitor, &feed, at: [0.42, 0])
  let verdict = monitor.step(feed.move(to: [0.6, 0]), at: feed.now)
  let finding = verdict.finding(.clearanceStatic)
  #expect(finding?.outcome == .violationCertain)
  #expect(finding?.other == .obstacle(0))
  #expect(verdict.decision != .allow)
}

@Test func anObstacleInTheMiddleOfAWayIsNotJumpedOver() {
  var monitor = Monitor(Planar.configuration { $0.limits[.motionJump, "greatest_rad"] = 3 })
  var feed = Feed()
  ready(&monitor, &feed, at: [0.2, 0])
  // Both ends are 0.3 m clear of the post; the way between leads through it.
  let verdict = monitor.step(feed.move(to: [1.2, 0]), at: feed.now)
  #expect(verdict.finding(.clearanceStatic)?.outcome == .violationCertain)
  #expect((verdict.finding(.clearanceStatic)?.value.upper ?? 1) < 0)
}

@Test func theStopOfAFastArmIsJudgedEvenWithoutACommand() {
  var monitor = Monitor(Planar.configuration())
  var feed = Feed()
  _ = monitor.step(feed.people(), at: feed.now)
  let slow = monitor.step(feed.state([0.38, 0], velocity: [0.1, 0]), at: feed.now)
  #expect(slow.finding(.clearanceStatic)?.outcome == .pass)
  let fast = monitor.step(feed.state([0.38, 0], velocity: [1.5, 0]), at: feed.now)
  #expect(fast.finding(.clearanceStatic)?.outcome == .violationPossible)
  #expect(fast.decision == .hold)
}

@Test func anArmThatIsTooNearMayMoveAway() {
  var monitor = Monitor(Planar.configuration())
  var feed = Feed()
  ready(&monitor, &feed, at: [0.55, 0])
  let nearer = monitor.step(feed.move(to: [0.57, 0]), at: feed.now)
  #expect(nearer.decision == .hold)
  let away = monitor.step(feed.move(to: [0.52, 0]), at: feed.now)
  #expect(away.finding(.clearanceStatic)?.improving == true)
  #expect(away.outcome == .violationCertain)
  #expect(away.decision == .allow)
}

@Test func foldedLinksAreHeld() {
  var monitor = Monitor(Planar.configuration { $0.limits[.clearanceSelf, "least_m"] = 0.3 })
  var feed = Feed()
  ready(&monitor, &feed, at: [0, 2.2])
  let verdict = monitor.step(feed.move(to: [0, 2.5]), at: feed.now)
  #expect(verdict.finding(.clearanceSelf)?.outcome == .violationCertain)
  #expect(verdict.finding(.clearanceSelf)?.subject == .link(2))
}

@Test func separationNeedsWhatAPersonCanWalkUntilTheArmIsAtRest() {
  let configuration = Planar.configuration()
  var monitor = Monitor(configuration)
  var feed = Feed()
  _ = monitor.step(feed.people([[part(-2, 0)]]), at: feed.now)
  let verdict = monitor.step(feed.state([0, 0], velocity: [0.6, 0]), at: feed.now)
  let finding = verdict.finding(.clearanceHuman)
  // 1.6 m/s times (0.01 s sensor latency + 0.02 s period + 0.01 s deadline + 0.02 s reaction + the stop from
  // 0.6 rad/s and what the position's error and age make of it, 0.0016 rad / 0.05 s) + C 0.1 + Z_d 0.05 + Z_r 0.01.
  let expected = 1.6 * (0.01 + 0.05 + 0.632 / 6) + 0.16
  #expect(abs((finding?.limit ?? 0) - expected) < 0.001)
  #expect(finding?.outcome == .pass)
}

@Test func aPersonNearAMovingArmIsAViolationAndNearAStandingArmIsNot() {
  var monitor = Monitor(Planar.configuration())
  var feed = Feed()
  _ = monitor.step(feed.people([[part(1.2, 0)]]), at: feed.now)
  let moving = monitor.step(feed.state([0, 0], velocity: [0.5, 0]), at: feed.now)
  #expect(moving.finding(.clearanceHuman)?.outcome == .violationCertain)
  #expect(moving.finding(.clearanceHuman)?.other == .person(track: 1, part: 0))
  #expect(moving.decision == .hold)
  let standing = monitor.step(feed.state([0, 0]), at: feed.now)
  #expect(standing.finding(.clearanceHuman)?.outcome == .pass)
  let start = monitor.step(feed.move(to: [0.1, 0]), at: feed.now)
  #expect(start.finding(.clearanceHuman)?.outcome == .violationCertain)
}

@Test func smallStepsNearAPersonAddUpToAMotion() {
  var monitor = Monitor(Planar.configuration())
  var feed = Feed()
  _ = monitor.step(feed.people([[part(1.3, 0)]]), at: feed.now)
  var q = 0.0
  var allowed = 0
  for _ in 0..<200 {
    feed.wait(0.02)
    _ = monitor.step(feed.people([[part(1.3, 0)]]), at: feed.now)
    _ = monitor.step(feed.state([q, 0]), at: feed.now)
    // What the arm does with a step that is let through.
    if monitor.step(feed.move(to: [q + 0.002, 0]), at: feed.now).decision == .allow {
      allowed += 1
      q += 0.002
    }
  }
  #expect(allowed <= 3)
  #expect(monitor.step(feed.move(to: [q, 0]), at: feed.now).finding(.clearanceHuman)?.outcome == .pass)
}

@Test func bettermentOfOnePairIsNoLeaveToWorsenAnother() {
  // The arm touches the post on one side, and a wall on the other is just clear of its limit.
  let wall = Obstacle(name: "wall", solid: .halfSpace(HalfSpace(normal: Vector3(0, 1, 0), offset: 0.30)))
  var monitor = Monitor(Planar.configuration { $0.cell.obstacles.append(wall) })
  var feed = Feed()
  _ = monitor.step(feed.people(), at: feed.now)
  _ = monitor.step(feed.state([0.56, 0]), at: feed.now)
  let verdict = monitor.step(feed.move(to: [0.40, 0]), at: feed.now)
  #expect(verdict.finding(.clearanceStatic)?.improving == false)
  #expect(verdict.decision != .allow)
}

@Test func anEmptyFrameOfPeoplePassesAndAMissingOrOldOneHoldsTheArm() {
  var monitor = Monitor(Planar.configuration())
  var feed = Feed()
  _ = monitor.step(feed.state([-1, 0]), at: feed.now)
  let missing = monitor.step(feed.move(to: [-1.02, 0]), at: feed.now)
  #expect(missing.finding(.clearanceHuman)?.outcome == .unknown(.missing))
  #expect(missing.decision == .hold)

  _ = monitor.step(feed.people(), at: feed.now)
  let empty = monitor.step(feed.move(to: [-1.02, 0]), at: feed.now)
  #expect(empty.finding(.clearanceHuman)?.outcome == .pass)
  #expect(empty.decision == .allow)

  feed.wait(0.2)
  _ = monitor.step(feed.state([-1.02, 0]), at: feed.now)
  let old = monitor.step(feed.move(to: [-1.04, 0]), at: feed.now)
  #expect(old.finding(.clearanceHuman)?.outcome == .unknown(.stale))
  #expect(old.finding(.integrityStale)?.outcome == .unknown(.stale))
  #expect(old.decision == .hold)
}

@Test func aSensorThatDoesNotVouchForItsFieldIsUnknown() {
  var monitor = Monitor(Planar.configuration())
  var feed = Feed()
  _ = monitor.step(feed.people(coverage: false), at: feed.now)
  _ = monitor.step(feed.state([-1, 0]), at: feed.now)
  let verdict = monitor.step(feed.move(to: [-1.02, 0]), at: feed.now)
  #expect(verdict.finding(.clearanceHuman)?.outcome == .unknown(.coverage))
  #expect(verdict.decision == .hold)
}

@Test func aPartInsideAForceZoneIsNotJudgedBySeparation() {
  let zone = Zone(
    name: "handover", kind: .force(ForceLimits(regions: [], recoils: false, force: 50, energy: 1, speed: 1)),
    box: Box(pose: Pose(rotation: .identity, translation: Vector3(1.2, 0, 0.5)), halfExtents: Vector3(0.2, 0.2, 0.2)))
  var monitor = Monitor(Planar.configuration { $0.cell.zones = [zone] })
  var feed = Feed()
  _ = monitor.step(feed.people([[part(1.2, 0)]]), at: feed.now)
  let inside = monitor.step(feed.state([0, 0], velocity: [0.3, 0]), at: feed.now)
  #expect(inside.finding(.clearanceHuman)?.outcome == .pass)
  _ = monitor.step(feed.people([[part(1.2, 0.15)]]), at: feed.now)
  let partly = monitor.step(feed.state([0, 0], velocity: [0.3, 0]), at: feed.now)
  #expect(partly.finding(.clearanceHuman)?.outcome == .violationCertain)
}

@Test func aForceZoneIsForTheRegionsThatItNames() {
  let zone = Zone(
    name: "handover", kind: .force(ForceLimits(regions: [.hand], recoils: false, force: 50, energy: 1, speed: 1)),
    box: Box(pose: Pose(rotation: .identity, translation: Vector3(1.2, 0, 0.5)), halfExtents: Vector3(0.2, 0.2, 0.2)))
  func outcome(_ region: BodyRegion?) -> Outcome? {
    var monitor = Monitor(Planar.configuration { $0.cell.zones = [zone] })
    var feed = Feed()
    var frame = People(sensor: 0, sequence: Sequence(stream: 0, number: 1, boot: 1), coverage: true)
    var person = Person(track: 1)
    person.append(part(1.2, 0), region)
    frame.append(person)
    _ = monitor.step(.people(frame), at: feed.now)
    return monitor.step(feed.state([0, 0], velocity: [0.3, 0]), at: feed.now).finding(.clearanceHuman)?.outcome
  }
  #expect(outcome(.hand) == .pass)
  #expect(outcome(.face) == .violationCertain)
  #expect(outcome(nil) == .violationCertain)
}

@Test func aFasterPersonNeverNeedsLessSeparation() {
  var random = SeededGenerator(seed: 9)
  for _ in 0..<200 {
    let velocity = [random.uniform(-1.5...1.5), random.uniform(-1.5...1.5)]
    let q = [random.uniform(-2...2), random.uniform(-2...2)]
    let where_ = part(random.uniform(-2...2), random.uniform(-2...2))
    var margins: [Double] = []
    for speed in [0.5, 1.0, 1.6, 2.0] {
      var monitor = Monitor(Planar.configuration { $0.limits[.clearanceHuman, "human_speed_m_s"] = speed })
      var feed = Feed()
      _ = monitor.step(feed.people([[where_]]), at: feed.now)
      margins.append(
        monitor.step(feed.state(q, velocity: velocity), at: feed.now).finding(.clearanceHuman)!.margin.lower)
    }
    for (slow, fast) in zip(margins, margins.dropFirst()) { #expect(fast <= slow) }
  }
}

@Test func aPairOfLinksIsLookedAtExactlyWhereItsCapsulesMayFail() throws {
  // Half a metre out and 10 cm above a foot that is 4 cm thick in a capsule of 10.
  func finding(_ least: Double, exactly: Bool) throws -> Finding {
    let configuration = Planar.configuration {
      $0.limits[.clearanceSelf, "least_m"] = least
      guard exactly else { return }
      let foot = Box(
        pose: Pose(rotation: .identity, translation: Vector3(0, 0, 0.2)), halfExtents: Vector3(0.02, 0.02, 0.2))
      let corners = Brute.corners(foot)
      $0.robot.hulls = [ConvexHull(vertices: corners, triangles: Brute.triangles(of: corners), padding: 0, gap: 0)]
      $0.robot.capsules[0].hull = 0
      $0.robot.capsules[0].fitGap = 0.05
    }
    var monitor = Monitor(configuration)
    var feed = Feed()
    ready(&monitor, &feed, at: [-1.6, 0])
    return try #require(monitor.step(feed.move(to: [-1.62, 0]), at: feed.now).finding(.clearanceSelf))
  }
  #expect(try finding(0.42, exactly: false).outcome == .violationCertain)
  #expect(try finding(0.42, exactly: true).outcome == .pass)
  #expect(try finding(0.46, exactly: true).outcome != .pass)
}
