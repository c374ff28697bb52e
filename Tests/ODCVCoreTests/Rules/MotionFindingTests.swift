import TestSupport
import Testing

@testable import ODCVCore

/// What the motion rules tell: between which values, of which joint, and how many fail; in numbers that are exact.
@Suite struct MotionFindingTests {
  /// Commands four times a second, states that are true when they come, velocities known to 1/8 rad/s.
  private static func exact(
    acceleration: Double = 8, jerk: Double = 1_000, measured: Double = 0.125, _ change: (inout Configuration) -> Void = { _ in }
  ) -> Configuration {
    Planar.configuration {
      $0.cell.controlPeriod = 0.25
      $0.cell.stateInput = InputDeclaration(maxAge: 1, latency: 0)
      $0.cell.peopleSensors[0].input = InputDeclaration(maxAge: 10, latency: 0)
      $0.robot.measurement.velocity = measured
      $0.robot.velocityControl = VelocityControl(error: 0.125)
      for joint in 0..<2 {
        $0.robot.joints[joint].limits.acceleration = acceleration
        $0.robot.joints[joint].limits.jerk = jerk
      }
      change(&$0)
    }
  }

  // MARK: - Acceleration between two states

  private func measured(
    _ first: [Double], _ second: [Double], after time: Double = 0.25, limit: Double = 8
  ) -> Finding? {
    let configuration = Self.exact(acceleration: limit) { $0.cell.stateInput.latency = 0.25 }
    return Script {
      $0.begin(at: [-1, 0.3], velocity: first)
      $0.wait(time)
      $0.state([-1, 0.3], velocity: second)
    }.run(configuration).finding(.motionAcceleration)
  }

  @Test func aChangeOfVelocityLiesBetweenItsErrorsOverTheTimeThatItTook() {
    // 1.125 rad/s less 2/8 over a quarter of a second and the latency, and so much more over the quarter alone.
    #expect(measured([0, 0], [1.125, 0])?.value == Interval(1.75, 5.5))
    #expect(measured([0, 0], [-1.125, 0])?.value == Interval(1.75, 5.5))
    #expect(measured([0.5, 0], [1.625, 0])?.value == Interval(1.75, 5.5))
    #expect(measured([0.0625, 0], [0.125, 0])?.value == Interval(0, 1.25))
  }

  @Test func whatTheDriverPromisesBoundsItButNotWhatIsCertain() {
    #expect(measured([0, 0], [2.25, 0])?.value == Interval(4, 6))
    #expect(measured([0, 0], [4.25, 0])?.value == Interval(8, 8))
  }

  @Test func everyJointThatAcceleratesTooMuchIsCountedAndTheFirstOfEqualOnesIsNamed() {
    let both = measured([0, 0], [1.125, -1.125], limit: 3)
    #expect(both?.failing == 2 && both?.subject == .joint(0) && both?.outcome == .violationPossible)
    #expect(measured([0, 0], [1, 1.125], limit: 3)?.subject == .joint(1))
    #expect(measured([0, 0], [0, 1.125], limit: 3)?.failing == 1)
  }

  @Test func exactlyAtTheLimitAnAccelerationPasses() {
    let at = measured([0, 0], [1.125, 0], limit: 5.5)
    #expect(at?.outcome == .pass && at?.failing == 0)
    #expect(measured([0, 0], [1.125, 0], limit: 6)?.failing == 0)
    let over = measured([0, 0], [1.125, 0], limit: 5.5.nextDown)
    #expect(over?.outcome == .violationPossible && over?.failing == 1)
  }

  @Test func twoStatesAtOnceTellNoAcceleration() {
    #expect(measured([0, 0], [1, 0], after: 0) == nil)
  }

  // MARK: - Acceleration that a command asks for

