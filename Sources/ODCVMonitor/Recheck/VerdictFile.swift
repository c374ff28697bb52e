import Glibc

/// Where `check --verdicts` puts canonical bytes: each verdict's length in front, as 4 little-endian bytes.
struct VerdictFile {
  private static let atOnce = 1 << 18

  private let file: Int32
  private var bytes: [UInt8] = []

  init(_ file: Int32) {
    self.file = file
    bytes.reserveCapacity(Self.atOnce + 8192)
  }

  mutating func add(_ core: UnsafeRawBufferPointer) throws {
    withUnsafeBytes(of: UInt32(core.count).littleEndian) { bytes.append(contentsOf: $0) }
    bytes.append(contentsOf: core)
    if bytes.count >= Self.atOnce { try end() }
  }

  /// Writes what is still here.
  ///
  /// - Throws: `Stop` with 4
  mutating func end() throws {
    var offset = 0
    while offset < bytes.count {
      let count = bytes.withUnsafeBytes { write(file, $0.baseAddress! + offset, bytes.count - offset) }
      guard count > 0 else { throw Stop(.failed, "--verdicts: \(errorText())") }
      offset += count
    }
    bytes.removeAll(keepingCapacity: true)
  }
}
