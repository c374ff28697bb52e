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

/// An operator's private key as `keygen` wrote it.
struct OperatorKey {
  var name: String
  /// Ed25519, 64 bytes as libsodium keeps them.
  var secret: [UInt8]

  static func load(_ path: String) throws -> OperatorKey {
    guard let bytes = readFile(path) else {
      throw Stop(.usage, "\(path): \(errorText()); name a file that `keygen` wrote")
    }
    let words = String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isWhitespace)
    guard words.count == 3, words[0] == "odcv-operator-key/1", words[2].utf8.count == 128 else {
      throw Stop(.usage, "\(path): not an operator's key; make one with `odcv-monitor keygen`")
    }
    var secret: [UInt8] = []
    var digits = words[2][...]
    while digits.count >= 2, let byte = UInt8(digits.prefix(2), radix: 16) {
      secret.append(byte)
      digits = digits.dropFirst(2)
    }
    guard secret.count == 64 else {
      throw Stop(.usage, "\(path): not an operator's key; make one with `odcv-monitor keygen`")
    }
    return OperatorKey(name: String(words[1]), secret: secret)
  }

  /// The signature of a message, 64 bytes.
  func sign(_ message: [UInt8]) throws -> [UInt8] {
    guard let signature = ResetSigning.sign(message, secretKey: secret) else {
      throw Stop(.failed, "libsodium could not sign with the key of \(name)")
    }
    return signature
  }
}
