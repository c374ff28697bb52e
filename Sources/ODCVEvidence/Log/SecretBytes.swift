import CSodium

/// The secret half of an Ed25519 key, in memory that is not swapped and that is zero before it is given back.
///
/// Unchecked: written before the initialiser returns, only read afterwards.
final class SecretBytes: @unchecked Sendable {
  // The seed and the public key behind it, as libsodium keeps them.
  private let memory: UnsafeMutablePointer<UInt8>
  static let seedSize = Int(crypto_sign_SEEDBYTES)
  private static let size = Int(crypto_sign_SECRETKEYBYTES)

  /// A new key.
  convenience init() throws(EvidenceError) {
    try self.init { seed in randombytes_buf(seed, SecretBytes.seedSize) }
  }

  /// - Parameter fill: writes the seed of 32 bytes
  init(_ fill: (UnsafeMutablePointer<UInt8>) -> Void) throws(EvidenceError) {
    guard sodium_init() >= 0, let memory = sodium_malloc(Self.size) else {
      throw EvidenceError("libsodium has no memory for a key, or no source of random numbers")
    }
    self.memory = memory.assumingMemoryBound(to: UInt8.self)
    fill(self.memory)
    var publicKey = [UInt8](repeating: 0, count: Int(crypto_sign_PUBLICKEYBYTES))
    var seed = [UInt8](UnsafeBufferPointer(start: self.memory, count: Self.seedSize))
    crypto_sign_seed_keypair(&publicKey, self.memory, seed)
    Self.erase(&seed)
  }

  deinit { sodium_free(memory) }

  var publicKey: [UInt8] { Array(UnsafeBufferPointer(start: memory + Self.seedSize, count: Self.size - Self.seedSize)) }

  func withSeed<Result>(_ body: (UnsafePointer<UInt8>) -> Result) -> Result { body(memory) }

  func sign(_ message: [UInt8]) -> [UInt8] {
    var signature = [UInt8](repeating: 0, count: Int(crypto_sign_BYTES))
    crypto_sign_detached(&signature, nil, message, UInt64(message.count), memory)
    return signature
  }

  /// Puts zeros where a secret was.
  static func erase(_ bytes: inout [UInt8]) { bytes.withUnsafeMutableBytes { sodium_memzero($0.baseAddress!, $0.count) } }
}
