import Foundation
import Synchronization
import TestSupport
import Testing

@testable import ODCVEvidence

/// What goes and what stays when space runs out.
@Suite struct RetentionTests {
  private static let day: Int64 = 86_400_000_000_000

  private static func tick(_ ring: RecordRing, _ configuration: RecorderConfiguration, _ index: inout UInt64) {
    index += 1
    ring.push(.tick, index, at: configuration.monotonicStart + Int64(index))
  }

  @Test func stopEndsTheRecordingInOrderAndTheLogGoesOn() throws {
    let rig = RetentionRig()
    let configuration = try rig.configuration(Retention(minFree: 1_000_000, policy: .stop))
    let (ring, confirmations) = (RecordRing(), AckRing())
    let recorder = try rig.recorder(configuration, ring, confirmations)
    var index: UInt64 = 0
    for _ in 0..<10 { Self.tick(ring, configuration, &index) }
    #expect(RecorderTests.waitUntil { recorder.state.freeBytes == 1 << 40 && ring.usedBytes == 0 })
    #expect(!recorder.state.recordingEnded)
    rig.free.bytes.store(999_999, ordering: .relaxed)
    #expect(RecorderTests.waitUntil { recorder.state.recordingEnded })
    #expect(recorder.state.recordingError == 0 && recorder.state.freeBytes == 999_999)
    for _ in 0..<10 { Self.tick(ring, configuration, &index) }
    ring.push(.violation, index, at: configuration.monotonicStart + 20, "", RecorderTests.verdict(index, core: [1]))
    #expect(RecorderTests.waitUntil { confirmations.pop()?.arrivalIndex == 20 })
    // The next run is recorded, while there is space.
    rig.free.bytes.store(1 << 40, ordering: .relaxed)
    let following = try rig.configuration(configuration.retention)
    #expect(ring.pushPrepared(try recorder.prepare(following), index: index, instant: 7_000, next: -20))
    Self.tick(ring, following, &index)
    ring.push(.turned, index, at: following.monotonicStart + 21)
    ring.push(.tick, 2, at: following.monotonicStart + 22)
    #expect(RecorderTests.waitUntil { !recorder.state.recordingEnded && ring.usedBytes == 0 })
    let summary = recorder.stop()
    #expect(summary.errors.count == 1 && summary.errors[0].contains("the recording has ended: 0 MB are left"), "\(summary.errors)")
    var first = try Recording(path: configuration.directory.run)
    let inputs = try RecorderTests.read(&first).inputs.map(\.index)
    let (isComplete, flaws, reason) = (first.isComplete, first.flaws, first.endedEarly)
    #expect(inputs == Array(1...10) && flaws == [])
    #expect(!isComplete && reason?.contains("evidence.min_free_mb") == true, "it is closed in order and must not pass as the whole run")
    var second = try Recording(path: following.directory.run)
    let after = try RecorderTests.read(&second).inputs.map(\.index)
    let isWhole = second.isComplete
    #expect(after == [1, 2] && isWhole)
    #expect(try LogVerifier.verify(directory: rig.root).isIntact)
  }

  @Test func theOldestGoFirstLockedOnesStayAndNothingVanishesWithoutAWord() throws {
    let rig = RetentionRig()
    let quiet = try rig.run(violation: false)
    let violating = try rig.run(violation: true)
    let later = try rig.run(violation: false)
    let configuration = try rig.configuration(Retention(minFree: 1_000_000, policy: .oldest, lock: Self.day))
    let ring = RecordRing()
    let recorder = try rig.recorder(configuration, ring)
    // Made to follow, and not in force yet: as little to be removed as what is.
    let prepared = try rig.configuration(nil)
    let number = try recorder.prepare(prepared)
    var index: UInt64 = 0
    for _ in 0..<10 { Self.tick(ring, configuration, &index) }
    rig.limit(to: 500_000)
    #expect(RecorderTests.waitUntil { (try? rig.names().contains(quiet)) == false })
    // It is not enough: the next one goes, and then there is nothing that may.
    #expect(RecorderTests.waitUntil { recorder.state.recordingEnded })
    #expect(try rig.names() == [violating, configuration.directory.name, prepared.directory.name].sorted())
    recorder.discardPrepared(number)
    let summary = recorder.stop()
    #expect(summary.errors.count == 1 && summary.errors[0].contains("nothing may be removed: 1 files surround violations"))
    let report = try LogVerifier.verify(directory: rig.root)
    #expect(report.isIntact, "\(report.failures)")
    #expect(report.removed.map(\.run) == [quiet, later])
    #expect(report.removed.allSatisfy { $0.name == "recording.mcap" && $0.bytes > 500 && $0.inputs == 1...100 && $0.wall > 0 })
  }

