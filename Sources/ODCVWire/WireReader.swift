/// Takes the fields of a protobuf body one after another, and nothing beyond its end.
@safe struct WireReader {
  enum FieldType {
    case varint
    case fixed64
    case lengthPrefixed
    case fixed32
  }

  private let bytes: UnsafeRawBufferPointer
  private var position = 0

  init(bytes: UnsafeRawBufferPointer) { unsafe self.bytes = unsafe bytes }

  /// Number and type of the next field; `nil` at the end.
  mutating func nextField() throws(BoundsRefusal) -> (number: Int, type: FieldType)? {
    guard unsafe position < bytes.count else { return nil }
    let start = position
    let tag = try varint()
    // protobuf-c reads at most five bytes of a tag.
    guard position - start <= 5, tag <= UInt64(UInt32.max), tag >> 3 != 0 else { throw .malformed }
    let type: FieldType
    switch tag & 7 {
    case 0: type = .varint
    case 1: type = .fixed64
    case 2: type = .lengthPrefixed
    case 5: type = .fixed32
    default: throw .malformed
    }
    return (Int(tag >> 3), type)
  }

  mutating func varint() throws(BoundsRefusal) -> UInt64 {
    var value: UInt64 = 0
    for index in 0..<10 {
      guard unsafe position < bytes.count else { throw .truncated }
      let byte = unsafe bytes[position]
      position += 1
      value |= UInt64(byte & 0x7F) << UInt64(7 * index)
      if byte & 0x80 == 0 {
        // The tenth byte has room for one bit.
        guard index < 9 || byte <= 1 else { throw .malformed }
        return value
      }
    }
    throw .malformed
  }

  mutating func take(_ count: Int) throws(BoundsRefusal) -> UnsafeRawBufferPointer {
    guard unsafe count <= bytes.count - position else { throw .truncated }
    defer { position += count }
    return unsafe UnsafeRawBufferPointer(rebasing: bytes[position..<position + count])
  }

  mutating func lengthPrefixed() throws(BoundsRefusal) -> UnsafeRawBufferPointer {
    let start = position
    let length = try varint()
    // protobuf-c reads at most five bytes of a length.
    guard position - start <= 5 else { throw .malformed }
    guard length <= UInt64(MessageBounds.messageBytes) else { throw .truncated }
    return unsafe try take(Int(length))
  }

  mutating func skip(_ type: FieldType) throws(BoundsRefusal) {
    switch type {
    case .varint: _ = try varint()
    case .fixed64: _ = try unsafe take(8)
    case .lengthPrefixed: _ = try unsafe lengthPrefixed()
    case .fixed32: _ = try unsafe take(4)
    }
  }
}
