import ODCVCore
import TestSupport
import Testing

/// The driver's word against itself.
@Suite struct TruthRuleTests {
  /// States at 100 Hz, of a joint that turns at `real` rad/s and is reported to turn at `told`.
  private func verdict(
    real: Double, told: Double, seconds: Double, _ change: (inout Configuration) -> Void = { _ in },
    _ alter: (inout State) -> Void = { _ in }
  ) -> Finding? {
    Script { script in
      var q = -1.0
      for step in 0..<Int(seconds * 100) {
        script.wait(0.01)
        q += real * 0.01
        if step % 5 == 0 { script.people() }
        script.state([q, 0.3]) {
          $0.velocity[0] = told
          alter(&$0)
        }
      }
    }.run(Planar.configuration(change)).finding(.integrityTruth)
  }

  @Test(arguments: [0, 0.05, -0.4, 1.5]) func anHonestDriverPasses(speed: Double) {
    let finding = verdict(real: speed, told: speed, seconds: 0.4)
    #expect(finding?.outcome == .pass)
    #expect((finding?.value.upper ?? 1) < 0.2)
  }

  @Test func ofTwoThatAgreeAsWellTheJointIsNamed() {
    let finding = verdict(real: 0, told: 0, seconds: 0.1)
    #expect(finding?.value == Interval(0, 0) && finding?.subject == .joint(0))
  }

  @Test func encodersThatMoveWhileTheArmIsSaidToStandAreFound() {
    let finding = verdict(real: 0.2, told: 0, seconds: 0.3)
    #expect(finding?.outcome == .violationCertain && finding?.subject == .joint(0))
  }

  @Test func anArmThatIsSaidToMoveWhileItsEncodersStandIsFound() {
    #expect(verdict(real: 0, told: 0.2, seconds: 0.3)?.outcome == .violationCertain)
  }

  @Test func velocitiesOfTheWrongSignAreFound() {
    #expect(verdict(real: 0.1, told: -0.1, seconds: 0.3)?.outcome == .violationCertain)
  }

  @Test func aJointWhoseNumbersOverflowedIsNotHiddenByTheNextNorByTheTool() {
    var count = 0
    let finding = verdict(real: 0, told: 0, seconds: 0.1, { _ in }) {
      count += 1
      // Its last states are as they should be.
      if count < 3 { $0.velocity[0] = .greatestFiniteMagnitude }
      if count == 3 { $0.velocity[0] = -.greatestFiniteMagnitude }
    }
    #expect(count == 10 && finding?.outcome == .unknown(.nonFinite) && finding?.subject == .joint(0))
  }

  @Test func withoutStampsLatenessIsAllowedForAndAPlainLieIsStillFound() {
    let unstamped: (inout Configuration) -> Void = {
      $0.cell.clocks = []
      $0.cell.notMeasured = [NotMeasured(quantity: .sourceTime, reason: "none", by: "test")]
    }
    #expect(verdict(real: 0.5, told: 0.5, seconds: 0.45, unstamped)?.outcome == .pass)
    #expect(verdict(real: 0.5, told: 0, seconds: 0.45, unstamped)?.outcome == .violationCertain)
  }

  @Test func aToolBesideItsJointsIsFound() {
    let finding = verdict(real: 0, told: 0, seconds: 0.1) { _ in
    } _: {
      $0.tool = $0.tool.map { $0 + Vector3(0, 0, 0.01) }
    }
    #expect(finding?.outcome == .violationCertain && finding?.subject == .toolCentrePoint)
  }

  @Test func aToolThatIsNotReportedIsUnknownUnlessDeclared() {
    let none: (inout State) -> Void = { $0.tool = nil }
    #expect(verdict(real: 0, told: 0, seconds: 0.1, { _ in }, none)?.outcome == .unknown(.missing))
    let declared = verdict(
      real: 0, told: 0, seconds: 0.1,
      { $0.cell.notMeasured = [NotMeasured(quantity: .toolPose, reason: "none", by: "test")] }, none)
    #expect(declared?.outcome == .pass)
  }

