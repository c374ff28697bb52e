import Foundation
import Synchronization
import TestSupport
import Testing

@testable import ODCVEvidence

/// A recording in several files is the same recording.
@Suite struct SplitTests {
  typealias Record = (kind: RecordKind, channel: UInt8, index: UInt64, detail: Int64, topic: String, body: [UInt8])

  /// What the loop might push, of every kind, with outputs between.
  static func records(_ count: Int, _ random: inout SeededGenerator) -> [Record] {
    var records: [Record] = []
    for index in 1...UInt64(count) {
      switch random.next() % 6 {
      case 0: records.append((.tick, 0, index, 0, "", []))
      case 1: records.append((.undecoded, 0, index, 0, "odcv/2/\(random.next() % 9)", random.bytes(Int(random.next() % 300))))
      case 2: records.append((.lost, 2, index, Int64(random.next() % 9), "", []))
      case 3: records.append((.overrun, 0, index, 1 + Int64(random.next() % 99), "", []))
      default: records.append((.state, 1, index, 0, "odcv/2/state/r\(random.next() % 3)", RecorderTests.state(index)))
      }
      if random.next() % 2 == 0 {
        records.append((.verdict, 4, index, 0, "odcv/2/verdict/panda", RecorderTests.verdict(index, core: random.bytes(20))))
      }
      if random.next() % 8 == 0 { records.append((.sent, 3, index, 1, "", [])) }
    }
    return records
  }

  /// Puts them into a ring and takes them out as the recorder does.
  private static func write(
    _ records: [Record], _ recording: inout RunRecording, splits: Set<Int>
  ) throws {
    let ring = RecordRing()
    var taken = RingRecord()
    for (place, record) in records.enumerated() {
      if splits.contains(place), record.kind.isInput { try recording.split() }
      ring.push(
        record.kind, channel: record.channel, record.index, at: 6_000 + Int64(place), detail: record.detail, record.topic, record.body)
      let isThere = ring.pop(into: &taken)
      #expect(isThere)
      try recording.write(taken, index: taken.index)
    }
  }

  static func recording(_ configuration: RecorderConfiguration, _ calls: any FileCalls = LinuxCalls()) throws -> RunRecording {
    let log = try ViolationLog(directory: configuration.directory.violations, bootID: configuration.directory.bootID)
    return try RunRecording(configuration, log: LogPosition(log), calls: calls)
  }

  /// A run's recording with these splits; its directory.
  static func run(
    _ scratch: Scratch, _ records: [Record], splits: Set<Int>, chunkBytes: Int = 1000, name: String = "evidence"
  ) throws -> String {
    var configuration = try RecorderTests.configuration(scratch)
    configuration.directory = try EvidenceDirectory.create(root: scratch.path + "/" + name)
    configuration.chunkBytes = chunkBytes
    var recording = try recording(configuration)
    try write(records, &recording, splits: splits)
    try recording.finish(["records": "\(records.count)"])
    return configuration.directory.run
  }

  static func items(_ path: String) throws -> [RecordedItem] {
    var recording = try Recording(path: path)
    let items = try RecorderTests.read(&recording).items
    let (isComplete, flaws, closing) = (recording.isComplete, recording.flaws, recording.closing)
    #expect(isComplete && flaws == [] && closing != nil, "\(flaws)")
    return items
  }

