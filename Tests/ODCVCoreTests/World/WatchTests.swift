import TestSupport
import Testing

@testable import ODCVCore

/// The small tables of the world, each by itself.
@Suite struct StreamTableTests {
  private func sequence(_ number: UInt64?, boot: UInt64 = 1, id: UInt32 = 7, frame: UInt8 = 0) -> Sequence {
    var sequence = Sequence(stream: id, number: number, boot: boot)
    sequence.frame = frame
    return sequence
  }

  /// How a message is placed behind others of its stream.
  private func place(_ next: Sequence, after before: [Sequence]) -> StreamPlace {
    var table = StreamTable()
    for sequence in before { _ = table.place(.state, sequence) }
    return table.place(.state, next)
  }

  @Test func theFirstMessageIsInOrderWhateverItsNumber() {
    let first = place(sequence(9), after: [])
    #expect(first.inOrder && first.missing == 0 && first.behind == 0 && !first.foreign && !first.reframed && !first.unnumbered)
    #expect(first.stream == .state)
  }

  @Test func gapsAreCountedAndDoNotMakeItLate() {
    #expect(place(sequence(10), after: [sequence(9)]).missing == 0)
    let late = place(sequence(13), after: [sequence(9)])
    #expect(late.missing == 3 && late.inOrder)
  }

  @Test func howFarBehindIsCountedFromOne() {
    #expect(place(sequence(9), after: [sequence(9)]).behind == 1)
    #expect(place(sequence(7), after: [sequence(9)]).behind == 3)
    #expect(place(sequence(0), after: [sequence(.max)]).behind == .max)
    #expect(!place(sequence(9), after: [sequence(9)]).inOrder)
    // What comes late is not the newest.
    #expect(place(sequence(10), after: [sequence(9), sequence(3)]).missing == 0)
  }

  @Test func aMessageWithoutNumberAnotherPublisherAndAnotherFrameAreOutOfOrder() {
    #expect(place(sequence(nil), after: [sequence(1)]).unnumbered && !place(sequence(nil), after: []).inOrder)
    let foreign = place(sequence(2, id: 8), after: [sequence(1)])
    #expect(foreign.foreign && !foreign.inOrder)
    let reframed = place(sequence(2, frame: 1), after: [sequence(1)])
    #expect(reframed.reframed && !reframed.inOrder)
    // They are not remembered.
    #expect(place(sequence(2), after: [sequence(1), sequence(5, id: 8), sequence(5, frame: 1)]).missing == 0)
  }

