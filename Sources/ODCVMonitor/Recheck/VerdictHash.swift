import CSodium
import ODCVCore

/// One digest of a recording's verdicts: BLAKE2b-256 (RFC 7693, by libsodium) of their canonical bytes, one after the other. Not SHA-256:
/// on a processor without instructions for it, that takes twice as long as judging.
struct VerdictHash: ~Copyable {
  private let configuration: [UInt8]
  private let room = UnsafeMutableRawBufferPointer.allocate(byteCount: Capacity.verdictBytes, alignment: 64)
  private let state = OpaquePointer(UnsafeMutableRawPointer.allocate(byteCount: crypto_generichash_statebytes(), alignment: 64))

  /// - Parameter configuration: the digest that verdicts name
  init(configuration: [UInt8]) {
    self.configuration = configuration
    crypto_generichash_init(state, nil, 0, 32)
  }

  deinit {
    room.deallocate()
    UnsafeMutableRawPointer(state).deallocate()
  }

  /// Takes the next verdict in. Its canonical bytes, good until the next one.
  mutating func add(_ verdict: UnsafePointer<Verdict>) -> UnsafeRawBufferPointer {
    let size = verdict.pointee.encode(into: room, configuration: configuration)
    let core = UnsafeRawBufferPointer(rebasing: room[..<size])
    crypto_generichash_update(state, core.baseAddress!.assumingMemoryBound(to: UInt8.self), UInt64(size))
    return core
  }

  /// Of all that was added; nothing is added after it.
  mutating func finish() -> [UInt8] {
    var digest = [UInt8](repeating: 0, count: 32)
    crypto_generichash_final(state, &digest, digest.count)
    return digest
  }
}