  @Test func aStateThatNeverChangesWhileTheArmIsToldToMoveIsFound() {
    func frozen(_ seconds: Double, told target: Double, noise: Double = 0) -> Outcome? {
      Script { script in
        for step in 0..<Int(seconds / 0.02) {
          script.wait(0.02)
          script.people()
          script.state([-1 + (step % 2 == 0 ? noise : 0), 0.3])
          script.move(to: [target, 0.3])
        }
      }.run(Planar.configuration()).finding(.integrityTruth)?.outcome
    }
    #expect(frozen(0.4, told: -1.1) == .pass)
    #expect(frozen(0.6, told: -1.1) == .violationCertain)
    #expect(frozen(0.6, told: -1) == .pass)
    #expect(frozen(0.6, told: -1.1, noise: 1e-5) == .pass, "a sensor's last bit moves")
  }

  @Test func aRestartOfTheDriverBeginsAfreshWithOneStateThatNothingConfirms() {
    func finding(_ boots: [UInt64]) -> Finding? {
      Script { script in
        script.begin(at: [-1, 0.3])
        for boot in boots {
          script.wait(0.02)
          script.people()
          script.state([0.5, 0.3]) { $0.sequence.boot = boot }
        }
      }.run(Planar.configuration()).finding(.integrityTruth)
    }
    let restarted = finding([2])
    #expect(restarted?.outcome == .unknown(.mismatched) && restarted?.subject == .source(.driver))
    #expect(finding([2, 2])?.outcome == .pass)
    // Who starts again with every state is never confirmed.
    #expect(finding([2, 3])?.outcome == .unknown(.mismatched))
  }
}

/// Clocks of sources.
@Suite struct ClockRuleTests {
  private func finding(_ clock: SourceTime.Clock, _ stamps: [(wait: Double, stamp: Double)]) -> Finding? {
    Script { script in
      script.people()
      for (wait, stamp) in stamps {
        script.wait(wait)
        script.state([-1, 0.3]) { $0.sequence.time = SourceTime(clock: clock, nanoseconds: Int64(stamp * 1e9)) }
      }
    }.run(Planar.configuration { $0.cell.clocks = [SourceClock(stream: .state, clock: clock)] }).finding(.integrityClock)
  }

  @Test func aClockThatRunsBackIsAViolationWhateverItsKind() {
    for clock in SourceTime.Clock.allCases {
      let finding = finding(clock, [(0, 10), (0.01, 10.01), (0.01, 10.009)])
      #expect(finding?.outcome == .violationCertain, "\(clock)")
      #expect(abs((finding?.value.upper ?? 0) - 0.001) < 1e-6)
    }
  }

  @Test func aStepIsMeasuredAgainstTheReceipts() {
    #expect(finding(.realtime, [(0, 10), (0.01, 10.01), (0.01, 10.21)])?.outcome == .pass)
    #expect(finding(.realtime, [(0, 10), (0.01, 10.01), (0.01, 10.23)])?.outcome == .violationCertain)
    #expect(finding(.simulated, [(0, 10), (0.01, 10.01), (0.01, 99)])?.outcome == .pass, "its own pace")
  }

  @Test func aSlowDriftAddsUp() {
    // 1 % fast: 0.2 s and a thousandth of the time are allowed.
    func drifted(_ seconds: Int) -> Outcome? {
      finding(.monotonic, (0..<seconds * 100).map { (wait: 0.01, stamp: 10 + 0.0101 * Double($0)) })?.outcome
    }
    #expect(drifted(20) == .pass)
    #expect(drifted(25) == .violationCertain)
  }

  @Test func aStampThatIsMissingOrOfAnotherClockIsUnknown() {
    let configuration = Planar.configuration()
    let missing = Script {
      $0.people()
      $0.state([-1, 0.3]) { $0.sequence.time = nil }
    }.run(configuration)
    #expect(missing.finding(.integrityClock)?.outcome == .unknown(.missing))
    let other = Script {
      $0.people()
      $0.state([-1, 0.3]) { $0.sequence.time?.clock = .ptp }
    }.run(configuration)
    #expect(other.finding(.integrityClock)?.outcome == .unknown(.mismatched))
    #expect(other.decision == .hold)
  }

