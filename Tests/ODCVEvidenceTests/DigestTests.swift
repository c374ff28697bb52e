import CDigest
import TestSupport
import Testing

@testable import ODCVEvidence

/// Digests of many messages at once, held against libsodium's of one.
@Suite struct DigestTests {
  /// Every kernel that this processor runs.
  private static var kernels: [UnsafePointer<odcv_sha256_kernel>] {
    (0..<3).compactMap { odcv_sha256_kernel_at($0) }
  }

  private static func digests(
    _ messages: [[UInt8]], _ kernel: UnsafePointer<odcv_sha256_kernel>
  ) -> [[UInt8]] {
    // One after the other in one piece of memory, as verdicts are.
    let bytes = messages.flatMap { $0 }
    var digests = [UInt8](repeating: 0, count: 32 * messages.count)
    bytes.withUnsafeBytes { bytes in
      var start = 0
      let pieces = messages.map { message in
        defer { start += message.count }
        return UnsafeRawBufferPointer(rebasing: bytes[start..<start + message.count])
      }
      digests.withUnsafeMutableBytes { SHA256.digests(of: pieces, into: $0, kernel) }
    }
    return (0..<messages.count).map { Array(digests[32 * $0..<32 * $0 + 32]) }
  }

  /// Where the padding goes over into a second block, and where blocks end.
  @Test func everyKernelGivesTheDigestOfEveryLength() throws {
    var random = SeededGenerator(seed: 5)
    let messages = (0...260).map { random.bytes($0) }
    let expected = messages.map { SHA256.digest($0) }
    for kernel in Self.kernels {
      #expect(Self.digests(messages, kernel) == expected, "kernel \(String(cString: kernel.pointee.name))")
    }
  }

  @Test func messagesOfOtherLengthsBesideItDoNotChangeADigest() throws {
    var random = SeededGenerator(seed: 6)
    for _ in 0..<60 {
      let messages = (0..<Int(random.next() % 40)).map { _ in random.bytes(Int(random.next() % 3000)) }
      let expected = messages.map { SHA256.digest($0) }
      for kernel in Self.kernels where Self.digests(messages, kernel) != expected {
        Issue.record("kernel \(String(cString: kernel.pointee.name)), \(messages.map(\.count))")
        return
      }
    }
  }

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
