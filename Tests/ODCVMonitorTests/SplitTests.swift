import Foundation
import ODCVEvidence
import ODCVWire
import TestSupport
import Testing

/// A recording in several files is judged as the one that it is.
@Suite(.serialized) struct SplitTests {
  private let run: RecordedRun
  private let directory: TemporaryDirectory
  private var split: String { directory.path + "/run" }

  init() throws {
    run = try RecordedRun.shared.get()
    directory = try TemporaryDirectory()
  }

  private func result(_ arguments: [String]) throws -> (status: Int32, result: [String: Any], error: String) {
    let checked = try odcvMonitor(["check", "--json", "-"] + arguments)
    return (checked.status, try RecordedRun.result(checked.output), checked.error)
  }

  private func verdicts(_ path: String) throws -> Data {
    let file = directory.path + "/verdicts"
    _ = try odcvMonitor(["check", path, "--verdicts", file])
    return try Data(contentsOf: URL(fileURLWithPath: file))
  }

  @Test func verdictBytesOfAnySplitAreThoseOfTheUnsplitRecording() throws {
    let expected = try verdicts(run.recording)
    let whole = try result([run.recording, "--compare"])
    let inputs = try #require(whole.result["inputs"] as? Int)
    var random = SeededGenerator(seed: 23)
    for _ in 0..<4 {
      try? FileManager.default.removeItem(atPath: split)
      let indices = Set((0...random.next() % 8).map { _ in 2 + random.next() % UInt64(inputs - 2) }).sorted()
      try SplitRun.split(run.recording, into: split, before: indices)
      for path in [split, split + "/recording.mcap"] {
        #expect(try verdicts(path) == expected, "\(indices)")
        let judged = try result([path, "--compare"])
        #expect(judged.status == whole.status && judged.result["gaps"] as? [String] == [], "\(indices): \(judged.result["gaps"] ?? "")")
        #expect(judged.result["compared"] as? Int == whole.result["compared"] as? Int && judged.result["differing"] as? Int == 0)
      }
      #expect(try odcvMonitor(["check", split, "--from", "1", "--to", "2"]).status == 0)
    }
  }

  @Test func whatIsMissingCutExchangedOrForeignNeverPassesAndIsNamed() throws {
    let files = FileManager.default
    let quiet = ["--from", "1", "--to", "2"]
    // What is judged of what is left may be nothing, or the command into the post.
    let incomplete: [Int32] = [1, 3, 5]
    func broken(_ statuses: [Int32], _ named: String, _ change: () throws -> Void) throws {
      try? files.removeItem(atPath: split)
      try SplitRun.split(run.recording, into: split, before: [400, run.index - 20])
      try change()
      let checked = try odcvMonitor(["check", split] + quiet)
      let says = checked.output + checked.error
      #expect(statuses.contains(checked.status) && says.contains(named), "\(named), \(checked.status): \(says)")
    }
    func path(_ number: Int) -> String { split + (number == 1 ? "/recording.mcap" : "/recording-\(number).mcap") }
    try broken(incomplete, "recording-2.mcap is missing") { try files.removeItem(atPath: path(2)) }
    try broken([3], "recording-3.mcap is missing") { try files.removeItem(atPath: path(3)) }
    try broken(incomplete, "recording.mcap is missing") { try files.removeItem(atPath: path(1)) }
    try broken(incomplete, "recording-2.mcap: cut off") {
      let bytes = try Data(contentsOf: URL(fileURLWithPath: path(2)))
      try bytes.dropLast(bytes.count / 8).write(to: URL(fileURLWithPath: path(2)))
    }
    try broken([2], "recording-2.mcap") {
      try files.moveItem(atPath: path(2), toPath: split + "/x")
      try files.moveItem(atPath: path(3), toPath: path(2))
      try files.moveItem(atPath: split + "/x", toPath: path(3))
    }
    try broken([2], "recording-4.mcap") { try files.copyItem(atPath: path(3), toPath: path(4)) }
    // Another run's.
    let configuration = try TestConfiguration()
    let daemon = try DaemonProcess(configuration, mode: "observe")
    try Rig(daemon).breathe(20)
    #expect(daemon.end() == 0)
    let other = directory.path + "/other"
    try SplitRun.split(daemon.recording, into: other, before: [10, 20])
    try broken([2], "is of another run") {
      try files.removeItem(atPath: path(2))
      try files.copyItem(atPath: other + "/recording-2.mcap", toPath: path(2))
    }
    let alone = try odcvMonitor(["check", other + "/recording-3.mcap"])
    #expect(alone.status == 2 && alone.error.contains("is file 3 of a run's recording"), "\(alone.error)")
  }

