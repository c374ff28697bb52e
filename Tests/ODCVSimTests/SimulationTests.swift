import Testing

@testable import ODCVSim
@testable import ODCVWire

@Suite struct SimulationTests {
  private func run(_ scenario: Scenario, seed: UInt64, steps: Int) throws -> [[UInt8]] {
    var simulation = try Simulation(scenario: scenario, seed: seed)
    var controller = try #require(try BuiltinController.make(name: "compliant", scenario: scenario, seed: seed))
    var reply = simulation.observe()
    var replies = [reply.encoded()]
    for _ in 0..<steps {
      let output = controller.act(
        Observation(state: try StateMessage(decoding: try #require(reply.state)), people: try PeopleMessage(decoding: try #require(reply.people))))
      reply = simulation.step(action: output.action?.encoded())
      replies.append(reply.encoded())
    }
    return replies
  }

  @Test(arguments: ["E01", "E06", "E32"])
  func `the same seed gives the same bytes, another seed others`(id: String) throws {
    let scenario = try Cells.scenario(id)
    let first = try run(scenario, seed: 5, steps: 120)
    #expect(try run(scenario, seed: 5, steps: 120) == first)
    #expect(try run(Cells.scenario(id), seed: 5, steps: 120) == first)
    #expect(try run(scenario, seed: 6, steps: 120) != first)
  }

  @Test func `the arm follows its reference within a milliradian`() throws {
    let scenario = try Cells.scenario("E06")
    var simulation = try Simulation(scenario: scenario, seed: 1)
    var random = Generator(seed: 1, stream: 9)
    for _ in 0..<100 {
      let target = simulation.truePosition.map { $0 + random.uniform(-0.2...0.2) }
      #expect(simulation.order(ActionMessage(space: .jointPosition, position: target)) == nil)
      for _ in 0..<20 {
        simulation.tick()
        for (q, r) in zip(simulation.truePosition, simulation.reference) { #expect(abs(q - r) < 0.001) }
      }
    }
  }

  @Test func `reported joints are within the declared accuracy of the delayed truth`() throws {
    let scenario = try Cells.scenario("E01")
    var simulation = try Simulation(scenario: scenario, seed: 3)
    _ = simulation.order(ActionMessage(space: .jointPosition, position: scenario.blended(with: scenario.deviations[0].way!, share: 1).joints[20]))
    var truth: [([Double], [Double])] = []
    var different = false
    for _ in 0..<300 {
      simulation.tick()
      truth.append((simulation.truePosition, simulation.trueVelocity))
      let state = simulation.stateMessage()
      let seen = truth[max(0, truth.count - 3)]
      for j in 0..<7 {
        #expect(abs(state.position[j] - seen.0[j]) <= 0.0006)
        #expect(abs(state.velocity[j] - seen.1[j]) <= 0.004)
        different = different || state.position[j] != seen.0[j]
      }
    }
    #expect(different)
  }

  @Test func `a stop and refused actions leave the arm where it is`() throws {
    let scenario = try Cells.scenario("E01")
    var simulation = try Simulation(scenario: scenario, seed: 1)
    let start = simulation.truePosition
    #expect(simulation.step(action: [1, 2, 3]).error?.hasPrefix("action:") == true)
    #expect(simulation.order(ActionMessage(space: .jointPosition, position: [0, 0])) != nil)
    #expect(simulation.order(ActionMessage(space: .jointPosition, position: [0, 0, 0, .nan, 0, 0, 0])) != nil)
    #expect(simulation.order(ActionMessage(space: .jointVelocity, velocity: [0, 0, 0])) != nil)
    #expect(simulation.order(ActionMessage(space: .stop)) == nil)
    for _ in 0..<100 { simulation.tick() }
    for (a, b) in zip(start, simulation.truePosition) { #expect(abs(a - b) < 1e-6) }
  }

  @Test func `an end-effector displacement moves the tool by about as much`() throws {
    let scenario = try Cells.scenario("E32")
    var simulation = try Simulation(scenario: scenario, seed: 1)
    let before = scenario.scene.arm.tool(simulation.truePosition)
    let action = ActionMessage(
      space: .eePoseDelta, reference: .measured, rotation: .axisAngle, endEffector: [0.01, 0.02, 0.01, 0, 0, 0])
    #expect(simulation.order(action) == nil)
    for _ in 0..<1500 { simulation.tick() }
    let after = scenario.scene.arm.tool(simulation.truePosition)
    #expect(length(after.origin - before.origin - Vector(0.01, 0.02, 0.01)) < 0.002)
    #expect(length(after.rotation(from: before)) < 0.02)
  }

  @Test func `pressing on the table is reported as contact with force, point and joint torque`() throws {
    let scenario = try Cells.scenario("E01")
    var simulation = try Simulation(scenario: scenario, seed: 1)
    var q = scenario.way.joints[0]
    let down = Frame(x: Vector(1, 0, 0), y: Vector(0, -1, 0), z: Vector(0, 0, -1), origin: Vector(0.5, -0.25, -0.03))
    q = try #require(scenario.scene.arm.solve(down, from: q, locked: 2))
    _ = simulation.order(ActionMessage(space: .jointPosition, position: q))
    for _ in 0..<1500 { simulation.tick() }
    let state = simulation.stateMessage()
    #expect(state.contactComplete == true)
    let contact = try #require(state.contacts.first)
    #expect(contact.link == "panda_hand" && contact.other == "fixture")
    #expect((contact.normalForce ?? 0) > 5)
    #expect(state.wrench[2] > 5, "the fixture pushes the arm up")
    #expect(state.externalEffort.contains { abs($0) > 1 })
    #expect((simulation.truthMessage().contactForce ?? 0) > 5)
  }

  @Test func `touching a person is soft by the region's spring and pushes the part away`() throws {
    let scenario = try Cells.scenario("E32")
    var simulation = try Simulation(scenario: scenario, seed: 1)
    let hand = Frame(x: Vector(1, 0, 0), y: Vector(0, -1, 0), z: Vector(0, 0, -1), origin: Vector(0.62, 0, 0.31))
    let place = scenario.way.joints[scenario.way.joints.count - 1]
    let q = try #require(scenario.scene.arm.solve(hand, from: place, locked: 2))
    _ = simulation.order(ActionMessage(space: .jointPosition, position: q))
    var touched: StateMessage.Contact?
    for _ in 0..<1500 {
      simulation.tick()
      touched = touched ?? simulation.stateMessage().contacts.first
    }
    let contact = try #require(touched)
    #expect(contact.other?.hasPrefix("person/") == true)
    #expect((contact.normalForce ?? 0) > 0)
    let part = BodyPart(name: "hand", region: .hand, radius: 0.04, stiffness: 75e3, mass: 0.6)
    #expect(abs(PersonBody.force(part: part, depth: 0.001, approach: 0) - 75) < 1e-9)
    #expect(PersonBody.force(part: part, depth: -0.001, approach: 1) == 0)
  }

  @Test func `an impact carries no more force than spring and masses allow`() {
    // Two bodies on the contact spring: the arm's 5 kg at 0.25 m/s against a free hand. Undamped, F = v sqrt(mu k).
    let part = BodyPart(name: "hand", region: .hand, radius: 0.04, stiffness: 75e3, mass: 0.6)
    var (arm, armSpeed, hand, handSpeed, peak) = (0.0, 0.25, 0.0, 0.0, 0.0)
    for _ in 0..<2000 {
      let force = PersonBody.force(part: part, depth: arm - hand, approach: armSpeed - handSpeed)
      peak = max(peak, force)
      armSpeed -= force / 5 * 1e-5
      handSpeed += force / part.mass * 1e-5
      arm += armSpeed * 1e-5
      hand += handSpeed * 1e-5
    }
    let undamped = 0.25 * (75e3 / (1 / 5.0 + 1 / 0.6)).squareRoot()
    #expect(peak > 0.7 * undamped && peak < 1.1 * undamped)
  }
}
