/// A signed note (c2sp.org/signed-note): a text, an empty line, and a line for each signature.
public struct SignedNote: Sendable, Equatable {
  public struct Signature: Sendable, Equatable {
    /// Of the key.
    public var name: String
    /// The first 4 bytes of the key's hash; they tell keys of one name apart.
    public var keyID: [UInt8]
    public var bytes: [UInt8]
  }

  /// Ends with a line feed.
  public var text: String
  public var signatures: [Signature]

  public init(text: String, signatures: [Signature] = []) {
    precondition(text.hasSuffix("\n"), "a note's text ends with a line feed")
    self.text = text
    self.signatures = signatures
  }

  /// `nil` when `bytes` are not exactly such a note: what reads the same and is written otherwise is none.
  public init?(parsing bytes: some Collection<UInt8>) {
    guard let whole = String(validating: bytes, as: UTF8.self), let parts = Self.split(whole) else { return nil }
    text = parts.text
    signatures = []
    for line in parts.signatures.split(separator: "\n") {
      let words = line.split(separator: " ", omittingEmptySubsequences: false)
      guard words.count == 3, words[0] == "—", NoteKey.isName(words[1]), let payload = Base64.bytes(words[2]),
        payload.count > 4
      else { return nil }
      signatures.append(
        Signature(name: String(words[1]), keyID: Array(payload[..<4]), bytes: Array(payload[4...])))
    }
    guard !signatures.isEmpty, encoded == Array(bytes) else { return nil }
  }

  public var encoded: [UInt8] {
    var whole = text + "\n"
    for signature in signatures {
      whole += "— \(signature.name) \(Base64.string(signature.keyID + signature.bytes))\n"
    }
    return Array(whole.utf8)
  }

  /// At the last empty line.
  private static func split(_ whole: String) -> (text: String, signatures: Substring)? {
    let bytes = whole.utf8
    guard bytes.last == UInt8(ascii: "\n") else { return nil }
    var place = bytes.index(before: bytes.endIndex)
    while place > bytes.startIndex {
      let before = bytes.index(before: place)
      if bytes[place] == UInt8(ascii: "\n"), bytes[before] == UInt8(ascii: "\n") {
        return (String(whole[..<place]), whole[bytes.index(after: place)...])
      }
      place = before
    }
    return nil
  }
}
