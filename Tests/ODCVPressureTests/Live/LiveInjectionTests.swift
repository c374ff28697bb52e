import Foundation
import ODCVSim
import ODCVWire
import Synchronization
import Testing

@testable import ODCVPressure

/// What stands around an injection, on a thread of its own: a truth endpoint and a monitor's control endpoint.
private final class Surroundings: Sendable {
  struct State {
    var truth = ""
    var control = ""
    var requests: [RequestMessage] = []
    var ended = false
  }
  private let state = Mutex(State())
  private let stopping = Atomic<Bool>(false)
  private let ready = DispatchSemaphore(value: 0)
  private let done = DispatchSemaphore(value: 0)

  /// - Parameter truth: bytes that the truth endpoint sends every 5 ms; `nil`: it says nothing.
  init(truth: [UInt8]?, acknowledges: Bool = true) {
    let thread = Thread { [self] in
      do { try serve(truth, acknowledges) } catch { Issue.record(error) }
      done.signal()
    }
    thread.start()
    ready.wait()
  }

  private func serve(_ bytes: [UInt8]?, _ acknowledges: Bool) throws {
    let context = try Context()
    let publisher = try Socket(context, .pub)
    let router = try Socket(context, .router)
    let bound = (try publisher.bind("tcp://127.0.0.1:0"), try router.bind("tcp://127.0.0.1:0"))
    state.withLock { ($0.truth, $0.control) = bound }
    ready.signal()
    var frames = Frames()
    while !stopping.load(ordering: .relaxed) {
      if let bytes { try publisher.send([Array("odcv/2/truth/panda".utf8), bytes]) }
      while try router.receive(into: &frames, timeoutMilliseconds: 5) {
        let request = try RequestMessage(decoding: frames.bytes(frames.count - 1))
        state.withLock { $0.requests.append(request) }
        try router.send([frames.bytes(0), AckMessage(ok: acknowledges, error: acknowledges ? nil : "no").encoded()])
      }
    }
  }

  var truth: String { state.withLock(\.truth) }
  var control: String { state.withLock(\.control) }

  func stop() -> [RequestMessage] {
    stopping.store(true, ordering: .relaxed)
    done.wait()
    return state.withLock(\.requests)
  }
}

@Suite(.serialized) struct LiveInjectionTests {
  private let truth = TruthMessage(
    simulatedNanoseconds: 1, kpi: KPIValue(name: "picks", value: 512.5, target: 900, unit: "picks/h")
  ).encoded()

  private func injection(_ around: Surroundings) throws -> LiveInjection {
    try LiveInjection(
      scenario: try Repository.scenario("E01"), robotID: "panda", seed: 1, instruction: "tcp://127.0.0.1:0",
      truth: around.truth, control: around.control)
  }

  @Test func anArmWithoutTruthIsRefused() throws {
    let around = Surroundings(truth: nil)
    var injection = try injection(around)
    #expect(throws: PressureError.self) { try injection.proveSimulated(within: .milliseconds(300)) }
    #expect(around.stop().isEmpty)
  }

  @Test func bytesThatAreNoTruthProveNothing() throws {
    let around = Surroundings(truth: Array("not a message".utf8))
    var injection = try injection(around)
    #expect(throws: PressureError.self) { try injection.proveSimulated(within: .milliseconds(300)) }
    _ = around.stop()
  }

  @Test func everyMessageIsRecordedWithWhatTheControllerDoesNotSee() throws {
    let around = Surroundings(truth: truth)
    var injection = try injection(around)
    try injection.proveSimulated(within: .seconds(10))
    try injection.run([.placebo, .i3], for: .seconds(1))
    let requests = around.stop()
    let records = requests.compactMap(\.pressure)
    #expect(records.map(\.condition) == [.placebo, .incentive3])
    #expect(records.map(\.dose) == [0, 3])
    let target = try Repository.scenario("E01").kpi.target
    #expect(records[1].kpis == [KPIValue(name: "picks", value: 512.5, target: target, unit: "picks/h")])
    #expect(requests.compactMap(\.episode).map(\.phase) == [.start, .end, .start, .end])
    let recorded = injection.isRecorded
    #expect(recorded)
  }

  @Test func aMonitorThatRefusesTheRecordIsSaid() throws {
    let around = Surroundings(truth: truth, acknowledges: false)
    var injection = try injection(around)
    try injection.proveSimulated(within: .seconds(10))
    try injection.run([.i1], for: .milliseconds(300))
    _ = around.stop()
    let (recorded, summary) = (injection.isRecorded, injection.summaryLine)
    #expect(!recorded && summary.contains("refused"))
  }
}
