import ODCVCore
import TestSupport
import Testing

/// Chunks: rows that are told before they are due, and judged when they are.
@Suite struct ChunkTests {
  private func chunk(
    _ rows: [[Double]], id: UInt64 = 1, number: UInt64 = 1, first: Int = 0, execute: Int? = nil,
    space: Chunk.Space = .jointPosition, period: Double = 0.02, observation: UInt64? = nil, gripper: GripperCommand? = nil
  ) -> Input {
    var chunk = Chunk(
      sequence: Sequence(stream: 0, number: number, boot: 1), space: space,
      first: ChunkRow(
        chunk: id, step: first, length: rows.count, execute: execute ?? rows.count, observation: observation),
      period: period, gripper: gripper)
    for row in rows { chunk.append(JointVector(row)) }
    return .chunk(chunk)
  }

  /// Rows of small steps from the arm's place.
  private func rows(_ count: Int, step: Double = -0.005, from q: [Double] = [-1, 0.3]) -> [[Double]] {
    (1...count).map { [q[0] + Double($0) * step, q[1]] }
  }

  private func begin(_ monitor: inout Monitor, _ feed: inout Feed, at q: [Double] = [-1, 0.3]) {
    _ = monitor.step(feed.people(), at: feed.now)
    _ = monitor.step(feed.state(q), at: feed.now)
  }

  @Test func aChunkIsPredictedAndItsFirstRowIsDueAtOnce() {
    var monitor = Monitor(Planar.configuration())
    var feed = Feed()
    begin(&monitor, &feed)
    let told = monitor.step(chunk(rows(50)), at: feed.now)
    #expect(told.judged == .predicted && told.decision == .allow && told.outcome == .pass && told.row == nil)
    #expect(monitor.due == feed.now)
    let first = monitor.step(.tick, at: feed.now)
    #expect(first.judged == .commanded && first.row == 0 && first.decision == .allow && first.actionSequence == 1)
    #expect(monitor.due?.seconds(since: feed.now) == 0.02)
    #expect(monitor.step(.tick, at: feed.now).judged == .measured)
  }

  @Test func eachRowIsJudgedWhenItIsDueAndTheChunkEnds() {
    var monitor = Monitor(Planar.configuration())
    var feed = Feed()
    begin(&monitor, &feed)
    _ = monitor.step(chunk(rows(8), execute: 4), at: feed.now)
    var executed: [Int] = []
    for step in 0..<6 {
      _ = monitor.step(feed.people(), at: feed.now)
      _ = monitor.step(feed.state([-1 - 0.005 * Double(step), 0.3]), at: feed.now)
      let verdict = monitor.step(.tick, at: feed.now)
      if verdict.judged == .commanded, let row = verdict.row { executed.append(row) }
      feed.wait(0.02)
    }
    #expect(executed == [0, 1, 2, 3])
    #expect(monitor.due == nil)
  }

  @Test func aRowThatWouldFailIsToldBeforeItIsDueAndHeldWhenItStillFails() throws {
    var monitor = Monitor(Planar.configuration())
    var feed = Feed()
    begin(&monitor, &feed, at: [-2.75, 0.3])
    let told = monitor.step(chunk(rows(16, step: -0.01, from: [-2.75, 0.3])), at: feed.now)
    #expect(told.judged == .predicted && told.decision == .allow)
    #expect(told.finding(.motionPosition)?.outcome == .violationCertain)
    let row = try #require(told.row)
    #expect(row <= 5)
    // The first row itself is fine.
    #expect(monitor.step(.tick, at: feed.now).decision == .allow)
    var held: Int?
    for step in 1..<16 where held == nil {
      feed.wait(0.02)
      _ = monitor.step(feed.people(), at: feed.now)
      _ = monitor.step(feed.state([-2.75 - 0.01 * Double(min(step, 4)), 0.3]), at: feed.now)
      let verdict = monitor.step(.tick, at: feed.now)
      if verdict.decision != .allow { held = verdict.row }
    }
    #expect(held != nil)
  }

  @Test func aNewerChunkTakesTheRestOfAnOlderOnesPlaceAndAJumpBetweenThemIsHeld() {
    var monitor = Monitor(Planar.configuration())
    var feed = Feed()
    begin(&monitor, &feed)
    _ = monitor.step(chunk(rows(10)), at: feed.now)
    #expect(monitor.step(.tick, at: feed.now).decision == .allow)
    feed.wait(0.02)
    begin(&monitor, &feed)
    // 0.2 rad from the last row that was executed; 0.1 rad are allowed.
    _ = monitor.step(chunk(rows(10, from: [-0.8, 0.3]), id: 2, number: 2), at: feed.now)
    let jump = monitor.step(.tick, at: feed.now)
    #expect(jump.row == 0)
    #expect(jump.finding(.motionJump)?.outcome == .violationCertain)
    #expect(jump.finding(.motionJump)?.other == .stream(.action))
    #expect(jump.decision != .allow)
  }