  @Test func aLockEndsWithItsDaysAndAClockThatWasSetBackEndsNone() throws {
    let rig = RetentionRig()
    let violating = try rig.run(violation: true)
    let now = System.wallNow()
    func removable(lock: Int64?, now: Int64) throws -> [String] {
      try RetentionSearch(root: rig.root, bootID: "none", monotonicStart: 0, monotonicNow: 0, lock: lock).run(now: now).removable.map(\.run)
    }
    #expect(try removable(lock: Self.day, now: now) == [])
    #expect(try removable(lock: Self.day, now: now + Self.day - 60_000_000_000) == [])
    #expect(try removable(lock: Self.day, now: now + Self.day + 1) == [violating])
    #expect(try removable(lock: Self.day, now: now - 400 * Self.day) == [])
    #expect(try removable(lock: nil, now: now + 40_000 * Self.day) == [])
  }

  /// Of a run in several files only those near a violation are locked, also where its recorder was killed.
  @Test func ofASplitRunTheFilesNearAViolationAreLocked() throws {
    for isKilled in [false, true] {
      let rig = RetentionRig()
      let configuration = try rig.configuration(nil)
      let second: Int64 = 1_000_000_000
      var log = try ViolationLog(directory: configuration.directory.violations, bootID: configuration.directory.bootID)
      var recording = try RunRecording(configuration, log: LogPosition(log), calls: LinuxCalls())
      let ring = RecordRing()
      var taken = RingRecord()
      // Six files of 100 s; a violation in the middle of the third, another just after the fifth began.
      for index in 0..<60 as Range<Int64> {
        let instant = configuration.monotonicStart + index * 10 * second
        if index > 0, index % 10 == 0 { try recording.split() }
        ring.push(.tick, UInt64(index + 1), at: instant)
        let isThere = ring.pop(into: &taken)
        #expect(isThere)
        try recording.write(taken, index: taken.index)
        if index == 25 || index == 40 {
          _ = try [1, 2].withUnsafeBytes { (bytes) throws(EvidenceError) in
            try log.append(index: UInt64(index + 1), monotonic: instant, payload: bytes)
          }
          try log.sync()
        }
      }
      if isKilled {
        try recording.split()
        // Beside it, the file before is ended.
        for _ in 0..<60_000 where try RecordedRun.all(root: rig.root).first?.files.dropLast().last?.ends == nil { usleep(1000) }
      } else {
        try recording.finish([:])
      }
      try log.close()
      let search = RetentionSearch(root: rig.root, bootID: "none", monotonicStart: 0, monotonicNow: 0, lock: nil)
      let result = try search.run(now: System.wallNow())
      #expect(result.removable.prefix(2).map(\.name) == ["recording.mcap", "recording-2.mcap"])
      #expect(!result.removable.contains { ["recording-3.mcap", "recording-4.mcap", "recording-5.mcap"].contains($0.name) })
      #expect(result.removable.contains { $0.name == "recording-6.mcap" })
      #expect(result.locked == 3)
      #expect(result.removable[1].inputs == 11...20)
      // In force it keeps the file that is written, and the one that has just ended.
      let bootID = Hex.string(configuration.directory.bootID)
      let own = try RetentionSearch(root: rig.root, bootID: bootID, monotonicStart: configuration.monotonicStart, monotonicNow: .max / 2, lock: nil)
        .run(now: System.wallNow())
      #expect(own.removable.map(\.name) == ["recording.mcap", "recording-2.mcap"] && own.locked == 3)
      #expect(own.unsettled == 1, "what a violation already locks is known to stay")
      let prepared = try RetentionSearch(root: rig.root, bootID: bootID, monotonicStart: configuration.monotonicStart - 1, monotonicNow: .max / 2, lock: nil)
        .run(now: System.wallNow())
      #expect(prepared.removable.isEmpty && prepared.locked == 0)
    }
  }