  @Test func anySplitsGiveTheSameItemsAsNone() throws {
    var random = SeededGenerator(seed: 71)
    for round in 0..<30 {
      let scratch = Scratch()
      let records = Self.records(20 + Int(random.next() % 200), &random)
      let whole = try Self.run(scratch, records, splits: [], name: "whole")
      let splits = Set((0...(random.next() % 9)).map { _ in 1 + Int(random.next() % UInt64(records.count - 1)) })
      let chunk = 1 + Int(random.next() % 5000)
      let parted = try Self.run(scratch, records, splits: splits, chunkBytes: chunk, name: "split")
      let expected = try Self.items(whole + "/recording.mcap")
      #expect(expected.count == records.count)
      // By the directory and by the first file.
      #expect(try Self.items(parted) == expected, "round \(round)")
      #expect(try Self.items(parted + "/recording.mcap") == expected)
      let names = try FileManager.default.contentsOfDirectory(atPath: parted).sorted()
      #expect(!names.contains { $0.hasSuffix(".next") })
      #expect(names.count == 1 + splits.filter { records[$0].kind.isInput }.count)
      // Each file stands for itself.
      for name in names {
        let path = parted + "/" + name
        #expect(try MCAPIndexCheck.problems(path: path) == [])
        let (attachments, metadata) = try MCAPReader.sidecars(path: path)
        #expect(attachments.map(\.name) == ["monitor.yaml", "cells/a.yaml"])
        #expect(metadata.contains { $0.name == "odcv" && $0.values["robot_id"] == "panda" })
      }
    }
  }

  /// Three files, each with inputs and verdicts.
  private static func three(_ scratch: Scratch, name: String = "evidence", seed: UInt64 = 3) throws -> String {
    var random = SeededGenerator(seed: seed)
    let records = records(60, &random)
    let inputs = records.indices.filter { records[$0].kind.isInput }
    return try run(scratch, records, splits: [inputs[20], inputs[40]], name: name)
  }

  @Test func aFileThatSaysThatThousandsAreMissingIsReadAtOnce() throws {
    let scratch = Scratch()
    let run = try Self.three(scratch)
    let odcv = try #require(try MCAPReader.sidecars(path: run + "/recording.mcap").metadata.first { $0.name == "odcv" })
    let mark = PartMark(number: 1_000_000, previousLast: 60, begins: 9_000, inForceFrom: 1)
    var writer = try MCAPWriter(path: run + "/recording-1000000.mcap")
    try writer.addMetadata(name: "odcv", odcv.values)
    try writer.addMetadata(name: PartMark.name, mark.values)
    try writer.finish()
    try FileManager.default.removeItem(atPath: run + "/recording-3.mcap")
    let began = System.monotonicNow()
    let gaps = try RecordingParts.directory(run).gaps
    #expect(gaps.count == 1 && gaps[0].contains("recording-3.mcap to recording-999999.mcap (999997 files) are missing"), "\(gaps)")
    #expect(System.monotonicNow() - began < 1_000_000_000)
    #expect(PartMark(mark.values.merging(["part": "4000000000"]) { $1 }) == nil)
    let removed = [RemovedFile](
      [4, 5, 7].map { RemovedFile(run: "run-a", name: PartMark.fileName($0), bytes: 9, inputs: nil) })
    let known = Dictionary(uniqueKeysWithValues: removed.map { (PartMark.number($0.name)!, $0) })
    #expect(RecordingParts.Missing.among(3...9, known).map(\.numbers) == [3...3, 4...4, 5...5, 6...6, 7...7, 8...9])
  }

  @Test func aMissingPartIsNamedAndItsInputsAreMissed() throws {
    for (gone, missed) in [("recording.mcap", 0), ("recording-2.mcap", 20), ("recording-3.mcap", 0)] as [(String, UInt64)] {
      let scratch = Scratch()
      let run = try Self.three(scratch)
      try FileManager.default.removeItem(atPath: run + "/" + gone)
      var recording = try Recording(path: run)
      _ = try RecorderTests.read(&recording)
      let (isComplete, flaws, missing, closing) = (recording.isComplete, recording.flaws, recording.missingInputs, recording.closing)
      #expect(!isComplete && flaws.contains { $0.contains("\(gone) is missing") }, "\(flaws)")
      #expect(missing == missed)
      #expect((closing == nil) == (gone == "recording-3.mcap"))
    }
  }

