import CSodium
import Glibc

/// The key that a log's checkpoints are signed with, as its file holds it at one moment.
///
///     odcv-log-key/1
///     origin example.com/arm1
///     first example.com/arm1+9a8b7c6d+AV...
///     epoch 3
///     secret <64 hexadecimal digits>
///     handovers 1
///     <the notes in which earlier epochs handed over, as in the files of checkpoints>
///
/// With a credential the line is `sealed`, a nonce and the encrypted secret (XSalsa20-Poly1305).
struct LogKeyState {
  var origin: String
  /// The first key of all: what a verifier trusts.
  var first: NoteKey
  var epoch: UInt64
  var secret: SecretBytes
  /// Of the last opening, and of those before it that never came to a file.
  var handovers: [SignedNote]

  var signer: NoteSigner { NoteSigner(name: origin, kind: .note, secret: secret) }

  func sign(_ checkpoint: Checkpoint) -> SignedNote {
    SignedNote(text: checkpoint.text, signatures: [signer.sign(checkpoint.text)])
  }
}

/// Where a log's signing key is kept. The file is replaced at each opening of the log.
public struct LogKeyFile: Sendable {
  public let path: String
  /// File of the secret that the key is encrypted with; `nil`: it is not.
  public let credential: String?

  public init(path: String, credential: String? = nil) {
    self.path = path
    self.credential = credential
  }

  /// The path of a credential that systemd passes to this service.
  public static func credentialPath(_ name: String) throws(EvidenceError) -> String {
    guard let directory = getenv("CREDENTIALS_DIRECTORY") else {
      throw EvidenceError(
        "the credential `\(name)` of the log's key is not there: $CREDENTIALS_DIRECTORY is not set; start the monitor as a "
          + "service with LoadCredentialEncrypted=\(name)")
    }
    return String(cString: directory) + "/" + name
  }

  /// Makes a new key; the file must not exist yet, nor the credential's, which is made beside when it is named.
  /// Returns the public key that verifiers and witnesses of the log are given.
  public func make(origin: String) throws(EvidenceError) -> NoteKey {
    let calls = LinuxCalls()
    guard NoteKey.isName(origin) else {
      throw EvidenceError("`\(origin)` is no name for a log: use one word without `+`, such as example.com/arm1")
    }
    if let credential {
      var secret = [UInt8](repeating: 0, count: Int(crypto_secretbox_KEYBYTES))
      defer { SecretBytes.erase(&secret) }
      guard sodium_init() >= 0 else { throw EvidenceError("libsodium has no source of random numbers") }
      randombytes_buf(&secret, secret.count)
      var text = Array((Self.credentialMark + " ").utf8) + Hex.digits(secret) + [0x0A]
      defer { SecretBytes.erase(&text) }
      try SecretFile.create(credential, text, calls)
    }
    let secret = try SecretBytes()
    let key = NoteKey(name: origin, kind: .note, publicKey: secret.publicKey)
    var bytes = try encoded(
      LogKeyState(origin: origin, first: key, epoch: 0, secret: secret, handovers: []), calls)
    defer { SecretBytes.erase(&bytes) }
    try SecretFile.create(path, bytes, calls)
    return key
  }

  private static let mark = "odcv-log-key/1"
  private static let credentialMark = "odcv-credential/1"

  func load(_ calls: any FileCalls) throws(EvidenceError) -> LogKeyState {
    var bytes = try calls.readWhole(path)
    defer { SecretBytes.erase(&bytes) }
    return try parse(bytes, calls)
  }

  // A function of its own: a slice that is still alive would make the caller erase a copy.
  private func parse(_ bytes: [UInt8], _ calls: any FileCalls) throws(EvidenceError) -> LogKeyState {
    let lines = bytes.split(separator: 0x0A, maxSplits: 6, omittingEmptySubsequences: false)
    func value(_ place: Int, _ name: String) -> String? {
      guard place < lines.count, lines[place].starts(with: (name + " ").utf8) else { return nil }
      return String(decoding: lines[place].dropFirst(name.utf8.count + 1), as: UTF8.self)
    }
    guard lines.count == 7, lines[0].elementsEqual(Self.mark.utf8), let origin = value(1, "origin"),
      NoteKey.isName(origin), let first = value(2, "first").flatMap({ NoteKey(parsing: $0) }),
      let epoch = value(3, "epoch").flatMap({ UInt64($0) }), let count = value(5, "handovers").flatMap({ Int($0) }),
      let handovers = Self.handovers(Array(lines[6]), count)
    else {
      throw EvidenceError(
        "\(path): not the key of a log in a form that this program reads; make one with `odcv-monitor keygen "
          + "--kind log`")
    }
    return LogKeyState(
      origin: origin, first: first, epoch: epoch, secret: try secret(lines[4], calls), handovers: handovers)
  }

