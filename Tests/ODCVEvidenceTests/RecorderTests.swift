import Foundation
import Synchronization
import TestSupport
import Testing

@testable import ODCVEvidence

@Suite struct RecorderTests {
  static let endpoints = ["action", "state", "scene", "gated", "verdict", "instruction", "control"]

  static func configuration(_ scratch: Scratch) throws -> RecorderConfiguration {
    var configuration = RecorderConfiguration(
      directory: try EvidenceDirectory.create(root: scratch.path + "/evidence"), endpoints: endpoints,
      robotID: "panda", configurationSHA256: "abcd", monotonicStart: 5_000, wallStart: 1_700_000_000_000_000_000)
    configuration.attachments = [("monitor.yaml", Array("version: 1\n".utf8)), ("cells/a.yaml", [])]
    configuration.segmentBytes = 64 << 10
    return configuration
  }

  static func waitUntil(_ condition: () -> Bool) -> Bool {
    for _ in 0..<20_000 {
      if condition() { return true }
      usleep(500)
    }
    return false
  }

  /// An encoded odcv.v1.State with a header that names the robot.
  static func state(_ index: UInt64) -> [UInt8] {
    var header = ProtoBytes()
    header.add(1, string: "panda")
    header.add(3, varint: index)
    var state = ProtoBytes()
    state.add(1, bytes: header.bytes)
    return state.bytes
  }

  static func verdict(_ index: UInt64, core: [UInt8]) -> [UInt8] {
    var verdict = ProtoBytes()
    verdict.add(2, varint: index)
    verdict.add(9, bytes: core)
    return verdict.bytes
  }

  struct Read {
    var items: [RecordedItem] = []
    var inputs: [RecordedInput] { items.compactMap { if case .input(let input) = $0 { input } else { nil } } }
  }

  static func read(_ recording: inout Recording) throws -> Read {
    var read = Read()
    while let item = try recording.next() { read.items.append(item) }
    return read
  }

