import TestSupport
import Testing

@testable import ODCVCore

/// What each rule makes of the violation that it makes for itself: the value that its page states, against the limit that it
/// sets for it.
@Suite struct ProvocationTests {
  private func last(_ rule: RuleID, _ change: (inout Configuration) -> Void = { _ in }) throws -> Finding {
    var configuration = try #require(RuleFixture.all.first { $0.rule == rule }).configuration
    change(&configuration)
    let provocation = Provocation(of: rule, configuration)
    var monitor = Monitor(provocation.configuration)
    var found: Finding?
    for (input, instant) in provocation.inputs { found = monitor.step(input, at: instant).finding(rule) }
    return try #require(found)
  }

  @Test func aForceIsAMillionNewtons() throws {
    #expect(try last(.contactForce).value == Interval(1e6 - 1, 1e6 + 1))
    for rule in [RuleID.contactForce, .contactPressure, .contactPermit, .contactHalt] {
      guard case .state(let state) = try provocation(rule).inputs[2].input else { continue }
      #expect(state.contacts?[0].force == 1e6 && state.contacts?[0].expected == nil, "\(rule.name)")
    }
    #expect(try last(.contactPermit).value == Interval((1e6 - 1) / 10, (1e6 + 1) / 10))
    #expect(try last(.contactPressure).value == Interval((1e6 - 1) / 0.0001, (1e6 + 1) / 0.0001))
  }

