/// Why bytes are not the message that they should be, in words, and where.
public struct CDRError: Error, Equatable, Sendable, CustomStringConvertible {
  public let description: String

  init(_ description: String) { self.description = description }
}

/// Reads CDR as ROS 2 writes it into bags: the four bytes that say which encoding follows, then fields that are aligned to
/// their own size, counted from behind those four bytes (OMG DDSI-RTPS 2.5, 10.2; XCDR version 1 of OMG DDS-XTypes 1.3, 7.4).
///
/// Whatever the bytes are, it reads or refuses: no length in them is believed before it fits into what is left.
struct CDRReader {
  private let bytes: ArraySlice<UInt8>
  private let isLittle: Bool
  /// From behind the header.
  private var offset = 0

  static let headerSize = 4

  init(_ message: [UInt8]) throws(CDRError) {
    guard message.count >= Self.headerSize else {
      throw CDRError("has \(message.count) bytes, less than the 4 that say how it is encoded")
    }
    switch (message[0], message[1]) {
    case (0, 0): isLittle = false
    case (0, 1): isLittle = true
    case (let high, let low):
      throw CDRError(
        "is encoded as 0x\(Hex.string([high, low])); only CDR of version 1 is read, 0x0000 (big-endian) and 0x0001 (little-endian)")
    }
    bytes = message[Self.headerSize...]
  }

  private var remaining: Int { bytes.count - offset }

  mutating func integer<T: FixedWidthInteger>(_ type: T.Type, _ field: String) throws(CDRError) -> T {
    let size = MemoryLayout<T>.size
    try align(size, field)
    try require(size, field)
    defer { offset += size }
    let raw = bytes.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: offset, as: T.self) }
    return isLittle ? T(littleEndian: raw) : T(bigEndian: raw)
  }

  mutating func double(_ field: String) throws(CDRError) -> Double {
    Double(bitPattern: try integer(UInt64.self, field))
  }

  /// Its length counts a zero byte at its end, which some writers leave out of an empty one.
  mutating func string(_ field: String) throws(CDRError) -> String {
    let length = Int(try integer(UInt32.self, field))
    guard length > 0 else { return "" }
    try require(length, field)
    defer { offset += length }
    let start = bytes.startIndex + offset
    guard bytes[start + length - 1] == 0 else { throw CDRError("`\(field)` does not end with a zero byte, \(place)") }
    guard let text = String(validating: bytes[start..<start + length - 1], as: UTF8.self) else {
      throw CDRError("`\(field)` is not UTF-8, \(place)")
    }
    return text
  }

  /// How many items follow, of at least `size` bytes each.
  mutating func count(_ field: String, of size: Int) throws(CDRError) -> Int {
    let count = Int(try integer(UInt32.self, field))
    guard count <= remaining / size else {
      throw CDRError("`\(field)` should have \(count) items, and \(remaining) bytes are left, \(place)")
    }
    return count
  }

  mutating func strings(_ field: String) throws(CDRError) -> [String] {
    let count = try count(field, of: 4)
    var strings: [String] = []
    for _ in 0..<count { strings.append(try string(field)) }
    return strings
  }

  /// Aligned where it has an item; without one nothing follows the count.
  mutating func doubles(_ field: String) throws(CDRError) -> [Double] {
    let count = try count(field, of: 8)
    var doubles: [Double] = []
    doubles.reserveCapacity(count)
    for _ in 0..<count { doubles.append(try double(field)) }
    return doubles
  }

  /// Nothing but padding to a multiple of four may follow.
  func finish() throws(CDRError) {
    guard remaining < 4 else { throw CDRError("goes on for \(remaining) bytes behind its last field, \(place)") }
  }

  private mutating func align(_ size: Int, _ field: String) throws(CDRError) {
    let padding = (size - offset % size) % size
    try require(padding, field)
    offset += padding
  }

  private func require(_ count: Int, _ field: String) throws(CDRError) {
    guard count <= remaining else { throw CDRError("ends inside `\(field)`, \(place)") }
  }

  private var place: String { "at byte \(Self.headerSize + offset) of \(Self.headerSize + bytes.count)" }
}