  @Test func whatTheLoopPushesIsReadBack() throws {
    let scratch = Scratch()
    let configuration = try Self.configuration(scratch)
    let ring = RecordRing()
    let acks = AckRing()
    let recorder = try Recorder(configuration, ring: ring, confirmations: acks)
    let first: UInt64 = 0xFFFF_FFFE  // the stored sequence wraps
    let verdict = Self.verdict(first, core: [4, 5, 6])
    ring.push(.state, channel: 1, first, at: 6_000, "odcv/2/state/panda", Self.state(1))
    ring.push(.verdict, channel: 4, first, at: 6_000, "odcv/2/verdict/panda", verdict)
    ring.push(.violation, first, at: 6_000, "", verdict)
    ring.push(.undecoded, channel: 0, first + 1, at: 7_000, "odcv/2/act", [0xFF, 0, 1])
    ring.push(.tick, first + 2, at: 8_000)
    ring.push(.lost, channel: 2, first + 3, at: 8_500, detail: 12)
    ring.push(.overrun, first + 4, at: 9_000, detail: 2_500_000)
    ring.push(.request, channel: 6, first + 5, at: 9_500, "", [0x0A, 0])
    ring.push(.sent, channel: 3, first + 5, at: 9_600, detail: 1)
    ring.push(.sent, channel: 3, first + 5, at: 9_700, detail: 0, "", [0x10, 10])
    ring.push(.alarm, channel: 4, first + 5, at: 9_800, "odcv/2/alarm/panda", [0x20, 3])
    var confirmation: CommitConfirmation?
    #expect(Self.waitUntil { confirmation = acks.pop(); return confirmation != nil })
    #expect(confirmation == CommitConfirmation(arrivalIndex: first, logSequence: 2))
    let summary = recorder.stop()
    #expect(summary.records == 11)
    #expect(summary.violationsLogged == 1)
    #expect(summary.errors == [])

    var recording = try Recording(path: configuration.directory.recording)
    #expect(recording.robotID == "panda")
    #expect(recording.configurationSHA256 == "abcd")
    #expect(recording.monotonicStart == 5_000)
    #expect(recording.attachments.map(\.name) == ["monitor.yaml", "cells/a.yaml"])
    #expect(recording.attachments.map(\.bytes) == [Array("version: 1\n".utf8), []])
    let items = try Self.read(&recording).items
    func input(_ step: UInt64, _ instant: Int64, _ event: RecordedInput.Event) -> RecordedItem {
      .input(RecordedInput(index: first + step, instant: instant, event: event))
    }
    #expect(
      items == [
        input(0, 6_000, .message(endpoint: "state", topic: Array("odcv/2/state/panda".utf8), body: Self.state(1))),
        .verdict(index: first, core: [4, 5, 6], message: verdict),
        input(1, 7_000, .message(endpoint: "action", topic: Array("odcv/2/act".utf8), body: [0xFF, 0, 1])),
        input(2, 8_000, .tick),
        input(3, 8_500, .lost(endpoint: "scene", count: 12)),
        input(4, 9_000, .overrun(nanoseconds: 2_500_000)),
        input(5, 9_500, .message(endpoint: "control", topic: [], body: [0x0A, 0])),
        .sent(index: first + 5, forwarded: true, substitute: []),
        .sent(index: first + 5, forwarded: false, substitute: [0x10, 10]),
        .alarm(index: first + 5, message: [0x20, 3]),
      ])
    let isComplete = recording.isComplete
    #expect(isComplete)
    #expect(recording.closing?["violations_logged"] == "1")
    let report = try LogVerifier.verify(directory: configuration.directory.root)
    #expect(report.isIntact)
    #expect(recording.closing?["log_head_sha256"] == Hex.string(report.headDigest))
    let logged = try LogVerifier.records(directory: configuration.directory.root)[1]
    #expect(logged.payload == verdict)
    #expect(logged.arrivalIndex == first)
    #expect(logged.monotonic == 6_000)
    #expect(try MCAPIndexCheck.problems(path: configuration.directory.recording) == [])
  }

  @Test func endlessNewTopicsStayRecordedWithoutEndlessChannels() throws {
    let scratch = Scratch()
    let configuration = try Self.configuration(scratch)
    let ring = RecordRing()
    let recorder = try Recorder(configuration, ring: ring, confirmations: AckRing())
    for index in 1...400 as ClosedRange<UInt64> {
      ring.push(.state, channel: 1, index, at: 6_000, "odcv/2/state/robot\(index)", Self.state(index))
    }
    ring.push(.undecoded, channel: 1, 401, at: 6_000, "\u{0}", [])
    ([0xC3, 0x28] as [UInt8]).withUnsafeBytes { topic in
      _ = ring.push(kind: .state, channel: 1, index: 402, instant: 6_000, topic: topic)
    }
    ring.push(.verdict, channel: 4, 402, at: 6_000, "odcv/2/verdict/panda", [])
    recorder.stop()
    var recording = try Recording(path: configuration.directory.recording)
    let read = try Self.read(&recording)
    #expect(read.inputs.count == 402)
    for (place, input) in read.inputs.prefix(400).enumerated() {
      let expected = RecordedInput.Event.message(
        endpoint: "state", topic: Array("odcv/2/state/robot\(place + 1)".utf8), body: Self.state(UInt64(place + 1)))
      guard input.event == expected else {
        Issue.record("input \(place + 1) came back as \(input)")
        return
      }
    }
    #expect(read.inputs[401].event == .message(endpoint: "state", topic: [0xC3, 0x28], body: []))
    #expect(read.items.count == 403)
    let channels = try MCAPTests.read(configuration.directory.recording).items.filter {
      if case .channel = $0 { true } else { false }
    }
    #expect(channels.count == RecordingChannels.capacity + 2)
  }

  @Test func inputsThatTheRingRefusedAreMissedByTheReader() throws {
    let scratch = Scratch()
    let configuration = try Self.configuration(scratch)
    let ring = RecordRing()
    let recorder = try Recorder(configuration, ring: ring, confirmations: AckRing())
    for index in [1, 2, 5, 6] as [UInt64] { ring.push(.tick, index, at: 6_000) }
    recorder.stop()
    var recording = try Recording(path: configuration.directory.recording)
    _ = try Self.read(&recording)
    #expect(recording.missingInputs == 2)
    let isComplete = recording.isComplete
    #expect(!isComplete)
  }

  /// A disk that a test can stop and break.
  final class TestDisk: Sendable {
    let isStalled = Atomic<Bool>(false)
    let error = Atomic<Int32>(0)
    let waiting = Atomic<Int>(0)

    func synchronize(_ descriptor: Int32) -> Int32 {
      waiting.wrappingAdd(1, ordering: .relaxed)
      while isStalled.load(ordering: .acquiring) { usleep(200) }
      return error.load(ordering: .relaxed)
    }
  }

  @Test func stalledDiskNeverHoldsUpTheLoop() throws {
    let scratch = Scratch()
    let configuration = try Self.configuration(scratch)
    let ring = RecordRing(capacity: 64 << 10, reservedBytes: 8 << 10)
    let acks = AckRing()
    let disk = TestDisk()
    let recorder = try Recorder(
      configuration, ring: ring, confirmations: acks,
      disk: .init(synchronizeLog: { disk.synchronize($0) }, synchronizeRecording: { disk.synchronize($0) }))
    disk.isStalled.store(true, ordering: .releasing)
    let before = disk.waiting.load(ordering: .relaxed)
    ring.push(.violation, 1, at: 6_000, "", Self.verdict(1, core: [1]))
    #expect(Self.waitUntil { disk.waiting.load(ordering: .relaxed) > before })
    // The recorder hangs in the disk. The loop goes on: everything comes back at once, refused where it must be.
    var index: UInt64 = 1
    while ring.push(.state, channel: 1, index + 1, at: 6_000, "t", Self.state(index)) { index += 1 }
    #expect(recorder.state.refusedInputs == 1)
    #expect(ring.push(.violation, index, at: 6_000, "", Self.verdict(index, core: [2])))
    #expect(acks.pop() == nil)
    #expect(Self.waitUntil { recorder.state.stalled > 20_000_000 })
    #expect(recorder.state.logError == 0)
    disk.isStalled.store(false, ordering: .releasing)
    var confirmed: [UInt64] = []
    #expect(Self.waitUntil {
      while let confirmation = acks.pop() { confirmed.append(confirmation.arrivalIndex) }
      return confirmed.count == 2
    })
    #expect(confirmed == [1, index])
    let summary = recorder.stop()
    #expect(summary.violationsLogged == 2)
    #expect(try LogVerifier.verify(directory: configuration.directory.root).isIntact)
  }

  @Test func failedSyncStopsConfirmingForGoodAndIsSaid() throws {
    let scratch = Scratch()
    let configuration = try Self.configuration(scratch)
    let ring = RecordRing(capacity: 64 << 10, reservedBytes: 8 << 10)
    let acks = AckRing()
    let disk = TestDisk()
    let recorder = try Recorder(
      configuration, ring: ring, confirmations: acks, disk: .init(synchronizeLog: { disk.synchronize($0) }))
    ring.push(.violation, 1, at: 6_000, "", [1])
    #expect(Self.waitUntil { acks.pop()?.arrivalIndex == 1 })
    disk.error.store(EIO, ordering: .relaxed)
    ring.push(.violation, 2, at: 6_000, "", [2])
    #expect(Self.waitUntil { recorder.state.logError == EIO })
    // The next sync would succeed, as the kernel's does; the data is gone all the same.
    disk.error.store(0, ordering: .relaxed)
    for index in 3...2_000 as ClosedRange<UInt64> {
      while !ring.push(.state, channel: 1, index, at: 6_000, "t", Self.state(index)) { usleep(100) }
      if index % 100 == 0 { ring.push(.violation, index, at: 6_000, "", [3]) }
    }
    let summary = recorder.stop()
    #expect(acks.pop() == nil)
    #expect(summary.violationsLogged == 1)
    #expect(summary.violationsLost == 21)
    #expect(summary.errors.count == 1)
    #expect(summary.errors.first?.contains("disk is failing") == true)
    var recording = try Recording(path: configuration.directory.recording)
    #expect(try Self.read(&recording).inputs.count == 1_998)
    // The recording ends with what is known to be on disk in the log: nobody is to be accused of having taken the rest.
    #expect(recording.closing?["log_last_sequence"] == String(summary.logSequence) && summary.logSequence == 2)
  }

  @Test func aRunWithoutItsRecordingIsNoted() throws {
    let scratch = Scratch()
    let configuration = try Self.configuration(scratch)
    let recorder = try Recorder(configuration, ring: RecordRing(), confirmations: AckRing())
    recorder.stop()
    let root = configuration.directory.root
    #expect(try LogVerifier.verify(directory: root).notes.isEmpty)
    try FileManager.default.removeItem(atPath: configuration.directory.recording)
    let report = try LogVerifier.verify(directory: root)
    #expect(report.notes.contains { $0.hasPrefix(configuration.directory.run) && $0.contains("holds no recording") }, "\(report.notes)")
  }

  @Test func runsWithoutAnyLogAreNoLogThatIsInOrder() throws {
    let scratch = Scratch()
    let configuration = try Self.configuration(scratch)
    try Recorder(configuration, ring: RecordRing(), confirmations: AckRing()).stop()
    let root = configuration.directory.root
    try FileManager.default.removeItem(atPath: root + "/violations")
    let report = try LogVerifier.verify(directory: root)
    #expect(report.failures.contains { $0.what.hasPrefix("there is no violation log") }, "\(report.failures)")
    #expect(throws: EvidenceError.self) { try LogVerifier.verify(directory: root + "/violations") }
  }

  @Test func violationsThatTheRingRefusedAreNotedInTheLog() throws {
    let scratch = Scratch()
    let configuration = try Self.configuration(scratch)
    let ring = RecordRing(capacity: 4096, reservedBytes: 1024)
    let disk = TestDisk()
    let recorder = try Recorder(
      configuration, ring: ring, confirmations: AckRing(), disk: .init(synchronizeLog: { disk.synchronize($0) }))
    disk.isStalled.store(true, ordering: .releasing)
    let before = disk.waiting.load(ordering: .relaxed)
    ring.push(.violation, 1, at: 6_000, "", [1])
    #expect(Self.waitUntil { disk.waiting.load(ordering: .relaxed) > before })
    var index: UInt64 = 2
    while ring.push(.violation, index, at: 6_000, "", [UInt8](repeating: 0, count: 100)) { index += 1 }
    ring.push(.violation, index, at: 6_000, "", [UInt8](repeating: 0, count: 100))
    disk.isStalled.store(false, ordering: .releasing)
    recorder.stop()
    let refused = try LogVerifier.records(directory: configuration.directory.root).filter { $0.kind == .refused }
    #expect(refused.reduce(0) { $0 + $1.payload.load(UInt64.self, at: 0) } == 2)
    #expect(try LogVerifier.verify(directory: configuration.directory.root).isIntact)
  }

  /// What the log can't show by itself, the recordings beside it do.
  @Test func logWithoutItsNewestRunDoesNotPassBesideTheRecordings() throws {
    let scratch = Scratch()
    var root = ""
    for _ in 0..<3 {
      let configuration = try Self.configuration(scratch)
      root = configuration.directory.root
      let ring = RecordRing()
      let recorder = try Recorder(configuration, ring: ring, confirmations: AckRing())
      ring.push(.violation, 1, at: 6_000, "", [1])
      recorder.stop()
    }
    #expect(try LogVerifier.verify(directory: root).isIntact)
    try FileManager.default.removeItem(atPath: root + "/violations/" + SegmentName.name(3))
    #expect(try LogVerifier.verify(directory: root + "/violations").isIntact)
    let report = try LogVerifier.verify(directory: root)
    #expect(report.failures.count == 2)
    #expect(report.failures.first?.what.contains("removed from the log's end") == true)
  }

  @Test func directoryIsNeverSharedByTwoRuns() throws {
    let scratch = Scratch()
    let root = scratch.path + "/evidence"
    let wall: Int64 = 1_795_450_893_123_456_789
    let runs = try (0..<3).map { _ in try EvidenceDirectory.create(root: root, bootID: boot, wall: wall).run }
    #expect(runs.map { ($0 as NSString).lastPathComponent } == [
      "run-20261123T162133Z-01020304", "run-20261123T162133Z-01020304-2", "run-20261123T162133Z-01020304-3",
    ])
    let file = scratch.file("file", [1])
    #expect(throws: EvidenceError.self) { _ = try EvidenceDirectory.create(root: file) }
    #expect(throws: EvidenceError.self) { _ = try EvidenceDirectory.create(root: scratch.path + "/no/such") }
  }

  @Test func foreignMCAPFileIsNamedAsSuch() throws {
    let scratch = Scratch()
    var writer = try MCAPWriter(path: scratch.path + "/a.mcap", library: "other")
    try writer.finish()
    let error = #expect(throws: EvidenceError.self) { _ = try Recording(path: scratch.path + "/a.mcap") }
    #expect(error?.description.contains("not recorded by odcv-monitor") == true)
  }

  /// Readers that are not ours accept the file, decode every message by the schema in it and agree on the counts; and
  /// refuse the same file with one bit changed. Runs when ODCV_PYTHON names an interpreter with the oracle's packages.
  @Test(.enabled(if: ProcessInfo.processInfo.environment["ODCV_PYTHON"] != nil), arguments: MCAPTests.compressions)
  func otherReadersAcceptTheRecording(_ compression: MCAPCompression) throws {
    let scratch = Scratch()
    var configuration = try Self.configuration(scratch)
    configuration.compression = compression
    configuration.chunkBytes = 4096
    let ring = RecordRing()
    let recorder = try Recorder(configuration, ring: ring, confirmations: AckRing())
    for index in stride(from: 1, to: 2_000, by: 3) as StrideTo<UInt64> {
      let instant = 5_000 + Int64(index) * 1_000_000
      ring.push(.state, channel: 1, index, at: instant, "odcv/2/state/panda", Self.state(index))
      ring.push(.verdict, channel: 4, index, at: instant, "odcv/2/verdict/panda", Self.verdict(index, core: [1, 2]))
      ring.push(.tick, index + 1, at: instant + 1)
      ring.push(.undecoded, channel: 0, index + 2, at: instant + 2, "x", [0xFF])
      ring.push(.sent, channel: 3, index + 2, at: instant + 3, detail: 0, "", [1])
    }
    for (place, kind) in [
      RecordKind.layout, .action, .people, .obstacles, .reasoning, .heartbeat, .signal, .request, .instruction, .alarm, .lost,
      .overrun,
    ].enumerated() {
      ring.push(kind, channel: 0, UInt64(2_001 + place), at: 9_000_000_000, detail: 3, "odcv/2/\(kind)/panda", [])
    }
    #expect(ring.refusedRecords == 0)
    recorder.stop()
    let path = configuration.directory.recording
    let expectations = [
      "state/odcv/2/state/panda=667", "verdict/odcv/2/verdict/panda=667", "tick=667", "undecoded=667", "sent=667",
      "action/odcv/2/layout/panda=1", "action/odcv/2/alarm/panda=1", "fault=2",
    ]
    let schemas = try MCAPTests.read(path).items.count { if case .schema = $0 { true } else { false } }
    #expect(schemas == MessageSchema.allCases.count)
    let proto = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("../../proto").path
    let (status, text) = try Self.oracle([path, "--proto", proto] + expectations.flatMap { ["--expect", $0] })
    #expect(status == 0, "\(text)")
    var changed = bytes(of: path)
    changed[changed.count / 2] ^= 1
    let (refusal, _) = try Self.oracle([scratch.file("changed.mcap", changed)])
    #expect(refusal != 0)
  }

  private static func oracle(_ arguments: [String]) throws -> (Int32, String) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: ProcessInfo.processInfo.environment["ODCV_PYTHON"] ?? "")
    let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent(
      "../oracles/mcap_oracle.py")
    process.arguments = [script.path] + arguments
    let output = Pipe()
    process.standardOutput = output
    process.standardError = output
    try process.run()
    let text = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: text, as: UTF8.self))
  }
}
