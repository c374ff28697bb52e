/// One thing that is wrong with a violation log.
public struct LogFailure: Sendable, Equatable, CustomStringConvertible {
  public var file: String
  /// Place of the record in its file, from 1; `nil` when it is about the file.
  public var record: Int?
  /// The record's sequence; for a damaged record, the one that belongs there.
  public var sequence: UInt64?
  /// Where in the file, bytes.
  public var offset: UInt64
  public var what: String

  public var description: String {
    let place = record.map { ", record \($0)" } ?? ""
    let number = sequence.map { " (sequence \($0))" } ?? ""
    return "\(file)\(place)\(number), offset \(offset): \(what)"
  }
}

/// What a verification found.
public struct VerifyReport: Sendable, Equatable {
  public var segments = 0
  public var records = 0
  public var violations = 0
  /// Of the last good record.
  public var lastSequence: UInt64 = 0
  /// SHA-256 of the last good record: compare it with one kept elsewhere (the recording's `odcv.end`).
  public var headDigest: [UInt8] = []
  /// Whatever is here, the log is not as it was written.
  public var failures: [LogFailure] = []
  /// What is in order but worth knowing: a run that was killed, an unfinished record that a later run has sealed.
  public var notes: [String] = []

  public var isIntact: Bool { failures.isEmpty }
}

/// Checks a violation log: every record's checksum, the chain of digests, the sequence, what each segment says of
/// those before it, and that no byte outside records is set.
///
/// Any change, cut, reordering or deletion that leaves something behind it is found and named. What a log can't show by
/// itself is that its newest records were taken off together with what closed it, or that all of it was rewritten.
/// The recordings beside it each hold the digests of the log's first and last record of their run, so where they are
/// at hand these are compared too; against someone who rewrites both, compare `headDigest` with a copy kept elsewhere.
public enum LogVerifier {
  /// - Parameter directory: the `violations` directory, or the evidence root that holds it
  public static func verify(directory: String) throws(EvidenceError) -> VerifyReport {
    let inner = directory + "/violations"
    let root = System.isDirectory(inner) ? directory : nil
    let directory = root == nil ? directory : inner
    var pass = VerificationPass()
    for name in try System.list(directory) {
      guard let number = SegmentName.number(name) else {
        pass.report.notes.append("\(directory)/\(name): not a segment of the log; ignored")
        continue
      }
      pass.add(number: number, file: directory + "/" + name, try System.readWhole(directory + "/" + name))
    }
    if let root {
      for path in try EvidenceDirectory.recordings(root: root) { pass.compare(recording: path) }
    }
    return pass.finish()
  }

  /// The records of a log, in order, for a reader; damaged ones are left out.
  public static func records(directory: String) throws(EvidenceError) -> [LogRecord] {
    let inner = directory + "/violations"
    var records: [LogRecord] = []
    for (_, path) in try SegmentName.list(System.isDirectory(inner) ? inner : directory) {
      for case .record(let record, _, _) in SegmentScan(try System.readWhole(path)).entries { records.append(record) }
    }
    return records
  }
}

/// One pass over the segments in order.
struct VerificationPass {
  var report = VerifyReport()
  private struct Summary {
    var number: UInt64
    var file: String
    var scan: SegmentScan
  }
  /// Segments that no opening has described yet.
  private var unsealed: [Summary] = []
  private var lastNumber: UInt64 = 0
  /// By sequence: a recording names the record that was the last when it began or ended.
  private var digests: [UInt64: [UInt8]] = [:]
  /// `nil` after damage: what the next record must carry is not known.
  private var expectedDigest: [UInt8]? = [UInt8](repeating: 0, count: SHA256.size)

  mutating func add(number: UInt64, file: String, _ bytes: [UInt8]) {
    report.segments += 1
    let scan = SegmentScan(bytes)
    if number != lastNumber + 1 {
      fail(file, nil, nil, 0, "segment \(lastNumber + 1) is missing before this one")
    }
    lastNumber = number
    if !scan.hasMagic, !scan.entries.isEmpty {
      fail(file, nil, nil, 0, "the file does not start with the log's magic bytes")
    }
    let summary = Summary(number: number, file: file, scan: scan)
    var isClosed = false
    for (place, entry) in scan.entries.enumerated() {
      switch entry {
      case .damage(let offset, let length, let flaw):
        fail(file, place + 1, report.lastSequence + 1, offset, "\(Self.words(flaw)); \(length) bytes are no record")
        expectedDigest = nil
      case .record(let record, let offset, let digest):
        check(record, file, place + 1, offset, digest)
        if place == 0 || record.kind == .opened { open(record, place, offset, summary) }
        if isClosed { fail(file, place + 1, record.sequence, offset, "the record follows the segment's end") }
        isClosed = record.kind == .closed
      }
    }
    unsealed.append(summary)
  }