  /// Puts the next state in place of the one before, whose secret is overwritten before its space is given back.
  func replace(_ state: LogKeyState, _ calls: any FileCalls) throws(EvidenceError) {
    var bytes = try encoded(state, calls)
    defer { SecretBytes.erase(&bytes) }
    try SecretFile.replace(path, with: bytes, calls)
  }

  private static func handovers(_ bytes: [UInt8], _ count: Int) -> [SignedNote]? {
    var rest = bytes[...]
    var notes: [SignedNote] = []
    for _ in 0..<count {
      // Notes are without empty lines but for the one before the signatures and the one behind the note.
      let lines = rest.split(separator: 0x0A, omittingEmptySubsequences: false)
      guard let text = lines.firstIndex(of: []), let end = lines[(text + 1)...].firstIndex(of: []) else { return nil }
      let size = lines[..<end].reduce(0) { $0 + $1.count + 1 }
      guard let note = SignedNote(parsing: rest.prefix(size)) else { return nil }
      notes.append(note)
      rest = rest.dropFirst(size + 1)
    }
    return rest.isEmpty ? notes : nil
  }

  private func encoded(_ state: LogKeyState, _ calls: any FileCalls) throws(EvidenceError) -> [UInt8] {
    var text = Array("\(Self.mark)\norigin \(state.origin)\nfirst \(state.first)\nepoch \(state.epoch)\n".utf8)
    // Grown later, it would leave the secret in the memory that it had before.
    text.reserveCapacity(text.count + 256 + state.handovers.reduce(0) { $0 + $1.encoded.count + 1 })
    if credential == nil {
      text += Array("secret ".utf8)
      var digits = state.secret.withSeed { Hex.digits(UnsafeBufferPointer(start: $0, count: SecretBytes.seedSize)) }
      text += digits
      SecretBytes.erase(&digits)
    } else {
      var key = try credentialKey(calls)
      defer { SecretBytes.erase(&key) }
      var nonce = [UInt8](repeating: 0, count: Int(crypto_secretbox_NONCEBYTES))
      randombytes_buf(&nonce, nonce.count)
      var box = [UInt8](repeating: 0, count: SecretBytes.seedSize + Int(crypto_secretbox_MACBYTES))
      state.secret.withSeed { _ = crypto_secretbox_easy(&box, $0, UInt64(SecretBytes.seedSize), nonce, key) }
      text += Array("sealed ".utf8) + Hex.digits(nonce + box)
    }
    text += Array("\nhandovers \(state.handovers.count)\n".utf8)
    for note in state.handovers { text += note.encoded + [0x0A] }
    return text
  }

  private func secret(_ line: ArraySlice<UInt8>, _ calls: any FileCalls) throws(EvidenceError) -> SecretBytes {
    let wanted = credential == nil ? "secret " : "sealed "
    guard line.starts(with: wanted.utf8), var bytes = Hex.bytes(line.dropFirst(wanted.utf8.count)) else {
      throw EvidenceError(
        credential == nil
          ? "\(path): its secret is not there in plain; name the credential that it is encrypted with"
          : "\(path): its secret is not encrypted; leave the credential out, or make the key with one")
    }
    defer { SecretBytes.erase(&bytes) }
    guard credential != nil else {
      guard bytes.count == SecretBytes.seedSize else { throw EvidenceError("\(path): its secret has not 32 bytes; restore it") }
      return try SecretBytes { $0.update(from: bytes, count: bytes.count) }
    }
    var key = try credentialKey(calls)
    defer { SecretBytes.erase(&key) }
    let nonce = Array(bytes.prefix(Int(crypto_secretbox_NONCEBYTES)))
    let box = Array(bytes.dropFirst(nonce.count))
    var isOpen = false
    let secret = try SecretBytes {
      isOpen =
        box.count == SecretBytes.seedSize + Int(crypto_secretbox_MACBYTES)
        && crypto_secretbox_open_easy($0, box, UInt64(box.count), nonce, key) == 0
    }
    guard isOpen else {
      throw EvidenceError("\(path): the credential \(credential ?? "") does not open it; name the one that was made with it")
    }
    return secret
  }

  private func credentialKey(_ calls: any FileCalls) throws(EvidenceError) -> [UInt8] {
    guard let credential else { preconditionFailure("no credential") }
    var bytes = try calls.readWhole(credential)
    defer { SecretBytes.erase(&bytes) }
    guard let key = Self.credentialKey(bytes) else {
      throw EvidenceError(
        "\(credential): not the credential of a log's key; `odcv-monitor keygen --kind log --credential` makes "
          + "one")
    }
    return key
  }

  private static func credentialKey(_ bytes: [UInt8]) -> [UInt8]? {
    let words = bytes.split { $0 == 0x20 || $0 == 0x0A }
    guard words.count == 2, words[0].elementsEqual(credentialMark.utf8), let key = Hex.bytes(words[1]),
      key.count == Int(crypto_secretbox_KEYBYTES)
    else { return nil }
    return key
  }
}