  /// Velocities that are commanded one after the other, a period apart, to an arm that is reported as standing.
  private func commanded(_ rule: RuleID, _ velocities: [[Double]], _ configuration: Configuration) -> Finding? {
    Script {
      $0.people()
      for (index, velocity) in velocities.enumerated() {
        if index > 0 { $0.wait(0.25) }
        $0.state([-1, 0.3])
        $0.add($0.feed.action(.jointVelocity(JointVector(velocity))))
      }
    }.run(configuration).finding(rule)
  }

  private func asked(_ velocity: [Double], limit: Double = 8) -> Finding? {
    commanded(.motionAcceleration, [velocity], Self.exact(acceleration: limit))
  }

  @Test func aCommandAsksForItsVelocityWithinOnePeriod() {
    // 1 rad/s in a quarter of a second, known to 1/8 rad/s.
    let finding = asked([1, 0])
    #expect(finding?.value == Interval(3.5, 4.5) && finding?.other == .stream(.state) && finding?.subject == .joint(0))
    #expect(asked([0, -1])?.value == Interval(3.5, 4.5))
    #expect(asked([0, -1])?.subject == .joint(1))
    #expect(asked([0.0625, 0])?.value == Interval(0, 0.75))
  }

  @Test func everyJointThatIsAskedTooMuchIsCounted() {
    let both = asked([1, -1], limit: 3)
    #expect(both?.failing == 2 && both?.subject == .joint(0))
    #expect(asked([1, 0], limit: 4.5)?.failing == 0)
    #expect(asked([1, 0], limit: 5)?.failing == 0)
    #expect(asked([1, 0], limit: 4.5.nextDown)?.failing == 1)
  }

  @Test func aCommandIsComparedWithTheOneBeforeToo() {
    // From 1 to -1 rad/s in a period are 8 rad/s², of which the driver makes 6.
    let finding = commanded(.motionAcceleration, [[1, 0], [-1, 0]], Self.exact(acceleration: 4.5))
    #expect(finding?.other == .stream(.action) && finding?.subject == .joint(0))
    #expect(finding?.value == Interval(5.5, 6) && finding?.failing == 1)
  }

  // MARK: - Jerk

  private func jerk(
    _ first: [Double], _ second: [Double], asks velocity: [Double], limit: Double = 1_000
  ) -> Finding? {
    Script {
      $0.begin(at: [-1, 0.3], velocity: first)
      $0.wait(0.25)
      $0.begin(at: [-1, 0.3], velocity: second)
      $0.add($0.feed.action(.jointVelocity(JointVector(velocity))))
    }.run(Self.exact(acceleration: 50, jerk: limit)).finding(.motionJerk)
  }

  @Test func againstTheMeasurementItIsTheChangeOfAcceleration() {
    // Measured 1 rad/s², asked 3: 2 more, known to 1 and 1/2, in a quarter of a second.
    let finding = jerk([0, 0], [0.25, 0], asks: [1, 0])
    #expect(finding?.value == Interval(2, 14) && finding?.other == .stream(.state) && finding?.subject == .joint(0))
    #expect(jerk([0, 0], [-0.25, 0], asks: [-1, 0])?.value == Interval(2, 14))
    #expect(jerk([0.25, 0], [0.5, 0], asks: [1.25, 0])?.value == Interval(2, 14))
    #expect(jerk([0, 0], [0, 0], asks: [0, 0])?.value == Interval(0, 6))
  }

  @Test func itIsAtMostFromAllThatTheDriverDoesOneWayToAllTheOther() {
    #expect(jerk([2, 0], [0, 0], asks: [1.5, 0])?.value == Interval(42, 48))
  }

  @Test func everyJointThatIsJerkedIsCountedAndTheFirstOfEqualOnesIsNamed() {
    let both = jerk([0, 0], [0.25, 0.25], asks: [1, 1], limit: 10)
    #expect(both?.failing == 2 && both?.subject == .joint(0))
    #expect(jerk([0, 0], [0.25, 0], asks: [1, 0], limit: 14)?.failing == 0)
    #expect(jerk([0, 0], [0.25, 0], asks: [1, 0], limit: 14.5)?.failing == 0)
    #expect(jerk([0, 0], [0.25, 0], asks: [1, 0], limit: 14.0.nextDown)?.failing == 1)
  }

