import CZstd

/// How a chunk's records are stored.
public enum MCAPCompression: Sendable, Equatable {
  case none
  /// Zstandard (RFC 8878); a higher level is smaller and slower.
  case zstd(level: Int32)

  /// As chunks name it (https://mcap.dev/spec/registry).
  var name: String {
    switch self {
    case .none: ""
    case .zstd: "zstd"
    }
  }
}

/// Makes what a chunk stores of its records, with one context for a whole file. Unchecked for the context, which is as little shared as
/// this can be copied.
struct ChunkPacker: ~Copyable, @unchecked Sendable {
  let compression: MCAPCompression
  /// `nil` without compression.
  private let context: OpaquePointer?
  private var packed: [UInt8] = []

  init(_ compression: MCAPCompression) throws(EvidenceError) {
    self.compression = compression
    switch compression {
    case .none: context = nil
    case .zstd(let level):
      guard let made = ZSTD_createCCtx() else {
        throw EvidenceError("zstd: no memory to compress with; write `compression: none`, or free some")
      }
      guard ZSTD_isError(ZSTD_CCtx_setParameter(made, ZSTD_c_compressionLevel, level)) == 0 else {
        ZSTD_freeCCtx(made)
        throw EvidenceError("zstd: there is no level \(level); use \(ZSTD_minCLevel()) to \(ZSTD_maxCLevel())")
      }
      context = made
    }
  }

  deinit { ZSTD_freeCCtx(context) }

  /// The bytes to store; for a compressed chunk one frame that states its content's size.
  mutating func pack(_ records: [UInt8]) throws(EvidenceError) -> ArraySlice<UInt8> {
    guard let context else { return records[...] }
    let bound = ZSTD_compressBound(records.count)
    if packed.count < bound { packed = [UInt8](repeating: 0, count: bound) }
    let size = ZSTD_compress2(context, &packed, packed.count, records, records.count)
    guard ZSTD_isError(size) == 0 else {
      throw EvidenceError("zstd: a chunk does not compress: \(String(cString: ZSTD_getErrorName(size)))")
    }
    return packed[..<size]
  }

  /// Asks for what `pack` will need for so many bytes.
  mutating func reserve(_ count: Int) throws(EvidenceError) { _ = try pack([UInt8](repeating: 0, count: count)) }
}

/// Why a chunk's records can't be had.
struct ChunkRefusal: Error {
  var what: String
}

/// A chunk, taken apart; its records are not looked at yet.
struct MCAPChunk {
  /// A chunk that says that it holds more is refused: a few bytes can name any size, and a reader would have to keep room for it.
  static let greatestSize: UInt64 = 256 << 20

  /// ns
  let start: UInt64
  /// ns
  let end: UInt64
  let size: UInt64
  let crc: UInt32
  let compression: String
  let stored: ArraySlice<UInt8>

  /// `nil` when it is too short for its own fields.
  init?(_ content: ArraySlice<UInt8>) {
    var cursor = ByteCursor(content)
    guard let start = cursor.integer(UInt64.self), let end = cursor.integer(UInt64.self),
      let size = cursor.integer(UInt64.self), let crc = cursor.integer(UInt32.self),
      let compression = cursor.string(), let length = cursor.integer(UInt64.self),
      let stored = cursor.take(length)
    else { return nil }
    self.start = start
    self.end = end
    self.size = size
    self.crc = crc
    self.compression = compression
    self.stored = stored
  }

  /// Its records as they were written, by their CRC.
  func records() throws(ChunkRefusal) -> ArraySlice<UInt8> {
    let records = try unpacked()
    guard crc == 0 || crc == CRC.ieee.checksum(records) else {
      throw ChunkRefusal(what: "the CRC of the chunk is wrong; its \(size) bytes of messages are skipped")
    }
    return records
  }

  private func unpacked() throws(ChunkRefusal) -> ArraySlice<UInt8> {
    switch compression {
    case "":
      guard size == UInt64(stored.count) else {
        throw ChunkRefusal(what: "a chunk of \(stored.count) bytes that says it has \(size); skipped")
      }
      return stored
    case "zstd": return try decompressed()[...]
    default:
      throw ChunkRefusal(
        what: "a chunk compressed with \(compression), which this program does not read; run `mcap decompress` first")
    }
  }

  private func decompressed() throws(ChunkRefusal) -> [UInt8] {
    guard size <= Self.greatestSize else {
      throw ChunkRefusal(
        what: "a chunk that says it holds \(size) bytes, and at most \(Self.greatestSize) are read; skipped")
    }
    // One byte more, so that a chunk that holds more than it says is not cut to fit.
    let room = Int(size) + 1
    var outcome = 0
    let records = [UInt8](unsafeUninitializedCapacity: room) { target, count in
      outcome = stored.withUnsafeBytes { ZSTD_decompress(target.baseAddress, room, $0.baseAddress, $0.count) }
      count = ZSTD_isError(outcome) == 0 ? outcome : 0
    }
    guard ZSTD_isError(outcome) == 0 else {
      let reason = String(cString: ZSTD_getErrorName(outcome))
      throw ChunkRefusal(what: "a chunk that does not decompress (\(reason)); its \(size) bytes of messages are skipped")
    }
    guard UInt64(records.count) == size else {
      throw ChunkRefusal(what: "a chunk that holds \(records.count) bytes and says it has \(size); skipped")
    }
    return records
  }
}
