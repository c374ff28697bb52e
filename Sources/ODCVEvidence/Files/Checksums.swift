import CDeflate
import CSodium

/// The 32-bit CRCs of files: reflected, initial value and final exclusive-or all ones.
enum CRC {
  /// CRC-32 of IEEE 802.3 (reflected polynomial EDB88320), which MCAP uses: all that a recording holds goes through it.
  static let ieee = IEEEChecksum()
  /// CRC-32C (Castagnoli, RFC 3720 appendix B.4; reflected polynomial 82F63B78): every error of up to three bits
  /// within a record of the violation log changes it.
  static let castagnoli = SlicedChecksum(polynomial: 0x82F6_3B78)
}

protocol Checksum: Sendable {
  /// The checksum of `bytes` after bytes whose checksum is `previous`; 0 is that of no bytes.
  func checksum(_ bytes: UnsafeRawBufferPointer, after previous: UInt32) -> UInt32
}

extension Checksum {
  func checksum(_ bytes: UnsafeRawBufferPointer) -> UInt32 { checksum(bytes, after: 0) }

  func checksum(_ bytes: [UInt8], after previous: UInt32 = 0) -> UInt32 {
    bytes.withUnsafeBytes { checksum($0, after: previous) }
  }

  func checksum(_ bytes: ArraySlice<UInt8>, after previous: UInt32 = 0) -> UInt32 {
    bytes.withUnsafeBytes { checksum($0, after: previous) }
  }
}

/// By libdeflate, with the processor's carry-less multiplication where it has one.
struct IEEEChecksum: Checksum {
  func checksum(_ bytes: UnsafeRawBufferPointer, after previous: UInt32) -> UInt32 {
    // Of no address it would return the value to start with.
    guard let start = bytes.baseAddress, bytes.count > 0 else { return previous }
    return libdeflate_crc32(previous, start, bytes.count)
  }
}

/// Eight bytes at a time, from tables (slicing by 8).
struct SlicedChecksum: Checksum {
  private let table: [UInt32]

  init(polynomial: UInt32) {
    var table = [UInt32](repeating: 0, count: 8 * 256)
    for byte in 0..<256 {
      var value = UInt32(byte)
      for _ in 0..<8 { value = value & 1 == 1 ? polynomial ^ (value >> 1) : value >> 1 }
      table[byte] = value
    }
    for byte in 0..<256 {
      for slice in 1..<8 {
        let before = table[(slice - 1) * 256 + byte]
        table[slice * 256 + byte] = table[Int(before & 0xFF)] ^ (before >> 8)
      }
    }
    self.table = table
  }

  func checksum(_ bytes: UnsafeRawBufferPointer, after previous: UInt32) -> UInt32 {
    table.withUnsafeBufferPointer { table in
      var crc = ~previous
      var offset = 0
      while bytes.count - offset >= 8 {
        let low = UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self)) ^ crc
        let high = UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: offset + 4, as: UInt32.self))
        crc =
          table[0x700 | Int(low & 0xFF)] ^ table[0x600 | Int(low >> 8 & 0xFF)]
          ^ table[0x500 | Int(low >> 16 & 0xFF)] ^ table[0x400 | Int(low >> 24)]
          ^ table[0x300 | Int(high & 0xFF)] ^ table[0x200 | Int(high >> 8 & 0xFF)]
          ^ table[0x100 | Int(high >> 16 & 0xFF)] ^ table[Int(high >> 24)]
        offset += 8
      }
      while offset < bytes.count {
        crc = table[Int((crc ^ UInt32(bytes[offset])) & 0xFF)] ^ (crc >> 8)
        offset += 1
      }
      return ~crc
    }
  }
}

/// SHA-256 (FIPS 180-4), by libsodium.
public enum SHA256 {
  public static let size = 32

  public static func digest(_ bytes: UnsafeRawBufferPointer) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: size) { buffer, filled in
      var nothing: UInt8 = 0
      let start = bytes.baseAddress?.assumingMemoryBound(to: UInt8.self)
      withUnsafePointer(to: &nothing) {
        _ = crypto_hash_sha256(buffer.baseAddress!, start ?? $0, UInt64(bytes.count))
      }
      filled = size
    }
  }

  /// Of a byte and two pieces, one after the other.
  static func digest(prefix: UInt8, _ first: ArraySlice<UInt8>, _ second: ArraySlice<UInt8>) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: size) { buffer, filled in
      var state = crypto_hash_sha256_state()
      var prefix = prefix
      crypto_hash_sha256_init(&state)
      crypto_hash_sha256_update(&state, &prefix, 1)
      for piece in [first, second] {
        piece.withUnsafeBufferPointer {
          guard let start = $0.baseAddress, !$0.isEmpty else { return }
          crypto_hash_sha256_update(&state, start, UInt64($0.count))
        }
      }
      crypto_hash_sha256_final(&state, buffer.baseAddress!)
      filled = size
    }
  }

  public static func digest(_ bytes: [UInt8]) -> [UInt8] { bytes.withUnsafeBytes { digest($0) } }

  public static func digest(_ bytes: ArraySlice<UInt8>) -> [UInt8] { bytes.withUnsafeBytes { digest($0) } }
}

enum Hex {
  static func string(_ bytes: some Sequence<UInt8>) -> String { String(decoding: digits(bytes), as: UTF8.self) }

  /// As ASCII.
  static func digits(_ bytes: some Sequence<UInt8>) -> [UInt8] {
    let digits = Array("0123456789abcdef".utf8)
    return bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
  }

  /// Of small hexadecimal digits; `nil` when they are none.
  static func bytes(_ text: some StringProtocol) -> [UInt8]? { bytes(Array(text.utf8)) }

  static func bytes(_ digits: some Collection<UInt8>) -> [UInt8]? {
    guard digits.count.isMultiple(of: 2) else { return nil }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(digits.count / 2)
    var high: UInt8?
    for digit in digits {
      let value: UInt8
      switch digit {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): value = digit - UInt8(ascii: "0")
      case UInt8(ascii: "a")...UInt8(ascii: "f"): value = digit - UInt8(ascii: "a") + 10
      default: return nil
      }
      if let upper = high {
        bytes.append(upper << 4 | value)
        high = nil
      } else {
        high = value
      }
    }
    return bytes
  }
}