  /// What is found just after a reload surrounds the last file before it, and what was found just before it the first one after it.
  @Test func filesOnBothSidesOfAReloadAreLockedByWhatIsFoundOnEither() throws {
    for finding in [nil, 0, 1] as [Int?] {
      let rig = RetentionRig()
      let second: Int64 = 1_000_000_000
      var runs: [RecorderConfiguration] = []
      var log: ViolationLog?
      for place in 0..<2 {
        let configuration = try rig.configuration(nil, after: 200 * second)
        runs.append(configuration)
        if log == nil { log = try ViolationLog(directory: configuration.directory.violations, bootID: configuration.directory.bootID) }
        var recording = try RunRecording(configuration, log: LogPosition(log!), calls: LinuxCalls())
        let ring = RecordRing()
        var taken = RingRecord()
        // Two files of 100 s each, and of the first run one more that has just begun.
        for index in 0...20 as ClosedRange<Int64> {
          let instant = configuration.monotonicStart + index * 10 * second
          if index == 10 || (place == 0 && index == 20) { try recording.split() }
          ring.push(.tick, UInt64(index + 1), at: instant)
          let isThere = ring.pop(into: &taken)
          #expect(isThere)
          try recording.write(taken, index: taken.index)
          if place == finding, index == (place == 0 ? 20 : 0) {
            _ = try [1, 2].withUnsafeBytes { (bytes) throws(EvidenceError) in
              try log!.append(index: UInt64(index + 1), monotonic: instant, payload: bytes)
            }
            try log!.sync()
          }
        }
        try recording.finish([:])
      }
      try log!.close()
      let names = runs.map(\.directory.name)
      func removable(boot: String, now: Int64) throws -> [String] {
        try RetentionSearch(root: rig.root, bootID: boot, monotonicStart: runs[1].monotonicStart, monotonicNow: now, lock: nil)
          .run(now: System.wallNow()).removable.map { "\(names.firstIndex(of: $0.run)!)/\($0.name)" }
      }
      let (first, last) = (["0/recording.mcap"], ["1/recording-2.mcap"])
      #expect(try removable(boot: "none", now: 0) == first + (finding == nil ? ["0/recording-2.mcap", "0/recording-3.mcap", "1/recording.mcap"] : []) + last)
      // While the second is in force, what may still be found in its first moments surrounds the file before.
      let boot = Hex.string(runs[1].directory.bootID)
      let start = runs[1].monotonicStart
      for (name, settled) in [("0/recording-2.mcap", 10), ("0/recording-3.mcap", 20)] as [(String, Int64)] {
        #expect(try removable(boot: boot, now: start + (settled - 5) * second).contains(name) == false)
        #expect(try removable(boot: boot, now: start + (settled + 5) * second).contains(name) == (finding == nil))
      }
    }
  }

  static func write(_ path: String, _ metadata: [(name: String, values: [String: String])]) throws {
    try FileManager.default.createDirectory(
      atPath: String(path[..<path.lastIndex(of: "/")!]), withIntermediateDirectories: true)
    var writer = try MCAPWriter(path: path)
    for record in metadata { try writer.addMetadata(name: record.name, record.values) }
    try writer.finish()
  }

