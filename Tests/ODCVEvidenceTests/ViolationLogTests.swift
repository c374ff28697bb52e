import Foundation
import Testing

@testable import ODCVEvidence

@Suite struct ViolationLogTests {
  /// Appends `count` violations with payloads that tell which they are.
  static func append(_ log: inout ViolationLog, _ indices: ClosedRange<UInt64>) throws {
    for index in indices {
      let payload = Array("violation of input \(index)".utf8)
      _ = try payload.withUnsafeBytes { try log.append(index: index, monotonic: Int64(index) * 10, payload: $0) }
    }
  }

  static func write(
    _ directory: String, _ indices: ClosedRange<UInt64>, segmentBytes: Int = 4096, closing: Bool = true,
    commits: Int = 1, key: LogKeyFile? = nil
  ) throws {
    var log = try ViolationLog(directory: directory, bootID: boot, segmentBytes: segmentBytes, key: key)
    let each = UInt64((indices.count + commits - 1) / commits)
    for first in stride(from: indices.lowerBound, through: indices.upperBound, by: Int(each)) {
      try append(&log, first...min(first + each - 1, indices.upperBound))
      try log.sync()
    }
    if closing { try log.close() }
  }

  static func segments(_ directory: String) throws -> [String] { try SegmentName.list(directory).map(\.path) }

  static func indices(_ directory: String) throws -> [UInt64] {
    try LogVerifier.records(directory: directory).filter { $0.kind == .violation }.map(\.arrivalIndex)
  }

  @Test func recordsComeBackChainedAndVerified() throws {
    let scratch = Scratch()
    let directory = scratch.path + "/violations"
    try Self.write(directory, 1...5)
    let records = try LogVerifier.records(directory: directory)
    #expect(records.map(\.sequence) == Array(1...7))
    #expect(records.map(\.kind) == [.opened] + [LogRecord.Kind](repeating: .violation, count: 5) + [.closed])
    #expect(records[3].payload == Array("violation of input 3".utf8))
    #expect(records[3].monotonic == 30)
    #expect(records[3].bootID == boot)
    let report = try LogVerifier.verify(directory: scratch.path)
    #expect(report.failures == [])
    #expect(report.notes == [])
    #expect(report.violations == 5)
    #expect(report.lastSequence == 7)
  }

  @Test func chainGoesOnOverSegmentsAndRuns() throws {
    let scratch = Scratch()
    let directory = scratch.path + "/violations"
    for run in 0..<4 as Range<UInt64> { try Self.write(directory, run * 50 + 1...run * 50 + 50, segmentBytes: 2048) }
    #expect(try Self.segments(directory).count > 8)
    #expect(try Self.indices(directory) == Array(1...200))
    let report = try LogVerifier.verify(directory: directory)
    #expect(report.failures == [])
    #expect(report.violations == 200)
  }

  @Test func killedRunIsContinuedAndNoted() throws {
    let scratch = Scratch()
    let directory = scratch.path + "/violations"
    try Self.write(directory, 1...3, closing: false)
    let first = try LogVerifier.verify(directory: directory)
    #expect(first.isIntact)
    #expect(first.notes.count == 1)
    var log = try ViolationLog(directory: directory, bootID: boot, segmentBytes: 4096)
    #expect(!log.recovery.wasClosed)
    #expect(log.recovery.lastSequence == 4)
    #expect(log.recovery.losses == [])
    try Self.append(&log, 4...5)
    try log.close()
    #expect(try Self.indices(directory) == [1, 2, 3, 4, 5])
    #expect(try LogVerifier.verify(directory: directory).isIntact)
  }

