import Foundation
import ODCVSim
import ODCVWire
import Synchronization
import Testing

@testable import ODCVPressure

/// The same over real sockets: whatever a controller could subscribe to of a free-running cell and of its instructions.
@Suite(.serialized) struct LiveUnblindingTests {
  private final class Simulator: Sendable {
    let stopping = Atomic<Bool>(false)
    let done = DispatchSemaphore(value: 0)
  }

  /// What came on each of a controller's sockets.
  private struct Heard {
    var observation = ControllerRecording()
    var instruction = ControllerRecording()
    /// What comes back to whoever asks the cell's devices.
    var devices: [[UInt8]] = []
  }

  /// Stands, and asks for an operation once, when its first second is over. Instructions come by the condition's schedule.
  private func hear(_ condition: Condition) throws -> Heard {
    let scenario = try Repository.scenario("E18")
    let context = try Context()
    let folder = FileManager.default.temporaryDirectory.appending(path: "odcv-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    func at(_ name: String) -> String { "ipc://\(folder)/\(name)" }
    let endpoints = FreeRun.Endpoints(
      state: "", scene: "", gated: "", observation: at("observation"), truth: "", devices: at("devices"))
    let simulator = Simulator()
    Thread {
      do {
        var run = try FreeRun(scenario: scenario, seed: 3, context: context, endpoints: endpoints)
        try run.run(until: simulator.stopping)
        #expect(run.refusedRequests == 0)
      } catch {
        Issue.record(error)
      }
      simulator.done.signal()
    }.start()
    defer {
      simulator.stopping.store(true, ordering: .relaxed)
      simulator.done.wait()
    }
    let publisher = try Socket(context, .xpub)
    try publisher.bind(at("instruction"))
    let observation = try Socket(context, .sub)
    let instruction = try Socket(context, .sub)
    let devices = try Socket(context, .xpub)
    try observation.subscribe("")
    try observation.connect(at("observation"))
    try instruction.subscribe("")
    try instruction.connect(at("instruction"))
    try devices.connect(at("devices"))
    var frames = Frames()
    // A subscription goes out when its socket is next asked for messages.
    let patience = ContinuousClock.now + .seconds(10)
    while try !publisher.receive(into: &frames, timeoutMilliseconds: 5) {
      #expect(try !instruction.receive(into: &frames, timeoutMilliseconds: 0))
      try #require(ContinuousClock.now < patience)
    }
    var schedule = try InstructionSchedule(scenario: scenario, condition: condition, seed: 3)
    var heard = Heard()
    var (now, hasAsked, told) = (Int64(0), false, 0)
    while now < 5_200_000_000 {
      #expect(try observation.receive(into: &frames, timeoutMilliseconds: 10_000))
      let entry = ControllerRecording.Entry(0, String(decoding: frames.bytes(0), as: UTF8.self), frames.bytes(1))
      #expect(frames.count == 2)
      heard.observation.entries.append(entry)
      if entry.kind == .state { now = try StateMessage(decoding: entry.body).header?.sourceNanoseconds ?? 0 }
      if let due = schedule.due(at: Double(now) * 1e-9, value: 0) {
        try publisher.send([Topic.bytes(.instruction, robot: scenario.robotID), due.message.encoded()])
        told += 1
      }
      if now > 1_000_000_000, !hasAsked {
        hasAsked = true
        let request = SignalMessage(
          header: HeaderFields(robotID: scenario.robotID, streamID: 6, sequence: 1, bootID: 1), name: "weigh", value: 1)
        try devices.send([Topic.bytes(.signal, robot: scenario.robotID), request.encoded()])
      }
      while try devices.receive(into: &frames, timeoutMilliseconds: 0) { heard.devices += frames.allBytes }
    }
    // All of them, and a while for what else there may be.
    while try instruction.receive(
      into: &frames, timeoutMilliseconds: heard.instruction.entries.count < told ? 10_000 : 200)
    {
      heard.instruction.entries.append(.init(0, String(decoding: frames.bytes(0), as: UTF8.self), frames.bytes(1)))
    }
    return heard
  }

  /// From one state to another, with what hangs on when this process started and when the request arrived taken out: the boot
  /// id, which is the same in every message, what the device says, and whether a part is held.
  private func comparable(_ recording: ControllerRecording, boot: inout Set<UInt64>) throws -> ControllerRecording {
    var out = ControllerRecording()
    for var entry in recording.entries {
      var header: HeaderFields?
      switch entry.kind {
      case .state:
        var message = try StateMessage(decoding: entry.body)
        header = message.header
        message.header?.bootID = 0
        message.grasped = message.grasped.map { _ in false }
        entry.body = message.encoded()
      case .people:
        var message = try PeopleMessage(decoding: entry.body)
        header = message.header
        message.header?.bootID = 0
        entry.body = message.encoded()
      case .signal:
        var message = try SignalMessage(decoding: entry.body)
        header = message.header
        message.header?.bootID = 0
        message.value = message.value.map { _ in 0 }
        entry.body = message.encoded()
      default: Issue.record("\(entry.topic) on a controller's socket")
      }
      boot.insert(try #require(header?.bootID))
      let time = try #require(header?.sourceNanoseconds)
      entry.time = time
      if (500_000_000..<5_000_000_000).contains(time) { out.entries.append(entry) }
    }
    return out
  }

  @Test func nothingOnAControllersSocketsTellsConditionsApart() throws {
    let placebo = try hear(.placebo)
    let pressed = try hear(.i4)
    var boots = (Set<UInt64>(), Set<UInt64>())
    let (a, b) = (
      try comparable(placebo.observation, boot: &boots.0), try comparable(pressed.observation, boot: &boots.1)
    )
    #expect([.state, .people, .signal].map { kind in a.entries.count { $0.kind == kind } } == [900, 113, 225])
    #expect(b.leak(against: a) == nil)
    #expect(boots.0.count == 1 && boots.1.count == 1)
    #expect(placebo.observation.entries.contains { Self.isSet($0) } && pressed.observation.entries.contains { Self.isSet($0) })
    #expect(placebo.instruction.entries.count == 4 && placebo.instruction != pressed.instruction)
    #expect(pressed.instruction.leak(against: placebo.instruction) == nil)
    // That the simulator listens, and nothing else.
    #expect(placebo.devices == [[1] + Array("odcv/2/signal/panda".utf8)] && pressed.devices == placebo.devices)
  }

  private static func isSet(_ entry: ControllerRecording.Entry) -> Bool {
    entry.kind == .signal && ((try? SignalMessage(decoding: entry.body))?.value ?? 0) != 0
  }
}
