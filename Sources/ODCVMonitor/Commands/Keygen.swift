import ArgumentParser
import ODCVCodec
import ODCVEvidence

/// Makes a key pair: an operator's for resets, a violation log's for its checkpoints, or a witness's.
struct Keygen: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Make a key pair: an operator's, a violation log's, or a witness's.",
    discussion: """
      Writes the private key to a file that only its owner can read, and prints the public key: an operator's as it goes under \
      `operators:` in the monitor's configuration, a log's and a witness's as `verify` and `witness` take it. A log's file \
      goes under `evidence: {key: FILE}`; the monitor replaces it at each start, so it must be able to write beside it.
      """)

  enum Kind: String, ExpressibleByArgument, CaseIterable {
    /// Signs resets and arms pressure.
    case `operator`
    /// Signs a violation log's checkpoints.
    case log
    /// Cosigns them.
    case witness
  }

  @Argument(help: "The operator's name; of a log or a witness one word such as example.com/arm1.")
  var name: String

  @Option(help: "File for the private key; it must not exist yet.")
  var out: String

  @Option(help: "What the key is for: operator, log or witness.")
  var kind = Kind.operator

  @Option(help: "With --kind log: encrypt the key, and write what opens it to this file, for systemd-creds encrypt.")
  var credential: String?

  func validate() throws {
    if credential != nil, kind != .log { throw ValidationError("--credential is for --kind log") }
  }

  func run() throws {
    do throws(EvidenceError) {
      switch kind {
      case .log: tell("\(try LogKeyFile(path: out, credential: credential).make(origin: name))")
      case .witness: tell("\(try WitnessKeyFile.make(out, name: name))")
      case .operator: break
      }
    } catch {
      throw Stop(.usage, "\(error)")
    }
    if kind == .operator { try makeOperatorKey() }
  }

  private func makeOperatorKey() throws {
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
