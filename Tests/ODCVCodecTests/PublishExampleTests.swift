import Foundation
import ODCVCodec
import ODCVConfig
import ODCVCore
import ODCVWire
import TestSupport
import Testing

@Suite struct PublishExampleTests {
  /// docs/publish.py against the decoder, the core and the encoder on real sockets: its action passes, and it prints
  /// the verdict.
  @Test(.enabled(if: Python.isReady, "needs scripts/install --test")) func theExampleGetsItsVerdict() throws {
    let modules = try Python.package()
    defer { try? FileManager.default.removeItem(at: modules) }
    var configuration = try configuration()
    configuration.core.cell.peopleSensors.removeAll { $0.id != "cell-camera" }
    configuration.core.cell.obstacleSensors = []
    var decoder = Decoder(configuration)
    var monitor = Monitor(configuration.core)

    let context = try Context()
    let action = try Socket(context, .sub)
    let state = try Socket(context, .sub)
    let scene = try Socket(context, .sub)
    let verdicts = try Socket(context, .pub)
    try action.subscribe("odcv/2/")
    try state.subscribe("odcv/2/")
    try scene.subscribe("odcv/2/")
    let any = "tcp://127.0.0.1:0"
    let process = Python.process(
      "docs/publish.py", [try action.bind(any), try state.bind(any), try scene.bind(any), try verdicts.bind(any)],
      modules: modules)
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    defer { if process.isRunning { process.terminate() } }

    var frames = Frames()
    var refused: [Rejection.Reason] = []
    var kinds: Set<UInt8> = []
    func take(_ socket: borrowing Socket, _ endpoint: Endpoint) throws {
      while try socket.receive(into: &frames, timeoutMilliseconds: 0) {
        let input = decoder.decode(endpoint: endpoint, topic: frames.bytes(0), body: frames.bytes(1))
        if let reason = input.reason { refused.append(reason) }
        let now = MonoInstant(nanoseconds: Int64(monotonicNanoseconds()))
        let verdict = monitor.step(input, at: now)
        switch input {
        case .layout(let layout): if layout.jointsMatch { kinds.insert(1) }
        case .action: kinds.insert(2)
        case .state: kinds.insert(3)
        case .people: kinds.insert(4)
        case .chunk, .obstacles, .signal, .episode, .reset, .release, .restored, .handover, .tick, .heartbeat, .noted, .rejected, .lost, .overrun: break
        }
        var core = [UInt8](repeating: 0, count: Capacity.verdictBytes)
        let count = core.withUnsafeMutableBytes { verdict.encode(into: $0, configuration: configuration.core.digest) }
        let message = VerdictEncoder.message(verdict, core: Array(core[..<count]), configuration: configuration)
        try verdicts.send([Topic.bytes(.verdict, robot: "panda"), message.encoded()])
      }
    }
    while process.isRunning {
      // State and people first: an action is judged against what is known.
      try take(state, .state)
      try take(scene, .scene)
      try take(action, .action)
      usleep(500)
    }
    #expect(process.terminationStatus == 0)
    #expect(refused.isEmpty, "\(refused)")
    #expect(kinds == [1, 2, 3, 4])
    let printed = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    #expect(printed.contains("judged: COMMANDED") && printed.contains("decision: ALLOW"), "\(printed)")
  }

  private func monotonicNanoseconds() -> UInt64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
  }
}