  @Test func againstTheCommandBeforeItIsTheChangeOfWhatThatAskedFor() {
    // The first asks for 2 rad/s², the second for none; the arm is half way between, so that it asks for the same twice.
    let configuration = Self.exact(acceleration: 50, measured: 0)
    let finding = Script {
      $0.begin(at: [-1, 0.3])
      $0.add($0.feed.action(.jointVelocity(JointVector([0.5, 0]))))
      $0.wait(0.25)
      $0.state([-1, 0.3], velocity: [0.25, 0])
      $0.add($0.feed.action(.jointVelocity(JointVector([0.5, 0]))))
    }.run(configuration).finding(.motionJerk)
    #expect(finding?.other == .stream(.action) && finding?.value == Interval(6, 10))
  }

  @Test func twoStatesAtOnceTellNoJerk() {
    let finding = Script {
      $0.begin(at: [-1, 0.3])
      $0.begin(at: [-1, 0.3], velocity: [0.5, 0])
      $0.add($0.feed.action(.jointVelocity(JointVector([0.5, 0]))))
    }.run(Self.exact()).finding(.motionJerk)
    #expect(finding == nil)
  }

  // MARK: - Velocity, position, jump

  private func moved(_ rule: RuleID, at q: [Double], to target: [Double]) -> Finding? {
    Script {
      $0.begin(at: q)
      $0.move(to: target)
    }.run(Planar.configuration()).finding(rule)
  }

  @Test func theFastestJointIsNamedWhicheverWayItTurns() throws {
    func reported(_ velocity: [Double]) throws -> Finding {
      let verdict = Script { $0.begin(at: [-1, 0.3], velocity: velocity) }.run(Planar.configuration())
      return try #require(verdict.finding(.motionVelocity))
    }
    let both = try reported([2.1, -2.25])
    #expect(both.failing == 2 && both.subject == .joint(1) && both.value.lower == 2.25 - 0.005)
    #expect(try reported([2.25, -2.25]).subject == .joint(0))
    let near = try reported([1.5, 0])
    #expect(near.outcome == .pass && near.margin.lower < 1 && near.failing == 0)
  }

  @Test func aLeapIsAsFarAsTheEncodersKnowAndEveryJointCounts() {
    let both = moved(.motionJump, at: [-1, 0.5], to: [-1.75, 1.25])
    #expect(both?.value == Interval(0.75 - 0.001, 0.75 + 0.001) && both?.failing == 2 && both?.subject == .joint(0))
    let one = moved(.motionJump, at: [-1, 0.5], to: [-1, -0.25])
    #expect(one?.failing == 1 && one?.subject == .joint(1))
    #expect(moved(.motionJump, at: [-1, 0.5], to: [-1, 0.5])?.value == Interval(0, 0.001))
  }

  private static func row(
    _ step: Int, of chunk: UInt64 = 2, length: Int = 8, execute: Int = 8, observation: UInt64? = nil
  ) -> ChunkRow {
    ChunkRow(chunk: chunk, step: step, length: length, execute: execute, observation: observation)
  }

  /// A leap from the last row of a chunk to the first of the next, of both joints.
  private func leap(
    _ step: Double, from first: ChunkRow = row(0, of: 1), to second: ChunkRow = row(0), limit: Double = 0.1
  ) -> Finding? {
    Script {
      $0.begin(at: [-1, 0.25])
      for (number, target) in [[-1, 0.25], [-1 - step, 0.25 + step]].enumerated() {
        $0.add(
          .action(
            Action(
              sequence: Sequence(stream: 0, number: UInt64(number + 1), boot: 1), command: .jointPosition(JointVector(target)),
              row: number == 0 ? first : second)))
      }
    }.run(Planar.configuration { $0.limits[.motionJump, "chunk_rad"] = limit }).finding(.motionJump)
  }