  /// One that can't be read hides nothing that is missing beside it, and is no note where another follows it.
  @Test func whatCannotBeReadBesideWhatIsMissingIsBothTold() throws {
    let scratch = Scratch()
    var random = SeededGenerator(seed: 12)
    let records = Self.records(80, &random)
    let inputs = records.indices.filter { records[$0].kind.isInput }
    let run = try Self.run(scratch, records, splits: [inputs[20], inputs[40], inputs[60]])
    let root = scratch.path + "/evidence"
    var log = try ViolationLog(directory: root + "/violations", bootID: boot)
    try log.close()
    #expect(try LogVerifier.verify(directory: root).isIntact)
    try FileManager.default.removeItem(atPath: run + "/recording-3.mcap")
    try Data().write(to: URL(fileURLWithPath: run + "/recording-2.mcap"))
    let failures = try LogVerifier.verify(directory: root).failures
    #expect(failures.count == 2, "\(failures)")
    #expect(failures.contains { $0.file == run + "/recording-2.mcap" && $0.what.contains("can't be read") })
    #expect(failures.contains { $0.what.contains("recording-3.mcap is missing") })
    // Cut off in its first moment, and the newest: a kill leaves that.
    try FileManager.default.removeItem(atPath: run + "/recording-4.mcap")
    try FileManager.default.removeItem(atPath: run + "/recording-2.mcap")
    try Data().write(to: URL(fileURLWithPath: run + "/recording.mcap"))
    let report = try LogVerifier.verify(directory: root)
    #expect(report.isIntact && report.notes.contains { $0.contains("can't be read, so not compared") }, "\(report.failures)")
  }

  @Test func aLaterPartAloneSaysWhatItNeeds() throws {
    let scratch = Scratch()
    let run = try Self.three(scratch)
    let error = #expect(throws: EvidenceError.self) { _ = try Recording(path: run + "/recording-3.mcap") }
    #expect(error?.description.contains("is file 3 of a run's recording") == true)
    #expect(error?.description.contains("recording.mcap to recording-2.mcap") == true)
    let alone = scratch.directory("elsewhere") + "/recording.mcap"
    try FileManager.default.copyItem(atPath: run + "/recording-2.mcap", toPath: alone)
    #expect(throws: EvidenceError.self) { _ = try Recording(path: alone) }
    let directory = #expect(throws: EvidenceError.self) { _ = try Recording(path: scratch.path + "/elsewhere") }
    #expect(directory?.description.contains("is file 2 of a recording by what it says itself, and by its name file 1") == true)
    #expect(throws: EvidenceError.self) { _ = try Recording(path: scratch.path + "/evidence") }
  }

  @Test func exchangedDoubledForeignAndSurplusPartsAreRefusedByName() throws {
    let files = FileManager.default
    func refused(_ what: String, named name: String, _ change: (_ run: String, _ other: String) throws -> Void) throws {
      let scratch = Scratch()
      let (run, other) = (try Self.three(scratch), try Self.three(scratch, name: "other", seed: 4))
      try change(run, other)
      for path in [run, run + "/recording.mcap"] {
        let error = #expect(throws: EvidenceError.self, "\(what)") { _ = try Recording(path: path) }
        #expect(error?.description.contains(name) == true, "\(what): \(error?.description ?? "")")
      }
      #expect(try !LogVerifier.verify(directory: scratch.path + "/evidence").isIntact, "\(what)")
    }
    try refused("exchanged", named: "recording-2.mcap") { run, _ in
      try files.moveItem(atPath: run + "/recording-2.mcap", toPath: run + "/x")
      try files.moveItem(atPath: run + "/recording-3.mcap", toPath: run + "/recording-2.mcap")
      try files.moveItem(atPath: run + "/x", toPath: run + "/recording-3.mcap")
    }
    try refused("doubled", named: "recording-4.mcap") { run, _ in
      try files.copyItem(atPath: run + "/recording-3.mcap", toPath: run + "/recording-4.mcap")
    }
    try refused("doubled in the middle", named: "recording-3.mcap") { run, _ in
      try files.removeItem(atPath: run + "/recording-3.mcap")
      try files.copyItem(atPath: run + "/recording-2.mcap", toPath: run + "/recording-3.mcap")
    }
    try refused("foreign", named: "recording-2.mcap") { run, other in
      try files.removeItem(atPath: run + "/recording-2.mcap")
      try files.copyItem(atPath: other + "/recording-2.mcap", toPath: run + "/recording-2.mcap")
    }
  }

