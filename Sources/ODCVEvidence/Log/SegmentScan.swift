/// A segment file read from its beginning, past damage where a good record can be found behind it. Both the opening
/// of the log and its verification see a segment through this, so they agree where it ends.
struct SegmentScan {
  enum Entry {
    case record(LogRecord, offset: Int, digest: [UInt8])
    /// Bytes that are no record, with a good record somewhere after them.
    case damage(offset: Int, length: Int, flaw: LogRecord.Flaw)
  }

  private(set) var hasMagic = false
  private(set) var entries: [Entry] = []
  /// Where the last good record ends; 0 when there is none.
  private(set) var end = 0
  /// Bytes after `end` up to the last that is not zero.
  private(set) var cut = 0
  let size: Int
  private(set) var tailDigest: [UInt8] = []

  /// The last good record and its digest.
  var last: (record: LogRecord, digest: [UInt8])? {
    for entry in entries.reversed() {
      if case .record(let record, _, let digest) = entry { return (record, digest) }
    }
    return nil
  }

  /// What the segment's first record says.
  var opening: SegmentOpening? {
    guard case .record(let record, _, _)? = entries.first, record.kind == .opened else { return nil }
    return SegmentOpening(decoding: record.payload)
  }

  /// The last record ends the segment in order.
  var isClosed: Bool {
    guard case .record(let record, _, _)? = entries.last else { return false }
    return record.kind == .closed
  }

  /// Bytes that the file lacks: a segment keeps the size that it was made with until it is closed; a writer killed
  /// between closing and giving back the space leaves it at that size too.
  var missing: UInt64? {
    guard let capacity = opening?.capacity, UInt64(size) < capacity, !(isClosed && size == end) else { return nil }
    return capacity - UInt64(size)
  }

  init(_ bytes: [UInt8]) {
    size = bytes.count
    hasMagic = bytes.starts(with: LogRecord.magic)
    var offset = LogRecord.magic.count
    // No record starts after the last byte that is not zero.
    let used = Self.used(bytes)
    while offset < used {
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
    entries.append(.record(record, offset: offset, digest: SHA256.digest(bytes[offset..<offset + length])))
    end = offset + length
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
