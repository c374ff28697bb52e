import Foundation
import Glibc
import Synchronization
import Testing

@testable import ODCVEvidence

/// In which order files go, which help nobody when they do, and when removing ends.
@Suite struct RetentionSpaceTests {
  @Test func theOldestIsTheOneThatTheLogHasFirstWhateverTheClockSays() throws {
    let rig = RetentionRig()
    let wall: [Int64] = [9, 3, 7, 1]
    let runs = try wall.map { try rig.run(violation: false, wall: $0 * 1_000_000_000_000) }
    #expect(try rig.search().removable.map(\.run) == runs)
    // One whose files say nothing of the log is behind the last of its boot that began before it.
    let own = try MCAPReader.sidecars(path: "\(rig.root)/\(runs[1])/recording.mcap").metadata.first { $0.name == "odcv" }
    var values = try #require(own).values.filter { !$0.key.hasPrefix("log_first") }
    values["mono_start_ns"] = values["mono_start_ns"].flatMap { Int64($0) }.map { String($0 + 1) }
    try RetentionTests.write("\(rig.root)/run-x/recording.mcap", [("odcv", values), (EndMark.name, [EndMark.end: values["mono_start_ns"]!])])
    #expect(try rig.search().removable.map(\.run) == [runs[0], runs[1], "run-x", runs[2], runs[3]])
  }

  @Test func whatIsLinkedStays() throws {
    let rig = RetentionRig()
    let (moved, linked, plain) = (try rig.run(violation: false), try rig.run(violation: false), try rig.run(violation: false))
    // Somebody keeps the run on another disk, and somebody a second name of a file.
    let elsewhere = rig.scratch.directory("elsewhere")
    #expect(rename(rig.root + "/" + moved, elsewhere + "/kept") == 0)
    #expect(symlink(elsewhere + "/kept", rig.root + "/" + moved) == 0)
    #expect(link("\(rig.root)/\(linked)/recording.mcap", elsewhere + "/recording.mcap") == 0)
    let result = try rig.search()
    #expect(result.removable.map(\.run) == [plain] && result.linked == 1)
  }

  @Test func aFileThatWasExchangedIsLeftAlone() throws {
    let rig = RetentionRig()
    let runs = [try rig.run(violation: false), try rig.run(violation: false)]
    let found = try rig.search().removable
    let path = "\(rig.root)/\(runs[0])/recording.mcap"
    #expect(rename(path, rig.scratch.path + "/kept") == 0)
    _ = rig.scratch.file("evidence/\(runs[0])/recording.mcap", [1])
    var outcome = FileRemoval(root: rig.root, patience: 0) { _ in nil }.run(found)
    #expect(outcome.kept.map(\.run) == runs && outcome.failure?.description.contains("another file has this name") == true)
    #expect(bytes(of: path) == [1])
    // Nor is a link followed to where the run has gone meanwhile.
    #expect(rename(rig.root + "/" + runs[1], rig.scratch.path + "/moved") == 0)
    #expect(symlink(rig.scratch.path + "/moved", rig.root + "/" + runs[1]) == 0)
    outcome = FileRemoval(root: rig.root, patience: 0) { _ in nil }.run([found[1]])
    #expect(outcome.kept.count == 1 && System.exists(rig.scratch.path + "/moved/recording.mcap"))
  }

  /// Restarts leave runs behind that may go some seconds later: no reason to record nothing until somebody looks.
  @Test func theRecordingGoesOnWhileOnlyWhatEndedAMomentAgoIsInTheWay() throws {
    let rig = RetentionRig()
    _ = try rig.run(violation: false, after: System.monotonicNow() + 60_000_000_000)
    let configuration = try rig.configuration(Retention(minFree: 1_000_000, policy: .oldest), after: 1_000_000)
    let ring = RecordRing()
    let recorder = try rig.recorder(configuration, ring)
    ring.push(.tick, 1, at: configuration.monotonicStart + 1)
    rig.free.bytes.store(600_000, ordering: .relaxed)
    var notes: [String] = []
    #expect(RecorderTests.waitUntil {
      notes += recorder.takeNotes()
      return notes.contains { $0.contains("of 1 files that ended a moment ago it is not known yet") }
    })
    Thread.sleep(forTimeInterval: 2.5)
    #expect(!recorder.state.recordingEnded && recorder.takeNotes() == [], "it is said once")
    rig.free.bytes.store(400_000, ordering: .relaxed)
    #expect(RecorderTests.waitUntil { recorder.state.recordingEnded })
    #expect(recorder.stop().errors.count == 1)
    #expect(try rig.names().count == 2)
  }

  @Test func removingEndsWhenItFreesNothingAndTheLogSaysWhatIsStillThere() throws {
    let rig = RetentionRig()
    let runs = try (0..<3).map { _ in try rig.run(violation: false) }
    let configuration = try rig.configuration(Retention(minFree: 1_000_000, policy: .oldest))
    let ring = RecordRing()
    let recorder = try rig.recorder(configuration, ring)
    ring.push(.tick, 1, at: configuration.monotonicStart + 1)
    // As if a snapshot held all of it.
    rig.free.bytes.store(100_000, ordering: .relaxed)
    #expect(RecorderTests.waitUntil { recorder.state.recordingEnded })
    let errors = recorder.stop().errors
    #expect(errors.count == 1 && errors[0].contains("\(runs[0])/recording.mcap: its removal freed no space"), "\(errors)")
    #expect(try rig.names() == [runs[1], runs[2], configuration.directory.name].sorted())
    let report = try LogVerifier.verify(directory: rig.root)
    #expect(report.isIntact && report.removed.map(\.run) == [runs[0]], "\(report)")
    let records = try LogVerifier.records(directory: rig.root).compactMap { RemovedFile($0) }
    #expect(records.filter(\.isKept).map(\.run) == [runs[1], runs[2]])
    #expect(!report.notes.contains { $0.contains("says that it was removed") })
  }

  @Test func verifyNamesAFileThatTheLogCallsRemovedAndThatIsHere() throws {
    let rig = RetentionRig()
    let run = try rig.run(violation: false)
    var file = RemovedFile(run: run, name: "recording.mcap", bytes: 9, inputs: 1...100)
    func append(_ file: RemovedFile) throws {
      var log = try ViolationLog(directory: rig.root + "/violations", bootID: boot)
      try log.append(removed: file)
      try log.close()
    }
    try append(file)
    var report = try LogVerifier.verify(directory: rig.root)
    #expect(report.isIntact && report.removed.count == 1)
    let named = report.notes.filter { $0.contains("\(run)/recording.mcap is here, and the log says that it was removed") }
    #expect(named.count == 1, "\(report.notes)")
    file.isKept = true
    try append(file)
    report = try LogVerifier.verify(directory: rig.root)
    #expect(report.removed == [] && !report.notes.contains { $0.contains("is here, and the log says") })
  }

  @Test func moreThanTheFileSystemHasIsRefused() throws {
    let scratch = Scratch()
    let total = try #require(System.totalBytes(scratch.path))
    try Retention(minFree: total - 1, policy: .oldest).check(root: scratch.path + "/evidence")
    let error = #expect(throws: EvidenceError.self) {
      try Retention(minFree: total, policy: .oldest).check(root: scratch.path + "/evidence")
    }
    #expect(error?.description.contains("can never be left") == true)
  }
}
