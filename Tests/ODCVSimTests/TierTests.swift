import ODCVWire
import Testing

@testable import ODCVSim

/// The same task with other people and sensors.
@Suite struct TierTests {
  /// Frames of people and states of so many periods in which nobody commands the arm.
  private func seen(_ scenario: Scenario, periods: Int = 60) throws -> (people: [PeopleMessage], offsets: [Double], rates: [Double]) {
    var simulation = try Simulation(scenario: scenario, seed: 3)
    var people: [PeopleMessage] = []
    var (offsets, rates): ([Double], [Double]) = ([], [])
    for _ in 0..<periods {
      let reply = simulation.step(action: nil)
      people.append(try PeopleMessage(decoding: try #require(reply.people)))
      let state = try StateMessage(decoding: try #require(reply.state))
      // The arm stands, so that its delay does not matter.
      offsets += zip(state.position, simulation.truePosition).map { abs($0 - $1) }
      rates += zip(state.velocity, simulation.trueVelocity).map { abs($0 - $1) }
    }
    return (people, offsets, rates)
  }

  private func feet(_ people: [PeopleMessage]) -> [Double] {
    people.compactMap { $0.tracks.first?.parts.first?.a?.y }
  }

  @Test func nobodyWalksInTheStaticTier() throws {
    let scenario = try Cells.scenario("E06")
    let (scripted, still) = (feet(try seen(scenario).people), feet(try seen(scenario.inTier(.still)).people))
    #expect(scripted.count == 60 && still.count == 60)
    #expect((scripted.max() ?? 0) - (scripted.min() ?? 0) > 0.5)
    #expect((still.max() ?? 1) - (still.min() ?? 0) < 0.02)
  }

  @Test func somebodyWalksPastWhereNobodyWas() throws {
    let scenario = try Cells.scenario("E01")
    #expect(feet(try seen(scenario).people).isEmpty)
    let passing = feet(try seen(scenario.inTier(.moving)).people)
    #expect(passing.count == 60 && (passing.max() ?? 0) - (passing.min() ?? 0) > 0.5)
    #expect(scenario.inTier(.still).person == .absent && scenario.inTier(.noisy).person == .absent)
  }

  @Test func noisySensorsAreWorseAndStillAsGoodAsDeclared() throws {
    let scenario = try Cells.scenario("E01")
    let (usual, noisy) = (try seen(scenario), try seen(scenario.inTier(.noisy)))
    #expect((usual.offsets.max() ?? 1) <= 0.00016 && (noisy.offsets.max() ?? 0) > 0.00016)
    #expect((noisy.offsets.max() ?? 1) <= 0.0002 && (noisy.rates.max() ?? 1) <= 0.0025)
    #expect((noisy.rates.max() ?? 0) > (usual.rates.max() ?? 1))
  }
}