  @Test func aPartThatFollowsTheLastOneIsRefused() throws {
    let scratch = Scratch()
    var random = SeededGenerator(seed: 9)
    let whole = try Self.run(scratch, Self.records(30, &random), splits: [], name: "whole")
    let run = try Self.three(scratch)
    try FileManager.default.copyItem(atPath: run + "/recording-2.mcap", toPath: whole + "/recording-2.mcap")
    #expect(throws: EvidenceError.self) { _ = try Recording(path: whole) }
    #expect(throws: EvidenceError.self) { _ = try Recording(path: whole + "/recording.mcap") }
    // Under another name and beside another's files it is what it was.
    let copy = run + "/kept.mcap"
    try FileManager.default.copyItem(atPath: whole + "/recording.mcap", toPath: copy)
    #expect(try Self.items(copy).count > 30)
  }

  @Test func aCutPartIsNamedAndRecoversByItself() throws {
    for place in 1...3 {
      let scratch = Scratch()
      let run = try Self.three(scratch)
      let path = run + "/" + PartMark.fileName(place)
      let whole = bytes(of: path)
      var random = SeededGenerator(seed: UInt64(place))
      for _ in 0..<20 {
        let length = 8 + Int(random.next() % UInt64(whole.count - 8))
        _ = scratch.file("cut", Array(whole[..<length]))
        try? FileManager.default.removeItem(atPath: path)
        try FileManager.default.copyItem(atPath: scratch.path + "/cut", toPath: path)
        // Without its own metadata it is refused; with it, what is missing is said.
        guard var recording = try? Recording(path: run) else { continue }
        _ = try RecorderTests.read(&recording)
        let (isComplete, flaws) = (recording.isComplete, recording.flaws)
        #expect(!isComplete && flaws.contains { $0.contains(PartMark.fileName(place)) }, "\(length): \(flaws)")
        let saved = scratch.path + "/saved-\(place)-\(length).mcap"
        #expect(try MCAPRecovery.recover(from: path, to: saved).isLossy)
      }
    }
  }

  /// The recorder's own thread splits, by size and by time, while the loop pushes.
  @Test func theRecorderSplitsWithoutAGap() throws {
    let scratch = Scratch()
    var configuration = try RecorderTests.configuration(scratch)
    configuration.splitBytes = 20_000
    configuration.splitInterval = 50_000_000
    configuration.chunkBytes = 2_000
    configuration.compression = .none
    let ring = RecordRing()
    let confirmations = AckRing()
    let recorder = try Recorder(configuration, ring: ring, confirmations: confirmations)
    var random = SeededGenerator(seed: 5)
    var (index, confirmed) = (UInt64(0), UInt64(0))
    while recorder.state.part < 8 {
      index += 1
      let body = RecorderTests.state(index) + random.bytes(Int(random.next() % 200))
      ring.push(.undecoded, channel: 1, index, at: 6_000 + Int64(index), "t", body)
      if index % 50 == 0 { ring.push(.violation, index, at: 6_000 + Int64(index), "", RecorderTests.verdict(index, core: [1])) }
      while confirmations.pop() != nil { confirmed += 1 }
      if index % 16 == 0 { usleep(200) }
    }
    let summary = recorder.stop()
    while confirmations.pop() != nil { confirmed += 1 }
    #expect(summary.errors == [] && summary.refusedRecords == 0)
    #expect(confirmed == index / 50)
    var recording = try Recording(path: configuration.directory.run)
    let inputs = try RecorderTests.read(&recording).inputs
    let (isComplete, flaws, closing) = (recording.isComplete, recording.flaws, recording.closing)
    #expect(inputs.map(\.index) == Array(1...index))
    #expect(isComplete, "\(flaws)")
    #expect(closing?["last_index"] == String(index) && closing?["records"] == String(summary.records))
    #expect(try LogVerifier.verify(directory: configuration.directory.root).failures == [])
    #expect(try EvidenceDirectory.parts(of: configuration.directory.run).count >= 8)
  }

