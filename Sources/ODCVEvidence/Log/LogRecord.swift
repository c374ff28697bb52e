/// The stored form of the violation log, version 1, little-endian.
///
/// A segment file `violations-<number, 8 digits>.odcvlog` is the magic `ODCVLOG1`, then records. A segment is
/// preallocated; a record of length 0 (so the zeros of the unused space) ends it. Its last record is `closed` when the
/// log was closed or went on in the next segment, and the file then ends with that record.
///
/// | offset | field |
/// |---|---|
/// | 0 | length of the record in bytes, this field included, u32 |
/// | 4 | CRC-32C of all the record but this field, u32 |
/// | 8 | sequence, u64: from 1, +1 per record, through all segments |
/// | 16 | arrival index of the input, u64 (0 in records that are no violation) |
/// | 24 | monotonic time of the input, ns, i64 |
/// | 32 | wall time when it was taken into the log, ns since 1970, i64 |
/// | 40 | boot id, 16 bytes |
/// | 56 | kind, u32 |
/// | 60 | SHA-256 of the whole record before, 32 bytes (zeros in the first of all) |
/// | 92 | payload |
public struct LogRecord: Sendable, Equatable {
  public enum Kind: UInt32, Sendable {
    /// First in each segment; the payload is a `SegmentOpening`.
    case opened = 1
    /// The payload is an encoded `odcv.v1.Verdict`.
    case violation = 2
    /// Last in a segment that was ended in order; no payload.
    case closed = 3
    /// Violations that the ring had no space for; the payload is their number, u64.
    case refused = 4
  }

  public var sequence: UInt64
  public var arrivalIndex: UInt64
  public var monotonic: Int64
  public var wall: Int64
  public var bootID: [UInt8]
  public var kind: Kind
  public var previousDigest: [UInt8]
  public var payload: [UInt8]

  static let magic = Array("ODCVLOG1".utf8)
  static let headerSize = 92
  /// Bounds what a reader believes; a verdict is at most 256 KiB.
  static let maximumPayload = 1 << 20

  /// Appends the stored form and returns its digest, which the next record carries.
  func append(to bytes: inout [UInt8], payload: UnsafeRawBufferPointer) -> [UInt8] {
    let start = bytes.count
    bytes.append(little: UInt32(Self.headerSize + payload.count))
    bytes.append(little: UInt32(0))
    bytes.append(little: sequence)
    bytes.append(little: arrivalIndex)
    bytes.append(little: monotonic)
    bytes.append(little: wall)
    bytes.append(contentsOf: bootID)
    bytes.append(little: kind.rawValue)
    bytes.append(contentsOf: previousDigest)
    bytes.append(contentsOf: payload)
    let checksum = Self.checksum(bytes[start...])
    bytes.store(little: checksum, at: start + 4)
    return SHA256.digest(bytes[start...])
  }

  static func checksum(_ record: ArraySlice<UInt8>) -> UInt32 {
    let start = record.startIndex
    let length = CRC.castagnoli.checksum(record[start..<start + 4])
    return CRC.castagnoli.checksum(record[(start + 8)...], after: length)
  }

  enum Flaw: Error, Equatable {
    case length
    case checksum
    case kind
  }

  /// The record that starts at `offset`, and its length.
  static func parse(_ bytes: [UInt8], at offset: Int) throws(Flaw) -> (record: LogRecord, length: Int) {
    guard bytes.count - offset >= headerSize else { throw .length }
    let length = Int(bytes.load(UInt32.self, at: offset))
    guard length >= headerSize, length <= bytes.count - offset, length <= headerSize + maximumPayload else {
      throw .length
    }
    // Before the checksum, which is slow where this is tried at every byte.
    guard let kind = Kind(rawValue: bytes.load(UInt32.self, at: offset + 56)) else { throw .kind }
    guard bytes.load(UInt32.self, at: offset + 4) == checksum(bytes[offset..<offset + length]) else { throw .checksum }
    let record = LogRecord(
      sequence: bytes.load(UInt64.self, at: offset + 8),
      arrivalIndex: bytes.load(UInt64.self, at: offset + 16),
      monotonic: bytes.load(Int64.self, at: offset + 24),
      wall: bytes.load(Int64.self, at: offset + 32),
      bootID: Array(bytes[offset + 40..<offset + 56]), kind: kind,
      previousDigest: Array(bytes[offset + 60..<offset + 92]),
      payload: Array(bytes[offset + 92..<offset + length]))
    return (record, length)
  }
}

/// What the first record of a segment says of the segments before it, so that what an earlier run left behind (a
/// tail that a crash cut off, say) is sealed into the chain and can't change afterwards.
struct SegmentOpening: Equatable {
  /// A segment before this one that no earlier opening has described.
  struct Predecessor: Equatable {
    var number: UInt64
    /// Where its last good record ends, bytes; 0 when it has none.
    var end: UInt64
    var size: UInt64
    /// Of all that follows `end`.
    var tailDigest: [UInt8]
    /// Bytes after `end` up to the last that is not zero.
    var cut: UInt64
  }

  var number: UInt64
  /// Bytes preallocated.
  var capacity: UInt64
  var predecessors: [Predecessor]

  func encoded() -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.append(little: UInt32(1))
    bytes.append(little: UInt32(predecessors.count))
    bytes.append(little: number)
    bytes.append(little: capacity)
    for predecessor in predecessors {
      bytes.append(little: predecessor.number)
      bytes.append(little: predecessor.end)
      bytes.append(little: predecessor.size)
      bytes.append(little: predecessor.cut)
      bytes.append(contentsOf: predecessor.tailDigest)
    }
    return bytes
  }

  init(number: UInt64, capacity: UInt64, predecessors: [Predecessor]) {
    self.number = number
    self.capacity = capacity
    self.predecessors = predecessors
  }

  init?(decoding bytes: [UInt8]) {
    var cursor = ByteCursor(bytes)
    guard cursor.integer(UInt32.self) == 1, let count = cursor.integer(UInt32.self),
      let number = cursor.integer(UInt64.self), let capacity = cursor.integer(UInt64.self)
    else { return nil }
    var predecessors: [Predecessor] = []
    for _ in 0..<count {
      guard let number = cursor.integer(UInt64.self), let end = cursor.integer(UInt64.self),
        let size = cursor.integer(UInt64.self), let cut = cursor.integer(UInt64.self),
        let digest = cursor.take(SHA256.size)
      else { return nil }
      predecessors.append(Predecessor(number: number, end: end, size: size, tailDigest: Array(digest), cut: cut))
    }
    guard cursor.remaining == 0 else { return nil }
    self.init(number: number, capacity: capacity, predecessors: predecessors)
  }
}

/// Names of segment files.
enum SegmentName {
  static func name(_ number: UInt64) -> String {
    let digits = String(number)
    return "violations-" + String(repeating: "0", count: max(0, 8 - digits.count)) + digits + ".odcvlog"
  }

  static func number(_ name: String) -> UInt64? {
    guard name.hasPrefix("violations-"), name.hasSuffix(".odcvlog") else { return nil }
    guard let number = UInt64(name.dropFirst(11).dropLast(8)), number > 0, Self.name(number) == name else { return nil }
    return number
  }

  /// The segments of a directory, in order.
  static func list(_ directory: String) throws(EvidenceError) -> [(number: UInt64, path: String)] {
    try System.list(directory)
      .compactMap { name in number(name).map { ($0, directory + "/" + name) } }
      .sorted { $0.0 < $1.0 }
  }
}
