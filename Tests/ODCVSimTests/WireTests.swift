import Foundation
import Synchronization
import Testing

@testable import ODCVSim
@testable import ODCVWire

/// Set by the test, read by the simulator's thread.
private final class Stop: Sendable {
  let flag = Atomic<Bool>(false)
}

@Suite struct WireTests {
  @Test func `lock step over ZeroMQ gives the bytes of the in-process run`() throws {
    let scenario = try Cells.scenario("E32")
    let context = try Context()
    let stop = Stop()
    let directory = FileManager.default.temporaryDirectory.appendingPathComponent("odcv-sim-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: directory) }
    let endpoint = "ipc://\(directory.path)/step"
    let thread = Thread {
      do {
        var server = try LockStepServer(scenario: scenario, seed: 1, context: context, endpoint: endpoint)
        try server.run(until: stop.flag)
      } catch {
        Issue.record(error)
      }
    }
    thread.start()
    defer { stop.flag.store(true, ordering: .relaxed) }
    let client = try Socket(context, .req)
    try client.connect(endpoint)
    var frames = Frames()
    func ask(_ request: StepRequestMessage) throws -> [UInt8] {
      try client.send([request.encoded()], wait: true)
      #expect(try client.receive(into: &frames, timeoutMilliseconds: 20_000))
      return frames.bytes(0)
    }
    var local = try Simulation(scenario: scenario, seed: 9)
    var controller = try #require(try BuiltinController.make(name: "greedy", scenario: scenario, seed: 9))
    controller.receive(InstructionMessage(id: 1, text: Cells.pushing))
    var reply = local.observe()
    #expect(try ask(StepRequestMessage(reset: true, seed: 9)) == reply.encoded())
    for step in 0..<100 {
      let action = controller.act(
        Observation(state: try StateMessage(decoding: try #require(reply.state)), people: try PeopleMessage(decoding: try #require(reply.people)))
      ).action?.encoded()
      reply = local.step(action: action)
      let remote = try ask(StepRequestMessage(step: UInt64(step), action: action))
      #expect(remote == reply.encoded())
      if remote != reply.encoded() { return }
    }
    try client.send([[0xff, 0xff, 0xff]], wait: true)
    #expect(try client.receive(into: &frames, timeoutMilliseconds: 20_000))
    #expect(try StepReplyMessage(decoding: frames.bytes(0)).error?.hasPrefix("request:") == true)
  }

  @Test func `the free arm moves only while its lease lasts, and publishes what it is`() throws {
    let scenario = try Cells.scenario("E01")
    let context = try Context()
    let stop = Stop()
    let directory = FileManager.default.temporaryDirectory.appendingPathComponent("odcv-sim-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: directory) }
    func at(_ name: String) -> String { "ipc://\(directory.path)/\(name)" }
    // The monitor's side: it binds where the simulator connects.
    let state = try Socket(context, .sub)
    for kind in [MessageKind.state, .layout, .heartbeat] { try state.subscribe(Topic.subscription(kind)) }
    _ = try state.bind(at("state"))
    let scene = try Socket(context, .sub)
    try scene.subscribe(Topic.subscription(.people))
    _ = try scene.bind(at("scene"))
    let gated = try Socket(context, .pub)
    _ = try gated.bind(at("gated"))
    let endpoints = FreeRun.Endpoints(
      state: at("state"), scene: at("scene"), gated: at("gated"), observation: at("observation"), truth: at("truth"))
    let thread = Thread {
      do {
        var run = try FreeRun(scenario: scenario, seed: 1, context: context, endpoints: endpoints)
        try run.run(until: stop.flag)
      } catch {
        Issue.record(error)
      }
    }
    thread.start()
    defer { stop.flag.store(true, ordering: .relaxed) }
    var frames = Frames()
    var kinds: Set<String> = []
    func next() throws -> StateMessage? {
      guard try state.receive(into: &frames, timeoutMilliseconds: 10_000) else { return nil }
      let topic = try #require(Topic.parse(frames.bytes(0)))
      kinds.insert(topic.kind.rawValue)
      return topic.kind == .state ? try StateMessage(decoding: frames.bytes(1)) : nil
    }
    func moves(_ message: StateMessage) -> Bool { message.velocity.contains { abs($0) > 0.05 } }
    let action = ActionMessage(
      header: HeaderFields(robotID: "panda", sequence: 1), space: .jointPosition,
      position: scenario.way.joints[scenario.way.joints.count - 1])
    func send(_ kind: MessageKind, _ body: [UInt8]) throws {
      try gated.send([Topic.bytes(kind, robot: "panda"), body])
    }
    // Without a lease nothing moves.
    for _ in 0..<60 {
      try send(.action, action.encoded())
      if let message = try next() { #expect(!moves(message)) }
    }
    // With one it does, and when it has ended it stops short of the target.
    var moved = false
    for _ in 0..<2000 where !moved {
      try send(.lease, LeaseMessage(durationNanoseconds: 200_000_000).encoded())
      try send(.action, action.encoded())
      if let message = try next() { moved = moves(message) }
    }
    #expect(moved)
    var still = 0
    var last: StateMessage?
    for _ in 0..<4000 where still < 40 {
      guard let message = try next() else { continue }
      still = moves(message) ? 0 : still + 1
      last = message
    }
    #expect(still == 40)
    let rest = try #require(last)
    #expect(zip(rest.position, action.position).contains { abs($0 - $1) > 0.02 })
    #expect(try scene.receive(into: &frames, timeoutMilliseconds: 10_000))
    let people = try PeopleMessage(decoding: frames.bytes(1))
    #expect(people.sensorID == "cell-camera" && people.coverageOk == true && people.tracks.isEmpty)
    for _ in 0..<2000 where kinds.count < 3 { _ = try next() }
    #expect(kinds == ["state", "layout", "heartbeat"])
  }
}
