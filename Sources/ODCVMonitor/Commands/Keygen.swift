import ArgumentParser
import ODCVCodec

/// Makes an operator's key pair for resets.
struct Keygen: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Make an operator's key pair for resets.",
    discussion: """
      Writes the private key to a file that only its owner can read, and prints the public key as it goes under \
      `operators:` in the monitor's configuration.
      """)

  @Argument(help: "The operator's name.")
  var name: String

  @Option(help: "File for the private key; it must not exist yet.")
  var out: String

  func run() throws {
    guard !name.isEmpty, !name.contains(where: \.isWhitespace) else {
      throw Stop(.usage, "`\(name)` is no operator's name: use one word")
    }
    guard let pair = ResetSigning.keyPair() else { throw Stop(.failed, "libsodium has no source of random numbers") }
    let text = "odcv-operator-key/1 \(name) \(Words.hex(pair.secretKey))\n"
    guard writeFile(out, Array(text.utf8), mode: 0o600, replace: false) else {
      throw Stop(.usage, "\(out): \(errorText()); choose a file that does not exist in a directory you may write to")
    }
    tell("operators:\n  \(name): \(Words.hex(pair.publicKey))")
  }
}

extension OperatorKey {
  /// Reads a key's file.
  static func load(_ path: String) throws -> OperatorKey {
    guard let bytes = readFile(path) else {
      throw Stop(.usage, "\(path): \(errorText()); name a file that `keygen` wrote")
    }
    guard let key = OperatorKey(parsing: String(decoding: bytes, as: UTF8.self)) else {
      throw Stop(.usage, "\(path): not an operator's key; make one with `odcv-monitor keygen`")
    }
    return key
  }

  /// The signature of a message, 64 bytes.
  func signature(of message: [UInt8]) throws -> [UInt8] {
    guard let signature = sign(message) else {
      throw Stop(.failed, "libsodium could not sign with the key of \(name)")
    }
    return signature
  }
}