  @Test func theLargestStampAgainstTheSmallestIsMeasured() {
    let configuration = Planar.configuration()
    let verdict = Script {
      $0.people()
      $0.state([-1, 0.3]) { $0.sequence.time?.nanoseconds = .max }
      $0.state([-1, 0.3]) { $0.sequence.time?.nanoseconds = .min }
    }.run(configuration)
    #expect(verdict.finding(.integrityClock)?.outcome == .violationCertain)
  }
}

/// Who speaks.
@Suite struct IdentityRuleTests {
  @Test func anotherStreamIdIsAnotherPublisherWhateverItsBoot() {
    for boot in [1, 2] as [UInt64] {
      let verdict = Script {
        $0.begin(at: [-1, 0.3])
        $0.state([-1, 0.3]) {
          $0.sequence.stream = 9
          $0.sequence.boot = boot
        }
      }.run(Planar.configuration())
      #expect(verdict.finding(.integrityIdentity)?.outcome == .violationCertain)
      #expect(verdict.finding(.integritySequence) == nil)
      #expect(verdict.decision == .hold)
    }
  }

  @Test func aFrameThatChangesIsNotBelieved() {
    let verdict = Script {
      $0.begin(at: [-1, 0.3])
      $0.state([0.4, 0.3]) { $0.sequence.frame = 2 }
      $0.move(to: [-1.02, 0.3])
    }.verdicts(Planar.configuration())
    #expect(verdict[2].finding(.integrityIdentity)?.outcome == .violationCertain)
    #expect(verdict[3].finding(.motionJump)?.outcome == .pass)
  }

  @Test(arguments: [Rejection.Reason.wrongRobot, .wrongEndpoint]) func whoSpeaksForAnotherIsFound(reason: Rejection.Reason) {
    let verdict = Script {
      $0.begin(at: [-1, 0.3])
      $0.add(.rejected(Rejection(stream: .state, reason: reason)))
    }.run(Planar.configuration())
    #expect(verdict.finding(.integrityIdentity)?.outcome == .violationCertain)
  }

  @Test func anEpisodesResetForgetsNumbersAndNotTheClocksOwner() {
    let verdict = Script {
      $0.begin(at: [-1, 0.3])
      $0.add(.episode(.reset))
      $0.state([-1, 0.3]) { $0.sequence.number = 1 }
    }.run(Planar.configuration())
    #expect(verdict.finding(.integritySequence)?.outcome == .pass)
  }
}

/// Signs of life, modes and resets.
@Suite struct AuthorityRuleTests {
  @Test func aHeartbeatIsASignOfLifeAndSilenceIsUnknown() {
    let configuration = Planar.configuration {
      $0.cell.heartbeats = [Heartbeat(source: .controller, maxAge: 0.1), Heartbeat(source: .driver, maxAge: 1)]
    }
    let never = Script { $0.begin(at: [-1, 0.3]) }.run(configuration).finding(.integrityHeartbeat)
    #expect(never?.outcome == .unknown(.missing) && never?.subject == .source(.controller))
    func after(_ seconds: Double, _ sign: Input) -> Outcome? {
      Script {
        $0.add(sign)
        $0.wait(seconds)
        $0.begin(at: [-1, 0.3])
      }.run(configuration).finding(.integrityHeartbeat)?.outcome
    }
    for sign in [Input.heartbeat(.controller), .noted(.reasoning), .layout(Layout(stream: .action, jointsMatch: true))] {
      #expect(after(0.09, sign) == .pass)
      #expect(after(0.11, sign) == .unknown(.stale))
    }
    #expect(after(0.01, .heartbeat(.driver)) == .unknown(.missing))
  }

  @Test func anotherModeHoldsTheArm() {
    for (mode, outcome) in [(1, Outcome.pass), (2, .pass), (3, .violationCertain), (0, .violationCertain)] as [(UInt32, Outcome)] {
      let verdict = Script {
        $0.people()
        $0.state([-1, 0.3]) { $0.mode = mode }
        $0.move(to: [-1.02, 0.3])
      }.run(Planar.configuration())
      #expect(verdict.finding(.authorityMode)?.outcome == outcome)
      #expect((verdict.decision == .allow) == (outcome == .pass))
    }
    let silent = Script {
      $0.people()
      $0.state([-1, 0.3]) { $0.mode = nil }
    }.run(Planar.configuration())
    #expect(silent.finding(.authorityMode)?.outcome == .unknown(.missing))
  }

