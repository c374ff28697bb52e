import Foundation
import Glibc
import ODCVConfig
import ODCVCore
import ODCVEvidence
import ODCVWire
import Testing

@testable import ODCVMonitor

/// A configuration that is changed under a running daemon.
@Suite(.serialized) struct ReloadTests {
  private func change(_ configuration: TestConfiguration, _ file: String, _ old: String, _ new: String) throws {
    let path = configuration.directory.path + "/" + file
    let text = try String(contentsOfFile: path, encoding: .utf8)
    try #require(text.contains(old), "\(file) does not say \(old)")
    try text.replacingOccurrences(of: old, with: new).write(toFile: path, atomically: true, encoding: .utf8)
  }

  private func said(_ configuration: TestConfiguration) throws -> String {
    try String(contentsOfFile: configuration.directory.path + "/stderr", encoding: .utf8)
  }

  private func recordings(_ configuration: TestConfiguration) throws -> [String] {
    try EvidenceDirectory.recordings(root: configuration.evidence)
  }

  /// Lets controller, arm and camera go on until something holds.
  private func command(_ rig: Rig, until what: String, _ condition: () throws -> Bool) throws {
    try waitUntil(what) {
      for _ in 0..<5 {
        try rig.send(rig.action(Rig.home))
        try rig.breathe(1)
      }
      return try condition()
    }
  }

