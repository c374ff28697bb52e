import CSodium

/// SHA-256 over verdicts' canonical bytes, each with its length in front as 4 little-endian bytes. It takes as long as judging
/// does, so a thread of its own does it, a batch at a time.
struct VerdictHash: ~Copyable {
  /// Unchecked: a batch's thread has it from its start until it is joined, this struct at all other times.
  private final class Shared: @unchecked Sendable {
    var state = crypto_hash_sha256_state()
    var batch: [UInt8] = []

    func digest() { crypto_hash_sha256_update(&state, batch, UInt64(batch.count)) }
  }

  private static let batchBytes = 1 << 19
  private let shared = Shared()
  private var open: [UInt8] = []
  private var thread: LoopThread?

  init() { crypto_hash_sha256_init(&shared.state) }

  deinit { thread?.join() }

  mutating func add(_ core: [UInt8]) {
    open += Judge.prefix(core)
    open += core
    if open.count >= Self.batchBytes { handOver() }
  }

  /// Of all that was added.
  mutating func sha256() -> [UInt8] {
    handOver()
    thread?.join()
    thread = nil
    var state = shared.state
    var digest = [UInt8](repeating: 0, count: Int(crypto_hash_sha256_BYTES))
    crypto_hash_sha256_final(&state, &digest)
    return digest
  }

  private mutating func handOver() {
    thread?.join()
    swap(&shared.batch, &open)
    open.removeAll(keepingCapacity: true)
    let shared = shared
    thread = LoopThread(name: "odcv-hash") { shared.digest() }
  }
}
