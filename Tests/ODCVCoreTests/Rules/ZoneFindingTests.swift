import TestSupport
import Testing

@testable import ODCVCore

/// What the rules on zones, clearance and the release motion tell.
@Suite struct ZoneFindingTests {
  private func box(_ x: Double, _ half: Double = 0.2) -> Box {
    Box(pose: Pose(rotation: .identity, translation: Vector3(x, 0, 0.5)), halfExtents: Vector3(half, half, half))
  }

  private func slow(_ limit: Double, _ x: Double = 1, _ half: Double = 0.2, onlyWithPerson: Bool = false) -> Zone {
    Zone(name: "slow", kind: .speed(limit: limit, onlyWithPerson: onlyWithPerson), box: box(x, half))
  }

  private func speed(
    _ zones: [Zone], at q: [Double] = [0, 0], velocity: [Double] = [0.5, 0], _ change: (inout Configuration) -> Void = { _ in }
  ) throws -> Finding {
    let verdict = Script { $0.begin(at: q, velocity: velocity) }.run(
      Planar.configuration {
        $0.cell.zones = zones
        change(&$0)
      })
    return try #require(verdict.finding(.zoneSpeed))
  }

  @Test func everyZoneThatIsTooFastIsCountedAndTheWorstIsNamed() throws {
    let both = try speed([slow(0.25), slow(0.125)])
    #expect(both.failing == 2 && both.other == .zone(1) && both.subject == .link(2))
    #expect(try speed([slow(0.125), slow(0.25)]).other == .zone(0))
    #expect(try speed([slow(0.25), slow(0.25)]).other == .zone(0))
    let one = try speed([slow(0.25), slow(1)])
    #expect(one.failing == 1 && one.other == .zone(0))
    let none = try speed([slow(1)])
    #expect(none.failing == 0 && none.outcome == .pass && none.margin.lower < 1)
  }

  @Test func whereNobodyNeedsCareNothingIsAsked() throws {
    for zone in [slow(0.25, onlyWithPerson: true), RuleFixture.reach] {
      let found = try speed([zone])
      #expect(found.value == Interval(0, 0) && found.limit == .infinity && found.outcome == .pass)
    }
    #expect(try speed([]).outcome == .notApplicable)
    #expect(try speed([Zone(name: "out", kind: .keepOut, box: box(5))]).outcome == .notApplicable)
  }

  @Test func theFarEndOfALinkIsItsFastest() throws {
    let bare = try speed([slow(0.25)]) { $0.robot.toolCentrePoint = ToolCentrePoint(link: 1, offset: .zero) }
    #expect(bare.value.upper >= 0.5 && bare.value.upper < 0.6 && bare.value.lower > 0.4 && bare.value.lower <= 0.5)
    let long = try speed([slow(0.25)]) { $0.robot.toolCentrePoint = ToolCentrePoint(link: 2, offset: Vector3(0.8, 0, 0)) }
    #expect(long.value.upper >= 0.65 && long.value.upper < 0.8)
    // The tool's speed is the last link's and no other's.
    let near = try speed([slow(0.25, 0.25, 0.1)]) { $0.robot.toolCentrePoint = ToolCentrePoint(link: 2, offset: Vector3(0.8, 0, 0)) }
    #expect(near.subject == .link(1) && near.value.upper < 0.4)
  }

  @Test func anArmWithoutABaseToSpeakOfIsJudgedFromItsFirstLink() throws {
    func bare(_ configuration: inout Configuration) {
      configuration.robot.capsules.removeFirst()
      configuration.robot.selfPairs = []
    }
    let found = try speed([slow(0.05, 0.25, 0.1)], bare)
    #expect(found.subject == .link(1) && found.value.upper >= 0.25)
    let verdict = Script {
      $0.begin(at: [0, 0])
      $0.move(to: [0.02, 0])
    }.run(
      Planar.configuration {
        bare(&$0)
        $0.cell.peopleSensors[0].coverage = [Box(pose: .identity, halfExtents: Vector3(0.25, 0.25, 2))]
      })
    #expect(verdict.finding(.coverageBlind)?.failing == 2)
  }

