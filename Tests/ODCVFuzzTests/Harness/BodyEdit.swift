import WireSupport

/// Edits of an encoded message that keep its form: the field that they hit, at any depth, is taken out, put in twice, made
/// extreme, or an array made shorter or longer.
enum BodyEdit {
  private struct Field {
    var number: UInt64
    var type: UInt64
    /// A varint's value, or a fixed number's bits.
    var number64: UInt64 = 0
    var content: [UInt8] = []
  }

  /// One edit, as `reader` says; bytes that are no message are returned with one of them changed.
  static func apply(to body: [UInt8], _ reader: inout ByteReader) -> [UInt8] {
    apply(to: body, &reader, depth: 0)
  }

  private static func apply(to body: [UInt8], _ reader: inout ByteReader, depth: Int) -> [UInt8] {
    guard var fields = parse(body), !fields.isEmpty else { return changed(body, &reader) }
    let place = reader.index(fields.count)
    let kind = reader.index(8)
    switch kind {
    case 0: fields.remove(at: place)
    case 1: fields.insert(fields[place], at: reader.index(fields.count))
    case 2: fields[place].number = UInt64(reader.index(32))
    default: edit(&fields[place], &reader, depth: depth)
    }
    return fields.reduce(into: []) { append($1, to: &$0) }
  }

  private static func edit(_ field: inout Field, _ reader: inout ByteReader, depth: Int) {
    switch field.type {
    case 0: field.number64 = reader.choice(Extremes.integers)
    case 1: field.number64 = number(&reader)
    default:
      if depth < 4, parse(field.content) != nil, reader.index(4) > 0 {
        field.content = apply(to: field.content, &reader, depth: depth + 1)
      } else if field.content.count % 8 == 0, !field.content.isEmpty {
        numbers(&field.content, &reader)
      } else {
        field.content = changed(field.content, &reader)
      }
    }
  }

  /// A packed array of doubles.
  private static func numbers(_ content: inout [UInt8], _ reader: inout ByteReader) {
    let place = 8 * reader.index(content.count / 8)
    switch reader.index(4) {
    case 0: content.removeSubrange(place..<place + 8)
    case 1: content.insert(contentsOf: content[place..<place + 8], at: place)
    default:
      let bits = number(&reader)
      for byte in 0..<8 { content[place + byte] = UInt8(truncatingIfNeeded: bits >> UInt64(8 * byte)) }
    }
  }

  /// An extreme number, or one near those that arms move by.
  private static func number(_ reader: inout ByteReader) -> UInt64 {
    let choice = reader.byte()
    guard choice >= 128 else { return Extremes.doubles[Int(choice) % Extremes.doubles.count].bitPattern }
    return ((Double(choice) - 192) / 16 + reader.signed() / 2048).bitPattern
  }

  private static func changed(_ bytes: [UInt8], _ reader: inout ByteReader) -> [UInt8] {
    guard !bytes.isEmpty else { return [reader.byte()] }
    var bytes = bytes
    let place = reader.index(bytes.count)
    switch reader.index(3) {
    case 0: bytes[place] = reader.byte()
    case 1: bytes.removeLast(bytes.count - place)
    default: bytes.insert(reader.byte(), at: place)
    }
    return bytes
  }

  // MARK: - The form of a message

  private static func parse(_ body: [UInt8]) -> [Field]? {
    var fields: [Field] = []
    var rest = body[...]
    while !rest.isEmpty {
      guard let tag = varint(&rest), tag >> 3 >= 1, tag >> 3 < 64 else { return nil }
      var field = Field(number: tag >> 3, type: tag & 7)
      switch field.type {
      case 0:
        guard let value = varint(&rest) else { return nil }
        field.number64 = value
      case 1:
        guard rest.count >= 8 else { return nil }
        for (place, byte) in rest.prefix(8).enumerated() { field.number64 |= UInt64(byte) << UInt64(8 * place) }
        rest = rest.dropFirst(8)
      case 2:
        guard let count = varint(&rest), count <= UInt64(rest.count) else { return nil }
        field.content = Array(rest.prefix(Int(count)))
        rest = rest.dropFirst(Int(count))
      default: return nil
      }
      fields.append(field)
    }
    return fields
  }

  private static func varint(_ rest: inout ArraySlice<UInt8>) -> UInt64? {
    var value: UInt64 = 0
    for shift in stride(from: UInt64(0), to: 64, by: 7) {
      guard let byte = rest.popFirst() else { return nil }
      value |= UInt64(byte & 0x7F) << shift
      if byte < 0x80 { return value }
    }
    return nil
  }

  private static func append(_ field: Field, to out: inout [UInt8]) {
    let number = UInt32(truncatingIfNeeded: field.number)
    switch field.type {
    case 0:
      out.add(tag: number, 0)
      out.add(varint: field.number64)
    case 1:
      out.add(tag: number, 1)
      out.add(fixed: field.number64)
    default: out.add(number, content: field.content)
    }
  }
}