  @Test func whatCannotBeATimeOrANumberAndWhatIsNoFileStays() throws {
    let rig = RetentionRig()
    let quiet = try rig.run(violation: false)
    let odcv = ["boot_id": "00", "real_start_ns": "0", "mono_start_ns": "5"]
    let part = ["part": "2", "previous": "recording.mcap", "begin_ns": "5", "in_force_from_index": "0"]
    func run(_ name: String) -> String { "\(rig.root)/run-\(name)/recording.mcap" }
    try Self.write(run("a"), [("odcv", odcv.merging(["mono_start_ns": "\(Int64.min)"]) { $1 }), (EndMark.name, [EndMark.end: "0"])])
    try Self.write(run("b"), [("odcv", odcv), (PartMark.name, part.merging(["previous_last_index": "\(UInt64.max)"]) { $1 })])
    try Self.write(run("c"), [("odcv", odcv), (EndMark.name, [EndMark.end: "\(Int64.max)"])])
    try FileManager.default.createDirectory(atPath: rig.root + "/run-d", withIntermediateDirectories: true)
    #expect(mkfifo(run("d"), 0o600) == 0)
    let names = try rig.names()
    #expect(names.count == 5, "\(names)")
    let result = try RetentionSearch(root: rig.root, bootID: "none", monotonicStart: 0, monotonicNow: 0, lock: nil).run(now: 0)
    #expect(result.removable.map(\.run) == [quiet])
  }

  @Test func aRunWithoutItsFirstFileKeepsWhatSurroundsViolations() throws {
    let rig = RetentionRig()
    // Where the log stood for a run before says nothing of it.
    let first = try rig.run(violation: false)
    let run = try rig.run(violation: true)
    let quiet = try rig.run(violation: false)
    let metadata = try MCAPReader.sidecars(path: "\(rig.root)/\(run)/recording.mcap").metadata
    var values = try #require(metadata.first { $0.name == "odcv" }).values
    let begun = try #require(values["mono_start_ns"].flatMap { Int64($0) })
    // As a reload leaves it: where the log stood is in the first file alone, and that is gone.
    values = values.filter { !$0.key.hasPrefix("log_first") }
    let mark = PartMark(number: 2, previousLast: 50, begins: begun + 51, inForceFrom: 0)
    let left = rig.root + "/" + run
    try FileManager.default.removeItem(atPath: left + "/recording.mcap")
    try Self.write(
      left + "/recording-2.mcap", [("odcv", values), (PartMark.name, mark.values), (EndMark.name, [EndMark.end: "\(begun + 100)"])])
    let result = try RetentionSearch(root: rig.root, bootID: "none", monotonicStart: 0, monotonicNow: 0, lock: nil).run(now: System.wallNow())
    #expect(result.removable.map(\.run) == [first, quiet] && result.locked == 1)
  }

  @Test func whatIsLeftOfARunSaysWhatWasRemoved() throws {
    let rig = RetentionRig()
    var random = SeededGenerator(seed: 8)
    let records = SplitTests.records(60, &random)
    let inputs = records.indices.filter { records[$0].kind.isInput }
    let run = try SplitTests.run(rig.scratch, records, splits: [inputs[20], inputs[40]])
    let name = String(run.split(separator: "/").last!)
    var log = try ViolationLog(directory: rig.root + "/violations", bootID: boot)
    try log.append(removed: RemovedFile(run: name, name: "recording.mcap", bytes: 9, inputs: 1...20))
    try log.close()
    try FileManager.default.removeItem(atPath: run + "/recording.mcap")
    var recording = try Recording(path: run)
    let read = try RecorderTests.read(&recording)
    let (flaws, isComplete) = (recording.flaws, recording.isComplete)
    #expect(read.inputs.map(\.index) == Array(21...60))
    #expect(!isComplete && flaws.count == 1 && flaws[0].contains("\(name)/recording.mcap with inputs 1 to 20 was removed at 2"), "\(flaws)")
    #expect(try LogVerifier.verify(directory: rig.root).isIntact, "what the log says was removed is not missing")
    try FileManager.default.removeItem(atPath: run + "/recording-2.mcap")
    let report = try LogVerifier.verify(directory: rig.root)
    #expect(report.failures.count == 1 && report.failures[0].what.contains("recording-2.mcap is missing"))
  }

