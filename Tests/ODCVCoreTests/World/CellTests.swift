import TestSupport
import Testing

@testable import ODCVCore

/// What lies in a box, and what a cell declares of force zones and contacts.
@Suite struct CellTests {
  /// 1 x 2 x 4 m around (10, 20, 30).
  private let box = Box(
    pose: Pose(rotation: .identity, translation: Vector3(10, 20, 30)), halfExtents: Vector3(0.5, 1, 2))

  @Test func theDepthIsToTheNearestFace() {
    #expect(box.depth(Vector3(10, 20, 30)) == 0.5)
    for sign in [1.0, -1] {
      #expect(box.depth(Vector3(10 + sign * 0.25, 20, 30)) == 0.25)
      #expect(box.depth(Vector3(10, 20 + sign * 0.75, 30)) == 0.25)
      #expect(box.depth(Vector3(10, 20, 30 + sign * 1.75)) == 0.25)
      #expect(box.depth(Vector3(10 + sign * 0.75, 20, 30)) == -0.25)
      #expect(box.depth(Vector3(10, 20 + sign * 1.25, 30)) == -0.25)
      #expect(box.depth(Vector3(10, 20, 30 + sign * 2.25)) == -0.25)
    }
    // Outside along two axes, the farther one tells.
    #expect(box.depth(Vector3(10.75, 21.5, 30)) == -0.5)
  }

  private func holds(_ a: Vector3, _ b: Vector3? = nil, radius: Double = 0.25) -> Bool {
    box.holds(Capsule(a: a, b: b ?? a, radius: radius))
  }

  @Test func aCapsuleIsInsideWithItsWholeVolume() {
    #expect(holds(Vector3(10, 20, 30)))
    for sign in [1.0, -1] {
      #expect(holds(Vector3(10 + sign * 0.25, 20, 30)) && !holds(Vector3(10 + sign * 0.250001, 20, 30)))
      #expect(holds(Vector3(10, 20 + sign * 0.75, 30)) && !holds(Vector3(10, 20 + sign * 0.750001, 30)))
      #expect(holds(Vector3(10, 20, 30 + sign * 1.75)) && !holds(Vector3(10, 20, 30 + sign * 1.750001)))
    }
    #expect(!holds(Vector3(10, 20, 30), Vector3(11, 20, 30)) && !holds(Vector3(11, 20, 30), Vector3(10, 20, 30)))
    #expect(holds(Vector3(10, 19.5, 29), Vector3(10, 20.5, 31)))
  }

  @Test func aContactIsAsHardAsAMomentMayBeForExactlyThatLong() {
    let table = Planar.bodies()
    var contact = ExpectedContact(link: 2, other: "hand", maxForce: 10, maxDuration: 5, maxTransientForce: 20)
    #expect(contact.forceLimit(after: 0, table) == 20 && contact.forceLimit(after: 0.5, table) == 20)
    #expect(contact.forceLimit(after: 0.5.nextUp, table) == 10 && contact.forceLimit(after: 0, nil) == 10)
    contact.maxTransientForce = nil
    #expect(contact.forceLimit(after: 0, table) == 10)
  }

  @Test func whatASensorOrAClockDoesNotSayOfItselfIsNone() {
    let sensor = Sensor(id: "lidar", input: InputDeclaration(maxAge: 1, latency: 0), positionError: 0)
    #expect(sensor.greatestSpeed == 0 && sensor.coverage.isEmpty)
    #expect(SourceClock(stream: .people, clock: .ptp).sensor == 0)
  }
}

/// What the world keeps of its inputs, seen through its verdicts.
@Suite struct WorldTests {
  @Test func verdictsAreNumberedFromOne() {
    let verdicts = Script {
      $0.begin(at: [-1, 0.3])
      $0.add(.tick)
    }.verdicts(Planar.configuration())
    #expect(verdicts.map(\.index) == [1, 2, 3])
  }

  @Test func theLastActionIsNamedAndNoneIsZero() {
    let verdicts = Script {
      $0.begin(at: [-1, 0.3])
      $0.move(to: [-1, 0.3])
      $0.add(.tick)
      $0.move(to: [-1, 0.3])
      $0.add(.action(Action(sequence: Sequence(stream: 0, number: nil, boot: 1), command: .stop)))
    }.verdicts(Planar.configuration())
    #expect(verdicts.map(\.actionSequence) == [0, 0, 1, 1, 2, 0])
  }