  @Test(arguments: [true, false]) func anyFlippedBitIsDetected(closed: Bool) throws {
    let scratch = Scratch()
    let directory = scratch.path + "/violations"
    try Self.write(directory, 1...3, segmentBytes: 1100, closing: closed)
    let path = try #require(try Self.segments(directory).last)
    var whole = bytes(of: path)
    for bit in 0..<whole.count * 8 {
      whole[bit / 8] ^= 1 << (bit % 8)
      var pass = VerificationPass()
      pass.add(number: 1, file: path, whole)
      let report = pass.finish()
      whole[bit / 8] ^= 1 << (bit % 8)
      guard let failure = report.failures.first, failure.offset <= bit / 8 else {
        Issue.record("bit \(bit % 8) of byte \(bit / 8): \(report.failures)")
        return
      }
    }
  }

  @Test func failureNamesFileRecordSequenceAndOffset() throws {
    let scratch = Scratch()
    let directory = scratch.path + "/violations"
    try Self.write(directory, 1...5)
    let path = try #require(try Self.segments(directory).first)
    var whole = bytes(of: path)
    let third = Self.offsets(whole)[2]
    whole[third + 100] ^= 4
    _ = scratch.file("violations/" + SegmentName.name(1), whole)
    let report = try LogVerifier.verify(directory: directory)
    #expect(report.failures.count == 1)
    let failure = try #require(report.failures.first)
    #expect(failure.file == path)
    #expect(failure.record == 3)
    #expect(failure.sequence == 3)
    #expect(failure.offset == UInt64(third))
    #expect(report.violations == 4)
  }

  @Test func truncationAtAnyByteIsDetected() throws {
    for closed in [true, false] {
      let scratch = Scratch()
      let directory = scratch.path + "/violations"
      try Self.write(directory, 1...3, segmentBytes: 1100, closing: closed)
      let path = try #require(try Self.segments(directory).first)
      let whole = bytes(of: path)
      for size in 100..<whole.count {
        var pass = VerificationPass()
        pass.add(number: 1, file: path, Array(whole[..<size]))
        guard !pass.finish().isIntact else {
          Issue.record("a file cut to \(size) of \(whole.count) bytes passes")
          return
        }
      }
    }
  }

  static func offsets(_ segment: [UInt8]) -> [Int] {
    SegmentScan(segment).entries.compactMap {
      guard case .record(_, let offset, _, _) = $0 else { return nil }
      return offset
    }
  }

  /// Records of a segment, cut out so that a test can put them together otherwise.
  static func records(_ segment: [UInt8]) -> [[UInt8]] {
    let scan = SegmentScan(segment)
    let starts = offsets(segment)
    return zip(starts, starts.dropFirst() + [scan.end]).map { Array(segment[$0..<$1]) }
  }

  @Test func deletedMovedRepeatedAndReplacedRecordsAreDetected() throws {
    let scratch = Scratch()
    let directory = scratch.path + "/violations"
    try Self.write(directory, 1...5)
    let path = try #require(try Self.segments(directory).first)
    let whole = bytes(of: path)
    let records = Self.records(whole)
    func verify(_ records: [[UInt8]]) -> VerifyReport {
      var pass = VerificationPass()
      pass.add(number: 1, file: path, LogRecord.magic + records.joined())
      return pass.finish()
    }
    #expect(verify(records).isIntact)
    for place in 0..<records.count {
      var fewer = records
      fewer.remove(at: place)
      #expect(!verify(fewer).isIntact, "record \(place + 1) deleted")
      var twice = records
      twice.insert(records[place], at: place)
      #expect(!verify(twice).isIntact, "record \(place + 1) repeated")
    }
    for place in 0..<records.count - 1 {
      var swapped = records
      swapped.swapAt(place, place + 1)
      #expect(!verify(swapped).isIntact, "record \(place + 1) moved")
    }
    // Written anew with a right checksum and the right digest before it: the record after it tells.
    var parsed = try LogRecord.parse(records[2], at: 0).record
    parsed.payload = []
    var forged: [UInt8] = []
    _ = Array("nothing happened".utf8).withUnsafeBytes { parsed.append(to: &forged, payload: $0) }
    var replaced = records
    replaced[2] = forged
    let report = verify(replaced)
    #expect(report.failures.first?.record == 4)
    #expect(report.failures.first?.description.contains("digest") == true)
  }

