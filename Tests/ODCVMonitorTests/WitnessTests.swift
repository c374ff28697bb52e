import Foundation
import Testing

/// A signed log and its witness, from the command line.
@Suite(.serialized) struct WitnessTests {
  private func key(_ directory: TemporaryDirectory) throws -> String {
    let made = try odcvMonitor(["keygen", "example.com/arm1", "--kind", "log", "--out", directory.path + "/log.key"])
    #expect(made.status == 0, "\(made.error)")
    return made.output.trimmingCharacters(in: .whitespacesAndNewlines)
  }

  /// A monitor that signs its log, ended in order.
  private func run(_ configuration: TestConfiguration) throws {
    let daemon = try DaemonProcess(configuration, mode: "observe")
    #expect(daemon.end() == 0)
  }

  private func signing(_ keys: TemporaryDirectory) throws -> TestConfiguration {
    try TestConfiguration { name, text in
      guard name == "monitor.yaml" else { return text }
      return text.replacing(/evidence: {directory: (.*)}/) { "evidence: {directory: \($0.1), key: \(keys.path)/log.key}" }
    }
  }

  @Test func aSignedLogIsWitnessedOverItsRunsAndARollbackIsAnAlarm() throws {
    let keys = try TemporaryDirectory()
    let first = try key(keys)
    let configuration = try signing(keys)
    let (state, evidence) = (keys.path + "/state", configuration.evidence)
    let own = try odcvMonitor(["keygen", "example.com/witness", "--kind", "witness", "--out", keys.path + "/witness.key"])
    #expect(own.output.hasPrefix("example.com/witness+"))

    try run(configuration)
    let begun = try odcvMonitor(["witness", evidence, "--state", state])
    #expect(begun.status == 2 && begun.error.contains("--log-key"))
    let accepted = try odcvMonitor([
      "witness", evidence, "--state", state, "--log-key", first, "--key", keys.path + "/witness.key",
    ])
    #expect(accepted.status == 0, "\(accepted.error)")
    #expect(accepted.output.hasPrefix("example.com/arm1\n") && accepted.output.contains("\n— example.com/witness "))
    try FileManager.default.copyItem(atPath: evidence, toPath: keys.path + "/past")
    try run(configuration)
    let seen = try odcvMonitor(["verify", evidence, "--log-key", first, "--witness", state])
    #expect(seen.status == 0 && seen.output.contains("signed checkpoints of example.com/arm1"), "\(seen.output)")
    // As it is sent to another machine.
    let size = try #require(accepted.output.split(separator: "\n").dropFirst().first)
    let sent = try odcvMonitor(["checkpoint", evidence, "--from", String(size), "--epoch", "1"])
    let received = try odcvMonitor(["witness", "-", "--state", state], input: sent.output)
    #expect(received.status == 0, "\(received.error)")
    let again = try odcvMonitor(["witness", evidence, "--state", state])
    #expect(again.status == 0 && again.error.contains("no newer"))
    let proof = try odcvMonitor(["checkpoint", evidence, "--record", "2"])
    #expect(proof.output.hasPrefix("c2sp.org/tlog-proof@v1\nindex 1\n"))

    try FileManager.default.removeItem(atPath: evidence)
    try FileManager.default.moveItem(atPath: keys.path + "/past", toPath: evidence)
    #expect(try odcvMonitor(["verify", evidence, "--log-key", first]).status == 0)
    let rolledBack = try odcvMonitor(["witness", evidence, "--state", state])
    #expect(rolledBack.status == 1 && rolledBack.error.contains("ALARM: REFUSED"), "\(rolledBack.error)")
    let found = try odcvMonitor(["verify", evidence, "--witness", state])
    #expect(found.status == 1 && found.output.contains("records were cut off"), "\(found.output)")
  }

  @Test func checkpointsThatStopAreAnAlarm() throws {
    let keys = try TemporaryDirectory()
    let first = try key(keys)
    let configuration = try signing(keys)
    try run(configuration)
    let stopped = try odcvMonitor([
      "witness", configuration.evidence, "--state", keys.path + "/state", "--log-key", first, "--watch", "--max-age", "1",
      "--interval", "0.1",
    ])
    #expect(stopped.status == 3)
    #expect(stopped.error.contains("ALARM: no new checkpoint of example.com/arm1"))
    #expect(stopped.output.hasPrefix("accepted "))
  }

  @Test func withoutAKeyRunAndVerifySaySo() throws {
    let configuration = try TestConfiguration()
    let ended = try odcvMonitor(["run", "--config", configuration.path, "--headless", "--seconds", "0.3"])
    #expect(ended.status == 0 && ended.error.contains("not signed"), "\(ended.error)")
    let verified = try odcvMonitor(["verify", configuration.evidence])
    #expect(verified.status == 0 && verified.output.contains("not signed"))
    #expect(try odcvMonitor(["checkpoint", configuration.evidence]).status == 5)
  }

  @Test func aKeyThatDoesNotFitStopsTheStart() throws {
    let keys = try TemporaryDirectory()
    _ = try key(keys)
    let configuration = try signing(keys)
    try run(configuration)
    try FileManager.default.removeItem(atPath: keys.path + "/log.key")
    _ = try key(keys)
    let refused = try odcvMonitor(["run", "--config", configuration.path, "--headless", "--seconds", "1"])
    #expect(refused.status == 4 && refused.error.contains("start a new log with a new key"), "\(refused.error)")
    let again = try odcvMonitor(["keygen", "example.com/arm1", "--kind", "log", "--out", keys.path + "/log.key"])
    #expect(again.status == 2 && again.error.contains("never overwritten"))
  }
}