  @Test func theAgeOfPeopleIsThatOfTheOldestFrameWithItsLatency() {
    let configuration = Planar.configuration { configuration in
      configuration.cell.peopleSensors = (0..<2).map {
        Sensor(id: "camera \($0)", input: InputDeclaration(maxAge: 1, latency: 0.125), positionError: 0.05)
      }
    }
    func age(_ sensors: [Int]) -> Double? {
      Script { script in
        for (index, sensor) in sensors.enumerated() {
          script.wait(0.25)
          script.add(.people(People(sensor: sensor, sequence: Sequence(stream: 0, number: UInt64(index + 1), boot: 1), coverage: true)))
        }
      }.run(configuration).peopleAge
    }
    #expect(age([0]) == 0.125)
    #expect(age([0, 1]) == 0.375)
    #expect(age([1, 0]) == 0.375)
    #expect(age([0, 0]) == 0.125)
  }

  @Test func whoseJointsDoNotMatchIsNamed() {
    func stranger(_ write: (inout Script) -> Void) -> Finding? {
      Script {
        $0.begin(at: [-1, 0.3])
        write(&$0)
        $0.state([-1, 0.3])
      }.run(Planar.configuration()).finding(.integritySchema)
    }
    let action = stranger { $0.add(.layout(Layout(stream: .action, jointsMatch: false))) }
    #expect(action?.outcome == .unknown(.mismatched) && action?.subject == .stream(.action))
    let state = stranger { $0.add(.layout(Layout(stream: .state, jointsMatch: false))) }
    #expect(state?.outcome == .unknown(.mismatched) && state?.subject == .stream(.state))
    let mended = stranger {
      $0.add(.layout(Layout(stream: .state, jointsMatch: false)))
      $0.add(.layout(Layout(stream: .action, jointsMatch: true)))
    }
    #expect(mended?.subject == .stream(.state))
    let good = stranger {
      $0.add(.layout(Layout(stream: .state, jointsMatch: false)))
      $0.add(.layout(Layout(stream: .state, jointsMatch: true)))
    }
    #expect(good?.outcome == .pass)
  }

  @Test func aFrameTakesThePlaceOfTheOneBefore() {
    let configuration = Planar.configuration {
      $0.cell.obstacleSensors = [Sensor(id: "lidar", input: InputDeclaration(maxAge: 1, latency: 0), positionError: 0)]
      $0.cell.hazard = ToolHazard(links: [2], least: 0.3, onlyWhenActive: false, lasts: 0)
    }
    let ball = Solid.capsule(bodyPart(1, 0))
    let verdict = Script {
      $0.add($0.feed.obstacles([ball]))
      $0.add($0.feed.obstacles([]))
      $0.people([[bodyPart(1, 0)]])
      $0.begin(at: [0, 0])
      $0.move(to: [0.01, 0])
    }.run(configuration)
    for rule in [RuleID.clearanceStatic, .clearanceHuman, .toolHazard] {
      #expect(verdict.finding(rule)?.outcome == .pass, "\(rule.name)")
    }
  }

  @Test func everySignalMayHaveItsClock() {
    var cell = Planar.cell()
    cell.clocks = [SourceClock(stream: .signal, sensor: Capacity.signals - 1, clock: .ptp)]
    var watch = ClockWatch(cell)
    var sequence = Sequence(stream: 0, number: 1, boot: 1)
    sequence.time = SourceTime(clock: .ptp, nanoseconds: 5)
    let reading = watch.read(.signal, sequence, sensor: Capacity.signals - 1, at: MonoInstant(nanoseconds: 9))
    #expect(reading?.unknown == nil && reading?.step == 0 && reading?.stream == .signal)
    let undeclared = watch.read(.signal, sequence, sensor: 0, at: MonoInstant(nanoseconds: 9))
    #expect(undeclared == nil)
  }

  @Test func aFrameOfObstaclesThatIsNoNumberSaysSo() {
    let configuration = Planar.configuration {
      $0.cell.obstacleSensors = [Sensor(id: "lidar", input: InputDeclaration(maxAge: 1, latency: 0), positionError: 0)]
    }
    let finding = Script { $0.add($0.feed.obstacles([.capsule(bodyPart(.nan, 0))])) }.run(configuration).finding(.integritySchema)
    #expect(finding?.outcome == .unknown(.nonFinite) && finding?.subject == .stream(.obstacles))
  }