  @Test func whatIsInsideByLessThanItIsKnownIsNotCertain() throws {
    // The tip reaches 2 mm into the zone, and is known to some more.
    let edge = try speed([slow(0.25, 1.198)])
    #expect(edge.value.lower == 0 && edge.value.upper >= 0.5)
    let deep = try speed([slow(0.25, 1.15)])
    #expect(deep.value.lower > 0.4)
  }

  @Test func aZonesDoorIsNeededForCertainOnlyWhenTheArmIsThereForCertain() throws {
    func entry(_ x: Double) throws -> Finding {
      let verdict = Script {
        $0.signal(0)
        $0.begin(at: [0, 0], velocity: [0.05, 0])
      }.run(
        Planar.configuration {
          $0.cell.zones = [Zone(name: "entry", kind: .region, box: box(x))]
          $0.cell.signals = [SignalDeclaration(name: "door", source: .perception, maxAge: 0.5)]
          $0.cell.sequences = [Precedence(name: "door", kind: .interlock, signal: 0, zone: 0)]
        })
      return try #require(verdict.finding(.sequenceInterlock))
    }
    #expect(try entry(1.15).outcome == .violationCertain)
    let edge = try entry(1.198)
    #expect(edge.outcome == .violationPossible && edge.value == Interval(-.infinity, 0))
    // Beside the tip, but not beside its radius.
    #expect(try entry(1.24).outcome == .violationPossible)
    let away = try entry(1.4)
    #expect(away.outcome == .pass && away.value == Interval(0, 0) && away.limit == -.infinity)
  }

  // MARK: - Clearance with few pairs

  private func clearance(_ rule: RuleID, moves: Bool = true, _ change: (inout Configuration) -> Void) throws -> Finding {
    let verdict = Script {
      $0.add($0.feed.obstacles([.capsule(bodyPart(0, 3))]))
      $0.begin(at: [0, 0])
      if moves { $0.move(to: [0.02, 0]) }
    }.run(
      Planar.configuration {
        // One link that moves.
        $0.robot.capsules.removeLast()
        $0.robot.selfPairs = []
        $0.cell.obstacles = []
        change(&$0)
      })
    return try #require(verdict.finding(rule))
  }

  private func lidar(_ speed: Double) -> Sensor {
    Sensor(id: "lidar", input: InputDeclaration(maxAge: 1, latency: 0), positionError: 0.25, greatestSpeed: speed)
  }

  @Test func onePairIsEnoughToJudge() throws {
    let post = Obstacle(name: "post", solid: .capsule(bodyPart(0, 3)))
    #expect(try clearance(.clearanceStatic) { $0.cell.obstacles = [post] }.outcome == .pass)
    #expect(try clearance(.clearanceStatic, moves: false) { $0.cell.obstacles = [post] }.outcome == .pass)
    #expect(try clearance(.zoneKeepOut) { $0.cell.zones = [Zone(name: "out", kind: .keepOut, box: box(3))] }.outcome == .pass)
    let still = try clearance(.clearanceStatic, moves: false) { $0.cell.obstacleSensors = [lidar(1)] }
    #expect(still.outcome == .pass && still.limit == -.infinity && still.other == .seenObstacle(sensor: 0, index: 0))
  }

  @Test func withoutAnyPairThereIsNothingToJudge() throws {
    #expect(try clearance(.clearanceStatic) { _ in }.outcome == .notApplicable)
    #expect(try clearance(.clearanceStatic, moves: false) { _ in }.outcome == .notApplicable)
    #expect(try clearance(.zoneKeepOut) { $0.cell.zones = [Zone(name: "place", kind: .region, box: box(3))] }.outcome == .notApplicable)
    #expect(try clearance(.clearanceHeldObject) { $0.robot.heldObject = 1 }.outcome == .notApplicable)
    // The base alone, which moves nowhere.
    let fixed = try clearance(.zoneKeepOut) {
      $0.robot.capsules.removeLast()
      $0.cell.zones = [Zone(name: "out", kind: .keepOut, box: box(3))]
    }
    #expect(fixed.outcome == .notApplicable)
  }

