import CSodium

/// The public half of a key of signed notes.
public struct NoteKey: Sendable, Equatable, CustomStringConvertible {
  /// What is signed, by the byte that stands for it in the key's hash.
  public enum Kind: UInt8, Sendable {
    /// Ed25519 over the note's text.
    case note = 1
    /// Ed25519 over a time and the note's text (c2sp.org/tlog-cosignature, version 1).
    case cosignature = 4
  }

  public let name: String
  public let kind: Kind
  /// Ed25519, 32 bytes.
  public let publicKey: [UInt8]
  /// 4 bytes: of SHA-256 over the name, a line feed, the kind and the public key.
  public let keyID: [UInt8]

  public init(name: String, kind: Kind, publicKey: [UInt8]) {
    precondition(Self.isName(name) && publicKey.count == Int(crypto_sign_PUBLICKEYBYTES), "not a key")
    self.name = name
    self.kind = kind
    self.publicKey = publicKey
    keyID = Array(SHA256.digest(Array(name.utf8) + [0x0A, kind.rawValue] + publicKey).prefix(4))
  }

  /// Reads `name+hash+key`; `nil` when it is none or its hash is not that of the key.
  public init?(parsing text: some StringProtocol) {
    // The key may hold a plus itself.
    let parts = text.split(separator: "+", maxSplits: 2, omittingEmptySubsequences: false)
    guard parts.count == 3, Self.isName(parts[0]), let bytes = Base64.bytes(parts[2]),
      bytes.count == 1 + Int(crypto_sign_PUBLICKEYBYTES), let kind = Kind(rawValue: bytes[0])
    else { return nil }
    self.init(name: String(parts[0]), kind: kind, publicKey: Array(bytes[1...]))
    guard parts[1] == Hex.string(keyID) else { return nil }
  }

  public var description: String { "\(name)+\(Hex.string(keyID))+\(Base64.string([kind.rawValue] + publicKey))" }

  /// Not empty, no white space, no plus.
  public static func isName(_ name: some StringProtocol) -> Bool {
    !name.isEmpty && !name.contains { $0.isWhitespace || $0.isNewline || $0 == "+" }
  }

  /// Whether one of the note's signatures is this key's and right, and none that claims to be is wrong.
  public func signed(_ note: SignedNote) -> Bool { signature(in: note) != nil }

  /// The signature of this key: its time, s since 1970, for a cosignature; 0 for a note's own.
  public func signature(in note: SignedNote) -> UInt64? {
    var time: UInt64?
    for signature in note.signatures where signature.name == name && signature.keyID == keyID {
      guard let right = check(signature.bytes, note.text) else { return nil }
      time = right
    }
    return time
  }

  private func check(_ bytes: [UInt8], _ text: String) -> UInt64? {
    switch kind {
    case .note:
      return verifies(bytes[...], Array(text.utf8)) ? 0 : nil
    case .cosignature:
      guard bytes.count == 8 + Int(crypto_sign_BYTES) else { return nil }
      let time = bytes.withUnsafeBytes { UInt64(bigEndian: $0.loadUnaligned(as: UInt64.self)) }
      return verifies(bytes[8...], Self.cosigned(text, time)) ? time : nil
    }
  }

  private func verifies(_ signature: ArraySlice<UInt8>, _ message: [UInt8]) -> Bool {
    guard signature.count == Int(crypto_sign_BYTES), sodium_init() >= 0 else { return false }
    return signature.withUnsafeBufferPointer {
      crypto_sign_verify_detached($0.baseAddress!, message, UInt64(message.count), publicKey) == 0
    }
  }

  static func cosigned(_ text: String, _ time: UInt64) -> [UInt8] { Array("cosignature/v1\ntime \(time)\n\(text)".utf8) }
}

/// A key of signed notes with its secret half.
public struct NoteSigner: Sendable {
  public let key: NoteKey
  private let secret: SecretBytes

  init(name: String, kind: NoteKey.Kind, secret: SecretBytes) {
    key = NoteKey(name: name, kind: kind, publicKey: secret.publicKey)
    self.secret = secret
  }

  /// - Parameter time: of a cosignature, s since 1970
  public func sign(_ text: String, time: UInt64 = 0) -> SignedNote.Signature {
    switch key.kind {
    case .note:
      return .init(name: key.name, keyID: key.keyID, bytes: secret.sign(Array(text.utf8)))
    case .cosignature:
      let stamp = withUnsafeBytes(of: time.bigEndian) { Array($0) }
      return .init(name: key.name, keyID: key.keyID, bytes: stamp + secret.sign(NoteKey.cosigned(text, time)))
    }
  }
}
