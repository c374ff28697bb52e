import TestSupport
import Testing

@testable import ODCVEvidence

@Suite struct ChecksumTests {
  /// Slicing by one, as the polynomial defines it.
  @Test func checksumIsThatOfItsPolynomial() {
    func plain(_ bytes: [UInt8]) -> UInt32 {
      ~bytes.reduce(UInt32.max) { crc, byte in
        (0..<8).reduce(crc ^ UInt32(byte)) { value, _ in value & 1 == 1 ? 0xEDB8_8320 ^ (value >> 1) : value >> 1 }
      }
    }
    var random = SeededGenerator(seed: 7)
    for count in Array(0...300) + [4095, 4096, 4097, 70_000] {
      let bytes = random.bytes(count)
      guard CRC.ieee.checksum(bytes) == plain(bytes) else {
        Issue.record("differs for \(count) bytes")
        return
      }
    }
  }
}
