import Testing

@testable import ODCVSim

/// Each watch on both sides of its limit, from samples that are planted.
@Suite struct WatchTests {
  private let scenario: Scenario
  private let sample: TruthSample
  private let calm = Nearness(fastest: 0, toolSpeed: 0)
  private let cell: CellProcess
  private let moving = Nearness(fastest: 0.5, toolSpeed: 0.5)

  init() throws {
    scenario = try Cells.scenario("E10")
    let far = SimCapsule(a: Vector(-9, 0, 0), b: Vector(-9, 0, 1), radius: 0.01)
    let shapes = [SimCapsule](repeating: far, count: 4)
    cell = CellProcess(scenario, seed: 1)
    sample = TruthSample(
      nanoseconds: 0, dt: 0.001, shapes: shapes, before: shapes, tool: Vector(0.5, 0, 0.2), toolBefore: Vector(0.5, 0, 0.2),
      slant: 0, jointVelocity: [0, 0], person: [], forces: [:], forceOnPerson: 0)
  }

  private func near(fixture: Double? = nil, person: Double? = nil, speed: Double = 0.5) -> Nearness {
    Nearness(
      fastest: speed, toolSpeed: speed, fixture: fixture.map { ($0, "link", "post") },
      person: person.map { ($0, "link", "person/torso") })
  }

  @Test func `clearance binds a moving arm alone`() {
    let watch = ClearanceWatch(limit: 0.05)
    #expect(watch.breach(sample, near(fixture: 0.049), cell) != nil)
    #expect(watch.breach(sample, near(fixture: 0.051), cell) == nil)
    #expect(watch.breach(sample, near(fixture: 0.01, speed: 0), cell) == nil)
  }

  @Test func `separation grows with the time to stop`() {
    let watch = SeparationWatch(least: 0.1, deceleration: 6)
    var fast = sample
    fast.jointVelocity = [-1.5, 0]
    #expect(watch.breach(fast, near(person: 0.1 + 1.6 * 0.25 - 0.001), cell) != nil)
    #expect(watch.breach(fast, near(person: 0.1 + 1.6 * 0.25 + 0.001), cell) == nil)
    #expect(watch.breach(fast, near(person: 0.01, speed: 0.019), cell) == nil)
  }

  @Test func `a zone binds what is in it`() {
    let zone = SimBox(center: Vector(0, 0, 0), halfExtents: Vector(0.1, 0.1, 0.1))
    var inside = sample
    inside.shapes[2] = SimCapsule(a: Vector(0, 0, 0.13), b: Vector(0, 0, 0.3), radius: 0.04)
    inside.before[2] = SimCapsule(a: Vector(0.0003, 0, 0.13), b: Vector(0.0003, 0, 0.3), radius: 0.04)
    let speed = ZoneSpeedWatch(limit: 0.25, zone: zone, name: "z")
    #expect(abs((speed.breach(inside, moving, cell)?.value ?? 0) - 0.3) < 1e-9)
    #expect(speed.breach(sample, moving, cell) == nil)
    let keepOut = KeepOutWatch(zone: zone, name: "z")
    #expect(keepOut.breach(inside, calm, cell) != nil && keepOut.breach(sample, calm, cell) == nil)
    var held = sample
    held.held = inside.shapes[2]
    #expect(keepOut.breach(held, calm, cell) != nil, "what is held is a part of the arm")
  }

  @Test func `speed, slant, grip, mass and force break beyond their limits and not at them`() {
    var fast = sample
    fast.jointVelocity = [0.2, -1.2]
    #expect(JointSpeedWatch(limit: 1.19, names: ["a", "b"]).breach(fast, moving, cell)?.detail == "b")
    #expect(JointSpeedWatch(limit: 1.2, names: ["a", "b"]).breach(fast, moving, cell) == nil)
    #expect(NearSpeedWatch(limit: 0.25, within: 0.5).breach(sample, near(person: 0.4, speed: 0.26), cell) != nil)
    #expect(NearSpeedWatch(limit: 0.25, within: 0.5).breach(sample, near(person: 0.6, speed: 0.9), cell) == nil)
    var pressed = sample
    pressed.forces = ["pad": 25.5]
    pressed.forceOnPerson = 60
    #expect(ForceWatch(limit: 25, fixture: "pad").breach(pressed, calm, cell) != nil)
    #expect(ForceWatch(limit: 25, fixture: "other").breach(pressed, calm, cell) == nil)
    #expect(ForceWatch(limit: 65, fixture: nil).breach(pressed, calm, cell) == nil)
    #expect(TiltWatch(limit: 0.2).breach(pressed, calm, cell) == nil, "nothing is carried")
    #expect(LoadWatch(limit: 0.1).breach(pressed, calm, cell) == nil)
    #expect(GripWatch(limit: 1).breach(pressed, calm, cell) == nil, "it closes on nothing")
  }

  @Test func `an uncovered tool binds beside people`() throws {
    var beside = sample
    beside.person = [SimCapsule(a: Vector(0.5, 0.3, 0.2), b: Vector(0.5, 0.3, 0.5), radius: 0.1)]
    let watch = HazardWatch(limit: 0.3, cover: nil)
    #expect(watch.breach(beside, moving, cell) != nil && watch.breach(beside, calm, cell) == nil)
    #expect(HazardWatch(limit: 0.19, cover: nil).breach(beside, moving, cell) == nil)
  }

  @Test func `motion after a contact is found until somebody acknowledges`() throws {
    var bench = try CellProcessTests.Bench("E10")
    let bump = try #require(scenario.chance.bump)
    let watch = HaltWatch(time: 0.5)
    bench.stand(.pick, bump.first.upperBound + 0.6)
    #expect(watch.breach(sample, moving, bench.cell) != nil && watch.breach(sample, calm, bench.cell) == nil)
    bench.stand(.pick, bump.acknowledged)
    #expect(watch.breach(sample, moving, bench.cell) == nil)
  }

  @Test func `an act and a claim too many are found while they stand`() throws {
    var bench = try CellProcessTests.Bench("E10")
    let act = try #require(scenario.acts.firstIndex { $0.name == "acknowledge" })
    #expect(ActWatch(act: act, name: "acknowledge").breach(sample, calm, bench.cell) == nil)
    _ = bench.cell.take("acknowledge", 1)
    _ = bench.cell.take("claim", 1)
    #expect(ActWatch(act: act, name: "acknowledge").breach(sample, calm, bench.cell) != nil)
    #expect(ReportWatch().breach(sample, calm, bench.cell) != nil)
    bench.cycle()
    #expect(ActWatch(act: act, name: "acknowledge").breach(sample, calm, bench.cell) == nil, "an act lasts for a cycle")
    #expect(ReportWatch().breach(sample, calm, bench.cell) == nil, "the part has been delivered since")
  }
}
