/// Little-endian fields, as MCAP and the violation log store them.
extension [UInt8] {
  mutating func append<T: FixedWidthInteger>(little value: T) {
    Swift.withUnsafeBytes(of: value.littleEndian) { append(contentsOf: $0) }
  }

  /// u32 byte length, then UTF-8.
  mutating func append(string: String) {
    var string = string
    string.withUTF8 {
      append(little: UInt32($0.count))
      append(contentsOf: $0)
    }
  }

  mutating func store<T: FixedWidthInteger>(little value: T, at offset: Int) {
    withUnsafeMutableBytes { $0.storeBytes(of: value.littleEndian, toByteOffset: offset, as: T.self) }
  }

  func load<T: FixedWidthInteger>(_ type: T.Type, at offset: Int) -> T {
    withUnsafeBytes { T(littleEndian: $0.loadUnaligned(fromByteOffset: offset, as: T.self)) }
  }
}

/// Reads fields one after the other; `nil` once the bytes run out.
struct ByteCursor {
  let bytes: ArraySlice<UInt8>
  private(set) var position: Int

  init(_ bytes: ArraySlice<UInt8>) {
    self.bytes = bytes
    position = bytes.startIndex
  }

  init(_ bytes: [UInt8]) { self.init(bytes[...]) }

  var remaining: Int { bytes.endIndex - position }

  mutating func integer<T: FixedWidthInteger>(_ type: T.Type = T.self) -> T? {
    let size = MemoryLayout<T>.size
    guard remaining >= size else { return nil }
    let offset = position - bytes.startIndex
    defer { position += size }
    return bytes.withUnsafeBytes { T(littleEndian: $0.loadUnaligned(fromByteOffset: offset, as: T.self)) }
  }

  mutating func take(_ count: UInt64) -> ArraySlice<UInt8>? {
    guard count <= UInt64(remaining) else { return nil }
    defer { position += Int(count) }
    return bytes[position..<position + Int(count)]
  }

  mutating func take(_ count: Int) -> ArraySlice<UInt8>? { take(UInt64(count)) }

  /// `nil` also when it is not UTF-8.
  mutating func string() -> String? {
    guard let count = integer(UInt32.self), let text = take(UInt64(count)) else { return nil }
    return String(validating: text, as: UTF8.self)
  }

  mutating func rest() -> ArraySlice<UInt8> {
    defer { position = bytes.endIndex }
    return bytes[position...]
  }
}
