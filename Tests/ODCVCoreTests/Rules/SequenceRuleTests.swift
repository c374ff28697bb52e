import ODCVCore
import TestSupport
import Testing

/// A door that must be closed while the arm moves, everywhere or in a zone in front of it.
@Suite struct SequenceRuleTests {
  private static let zone = Zone(
    name: "entry", kind: .region,
    box: Box(pose: Pose(rotation: .identity, translation: Vector3(1, 0, 0.5)), halfExtents: Vector3(0.2, 0.2, 0.3)))

  private func configuration(_ kind: Precedence.Kind, inZone: Bool = false) -> Configuration {
    Planar.configuration {
      $0.cell.zones = [Self.zone]
      $0.cell.signals = [SignalDeclaration(name: "door", source: .perception, maxAge: 0.5)]
      $0.cell.sequences = [Precedence(name: "door", kind: kind, signal: 0, zone: inZone ? 0 : nil)]
    }
  }

  private func outcome(_ configuration: Configuration, _ rule: RuleID, _ write: (inout Script) -> Void) -> Finding? {
    Script(write).run(configuration).finding(rule)
  }

  @Test func aSignalThatNeverCameIsUnknown() {
    let finding = outcome(configuration(.interlock), .sequenceInterlock) {
      $0.begin(at: [-1, 0.3])
      $0.move(to: [-1.1, 0.3])
    }
    #expect(finding?.outcome == .unknown(.missing) && finding?.subject == .signal(0))
  }

  @Test func aSignalThatIsTooOldIsUnknown() {
    let finding = outcome(configuration(.interlock), .sequenceInterlock) {
      $0.signal(1)
      $0.wait(0.51)
      $0.begin(at: [-1, 0.3])
      $0.move(to: [-1.1, 0.3])
    }
    #expect(finding?.outcome == .unknown(.stale))
  }

  @Test(arguments: [0.0, -0.0, -1]) func aSignalThatIsNotSetForbidsMotion(value: Double) {
    let finding = outcome(configuration(.interlock), .sequenceInterlock) {
      $0.signal(1)
      $0.begin(at: [-1, 0.3])
      $0.signal(value)
      $0.move(to: [-1.1, 0.3])
    }
    #expect(finding?.outcome == .violationCertain)
  }

  @Test func aDoorThatOpensStopsAMovingArm() {
    let verdict = Script {
      $0.signal(1)
      $0.begin(at: [-1, 0.3], velocity: [0.2, 0])
      $0.signal(0)
    }.run(configuration(.interlock))
    #expect(verdict.finding(.sequenceInterlock)?.outcome == .violationCertain)
    #expect(verdict.decision == .hold)
  }

  @Test func anArmThatStandsNeedsNoDoor() {
    let verdict = Script {
      $0.signal(0)
      $0.begin(at: [-1, 0.3])
    }.run(configuration(.interlock))
    #expect(verdict.finding(.sequenceInterlock)?.outcome == .pass)
  }

  @Test func onlyMotionIntoTheZoneAsksForTheDoor() {
    let configuration = configuration(.interlock, inZone: true)
    let away = outcome(configuration, .sequenceInterlock) {
      $0.signal(0)
      $0.begin(at: [-1.6, 0])
      $0.move(to: [-1.7, 0])
    }
    #expect(away?.outcome == .pass)
    let into = outcome(configuration, .sequenceInterlock) {
      $0.signal(0)
      $0.begin(at: [-0.4, 0])
      $0.move(to: [0, 0])
    }
    #expect(into?.outcome == .violationCertain && into?.other == .zone(0))
    let near = outcome(configuration, .sequenceInterlock) {
      $0.signal(0)
      $0.begin(at: [-0.33, 0])
      $0.move(to: [-0.29, 0])
    }
    #expect(near?.outcome == .violationPossible, "it perhaps does not get there: \(String(describing: near))")
  }

  @Test func aCheckCountsFromWhenTheSignalRose() {
    let configuration = configuration(.event(valid: 0.3, eachMove: false))
    let finding = outcome(configuration, .sequenceCheck) {
      $0.signal(0)
      $0.signal(1)
      // Still set is no new event.
      $0.wait(0.2)
      $0.signal(1)
      $0.begin(at: [-1, 0.3])
      $0.move(to: [-1.1, 0.3])
    }
    #expect(abs((finding?.margin.lower ?? 0) - 0.1) < 1e-9)
    // A counter that goes up is one.
    let counted = outcome(configuration, .sequenceCheck) {
      $0.signal(1)
      $0.wait(0.2)
      $0.signal(2)
      $0.begin(at: [-1, 0.3])
      $0.move(to: [-1.1, 0.3])
    }
    #expect(abs((counted?.margin.lower ?? 0) - 0.3) < 1e-9)
  }

  @Test func withoutTheEventNothingMoves() {
    let verdict = Script {
      $0.signal(0)
      $0.begin(at: [-1, 0.3])
      $0.move(to: [-1.1, 0.3])
    }.run(configuration(.event(valid: 10, eachMove: false)))
    #expect(verdict.finding(.sequenceCheck)?.outcome == .violationCertain)
    #expect(verdict.decision == .hold)
  }

