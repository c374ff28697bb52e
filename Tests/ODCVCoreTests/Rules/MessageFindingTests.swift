import ODCVCore
import TestSupport
import Testing

/// What the rules on inputs tell: why, of whom, and how much.
@Suite struct MessageFindingTests {
  private func verdict(
    _ configuration: Configuration = Planar.configuration(), _ write: (inout Script) -> Void
  ) -> Verdict {
    Script {
      $0.begin(at: [-1, 0.3])
      write(&$0)
    }.run(configuration)
  }

  @Test(arguments: [
    (Rejection.Reason.undecodable, UnknownReason.undecodable), (.badSignature, .undecodable), (.oversized, .capacity),
    (.wrongRobot, .mismatched), (.wrongEndpoint, .mismatched), (.wrongLength, .mismatched), (.unknownSensor, .mismatched),
    (.missingField, .missing), (.nonFinite, .nonFinite), (.unsupported, .unsupported),
  ])
  func aRefusedMessageSaysWhyAndWhose(refused: Rejection.Reason, reason: UnknownReason) {
    let finding = verdict { $0.add(.rejected(Rejection(stream: .people, reason: refused))) }.finding(.integritySchema)
    #expect(finding?.outcome == .unknown(reason))
    #expect(finding?.subject == .stream(.people))
  }

  @Test func aWholeMessageIsNoneTooMany() {
    let finding = verdict { $0.state([-1, 0.3]) }.finding(.integritySchema)
    #expect(finding?.sense == .atMost && finding?.value == Interval(0, 0) && finding?.limit == 0)
  }

  @Test func whatTheCoreItselfRefusesSaysWhy() {
    func reason(_ write: (inout Script) -> Void) -> Outcome? {
      verdict { write(&$0) }.finding(.integritySchema)?.outcome
    }
    #expect(reason { $0.state([-1, 0.3, 0]) } == .unknown(.mismatched))
    #expect(reason { $0.state([-1, .nan]) } == .unknown(.nonFinite))
    #expect(reason { $0.state([-1, 0.3], velocity: [0, .infinity]) } == .unknown(.nonFinite))
    #expect(reason { $0.people([[bodyPart(.nan, 0)]]) } == .unknown(.nonFinite))
  }

  @Test func aStrangerIsOne() {
    let finding = verdict { $0.add(.rejected(Rejection(stream: .state, reason: .wrongRobot))) }.finding(.integrityIdentity)
    #expect(finding?.value == Interval(1, 1) && finding?.subject == .stream(.state))
    let foreign = verdict { $0.state([-1, 0.3]) { $0.sequence.stream = 5 } }.finding(.integrityIdentity)
    #expect(foreign?.value == Interval(1, 1) && foreign?.outcome == .violationCertain)
    #expect(verdict { $0.state([-1, 0.3]) }.finding(.integrityIdentity)?.value == Interval(0, 0))
  }

  @Test func aWrongModeIsOneAndAnOrderThatClearsNothingToo() {
    #expect(verdict { $0.state([-1, 0.3]) { $0.mode = 7 } }.finding(.authorityMode)?.value == Interval(1, 1))
    #expect(verdict { $0.add(.reset(Reset(latch: 1))) }.finding(.authorityReset)?.value == Interval(1, 1))
    let forged = verdict { $0.add(.rejected(Rejection(stream: .control, reason: .badSignature))) }
    #expect(forged.finding(.authorityReset)?.value == Interval(1, 1))
    #expect(forged.finding(.authorityReset)?.outcome == .violationCertain)
  }

  @Test func oneLostMessageIsOneTooMany() {
    let finding = verdict { $0.add(.lost(.state, count: 1)) }.finding(.integritySequence)
    #expect(finding?.value == Interval(1, 1) && finding?.outcome == .violationCertain)
    let allowed = verdict(Planar.configuration { $0.limits[.integritySequence, "missing_messages"] = 2 }) {
      $0.add(.lost(.state, count: 2))
    }
    #expect(allowed.finding(.integritySequence)?.outcome == .pass)
  }

