/// Whether `bytes` are valid UTF-8 (RFC 3629: shortest form, no surrogates, at most U+10FFFF) with no NUL in it.
///
/// A NUL would end the text early for a reader in C and not for others, so that two readers see different names.
func isText(_ bytes: UnsafeRawBufferPointer) -> Bool {
  var index = 0
  let count = bytes.count
  while index < count {
    let first = unsafe bytes[index]
    let length: Int
    var low: UInt8 = 0x80
    var high: UInt8 = 0xBF
    switch first {
    case 0x01...0x7F:
      index += 1
      continue
    case 0xC2...0xDF: length = 2
    case 0xE0...0xEF:
      length = 3
      if first == 0xE0 { low = 0xA0 }
      if first == 0xED { high = 0x9F }
    case 0xF0...0xF4:
      length = 4
      if first == 0xF0 { low = 0x90 }
      if first == 0xF4 { high = 0x8F }
    default: return false
    }
    guard count - index >= length else { return false }
    guard unsafe bytes[index + 1] >= low, unsafe bytes[index + 1] <= high else { return false }
    for offset in 2..<max(length, 2) {
      guard unsafe bytes[index + offset] & 0xC0 == 0x80 else { return false }
    }
    index += length
  }
  return true
}