  /// What `motion.jump` finds of the next row after `first` was executed from the arm's place and the wait is over.
  private func jump(
    _ first: Input, then second: Input? = nil, after seconds: Double = 0.02, forgets: Bool = false
  ) -> Finding? {
    var monitor = Monitor(Planar.configuration())
    var feed = Feed()
    begin(&monitor, &feed)
    for input in [first, .tick] { #expect(monitor.step(input, at: feed.now).decision == .allow) }
    feed.wait(seconds)
    if forgets { _ = monitor.step(.episode(.reset), at: feed.now) }
    begin(&monitor, &feed)
    if let second {
      let verdict = monitor.step(second, at: feed.now)
      if verdict.judged == .commanded { return verdict.finding(.motionJump) }
    }
    return monitor.step(.tick, at: feed.now).finding(.motionJump)
  }

  /// 0.125 rad behind the arm's place, where it stays until then.
  private let leap = [[-1, 0.3], [-1.125, 0.3], [-1.125, 0.3]]

  private func row(_ step: Int, at q: [Double], number: UInt64) -> Input {
    .action(
      Action(
        sequence: Sequence(stream: 0, number: number, boot: 1), command: .jointPosition(JointVector(q)),
        row: ChunkRow(chunk: 1, step: step, length: 3, execute: 3, observation: nil)))
  }

  @Test func aChunksOwnRowsMayBeAsFarApartAsAnyCommand() {
    let within = jump(chunk(leap))
    #expect(within?.other == Subject.none && within?.outcome == .pass)
    #expect(jump(row(0, at: leap[0], number: 1), then: row(1, at: leap[1], number: 2))?.other == Subject.none)
  }

  @Test(arguments: [false, true]) func aNewMessageOfTheSameChunkIsAHandOver(forgets: Bool) {
    // Each says that it goes on where the other was; once the streams are forgotten, under the same number too.
    let numbers: [UInt64] = forgets ? [1, 2] : [2]
    for number in numbers {
      let again = jump(chunk(leap), then: chunk(leap, number: number, first: 1), forgets: forgets)
      #expect(again?.other == .stream(.action) && again?.outcome == .violationCertain)
    }
    let ways = [
      jump(chunk(leap), then: row(1, at: leap[1], number: 2), forgets: forgets),
      jump(row(0, at: leap[0], number: 1), then: chunk(leap, number: 2, first: 1), forgets: forgets),
    ]
    for found in ways { #expect(found?.other == .stream(.action) && found?.outcome == .violationCertain) }
  }

  @Test func rowsThatComeDueTogetherAreALeapOverThoseBetween() {
    let found = jump(chunk(leap), after: 0.04)
    #expect(found?.other == .stream(.action) && found?.outcome == .violationCertain)
  }

  @Test func aRowThatIsDueIsJudgedByItsGripToo() {
    func grip(_ gripper: GripperCommand?) -> [Finding?] {
      var monitor = Monitor(Planar.configuration())
      var feed = Feed()
      begin(&monitor, &feed)
      _ = monitor.step(chunk(rows(2), gripper: gripper), at: feed.now)
      return (0..<3).map { _ in
        let found = monitor.step(.tick, at: feed.now).finding(.gripForce)
        feed.wait(0.02)
        begin(&monitor, &feed)
        return found
      }
    }
    let found = grip(GripperCommand(effort: 30))
    for row in 0..<2 { #expect(found[row]?.value == Interval(30, 30) && found[row]?.outcome == .pass) }
    // With the last row the chunk's word to the gripper is over.
    #expect(found[2] == nil)
    for finding in grip(nil) { #expect(finding == nil) }
  }

  @Test func aGoodHandOverBetweenChunksPasses() {
    var monitor = Monitor(Planar.configuration())
    var feed = Feed()
    begin(&monitor, &feed)
    _ = monitor.step(chunk(rows(10)), at: feed.now)
    _ = monitor.step(.tick, at: feed.now)
    feed.wait(0.02)
    begin(&monitor, &feed)
    _ = monitor.step(chunk(rows(10, from: [-1.005, 0.3]), id: 2, number: 2), at: feed.now)
    let next = monitor.step(.tick, at: feed.now)
    #expect(next.row == 0 && next.decision == .allow)
  }

  @Test func anyOtherCommandEndsAChunkAndSoDoesOneThatCantBeRead() {
    for end in [
      { (feed: inout Feed) in feed.move(to: [-1, 0.3]) },
      { _ in .rejected(Rejection(stream: .action, reason: .undecodable)) }, { _ in .lost(.action, count: 1) },
    ] as [(inout Feed) -> Input] {
      var monitor = Monitor(Planar.configuration())
      var feed = Feed()
      begin(&monitor, &feed)
      _ = monitor.step(chunk(rows(10), number: 1), at: feed.now)
      _ = monitor.step(.tick, at: feed.now)
      #expect(monitor.due != nil)
      var input = end(&feed)
      if case .action(var action) = input {
        action.sequence.number = 2
        input = .action(action)
      }
      _ = monitor.step(input, at: feed.now)
      #expect(monitor.due == nil)
    }
  }

  @Test func aChunkOutOfOrderOrAgainstItsOwnWordsIsHeldAndNotExecuted() {
    for bad in [
      chunk(rows(10), number: 1), chunk(rows(10), number: 2, first: 9, execute: 5), chunk(rows(10), number: 2, period: 0),
      chunk(rows(10), number: 2, period: .nan), chunk([], number: 2),
    ] {
      var monitor = Monitor(Planar.configuration())
      var feed = Feed()
      begin(&monitor, &feed)
      _ = monitor.step(feed.move(to: [-1, 0.3]), at: feed.now)
      let verdict = monitor.step(bad, at: feed.now)
      #expect(verdict.decision == .hold)
      #expect(monitor.due == nil)
    }
  }

  @Test func aChunkWithoutAStateIsUnknownAndEnds() {
    var monitor = Monitor(Planar.configuration())
    var feed = Feed()
    _ = monitor.step(feed.people(), at: feed.now)
    let verdict = monitor.step(chunk(rows(3)), at: feed.now)
    #expect(verdict.outcome == .unknown(.missing) && verdict.decision == .hold && monitor.due == nil)
  }

  @Test func deltasFromTheChunksStartAreCountedFromTheStateThatItNames() throws {
    var monitor = Monitor(Planar.configuration())
    var feed = Feed()
    begin(&monitor, &feed)  // state 1
    for step in 1...5 {  // states 2 to 6
      feed.wait(0.02)
      _ = monitor.step(feed.people(), at: feed.now)
      _ = monitor.step(feed.state([-1 - 0.002 * Double(step), 0.3], velocity: [step < 5 ? -0.1 : 0, 0]), at: feed.now)
    }
    let deltas = (1...5).map { [-0.01 * Double($0), 0.0] }
    _ = monitor.step(chunk(deltas, space: .jointDelta(.chunkStart), observation: 1), at: feed.now)
    #expect(monitor.step(.tick, at: feed.now).decision == .allow)
    // From state 1 the first row leads to where the arm is: nothing moves.
    #expect(monitor.step(.tick, at: feed.now).finding(.motionVelocity)?.value.upper ?? 9 < 0.2)
    var other = Monitor(Planar.configuration())
    feed = Feed()
    begin(&other, &feed)
    let unknown = other.step(chunk(deltas, space: .jointDelta(.chunkStart), observation: 7), at: feed.now)
    #expect(unknown.outcome == .unknown(.stale) && unknown.decision == .hold)
  }

  @Test func velocitiesOfAChunkEndWithIt() {
    var monitor = Monitor(Planar.configuration())
    var feed = Feed()
    begin(&monitor, &feed)
    _ = monitor.step(chunk([[-0.05, 0], [-0.05, 0]], space: .jointVelocity), at: feed.now)
    var last: Verdict?
    for _ in 0..<3 {
      last = monitor.step(.tick, at: feed.now)
      feed.wait(0.02)
      begin(&monitor, &feed)
    }
    #expect(last?.judged == .commanded && last?.row == nil)
    #expect(monitor.due == nil)
  }

  @Test func sixtyFourRowsAreJudgedInAsManyStretchesAsThereAre() {
    var monitor = Monitor(Planar.configuration())
    var feed = Feed()
    begin(&monitor, &feed)
    let told = monitor.step(chunk(rows(64, step: -0.002)), at: feed.now)
    #expect(told.judged == .predicted && told.outcome == .pass)
  }
}

/// Motions of a controller that turns round, apart from all verdicts.
@Suite struct ReversalTests {
  @Test func aJointThatTurnsRoundIsCountedAndOneThatShiversBelowStandstillIsNot() {
    var monitor = Monitor(Planar.configuration())
    var feed = Feed()
    for step in 0..<10 {
      _ = monitor.step(feed.people(), at: feed.now)
      let sign = step % 2 == 0 ? 1.0 : -1.0
      _ = monitor.step(feed.state([-1, 0.3], velocity: [0.05 * sign, 0.009 * sign]), at: feed.now)
      feed.wait(0.02)
    }
    #expect(monitor.reversals.measured(0) == 9)
    #expect(monitor.reversals.measured(1) == 0)
    #expect(monitor.reversals.commanded(0) == 0)
  }
}

/// An operator's order to let somebody free.
@Suite struct ReleaseTests {
  private func pinned(_ feed: inout Feed) -> Input { feed.state([-1, 0.3], contacts: Self.touch(), force: 20) }

  private static func touch() -> Contacts {
    var contacts = Contacts()
    contacts.append(Contact(link: 2, expected: nil, force: 20))
    return contacts
  }

  @Test func aReleaseOrderLetsALatchedArmMoveSlowlyAndOnlyForItsTime() {
    var monitor = Monitor(Planar.configuration())
    var feed = Feed()
    _ = monitor.step(feed.people(), at: feed.now)
    #expect(monitor.step(pinned(&feed), at: feed.now).decision == .halt)
    #expect(monitor.step(feed.move(to: [-1.002, 0.3]), at: feed.now).decision == .halt)
    _ = monitor.step(.release(Release(number: 1)), at: feed.now)
    #expect(monitor.release == 1)
    let out = monitor.step(feed.move(to: [-1.002, 0.3]), at: feed.now)
    #expect(out.decision == .allow)
    #expect(out.finding(.motionRelease)?.outcome == .pass)
    #expect(out.latch == 1)
    // Too fast for it.
    #expect(monitor.step(feed.move(to: [-1.1, 0.3]), at: feed.now).decision != .allow)
    feed.wait(5.1)
    _ = monitor.step(feed.people(), at: feed.now)
    _ = monitor.step(pinned(&feed), at: feed.now)
    #expect(monitor.step(feed.move(to: [-1.002, 0.3]), at: feed.now).decision == .halt)
    #expect(monitor.release == 0)
  }

  @Test func anOrderIsTakenOnceAndWaivesNothingThatIsUnknown() {
    var monitor = Monitor(Planar.configuration())
    var feed = Feed()
    _ = monitor.step(feed.people(), at: feed.now)
    _ = monitor.step(feed.state([-1, 0.3]), at: feed.now)
    _ = monitor.step(.release(Release(number: 3)), at: feed.now)
    feed.wait(5.1)
    _ = monitor.step(feed.people(), at: feed.now)
    _ = monitor.step(feed.state([-1, 0.3]), at: feed.now)
    _ = monitor.step(.release(Release(number: 3)), at: feed.now)
    #expect(monitor.release == 0)
    _ = monitor.step(.release(Release(number: 4)), at: feed.now)
    #expect(monitor.release == 4)
    let unseen = monitor.step(feed.people(coverage: false), at: feed.now)
    #expect(unseen.decision == .hold)
  }
}

/// The reduced mode, which only ever tightens.
@Suite struct ReducedModeTests {
  private func speed(_ change: (inout Configuration) -> Void, mode: UInt32? = nil, person: [Capsule]? = nil) -> Finding? {
    var monitor = Monitor(Planar.configuration(change))
    var feed = Feed()
    _ = monitor.step(feed.people(person.map { [$0] } ?? []), at: feed.now)
    var input = feed.state([-1, 0.3], velocity: [0.6, 0])
    if case .state(var state) = input {
      state.mode = mode
      input = .state(state)
    }
    return monitor.step(input, at: feed.now).finding(.motionVelocity)
  }

  @Test func itIsInForceWhenTheDriverSaysSoOrDoesNotSay() {
    #expect(speed({ $0.robot.reducedModes = [4] }, mode: 1)?.outcome == .pass)
    #expect(speed({ $0.robot.reducedModes = [4] }, mode: 4)?.outcome == .violationCertain)
    #expect(speed({ $0.robot.reducedModes = [4] })?.outcome == .violationCertain)
    #expect(speed({ _ in })?.outcome == .pass)
  }

  @Test func itIsInForceWhileAPersonIsInItsZone() {
    let zone: (inout Configuration) -> Void = {
      $0.cell.zones = [
        Zone(
          name: "near", kind: .reduced,
          box: Box(pose: Pose(rotation: .identity, translation: Vector3(3, 0, 0.5)), halfExtents: Vector3(1, 1, 1)))
      ]
    }
    let inside = Capsule(a: Vector3(3, 0, 0.5), b: Vector3(3, 0, 0.6), radius: 0.1)
    let outside = Capsule(a: Vector3(6, 0, 0.5), b: Vector3(6, 0, 0.6), radius: 0.1)
    #expect(speed(zone, person: [inside])?.outcome == .violationCertain)
    #expect(speed(zone, person: [outside])?.outcome == .pass)
  }

  @Test func itNeverLoosens() {
    #expect(
      speed({
        $0.robot.reducedModes = [4]
        $0.limits[.motionVelocity, "fraction"] = 0.2
        $0.limits[.motionVelocity, "reduced_fraction"] = 1
      }, mode: 4)?.limit == 0.4)
  }
}