  /// Compares the log with what a run's recording says of it.
  mutating func compare(recording path: String) {
    guard let metadata = try? MCAPReader.sidecars(path: path).metadata else {
      report.notes.append("\(path): can't be read, so not compared with the log")
      return
    }
    for (name, sequenceKey, digestKey) in [
      ("odcv", "log_first_sequence", "log_first_sha256"), ("odcv.in_force", "log_first_sequence", "log_first_sha256"),
      ("odcv.end", "log_last_sequence", "log_head_sha256"),
    ] {
      guard let values = metadata.last(where: { $0.name == name })?.values,
        let sequence = values[sequenceKey].flatMap({ UInt64($0) }), let digest = values[digestKey]
      else { continue }
      if digests[sequence].map(Hex.string) != digest {
        fail(
          path, nil, sequence, 0,
          "this recording was made beside a log whose record \(sequence) has another digest or is gone: records were "
            + "removed from the log's end, or rewritten")
      }
    }
  }

  consuming func finish() -> VerifyReport {
    for summary in unsealed { judgeEnd(summary, isNewest: true) }
    if let expectedDigest, report.records > 0 { report.headDigest = expectedDigest }
    return report
  }

  // MARK: -

  private mutating func check(
    _ record: LogRecord, _ file: String, _ place: Int, _ offset: Int, _ digest: [UInt8]
  ) {
    let expected = report.lastSequence + 1
    if record.sequence > expected, expectedDigest != nil {
      fail(
        file, place, record.sequence, offset,
        "sequence \(expected) is missing before it: \(record.sequence - expected) records were taken out")
    } else if record.sequence < expected {
      fail(file, place, record.sequence, offset, "its sequence should be \(expected): it was moved or put in")
    }
    if let expectedDigest, expectedDigest != record.previousDigest, record.sequence == expected {
      fail(
        file, place, record.sequence, offset,
        "it does not carry the digest of the record before it: one of the two was replaced")
    }
    report.records += 1
    digests[record.sequence] = digest
    if record.kind == .violation { report.violations += 1 }
    report.lastSequence = max(report.lastSequence, record.sequence)
    expectedDigest = digest
  }

  private mutating func open(_ record: LogRecord, _ place: Int, _ offset: Int, _ summary: Summary) {
    guard record.kind == .opened, place == 0, let opening = SegmentOpening(decoding: record.payload) else {
      fail(summary.file, place + 1, record.sequence, offset, "a segment has one opening, at its start")
      return
    }
    if opening.number != summary.number {
      fail(
        summary.file, 1, record.sequence, offset, "it was written as segment \(opening.number): the file was renamed")
    }
    for earlier in unsealed {
      guard let sealed = opening.predecessors.first(where: { $0.number == earlier.number }) else {
        judgeEnd(earlier, isNewest: false)
        continue
      }
      compare(earlier, sealed)
    }
    unsealed.removeAll()
  }

  /// A segment against what the next run found and sealed.
  private mutating func compare(_ summary: Summary, _ sealed: SegmentOpening.Predecessor) {
    let scan = summary.scan
    guard UInt64(scan.end) == sealed.end, UInt64(scan.size) == sealed.size, scan.tailDigest == sealed.tailDigest else {
      fail(
        summary.file, nil, nil, min(scan.end, Int(sealed.end)),
        "its records ended at offset \(sealed.end) of \(sealed.size) bytes when the next segment began; now they end "
          + "at \(scan.end) of \(scan.size), or what follows them has changed")
      return
    }
    checkSize(summary)
    if sealed.cut > 0 {
      report.notes.append(
        "\(summary.file): \(sealed.cut) bytes from offset \(sealed.end) are an unfinished record; the next run "
          + "sealed them")
    } else if !scan.isClosed {
      report.notes.append("\(summary.file): the run that wrote it did not close it")
    }
  }

  /// A segment that nothing after it describes: it must end in order, or as a running or killed writer leaves it.
  private mutating func judgeEnd(_ summary: Summary, isNewest: Bool) {
    let scan = summary.scan
    if !isNewest {
      fail(summary.file, nil, nil, scan.end, "the next segment does not say how this one ended")
    }
    if scan.cut > 0 {
      fail(
        summary.file, scan.entries.count + 1, report.lastSequence + 1, scan.end,
        "\(scan.cut) bytes after the last good record are not a record: unfinished, or changed")
    }
    checkSize(summary)
    if scan.entries.isEmpty, scan.cut == 0 {
      report.notes.append("\(summary.file): its creation was cut off; it holds nothing")
    } else if !scan.isClosed {
      report.notes.append("\(summary.file): not closed: its monitor runs, or was killed")
    }
  }

  private mutating func checkSize(_ summary: Summary) {
    guard let opening = summary.scan.opening else { return }
    let size = summary.scan.size
    if let missing = summary.scan.missing {
      fail(
        summary.file, nil, nil, size,
        "the file was made with \(opening.capacity) bytes and has \(size), and does not end in order: "
          + "\(missing) bytes were cut off")
    } else if size > Int(opening.capacity) {
      fail(
        summary.file, nil, nil, Int(opening.capacity),
        "bytes were added behind the \(opening.capacity) it was made with")
    }
  }

  private mutating func fail(_ file: String, _ record: Int?, _ sequence: UInt64?, _ offset: Int, _ what: String) {
    report.failures.append(
      LogFailure(file: file, record: record, sequence: sequence, offset: UInt64(offset), what: what))
  }

  private static func words(_ flaw: LogRecord.Flaw) -> String {
    switch flaw {
    case .length: "its length can't be right"
    case .checksum: "its checksum is wrong"
    case .kind: "its kind does not exist"
    }
  }
}
