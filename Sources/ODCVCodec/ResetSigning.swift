import CSodium

/// How an operator signs a reset: Ed25519 over a text that names robot, operator, latch and nonce.
public enum ResetSigning {
  /// A pair of keys, as libsodium keeps them: 32 bytes public, 64 bytes secret.
  public struct KeyPair: Sendable {
    public var publicKey: [UInt8]
    public var secretKey: [UInt8]
  }

  public static let seedBytes = 32
  public static let signatureBytes = 64

  /// What is signed: `odcv-reset/1`, robot id, operator, latch and nonce, a line feed between them; numbers in decimal.
  public static func message(robot: String, operator name: String, latch: UInt64, nonce: UInt64) -> [UInt8] {
    Array("odcv-reset/1\n\(robot)\n\(name)\n\(latch)\n\(nonce)".utf8)
  }

  /// The signature of `message`, 64 bytes; `nil` when `secretKey` is not a secret key.
  public static func sign(_ message: [UInt8], secretKey: [UInt8]) -> [UInt8]? {
    guard secretKey.count == Int(crypto_sign_SECRETKEYBYTES), sodium_init() >= 0 else { return nil }
    var signature = [UInt8](repeating: 0, count: signatureBytes)
    guard crypto_sign_detached(&signature, nil, message, UInt64(message.count), secretKey) == 0 else { return nil }
    return signature
  }

  /// Whether `signature` is that of `message` by the owner of `publicKey`.
  public static func verify(_ signature: [UInt8], of message: [UInt8], publicKey: [UInt8]) -> Bool {
    guard signature.count == signatureBytes, publicKey.count == Int(crypto_sign_PUBLICKEYBYTES), sodium_init() >= 0
    else { return false }
    return crypto_sign_verify_detached(signature, message, UInt64(message.count), publicKey) == 0
  }

  /// A new pair of keys; from a seed of 32 bytes always the same. `nil` when the seed has another length.
  public static func keyPair(seed: [UInt8]? = nil) -> KeyPair? {
    guard sodium_init() >= 0 else { return nil }
    var pair = KeyPair(
      publicKey: [UInt8](repeating: 0, count: Int(crypto_sign_PUBLICKEYBYTES)),
      secretKey: [UInt8](repeating: 0, count: Int(crypto_sign_SECRETKEYBYTES)))
    if let seed {
      guard seed.count == seedBytes, crypto_sign_seed_keypair(&pair.publicKey, &pair.secretKey, seed) == 0 else {
        return nil
      }
    } else {
      guard crypto_sign_keypair(&pair.publicKey, &pair.secretKey) == 0 else { return nil }
    }
    return pair
  }
}

/// How an operator signs an order for a release motion, with the same keys.
public enum ReleaseSigning {
  /// What is signed: `odcv-release/1`, robot id, operator, number and nonce, a line feed between them; numbers in decimal.
  public static func message(robot: String, operator name: String, number: UInt64, nonce: UInt64) -> [UInt8] {
    Array("odcv-release/1\n\(robot)\n\(name)\n\(number)\n\(nonce)".utf8)
  }
}
