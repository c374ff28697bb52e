import ODCVCore
import TestSupport
import Testing

/// What the arm holds, how hard, and a tool that is a hazard.
@Suite struct CarriedRuleTests {
  // MARK: - Grip

  private func grip(_ effort: Double?, _ grip: Grip) -> Outcome? {
    Script {
      $0.begin(at: [-1, 0.3])
      $0.add($0.feed.action(.none).gripping(effort))
    }.run(Planar.configuration { $0.cell.grip = grip }).finding(.gripForce)?.outcome
  }

  @Test func aGripThatStatesNoForceIsTheStandardOneOrUnknown() {
    #expect(grip(nil, Grip(greatest: 40, standard: 40)) == .pass)
    #expect(grip(nil, Grip(greatest: 40, standard: 41)) == .violationCertain)
    #expect(grip(30, Grip(greatest: 40, standard: 41)) == .pass)
    #expect(grip(nil, Grip(greatest: 40, standard: nil)) == .unknown(.missing))
  }

  @Test(arguments: [Double.nan, .infinity, -.infinity]) func aGripOfNoNumberIsUnknown(effort: Double) {
    #expect(grip(effort, Grip(greatest: 40, standard: 20)) == .unknown(.nonFinite))
  }

  @Test func openingHardIsAsHardAsClosing() {
    #expect(grip(-41, Grip(greatest: 40, standard: nil)) == .violationCertain)
  }

  // MARK: - Payload

  private func load(_ grasped: Bool?..., object: Double?, rated: Double = 1.25) -> Outcome? {
    Script {
      for grasped in grasped {
        $0.people()
        $0.state([-1, 0.3]) { $0.grasped = grasped }
      }
    }.run(Planar.configuration { $0.cell.payload = Payload(greatest: rated, tool: 0.5, object: object) })
      .finding(.payloadMass)?.outcome
  }

  @Test func whatIsGraspedCountsUnlessTheDriverSaysThatNothingIs() {
    #expect(load(false, object: 1) == .pass)
    #expect(load(true, object: 1) == .violationCertain)
    #expect(load(nil, object: 1) == .violationCertain)
  }

  @Test func whatIsGraspedAndNobodyDeclaredHasAMassThatNobodyKnows() {
    #expect(load(true, object: nil) == .unknown(.missing))
    #expect(load(false, object: nil) == .pass)
  }

  @Test func aDriverThatDoesNotSayWhetherItHoldsAnythingIsUnknownWhereTheMassIsNot() {
    #expect(load(nil, object: nil) == .unknown(.missing))
    #expect(load(false, nil, object: nil) == .unknown(.missing))
    #expect(load(nil, false, object: nil) == .pass)
  }

  @Test func whereTheHeaviestPartIsWithinTheRatedLoadNobodyNeedsToKnow() {
    #expect(load(nil, object: 0.75) == .pass && load(nil, object: 0.75.nextUp.nextUp) == .violationCertain)
    // A cell that picks nothing up.
    #expect(load(nil, object: 0, rated: 0.5) == .pass)
  }

  @Test func aToolThatIsTooHeavyByItselfIsSoWhateverIsGrasped() {
    for grasped in [nil, true, false] as [Bool?] {
      #expect(load(grasped, object: nil, rated: 0.5.nextDown) == .violationCertain)
      #expect(load(grasped, object: nil, rated: 0.5) == (grasped == false ? .pass : .unknown(.missing)))
    }
  }

  // MARK: - A tool that is a hazard while it is on

  /// A person's part 30 cm in front of the tool's link.
  private func hazard(lasts: Double = 0, _ states: [Bool?], apart seconds: Double = 0.02) -> Finding? {
    Script { script in
      for state in states {
        script.wait(seconds)
        script.people([[bodyPart(1.4, 0)]])
        script.state([0, 0]) { $0.toolActive = state }
      }
    }.run(
      Planar.configuration {
        $0.cell.hazard = ToolHazard(links: [2], least: 0.5, onlyWhenActive: true, lasts: lasts)
      }
    ).finding(.toolHazard)
  }

  @Test func aToolIsAHazardWhileItIsOn() {
    #expect(hazard([true])?.outcome == .violationCertain)
    #expect(hazard([false, false])?.outcome == .pass)
    #expect(hazard([true, false])?.outcome == .pass)
  }

  @Test func aToolThatCoolsSlowlyIsOneForAsLongAsItLasts() {
    #expect(hazard(lasts: 0.1, [true, false], apart: 0.09)?.outcome == .violationCertain)
    #expect(hazard(lasts: 0.1, [true, false], apart: 0.11)?.outcome == .pass)
  }

  @Test func aToolOfWhichNobodySaysWhetherItIsOnIsUnknown() {
    #expect(hazard([nil])?.outcome == .unknown(.missing))
    #expect(hazard(lasts: 1, [true, nil])?.outcome == .unknown(.missing))
  }

  // MARK: - The held object's own distance

  private func held(_ change: (inout Configuration) -> Void, _ write: (inout Script) -> Void) -> Finding? {
    Script(write).run(
      Planar.configuration {
        $0.robot.heldObject = 2
        change(&$0)
      }
    ).finding(.clearanceHeldObject)
  }

  private static let depth = Sensor(
    id: "depth", input: InputDeclaration(maxAge: 0.1, latency: 0.01), positionError: 0.02)

  @Test func theHeldObjectKeepsClearOfWhatASensorSees() {
    func finding(seen solids: [Solid]?) -> Finding? {
      held({ $0.cell.obstacleSensors = [Self.depth] }) {
        $0.people()
        if let solids { $0.add($0.feed.obstacles(solids)) }
        $0.state([-1.6, 0])
        $0.move(to: [-1.62, 0])
      }
    }
    #expect(finding(seen: nil)?.outcome == .unknown(.missing))
    #expect(finding(seen: [])?.outcome == .pass)
    let near = finding(seen: [.sphere(center: Vector3(0, -1.1, 0.5), radius: 0.1)])
    #expect(near?.outcome == .violationCertain && near?.other == .seenObstacle(sensor: 0, index: 0))
  }

  @Test func whatIsFarAwayChangesNothing() throws {
    let post = Planar.cell().obstacles
    func value(_ obstacles: [Obstacle]) throws -> Interval {
      let finding = held({ $0.cell.obstacles = obstacles }) {
        $0.begin(at: [-1.6, 0])
        $0.move(to: [-1.62, 0])
      }
      return try #require(finding).value
    }
    let far = Obstacle(name: "far", solid: .sphere(center: Vector3(9, 9, 0.5), radius: 0.1))
    #expect(try value(post + [far]) == value(post))
    #expect(try value([far] + post) == value(post))
  }
}
