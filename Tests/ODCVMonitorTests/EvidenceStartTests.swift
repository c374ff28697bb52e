import Foundation
import ODCVWire
import Testing

@testable import ODCVEvidence
@testable import ODCVMonitor

/// What a daemon does with its evidence directory when it can't start, and with its files while it runs.
@Suite(.serialized) struct EvidenceStartTests {
  private static func runs(_ configuration: TestConfiguration) -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: configuration.evidence)) ?? []).filter { $0.hasPrefix("run-") }
  }

  @Test func aSecondDaemonThatIsRefusedLeavesNoRun() throws {
    let configuration = try TestConfiguration()
    let daemon = try DaemonProcess(configuration)
    let locked = try odcvMonitor(["run", "--config", configuration.path, "--seconds", "1"])
    #expect(locked.status == 4 && locked.error.contains("another monitor writes there"), "\(locked.error)")
    #expect(Self.runs(configuration).count == 1)
    // Another directory, and an endpoint that is taken.
    let taken = try daemon.endpoint(.state)
    let port = try #require(taken.split(separator: ":").last)
    let other = try TestConfiguration { name, text in
      guard name == "monitor.yaml" else { return text }
      return text.replacingOccurrences(of: "state: tcp://127.0.0.1:0", with: "state: tcp://127.0.0.1:\(port)")
    }
    #expect(try String(contentsOfFile: other.path, encoding: .utf8).contains(":\(port)"))
    let refused = try odcvMonitor(
      ["run", "--config", other.path, "--seconds", "1"], environment: ["RUNTIME_DIRECTORY": other.directory.path])
    #expect(refused.status == 4, "\(refused.error)")
    #expect(Self.runs(other) == [])
    #expect(try odcvMonitor(["verify", other.evidence]).status == 0)
    #expect(daemon.end() == 0)
  }

  @Test func spaceThatCanNeverBeLeftIsRefusedAtTheStart() throws {
    let configuration = try TestConfiguration { name, text in
      name == "monitor.yaml"
        ? text.replacingOccurrences(of: "evidence: {directory: ", with: "evidence: {min_free_mb: 100000000, policy: oldest, directory: ") : text
    }
    let refused = try odcvMonitor(["run", "--config", configuration.path, "--seconds", "1"])
    #expect(refused.status == 2 && refused.error.contains("evidence.min_free_mb is 100000000"), "\(refused.error)")
    #expect(!FileManager.default.fileExists(atPath: configuration.evidence))
  }

  @Test func aRecordingThatIsRemovedIsAnAlarmAndTheStartLocksNothing() throws {
    let configuration = try TestConfiguration()
    let daemon = try DaemonProcess(configuration)
    let rig = try Rig(daemon)
    try rig.breathe(10)
    try FileManager.default.removeItem(atPath: daemon.recording)
    try rig.breathe(until: "told") { rig.alarms.contains { $0.id == "evidence.files" && $0.state == .raised } }
    let listed = try odcvMonitor(["alarms", "list", "--endpoint", daemon.endpoint(.control)])
    #expect(listed.output.contains("evidence.files"), "\(listed.output) \(listed.error)")
    #expect(daemon.end() == 0)
    let said = try String(contentsOfFile: configuration.directory.path + "/stderr", encoding: .utf8)
    #expect(said.contains("\(daemon.recording): was removed or moved away"), "\(said)")
    // What it did not know before it had heard anything is in the log all the same.
    let records = try LogVerifier.records(directory: configuration.evidence).filter { $0.kind == .violation }
    #expect(LogChain.isOfTheStart(try #require(records.first)))
  }

  @Test func whereThereIsNoLogNothingIsCalledIntact() throws {
    let directory = try TemporaryDirectory()
    for makes in [false, true] {
      if makes {
        try FileManager.default.createDirectory(atPath: directory.path + "/violations", withIntermediateDirectories: false)
        try Data().write(to: URL(fileURLWithPath: directory.path + "/violations/" + SegmentName.name(1)))
      }
      let plain = try odcvMonitor(["verify", directory.path])
      #expect(plain.status == 5 && plain.error.contains("no violation log here") && !plain.output.contains("intact"), "\(plain.output)")
      let json = try odcvMonitor(["verify", directory.path, "--json"])
      #expect(json.status == 5 && json.output.contains("\"intact\":false"), "\(json.output)")
    }
  }
}
