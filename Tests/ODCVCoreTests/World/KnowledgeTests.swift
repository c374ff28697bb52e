import TestSupport
import Testing

@testable import ODCVCore

/// What the monitor knows, from nothing on.
@Suite struct KnowledgeTests {
  private func sensor(_ id: String) -> Sensor {
    Sensor(id: id, input: InputDeclaration(maxAge: 1, latency: 0), positionError: 0.1, coverage: [])
  }

  @Test func atFirstNothingIsKnown() {
    let world = World(Planar.configuration())
    #expect(world.now.nanoseconds == 0 && world.index == 0 && world.loss == 0 && world.lastAction == 0)
    #expect(world.stateReceived == nil && !world.isNewState && !world.terminated && !world.isReduced && world.asked.velocity.isAbsent)
    #expect(world.rejection == nil && world.place == nil && world.overrun == nil && world.rest.isAbsent)
  }

  @Test func thereIsRoomForEverythingThatDeclaredSensorsSeeAndForNothingElse() {
    let configuration = Planar.configuration {
      $0.cell.peopleSensors = [sensor("a"), sensor("b")]
      $0.cell.obstacleSensors = [sensor("c")]
    }
    let world = World(configuration)
    let people = Capacity.people * Capacity.bodyParts
    #expect(world.solids.seenObstacles[0].capacity == Capacity.obstacles && world.solids.seenObstacles[1].capacity == 0)
    #expect(world.solids.seenBodies[0].capacity == people && world.solids.seenBodies[1].capacity == people && world.solids.seenBodies[2].capacity == 0)
    // Nobody has to keep clear of a tool that is none.
    #expect(world.solids.seenParts[0].capacity == 0)
  }

  @Test func onlyAStateIsANewState() {
    var world = World(Planar.configuration())
    var feed = Feed()
    world.receive(feed.state([0, 0]), at: feed.now)
    let atState = world.isNewState
    world.receive(feed.people(), at: feed.now)
    #expect(atState && !world.isNewState)
    world.receive(feed.state([0]), at: feed.now)
    let isTaken = world.isNewState
    #expect(!isTaken)
  }

  private func layout(_ stream: Stream, _ matches: Bool) -> Input { .layout(Layout(stream: stream, jointsMatch: matches)) }

  @Test func aStateThatCameUnderAnotherLayoutIsForgottenWithIt() {
    var world = World(Planar.configuration { $0.robot.dynamics = Planar.dynamics() })
    var feed = Feed()
    world.receive(layout(.state, false), at: feed.now)
    for _ in 0..<2 {
      feed.wait(0.01)
      world.receive(feed.state([0, 0], effort: [0, 0]), at: feed.now)
    }
    world.receive(layout(.state, true), at: feed.now)
    #expect(world.stateReceived == nil && world.earlierVelocity.isAbsent && world.rest.isAbsent && world.observations[2] == nil)
    #expect(world.observer?.isReady == false)
    feed.wait(0.01)
    world.receive(feed.state([0, 0], effort: [0, 0]), at: feed.now)
    #expect(world.stateReceived != nil)
    // It is the driver's own word that counts, and the same one again changes nothing.
    world.receive(layout(.state, true), at: feed.now)
    world.receive(layout(.action, false), at: feed.now)
    world.receive(layout(.action, true), at: feed.now)
    #expect(world.stateReceived != nil && world.mismatchedLayout == nil)
  }

  @Test func noCommandIsJudgedOnAStateThatCameUnderAnotherLayout() {
    var monitor = Monitor(Planar.configuration())
    var feed = Feed()
    func step(_ input: Input) -> Verdict { monitor.step(input, at: feed.now) }
    _ = step(.heartbeat(.driver))
    _ = step(feed.people())
    _ = step(layout(.state, false))
    _ = step(feed.state([-1, 0.3]))
    _ = step(layout(.state, true))
    let before = step(feed.move(to: [-1, 0.3]))
    #expect(before.decision == .hold && before.finding(.integrityStale)?.outcome == .unknown(.missing))
    _ = step(feed.state([-1, 0.3]))
    #expect(step(feed.move(to: [-1, 0.3])).decision == .allow)
  }

  private func chunk(_ number: UInt64?, rows: Int = 4, stream: UInt32 = 0) -> Input {
    var chunk = Chunk(
      sequence: Sequence(stream: stream, number: number, boot: 1), space: .jointPosition,
      first: ChunkRow(chunk: 9, step: 0, length: 4, execute: 4, observation: nil), period: 0.25)
    for row in 0..<rows { chunk.append(JointVector([Double(row), 0])) }
    return .chunk(chunk)
  }

  @Test func aChunkIsRefusedWhereItDisagreesWithItselfAndEndsTheOneBefore() {
    var world = World(Planar.configuration())
    let now = MonoInstant(nanoseconds: 1_000_000_000)
    world.receive(chunk(1), at: now)
    #expect(world.rejection == nil && world.chunk.due == now && world.lastAction == 1)
    world.receive(chunk(2, rows: 3), at: now)
    #expect(world.rejection?.reason == .wrongLength && world.rejection?.stream == .action && world.chunk.due == nil)
  }

  @Test func aChunkOutOfItsOrderIsNotBelievedAndEndsTheOneBefore() {
    for late in [chunk(5), chunk(4), chunk(nil), chunk(6, stream: 3)] {
      var world = World(Planar.configuration())
      let now = MonoInstant(nanoseconds: 1_000_000_000)
      world.receive(chunk(5), at: now)
      let before = world.chunk.due
      world.receive(late, at: now)
      #expect(before == now && world.chunk.due == nil)
    }
    var world = World(Planar.configuration())
    world.receive(chunk(nil), at: MonoInstant(nanoseconds: 1))
    #expect(world.lastAction == 0)
  }