  @Test func whereNothingIsKeptClearAMissingStateMakesNothingUnknown() throws {
    func stateless(_ zones: [Zone]) throws -> Outcome {
      let verdict = Script { $0.people() }.run(Planar.configuration { $0.cell.zones = zones })
      return try #require(verdict.finding(.zoneKeepOut)).outcome
    }
    #expect(try stateless([]) == .notApplicable)
    #expect(try stateless([Zone(name: "place", kind: .region, box: box(3))]) == .notApplicable)
    #expect(try stateless([Zone(name: "out", kind: .keepOut, box: box(3))]) == .unknown(.missing))
  }

  @Test func aHeldObjectKeepsItsDistanceFromWhatASensorSees() throws {
    let found = try clearance(.clearanceHeldObject) {
      $0.robot.heldObject = 1
      $0.cell.obstacleSensors = [lidar(0)]
    }
    // 2 cm are asked for, and 0.25 m for where it may be.
    #expect(found.limit == 0.02 + 0.25 && found.other == .seenObstacle(sensor: 0, index: 0) && found.outcome == .pass)
    #expect(try clearance(.clearanceStatic) { $0.cell.obstacleSensors = [lidar(0)] }.limit == 0.05 + 0.25)
  }

  // MARK: - Release

  /// The tool's distance from where the order was given, of an arm that is now at `q` and may be told to go to `target`.
  private func released(at q: Double, to target: Double? = nil) throws -> Finding {
    let verdict = Script {
      $0.begin(at: [-1, 0])
      $0.add(.release(Release(number: 1)))
      $0.begin(at: [q, 0])
      if let target { $0.move(to: [target, 0]) }
    }.run(Planar.configuration())
    return try #require(verdict.finding(.motionRelease))
  }

  @Test func theToolIsAsFarAsItIs() throws {
    // At 1 m, 0.2 rad are 0.19967 m.
    let found = try released(at: -0.8)
    #expect(found.value.lower < 0.19967 && found.value.lower > 0.18)
    #expect(found.value.upper > 0.19967 && found.value.upper < 0.22)
    #expect(try released(at: -1).value.lower == 0)
  }

  @Test func theFarthestOfTheWayCountsWhereverItIs() throws {
    #expect(try released(at: -1, to: -0.1).value.upper >= 0.8699)
    #expect(try released(at: -1, to: -0.1).value.lower == 0)
    #expect(try released(at: -0.1, to: -1).value.upper >= 0.8699)
    #expect(try released(at: -0.1, to: -1).value.lower < 0.8699)
  }

  @Test func theToolsSpeedIsBetweenWhatIsReportedAndWhatMayBeOfIt() throws {
    let verdict = Script { $0.begin(at: [0, 0], velocity: [0.5, 0]) }.run(Planar.configuration())
    let speed = try #require(verdict.finding(.motionTCPSpeed))
    #expect(speed.value.lower <= 0.5 && speed.value.lower > 0.4)
    #expect(speed.value.upper >= 0.5 && speed.value.upper < 0.7 && speed.value.lower < speed.value.upper)
  }

  // MARK: - Joint limits

  @Test func theNearerLimitOfAJointTells() throws {
    func slack(_ q: Double) throws -> Interval {
      let verdict = Script { $0.begin(at: [q, 0.3]) }.run(
        Planar.configuration {
          $0.robot.joints[0].limits.lower = -1
          $0.robot.joints[0].limits.upper = 2
        })
      return try #require(verdict.finding(.motionPosition)).value
    }
    for (q, nearer) in [(1.5, 0.5), (-0.75, 0.25), (0.25, 1.25), (1.0, 1.0)] {
      #expect(try slack(q).lower <= nearer && slack(q).lower > nearer - 0.05)
      #expect(try slack(q).upper >= nearer && slack(q).upper < nearer + 0.05)
    }
  }
}