  @Test func whereEffortsTellOfContactTheyAreFollowedForThreeResponseTimes() {
    // Three quarters of a second, by states an eighth apart: six steps, two more, and the state of the contact.
    let configuration = Planar.configuration {
      Planar.weigh(&$0.robot)
      $0.robot.dynamics = Planar.dynamics()
      $0.robot.dynamics?.responseTime = 0.25
      $0.cell.stateInput = InputDeclaration(maxAge: 0.25, latency: 0)
    }
    let instants = Provocation(of: .contactPermit, configuration).inputs.suffix(9).compactMap { input, instant in
      if case .state = input { instant } else { nil }
    }
    #expect(instants.count == 9)
    for (before, after) in zip(instants, instants.dropFirst()) { #expect(abs(after.seconds(since: before) - 0.125) < 1e-6) }
    let all = Provocation(of: .contactPermit, configuration).inputs.count { input, _ in if case .state = input { true } else { false } }
    var still = configuration
    still.robot.dynamics = nil
    let least = Provocation(of: .contactPermit, still).inputs.count { input, _ in if case .state = input { true } else { false } }
    #expect(all - least == 8)
  }

  @Test func whatIsCarriedIsTwiceWhatMayBe() throws {
    let mass = try last(.payloadMass)
    #expect(mass.value == Interval(2, 2) && mass.limit == 1)
    let grip = try last(.gripForce)
    #expect(grip.value == Interval(2, 2) && grip.limit == 1)
    // Also where the cell declares them as not measured.
    for (rule, quantity) in [(RuleID.payloadMass, NotMeasured.Quantity.payload), (.gripForce, .grip)] {
      let found = try last(rule) { $0.cell.notMeasured = [NotMeasured(quantity: quantity, reason: "none", by: "A")] }
      #expect(found.outcome == .violationCertain)
    }
  }

  @Test func distancesOfAHundredMetresAreAskedFor() throws {
    #expect(try last(.clearanceSelf).limit == 100)
    #expect(try last(.toolHazard).limit > 100 && last(.toolHazard).limit < 100.5)
    #expect(Provocation.everywhere.halfExtents.x == 100 && Provocation.everywhere.halfExtents.z == 100)
    #expect(Provocation.everywhere.halfExtents.y == 100)
  }

  @Test func aLimitIsSetToNothing() throws {
    #expect(try last(.motionTCPSpeed).limit == 0)
    #expect(try last(.motionJump).limit == 0)
    #expect(try last(.motionJerk).limit == 0)
    #expect(try last(.zoneSpeed).limit == 0)
    #expect(try last(.contactEnergy).limit == 0)
  }

  @Test func stepsAreATenthAndAnArmIsATenthBeyondItsLimit() throws {
    #expect(try abs(last(.motionJump).value.upper - 0.101) < 1e-12)
    let beyond = try last(.motionPosition)
    #expect(beyond.subject == .joint(0) && beyond.value.lower < -0.1 && beyond.value.upper > -0.1)
    #expect(beyond.value.upper < -0.08)
  }

  @Test func theArmMovesAtAShareOfItsSpeed() throws {
    // 2 rad/s are the joints' limit.
    let provocations: [(RuleID, Double)] = [
      (.clearanceHuman, 0.2), (.zoneSpeed, 0.2), (.contactEnergy, 0.2), (.contactHalt, 0.2), (.coverageBlind, 0.2),
      (.sequenceCheck, 0.2), (.sequenceInterlock, 0.2), (.motionTCPSpeed, 0.5), (.motionVelocity, 2), (.motionAcceleration, -0.9),
    ]
    for (rule, share) in provocations {
      let configuration = try #require(RuleFixture.all.first { $0.rule == rule }).configuration
      guard case .state(let state) = Provocation(of: rule, configuration).inputs.last?.input else {
        Issue.record("\(rule.name) ends with no state")
        continue
      }
      for joint in 0..<2 { #expect(state.velocity[joint] == 2 * share, "\(rule.name)") }
    }
  }

  @Test func silenceIsAMinuteAndTheTickAfterItIsTheFirstThatObjects() throws {
    for rule in [RuleID.integrityStale, .integrityHeartbeat] {
      let configuration = try #require(RuleFixture.all.first { $0.rule == rule }).configuration
      let inputs = Provocation(of: rule, configuration).inputs
      guard case .tick = inputs[inputs.count - 1].input else {
        Issue.record("\(rule.name) ends with no tick")
        continue
      }
      let passed = inputs[inputs.count - 1].instant.seconds(since: inputs[inputs.count - 2].instant)
      #expect(abs(passed - 60) < 1e-6)
      var monitor = Monitor(configuration)
      let outcomes = inputs.map { monitor.step($0.input, at: $0.instant).finding(rule)?.outcome }
      #expect(outcomes[outcomes.count - 2] == .pass && outcomes[outcomes.count - 1] == .unknown(.stale), "\(rule.name)")
    }
  }

  @Test func contactIsAMinuteAgoWhenTheArmMoves() throws {
    let found = try last(.contactHalt)
    #expect(abs(found.value.lower - 60) < 1e-6 && found.outcome == .violationCertain)
  }

  @Test func theHomeOfTheArmIsTheMiddleOfItsRanges() {
    let configuration = Planar.configuration {
      $0.robot.joints[0].limits.lower = -1
      $0.robot.joints[0].limits.upper = 2
    }
    let provocation = Provocation(of: .clearanceHuman, configuration)
    #expect(provocation.home[0] == 0.5 && provocation.home[1] == 0)
    #expect(provocation.still[0] == 0 && provocation.still[1] == 0)
  }

  /// The tool of the planar arm, and what holds it against a gravity along -y, of rods of 2 kg and 1 kg and 0.5 m.
  @Test func whatAStateSaysOfToolAndEffortsIsThatOfItsJoints() throws {
    let configuration = Planar.configuration {
      Planar.weigh(&$0.robot)
      $0.robot.dynamics = Planar.dynamics()
      $0.robot.dynamics?.gravity = Vector3(0, -9.81, 0)
      $0.robot.joints[0].limits.lower = -1
      $0.robot.joints[1].limits.upper = 1
    }
    for rule in [RuleID.motionPosition, .integrityTruth, .motionRelease] {
      for (input, _) in Provocation(of: rule, configuration).inputs {
        guard case .state(let state) = input else { continue }
        let q = state.position.values
        #expect(state.tool.map { ($0 - Planar.tool(q)).length } == 0, "\(rule.name)")
        let fore = 0.25 * 9.81 * sineAndCosine(q[0] + q[1]).cosine
        let upper = (2 * 0.25 + 0.5) * 9.81 * sineAndCosine(q[0]).cosine
        #expect(abs(state.effort[0] - upper - fore) < 1e-9 && abs(state.effort[1] - fore) < 1e-9, "\(rule.name)")
      }
    }
  }

  @Test func anArmIsBeyondTheLimitsOfAllItsJoints() {
    let configuration = Planar.configuration {
      $0.robot.joints[0].limits.upper = 2
      $0.robot.joints[1].limits.upper = 1
    }
    guard case .state(let state) = Provocation(of: .motionPosition, configuration).inputs[2].input else {
      Issue.record("no state")
      return
    }
    #expect(state.position.values == [2.1, 1.1])
  }

  @Test func inputsAreNumberedFromOneAndANanosecondApart() {
    let inputs = Provocation(of: .integritySequence, Planar.configuration()).inputs
    #expect(inputs.map(\.instant.nanoseconds) == Array(1...Int64(inputs.count)))
    guard case .state(let first) = inputs[1].input, case .people(let frame) = inputs[0].input else {
      Issue.record("it begins otherwise")
      return
    }
    #expect(first.sequence.number == 1 && frame.sequence.number == 1 && frame.count == 0)
    #expect(first.sequence.stream == 1 && first.sequence.boot == 1 && first.externalForce == 0)
  }

  @Test func whatACellHasAlreadyIsLeftAsItIs() {
    var configuration = Planar.configuration()
    Planar.weigh(&configuration.robot)
    configuration.robot.heldObject = 1
    #expect(Provocation(of: .contactEnergy, configuration).configuration.bodies == Planar.bodies())
    #expect(Provocation(of: .contactEnergy, configuration).configuration.robot.movingMass == 3)
    #expect(Provocation(of: .clearanceHeldObject, configuration).configuration.robot.heldObject == 1)
  }

  @Test func whatACellLacksIsMade() throws {
    let bare = Planar.configuration { $0.bodies = nil }
    let energy = Provocation(of: .contactEnergy, bare).configuration
    #expect(energy.bodies == Provocation.bodies && energy.robot.movingMass == 2)
    #expect(energy.robot.links.allSatisfy { $0.inertia?.mass == 1 })
    let body = Provocation.bodies[.hand]
    #expect(body == BodyLimits(force: 1, pressure: 1, transientFactor: nil, stiffness: 1e5, mass: 1))
    #expect(Provocation.bodies.transientTime == 0)
    #expect(Provocation(of: .clearanceHeldObject, bare).configuration.robot.heldObject == 2)
    #expect(try last(.contactEnergy) { $0.bodies = nil }.outcome == .violationCertain)
  }

  // MARK: - Their inputs

  private func provocation(_ rule: RuleID) throws -> Provocation {
    Provocation(of: rule, try #require(RuleFixture.all.first { $0.rule == rule }).configuration)
  }

  private func word(_ input: Input) -> String {
    switch input {
    case .people(let frame): frame.count > 0 ? "person" : "people"
    case .state(let state):
      state.contacts?.count ?? 0 > 0 ? "touch" : state.velocity.values.contains { $0 != 0 } ? "moving" : "state"
    case .action: "action"
    case .signal: "signal"
    case .tick: "tick"
    case .reset: "reset"
    case .release: "release"
    case .rejected: "rejected"
    case .obstacles(let frame): frame.count > 0 ? "obstacle" : "other"
    case .layout, .chunk, .episode, .restored, .handover, .heartbeat, .noted, .lost, .overrun: "other"
    }
  }

  /// What comes behind one frame of people and one state of the standing arm, and how long all of it takes, s.
  private func inputs(_ rule: RuleID) -> (words: String, seconds: Double) {
    switch rule {
    case .clearanceStatic, .clearanceSelf, .clearanceHeldObject, .zoneKeepOut, .payloadMass, .motionPosition, .integrityIdentity,
      .authorityMode: ("state", 0)
    case .zoneSpeed, .coverageBlind, .motionVelocity, .motionTCPSpeed: ("moving", 0)
    case .clearanceHuman, .contactEnergy: ("person moving", 0)
    case .toolHazard: ("person state", 0)
    case .contactForce, .contactPressure, .contactPermit: ("touch", 0)
    case .contactHalt: ("touch people moving", 60)
    case .motionAcceleration: ("people moving people moving", 0.04)
    case .motionJerk: ("action people state action", 0.02)
    case .motionJump, .gripForce: ("action", 0)
    case .motionRelease: ("release state", 0)
    case .sequenceInterlock, .sequenceCheck: ("signal moving", 0)
    case .integritySchema: ("rejected", 0)
    case .integritySequence, .integrityClock: ("state state", 0)
    case .integrityStale, .integrityHeartbeat: ("tick", 60)
    case .integrityClass: ("person other people obstacle", 0)
    case .integrityTruth: (Array(repeating: "state", count: 40).joined(separator: " "), 0.4)
    case .authorityReset: ("reset", 0)
    case .reportTruth: ("people state people state", 2)
    }
  }

  @Test(arguments: RuleID.allCases) func itsInputsAreTheseInThisTime(rule: RuleID) throws {
    let all = try provocation(rule).inputs
    let first = rule == .integrityClass ? "people other state " : "people state "
    #expect(all.map { word($0.input) }.joined(separator: " ") == first + inputs(rule).words)
    let passed = try #require(all.last).instant.seconds(since: all[0].instant)
    #expect(abs(passed - inputs(rule).seconds) < 1e-6)
  }

  @Test func actionsAndSignalsAreNumberedFromOneToo() throws {
    let numbers = try provocation(.motionJerk).inputs.compactMap { step -> UInt64? in
      if case .action(let action) = step.input { action.sequence.number } else { nil }
    }
    #expect(numbers == [1, 2])
    for rule in [RuleID.sequenceInterlock, .sequenceCheck] {
      let scene = try provocation(rule)
      guard case .signal(let signal) = scene.inputs[2].input else { continue }
      #expect(signal.sequence.number == 1 && signal.index == 0 && signal.value == 0)
      #expect(scene.configuration.cell.signals[0].maxAge == 1)
    }
  }

  @Test func aCellWithoutSignalsIsGivenOne() throws {
    for rule in [RuleID.sequenceInterlock, .sequenceCheck] {
      #expect(try last(rule) { $0.cell.signals = [] }.outcome == .violationCertain)
    }
    guard case .event(let valid, let eachMove) = try provocation(.sequenceCheck).configuration.cell.sequences[0].kind else {
      Issue.record("no event")
      return
    }
    #expect(valid == 1 && !eachMove)
  }

  @Test func theHazardIsOneAlways() throws {
    let hazard = try #require(provocation(.toolHazard).configuration.cell.hazard)
    #expect(hazard.links == [2] && hazard.least == 100 && !hazard.onlyWhenActive && hazard.lasts == 0)
  }

  @Test func thePersonIsTenMetresWide() throws {
    guard case .people(let frame) = try provocation(.clearanceHuman).inputs[2].input else { return }
    #expect(frame.count == 1 && frame[0].track == 1 && frame[0].count == 1)
    #expect(frame[0][0].radius == 10 && frame[0][0].a.length == 0 && (frame[0][0].b - Vector3(0, 0, 2)).length == 0)
  }

  @Test func thePersonBecomesAnObstacleOfItsShape() throws {
    let scene = try provocation(.integrityClass)
    for sensor in scene.configuration.cell.peopleSensors { #expect(sensor.coverage == [Provocation.everywhere]) }
    guard case .people(let person) = scene.inputs[3].input, case .obstacles(let object) = scene.inputs[6].input else {
      Issue.record("other inputs")
      return
    }
    #expect(object[0] == .capsule(person[0][0]) && object.count == 1)
    let found = try last(.integrityClass)
    #expect(found.value == Interval(1, 1) && found.limit == 0 && found.subject == .person(track: 1, part: 0))
    // Whoever has no sensor of obstacles is given one, and whoever has keeps it.
    #expect(scene.configuration.cell.obstacleSensors.map(\.id) == ["depth"])
    let given = Provocation(of: .integrityClass, Planar.configuration()).configuration.cell.obstacleSensors
    #expect(given.map(\.id) == ["self-test"] && given[0].input.maxAge == 1 && given[0].input.latency == 0)
    #expect(given[0].positionError == 0)
    #expect(try last(.integrityClass) { $0.cell.obstacleSensors = [] }.outcome == .violationCertain)
  }

  @Test func theSensorsSeeACubeNinetyMetresUp() throws {
    for sensor in try provocation(.coverageBlind).configuration.cell.peopleSensors {
      #expect(sensor.coverage.count == 1)
      #expect((sensor.coverage[0].pose.translation - Vector3(0, 0, 90)).length == 0)
      #expect((sensor.coverage[0].halfExtents - Vector3(1, 1, 1)).length == 0)
    }
  }

  @Test func eachStepIsOfItsSize() throws {
    func position(_ rule: RuleID, at place: Int) throws -> Double? {
      switch try provocation(rule).inputs[place].input {
      case .state(let state): return state.position[0]
      case .action(let action):
        if case .jointPosition(let target) = action.command { return target[0] }
        return nil
      default: return nil
      }
    }
    // The planar arm's home is 0.
    #expect(try position(.motionJerk, at: 2) == 0 && position(.motionJerk, at: 5) == 0.05)
    #expect(try position(.motionJump, at: 2) == 0.1 && position(.motionPosition, at: 2) == 2.8 + 0.1)
    #expect(try position(.motionRelease, at: 3) == 0.5)
    #expect(try position(.integrityTruth, at: 2) == 0.01)
    let farthest = try #require(try position(.integrityTruth, at: 41))
    #expect(abs(farthest - 0.4) < 1e-12)
    guard case .state(let fast) = try provocation(.motionAcceleration).inputs[3].input else { return }
    #expect(fast.velocity.values == [1.8, 1.8])
    #expect(try provocation(.motionRelease).configuration.limits[.motionRelease, "distance_m"] == 1e-6)
  }

  @Test func aPartThatIsHeldByAnEmptyGripperIsClaimedForTwoSecondsOfOne() throws {
    let found = try last(.reportTruth)
    #expect(abs(found.value.upper - 2) < 1e-6 && found.limit == 1 && found.outcome == .violationCertain)
    let scene = try provocation(.reportTruth)
    guard case .gripper(let range) = scene.configuration.cell.claims[0].evidence, case .state(let state) = scene.inputs[3].input else {
      Issue.record("another claim")
      return
    }
    #expect(range == 0.01...0.1 && state.gripper == 0 && state.grasped == true)
  }

  @Test func orderModeStrangerAndStampsAreThese() throws {
    guard case .reset(let order) = try provocation(.authorityReset).inputs[2].input,
      case .release(let release) = try provocation(.motionRelease).inputs[2].input,
      case .state(let wrong) = try provocation(.authorityMode).inputs[2].input,
      case .state(let stranger) = try provocation(.integrityIdentity).inputs[2].input,
      case .rejected(let refused) = try provocation(.integritySchema).inputs[2].input,
      case .state(let first) = try provocation(.integrityClock).inputs[2].input,
      case .state(let second) = try provocation(.integrityClock).inputs[3].input
    else {
      Issue.record("other inputs")
      return
    }
    #expect(order.latch == 1 && release.number == 1)
    // 1 and 2 are the cell's automatic modes, and 1 is the stream's publisher.
    #expect(wrong.mode == 0 && stranger.sequence.stream == 2)
    #expect(refused.reason == .undecodable && refused.stream == .action)
    #expect(first.sequence.time?.nanoseconds == 1_000_000_000_000 && second.sequence.time?.nanoseconds == 0)
  }

  @Test func linksThatWeighNothingAreGivenAKilogramAndItsInertia() {
    let links = Provocation(of: .contactEnergy, Planar.configuration()).configuration.robot.links
    for link in links {
      #expect(
        link.inertia == LinkInertia(mass: 1, center: .zero, diagonal: Vector3(0.01, 0.01, 0.01), products: .zero))
    }
    // Links that weigh a little weigh that.
    var light = Planar.configuration()
    Planar.weigh(&light.robot)
    for link in 1...2 { light.robot.links[link].inertia?.mass = 0.25 }
    #expect(Provocation(of: .contactEnergy, light).configuration.robot.movingMass == 0.5)
  }

  @Test func aFrameOfObstaclesBeginsWhereThereIsASensor() {
    let configuration = Planar.configuration {
      $0.cell.obstacleSensors = [Sensor(id: "lidar", input: InputDeclaration(maxAge: 1, latency: 0), positionError: 0)]
    }
    guard case .obstacles(let frame) = Provocation(of: .clearanceStatic, configuration).inputs[1].input else {
      Issue.record("no obstacles")
      return
    }
    #expect(frame.coverage && frame.count == 0 && frame.sequence.number == 1)
  }
}
