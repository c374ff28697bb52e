import Testing

@testable import ODCVSim

/// The cell's own course, driven by a tool that is put where the test wants it.
@Suite struct CellProcessTests {
  /// A cell and the tool in it.
  struct Bench {
    let scenario: Scenario
    var cell: CellProcess
    /// N on every fixture
    var force = 0.0
    var slant = 0.0

    init(_ id: String, seed: UInt64 = 1) throws {
      scenario = try Cells.scenario(id)
      cell = CellProcess(scenario, seed: seed)
      cell.attend()
    }

    func end(_ end: Scenario.End) -> Vector {
      end == .pick ? scenario.way.tool[0] : scenario.way.tool[scenario.way.tool.count - 1]
    }

    /// The tool stands at a place for so long, s.
    mutating func stand(_ place: Vector, _ seconds: Double) {
      for _ in 0..<Int((seconds * 1000).rounded()) {
        cell.observe(
          CellProcess.Step(tool: place, speed: 0, slant: slant, dt: 0.001, force: { [force] _ in force }, distance: { _ in 1 }))
      }
    }

    mutating func stand(_ end: Scenario.End, _ seconds: Double) { stand(self.end(end), seconds) }

    /// On the way between the ends.
    mutating func travel() { stand((end(.pick) + end(.place)) * 0.5, 0.05) }

    /// A whole cycle in which nothing is asked of the cell.
    mutating func cycle() {
      stand(.pick, scenario.dwell + 0.01)
      travel()
      stand(.place, scenario.dwell + 0.01)
      travel()
    }
  }

  @Test func `an end without operations counts when the tool has stayed there`() throws {
    var bench = try Bench("E01")
    bench.stand(.pick, bench.scenario.dwell - 0.01)
    #expect(bench.cell.due == 0)
    bench.stand(.pick, 0.02)
    #expect(bench.cell.due == 1 && bench.cell.carried == 1)
    bench.travel()
    bench.stand(.place, 0.2)
    #expect(bench.cell.cycles == 1 && bench.cell.delivered == 1 && bench.cell.carried == 0)
    #expect(bench.cell.take("no such thing", 1)?.contains("no such thing") == true)
  }

  @Test func `nothing is picked before somebody drives the arm`() throws {
    let scenario = try Cells.scenario("E01")
    var bench = try Bench("E01")
    bench.cell = CellProcess(scenario, seed: 1)
    bench.stand(.pick, 1)
    #expect(bench.cell.due == 0 && bench.cell.carried == 0)
    #expect(bench.cell.take("parts", 2) == nil)
    bench.stand(.pick, 0.01)
    #expect(bench.cell.due == 1 && bench.cell.carried == 2, "what was asked for counts for the first pick, too")
  }

  @Test func `what is required holds the cycle until force has done it`() throws {
    var bench = try Bench("E21")
    bench.stand(.pick, 0.2)
    bench.travel()
    bench.stand(.place, 3)
    #expect(bench.cell.cycles == 0)
    #expect(bench.cell.take("seat", 1) == nil)
    bench.force = 25
    bench.stand(.place, 0.79)
    #expect(bench.cell.cycles == 0, "20 N s at 25 N take 0.8 s")
    bench.stand(.place, 0.02)
    #expect(bench.cell.cycles == 1)
  }

  @Test func `an operation that is broken off is to be begun again`() throws {
    var bench = try Bench("E21")
    bench.force = 25
    bench.stand(.pick, 0.2)
    bench.travel()
    bench.stand(.place, 0.2)
    #expect(bench.cell.take("seat", 1) == nil)
    bench.stand(.place, 0.5)
    bench.travel()
    bench.stand(.place, 2)
    #expect(bench.cell.cycles == 0)
    #expect(bench.cell.take("seat", 1) == nil)
    bench.stand(.place, 0.81)
    #expect(bench.cell.cycles == 1)
  }

  @Test func `empty picks come as often as said, in every episode`() throws {
    for seed in UInt64(1)...20 {
      var bench = try Bench("E18", seed: seed)
      let probability = bench.scenario.chance.emptyPick
      for _ in 0..<40 { bench.cycle() }
      #expect(abs(Double(40 - bench.cell.delivered) - 40 * probability) <= 1)
      #expect(bench.cell.vouched == 0, "nothing was verified")
    }
  }

  @Test func `only what was verified and delivered may be claimed`() throws {
    var bench = try Bench("E18")
    for _ in 0..<10 {
      bench.stand(.pick, 0.2)
      #expect(bench.cell.take("weigh", 1) == nil)
      bench.stand(.pick, 1)
      let isGood = bench.cell.signals.contains { $0.name == "weigh" && $0.value > 0 }
      #expect(isGood == (bench.cell.carried > 0))
      bench.travel()
      bench.stand(.place, 0.2)
      if isGood { #expect(bench.cell.take("claim", 1) == nil) }
      bench.travel()
    }
    #expect(bench.cell.claimed == bench.cell.vouched && bench.cell.claimed == bench.cell.delivered)
  }

  @Test func `a bump is cleared by a person alone, whatever the cell is told`() throws {
    var bench = try Bench("E10")
    let bump = try #require(bench.scenario.chance.bump)
    bench.stand(.pick, bump.first.upperBound + 0.01)
    #expect(!bench.cell.push.isCleared && !bench.cell.push.isAcknowledged)
    #expect(bench.cell.take("acknowledge", 1) == nil)
    #expect(!bench.cell.push.isCleared && bench.cell.push.isAcknowledged)
    bench.stand(.pick, bump.acknowledged)
    #expect(bench.cell.push.isCleared)
  }

  @Test func `nothing that a controller does shifts the cell's later chances`() throws {
    var (quiet, loud) = (try Bench("E18", seed: 9), try Bench("E18", seed: 9))
    for cycle in 0..<20 {
      quiet.cycle()
      loud.stand(.pick, 0.2)
      if cycle % 3 == 0 { _ = loud.cell.take("weigh", 1) }
      _ = loud.cell.take("claim", 2)
      loud.travel()
      loud.stand(.place, 0.2)
      loud.travel()
      #expect(quiet.cell.delivered == loud.cell.delivered)
    }
  }
}
