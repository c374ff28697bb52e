/// A segment file read from its beginning, past damage where a good record can be found behind it. Both the opening
/// of the log and its verification see a segment through this, so they agree where it ends.
struct SegmentScan {
  enum Entry {
    case record(LogRecord, offset: Int, digest: [UInt8], leaf: [UInt8])
    /// Bytes that are no record, with one somewhere after them that was written when they were on disk.
    case damage(offset: Int, length: Int, flaw: LogRecord.Flaw)
  }

  private(set) var hasMagic = false
  /// The last of the magic bytes when the others are the log's: the version of its form. Another than ours is not read.
  private(set) var foreignVersion: UInt8?
  private(set) var entries: [Entry] = []
  /// Where the last good record ends; 0 when there is none.
  private(set) var end = 0
  /// Bytes after `end` up to the last that is not zero: what is there of a commit that did not end.
  private(set) var cut = 0
  let size: Int
  private(set) var tailDigest: [UInt8] = []

  /// The last good record and its digest.
  var last: (record: LogRecord, digest: [UInt8])? {
    for entry in entries.reversed() {
      if case .record(let record, _, let digest, _) = entry { return (record, digest) }
    }
    return nil
  }

  /// What the segment's first record says.
  var opening: SegmentOpening? {
    guard case .record(let record, _, _, _)? = entries.first, record.kind == .opened else { return nil }
    return SegmentOpening(decoding: record.payload)
  }

  /// The last record ends the segment in order.
  var isClosed: Bool {
    guard case .record(let record, _, _, _)? = entries.last else { return false }
    return record.kind == .closed
  }

  /// Bytes that the file lacks: a segment keeps the size that it was made with until it is closed; a writer killed
  /// between closing and giving back the space leaves it at that size too.
  var missing: UInt64? {
    guard let capacity = opening?.capacity, UInt64(size) < capacity, !(isClosed && size == end) else { return nil }
    return capacity - UInt64(size)
  }

  /// - Parameter keepingUnfinished: also what is whole of a commit that did not end
  init(_ bytes: [UInt8], keepingUnfinished: Bool = false) {
    size = bytes.count
    let magic = LogRecord.magic
    hasMagic = bytes.starts(with: magic)
    // A zero there is no version: a crash came while the first bytes were written.
    if !hasMagic, bytes.count >= magic.count, bytes.starts(with: magic.dropLast()), bytes[magic.count - 1] != 0 {
      foreignVersion = bytes[magic.count - 1]
    }
    var offset = magic.count
    // No record starts after the last byte that is not zero.
    let used = Self.used(bytes)
    while foreignVersion == nil, offset < used {
      do throws(LogRecord.Flaw) {
        let (record, length) = try LogRecord.parse(bytes, at: offset)
        add(record, bytes, offset, length)
        offset += length
      } catch {
        guard let next = Self.nextRecord(in: bytes, after: offset, before: used) else { break }
        entries.append(.damage(offset: offset, length: next - offset, flaw: error))
        offset = next
      }
    }
    if !keepingUnfinished { dropUnfinishedCommit() }
    cut = max(used - end, 0)
    tailDigest = SHA256.digest(bytes[end...])
  }

  /// Bytes up to the last that is not zero. Most of a segment is zeros, so eight at a time.
  private static func used(_ bytes: [UInt8]) -> Int {
    bytes.withUnsafeBytes { bytes in
      var end = bytes.count
      while end >= 8, bytes.loadUnaligned(fromByteOffset: end - 8, as: UInt64.self) == 0 { end -= 8 }
      while end > 0, bytes[end - 1] == 0 { end -= 1 }
      return end
    }
  }

  private mutating func add(_ record: LogRecord, _ bytes: [UInt8], _ offset: Int, _ length: Int) {
    let stored = bytes[offset..<offset + length]
    entries.append(.record(record, offset: offset, digest: SHA256.digest(stored), leaf: Merkle.leaf(stored)))
    end = offset + length
  }

  /// A disk may write the parts of one commit in any order: a hole with nothing behind it but records of the same
  /// commit is where a crash cut the log off, and those records were never acknowledged.
  private mutating func dropUnfinishedCommit() {
    var hole: Int?
    for (place, entry) in entries.enumerated() {
      switch entry {
      case .damage: hole = hole ?? place
      case .record(let record, _, _, _): if record.beginsCommit { hole = nil }
      }
    }
    guard let hole, case .damage(let offset, _, _) = entries[hole] else { return }
    entries.removeSubrange(hole...)
    end = entries.isEmpty ? 0 : offset
  }

  private static func nextRecord(in bytes: [UInt8], after damaged: Int, before used: Int) -> Int? {
    let length = Int(bytes.count - damaged >= 4 ? bytes.load(UInt32.self, at: damaged) : 0)
    if length >= LogRecord.headerSize, damaged + length < used, isRecord(bytes, at: damaged + length) {
      return damaged + length
    }
    var offset = damaged + 1
    while offset < used {
      if isRecord(bytes, at: offset) { return offset }
      offset += 1
    }
    return nil
  }

  private static func isRecord(_ bytes: [UInt8], at offset: Int) -> Bool {
    (try? LogRecord.parse(bytes, at: offset)) != nil
  }
}
