import CSodium
import ODCVCore

/// The canonical bytes of a recording's verdicts, one verdict after the other, and where it is asked for one digest of them all.
///
/// BLAKE2b-256 (RFC 7693, by libsodium), not SHA-256: on a processor without instructions for it, that takes twice as long as judging.
struct VerdictCores: ~Copyable {
  private let configuration: [UInt8]
  private let room = UnsafeMutableRawBufferPointer.allocate(byteCount: Capacity.verdictBytes, alignment: 64)
  private let state: OpaquePointer?

  /// - Parameter configuration: the digest that verdicts name
  init(configuration: [UInt8], digests: Bool) {
    self.configuration = configuration
    guard digests else {
      state = nil
      return
    }
    let fresh = OpaquePointer(UnsafeMutableRawPointer.allocate(byteCount: crypto_generichash_statebytes(), alignment: 64))
    crypto_generichash_init(fresh, nil, 0, 32)
    state = fresh
  }

  deinit {
    room.deallocate()
    if let state { UnsafeMutableRawPointer(state).deallocate() }
  }

  /// Takes the next verdict in. Its canonical bytes, good until the next one.
  mutating func add(_ verdict: UnsafePointer<Verdict>) -> UnsafeRawBufferPointer {
    let size = verdict.pointee.encode(into: room, configuration: configuration)
    let core = UnsafeRawBufferPointer(rebasing: room[..<size])
    if let state { crypto_generichash_update(state, core.baseAddress!.assumingMemoryBound(to: UInt8.self), UInt64(size)) }
    return core
  }

  /// Of all that was added, `nil` where it was not asked for; nothing is added after it.
  mutating func finish() -> [UInt8]? {
    guard let state else { return nil }
    var digest = [UInt8](repeating: 0, count: 32)
    crypto_generichash_final(state, &digest, digest.count)
    return digest
  }
}
