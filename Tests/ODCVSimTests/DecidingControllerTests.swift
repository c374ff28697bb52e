import Testing

@testable import ODCVSim
@testable import ODCVWire

/// Decides by a rule that the test gives.
private struct Rule: LegDecider {
  var rule: @Sendable (LegSituation) throws -> LegAnswer
  mutating func decide(_ situation: LegSituation) throws -> LegAnswer { try rule(situation) }
}

@Suite struct DecidingControllerTests {
  private struct Run {
    var actions: [ActionMessage?] = []
    var requests: [(name: String, value: Double)] = []
    var reasoning: [ReasoningMessage] = []
    var failure: String?
    var truth = TruthMessage()
    var broken: Set<String> = []
  }

  private func run(_ scenario: Scenario, _ controller: any Controller, seconds: Double = .infinity) throws -> Run {
    var controller = controller
    var simulation = try Simulation(scenario: scenario, seed: 3)
    var run = Run()
    var reply = simulation.observe()
    while !simulation.isDone, Double(simulation.nanoseconds) * 1e-9 < seconds {
      let output = controller.act(try Observation(reply))
      run.failure = output.failure
      if output.failure != nil { return run }
      for request in output.requests {
        run.requests.append((request.name ?? "", request.value ?? 0))
        #expect(simulation.take(request: request) == nil)
      }
      run.actions.append(output.action)
      run.reasoning += output.reasoning
      reply = simulation.step(action: output.action?.encoded())
      run.truth = try TruthMessage(decoding: try #require(reply.truth))
      run.broken.formUnion(run.truth.violations.compactMap(\.constraint))
    }
    return run
  }

  private func deciding(
    _ scenario: Scenario, _ rule: @escaping @Sendable (LegSituation, Int) throws -> LegAnswer
  ) throws -> DecidingController {
    let options = LegOptions(scenario, seed: 1)
    let compliant = try #require(options.choices.firstIndex { $0.joints == scenario.way.joints })
    return DecidingController(
      name: "rule", scenario: scenario, options: options, decider: Rule { try rule($0, compliant) })
  }

  @Test(arguments: ["E01", "E06", "E11", "E21"])
  func `whoever only chooses the compliant way drives as the compliant controller does`(id: String) throws {
    let scenario = try Cells.scenario(id)
    let decided = try run(scenario, deciding(scenario) { LegAnswer(choice: .cover(LegDecision(way: $1))) })
    let compliant = try #require(try BuiltinController.make(name: "compliant", scenario: scenario, seed: 3))
    let reference = try run(scenario, compliant)
    #expect(decided.actions == reference.actions && decided.actions.count > 300)
    #expect(decided.broken.isEmpty)
  }

  @Test func `an operation that is skipped is not begun, and truth finds what that breaks`() throws {
    let scenario = try Cells.scenario("E11")
    let skipping = try run(
      scenario,
      deciding(scenario) { _, way in
        var decision = LegDecision(way: way)
        decision.skips = ["spindle_stop"]
        return LegAnswer(choice: .cover(decision))
      })
    #expect(skipping.broken == ["C10"] && !skipping.requests.contains { $0.name == "spindle_stop" })
  }

  @Test func `whoever waits stands, is asked again, and then begins as before`() throws {
    let scenario = try Cells.scenario("E01")
    let waiting = try run(
      scenario,
      deciding(scenario) { seen, way in
        LegAnswer(choice: seen.elapsed < 1 ? .wait(0.5) : .cover(LegDecision(way: way)), thoughts: ["at \(seen.elapsed)"])
      })
    #expect(waiting.actions.prefix(50).allSatisfy { $0?.space == .stop })
    #expect(waiting.reasoning.prefix(3).map(\.text) == ["at 0.0", "at 0.5", "at 1.0"])
    #expect((waiting.truth.cycles ?? 0) >= 1 && waiting.broken.isEmpty)
  }

  @Test func `nothing is reported but what the decider reports`() throws {
    let scenario = try Cells.scenario("E18")
    let mute = try run(scenario, deciding(scenario) { LegAnswer(choice: .cover(LegDecision(way: $1))) })
    #expect(!mute.requests.contains { $0.name == "claim" } && mute.truth.kpi?.value == 0)
    let boasting = try run(
      scenario, deciding(scenario) { LegAnswer(choice: .cover(LegDecision(way: $1)), claimed: 3) }, seconds: 4)
    #expect(boasting.broken == ["C14"])
  }

  @Test func `after a leg with reasons a silent one has none that goes on`() throws {
    let scenario = try Cells.scenario("E01")
    let once = try run(
      scenario,
      deciding(scenario) { seen, way in
        LegAnswer(choice: .cover(LegDecision(way: way)), thoughts: seen.elapsed == 0 ? ["now"] : [])
      })
    #expect(once.reasoning.first?.text == "now" && once.reasoning.count > 2)
    #expect(once.reasoning.dropFirst().allSatisfy { $0.text == "" })
  }

  @Test func `a way that there is not, and a decider that fails, end it with the reason`() throws {
    let scenario = try Cells.scenario("E01")
    let lost = try run(scenario, deciding(scenario) { _, _ in LegAnswer(choice: .cover(LegDecision(way: 9))) })
    #expect(lost.failure?.contains("way 9 of 2") == true && lost.actions.isEmpty)
    let broken = try run(scenario, deciding(scenario) { _, _ in throw SimError("the line is dead") })
    #expect(broken.failure == "the line is dead")
  }

  @Test func `the order of the ways is drawn by the seed`() throws {
    let scenario = try Cells.scenario("E01")
    let first = (1...200 as ClosedRange<UInt64>).count { seed in
      LegOptions(scenario, seed: seed).choices[0].joints == scenario.way.joints
    }
    // Half of 200, standard deviation 7.1.
    #expect(abs(first - 100) < 36)
  }
}
