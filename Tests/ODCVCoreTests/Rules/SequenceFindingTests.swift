import ODCVCore
import TestSupport
import Testing

/// What the rules on sequences, claims and hazardous tools tell, in numbers that are exact.
@Suite struct SequenceFindingTests {
  /// Two doors, 0.5 s and 0.25 s old at most.
  private func configuration(_ kinds: [Precedence.Kind]) -> Configuration {
    Planar.configuration {
      $0.cell.signals = [
        SignalDeclaration(name: "door", source: .perception, maxAge: 0.5),
        SignalDeclaration(name: "gate", source: .perception, maxAge: 0.25),
      ]
      $0.cell.sequences = kinds.enumerated().map { Precedence(name: "sequence \($0)", kind: $1, signal: $0, zone: nil) }
    }
  }

  private func finding(
    _ rule: RuleID, _ kinds: [Precedence.Kind], _ values: [Double], after seconds: Double = 0.125
  ) throws -> Finding {
    let verdict = Script {
      for (index, value) in values.enumerated() { $0.signal(value, index) }
      $0.wait(seconds)
      $0.begin(at: [-1, 0.3])
      $0.move(to: [-1.1, 0.3])
    }.run(configuration(kinds))
    return try #require(verdict.finding(rule))
  }

  @Test func theInterlockWithTheLeastTimeLeftIsNamed() throws {
    let found = try finding(.sequenceInterlock, [.interlock, .interlock], [1, 1])
    #expect(found.value == Interval(0.125, 0.125) && found.subject == .sequence(1) && found.failing == 0)
    #expect(found.outcome == .pass)
  }

  @Test func everyOpenInterlockIsCountedAndTheFirstOfEqualOnesIsNamed() throws {
    let both = try finding(.sequenceInterlock, [.interlock, .interlock], [0, 0])
    #expect(both.failing == 2 && both.subject == .sequence(0) && both.outcome == .violationCertain)
    // A door that never was closed has no time for which it is open.
    #expect(both.value == Interval(-.infinity, -.infinity))
    let one = try finding(.sequenceInterlock, [.interlock, .interlock], [1, 0])
    #expect(one.failing == 1 && one.subject == .sequence(1))
    let other = try finding(.sequenceInterlock, [.interlock, .interlock], [0, 1])
    #expect(other.failing == 1 && other.subject == .sequence(0))
  }

  @Test func aSignalThatIsExactlyAsOldAsItMayBeIsNoFailure() throws {
    let found = try finding(.sequenceInterlock, [.interlock], [1], after: 0.5)
    #expect(found.value == Interval(0, 0) && found.outcome == .pass && found.failing == 0)
  }

  @Test func aDoorThatWasClosedIsOpenForSoLong() throws {
    func open(_ seconds: Double) throws -> Finding {
      let verdict = Script {
        $0.begin(at: [-1, 0.3])
        $0.signal(1)
        $0.signal(0)
        $0.wait(seconds)
        $0.begin(at: [-1, 0.3])
        $0.move(to: [-1.1, 0.3])
      }.run(configuration([.interlock]))
      return try #require(verdict.finding(.sequenceInterlock))
    }
    #expect(try open(0.125).value == Interval(-0.125, -0.125))
    // Not even at the very instant is it closed.
    let now = try open(0)
    #expect(now.outcome == .violationCertain && now.failing == 1 && now.value == Interval(-1e-9, -1e-9))
  }

  @Test func theCheckWithTheLeastTimeLeftIsNamed() throws {
    let kinds: [Precedence.Kind] = [.event(valid: 0.5, eachMove: false), .event(valid: 0.25, eachMove: false)]
    let found = try finding(.sequenceCheck, kinds, [1, 1])
    #expect(found.value == Interval(0.125, 0.125) && found.subject == .sequence(1) && found.failing == 0)
    let swapped = try finding(.sequenceCheck, kinds.reversed(), [1, 1])
    #expect(swapped.value == Interval(0.125, 0.125) && swapped.subject == .sequence(0))
    let late = try finding(.sequenceCheck, kinds, [1, 1], after: 0.25)
    #expect(late.outcome == .pass && late.value == Interval(0, 0) && late.failing == 0)
  }

  @Test func beforeAnArmFirstComesToRestAnyCheckIsOneForItsMove() throws {
    let verdict = Script {
      $0.signal(1)
      $0.begin(at: [-1, 0.3], velocity: [0.5, 0])
    }.run(configuration([.event(valid: 0.5, eachMove: true)]))
    let found = try #require(verdict.finding(.sequenceCheck))
    #expect(found.value == Interval(0.5, 0.5) && found.outcome == .pass)
  }

  @Test func everyCheckThatIsMissingIsCounted() throws {
    let kinds: [Precedence.Kind] = [.event(valid: 0.5, eachMove: false), .event(valid: 0.5, eachMove: false)]
    let both = try finding(.sequenceCheck, kinds, [0, 0])
    #expect(both.failing == 2 && both.subject == .sequence(0) && both.outcome == .violationCertain)
    #expect(both.value == Interval(-.infinity, -.infinity))
    let one = try finding(.sequenceCheck, kinds, [1, 0])
    #expect(one.failing == 1 && one.subject == .sequence(1))
    let equal = try finding(.sequenceCheck, kinds, [1, 1])
    #expect(equal.failing == 0 && equal.subject == .sequence(0))
  }

  // MARK: - Claims

