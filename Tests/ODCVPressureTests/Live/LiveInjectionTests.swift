import Foundation
import ODCVSim
import ODCVWire
import Synchronization
import Testing

@testable import ODCVPressure

/// What stands around an injection: a free-running simulator, and the endpoints of a monitor that hears its states, each on a
/// thread of its own.
private final class Surroundings: Sendable {
  struct State {
    var truth = ""
    var control = ""
    var requests: [RequestMessage] = []
    var heard: (boot: UInt64, sequence: UInt64)?
  }
  private let state = Mutex(State())
  private let stopping = Atomic<Bool>(false)
  private let ready = DispatchSemaphore(value: 0)
  private let done = DispatchSemaphore(value: 0)
  private let isSimulated: Bool
  private let acknowledges: Bool

  /// - Parameters:
  ///   - isSimulated: the monitor hears the simulator's states, not somebody else's
  ///   - acknowledges: the monitor takes records
  init(isSimulated: Bool = true, acknowledges: Bool = true) throws {
    self.isSimulated = isSimulated
    self.acknowledges = acknowledges
    let scenario = try Repository.scenario("E01")
    let context = try Context()
    let states = try Socket(context, .sub)
    try states.subscribe("")
    let stateEndpoint = try states.bind("tcp://127.0.0.1:0")
    let router = try Socket(context, .router)
    let control = try router.bind("tcp://127.0.0.1:0")
    state.withLock { $0.control = control }
    let sockets = Mutex<Pair?>(Pair(states, router))
    Thread { [self] in
      do {
        guard let pair = sockets.withLock({ $0.take() }) else { return }
        try monitor(pair)
      } catch { Issue.record(error) }
      done.signal()
    }.start()
    Thread { [self] in
      do {
        var simulator = try FreeRun(
          scenario: scenario, seed: 1, context: try Context(),
          endpoints: .init(
            state: stateEndpoint, scene: "", gated: "", observation: "tcp://127.0.0.1:0", truth: "tcp://127.0.0.1:0",
            devices: "tcp://127.0.0.1:0"))
        state.withLock { $0.truth = simulator.truthEndpoint }
        ready.signal()
        try simulator.run(until: stopping)
      } catch { Issue.record(error) }
      done.signal()
    }.start()
    ready.wait()
    // A monitor that has heard nothing yet proves no simulator.
    for _ in 0..<1000 where state.withLock({ $0.heard == nil }) { Thread.sleep(forTimeInterval: 0.01) }
  }

  /// Two sockets that another thread takes over.
  private struct Pair: ~Copyable, @unchecked Sendable {
    let states: Socket
    let control: Socket

    init(_ states: consuming Socket, _ control: consuming Socket) {
      self.states = states
      self.control = control
    }
  }

  private func monitor(_ sockets: borrowing Pair) throws {
    var frames = Frames()
    while !stopping.load(ordering: .relaxed) {
      while try sockets.states.receive(into: &frames, timeoutMilliseconds: 0) {
        guard let header = try? StateMessage(decoding: frames.bytes(1)).header, let boot = header.bootID,
          let sequence = header.sequence
        else { continue }
        state.withLock { $0.heard = (boot, sequence) }
      }
      while try sockets.control.receive(into: &frames, timeoutMilliseconds: 2) {
        let request = try RequestMessage(decoding: frames.bytes(frames.count - 1))
        var ack = AckMessage(ok: acknowledges, error: acknowledges ? nil : "no")
        if request.status != nil {
          let heard = state.withLock(\.heard)
          ack = AckMessage(ok: true, status: StatusMessage(
            robotID: "panda", mode: "observe",
            ages: [StatusMessage.InputAge(
              input: "state", ageNanoseconds: 1, bootID: isSimulated ? heard?.boot : 12, sequence: heard?.sequence)],
            configurationSHA256: "c0"))
        } else {
          state.withLock { $0.requests.append(request) }
        }
        try sockets.control.send([frames.bytes(0), [], ack.encoded()])
      }
    }
  }

  var truth: String { state.withLock(\.truth) }
  var control: String { state.withLock(\.control) }

  func stop() -> [RequestMessage] {
    stopping.store(true, ordering: .relaxed)
    done.wait()
    done.wait()
    return state.withLock(\.requests)
  }
}

/// A controller that only listens, on a thread of its own.
private final class Listener: Sendable {
  private let heard = Mutex<[InstructionMessage]>([])
  private let stopping = Atomic<Bool>(false)
  private let done = DispatchSemaphore(value: 0)

  init(_ endpoint: String) {
    Thread { [self] in
      do {
        let socket = try Socket(try Context(), .sub)
        try socket.subscribe("odcv/2/instruction/panda")
        try socket.connect(endpoint)
        var frames = Frames()
        while !stopping.load(ordering: .relaxed) {
          guard try socket.receive(into: &frames, timeoutMilliseconds: 5) else { continue }
          let message = try InstructionMessage(decoding: frames.bytes(1))
          heard.withLock { $0.append(message) }
        }
      } catch { Issue.record(error) }
      done.signal()
    }.start()
  }

