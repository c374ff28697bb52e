import ODCVCore
import Testing
import TestSupport

/// The planar arm with a sensor of obstacles, and what it sees moves at most at `speed`, m/s.
private func configuration(_ speed: Double, _ change: (inout Configuration) -> Void = { _ in }) -> Configuration {
  Planar.configuration {
    $0.cell.obstacleSensors = [
      Sensor(
        id: "lidar", input: InputDeclaration(maxAge: 0.1, latency: 0.01), positionError: 0.02, greatestSpeed: speed)
    ]
    change(&$0)
  }
}

/// The sensor's first frame.
private func seen(_ solids: [Solid]) -> Input {
  var frame = Obstacles(sensor: 0, sequence: Sequence(stream: 0, number: 1, boot: 1), coverage: true)
  for solid in solids { frame.append(solid) }
  return .obstacles(frame)
}

private func cart(_ x: Double, _ y: Double) -> Solid { .sphere(center: Vector3(x, y, 0.5), radius: 0.1) }

/// What `clearance.static` says of an arm that moves beside one seen obstacle, and nothing else.
private func judged(_ speed: Double, at q: [Double], velocity: [Double], _ thing: Solid, age: Double = 0) -> Finding {
  var monitor = Monitor(configuration(speed) { $0.cell.obstacles = [] })
  var feed = Feed()
  _ = monitor.step(feed.people(), at: feed.now)
  _ = monitor.step(seen([thing]), at: feed.now)
  feed.wait(age)
  return monitor.step(feed.state(q, velocity: velocity), at: feed.now).finding(.clearanceStatic)!
}

@Test func whatMayMoveIsKeptClearOfUntilTheArmIsAtRest() {
  let fixed = judged(0, at: [0, 0], velocity: [0.6, 0], cart(-2, 0))
  let moving = judged(0.7, at: [0, 0], velocity: [0.6, 0], cart(-0.9, 0))
  #expect(abs(fixed.limit - (0.05 + 0.02)) < 1e-9)
  // As for people: 0.01 s sensor latency, 0.02 s period, 0.01 s deadline, 0.02 s reaction, and the stop.
  #expect(abs(moving.limit - (0.07 + 0.7 * (0.01 + 0.05 + 0.632 / 6))) < 0.001)
  #expect(moving.other == .seenObstacle(sensor: 0, index: 0))
}

@Test func aHeldObjectKeepsClearOfWhatMayMoveAsTheArmDoes() {
  func held(_ speed: Double, velocity: [Double]) -> Finding {
    var monitor = Monitor(
      configuration(speed) {
        $0.cell.obstacles = []
        $0.robot.heldObject = 2
      })
    var feed = Feed()
    _ = monitor.step(feed.people(), at: feed.now)
    _ = monitor.step(seen([cart(-0.9, 0)]), at: feed.now)
    return monitor.step(feed.state([0, 0], velocity: velocity), at: feed.now).finding(.clearanceHeldObject)!
  }
  let (fixed, moving) = (held(0, velocity: [0.6, 0]), held(0.7, velocity: [0.6, 0]))
  #expect(abs(moving.limit - fixed.limit - 0.7 * (0.01 + 0.05 + 0.632 / 6)) < 0.001)
  #expect(held(0.7, velocity: [0, 0]).limit == -.infinity)
}

@Test func anOlderFrameNeedsMoreDistanceFromWhatMoves() {
  let fresh = judged(2, at: [0, 0], velocity: [0.6, 0], cart(-0.9, 0))
  let old = judged(2, at: [0, 0], velocity: [0.6, 0], cart(-0.9, 0), age: 0.05)
  #expect(abs(old.limit - fresh.limit - 2 * 0.05) < 1e-9)
  #expect(judged(0, at: [0, 0], velocity: [0.6, 0], cart(-0.9, 0), age: 0.05).limit == 0.07)
}

@Test func aThingThatMovesFastIsAViolationWhereAFixedOnePasses() {
  let beside = cart(1.2, -0.4)
  #expect(judged(0, at: [0, 0], velocity: [0.3, 0], beside).outcome == .pass)
  #expect(judged(3, at: [0, 0], velocity: [0.3, 0], beside).outcome == .violationCertain)
}

