import CSodium

/// Base64 of RFC 4648 section 4, with padding, and only in its one canonical form.
enum Base64 {
  static func string(_ bytes: [UInt8]) -> String {
    let variant = Int32(sodium_base64_VARIANT_ORIGINAL)
    var text = [CChar](repeating: 0, count: sodium_base64_encoded_len(bytes.count, variant))
    sodium_bin2base64(&text, text.count, bytes, bytes.count, variant)
    return String(decoding: text.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  static func bytes(_ text: some StringProtocol) -> [UInt8]? {
    let input = text.utf8.map { CChar(bitPattern: $0) }
    var bytes = [UInt8](repeating: 0, count: input.count / 4 * 3 + 3)
    var count = 0
    let status = sodium_base642bin(
      &bytes, bytes.count, input, input.count, nil, &count, nil, Int32(sodium_base64_VARIANT_ORIGINAL))
    guard status == 0 else { return nil }
    bytes.removeLast(bytes.count - count)
    return string(bytes) == text ? bytes : nil
  }
}
