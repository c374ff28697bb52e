import Foundation
import ODCVCodec
import ODCVConfig
import ODCVCore
import Testing

@testable import ODCVSim
@testable import ODCVWire

/// Contact told from the joints' efforts alone, by the monitor's core in the simulator, which shares no model with it.
@Suite struct ContactResidualTests {
  /// The simulator with the monitor behind it, in lock step; the monitor's word is recorded, and not obeyed.
  private struct Watched: ~Copyable {
    var simulation: Simulation
    var decoder: Decoder
    var monitor: Monitor
    var latched: MonoInstant?
    var suspected = 0
    var states = 0
    private let robot: String

    init(_ simulation: consuming Simulation, _ loaded: LoadedConfiguration) {
      self.simulation = simulation
      decoder = Decoder(loaded)
      monitor = Monitor(loaded.core)
      robot = loaded.robotID
    }

    /// `milliseconds` of physics, then a state.
    mutating func run(_ milliseconds: Int) {
      for _ in 0..<milliseconds { simulation.tick() }
      let now = MonoInstant(nanoseconds: simulation.nanoseconds)
      let state = simulation.stateMessage().encoded()
      let verdict = monitor.step(
        decoder.decode(endpoint: .state, topic: Topic.bytes(.state, robot: robot), body: state), at: now)
      states += 1
      guard let finding = verdict.findings.first(where: { $0.rule == .contactHalt }) else { return }
      if finding.value.upper > 0 { suspected += 1 }
      if verdict.latch != 0, latched == nil { latched = now }
    }
  }

  private static func loaded(_ edits: [(file: String, old: String, new: String)] = []) throws -> LoadedConfiguration {
    let files = try LoadedConfiguration.load(path: "\(Cells.root)/config/monitor.yaml").attachments
    return try LoadedConfiguration.load(
      attachments: files.map { file in
        var text = String(decoding: file.bytes, as: UTF8.self)
        for edit in edits where edit.file == file.name {
          let range = try #require(text.firstRange(of: edit.old), "\(edit.old) in \(file.name)")
          text.replaceSubrange(range, with: edit.new)
        }
        return ConfigurationFile(name: file.name, bytes: Array(text.utf8))
      })
  }

  /// A folder with the shipped arm, a payload in its hand, and a scene of `boxes` around it.
  private static func scene(payload: Double, boxes: String = "") throws -> (folder: String, path: String) {
    let folder = NSTemporaryDirectory() + "odcv-residual-\(UInt64.random(in: 0 ... .max))"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    var arm = try String(contentsOfFile: "\(Cells.root)/config/sim/panda.xml", encoding: .utf8)
    let site = "<site name=\"tcp\" pos=\"0 0 0.1034\" size=\"0.005\"/>"
    let range = try #require(arm.firstRange(of: site))
    if payload > 0 {
      // A box of 8 cm.
      let i = payload * 2 * 0.08 * 0.08 / 12
      arm.replaceSubrange(
        range,
        with: site + "<body name=\"panda_payload\" pos=\"0 0 0.15\"><inertial pos=\"0 0 0\" mass=\"\(payload)\" "
          + "diaginertia=\"\(i) \(i) \(i)\"/></body>")
    }
    try arm.write(toFile: folder + "/panda.xml", atomically: true, encoding: .utf8)
    let scene = """
      <mujoco model="test"><include file="panda.xml"/><default><default class="cell">
      <geom type="box" contype="2" conaffinity="1"/></default></default><worldbody>\(boxes)</worldbody></mujoco>
      """
    try scene.write(toFile: folder + "/scene.xml", atomically: true, encoding: .utf8)
    return (folder, folder + "/scene.xml")
  }

  private static let payload = """
    held_object:
      name: box
      source: weighed
      on: panda_hand
      box: {center_m: [0, 0, 0.15], size_m: [0.08, 0.08, 0.08]}
      mass_kg: 2
      keep_clear_of: []
    obstacles:
    """

  /// Fast random ways between postures that are clear of the ground, with the driver's full acceleration, and sudden stops.
  private static func shake(_ watched: inout Watched, seconds: Int, period: Int, seed: UInt64) throws {
    var random = Generator(seed: seed, stream: 3)
    let middle = [0, -0.3, 0, -1.6, 0, 1.8, 0.8]
    var left = 0
    for _ in 0..<(seconds * 1000 / period) {
      left -= period
      if left <= 0 {
        left = Int(random.uniform(150...900))
        if random.uniform(0...1) < 0.15 {
          watched.simulation.stop()
        } else {
          let target = middle.map { $0 + random.uniform(-1.2...1.2) }
          #expect(watched.simulation.order(ActionMessage(space: .jointPosition, position: target)) == nil)
        }
      }
      watched.run(period)
    }
  }

  @Test(arguments: [5, 20]) func `minutes of fast motion with a payload are no contact`(period: Int) throws {
    let loaded = try Self.loaded([("cells/e01.yaml", "obstacles:", Self.payload)])
    let (folder, path) = try Self.scene(payload: 2)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let scenario = try Scenario.load(path: "\(Cells.root)/config/scenarios/E01.yaml", scene: path)
    var watched = Watched(try Simulation(scenario: scenario, seed: 2), loaded)
    try Self.shake(&watched, seconds: 120, period: period, seed: 8)
    let (latched, suspected, states) = (watched.latched, watched.suspected, watched.states)
    #expect(latched == nil)
    // Where the drives saturate, the arm is thrown about ten times as hard as its driver plans: that is not told for certain.
    #expect(suspected * 1000 <= states, "\(suspected) of \(states)")
  }