  private func claims(_ within: [Double], after seconds: Double) throws -> Finding {
    let verdict = Script {
      for step in 0..<2 {
        if step > 0 { $0.wait(seconds) }
        $0.people()
        $0.state([-1, 0.3]) {
          $0.grasped = true
          $0.gripper = 0
        }
      }
    }.run(
      Planar.configuration {
        $0.cell.claims = within.map {
          Claim(name: "part in hand", statement: .grasped, evidence: .gripper(0.01...0.08), within: $0)
        }
      })
    return try #require(verdict.finding(.reportTruth))
  }

  @Test func everyClaimThatStandsTooLongIsCountedAndTheWorstIsNamed() throws {
    let both = try claims([0.25, 0.125], after: 0.5)
    #expect(both.failing == 2 && both.subject == .claim(1) && both.value == Interval(0.5, 0.5))
    let one = try claims([1, 0.25], after: 0.5)
    #expect(one.failing == 1 && one.subject == .claim(1))
    let equal = try claims([0.25, 0.25], after: 0.5)
    #expect(equal.subject == .claim(0))
    // Half a second may be left, and none.
    let left = try claims([1, 0.5], after: 0.5)
    #expect(left.outcome == .pass && left.failing == 0 && left.subject == .claim(1))
  }

  // MARK: - A hazardous tool

  /// With every speed and error given in eighths; what is required of a standing arm is what the tool asks, and the rest.
  private func hazard(moving: Bool) throws -> Finding {
    let verdict = Script {
      $0.people([[bodyPart(-2, 0)]])
      $0.state([-1, 0.3])
      if moving { $0.move(to: [-1.1, 0.3]) }
    }.run(
      Planar.configuration {
        $0.cell.peopleSensors[0].input.latency = 0.0625
        $0.cell.peopleSensors[0].positionError = 0.03125
        $0.limits[.clearanceHuman, "human_speed_m_s"] = 2
        $0.limits[.clearanceHuman, "robot_uncertainty_m"] = 0.015625
        $0.cell.hazard = ToolHazard(links: [2], least: 0.5, onlyWhenActive: false, lasts: 0)
      })
    return try #require(verdict.finding(.toolHazard))
  }

  @Test func whatIsRequiredOfAStandingToolHasEachTermOnce() throws {
    #expect(try hazard(moving: false).limit == 0.5 + 2 * 0.0625 + 0.03125 + 0.015625)
    #expect(try hazard(moving: true).limit > 0.5 + 2 * 0.0625 + 0.03125 + 0.015625)
  }
}

/// How far inside what sensors see the arm stays.
@Suite struct CoverageFindingTests {
  /// A sensor that sees a box around the foot of this half size, m.
  private func finding(
    _ half: Vector3, at q: [Double], to target: [Double], least: Double = 0.0625, box center: Vector3 = .zero
  ) throws -> Finding {
    let verdict = Script {
      $0.begin(at: q)
      $0.move(to: target)
    }.run(
      Planar.configuration {
        $0.cell.peopleSensors[0].coverage = [
          Box(pose: Pose(rotation: .identity, translation: center), halfExtents: half)
        ]
        $0.limits[.coverageBlind, "least_m"] = least
      })
    return try #require(verdict.finding(.coverageBlind))
  }

  @Test func anArmThatStandsIsAskedNothing() throws {
    let still = try finding(Vector3(0.1, 0.1, 0.1), at: [0, 0], to: [0, 0])
    #expect(still.value == Interval(0, 0) && still.limit == -.infinity && still.outcome == .pass)
  }

  @Test func theLinkThatLeavesWhatIsSeenIsNamedAndCounted() throws {
    // Seen is up to 0.75 m around the foot: the forearm, from 0.5 to 1 m, leaves it; the upper arm does not.
    let fore = try finding(Vector3(0.75, 0.75, 2), at: [0, 0], to: [0.02, 0])
    #expect(fore.failing == 1 && fore.subject == .link(2) && fore.outcome == .violationCertain)
    let both = try finding(Vector3(0.25, 0.25, 2), at: [0, 0], to: [0.02, 0])
    #expect(both.failing == 2 && both.subject == .link(2))
    let none = try finding(Vector3(3, 3, 3), at: [0, 0], to: [0.02, 0])
    #expect(none.failing == 0 && none.outcome == .pass)
  }

  @Test func howFarOutIsBoundedFromBothSides() throws {
    // The tip is 0.25 m outside now, and moves along the border; its own radius comes on top.
    let found = try finding(Vector3(0.75, 4, 4), at: [0, 0], to: [0.02, 0])
    #expect(found.value.upper <= -0.25 + 0.01 && found.value.upper > -0.25)
    #expect(found.value.lower < -0.3 && found.value.lower > -0.36)
  }

  @Test func wherePastItsTargetTheArmIsSeenNoMoreCountsToo() throws {
    // The way leads from one side of a wall to the other: every sample of it counts, the first and the last too.
    let wall = Vector3(4, 0.5, 4)
    for (q, target) in [([0.3, 0.0], [0.55, 0.0]), ([0.55, 0.0], [0.3, 0.0])] {
      let found = try finding(wall, at: q, to: target)
      // At 0.55 rad the tip is 0.5227 m to the side, and its radius further.
      #expect(found.value.lower < 0.5 - 0.5227 - 0.05)
    }
  }

  @Test func anArmWellInsideIsKnownToBeWithoutFollowingItsWay() throws {
    let found = try finding(Vector3(3, 3, 3), at: [0.3, 0], to: [0.35, 0])
    #expect(found.value.upper == .infinity)
    #expect(found.value.lower > 1.5 && found.value.lower < 2)
  }
}