  /// The files before and after may take the disk any time: confirmations don't wait for them.
  @Test func aSplitThatHangsInTheDiskDelaysNoConfirmation() throws {
    let scratch = Scratch()
    var configuration = try RecorderTests.configuration(scratch)
    configuration.splitInterval = 1
    // Its own syncs would hang, too.
    configuration.recordingSyncInterval = .max
    let calls = FailingCalls()
    let ring = RecordRing()
    let confirmations = AckRing()
    let recorder = try Recorder(
      configuration, ring: ring, confirmations: confirmations, disk: .init(recording: calls))
    calls.hangs.store(true, ordering: .releasing)
    ring.push(.tick, 1, at: 6_001)
    #expect(RecorderTests.waitUntil { calls.hanging.load(ordering: .relaxed) > 0 })
    for index in 2...40 as ClosedRange<UInt64> {
      ring.push(.tick, index, at: 6_000 + Int64(index))
      ring.push(.violation, index, at: 6_000 + Int64(index), "", RecorderTests.verdict(index, core: [1]))
      #expect(RecorderTests.waitUntil { confirmations.pop()?.arrivalIndex == index })
    }
    #expect(recorder.state.part == 1 && recorder.state.recordingError == 0)
    calls.hangs.store(false, ordering: .releasing)
    var index: UInt64 = 40
    #expect(
      RecorderTests.waitUntil {
        index += 1
        ring.push(.tick, index, at: 6_000 + Int64(index))
        return recorder.state.part > 1
      })
    recorder.stop()
    #expect(try Self.items(configuration.directory.run).count == Int(index))
  }

  /// A disk that is full, or fails, at any call of a split: nothing that was taken in is lost, and nothing is said to be whole that is not.
  @Test func whateverFailsInASplitTheRecordingGoesOnOrSaysThatItDoesNot() throws {
    for call in FailingCalls.Call.allCases {
      for code in [ENOSPC, EIO] {
        for number in 1...12 {
          let scratch = Scratch()
          var configuration = try RecorderTests.configuration(scratch)
          configuration.splitInterval = 1
          configuration.recordingSyncInterval = .max
          let calls = FailingCalls()
          let ring = RecordRing()
          let recorder = try Recorder(configuration, ring: ring, confirmations: AckRing(), disk: .init(recording: calls))
          calls.fail(call, number, code)
          var index: UInt64 = 0
          for _ in 0..<40 {
            index += 1
            ring.push(.tick, index, at: 6_000 + Int64(index))
            usleep(500)
          }
          let state = recorder.state
          let summary = recorder.stop()
          let what = "\(call) \(number) \(code): \(summary.errors)"
          var recording = try Recording(path: configuration.directory.run)
          let inputs = try RecorderTests.read(&recording).inputs.map(\.index)
          let (isComplete, flaws) = (recording.isComplete, recording.flaws)
          #expect(inputs == Array(1...UInt64(max(1, inputs.count))) || inputs.isEmpty, "\(what)")
          if isComplete {
            #expect(inputs.count == Int(index), "\(what)")
          } else {
            #expect(!summary.errors.isEmpty && !flaws.isEmpty, "\(what) \(flaws)")
          }
          if state.splitError != 0 { #expect(state.recordingError != 0 || isComplete, "\(what)") }
        }
      }
    }
  }
}
