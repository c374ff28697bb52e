import Foundation
import Glibc
import Testing

@testable import ODCVEvidence

/// Evidence that is removed or exchanged while it is written, and what is in its way.
@Suite struct FilePlaceTests {
  private static func wait(_ recorder: Recorder, _ isSo: (RecorderState) -> Bool) -> Bool {
    RecorderTests.waitUntil { isSo(recorder.state) }
  }

  @Test(arguments: [false, true]) func aRecordingThatIsRemovedIsToldOnceAndGoesOn(isExchanged: Bool) throws {
    let scratch = Scratch()
    let configuration = try RecorderTests.configuration(scratch)
    let ring = RecordRing()
    let recorder = try Recorder(configuration, ring: ring, confirmations: AckRing())
    for index in 1...10 as ClosedRange<UInt64> { ring.push(.tick, index, at: 6_000) }
    #expect(Self.wait(recorder) { _ in ring.usedBytes == 0 })
    #expect(!recorder.state.recordingMisplaced && recorder.takeNotes() == [])
    try System.remove(configuration.directory.recording, in: configuration.directory.run)
    if isExchanged { _ = scratch.file("evidence/\(configuration.directory.name)/recording.mcap", [1, 2, 3]) }
    #expect(Self.wait(recorder) { $0.recordingMisplaced } && !recorder.state.logMisplaced)
    let notes = recorder.takeNotes()
    #expect(notes.count == 1 && notes[0].contains(isExchanged ? "another file has its name" : "was removed or moved away"), "\(notes)")
    var index: UInt64 = 10
    #expect(
      Self.wait(recorder) { state in
        index += 1
        ring.push(.tick, index, at: 6_000)
        return state.part == 2
      })
    let summary = recorder.stop()
    #expect(summary.errors == notes)
    if isExchanged { #expect(bytes(of: configuration.directory.recording) == [1, 2, 3]) } else {
      var recording = try Recording(path: configuration.directory.run)
      let last = try RecorderTests.read(&recording).inputs.last?.index
      let flaws = recording.flaws
      #expect(last == index && flaws.contains { $0.contains("recording.mcap is missing") }, "\(flaws)")
    }
  }

  @Test func aLogThatIsRemovedIsToldAndGoesOnAndDoesNotVerify() throws {
    let scratch = Scratch()
    let configuration = try RecorderTests.configuration(scratch)
    let (ring, confirmations) = (RecordRing(), AckRing())
    let recorder = try Recorder(configuration, ring: ring, confirmations: confirmations)
    ring.push(.violation, 1, at: 6_000, "", RecorderTests.verdict(1, core: [1]))
    #expect(RecorderTests.waitUntil { confirmations.pop()?.arrivalIndex == 1 })
    let segment = configuration.directory.violations + "/" + SegmentName.name(1)
    try System.remove(segment, in: configuration.directory.violations)
    #expect(Self.wait(recorder) { $0.logMisplaced } && recorder.state.logError == 0)
    ring.push(.violation, 2, at: 6_000, "", RecorderTests.verdict(2, core: [1]))
    #expect(RecorderTests.waitUntil { confirmations.pop()?.arrivalIndex == 2 })
    let notes = recorder.takeNotes()
    #expect(notes.count == 1 && notes[0].contains(SegmentName.name(1)), "\(notes)")
    recorder.stop()
    let records = try LogVerifier.records(directory: configuration.directory.root)
    #expect(records.contains { $0.arrivalIndex == 2 } && !records.contains { $0.arrivalIndex == 1 })
    let report = try LogVerifier.verify(directory: configuration.directory.root)
    #expect(report.failures.contains { $0.what.contains("segment 1 is missing") }, "\(report.failures)")
  }

  @Test func aLogWhoseDirectoryIsGoneConfirmsNothingMore() throws {
    let scratch = Scratch()
    let configuration = try RecorderTests.configuration(scratch)
    let recorder = try Recorder(configuration, ring: RecordRing(), confirmations: AckRing())
    try FileManager.default.removeItem(atPath: configuration.directory.violations)
    #expect(Self.wait(recorder) { $0.logError == ENOENT } && recorder.state.logMisplaced)
    #expect(recorder.stop().errors.contains { $0.contains("the log can't go on in a next file") })
  }

  @Test func theNextFileNeverTakesTheNameOfAnother() throws {
    let scratch = Scratch()
    let configuration = try RecorderTests.configuration(scratch)
    var log = try ViolationLog(directory: configuration.directory.violations, bootID: boot)
    var recording = try RunRecording(configuration, log: LogPosition(log), calls: LinuxCalls())
    let inTheWay = scratch.file("evidence/\(configuration.directory.name)/recording-2.mcap", [7, 7])
    let ring = RecordRing()
    var taken = RingRecord()
    ring.push(.tick, 1, at: 6_000)
    _ = ring.pop(into: &taken)
    try recording.write(taken, index: 1)
    try recording.split()
    let complaint = recording.takeComplaint()
    #expect(complaint?.code == EEXIST && complaint?.description.contains("recording-2.mcap") == true)
    #expect(complaint?.description.contains("move it away") == true, "\(complaint?.description ?? "")")
    #expect(bytes(of: inTheWay) == [7, 7] && recording.number == 1)
    #expect(try !System.list(configuration.directory.run).contains { $0.hasSuffix(".next") })
    try System.remove(inTheWay, in: configuration.directory.run)
    try recording.split()
    #expect(recording.number == 2)
    try recording.finish([:])
    try log.close()
  }
}
