import Foundation
import TestSupport
import Testing

@testable import ODCVEvidence

/// A writer in a process of its own, killed.
@Suite struct CrashTests {
  /// What the child said until it ended.
  static func run(_ arguments: [String], killingAfter microseconds: UInt32?) throws -> [String] {
    let child = Process()
    child.executableURL = URL(fileURLWithPath: product("EvidenceCrashWriter"))
    child.arguments = arguments
    let output = Pipe()
    child.standardOutput = output
    try child.run()
    if let microseconds {
      usleep(microseconds)
      kill(child.processIdentifier, SIGKILL)
    }
    let said = output.fileHandleForReading.readDataToEndOfFile()
    child.waitUntilExit()
    return String(decoding: said, as: UTF8.self).split(separator: "\n").map(String.init)
  }

  /// Index and sequence of each confirmation.
  static func confirmations(_ lines: [String]) -> [(index: UInt64, sequence: UInt64)] {
    lines.compactMap { line in
      let words = line.split(separator: " ")
      guard words.count == 3, words[0] == "confirmed", let index = UInt64(words[1]), let sequence = UInt64(words[2])
      else { return nil }
      return (index, sequence)
    }
  }

  @Test func everyConfirmedViolationSurvivesKill() throws {
    let scratch = Scratch()
    let root = scratch.path + "/evidence"
    let key = LogKeyFile(path: scratch.path + "/key")
    var state = WitnessState(first: try key.make(origin: "example.com/arm1"))
    var random = SeededGenerator(seed: 5)
    var confirmed: [UInt64: UInt64] = [:]
    let kills = 40
    for kill in 0..<kills as Range<Int> {
      let first = UInt64(kill) * 1_000_000 + 1
      let lines = try Self.run([root, String(first), "0", "0", key.path], killingAfter: UInt32(random.next() % 140_000))
      for (index, sequence) in Self.confirmations(lines) { confirmed[index] = sequence }
    }
    #expect(confirmed.count > kills)
    // One that ends in order: what the last kill cut off is sealed.
    _ = try Self.run([root, "100000000", "3", "0", key.path], killingAfter: nil)
    try WitnessStateTests.accept(&state, root)
    var trust = LogVerifier.Trust()
    trust.witnesses = [("state", state)]
    let report = try LogVerifier.verify(directory: root, trust: trust)
    #expect(report.failures == [])
    #expect(report.checkpoints > kills)
    var records: [UInt64: LogRecord] = [:]
    for record in try LogVerifier.records(directory: root) where record.kind == .violation {
      records[record.arrivalIndex] = record
    }
    let lost = confirmed.filter { index, sequence in
      guard let record = records[index] else { return true }
      return record.sequence != sequence || record.payload != Array("violation of input \(index)".utf8)
    }
    #expect(lost.isEmpty)
    var (whole, split) = (0, 0)
    for path in try EvidenceDirectory.recordings(root: root) {
      // Killed before it wrote its metadata, a run has no recording to speak of.
      guard var recording = try? Recording(path: path) else { continue }
      let inputs = try RecorderTests.read(&recording).inputs
      #expect(recording.problems == [])
      #expect(recording.missingInputs == 0)
      whole += inputs.isEmpty ? 0 : 1
      let run = String(path.dropLast("/recording.mcap".count))
      let parts = try EvidenceDirectory.parts(of: run)
      split += parts.count > 1 ? 1 : 0
      let (flaws, isKilled) = (recording.flaws, recording.closing == nil)
      #expect(!isKilled || !flaws.isEmpty, "\(path): nothing says that it was killed")
      guard let last = parts.last, isKilled else { continue }
      let saved = run + "/saved.mcap"
      #expect(try MCAPRecovery.recover(from: run + "/" + last.name, to: saved).isLossy)
    }
    #expect(whole > kills / 4 && split > kills / 4)
  }

  /// No file of the child may grow beyond 64 KiB: the recording reaches that, the log's segments do not.
  @Test func fullDiskStopsTheRecordingAndNotTheLog() throws {
    let scratch = Scratch()
    let root = scratch.path + "/evidence"
    let lines = try Self.run([root, "1", "2000", "65536"], killingAfter: nil)
    #expect(lines.contains("state 0 \(EFBIG)"))
    #expect(Self.confirmations(lines).map(\.index) == Array(1...2000))
    #expect(lines.last?.hasPrefix("done 2000 0") == true)
    #expect(try LogVerifier.verify(directory: root).isIntact)
    let path = try #require(try EvidenceDirectory.recordings(root: root).first)
    var recording = try Recording(path: path)
    let inputs = try RecorderTests.read(&recording).inputs
    #expect(!inputs.isEmpty && inputs.count < 2000)
    #expect(recording.ending != .closed)
  }

  /// A log that confirms before it syncs must not pass: the same check, on a log that lost its end.
  @Test func theCheckCatchesALostConfirmation() throws {
    let scratch = Scratch()
    let root = scratch.path + "/evidence"
    let lines = try Self.run([root, "1", "50"], killingAfter: nil)
    let confirmed = Self.confirmations(lines)
    #expect(confirmed.count == 50)
    let path = try #require(try SegmentName.list(root + "/violations").first?.path)
    let whole = bytes(of: path)
    _ = FileManager.default.createFile(
      atPath: path, contents: Data(whole[..<ViolationLogTests.offsets(whole)[20]]))
    let there = Set(try LogVerifier.records(directory: root).map(\.sequence))
    #expect(confirmed.contains { !there.contains($0.sequence) })
    #expect(try !LogVerifier.verify(directory: root).isIntact)
  }
}
