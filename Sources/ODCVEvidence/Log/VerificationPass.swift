/// One pass over the segments in order. A failure that it has found stays, whatever comes behind.
package struct VerificationPass {
  package var report = VerifyReport()
  private struct Summary {
    var number: UInt64
    var file: String
    var scan: SegmentScan
  }
  /// Segments that no opening has described yet.
  private var unsealed: [Summary] = []
  private var lastNumber: UInt64 = 0
  /// Of the first and last record of each segment, by sequence.
  private var digests: [UInt64: [UInt8]] = [:]
  /// `nil` after damage: what the next record must carry is not known.
  private var expectedDigest: [UInt8]? = [UInt8](repeating: 0, count: SHA256.size)
  private var tree = MerkleFrontier()
  /// Not after damage, until the next segment says which tree it goes on from.
  private var treeIsKnown = true
  private var roots = RootCheck()

  package init() {}

  /// - Parameter directory: of the log, whose checkpoints are read and checked; its segments are for the caller to add
  package init(directory: String, _ trust: LogVerifier.Trust) throws(EvidenceError) {
    try self.init(directory, trust, LinuxCalls())
  }

  init(_ directory: String, _ trust: LogVerifier.Trust, _ calls: any FileCalls) throws(EvidenceError) {
    let history = try CheckpointHistory(directory, calls)
    let chain = CheckpointChain(history, first: trust.logKey ?? trust.witnesses.first?.state.first)
    report.failures = chain.failures
    report.notes = chain.notes
    report.checkpoints = chain.claims.count
    report.lastCheckpoint = chain.last
    roots = RootCheck(chain, trust)
    report.failures += roots.failures
    report.notes += roots.notes
    if chain.last == nil, trust.logKey != nil {
      fail(directory, nil, nil, 0, "it has no checkpoint that the given key could have signed: they are gone, or it was never signed")
    }
    if chain.last != nil, trust.logKey == nil, trust.witnesses.isEmpty {
      report.notes.append(
        "the checkpoints are signed, by whom was not asked: name the log's first key to compare it")
    }
    roots.check(tree)
  }

  package mutating func add(number: UInt64, file: String, _ bytes: [UInt8]) {
    report.segments += 1
    let scan = SegmentScan(bytes)
    if number != lastNumber + 1 {
      fail(file, nil, nil, 0, "segment \(lastNumber + 1) is missing before this one")
    }
    lastNumber = number
    if let version = scan.foreignVersion {
      fail(
        file, nil, nil, 0,
        "written in form `\(Character(UnicodeScalar(version)))` of the log, and this program reads form `1`: "
          + "verify it with the odcv that wrote it")
    } else if !scan.hasMagic, !scan.entries.isEmpty {
      fail(file, nil, nil, 0, "the file does not start with the log's magic bytes")
    }
    let summary = Summary(number: number, file: file, scan: scan)
    var isClosed = false
    for (place, entry) in scan.entries.enumerated() {
      switch entry {
      case .damage(let offset, let length, let flaw):
        fail(file, place + 1, report.lastSequence + 1, offset, "\(Self.words(flaw)); \(length) bytes are no record")
        expectedDigest = nil
        treeIsKnown = false
      case .record(let record, let offset, let digest, let leaf):
        check(record, file, place + 1, offset, digest)
        if record.kind == .opened { compareTree(record, file, place + 1, offset) }
        tree.append(leaf: leaf, sequence: record.sequence)
        if treeIsKnown { roots.check(tree) }
        if place == 0 || record.kind == .opened { open(record, place, offset, summary) }
        if isClosed { fail(file, place + 1, record.sequence, offset, "the record follows the segment's end") }
        isClosed = record.kind == .closed
      }
    }
    unsealed.append(summary)
  }

  /// Compares the log with what a run's recording says of it; false when it can't be read.
  private mutating func compare(recording path: String) -> Bool {
    guard let metadata = try? MCAPReader.sidecars(path: path).metadata else { return false }
    for (name, sequenceKey, digestKey) in [
      ("odcv", "log_first_sequence", "log_first_sha256"), ("odcv.in_force", "log_first_sequence", "log_first_sha256"),
      (PartMark.name, "log_first_sequence", "log_first_sha256"), (EndMark.name, "log_last_sequence", "log_head_sha256"),
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
    return true
  }

  /// Compares the log with the files of a run's recording, and these with each other: one that nobody says was removed must be there.
  mutating func compare(run name: String, root: String) throws(EvidenceError) {
    let run = root + "/" + name
    let files = try EvidenceDirectory.parts(of: run)
    if files.isEmpty, !report.removed.contains(where: { $0.run == name }) {
      report.notes.append(
        "\(run): holds no recording: its monitor was killed before it began one, or somebody removed it; nothing tells which")
    }
    for (place, part) in files.enumerated() {
      if !compare(recording: run + "/" + part.name) {
        if place + 1 < files.count {
          fail(
            run + "/" + part.name, nil, nil, 0,
            "can't be read, and its head was on disk when \(files[place + 1].name) was begun: it was changed, or the disk has lost it")
        } else {
          report.notes.append("\(run)/\(part.name): can't be read, so not compared with the log")
        }
      }
      if let removed = report.removed.first(where: { $0.run == name && $0.name == part.name }) {
        report.notes.append(
          "\(run)/\(part.name) is here, and the log says that it was removed at \(UTC.text(removed.wall)): a crash came between, or "
            + "somebody put it back")
      }
    }
    var missing: [RecordingParts.Missing]
    do throws(EvidenceError) {
      let parts = try RecordingParts.directory(run)
      for contradiction in parts.contradictions { fail(run, nil, nil, 0, contradiction) }
      missing = parts.missing
    } catch {
      // One that can't be read is told already; what is missing among the others their names say.
      let removed = RecordingParts.byNumber(report.removed.filter { $0.run == name })
      missing = RecordingParts.absent(files.map(\.number)).flatMap { RecordingParts.Missing.among($0, removed) }
    }
    for missing in missing where missing.removed == nil { fail(run, nil, nil, 0, missing.words) }
  }

  /// Of an evidence directory with runs in it and no log.
  mutating func missLog(_ directory: String) {
    fail(directory, nil, nil, 0, "there is no violation log, though each run here began one before it recorded: somebody removed it")
  }

  package consuming func finish() -> VerifyReport {
    for summary in unsealed { judgeEnd(summary, isNewest: true) }
    if let expectedDigest, report.records > 0 { report.headDigest = expectedDigest }
    report.root = tree.root
    report.failures += roots.finish(tree)
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
    report.removed.take(record)
    report.lastSequence = max(report.lastSequence, record.sequence)
    expectedDigest = digest
  }

  /// The tree that a segment says it goes on from.
  private mutating func compareTree(_ record: LogRecord, _ file: String, _ place: Int, _ offset: Int) {
    guard let said = SegmentOpening(decoding: record.payload)?.tree else { return }
    if treeIsKnown, said != tree {
      fail(
        file, place, record.sequence, offset,
        "it goes on from another tree than that of the records before it: they were replaced")
    }
    tree = said
    treeIsKnown = true
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
    } else if UInt64(size) > opening.capacity {
      fail(
        summary.file, nil, nil, Int(clamping: opening.capacity),
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