  /// A file system of 24 MB that really runs full.
  @Test(.enabled(if: SmallDisk.canMount, "only root can mount a small file system"))
  func aRealSmallDiskKeepsTheRunInForceAndItsMinimumFree() throws {
    let disk = try SmallDisk(megabytes: 24)
    var earlier: [String] = []
    // So long ago that nothing is found any more that surrounds the end of the earlier ones.
    var ago: Int64 = 60_000_000_000
    func configuration(_ policy: Retention.Policy) throws -> RecorderConfiguration {
      var configuration = RecorderConfiguration(
        directory: try EvidenceDirectory.create(root: disk.path + "/evidence"), endpoints: RecorderTests.endpoints, robotID: "panda",
        configurationSHA256: "abcd", monotonicStart: System.monotonicNow() - ago, wallStart: System.wallNow())
      configuration.compression = .none
      configuration.segmentBytes = 64 << 10
      configuration.retention = Retention(minFree: 8_000_000, policy: policy)
      return configuration
    }
    func fill(_ recorder: Recorder, _ ring: RecordRing, until isDone: (UInt64) -> Bool) -> UInt64 {
      var index: UInt64 = 0
      let body = [UInt8](repeating: 1, count: 10_000)
      while !isDone(index) {
        if ring.push(.undecoded, channel: 1, index + 1, at: System.monotonicNow() - ago, "t", body) { index += 1 } else { usleep(200) }
        // About 3 MB/s: the space is looked at once a second.
        usleep(3000)
      }
      return index
    }
    for _ in 0..<3 {
      let ring = RecordRing()
      let configuration = try configuration(.stop)
      let recorder = try Recorder(configuration, ring: ring, confirmations: AckRing())
      _ = fill(recorder, ring) { $0 >= 450 }
      #expect(recorder.stop().errors == [])
      earlier.append(configuration.directory.name)
    }
    let ring = RecordRing()
    let confirmations = AckRing()
    ago = 0
    let last = try configuration(.oldest)
    let recorder = try Recorder(last, ring: ring, confirmations: confirmations)
    // The three are removed, one after the other, and then it ends itself.
    let count = fill(recorder, ring) { _ in recorder.state.recordingEnded || recorder.state.recordingError != 0 }
    #expect(recorder.state.recordingEnded && recorder.state.recordingError == 0)
    ring.push(.violation, count, at: System.monotonicNow(), "", RecorderTests.verdict(count, core: [1]))
    #expect(RecorderTests.waitUntil { confirmations.pop()?.arrivalIndex == count })
    recorder.stop()
    let report = try LogVerifier.verify(directory: disk.path + "/evidence")
    #expect(report.isIntact && report.removed.map(\.run) == earlier, "\(report)")
    var recording = try Recording(path: last.directory.run)
    let inputs = try RecorderTests.read(&recording).inputs.map(\.index)
    #expect(inputs.count > 450 && inputs == Array(1...UInt64(inputs.count)))
    let reason = recording.endedEarly
    #expect(reason != nil)
  }
}

/// A tmpfs, unmounted when it goes out of scope.
private final class SmallDisk {
  let path: String
  private let scratch = Scratch()

  static var canMount: Bool { geteuid() == 0 && (try? SmallDisk(megabytes: 1)) != nil }

  init(megabytes: Int) throws {
    path = scratch.directory("disk")
    guard mount("tmpfs", path, "tmpfs", 0, "size=\(megabytes)m") == 0 else {
      throw EvidenceError("\(path): cannot mount: \(String(cString: strerror(errno)))")
    }
  }

  deinit { umount(path) }
}