  // MARK: - Age

  private static func watched(_ change: (inout Configuration) -> Void = { _ in }) -> Configuration {
    Planar.configuration {
      $0.cell.obstacleSensors = [Sensor(id: "lidar", input: InputDeclaration(maxAge: 0.5, latency: 0), positionError: 0.01)]
      $0.cell.peopleSensors[0].input = InputDeclaration(maxAge: 0.5, latency: 0)
      $0.cell.stateInput = InputDeclaration(maxAge: 0.5, latency: 0)
      change(&$0)
    }
  }

  @Test func anObstacleSensorIsNamedBehindThosesOfPeople() {
    let silent = Script { $0.begin(at: [-1, 0.3]) }.run(Self.watched()).finding(.integrityStale)
    #expect(silent?.outcome == .unknown(.missing) && silent?.subject == .sensor(1))
  }

  @Test func theSecondObstacleSensorIsNamedAsSuch() {
    let two = Self.watched { $0.cell.obstacleSensors.append($0.cell.obstacleSensors[0]) }
    let silent = Script {
      $0.begin(at: [-1, 0.3])
      $0.add($0.feed.obstacles())
    }.run(two).finding(.integrityStale)
    #expect(silent?.outcome == .unknown(.missing) && silent?.subject == .sensor(2))
    let seen = Script {
      $0.begin(at: [-1, 0.3])
      $0.add($0.feed.obstacles())
      $0.add(.obstacles(Obstacles(sensor: 1, sequence: Sequence(stream: 0, number: 1, boot: 1), coverage: true)))
    }.run(Self.watched {
      $0.cell.obstacleSensors.append($0.cell.obstacleSensors[0])
      $0.cell.obstacleSensors[1].input.maxAge = 0.25
    }).finding(.integrityStale)
    #expect(seen?.subject == .sensor(2) && seen?.value == Interval(0, 0) && seen?.outcome == .pass)
  }

  @Test func theInputWithTheLeastTimeLeftIsNamed() {
    func stalest(_ change: (inout Configuration) -> Void) -> Finding? {
      Script {
        $0.begin(at: [-1, 0.3])
        $0.add($0.feed.obstacles())
        $0.wait(0.125)
        $0.add(.tick)
      }.run(Self.watched(change)).finding(.integrityStale)
    }
    // All of one age and one limit: the state comes first.
    #expect(stalest { _ in }?.subject == .stream(.state))
    #expect(stalest { $0.cell.peopleSensors[0].input.maxAge = 0.25 }?.subject == .sensor(0))
    let obstacles = stalest { $0.cell.obstacleSensors[0].input.maxAge = 0.25 }
    #expect(obstacles?.subject == .sensor(1))
    #expect(obstacles?.value == Interval(0.125, 0.125) && obstacles?.limit == 0.25)
    // A tie of the sensors: that of people.
    let tie = stalest {
      $0.cell.peopleSensors[0].input.maxAge = 0.25
      $0.cell.obstacleSensors[0].input.maxAge = 0.25
    }
    #expect(tie?.subject == .sensor(0))
  }

  @Test func anInputMayBeExactlyAsOldAsDeclared() {
    func outcome(_ nanoseconds: Int64) -> Outcome? {
      Script {
        $0.begin(at: [-1, 0.3])
        $0.add($0.feed.obstacles())
        $0.feed.now.nanoseconds += nanoseconds
        $0.add(.tick)
      }.run(Self.watched()).finding(.integrityStale)?.outcome
    }
    #expect(outcome(500_000_000) == .pass)
    #expect(outcome(500_000_001) == .unknown(.stale))
  }

  // MARK: - Clocks

