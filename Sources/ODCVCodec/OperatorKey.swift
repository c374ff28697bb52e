/// An operator's private key as `odcv-monitor keygen` writes it: `odcv-operator-key/1 <name> <128 hexadecimal digits>`.
public struct OperatorKey: Sendable {
  public var name: String
  /// Ed25519, 64 bytes as libsodium keeps them.
  public var secret: [UInt8]

  /// `nil` when `text` is no such key.
  public init?(parsing text: String) {
    let words = text.split(whereSeparator: \.isWhitespace)
    guard words.count == 3, words[0] == "odcv-operator-key/1", let secret = Self.bytes(words[2]), secret.count == 64 else {
      return nil
    }
    name = String(words[1])
    self.secret = secret
  }

  /// The bytes of hexadecimal digits; `nil` when they are none.
  public static func bytes(_ hex: some StringProtocol) -> [UInt8]? {
    guard hex.utf8.count.isMultiple(of: 2), hex.allSatisfy({ $0.isASCII && $0.isHexDigit }) else { return nil }
    var bytes: [UInt8] = []
    var digits = hex[...]
    while !digits.isEmpty {
      guard let byte = UInt8(digits.prefix(2), radix: 16) else { return nil }
      bytes.append(byte)
      digits = digits.dropFirst(2)
    }
    return bytes
  }

  /// The signature of a message, 64 bytes; `nil` when libsodium can't sign with this key.
  public func sign(_ message: [UInt8]) -> [UInt8]? { ResetSigning.sign(message, secretKey: secret) }
}
