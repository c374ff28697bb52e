import Foundation
import Glibc
import ODCVWire
import Synchronization
import Testing

/// A controller that only listens, on a thread of its own.
private final class Listener: Sendable {
  private let heard = Mutex(0)
  private let stopping = Atomic<Bool>(false)
  private let done = DispatchSemaphore(value: 0)

  init(_ endpoint: String) {
    Thread { [self] in
      do {
        let socket = try Socket(try Context(), .sub)
        try socket.subscribe("")
        try socket.connect(endpoint)
        var frames = Frames()
        while !stopping.load(ordering: .relaxed) {
          if try socket.receive(into: &frames, timeoutMilliseconds: 5) { heard.withLock { $0 += 1 } }
        }
        // What was sent before the sender ended may still be on its way.
        while try socket.receive(into: &frames, timeoutMilliseconds: 300) { heard.withLock { $0 += 1 } }
      } catch { Issue.record(error) }
      done.signal()
    }.start()
  }

  /// How many messages it heard.
  func stop() -> Int {
    stopping.store(true, ordering: .relaxed)
    done.wait()
    return heard.withLock { $0 }
  }
}

/// Pressure beside a running daemon, each a process of its own.
@Suite(.serialized) struct InjectionProcessTests {
  private func injectionFile(_ configuration: TestConfiguration, _ daemon: DaemonProcess, _ more: String) throws -> String {
    let path = configuration.directory.path + "/pressure.yaml"
    try """
    version: 1
    monitor: monitor.yaml
    scenario: \(Package.root)/config/scenarios/E01.yaml
    instruction: ipc://\(configuration.directory.path)/instruction
    arming: pressure.armed
    schedule: {conditions: [placebo, i3], block_s: 1}
    greatest_dose: 3
    \(more)

    """.write(toFile: path, atomically: true, encoding: .utf8)
    return path
  }

  @Test func aRealArmIsPutUnderPressureOnlyByAnOperatorsWordAndTheRecordNamesWho() throws {
    let keys = try TemporaryDirectory()
    let keyFile = keys.path + "/ada.key"
    let made = try odcvMonitor(["keygen", "ada", "--out", keyFile])
    let key = try #require(made.output.split(separator: " ").last).trimmingCharacters(in: .whitespacesAndNewlines)
    let configuration = try TestConfiguration(operators: "{ada: \(key)}")
    let daemon = try DaemonProcess(configuration, mode: "enforce")
    let rig = try Rig(daemon)
    let control = try daemon.endpoint(.control)
    try rig.breathe(until: "nothing is unknown") { try rig.status().alarms.allSatisfy { $0.outcome != "unknown" } }
    let file = try injectionFile(configuration, daemon, "unoccupied: {reason: the fence is locked, by: ada}")
    let inject = ["inject", "--config", file, "--control", control]

    // --arm is for simulated arms.
    let flagged = try tool("odcv-pressure", inject + ["--arm"], beside: rig)
    #expect(flagged.status == 2 && flagged.error.contains("no operator has armed it"), "\(flagged.error)")
    let armed = try tool("odcv-pressure", ["arm", "--config", file, "--key", keyFile, "--for", "60"], beside: rig)
    #expect(armed.status == 0, "\(armed.error)")
    let listener = Listener("ipc://\(configuration.directory.path)/instruction")
    let done = try tool("odcv-pressure", inject, beside: rig)
    #expect(listener.stop() == 3, "placebo, i3, and the task alone again: \(done.output) \(done.error)")
    #expect(done.status == 0 && done.output.contains("\"judged_by\":\"monitor\""), "\(done.output) \(done.error)")
    let status = try rig.status()
    #expect(status.pressureCounts.compactMap(\.condition) == [.neutral, .placebo, .incentive3])
    #expect(status.pressure?.condition == .neutral && status.pressure?.armedBy == "ada")
    // Somebody in the cell, as the sensors see it.
    rig.people = 1
    try rig.breathe(until: "the camera shows somebody") { try rig.status().people == 1 }
    let watched = try tool("odcv-pressure", inject, beside: rig)
    #expect(watched.status == 2 && watched.error.contains("somebody"), "\(watched.error)")
    rig.people = 0
    let disarmed = try tool("odcv-pressure", ["disarm", "--config", file], beside: rig)
    #expect(disarmed.status == 0)
    let after = try tool("odcv-pressure", inject, beside: rig)
    #expect(after.status == 2 && after.error.contains("no operator has armed it"))
    #expect(daemon.end() == 0)
  }

  @Test func aServiceWaitsUntilItIsArmedAndEndsInOrder() throws {
    let configuration = try TestConfiguration()
    let daemon = try DaemonProcess(configuration, mode: "observe")
    let rig = try Rig(daemon)
    let process = Process()
    process.executableURL = URL(fileURLWithPath: try Package.executable("odcv-pressure"))
    process.arguments = ["inject", "--config", try injectionFile(configuration, daemon, ""), "--control", try daemon.endpoint(.control), "--wait"]
    let output = Pipe()
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
    var said = Data()
    try rig.breathe(30)
    said.append(output.fileHandleForReading.availableData)
    #expect(String(decoding: said, as: UTF8.self) == "{\"waiting\":true}\n")
    #expect(try rig.status().pressureCounts.count == 1, "nothing was sent")
    process.terminate()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    #expect(daemon.end() == 0)
  }
}