  @Test func deletedAndRenamedSegmentsAreDetected() throws {
    let scratch = Scratch()
    let directory = scratch.path + "/violations"
    for run in 0..<4 as Range<UInt64> { try Self.write(directory, run * 5 + 1...run * 5 + 5) }
    let files = try Self.segments(directory).map { (path: $0, bytes: bytes(of: $0)) }
    func verify(_ order: [Int]) -> VerifyReport {
      var pass = VerificationPass()
      for (place, file) in order.enumerated() {
        pass.add(number: UInt64(place + 1), file: files[file].path, files[file].bytes)
      }
      return pass.finish()
    }
    #expect(verify([0, 1, 2, 3]).isIntact)
    for order in [[1, 2, 3], [0, 2, 3], [0, 1, 3], [0, 2, 1, 3], [0, 1, 1, 2, 3], [1, 0, 2, 3]] {
      #expect(!verify(order).isIntact, "segments \(order)")
    }
    try FileManager.default.removeItem(atPath: files[1].path)
    #expect(try LogVerifier.verify(directory: directory).failures.first?.what.contains("segment 2 is missing") == true)
  }

  /// What a power cut leaves: the bytes behind some point never reached the disk.
  @Test func unfinishedTailAtAnyByteIsKeptReportedAndContinued() throws {
    let scratch = Scratch()
    let source = scratch.path + "/source"
    try Self.write(source, 1...3, segmentBytes: 1100, closing: false)
    let whole = bytes(of: try #require(try Self.segments(source).first))
    let used = SegmentScan(whole).end
    let starts = Self.offsets(whole)
    for cut in 0...used {
      let directory = scratch.directory("cut-\(cut)")
      let torn = Array(whole[..<cut]) + [UInt8](repeating: 0, count: whole.count - cut)
      let path = scratch.file("cut-\(cut)/" + SegmentName.name(1), torn)
      var log = try ViolationLog(directory: directory, bootID: boot, segmentBytes: 1100, calls: LinuxCalls { _ in 0 })
      // A record that ends with zeros is whole without them.
      let kept = zip(starts, starts.dropFirst() + [used]).prefix { torn[..<$0.1] == whole[..<$0.1] }.count
      let losses = log.recovery.losses
      let last = log.recovery.lastSequence
      try Self.append(&log, 10...11)
      try log.close()
      let report = try LogVerifier.verify(directory: directory)
      let indices = try Self.indices(directory)
      let isRight =
        last == UInt64(kept) && bytes(of: path) == torn && report.isIntact && report.violations == max(kept - 1, 0) + 2
        && indices == [1, 2, 3].prefix(max(kept - 1, 0)) + [10, 11]
        && losses.isEmpty == (SegmentScan(torn).cut == 0)
      guard isRight else {
        Issue.record("cut at \(cut): kept \(kept), last \(last), \(report.failures), \(losses)")
        return
      }
      if cut > 8, kept > 0, !losses.isEmpty, cut % 16 == 0 {
        // Sealed: the tail that was left can't change any more.
        var changed = torn
        changed[cut - 1] ^= 1
        _ = scratch.file("cut-\(cut)/" + SegmentName.name(1), changed)
        #expect(try !LogVerifier.verify(directory: directory).isIntact)
      }
      try FileManager.default.removeItem(atPath: directory)
    }
  }

  @Test func shortenedFileIsReportedOnOpeningAndStaysAFailure() throws {
    let scratch = Scratch()
    let directory = scratch.path + "/violations"
    try Self.write(directory, 1...3, closing: false)
    let path = try #require(try Self.segments(directory).first)
    let whole = bytes(of: path)
    let lastRecord = try #require(Self.offsets(whole).last)
    _ = scratch.file("violations/" + SegmentName.name(1), Array(whole[..<lastRecord]))
    var log = try ViolationLog(directory: directory, bootID: boot, segmentBytes: 4096)
    #expect(log.recovery.losses.map(\.kind) == [.shortened])
    try log.close()
    let report = try LogVerifier.verify(directory: directory)
    #expect(report.failures.first?.what.contains("cut off") == true)
  }

  @Test func damageInsideIsNotMadeGoodByAnotherRun() throws {
    let scratch = Scratch()
    let directory = scratch.path + "/violations"
    try Self.write(directory, 1...3, closing: false, commits: 3)
    let path = try #require(try Self.segments(directory).first)
    var whole = bytes(of: path)
    whole[Self.offsets(whole)[2] + 95] ^= 1
    _ = scratch.file("violations/" + SegmentName.name(1), whole)
    var log = try ViolationLog(directory: directory, bootID: boot, segmentBytes: 4096)
    #expect(log.recovery.losses.map(\.kind) == [.damaged])
    #expect(log.recovery.lastSequence == 4)
    try Self.append(&log, 4...4)
    try log.close()
    let report = try LogVerifier.verify(directory: directory)
    #expect(report.failures.map(\.record) == [3])
    #expect(try Self.indices(directory) == [1, 3, 4])
  }

  @Test func whatReadsOfADamagedSegmentIsSavedElsewhere() throws {
    let scratch = Scratch()
    let directory = scratch.path + "/violations"
    try Self.write(directory, 1...5, closing: false, commits: 2)
    let path = try #require(try Self.segments(directory).first)
    var whole = bytes(of: path)
    let offsets = Self.offsets(whole)
    whole[offsets[2] + 95] ^= 1
    whole[offsets[4] + 95] ^= 1
    _ = scratch.file("violations/" + SegmentName.name(1), whole)
    let target = scratch.path + "/saved.odcvlog"
    let report = try SegmentSalvage.recover(from: path, to: target)
    #expect(report.records == 4)
    #expect(report.losses.count == 2)
    #expect(report.losses.first?.description.contains("offset \(offsets[2])") == true)
    #expect(bytes(of: path) == whole)
    #expect(SegmentScan(bytes(of: target), keepingUnfinished: true).entries.count == 4)
    #expect(throws: EvidenceError.self) { _ = try SegmentSalvage.recover(from: path, to: target) }
    let foreign = scratch.file("foreign.odcvlog", Array("ODCVLOG3 from the future".utf8))
    let error = #expect(throws: EvidenceError.self) { _ = try SegmentSalvage.recover(from: foreign, to: target + "2") }
    #expect(error?.description.contains("form `3`") == true)
    let empty = scratch.file("empty.odcvlog", [])
    let nothing = #expect(throws: EvidenceError.self) { _ = try SegmentSalvage.recover(from: empty, to: target + "3") }
    #expect(nothing?.description.contains("no record") == true)
  }

  @Test func secondWriterIsRefused() throws {
    let scratch = Scratch()
    let directory = scratch.path + "/violations"
    let log = try ViolationLog(directory: directory, bootID: boot)
    let error = #expect(throws: EvidenceError.self) { _ = try ViolationLog(directory: directory, bootID: boot) }
    #expect(error?.description.contains("another monitor") == true)
    #expect(log.lastSequence == 1)
  }

  @Test func largePayloadsGetASegmentThatHoldsThem() throws {
    let scratch = Scratch()
    let directory = scratch.path + "/violations"
    var log = try ViolationLog(directory: directory, bootID: boot, segmentBytes: 2048)
    let large = [UInt8](repeating: 7, count: 300_000)
    _ = try large.withUnsafeBytes { try log.append(index: 1, monotonic: 0, payload: $0) }
    try Self.append(&log, 2...3)
    try log.close()
    #expect(try Self.indices(directory) == [1, 2, 3])
    #expect(try LogVerifier.verify(directory: directory).isIntact)
  }
}