  @Test func aClaimsForceIsBorneOutExactlyAtItsLimit() {
    func time(_ force: Double) -> Double? {
      Script {
        for step in 0..<2 {
          if step > 0 { $0.wait(0.25) }
          $0.people()
          $0.state([-1, 0.3]) {
            $0.grasped = true
            $0.externalForce = force
          }
        }
      }.run(
        Planar.configuration {
          $0.cell.claims = [Claim(name: "part", statement: .grasped, evidence: .force(atLeast: 4), within: 1)]
        }).finding(.reportTruth)?.value.upper
    }
    // Known to 1 N.
    #expect(time(5) == 0 && time(5.0.nextDown) == 0.25)
  }

  @Test func aHazardousToolCoolsForItsTime() {
    func asked(_ seconds: Double, _ active: [Bool?]) -> Finding? {
      Script {
        for (index, active) in active.enumerated() {
          if index > 0 { $0.wait(seconds) }
          $0.people([[bodyPart(1.3, 0)]])
          $0.state([0, 0]) { $0.toolActive = active }
        }
      }.run(
        Planar.configuration {
          $0.cell.hazard = ToolHazard(links: [2], least: 0.3, onlyWhenActive: true, lasts: 0.5)
        }).finding(.toolHazard)
    }
    #expect(asked(0.5, [true])?.outcome == .violationCertain)
    #expect(asked(0.5, [true, false])?.outcome == .violationCertain)
    #expect(asked(0.625, [true, false])?.outcome == .pass)
    // What it was before anybody listened is not known.
    #expect(asked(0.5, [false])?.outcome == .violationCertain && asked(0.5, [false, false])?.outcome == .violationCertain)
    let cold = asked(0.625, [false, false])
    #expect(cold?.outcome == .pass && cold?.value == Interval(.infinity, .infinity))
    #expect(asked(0.5, [true, nil])?.outcome == .unknown(.missing))
    // While nobody says, it may be on.
    #expect(asked(0.375, [false, nil, false])?.outcome == .violationCertain)
    #expect(asked(0.375, [false, false, false])?.outcome == .pass)
  }

  @Test func aResetIsBelievedWhileTheStateIsExactlyAsOldAsItMayBe() {
    func cleared(after nanoseconds: Int64, velocity: Double = 0) -> Bool {
      let configuration = Planar.configuration { $0.cell.stateInput = InputDeclaration(maxAge: 0.5, latency: 0) }
      return Script {
        $0.people()
        $0.state([-1, 0.3], contacts: touch(20))
        $0.state([-1, 0.3], velocity: [0, velocity])
        $0.feed.now.nanoseconds += nanoseconds
        $0.add(.reset(Reset(latch: 1)))
      }.run(configuration).latch == 0
    }
    #expect(cleared(after: 0) && cleared(after: 500_000_000) && !cleared(after: 500_000_001))
    #expect(!cleared(after: -1))
    // Up to the speed that is standing, of any joint.
    #expect(cleared(after: 0, velocity: 0.01) && !cleared(after: 0, velocity: 0.01.nextUp) && !cleared(after: 0, velocity: -0.02))
  }

  @Test func withoutAnyStateNoLatchIsCleared() {
    let verdict = Script {
      $0.add(.restored(3))
      $0.add(.reset(Reset(latch: 3)))
    }.run(Planar.configuration())
    #expect(verdict.latch == 3)
  }

  @Test func aChunkThatIsLatchedOrLateEnds() {
    func due(_ write: (inout Script) -> Void) -> MonoInstant? {
      var monitor = Monitor(Planar.configuration())
      let script = Script {
        $0.begin(at: [-1, 0.3])
        var chunk = Chunk(
          sequence: Sequence(stream: 0, number: 1, boot: 1), space: .jointPosition,
          first: ChunkRow(chunk: 1, step: 0, length: 3, execute: 3, observation: nil), period: 0.02)
        for _ in 0..<3 { chunk.append(JointVector([-1, 0.3])) }
        $0.add(.chunk(chunk))
        write(&$0)
      }
      _ = script.run(&monitor)
      return monitor.due
    }
    #expect(due { _ in } != nil)
    #expect(due { $0.add(.tick) } != nil)
    #expect(due { $0.state([-1, 0.3], contacts: touch(20)) } == nil)
    #expect(due { $0.add(.lost(.action, count: 1)) } == nil)
    #expect(due { $0.add(.lost(.state, count: 1)) } != nil)
    #expect(due { $0.add(.rejected(Rejection(stream: .action, reason: .undecodable))) } == nil)
    #expect(due { $0.add(.rejected(Rejection(stream: .people, reason: .undecodable))) } != nil)
    #expect(due { $0.add(.episode(.reset)) } == nil)
    #expect(due { $0.add(.episode(.start)) } != nil)
    #expect(due { $0.move(to: [-1, 0.3]) } == nil)
  }
}
