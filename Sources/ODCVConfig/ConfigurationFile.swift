import CSodium
import ODCVYAML

/// What is wrong with a configuration file, where, and what to do about it: `file:line: problem; remedy`.
public typealias ConfigError = YAMLError

/// One file of a configuration, with its bytes as they were read.
public struct ConfigurationFile: Sendable, Equatable {
  /// Path relative to the monitor file's directory, with `/` between its parts.
  public var name: String
  public var bytes: [UInt8]

  public init(name: String, bytes: [UInt8]) {
    self.name = name
    self.bytes = bytes
  }

  /// SHA-256 of bytes, 32 of them.
  public static func sha256(_ bytes: [UInt8]) -> [UInt8] {
    var digest = [UInt8](repeating: 0, count: Int(crypto_hash_sha256_BYTES))
    crypto_hash_sha256(&digest, bytes, UInt64(bytes.count))
    return digest
  }

  /// SHA-256 over the files in the order of their names: name and content of each, both preceded by their length as 8
  /// little-endian bytes. 32 bytes; the same on every machine, wherever the files lie.
  public static func digest(of files: [ConfigurationFile]) -> [UInt8] {
    var state = crypto_hash_sha256_state()
    crypto_hash_sha256_init(&state)
    for file in files.sorted(by: { Array($0.name.utf8).lexicographicallyPrecedes(Array($1.name.utf8)) }) {
      for part in [Array(file.name.utf8), file.bytes] {
        let length = withUnsafeBytes(of: UInt64(part.count).littleEndian) { Array($0) }
        crypto_hash_sha256_update(&state, length, UInt64(length.count))
        crypto_hash_sha256_update(&state, part, UInt64(part.count))
      }
    }
    var digest = [UInt8](repeating: 0, count: Int(crypto_hash_sha256_BYTES))
    crypto_hash_sha256_final(&state, &digest)
    return digest
  }
}