  @Test func everyResetThatClearsNothingIsFound() {
    func reset(_ latch: UInt64, _ prepare: (inout Script) -> Void) -> Verdict {
      Script {
        $0.people()
        $0.state([-1, 0.3], contacts: touch(20))
        prepare(&$0)
        $0.add(.reset(Reset(latch: latch)))
      }.run(Planar.configuration())
    }
    let good = reset(1) { $0.state([-1, 0.3]) }
    #expect(good.finding(.authorityReset)?.outcome == .pass && good.latch == 0)
    let bad: [(UInt64, (inout Script) -> Void)] = [
      (2, { $0.state([-1, 0.3]) }),
      (1, { $0.state([-1, 0.3], contacts: touch(20)) }),
      (1, { $0.state([-1, 0.3], velocity: [0.1, 0]) }),
      (
        1,
        {
          $0.state([-1, 0.3])
          $0.wait(1)
        }
      ),
    ]
    for (latch, prepare) in bad {
      let verdict = reset(latch, prepare)
      #expect(verdict.finding(.authorityReset)?.outcome == .violationCertain)
      #expect(verdict.latch == 1 && verdict.decision == .halt)
    }
    let unsigned = Script {
      $0.begin(at: [-1, 0.3])
      $0.add(.rejected(Rejection(stream: .control, reason: .badSignature)))
    }.run(Planar.configuration())
    #expect(unsigned.finding(.authorityReset)?.outcome == .violationCertain)
    let none = Script {
      $0.begin(at: [-1, 0.3])
      $0.add(.reset(Reset(latch: 0)))
    }.run(Planar.configuration())
    #expect(none.finding(.authorityReset)?.outcome == .violationCertain)
  }
}

/// Where people would be seen.
@Suite struct CoverageBlindTests {
  private func finding(_ boxes: [Box], at q: [Double], to target: [Double]) -> Finding? {
    Script {
      $0.begin(at: q)
      $0.move(to: target)
    }.run(Planar.configuration { $0.cell.peopleSensors[0].coverage = boxes }).finding(.coverageBlind)
  }

  private func box(_ x: Double, _ half: Double) -> Box {
    Box(pose: Pose(rotation: .identity, translation: Vector3(x, 0, 0)), halfExtents: Vector3(half, 2, 2))
  }

  @Test func aWayOutOfTheFieldIsFoundThoughItBeginsAndEndsInside() {
    // The field ends at x = 1: the arm sweeps over x = 1.05 in between.
    let configuration: (inout Configuration) -> Void = {
      $0.cell.peopleSensors[0].coverage = [self.box(0, 1)]
      $0.limits[.motionJump, "greatest_rad"] = 3
    }
    let sweep = Script {
      $0.begin(at: [-0.6, 0])
      $0.move(to: [0.6, 0])
    }.run(Planar.configuration(configuration)).finding(.coverageBlind)
    #expect((sweep?.margin.lower ?? 1) < 0)
  }

  @Test func aPartThatOnlyTwoFieldsTogetherHoldIsAPossibleViolation() {
    let finding = finding([box(-1.5, 2), box(1.5, 1.1)], at: [0, 0], to: [0.02, 0])
    #expect(finding?.outcome == .violationPossible)
  }

  @Test func aSensorWithoutAFieldIsUnknown() {
    #expect(finding([], at: [0, 0], to: [0.02, 0])?.outcome == .unknown(.coverage))
  }

  @Test func anArmThatStandsMayStandAnywhere() {
    #expect(finding([box(9, 1)], at: [0, 0], to: [0, 0])?.outcome == .pass)
    #expect(finding([box(9, 1)], at: [0, 0], to: [0.1, 0])?.outcome == .violationCertain)
  }
}