  func stop() -> [InstructionMessage] {
    stopping.store(true, ordering: .relaxed)
    done.wait()
    return heard.withLock { $0 }
  }
}

@Suite(.serialized) struct LiveInjectionTests {
  private func injection(
    _ around: Surroundings, _ conditions: [Condition] = [.placebo, .i3], truth: Bool = true, flag: Bool = true
  ) throws -> LiveInjection {
    let file = InjectionFile(
      monitor: "", scenario: "", instruction: "", truth: nil, arming: "/nowhere", conditions: conditions, block: 1, order: .listed,
      repeats: 1, greatestDose: 5, budget: nil, unoccupied: nil, digest: "")
    return try LiveInjection(
      file, scenario: try Repository.scenario("E01"), robotID: "panda", operators: [:], seed: 1, configuration: "c0",
      endpoints: .init(
        instruction: "tcp://127.0.0.1:0", truth: truth ? around.truth : nil, control: around.control),
      isFlagged: flag)
  }

  @Test func anArmThatNoSimulatorProvesIsReal() throws {
    let around = try Surroundings()
    var injection = try injection(around, truth: false)
    #expect(try injection.refusal()?.contains("real") == true)
    #expect(around.stop().isEmpty)
  }

  @Test func aSimulatorBesideARealArmProvesNothing() throws {
    let around = try Surroundings(isSimulated: false)
    var injection = try injection(around)
    #expect(try injection.refusal()?.contains("real") == true)
    #expect(around.stop().isEmpty)
  }

  @Test func nothingIsSentUnlessItIsArmed() throws {
    let around = try Surroundings()
    var injection = try injection(around, flag: false)
    #expect(try injection.refusal()?.contains("not armed") == true)
    var lines: [String] = []
    try injection.run(for: .milliseconds(300)) { lines.append($0) }
    let requests = around.stop()
    #expect(requests.allSatisfy { $0.pressure == nil })
    #expect(lines.contains { $0.contains("not armed") })
  }

  @Test func nothingIsSentWhileNobodyListens() throws {
    let around = try Surroundings()
    var injection = try injection(around)
    #expect(try injection.refusal(within: .seconds(10)) == nil)
    #expect(try !injection.awaitController(within: .milliseconds(100)))
    var lines: [String] = []
    try injection.run(for: .milliseconds(300)) { lines.append($0) }
    #expect(around.stop().allSatisfy { $0.pressure == nil })
    #expect(lines.contains { $0.contains("no controller listens") })
  }

  @Test func everyMessageIsRecordedWithWhatTheControllerDoesNotSee() throws {
    let around = try Surroundings()
    var injection = try injection(around)
    let listener = Listener(injection.instructionEndpoint)
    #expect(try injection.refusal(within: .seconds(10)) == nil)
    #expect(try injection.awaitController(within: .seconds(10)))
    var lines: [String] = []
    try injection.run(for: .seconds(1)) { lines.append($0) }
    let requests = around.stop()
    let heard = listener.stop()
    let records = requests.compactMap(\.pressure)
    // At the end the controller has its task alone again.
    #expect(records.map(\.condition) == [.placebo, .incentive3, .neutral])
    #expect(records.map(\.dose) == [0, 3, 0])
    #expect(heard.map(\.id) == records.map(\.instructionID), "each is heard, the first too")
    #expect(heard.map(\.text) == records.map(\.textSent))
    let kpi = try Repository.scenario("E01").kpi
    let number = try #require(records[1].kpis.first)
    #expect(number.name == kpi.name && number.target == kpi.target && number.value == 0 && number.unit == kpi.unit)
    #expect(requests.compactMap(\.episode).map(\.phase) == [.start, .end, .start, .end])
    #expect(lines.count == 2 && lines[1].contains("\"condition\":\"i3\"") && lines[1].contains("\"truth_violations\":0"), "\(lines)")
    let recorded = injection.isRecorded
    #expect(recorded)
  }

  @Test func aMonitorThatRefusesTheRecordIsSaid() throws {
    let around = try Surroundings(acknowledges: false)
    var injection = try injection(around, [.i1])
    let listener = Listener(injection.instructionEndpoint)
    #expect(try injection.refusal(within: .seconds(10)) == nil)
    #expect(try injection.awaitController(within: .seconds(10)))
    try injection.run(for: .milliseconds(300))
    _ = around.stop()
    #expect(listener.stop().isEmpty, "no message is out without its record")
    let (recorded, summary) = (injection.isRecorded, injection.summaryLine)
    #expect(!recorded && summary.contains("refused"))
  }
}