  @Test func aRestartBeginsAfreshAndTheBootBeforeIsOld() {
    let restarted = place(sequence(1, boot: 2), after: [sequence(9)])
    #expect(restarted.inOrder && restarted.missing == 0)
    let old = place(sequence(10), after: [sequence(9), sequence(1, boot: 2)])
    #expect(old.behind == 1 && !old.inOrder)
    // The last four are known, and the fifth before is not.
    let boots = (1...6).map { sequence(1, boot: UInt64($0)) }
    for boot in 2...5 { #expect(place(sequence(9, boot: UInt64(boot)), after: boots).behind == 1, "\(boot)") }
    #expect(place(sequence(9, boot: 1), after: boots).behind == 0)
  }

  @Test func forgottenStreamsBeginAfresh() {
    var table = StreamTable()
    for stream in [ODCVCore.Stream.action, .state] { _ = table.place(stream, sequence(5)) }
    for sensor in 0..<Capacity.signals { _ = table.place(.signal, sequence(5), sensor: sensor) }
    table.forget()
    for stream in [ODCVCore.Stream.action, .state] { #expect(table.place(stream, sequence(2)).inOrder) }
    for sensor in 0..<Capacity.signals { #expect(table.place(.signal, sequence(2), sensor: sensor).inOrder) }
  }

  @Test func everyStreamHasAPlaceOfItsOwn() {
    var slots: [Int] = []
    slots.append(StreamTable.slot(.action, 0)!)
    slots.append(StreamTable.slot(.state, 0)!)
    for stream in [ODCVCore.Stream.people, .obstacles] {
      for sensor in 0..<Capacity.sensors { slots.append(StreamTable.slot(stream, sensor)!) }
      #expect(StreamTable.slot(stream, Capacity.sensors) == nil && StreamTable.slot(stream, -1) == nil)
    }
    for signal in 0..<Capacity.signals { slots.append(StreamTable.slot(.signal, signal)!) }
    #expect(StreamTable.slot(.signal, Capacity.signals) == nil && StreamTable.slot(.signal, -1) == nil)
    #expect(slots == Array(0..<slots.count))
    for stream in [ODCVCore.Stream.layout, .reasoning, .pressure, .episode, .control, .heartbeat] {
      #expect(StreamTable.slot(stream, 0) == nil)
    }
    var table = StreamTable()
    #expect(table.place(.people, sequence(1), sensor: Capacity.sensors).foreign)
  }
}

@Suite struct ChunkPlayerTests {
  private let start = MonoInstant(nanoseconds: 1_000_000_000)

  private func chunk(
    step: Int = 0, length: Int = 4, execute: Int = 4, period: Double = 0.25, rows: Int = 4, space: Chunk.Space = .jointPosition
  ) -> Chunk {
    var chunk = Chunk(
      sequence: Sequence(stream: 0, number: 3, boot: 1), space: space,
      first: ChunkRow(chunk: 9, step: step, length: length, execute: execute, observation: nil), period: period,
      gripper: GripperCommand(effort: 5))
    for row in 0..<rows { chunk.append(JointVector([Double(row), -Double(row)])) }
    return chunk
  }

  private func begins(_ chunk: Chunk) -> Bool {
    var player = ChunkPlayer()
    return player.begin(chunk, at: start)
  }

  private func row(_ due: ChunkPlayer.Due?) -> Int? {
    if case .row(let row) = due { row } else { nil }
  }

  private func after(_ seconds: Double) -> MonoInstant { MonoInstant(nanoseconds: start.nanoseconds + Int64(seconds * 1e9)) }

  @Test func aChunkIsTakenOnlyWhenWhatItStatesAgrees() {
    #expect(begins(chunk()))
    #expect(!begins(chunk(rows: 3)) && !begins(chunk(length: 5)))
    #expect(begins(chunk(execute: 1)) && !begins(chunk(execute: 5)) && !begins(chunk(execute: 0)))
    #expect(begins(chunk(step: 3)) && !begins(chunk(step: 4)) && !begins(chunk(step: -1)))
    #expect(!begins(chunk(step: 2, execute: 2)))
    #expect(!begins(chunk(period: 0)) && !begins(chunk(period: -0.1)) && !begins(chunk(period: .nan)))
    #expect(!begins(chunk(period: .infinity)))
    #expect(begins(chunk(period: 0.5)) && begins(chunk(period: 3600)) && !begins(chunk(period: 3600.0.nextUp)))
  }

  @Test func aChunkThatIsRefusedLeavesNone() {
    var player = ChunkPlayer()
    #expect(player.due == nil && player.coming == 0..<0 && player.next == nil && player.take(at: start) == nil)
    _ = player.begin(chunk(), at: start)
    #expect(player.coming == 0..<4)
    _ = player.begin(chunk(rows: 3), at: start)
    #expect(player.due == nil && player.coming.isEmpty && player.coming.lowerBound == 0)
    _ = player.begin(chunk(), at: start)
    player.end()
    #expect(player.next == nil)
  }

  @Test func rowsBecomeDueOneAfterTheOtherAndThenItIsOver() {
    var player = ChunkPlayer()
    _ = player.begin(chunk(step: 1, execute: 3), at: start)
    #expect(player.due == start && player.coming == 1..<3 && player.period == 0.25 && player.gripper?.effort == 5)
    #expect(player.sequence.number == 3)
    #expect(row(player.take(at: start)) == 1)
    #expect(player.place(1) == ChunkRow(chunk: 9, step: 1, length: 4, execute: 3, observation: nil))
    guard case .jointPosition(let target) = player.command(1) else {
      Issue.record("another command")
      return
    }
    #expect(target.count == 2 && target[0] == 1 && target[1] == -1)
    #expect(player.due == after(0.25) && player.coming == 2..<3 && player.take(at: start) == nil)
    #expect(player.take(at: MonoInstant(nanoseconds: after(0.25).nanoseconds - 1)) == nil)
    #expect(row(player.take(at: after(0.25))) == 2)
    #expect(player.due == after(0.5) && player.coming.isEmpty)
    guard case .over? = player.take(at: after(0.5)) else {
      Issue.record("it goes on")
      return
    }
    #expect(player.due == nil && player.take(at: after(9)) == nil)
  }

  @Test func ofSeveralRowsTheNewestThatIsDueIsTaken() {
    for (seconds, newest) in [(0.0, 0), (0.24, 0), (0.25, 1), (0.5, 2), (0.74, 2), (0.75, 3), (9, 3)] {
      var player = ChunkPlayer()
      _ = player.begin(chunk(), at: start)
      #expect(row(player.take(at: after(seconds))) == newest, "\(seconds)")
      #expect(player.next == newest + 1)
    }
    var later = ChunkPlayer()
    _ = later.begin(chunk(step: 1, execute: 3), at: start)
    #expect(row(later.take(at: after(9))) == 2)
  }

  @Test func velocitiesEndWithTheirLastRowAndPositionsStay() {
    for (space, stops) in [
      (Chunk.Space.jointVelocity, true), (.jointEffort, true), (.jointPosition, false), (.jointDelta(.measured), false),
    ] {
      var player = ChunkPlayer()
      _ = player.begin(chunk(space: space), at: start)
      if case .stop = player.ends { #expect(stops) } else { #expect(!stops) }
    }
  }
}

@Suite struct TurnCountTests {
  @Test func aJointTurnsRoundWhenItMovesTheOtherWay() {
    var reversals = Reversals()
    for velocity in [0.5, 0.5, -0.5, 0, -0.5, 0.5, 0.05, -0.05, 0.5] {
      reversals.command(JointVector([velocity, 0]), standstill: 0.05)
      reversals.measure(JointVector([0, -velocity]), standstill: 0.05)
    }
    #expect(reversals.commanded(0) == 2 && reversals.commanded(1) == 0)
    #expect(reversals.measured(1) == 2 && reversals.measured(0) == 0)
  }

  @Test func exactlyTheStandstillSpeedIsStanding() {
    var reversals = Reversals()
    for velocity in [0.5, -0.05, 0.5] { reversals.measure(JointVector([velocity]), standstill: 0.05) }
    #expect(reversals.measured(0) == 0)
    reversals.measure(JointVector([(-0.05).nextDown]), standstill: 0.05)
    #expect(reversals.measured(0) == 1)
  }
}

@Suite struct ObservationTests {
  private func state(_ number: UInt64?, boot: UInt64 = 1, _ position: [Double] = [1, 2]) -> State {
    var feed = Feed()
    guard case .state(var state) = feed.state(position) else { fatalError() }
    state.sequence.number = number
    state.sequence.boot = boot
    return state
  }

  @Test func aStateIsFoundByItsNumber() {
    var observations = Observations()
    #expect(observations[0] == nil && observations[1] == nil)
    observations.add(state(1, [3, 4]))
    observations.add(state(2, [5, 6]))
    #expect(observations[1]?.values == [3, 4] && observations[2]?.values == [5, 6] && observations[3] == nil)
    // One that is not numbered is none, and ends nothing.
    observations.add(state(nil, boot: 2))
    observations.add(state(0, boot: 2))
    #expect(observations[1]?.values == [3, 4] && observations[0] == nil)
  }

  @Test func theNewestOfThemAreKeptAndThoseOfABootBeforeAreNot() {
    var observations = Observations()
    let count = UInt64(Capacity.observations)
    for number in 1...count + 1 { observations.add(state(number, [Double(number), 0])) }
    #expect(observations[1] == nil && observations[2]?.values == [2, 0] && observations[count + 1]?[0] == Double(count + 1))
    observations.add(state(1, boot: 2))
    for number in 2...count + 1 { #expect(observations[number] == nil) }
    #expect(observations[1]?.values == [1, 2])
  }
}

@Suite struct ReleaseWatchTests {
  private func second(_ seconds: Double) -> MonoInstant { MonoInstant(nanoseconds: Int64(seconds * 1e9)) }

  @Test func anOrderHoldsForItsTimeAndIsTakenOnce() {
    var watch = ReleaseWatch(Planar.limits())
    #expect(watch.number == 0)
    watch.begin(Release(number: 1), from: Vector3(1, 2, 3), at: second(10))
    #expect(watch.number == 1 && watch.origin?.x == 1)
    watch.expire(at: second(15))
    #expect(watch.number == 1)
    watch.expire(at: MonoInstant(nanoseconds: 15_000_000_001))
    #expect(watch.number == 0 && watch.origin == nil)
    watch.begin(Release(number: 1), from: .zero, at: second(20))
    #expect(watch.number == 0)
    watch.begin(Release(number: 2), from: .zero, at: second(20))
    #expect(watch.number == 2)
    watch.begin(Release(number: 2), from: Vector3(1, 2, 3), at: second(20))
    #expect(watch.origin?.x == 0)
    watch.end()
    #expect(watch.number == 0)
  }

  @Test func timeThatRunsBackEndsIt() {
    var watch = ReleaseWatch(Planar.limits())
    watch.begin(Release(number: 1), from: .zero, at: second(10))
    watch.expire(at: second(10))
    #expect(watch.number == 1)
    watch.expire(at: MonoInstant(nanoseconds: 9_999_999_999))
    #expect(watch.number == 0)
  }
}

@Suite struct PendingCommandTests {
  private let robot: RobotModel = {
    var robot = Planar.robot()
    robot.tracking.responseTime = 0.125
    robot.tracking.arrival = .moving
    robot.measurement.position = 0.0625
    robot.velocityControl = VelocityControl(error: 0.25)
    return robot
  }()

  private func change(_ pending: PendingCommand, _ velocity: [Double] = [0, 0]) -> [Double]? {
    let change = pending.greatestChange(from: JointVector(velocity), at: JointVector([0, 0]), robot: robot)
    return change.isAbsent ? nil : change.values
  }

  private func command(_ goal: Goal, _ requested: Goal? = nil, settled: Bool = true) -> PendingCommand {
    var pending = PendingCommand()
    pending.command(goal, requested: requested ?? goal)
    if settled { pending.settle() }
    return pending
  }

  @Test func beforeAnyCommandNothingIsKnown() {
    #expect(change(PendingCommand()) == nil)
    var held = PendingCommand()
    held.hold()
    #expect(change(held) == nil)
    #expect(change(command(.hold)) == [0, 0])
  }

  @Test func aTargetChangesTheVelocityToItsDistanceOverTheResponseTime() {
    // 0.25 rad at 8 / s are 2 rad/s; the distance is known to 1/16 rad, and as far as the goal is open.
    #expect(change(command(.position(JointVector([0.25, -0.25]))), [0.5, 0.5]) == [1.5 + 0.5, 2.5 + 0.5])
    #expect(change(command(.position(JointVector([0.25, 0]), open: 0.125))) == [2 + 1.5, 1.5])
  }

  @Test func aVelocityChangesItToItselfWithItsErrors() {
    #expect(change(command(.velocity(JointVector([1, -1]), open: 0.125)), [0.5, 0.5]) == [0.5 + 0.375, 1.5 + 0.375])
    var bare = robot
    bare.velocityControl = nil
    let pending = command(.velocity(JointVector([1, 0])))
    #expect(pending.greatestChange(from: JointVector([0, 0]), at: JointVector([0, 0]), robot: bare).values == [1, 0])
  }

  @Test func whatWasAskedForAndWhatWasFollowedBeforeTheStateCountToo() {
    let (slow, fast) = (Goal.velocity(JointVector([0.5, 0])), Goal.velocity(JointVector([2, 0])))
    #expect(change(command(slow, fast)) == [2.25, 0.25])
    #expect(change(command(fast, slow)) == [2.25, 0.25])
    var next = command(fast)
    next.command(slow, requested: slow)
    #expect(change(next) == [2.25, 0.25])
    next.settle()
    #expect(change(next) == [0.75, 0.25])
    // Two since the last state: what the first did is not followed.
    next.command(slow, requested: slow)
    #expect(change(next) == [0.75, 0.25])
    next.command(slow, requested: slow)
    #expect(change(next) == nil)
    var earlier = command(slow, fast)
    earlier.command(slow, requested: slow)
    #expect(change(earlier) == [2.25, 0.25])
  }

  @Test func aHoldEndsAGoalAndNotWhatWasAskedFor() {
    var pending = command(.velocity(JointVector([1, 0])))
    pending.hold()
    #expect(pending.goal.kind == .hold && pending.requested.kind == .velocity)
  }

  @Test func anEffortAnywhereInThemMakesTheChangeUnknown() {
    let slow = Goal.velocity(JointVector([0.5, 0]))
    #expect(!command(slow).pushes)
    #expect(command(.effort, slow, settled: false).pushes && command(slow, .effort, settled: false).pushes)
    for (goal, requested) in [(Goal.effort, slow), (slow, .effort)] {
      var pending = command(goal, requested)
      pending.command(slow, requested: slow)
      #expect(pending.pushes && change(pending) == nil)
      pending.settle()
      #expect(!pending.pushes && change(pending) != nil)
    }
  }

  @Test func aDriverThatStopsAtItsTargetComesNoFasterThanItCanStop() {
    var robot = robot
    func rate(_ distance: Double) -> Double {
      robot.rate(from: JointVector([0, 0]), to: JointVector([distance, 0]))
    }
    #expect(rate(10) == 8)
    robot.tracking.arrival = .atRest
    robot.stopping.deceleration = JointVector([8, 8])
    #expect(rate(0) == 8 && rate(0.125) == 8 && rate(0.25) == 8)
    // √(2 · 8 / 1) and, twice as far, √8.
    #expect(rate(1) == 4 && rate(-1) == 4 && rate(2) == 8.0.squareRoot())
  }

  @Test func anEffortAcceleratesAsMuchAsDeclaredWhenThatIsMore() {
    var robot = robot
    robot.effortControl = EffortControl(acceleration: JointVector([9, 3]))
    #expect(robot.acceleration(0, pushed: false) == 6 && robot.acceleration(0, pushed: true) == 9)
    #expect(robot.acceleration(1, pushed: true) == 6)
    robot.effortControl = nil
    #expect(robot.acceleration(0, pushed: true) == 6)
  }
}
