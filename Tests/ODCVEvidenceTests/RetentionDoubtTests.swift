import Foundation
import Synchronization
import Testing

@testable import ODCVEvidence

/// What is missing in the log may have been a violation: nothing is removed for it.
@Suite struct RetentionDoubtTests {
  @Test(arguments: ["flipped", "removed", "emptied", "foreign", "another log's", "cut"])
  func nothingGoesOfARunWhosePartOfTheLogIsNotWhole(_ how: String) throws {
    let rig = RetentionRig()
    let quiet = try rig.run(violation: false)
    let violating = try rig.run(violation: true)
    let later = try rig.run(violation: false)
    #expect(try rig.search().removable.map(\.run) == [quiet, later])
    let segment = try rig.segments[1]
    var bytes = try System.readWhole(segment)
    switch how {
    case "flipped": bytes[bytes.count - 100] ^= 1
    case "emptied": bytes = []
    case "foreign": bytes[7] = UInt8(ascii: "2")
    case "cut": bytes.removeLast(150)
    case "another log's":
      let other = RetentionRig()
      for _ in 0..<2 { _ = try other.run(violation: false) }
      bytes = try System.readWhole(other.segments[1])
    default: break
    }
    try System.remove(segment, in: rig.root + "/violations")
    if how != "removed" { _ = rig.scratch.file("evidence/violations/" + segment.split(separator: "/").last!, bytes) }
    let result = try rig.search()
    #expect(result.removable.map(\.run) == [quiet, later])
    #expect(result.doubts.map(\.run) == [violating], "\(result.doubts)")
    #expect(result.locked == 0)
  }

  @Test func aRunDoesNotGoThatIsOfALogWhichIsNotHere() throws {
    let rig = RetentionRig()
    let violating = try rig.run(violation: true)
    for segment in try rig.segments { try System.remove(segment, in: rig.root + "/violations") }
    let later = try rig.run(violation: false)
    let result = try rig.search()
    #expect(result.removable.map(\.run) == [later] && result.doubts.map(\.run) == [violating])
  }

  @Test func fewerViolationsThanTheRunLoggedAreADoubt() throws {
    let rig = RetentionRig()
    var log = try ViolationLog(directory: rig.scratch.directory("evidence") + "/violations", bootID: boot)
    func place(_ key: String) -> [String: String] {
      ["log_\(key)_sequence": String(log.lastSequence), "log_\(key == "last" ? "head" : key)_sha256": Hex.string(log.headDigest)]
    }
    let first = place("first")
    _ = try [1, 2].withUnsafeBytes { (bytes) throws(EvidenceError) in try log.append(index: 1, monotonic: 100, payload: bytes) }
    try log.close()
    let last = place("last")
    for (name, logged) in [("run-a", "1"), ("run-b", "2")] {
      let odcv = ["boot_id": "00", "real_start_ns": "0", "mono_start_ns": "5"].merging(first) { $1 }
      let end = [EndMark.end: "9", "violations_logged": logged].merging(last) { $1 }
      try RetentionTests.write("\(rig.root)/\(name)/recording.mcap", [("odcv", odcv), (EndMark.name, end)])
    }
    let result = try rig.search()
    #expect(result.removable.map(\.run) == ["run-a"] && result.doubts.map(\.run) == ["run-b"])
    #expect(result.doubts[0].flaw.contains("holds 1 of the 2 violations"), "\(result.doubts)")
  }

  @Test func aRunThatBeganJustAfterLendsItsDoubtToTheOneBefore() throws {
    let rig = RetentionRig()
    let quiet = try rig.run(violation: false)
    let next = try rig.run(violation: true, after: 1_000_000)
    _ = try rig.run(violation: false)
    #expect(try rig.search().locked == 2, "what led to its violation is in the run before, too")
    try System.remove(rig.segments[1], in: rig.root + "/violations")
    #expect(try rig.search().doubts.map(\.run) == [quiet, next])
  }

  @Test func theRecorderSaysItOnceAndKeepsAllOfIt() throws {
    let rig = RetentionRig()
    let violating = try rig.run(violation: true)
    _ = try rig.run(violation: false)
    try System.remove(rig.segments[0], in: rig.root + "/violations")
    let configuration = try rig.configuration(Retention(minFree: 1_000_000, policy: .oldest))
    let ring = RecordRing()
    let recorder = try rig.recorder(configuration, ring)
    ring.push(.tick, 1, at: configuration.monotonicStart + 1)
    rig.limit(to: 500_000)
    #expect(RecorderTests.waitUntil { recorder.state.recordingEnded })
    #expect(recorder.state.doubtfulRuns == 1)
    let notes = recorder.takeNotes().filter { $0.contains("is removed") }
    #expect(notes.count == 1 && notes[0].contains("nothing of \(violating) is removed"), "\(notes)")
    let errors = recorder.stop().errors
    #expect(errors.contains { $0.contains("1 runs are not whole in the violation log") }, "\(errors)")
    #expect(try rig.names() == [violating, configuration.directory.name].sorted())
  }
}