  @Test func aLeapFromOneChunkToTheNextIsJudgedByItself() {
    for step in [0.125, -0.125] {
      let found = leap(step)
      #expect(found?.value == Interval(0.125, 0.125) && found?.other == .stream(.action) && found?.subject == .joint(0))
      #expect(found?.failing == 2 && found?.limit == 0.1)
    }
    #expect(leap(0.125, limit: 0.125)?.failing == 0)
    // Rows of one chunk are compared with where the arm is alone.
    #expect(leap(0.125, from: Self.row(0), to: Self.row(1))?.other == Subject.none)
  }

  @Test func aRowThatDoesNotGoOnFromTheLastOneBeginsAnew() {
    func begins(_ first: ChunkRow, _ second: ChunkRow) -> Bool {
      let found = leap(0.125, from: first, to: second)
      #expect(found?.outcome == (found?.other == .stream(.action) ? .violationCertain : .pass))
      return found?.other == .stream(.action)
    }
    #expect(!begins(Self.row(3), Self.row(4)) && !begins(Self.row(3, observation: 7), Self.row(4, observation: 7)))
    for step in [0, 2, 3, 5, 7] { #expect(begins(Self.row(3), Self.row(step))) }
    #expect(begins(Self.row(3, of: 1), Self.row(4)))
    // What a chunk says of itself it says in each of its rows.
    for other in [Self.row(4, length: 9), Self.row(4, execute: 7), Self.row(4, observation: 8), Self.row(4)] {
      #expect(begins(Self.row(3, observation: 7), other))
    }
  }

  @Test func exactlyAtTheLimitALeapAndASpeedPass() {
    let leap = Script {
      $0.begin(at: [-1, 0.25])
      $0.move(to: [-1.4375, 0.25])
    }.run(Self.exact { $0.robot.measurement.position = 0.0625 }).finding(.motionJump)
    #expect(leap?.margin.lower == 0 && leap?.outcome == .pass && leap?.failing == 0)
    let speed = Script { $0.begin(at: [-1, 0.25], velocity: [1.875, 0]) }.run(Self.exact()).finding(.motionVelocity)
    #expect(speed?.value == Interval(1.75, 2) && speed?.outcome == .pass && speed?.failing == 0)
  }

  @Test func everyJointBeyondItsLimitIsCounted() {
    let both = moved(.motionPosition, at: [-2.9, 2.9], to: [-2.9, 2.9])
    #expect(both?.failing == 2 && both?.subject == .joint(0) && both?.outcome == .violationCertain)
    let near = moved(.motionPosition, at: [-2.5, 0.3], to: [-2.5, 0.3])
    #expect(near?.outcome == .pass && near?.failing == 0 && near?.improving == false)
  }

  @Test func aWayBackIsOneOfMoreThanATenthOfAMilliradian() {
    func improves(_ step: Double) -> Bool? { moved(.motionPosition, at: [-2.9, 0.3], to: [-2.9 + step, 0.3])?.improving }
    #expect(improves(-0.01) == false)
    #expect(improves(0) == false)
    #expect(improves(0.00005) == false)
    #expect(improves(0.00011) == true)
  }

  /// A way of the first joint in -2...2 rad or, for `from`, 0...2 rad, that is known exactly.
  private func position(_ q: Double, to target: Double? = nil, from lower: Double = -2, margin: Double = 0.25) -> Finding? {
    let configuration = Planar.configuration {
      $0.limits[.motionPosition, "margin_rad"] = margin
      $0.robot.joints[0].limits.lower = lower
      $0.robot.joints[0].limits.upper = 2
    }
    var motion = Motion(for: configuration.robot, kernel: .best!)
    motion.start[0] = q
    if let target {
      motion.target = JointVector([target, 0])
      motion.chord[0] = target - q
      motion.to = 1
    }
    return MotionPosition(configuration).judge(motion, in: World(configuration))
  }

  @Test func aJointThatKeepsExactlyItsMarginPasses() {
    for q in [-1.75, 1.75] {
      let found = position(q)
      #expect(found?.outcome == .pass && found?.failing == 0 && found?.margin == Interval(0, 0))
    }
    #expect(position(1.75.nextUp)?.failing == 1)
  }

  @Test func exactlyATenthOfAMilliradianIsNoWayBack() {
    #expect(position(0, to: 1e-4, from: 0)?.improving == false)
    #expect(position(0, to: 1e-4.nextUp, from: 0)?.improving == true)
  }

  // MARK: - Reduced mode and release

  @Test(arguments: [
    (RuleID.motionVelocity, "fraction", "reduced_fraction", 2.0), (.motionAcceleration, "fraction", "reduced_fraction", 6.0),
    (.motionTCPSpeed, "greatest_m_s", "reduced_m_s", 1.0),
  ])
  func theReducedModeOnlyEverTightens(rule: RuleID, key: String, reducedKey: String, unit: Double) {
    func limit(_ reduced: Double) -> Double? {
      let configuration = Planar.configuration {
        $0.limits[rule, key] = 0.5
        $0.limits[rule, reducedKey] = reduced
        $0.cell.zones = [
          Zone(
            name: "near", kind: .reduced,
            box: Box(pose: Pose(rotation: .identity, translation: Vector3(-2, 0, 0.5)), halfExtents: Vector3(0.5, 0.5, 0.5)))
        ]
      }
      return Script {
        $0.people([[bodyPart(-2, 0)]])
        $0.state([0, 0])
        $0.wait(0.02)
        $0.people([[bodyPart(-2, 0)]])
        $0.state([0, 0])
        $0.move(to: [0.001, 0])
      }.run(configuration).finding(rule)?.limit
    }
    #expect(limit(0.25) == 0.25 * unit)
    #expect(limit(1) == 0.5 * unit)
  }

  @Test(arguments: RuleID.allCases) func whoIsPinnedIsNearAndTouchedAndNothingElseYieldsToARelease(rule: RuleID) {
    let yields: Bool =
      switch rule {
      case .clearanceStatic, .clearanceSelf, .clearanceHuman, .clearanceHeldObject, .zoneKeepOut, .zoneSpeed, .contactHalt,
        .contactForce, .contactPressure, .contactEnergy, .contactPermit, .toolHazard: true
      case .motionPosition, .motionVelocity, .motionAcceleration, .motionJerk, .motionTCPSpeed, .motionJump, .motionRelease,
        .payloadMass, .gripForce, .sequenceInterlock, .sequenceCheck, .integritySchema, .integritySequence, .integrityStale,
        .integrityClock, .integrityIdentity, .integrityHeartbeat, .integrityTruth, .integrityClass, .authorityReset, .authorityMode,
        .reportTruth, .coverageBlind: false
      }
    #expect(rule.yieldsToRelease == yields)
  }

  // MARK: - Payload

  private func mass(grasped: Bool?, object: Double?) -> Finding? {
    Script {
      $0.people()
      $0.state([-1, 0.3]) { $0.grasped = grasped }
    }.run(Planar.configuration { $0.cell.payload = Payload(greatest: 3, tool: 0.5, object: object) }).finding(.payloadMass)
  }

  @Test func theObjectCountsUnlessTheGripperIsEmptyAndAnUnknownOneIsUnknown() {
    #expect(mass(grasped: true, object: 1)?.value == Interval(1.5, 1.5))
    #expect(mass(grasped: nil, object: 1)?.value == Interval(1.5, 1.5))
    #expect(mass(grasped: false, object: 1)?.value == Interval(0.5, 0.5))
    #expect(mass(grasped: true, object: nil)?.outcome == .unknown(.missing))
    #expect(mass(grasped: false, object: nil)?.value == Interval(0.5, 0.5))
    #expect(mass(grasped: nil, object: nil)?.outcome == .unknown(.missing))
  }
}
