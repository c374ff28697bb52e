import CSodium
import ODCVCore
import ODCVEvidence

/// One digest of a recording's verdicts: SHA-256 over the SHA-256 digests of each verdict's canonical bytes, in their order. Each has
/// its own because digests of many are had together (`SHA256.digests`), where one of all their bytes would take twice as long
/// as judging.
struct VerdictHash: ~Copyable {
  /// As many as the widest vector has lanes.
  private static let group = 16

  private let configuration: [UInt8]
  private let room = UnsafeMutableRawBufferPointer.allocate(byteCount: group * Capacity.verdictBytes, alignment: 64)
  private var open: [UnsafeRawBufferPointer] = []
  private var digests = [UInt8](repeating: 0, count: group * SHA256.size)
  private var state = crypto_hash_sha256_state()

  /// - Parameter configuration: the digest that verdicts name
  init(configuration: [UInt8]) {
    self.configuration = configuration
    open.reserveCapacity(Self.group)
    crypto_hash_sha256_init(&state)
  }

  deinit { room.deallocate() }

  /// Takes the next verdict in. Its canonical bytes, good until the next one.
  mutating func add(_ verdict: UnsafePointer<Verdict>) -> UnsafeRawBufferPointer {
    if open.count == Self.group { close() }
    let start = open.count * Capacity.verdictBytes
    let slot = UnsafeMutableRawBufferPointer(rebasing: room[start..<start + Capacity.verdictBytes])
    let size = verdict.pointee.encode(into: slot, configuration: configuration)
    let core = UnsafeRawBufferPointer(rebasing: slot[..<size])
    open.append(core)
    return core
  }

  /// Of all that was added.
  mutating func sha256() -> [UInt8] {
    close()
    var state = state
    var digest = [UInt8](repeating: 0, count: Int(crypto_hash_sha256_BYTES))
    crypto_hash_sha256_final(&state, &digest)
    return digest
  }

  private mutating func close() {
    let open = open
    digests.withUnsafeMutableBytes { SHA256.digests(of: open, into: $0) }
    crypto_hash_sha256_update(&state, digests, UInt64(open.count * SHA256.size))
    self.open.removeAll(keepingCapacity: true)
  }
}
