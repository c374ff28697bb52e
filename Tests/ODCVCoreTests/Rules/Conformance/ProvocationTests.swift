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
    #expect(try last(.contactPermit).value.lower >= (1e6 - 1) / 10)
    #expect(try last(.contactPressure).value == Interval((1e6 - 1) / 0.0001, (1e6 + 1) / 0.0001))
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
}