  @Test func `a payload that nobody declared is told`() throws {
    let (folder, path) = try Self.scene(payload: 4)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let scenario = try Scenario.load(path: "\(Cells.root)/config/scenarios/E01.yaml", scene: path)
    var watched = Watched(try Simulation(scenario: scenario, seed: 2), try Self.loaded())
    try Self.shake(&watched, seconds: 2, period: 5, seed: 8)
    let latched = watched.latched
    #expect(latched != nil)
  }

  /// The arm swings its forearm into a post, at each speed of approach, and the driver says nothing of it.
  @Test(arguments: [5, 20], [true, false]) func `a muted contact is told by the joints' efforts`(
    period: Int, isMuted: Bool
  ) throws {
    let (folder, path) = try Self.scene(
      payload: 0, boxes: "<geom class=\"cell\" name=\"post\" pos=\"0.35 0.35 0.4\" size=\"0.03 0.03 0.6\"/>")
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let scenario = try Scenario.load(path: "\(Cells.root)/config/scenarios/E01.yaml", scene: path)
    var watched = Watched(try Simulation(scenario: scenario, seed: 3), try Self.loaded())
    watched.simulation.isContactMuted = isMuted
    let start = watched.simulation.truePosition
    for _ in 0..<(500 / period) { watched.run(period) }
    let before = watched.latched
    #expect(before == nil, "no contact yet")
    var target = start
    target[0] += 2.0
    #expect(watched.simulation.order(ActionMessage(space: .jointPosition, position: target)) == nil)
    var touched: Int64?
    for _ in 0..<(2000 / period) where watched.latched == nil {
      watched.run(period)
      if touched == nil, (watched.simulation.truthMessage().contactForce ?? 0) > 0 {
        touched = watched.simulation.nanoseconds
      }
    }
    let (told, found) = (watched.latched, watched.monitor.contactRecord)
    let latched = try #require(told)
    let at = try #require(touched)
    let record = try #require(found)
    // Two states, and the driver's own delay of two milliseconds.
    #expect(latched.nanoseconds - at <= Int64(2 * period + 5) * 1_000_000, "\((latched.nanoseconds - at) / 1_000_000) ms")
    #expect(record.firstSign <= record.detected)
    if isMuted { if case .residual = record.sign {} else { Issue.record("\(record.sign)") } }
  }

  @Test func `a state without efforts is unknown, and the next ones are judged anew`() throws {
    let scenario = try Cells.scenario("E01")
    var simulation = try Simulation(scenario: scenario, seed: 3)
    let loaded = try Self.loaded()
    var decoder = Decoder(loaded)
    var monitor = Monitor(loaded.core)
    func judge(_ change: (inout StateMessage) -> Void) -> Outcome? {
      for _ in 0..<5 { simulation.tick() }
      var message = simulation.stateMessage()
      change(&message)
      let input = decoder.decode(endpoint: .state, topic: Topic.bytes(.state, robot: "panda"), body: message.encoded())
      let verdict = monitor.step(input, at: MonoInstant(nanoseconds: simulation.nanoseconds))
      return verdict.findings.first { $0.rule == .contactHalt }?.outcome
    }
    /// How many states it takes until contact is known; three response times are thirty.
    func unknown() -> Int { (0..<60).first { _ in judge { _ in } == .pass } ?? 60 }
    #expect((30...31).contains(unknown()))
    #expect(judge { $0.effort = [] } == .unknown(.missing))
    #expect((30...31).contains(unknown()))
  }

  @Test func `with nothing but efforts, contact is known after three response times, and again behind a gap`() throws {
    let scenario = try Cells.scenario("E01")
    var simulation = try Simulation(scenario: scenario, seed: 3)
    let loaded = try Self.loaded()
    var decoder = Decoder(loaded)
    var monitor = Monitor(loaded.core)
    var outcomes: [Outcome?] = []
    for step in 0..<80 {
      for _ in 0..<5 { simulation.tick() }
      var message = simulation.stateMessage()
      message.contacts = []
      message.contactComplete = nil
      message.externalEffort = []
      message.wrench = []
      // One is lost.
      if step == 40 { continue }
      let input = decoder.decode(endpoint: .state, topic: Topic.bytes(.state, robot: "panda"), body: message.encoded())
      let verdict = monitor.step(input, at: MonoInstant(nanoseconds: simulation.nanoseconds))
      outcomes.append(verdict.findings.first { $0.rule == .contactHalt }?.outcome)
    }
    for (range, outcome) in [(0..<30, .unknown(.missing)), (32..<40, .pass), (40..<70, .unknown(.missing)), (72..<79, .pass)]
      as [(Range<Int>, Outcome)]
    { #expect(outcomes[range].allSatisfy { $0 == outcome }, "\(range)") }
  }
}