  /// The second of two stamps, a quarter of a second later by the receiver's clock.
  private func clock(_ nanoseconds: Int64, drift: Double = 0.001) -> Finding? {
    verdict(Planar.configuration { $0.limits[.integrityClock, "drift_fraction"] = drift }) {
      $0.wait(0.25)
      $0.state([-1, 0.3]) { $0.sequence.time?.nanoseconds += nanoseconds }
    }.finding(.integrityClock)
  }

  @Test func aClockThatIsBehindIsAsFarOffAsOneThatIsAhead() {
    for sign in [1, -1] as [Int64] {
      let finding = clock(sign * 125_000_000)
      #expect(abs((finding?.value.upper ?? 0) - 0.125) < 1e-12 && finding?.limit == 0.2 && finding?.outcome == .pass)
      #expect(clock(sign * 225_000_000)?.outcome == .violationCertain)
    }
  }

  /// The last of some stamps, a quarter of a second apart by the receiver's clock; each this far ahead of it, in s.
  private func clock(ahead: [Double], step: Double, drift: Double) -> Finding? {
    verdict(
      Planar.configuration {
        $0.limits[.integrityClock, "greatest_step_s"] = step
        $0.limits[.integrityClock, "drift_fraction"] = drift
      }
    ) {
      for seconds in ahead {
        $0.wait(0.25)
        $0.state([-1, 0.3]) { $0.sequence.time?.nanoseconds += Int64(seconds * 1e9) }
      }
    }.finding(.integrityClock)
  }

  @Test func aClockThatFallsBackBitByBitDriftsLikeOneThatRunsAhead() {
    for sign in [1.0, -1] {
      let found = clock(ahead: [sign * 0.125, sign * 0.25], step: 0.2, drift: 0.001)
      #expect(found?.outcome == .violationCertain && found?.value == Interval(0.25, 0.25))
    }
  }

  @Test func ofAStepAndADriftThatAreAsBadTheStepIsTold() {
    // After half a second, a drift of half of it beside the step's quarter.
    let found = clock(ahead: [0.25, 0.5], step: 0.25, drift: 0.5)
    #expect(found?.value == Interval(0.25, 0.25) && found?.limit == 0.25 && found?.margin == Interval(0, 0))
  }

  // MARK: - The gripper

  private func grip(_ effort: Double?, standard: Double?) -> Finding? {
    verdict(Planar.configuration { $0.cell.grip = Grip(greatest: 40, standard: standard) }) {
      $0.add(
        .action(
          Action(
            sequence: Sequence(stream: 0, number: 1, boot: 1), command: .none, gripper: GripperCommand(effort: effort))))
    }.finding(.gripForce)
  }

  @Test func theGripIsWhatIsCommandedOrDeclaredWhicheverWayItActs() {
    #expect(grip(30, standard: 20)?.value == Interval(30, 30) && grip(-30, standard: 20)?.value == Interval(30, 30))
    #expect(grip(nil, standard: 20)?.value == Interval(20, 20))
    #expect(grip(nil, standard: nil)?.outcome == .unknown(.missing))
    #expect(grip(.nan, standard: 20)?.outcome == .unknown(.nonFinite))
    #expect(grip(40, standard: 20)?.outcome == .pass && grip(40.0.nextUp, standard: 20)?.outcome == .violationCertain)
  }

  // MARK: - Signs of life

  @Test func theSourceWithTheLeastTimeLeftIsNamed() {
    func named(_ heartbeats: [Heartbeat]) -> Subject? {
      let configuration = Planar.configuration { $0.cell.heartbeats = heartbeats }
      return verdict(configuration) {
        $0.wait(0.01)
        $0.add(.tick)
      }.finding(.integrityHeartbeat)?.subject
    }
    let (driver, perception) = (Heartbeat(source: .driver, maxAge: 1), Heartbeat(source: .perception, maxAge: 0.5))
    #expect(named([driver, perception]) == .source(.perception))
    #expect(named([perception, driver]) == .source(.perception))
    #expect(named([driver, Heartbeat(source: .perception, maxAge: 1)]) == .source(.driver))
  }
}