  @Test func aStateBehindAGapOrFromANewBootBeginsTheObserverAnew() {
    let configuration = Planar.configuration {
      Planar.weigh(&$0.robot)
      $0.robot.dynamics = Planar.dynamics()
      $0.robot.dynamics?.responseTime = 0.03125
    }
    var world = World(configuration)
    var feed = Feed()
    func take(_ change: (inout State) -> Void = { _ in }) -> Bool {
      feed.wait(0.015625)
      guard case .state(var state) = feed.state([0, 0], effort: [0, 0]) else { return false }
      change(&state)
      world.receive(.state(state), at: feed.now)
      return world.observer?.isReady ?? false
    }
    // Three response times are six steps.
    let notYet = Array(repeating: false, count: 6)
    let first = (0...6).map { _ in take() }
    #expect(first == notYet + [true])
    _ = feed.state([0, 0])
    let behindGap = (0...6).map { _ in take() }
    #expect(behindGap == notYet + [true])
    let rebooted = (0...6).map { _ in take { $0.sequence.boot = 2 } }
    #expect(rebooted == notYet + [true])
  }

  @Test func aStateIsKeptByItsNumber() {
    var world = World(Planar.configuration())
    var feed = Feed()
    for q in [0.25, 0.5] { world.receive(feed.state([q, 0]), at: feed.now) }
    #expect(world.observations[1]?.values == [0.25, 0] && world.observations[2]?.values == [0.5, 0] && world.observations[3] == nil)
  }

  @Test func aStateWithoutAFingerOfTheOneBeforeIsRefusedUnlessItsDriverBeganAnew() {
    func refusal(_ fingers: [Int], boot: UInt64) -> Rejection? {
      var world = World(Planar.configuration())
      var feed = Feed()
      for (index, count) in fingers.enumerated() {
        guard case .state(var state) = feed.state([0, 0]) else { continue }
        state.fingers = count
        state.sequence.boot = index == 0 ? 1 : boot
        if boot != 1, index > 0 { state.sequence.number = 1 }
        world.receive(.state(state), at: feed.now)
      }
      return world.rejection
    }
    #expect(refusal([2, 1], boot: 1)?.reason == .wrongLength && refusal([2, 1], boot: 1)?.stream == .state)
    #expect(refusal([2, 2], boot: 1) == nil && refusal([1, 2], boot: 1) == nil && refusal([2, 1], boot: 2) == nil)
  }

  @Test func whatWasCommandedBeforeAStateIsSettledByIt() {
    let robot = Planar.robot()
    var world = World(Planar.configuration())
    var feed = Feed()
    func change() -> JointVector {
      world.pending.greatestChange(from: JointVector([0, 0]), at: JointVector([0, 0]), robot: robot)
    }
    let goal = Goal.velocity(JointVector([0.5, 0]))
    for _ in 0..<2 { world.command(goal, requested: goal, asked: .absent) }
    #expect(change().isAbsent)
    world.receive(feed.state([0, 0]), at: feed.now)
    #expect(!change().isAbsent)
  }

  @Test func anArmThatIsToldToHoldIsAskedToStandFromThenOn() {
    var world = World(Planar.configuration())
    var feed = Feed()
    world.receive(feed.state([0, 0]), at: feed.now)
    let goal = Goal.position(JointVector([0.5, 0]))
    let asked = AskedMotion(velocity: JointVector([1, 0]), acceleration: JointVector([2, 0]), at: feed.now)
    world.command(goal, requested: goal, asked: asked)
    #expect(world.pending.goal == goal && world.asked.velocity.values == [1, 0])
    feed.wait(0.01)
    world.receive(feed.state([0, 0]), at: feed.now)
    world.hold()
    let began = feed.now
    #expect(world.pending.goal == .hold && world.pending.requested == goal)
    #expect(world.asked.velocity.values == [0, 0] && world.asked.acceleration.values == [0, 0] && world.asked.at == began)
    // It holds already: since when does not change.
    feed.wait(0.01)
    world.receive(feed.state([0, 0]), at: feed.now)
    world.hold()
    #expect(world.asked.at == began)
  }

  @Test func anArmThatIsToldToHoldInPlaceOfACommandKeepsWhatWasAskedInMind() {
    var world = World(Planar.configuration())
    var feed = Feed()
    world.receive(feed.state([0, 0]), at: feed.now)
    let goal = Goal.position(JointVector([0.5, 0]))
    world.hold(requested: goal)
    #expect(world.pending.goal == .hold && world.pending.requested == goal)
    #expect(world.asked.velocity.values == [0, 0] && world.asked.at == feed.now)
  }

  // MARK: - Streams

  @Test func whatIsInEitherOfTwoStreamsStaysInIt() {
    var table = StreamTable()
    func order(_ stream: Stream, _ number: UInt64) -> Bool {
      table.place(stream, Sequence(stream: 0, number: number, boot: 1)).inOrder
    }
    // Without a sensor's place, a stream is that of the first.
    for stream in [Stream.people, .obstacles, .signal] {
      let first = order(stream, 5)
      let again = table.place(stream, Sequence(stream: 0, number: 5, boot: 1), sensor: 0).inOrder
      let next = table.place(stream, Sequence(stream: 0, number: 5, boot: 1), sensor: 1).inOrder
      #expect(first && !again && next)
    }
  }
}