  @Test func eachMoveNeedsItsOwnCheck() {
    let configuration = configuration(.event(valid: 10, eachMove: true))
    var monitor = Monitor(configuration)
    var feed = Feed()
    func send(_ input: Input) -> Verdict { monitor.step(input, at: feed.now) }
    _ = send(feed.people())
    _ = send(feed.state([-1, 0.3]))
    _ = send(feed.signal(1))
    #expect(send(feed.move(to: [-1.1, 0.3])).decision == .allow)
    feed.wait(0.02)
    _ = send(feed.state([-1.01, 0.3], velocity: [-0.4, 0]))
    #expect(send(feed.move(to: [-1.1, 0.3])).decision == .allow)
    feed.wait(0.04)
    _ = send(feed.people())
    _ = send(feed.state([-1.1, 0.3]))
    feed.wait(0.02)
    let next = send(feed.move(to: [-1.2, 0.3]))
    #expect(next.finding(.sequenceCheck)?.outcome == .violationCertain)
    _ = send(feed.signal(2))
    #expect(send(feed.move(to: [-1.2, 0.3])).finding(.sequenceCheck)?.outcome == .pass)
  }

  @Test func aMoveThatHasNotEndedYetNeedsNoOtherCheck() {
    let finding = outcome(configuration(.event(valid: 10, eachMove: true)), .sequenceCheck) {
      $0.signal(0)
      $0.signal(1)
      $0.begin(at: [-1, 0.3], velocity: [0.2, 0])
    }
    #expect(finding?.outcome == .pass && finding?.margin.lower == 10)
  }

  @Test func anArmThatMovesInsideTheZoneWithNoCommandNeedsTheDoorForCertain() {
    let finding = outcome(configuration(.interlock, inZone: true), .sequenceInterlock) {
      $0.signal(0)
      $0.begin(at: [0, 0], velocity: [0.3, 0])
    }
    #expect(finding?.outcome == .violationCertain && finding?.other == .zone(0))
  }

  @Test func aSignalOfNoNumberIsUnknownAndNotBelieved() {
    let verdict = Script {
      $0.signal(1)
      $0.begin(at: [-1, 0.3])
      $0.signal(.nan)
    }.run(configuration(.interlock))
    #expect(verdict.finding(.integritySchema)?.outcome == .unknown(.nonFinite))
    #expect(verdict.finding(.sequenceInterlock)?.outcome == .pass)
  }
}

/// What is claimed, against its evidence.
@Suite struct ClaimTests {
  private func configuration(_ statement: Claim.Statement, _ evidence: Claim.Evidence) -> Configuration {
    Planar.configuration {
      $0.cell.signals = [SignalDeclaration(name: "placed", source: .perception, maxAge: 5)]
      $0.cell.claims = [Claim(name: "claim", statement: statement, evidence: evidence, within: 0.1)]
    }
  }

  private func finding(_ configuration: Configuration, _ write: (inout Script) -> Void) -> Finding? {
    Script(write).run(configuration).finding(.reportTruth)
  }

  @Test func aPickedPartThatNeverWasIsFound() {
    let configuration = configuration(.grasped, .gripper(0.01...0.05))
    func held(_ width: Double?, _ grasped: Bool?, _ seconds: Double) -> Outcome? {
      finding(configuration) { script in
        script.people()
        for _ in 0..<2 {
          script.state([-1, 0.3]) {
            $0.grasped = grasped
            $0.gripper = width
          }
          script.wait(seconds)
        }
        script.people()
        script.state([-1, 0.3]) {
          $0.grasped = grasped
          $0.gripper = width
        }
      }?.outcome
    }
    #expect(held(0.03, true, 0.09) == .pass)
    #expect(held(0, true, 0.04) == .pass)
    #expect(held(0, true, 0.09) == .violationCertain)
    #expect(held(0.08, true, 0.09) == .violationCertain)
    #expect(held(0, false, 0.09) == .pass)
    #expect(held(nil, true, 0.01) == .unknown(.missing))
    #expect(held(0.03, nil, 0.01) == .unknown(.missing))
  }

  @Test func aTaskThatIsSaidToBeDoneNeedsItsSignal() {
    let configuration = configuration(.terminated, .signal(0))
    func done(_ signal: Double?, _ terminates: Bool) -> Outcome? {
      finding(configuration) { script in
        script.begin(at: [-1, 0.3])
        if let signal { script.signal(signal) }
        guard case .action(var action) = script.feed.action(.none) else { return }
        action.terminates = terminates
        script.add(.action(action))
        script.wait(0.11)
        script.begin(at: [-1, 0.3])
      }?.outcome
    }
    #expect(done(1, true) == .pass)
    #expect(done(0, true) == .violationCertain)
    #expect(done(nil, true) == .unknown(.missing))
    #expect(done(0, false) == .pass)
  }

  @Test func aForceBearsOutASuccess() {
    let configuration = configuration(.success(atLeast: 1), .force(atLeast: 5))
    func success(_ rate: Double?, _ force: Double?) -> Outcome? {
      finding(configuration) { script in
        for _ in 0..<3 {
          script.people()
          script.state([-1, 0.3]) {
            $0.successRate = rate
            $0.externalForce = force
          }
          script.wait(0.06)
        }
      }?.outcome
    }
    #expect(success(1, 7) == .pass)
    // Within the measurement's error of 1 N it may be less.
    #expect(success(1, 5.5) == .violationCertain)
    #expect(success(0.5, 0) == .pass)
    #expect(success(nil, 7) == .unknown(.missing))
    #expect(success(1, nil) == .unknown(.missing))
  }
}