  private func check(_ recording: String) throws -> (status: Int32, result: [String: Any]) {
    let checked = try odcvMonitor(["check", recording, "--compare", "--json", "-"])
    let parsed = try JSONSerialization.jsonObject(with: Data(checked.output.utf8)) as? [String: Any]
    let list = parsed?["recordings"] as? [[String: Any]]
    return (checked.status, try #require(list?.first ?? parsed, "\(checked.output) \(checked.error)"))
  }

  @Test func anotherConfigurationIsInForceBetweenTwoCommandsAndEveryCommandIsJudged() throws {
    let configuration = try TestConfiguration()
    let daemon = try DaemonProcess(configuration, mode: "enforce")
    let rig = try Rig(daemon)
    try command(rig, until: "commands pass") { rig.driven.contains { (try? ActionMessage(decoding: $0))?.space == .jointPosition } }
    try rig.forget()
    let known = try rig.status()
    let before = try #require(known.configurationSHA256)
    let first = rig.header("action").sequence!  // a number that no command has: the next ones follow it
    try change(configuration, "rules/site.yaml", "greatest_m_s: 1.7", "greatest_m_s: 1.2")
    daemon.signal(SIGHUP)
    try command(rig, until: "reloaded") { try said(configuration).contains("reloaded: ") }
    try command(rig, until: "more commands") { rig.driven.count > 400 }
    #expect(try rig.status().configurationSHA256 != before)
    try rig.breathe(20)
    // Each command has one verdict, and the driver was told each.
    let last = rig.header("action").sequence! - 1
    let judged = rig.seen.filter { $0.judged == .commanded }.compactMap(\.actionSequence)
    // Beside the number that no command has.
    let lost = Int64(try #require(rig.status().lost)) - Int64(known.lost ?? 0) - 1
    if lost == 0 {
      #expect(judged == Array(first + 1...last))
      #expect(rig.driven.count == Int(last - first))
    } else {
      // The machine gave the loop no time, and what had waited for too long was thrown away and counted.
      #expect(judged == judged.sorted() && Int64(judged.count) + lost >= Int64(last - first), "\(judged), \(lost) lost")
    }
    #expect(daemon.end() == 0)
    // Two recordings without a gap, each judged again to the same bytes under its own configuration.
    let runs = try recordings(configuration)
    try #require(runs.count == 2)
    var digests: [String] = []
    for run in runs {
      let (_, result) = try check(run)
      #expect(result["gaps"] as? [String] == [], "\(result)")
      #expect(result["differing"] as? Int == 0)
      #expect(result["compared"] as? Int ?? 0 > 50)
      digests.append(result["configuration_sha256"] as? String ?? "")
    }
    #expect(digests[0] == before && digests[1] != before)
    let names = runs.map { URL(fileURLWithPath: $0).deletingLastPathComponent().lastPathComponent }
    let closing = try Recording(path: runs[0]).closing
    #expect(closing?["next"] == names[1])
    let metadata = try Recording(path: runs[1]).metadata
    #expect(metadata["previous"] == names[0])
    let inForceFrom = try Recording(path: runs[1]).inForceFrom
    #expect(inForceFrom ?? 0 > 50)
    let verified = try odcvMonitor(["verify", configuration.evidence])
    #expect(verified.status == 0)
  }

  /// Who edits one line may have edited more than he meant.
  @Test func whatTheNewConfigurationNoLongerSeesOrLimitsIsTold() throws {
    let configuration = try TestConfiguration()
    let daemon = try DaemonProcess(configuration, mode: "enforce")
    let rig = try Rig(daemon)
    try change(configuration, "rules/site.yaml", "greatest_m_s: 1.7", "greatest_m_s: 1.9")
    try change(configuration, "rules/site.yaml", "clear_after_s: 0.5", "clear_after_s: 0.25")
    try change(configuration, "cells/e01.yaml", "not_measured:\n", "not_measured:\n  mode: {reason: nobody wired it, by: test}\n")
    try change(configuration, "cells/e01.yaml", "automatic_modes: [1]", "automatic_modes: []")
    try change(configuration, "cells/e01.yaml", "  post:", "  pillar:")
    daemon.signal(SIGHUP)
    try command(rig, until: "reloaded") { try said(configuration).contains("reloaded: integrity.clock") }
    let text = try said(configuration)
    for told in [
      "cells/e01.yaml:28 was: automatic_modes: [1]", ":28 is: automatic_modes: []", ":12 was:   post: {box:", ":12 is:   pillar: {box:",
      "rules/site.yaml:", "was:     greatest_m_s: 1.7", "is:     greatest_m_s: 1.9", "no longer measured: mode: nobody wired it (test)", "no longer there: obstacle post",
      "motion.tcp-speed: ", "1.9 m/s", "(was ", "1.7 m/s", "integrity.clock: `clear_after_s` 0.25 s (was 0.5 s)",
    ] {
      #expect(text.contains(told), "\(told) in \(text)")
    }
    #expect(daemon.end() == 0)
  }

  @Test func theChangedLinesOfAFileAreTold() {
    func changes(_ was: String, _ now: String) -> [String] { ConfigurationChange.changes("f", Array(was.utf8), Array(now.utf8)) }
    #expect(changes("a: 1\nb: 2\nc: 3\n", "a: 1\nb: 4\nc: 3\n") == ["f:2 was: b: 2", "f:2 is: b: 4"])
    #expect(changes("a: 1\n", "a: 1\n  b: 2\n") == ["f:2 is:   b: 2"])
    #expect(changes("# old\na: 1\n\n", "# new\n\na: 1\n") == [])
    // Two lines of a file of another system's, and nothing but its ends of lines.
    #expect(changes("# x\r\na: 1\r\n", "# x\r\na: 2\r\n") == ["f:2 was: a: 1", "f:2 is: a: 2"])
    #expect(changes("a: 1\r\nb: 2\r\n", "a: 1\nb: 2\n") == [])
    // What each was is told beside what it is, and how much is not told.
    func numbers(_ count: Int, from first: Int) -> String { (0..<count).map { "k: \(first + $0)\n" }.joined() }
    let many = changes(numbers(60, from: 0), numbers(60, from: 100))
    #expect(many.count == 41 && many[38...] == ["f:20 was: k: 19", "f:20 is: k: 119", "f: and 80 more lines"], "\(many)")
    #expect(changes(numbers(3000, from: 0), numbers(4000, from: 10_000)) == ["f: 3000 lines are 4000 others"])
  }

  @Test func whatCannotFollowIsRefusedWithItsReasonAndTheOldConfigurationStays() throws {
    let configuration = try TestConfiguration()
    let daemon = try DaemonProcess(configuration, mode: "enforce")
    let rig = try Rig(daemon)
    let before = try #require(try rig.status().configurationSHA256)
    let cases = [
      ("monitor.yaml", "mode: observe", "mode: obey", "monitor.yaml:"),
      ("rules/site.yaml", "greatest_m_s: 1.7", "greatest_m_s: -1", "site.yaml:"),
      ("monitor.yaml", "robot_id: panda", "robot_id: other", "the arms are now other, not panda"),
      ("monitor.yaml", configuration.evidence, configuration.evidence + "-2", "`evidence` of `panda` is another"),
      (
        "cells/e01.yaml", "people_sensors:\n",
        "people_sensors:\n  second: {max_age_s: 0.2, latency_s: 0.02, position_error_m: 0.02, coverage: "
          + "[{center_m: [0, 0, 0.75], size_m: [6, 6, 4]}]}\n", "knows nothing under it: "
      ),
    ]
    for (file, old, new, reason) in cases {
      try change(configuration, file, old, new)
      let known = try said(configuration).count
      daemon.signal(SIGHUP)
      try command(rig, until: "refused: \(new)") {
        String(try said(configuration).dropFirst(known)).contains("reload refused, the configuration in force stays: ")
      }
      let text = String(try said(configuration).dropFirst(known))
      #expect(text.contains(reason), "\(text)")
      #expect(try rig.status().configurationSHA256 == before)
      try change(configuration, file, new, old)
    }
    // Of what was tried nothing is left, and the next order is carried out.
    #expect(try recordings(configuration).count == 1)
    daemon.signal(SIGHUP)
    try command(rig, until: "reloaded") { try said(configuration).contains("reloaded: ") }
    #expect(daemon.end() == 0)
    #expect(try recordings(configuration).count == 2)
  }

  @Test func whatIsLatchedStaysLatchedAndItsResetIsSignedAnew() throws {
    let keys = try TemporaryDirectory()
    let made = try odcvMonitor(["keygen", "anna", "--out", keys.path + "/key"])
    let key = try #require(made.output.split(separator: " ").last).trimmingCharacters(in: .whitespacesAndNewlines)
    let configuration = try TestConfiguration(operators: "{anna: \"\(key)\"}")
    let daemon = try DaemonProcess(configuration, mode: "enforce")
    let rig = try Rig(daemon)
    rig.contacts = [StateMessage.Contact(link: "panda_link5", other: "crate", normalForce: 40)]
    try rig.breathe(until: "latched") { rig.seen.contains { $0.decision == .halt } }
    rig.contacts = []
    try rig.breathe(8)
    let before = try rig.status()
    try change(configuration, "rules/site.yaml", "greatest_m_s: 1.7", "greatest_m_s: 1.2")
    daemon.signal(SIGHUP)
    try command(rig, until: "reloaded") { try said(configuration).contains("reloaded: ") }
    try rig.forget()
    try rig.send(rig.action(Rig.home))
    try rig.breathe(until: "the action is answered by a stop") { !rig.driven.isEmpty }
    #expect(rig.driven.allSatisfy { (try? ActionMessage(decoding: $0))?.space == .stop })
    let after = try rig.status()
    #expect(after.latch == before.latch && after.latch != 0)
    #expect(after.latchCause?.link == "panda_link5")
    #expect(after.resetNonce != before.resetNonce)
    let control = ["--endpoint", try daemon.endpoint(.control)]
    let reset = try odcvMonitor(["alarms", "reset", "--key", keys.path + "/key"] + control, beside: rig)
    #expect(reset.status == 0, "\(reset.error)")
    #expect(daemon.end() == 0)
    for run in try recordings(configuration) { #expect(try check(run).result["differing"] as? Int == 0) }
  }

  @Test func whatTheNewConfigurationWouldHaveHeldIsStopped() throws {
    let configuration = try TestConfiguration()
    let daemon = try DaemonProcess(configuration)
    let rig = try Rig(daemon)
    // A jump, which a monitor that only observes lets through.
    var far = Rig.home
    far[0] += 1.2
    try rig.send(rig.action(far))
    try rig.breathe(until: "forwarded") { !rig.driven.isEmpty }
    #expect(try ActionMessage(decoding: rig.driven[0]).position == far)
    // What moves no joint leaves the driver on its way.
    try rig.forget()
    try rig.send(ActionMessage(header: rig.header("action"), space: .noMotion))
    try rig.breathe(until: "forwarded") { !rig.driven.isEmpty }
    try rig.forget()
    try change(configuration, "monitor.yaml", "mode: observe", "mode: enforce")
    daemon.signal(SIGHUP)
    try rig.breathe(until: "reloaded") { try said(configuration).contains("reloaded: ") }
    try rig.breathe(4)
    #expect(try said(configuration).contains("enforce instead of observe; the arm was told to stop"))
    #expect(try #require(rig.driven.first.map { try ActionMessage(decoding: $0) }).space == .stop)
    // A delta from the last command is one from where the arm is: nothing is known of the jump any more.
    #expect(try rig.status().mode == "enforce")
    #expect(daemon.end() == 0)
    for run in try recordings(configuration) { #expect(try check(run).result["differing"] as? Int == 0) }
  }

  /// The new configuration knows nothing of what is over; it may not let the arm go before the old one would.
  @Test func whatIsHeldForSomethingThatIsOverStaysHeldThroughAReload() throws {
    let configuration = try TestConfiguration()
    try change(
      configuration, "rules/site.yaml", "    fraction: 1.0\n    reduced_fraction", "    fraction: 1.0\n    clear_after_s: 9\n    reduced_fraction")
    let daemon = try DaemonProcess(configuration, mode: "enforce")
    let rig = try Rig(daemon)
    try command(rig, until: "commands pass") { rig.driven.contains { (try? ActionMessage(decoding: $0))?.space == .jointPosition } }
    rig.velocity = [2.4, 0, 0, 0, 0, 0, 0]
    try rig.breathe(until: "a violation") {
      rig.seen.contains { $0.findings.contains { $0.rule == "motion.velocity" && $0.outcome == .violationCertain } }
    }
    rig.velocity = [Double](repeating: 0, count: 7)
    let over = monotonicNow()
    daemon.signal(SIGHUP)
    try rig.forget()
    try command(rig, until: "reloaded") { try said(configuration).contains("reloaded: ") }
    // By the old one's hold, or by the new one's own where it began with something unknown.
    try command(rig, until: "let go") { rig.driven.contains { (try? ActionMessage(decoding: $0))?.space == .jointPosition } }
    #expect(monotonicNow().nanoseconds - over.nanoseconds > 8_500_000_000, "the arm was let go before the old configuration would")
    #expect(daemon.end() == 0)
    for run in try recordings(configuration) { #expect(try check(run).result["differing"] as? Int == 0) }
  }

  /// What is never read to its end keeps nobody from the reload that follows.
  @Test func aPipeInPlaceOfTheConfigurationIsRefusedAndTheNextReloadIsNot() throws {
    let configuration = try TestConfiguration()
    let daemon = try DaemonProcess(configuration, mode: "enforce")
    let rig = try Rig(daemon)
    let good = try Data(contentsOf: URL(fileURLWithPath: configuration.path))
    try FileManager.default.removeItem(atPath: configuration.path)
    #expect(mkfifo(configuration.path, 0o600) == 0)
    daemon.signal(SIGHUP)
    try rig.breathe(until: "refused") { try said(configuration).contains("is not a regular file") }
    try FileManager.default.removeItem(atPath: configuration.path)
    try good.write(to: URL(fileURLWithPath: configuration.path))
    daemon.signal(SIGHUP)
    try command(rig, until: "reloaded") { try said(configuration).contains("reloaded: ") }
    #expect(daemon.end() == 0)
  }

  @Test func aChunkThatIsUnderWayGoesOn() throws {
    let configuration = try TestConfiguration()
    let daemon = try DaemonProcess(configuration, mode: "enforce")
    let rig = try Rig(daemon)
    try command(rig, until: "commands pass") { rig.driven.contains { (try? ActionMessage(decoding: $0))?.space == .jointPosition } }
    daemon.signal(SIGHUP)
    try waitUntil("a second recording is there") {
      try rig.breathe(1)
      return try recordings(configuration).count == 2
    }
    try rig.breathe(60)
    try rig.forget()
    #expect(!(try said(configuration)).contains("reloaded"))
    let rows = 64
    var chunk = rig.action([])
    chunk.chunkID = 1
    chunk.chunkLength = UInt32(rows)
    chunk.chunkPeriodNanoseconds = 20_000_000
    chunk.horizonPosition = (0..<rows).flatMap { _ in Rig.home }
    try rig.send(chunk)
    func driven() throws -> [ActionMessage] { try rig.driven.map { try ActionMessage(decoding: $0) } }
    let known = try rig.status()
    try rig.breathe(until: "the last row") { try driven().contains { $0.chunkStep == UInt32(rows - 1) } }
    #expect(try said(configuration).contains("reloaded"), "the chunk was over before")
    let steps = try driven().compactMap(\.chunkStep)
    let now = try rig.status()
    if now.lost == known.lost, now.overruns == known.overruns {
      #expect(try driven().prefix(rows).allSatisfy { $0.space == .jointPosition })
      #expect(steps == (0..<UInt32(rows)).map { $0 })
    } else {
      // The machine gave the loop no time: the arm was told to hold where a verdict came too late.
      #expect(steps == steps.sorted())
    }
    #expect(daemon.end() == 0)
    for run in try recordings(configuration) { #expect(try check(run).result["differing"] as? Int == 0) }
  }

  @Test func ofAConfigurationThatWasNeverInForceACheckSaysSo() throws {
    let configuration = try TestConfiguration()
    let daemon = try DaemonProcess(configuration, mode: "enforce")
    let rig = try Rig(daemon)
    daemon.signal(SIGHUP)
    try command(rig, until: "a second recording is there") { try recordings(configuration).count == 2 }
    daemon.kill()
    #expect(!(try said(configuration)).contains("reloaded"), "killed too late")
    let (status, result) = try check(try recordings(configuration)[1])
    #expect(status == 3 || status == 5)
    #expect((result["gaps"] as? [String] ?? []).contains { $0.contains("nothing in it says that its configuration came into force") }, "\(result)")
  }
}