@Test func anArmAtRestCompliesHoweverNearAMovingThingComesAndNotBesideAFixedOne() {
  for (speed, outcome) in [(0.5, Outcome.pass), (0, .violationCertain)] {
    var monitor = Monitor(configuration(speed))
    var feed = Feed()
    _ = monitor.step(feed.people(), at: feed.now)
    _ = monitor.step(seen([cart(1.05, 0)]), at: feed.now)
    let standing = monitor.step(feed.state([0, 0]), at: feed.now)
    #expect(standing.finding(.clearanceStatic)?.outcome == outcome)
    // It may not start: not even away from what may follow.
    let start = monitor.step(feed.move(to: [0.05, 0]), at: feed.now)
    #expect(start.finding(.clearanceStatic)?.outcome == .violationCertain)
    #expect((start.decision == .allow) == (speed == 0))
  }
}

@Test func anArmAtRestBesideOnlyMovingThingsStillTellsHowNearTheyAre() {
  var monitor = Monitor(configuration(0.5) { $0.cell.obstacles = [] })
  var feed = Feed()
  _ = monitor.step(feed.people(), at: feed.now)
  _ = monitor.step(seen([cart(1.3, 0)]), at: feed.now)
  let finding = monitor.step(feed.state([0, 0]), at: feed.now).finding(.clearanceStatic)
  #expect(finding?.outcome == .pass)
  #expect(abs((finding?.value.lower ?? 0) - 0.15) < 0.01)
  #expect(finding?.other == .seenObstacle(sensor: 0, index: 0))
}

@Test func theObstacleSensorThatIsMissedIsNamedBehindThoseOfPeople() {
  var monitor = Monitor(configuration(0.5))
  var feed = Feed()
  _ = monitor.step(feed.people(), at: feed.now)
  let finding = monitor.step(feed.state([0, 0]), at: feed.now).finding(.clearanceStatic)
  #expect(finding?.outcome == .unknown(.missing) && finding?.subject == .sensor(1))
  var second = Monitor(configuration(0.5) { $0.cell.obstacleSensors.append($0.cell.obstacleSensors[0]) })
  _ = second.step(feed.people(), at: feed.now)
  _ = second.step(seen([]), at: feed.now)
  let behind = second.step(feed.state([0, 0]), at: feed.now).finding(.clearanceStatic)
  #expect(behind?.outcome == .unknown(.missing) && behind?.subject == .sensor(2))
}

@Test func movingAwayFromWhatMayFollowEarnsNoLeave() {
  for (speed, improving) in [(0.0, true), (0.5, false)] {
    var monitor = Monitor(configuration(speed) { $0.cell.obstacles = [] })
    var feed = Feed()
    _ = monitor.step(feed.people(), at: feed.now)
    _ = monitor.step(seen([.capsule(Capsule(a: Vector3(0.8, 0.6, 0), b: Vector3(0.8, 0.6, 1), radius: 0.05))]), at: feed.now)
    _ = monitor.step(feed.state([0.55, 0]), at: feed.now)
    let away = monitor.step(feed.move(to: [0.52, 0]), at: feed.now)
    #expect(away.finding(.clearanceStatic)?.outcome == .violationCertain)
    #expect(away.finding(.clearanceStatic)?.improving == improving)
  }
}

@Test func aSilentSensorOfMovingThingsIsUnknownAlsoForAnArmAtRest() {
  var monitor = Monitor(configuration(0.5))
  var feed = Feed()
  _ = monitor.step(feed.people(), at: feed.now)
  #expect(monitor.step(feed.state([0, 0]), at: feed.now).finding(.clearanceStatic)?.outcome == .unknown(.missing))
  _ = monitor.step(seen([]), at: feed.now)
  feed.wait(0.2)
  _ = monitor.step(feed.people(), at: feed.now)
  #expect(monitor.step(feed.state([0, 0]), at: feed.now).finding(.clearanceStatic)?.outcome == .unknown(.stale))
}

@Test func theMarginNeverGrowsWhenAnObstacleMovesFaster() {
  var random = SeededGenerator(seed: 11)
  var failed = 0
  for _ in 0..<300 {
    let velocity = [random.uniform(-1.5...1.5), random.uniform(-1.5...1.5)]
    let q = [random.uniform(-2...2), random.uniform(-2...2)]
    let thing = cart(random.uniform(-2...2), random.uniform(-2...2))
    let age = random.uniform(0...0.05)
    let found = [0, 0.1, 0.5, 1, 2, 5].map { judged($0, at: q, velocity: velocity, thing, age: age) }
    for (slow, fast) in zip(found, found.dropFirst()) {
      #expect(fast.margin.lower <= slow.margin.lower)
      #expect(fast.outcome != .pass || slow.outcome == .pass)
    }
    if found.first?.outcome == .pass, found.last?.outcome != .pass { failed += 1 }
  }
  #expect(failed > 30)
}
