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
/// | 56 | kind, u16 |
/// | 58 | flags, u16: bit 0 in the first record of a commit, which is written only when all before it is on disk |
/// | 60 | SHA-256 of the whole record before, 32 bytes (zeros in the first of all) |
/// | 92 | payload |
public struct LogRecord: Sendable, Equatable {
  public enum Kind: UInt16, Sendable {
    /// First in each segment; the payload is a `SegmentOpening`.
    case opened = 1
    /// The payload is an encoded `odcv.v1.Verdict`.
    case violation = 2
    /// Last in a segment that was ended in order; no payload.
    case closed = 3
    /// Violations that the ring had no space for; the payload is a `RefusedViolations`.
    case refused = 4
    /// A file that is removed because space runs out, or was not after all; the payload is a `RemovedFile`.
    case removed = 5
  }

  public var sequence: UInt64
  public var arrivalIndex: UInt64
  public var monotonic: Int64
  public var wall: Int64
  public var bootID: [UInt8]
  public var kind: Kind
  /// All records before this one were on disk when it was written, so damage before it took what was acknowledged.
  /// What one commit wrote may reach the disk in any order and in part.
  public var beginsCommit: Bool
  public var previousDigest: [UInt8]
  public var payload: [UInt8]

  static let magic = Array("ODCVLOG1".utf8)
  static let headerSize = 92
  private static let beginsCommitFlag: UInt16 = 1
  /// Bounds what a reader believes; a verdict is at most 256 KiB.
  static let maximumPayload = 1 << 20

  /// Appends the stored form and returns its digest, which the next record carries, and the hash of its leaf.
  @discardableResult
  func append(to bytes: inout [UInt8], payload: UnsafeRawBufferPointer) -> (digest: [UInt8], leaf: [UInt8]) {
    let start = bytes.count
    bytes.append(little: UInt32(Self.headerSize + payload.count))
    bytes.append(little: UInt32(0))
    bytes.append(little: sequence)
    bytes.append(little: arrivalIndex)
    bytes.append(little: monotonic)
    bytes.append(little: wall)
    bytes.append(contentsOf: bootID)
    bytes.append(little: kind.rawValue)
    bytes.append(little: beginsCommit ? Self.beginsCommitFlag : 0)
    bytes.append(contentsOf: previousDigest)
    bytes.append(contentsOf: payload)
    let checksum = Self.checksum(bytes[start...])
    bytes.store(little: checksum, at: start + 4)
    return (SHA256.digest(bytes[start...]), Merkle.leaf(bytes[start...]))
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
    let flags = bytes.load(UInt16.self, at: offset + 58)
    guard let kind = Kind(rawValue: bytes.load(UInt16.self, at: offset + 56)), flags & ~beginsCommitFlag == 0 else {
      throw .kind
    }
    guard bytes.load(UInt32.self, at: offset + 4) == checksum(bytes[offset..<offset + length]) else { throw .checksum }
    let record = LogRecord(
      sequence: bytes.load(UInt64.self, at: offset + 8),
      arrivalIndex: bytes.load(UInt64.self, at: offset + 16),
      monotonic: bytes.load(Int64.self, at: offset + 24),
      wall: bytes.load(Int64.self, at: offset + 32),
      bootID: Array(bytes[offset + 40..<offset + 56]), kind: kind,
      beginsCommit: flags & beginsCommitFlag != 0, previousDigest: Array(bytes[offset + 60..<offset + 92]),
      payload: Array(bytes[offset + 92..<offset + length]))
    return (record, length)
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
  static func list(
    _ directory: String, _ calls: any FileCalls = LinuxCalls()
  ) throws(EvidenceError) -> [(number: UInt64, path: String)] {
    try calls.list(directory)
      .compactMap { name in number(name).map { ($0, directory + "/" + name) } }
      .sorted { $0.0 < $1.0 }
  }
}