  @Test func explainSliceReplayAndStripReadAllFilesAsOne() throws {
    try SplitRun.split(run.recording, into: split, before: [200, run.index - 1, run.index, run.index + 5])
    /// However its lines are broken, and whatever the path.
    func explained(_ path: String) throws -> String {
      let words = try odcvMonitor(["explain", "--index", "\(run.index)", path]).output.split(whereSeparator: \.isWhitespace)
      #expect(words.contains { $0.contains(path) })
      return words.map { $0.contains(path) ? "" : String($0) }.joined(separator: " ")
    }
    let words = try explained(run.recording)
    #expect(try explained(split) == words)
    var slices: [Data] = []
    for path in [run.recording, split] {
      let slice = directory.path + "/slice-\(slices.count).mcap"
      let cut = try odcvMonitor(["slice", path, "--index", "\(run.index)", "--out", slice, "--before", "0.3", "--after", "0.2"])
      #expect(cut.status == 0, "\(cut.error)")
      slices.append(try verdicts(slice))
      let judged = try result([slice, "--compare"])
      #expect(judged.result["differing"] as? Int == 0 && (judged.result["compared"] as? Int ?? 0) > 0)
    }
    #expect(slices[0] == slices[1])
    let stripped = directory.path + "/stripped.mcap"
    #expect(try odcvMonitor(["strip", split, "--out", stripped]).status == 0)
    #expect(try verdicts(stripped) == verdicts(run.recording))
    let daemon = try DaemonProcess(TestConfiguration(), mode: "observe")
    let endpoints = try [Endpoint.action, .state, .scene, .control, .verdict].flatMap { ["--\($0.rawValue)", try daemon.endpoint($0)] }
    let replayed = try odcvMonitor(["replay", split, "--speed", "10"] + endpoints)
    #expect(replayed.status == 0, "\(replayed.error)")
  }

  /// The daemon's own, with a violation, while its configuration is read anew.
  @Test func aRunningDaemonSplitsAndItsFilesJudgeAsItDid() throws {
    let configuration = try TestConfiguration { name, text in
      name == "monitor.yaml"
        ? text.replacingOccurrences(of: "evidence: {directory: ", with: "evidence: {split_s: 1, min_free_mb: 32, directory: ") : text
    }
    let daemon = try DaemonProcess(configuration, mode: "observe")
    let rig = try Rig(daemon)
    try rig.breathe(until: "two files are full") { try rig.status().recordingPart ?? 0 >= 3 }
    #expect(try rig.status().evidenceFreeBytes ?? 0 > 0)
    let nonce = try rig.status().resetNonce
    daemon.signal(SIGHUP)
    try rig.breathe(until: "the next run is in force") { try rig.status().resetNonce != nonce }
    try rig.breathe(until: "it is split as well") { try rig.status().recordingPart ?? 0 >= 3 }
    #expect(daemon.end() == 0)
    for path in try EvidenceDirectory.recordings(root: configuration.evidence) {
      let judged = try result([path, "--compare"])
      #expect(judged.result["differing"] as? Int == 0 && (judged.result["compared"] as? Int ?? 0) > 20)
      #expect(judged.result["gaps"] as? [String] == [], "\(judged.result["gaps"] ?? "")")
    }
    #expect(try odcvMonitor(["verify", configuration.evidence]).status == 0)
  }

  @Test func excerptsAreExplainedAndSlicedAndNeverPassForTheRun() throws {
    let configuration = try TestConfiguration { name, text in
      name == "monitor.yaml"
        ? text.replacingOccurrences(of: "evidence: {directory: ", with: "evidence: {full: false, before_s: 1, after_s: 1, directory: ") : text
    }
    let daemon = try DaemonProcess(configuration, mode: "observe")
    let rig = try Rig(daemon)
    try rig.breathe(600)
    try rig.forget()
    try rig.send(rig.action(RecordedRun.target))
    try rig.breathe(until: "the violation is on disk") {
      rig.alarms.contains { $0.id == "clearance.static" && $0.state == .confirmed }
    }
    try rig.breathe(500)
    #expect(daemon.end() == 0)
    let path = daemon.recording
    let checked = try odcvMonitor(["check", path])
    #expect(checked.status == 1, "the violation is in it")
    #expect(checked.output.contains("INCOMPLETE: only what surrounds violations was kept (1.0 s before, 1.0 s after)"), "\(checked.output)")
    let passing = try odcvMonitor(["check", path, "--from", "0.2", "--to", "0.4"])
    #expect(passing.status != 0)
    let record = try #require(
      try LogVerifier.records(directory: configuration.evidence).last { record in
        (try? VerdictMessage(decoding: record.payload))?.findings.contains { $0.rule == "clearance.static" && $0.outcome == .violationCertain } == true
      })
    let explained = try odcvMonitor(["explain", "\(record.sequence)", "--evidence", configuration.evidence])
    #expect(explained.status == 3 && explained.output.contains("are in no excerpt"), "\(explained.output) \(explained.error)")
    let slice = directory.path + "/slice.mcap"
    let cut = try odcvMonitor(["slice", path, "--index", "\(record.arrivalIndex)", "--out", slice, "--before", "0.2", "--after", "0.2"])
    #expect(cut.status == 3 && cut.error.contains("are in no excerpt"), "\(cut.error)")
  }
}
