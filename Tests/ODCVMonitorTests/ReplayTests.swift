import Foundation
import ODCVEvidence
import ODCVWire
import Testing

/// A recording feeds a real daemon over ZeroMQ.
@Suite(.serialized) struct ReplayTests {
  private let run: RecordedRun

  init() throws { run = try RecordedRun.shared.get() }

  private func endpoints(_ daemon: DaemonProcess) throws -> [String] {
    try [Endpoint.action, .state, .scene, .control, .verdict].flatMap { ["--\($0.rawValue)", try daemon.endpoint($0)] }
  }

  /// In order of arrival, without what the loop made itself and how the streams began anew.
  private func messages(_ path: String) throws -> [RecordedInput.Event] {
    var recording = try Recording(path: path)
    var events: [RecordedInput.Event] = []
    while let item = try recording.next() {
      if case .input(let input) = item, case .message = input.event { events.append(input.event) }
    }
    return events
  }

  @Test func inLockStepEveryMessageIsJudgedInItsOrderAndTheVerdictsAreThoseOfTheCore() throws {
    // A pause of the daemon throws away what waits: not what is tested here.
    let configuration = try TestConfiguration { $1.replacingOccurrences(of: "lease_s: 0.1", with: "lease_s: 0.5") }
    let daemon = try DaemonProcess(configuration, mode: "observe")
    let replay = try odcvMonitor(["replay", run.recording, "--lockstep", "--json"] + endpoints(daemon))
    #expect(replay.status == 0, "\(replay.output) \(replay.error)")
    #expect(daemon.end() == 0)
    let report = try #require(try JSONSerialization.jsonObject(with: Data(replay.output.utf8)) as? [String: Any])
    #expect(report["unanswered"] as? Int == 0)
    // Byte for byte the same messages, in the same order.
    let (sent, came) = (try messages(run.recording), try messages(daemon.recording))
    #expect(report["sent"] as? Int == sent.count)
    #expect(came.count == sent.count + 1 && Array(came.dropFirst()) == sent)
    // What the daemon said live is what the core says of them, byte for byte, and the violation is found again.
    let check = try odcvMonitor(["check", daemon.recording, "--compare", "--json", "-"])
    let result = try RecordedRun.result(check.output)
    #expect(result["differing"] as? Int == 0 && (result["compared"] as? Int ?? 0) >= sent.count)
    let rules = try #require(result["rules"] as? [String: [String: Any]])
    #expect((rules["clearance.static"]?["violation_certain"] as? Int ?? 0) > 0)
  }

  @Test func withTheClockItTakesItsTimeDividedByTheSpeed() throws {
    let daemon = try DaemonProcess(TestConfiguration(), mode: "observe")
    let replay = try odcvMonitor(["replay", run.recording, "--speed", "4"] + endpoints(daemon))
    #expect(replay.status == 0, "\(replay.error)")
    #expect(daemon.end() == 0)
    #expect(try messages(daemon.recording).count > 100)
  }

  @Test func nobodyThereEndsWithFourNothingToSendWithFiveAndBadInputWithTwo() throws {
    let named = ["--action", "--state", "--scene", "--control", "--verdict"].flatMap { [$0, "tcp://127.0.0.1:9"] }
    let alone = try odcvMonitor(["replay", run.recording] + named)
    #expect(alone.status == 4 && alone.error.contains("nobody listens at tcp://127.0.0.1:9"), "\(alone.error)")
    // Its own configuration takes any port.
    #expect(try odcvMonitor(["replay", run.recording]).status == 2)
    #expect(try odcvMonitor(["replay", run.recording, "--speed", "2", "--lockstep"] + named).status == 2)
    #expect(try odcvMonitor(["replay", "/nowhere.mcap"] + named).status == 2)
    let directory = try TemporaryDirectory()
    let empty = directory.path + "/empty.mcap"
    try rewrite(run.recording, to: empty) { _, _ in false }
    #expect(try odcvMonitor(["replay", empty] + named).status == 5)
  }

  @Test func aRecordingWithInputsMissingIsSentAndEndsWithThree() throws {
    let directory = try TemporaryDirectory()
    let gappy = directory.path + "/gappy.mcap"
    try rewrite(run.recording, to: gappy) { message, _ in message.sequence != 700 && message.sequence < 800 }
    let daemon = try DaemonProcess(TestConfiguration(), mode: "observe")
    let replay = try odcvMonitor(["replay", gappy, "--lockstep"] + endpoints(daemon))
    #expect(replay.status == 3 && replay.error.contains("inputs are missing"), "\(replay.error)")
    #expect(daemon.end() == 0)
  }
}
