import COdcvProto
import TestSupport

extension SeededGenerator {
  public mutating func chance(_ probability: Double) -> Bool { Double.random(in: 0..<1, using: &self) < probability }
}

/// Writes random bodies from the schema's own description, in the one form that protobuf-c packs: fields in order and
/// arrays packed.
///
/// It shares no code with the messages under test.
public struct BodyWriter {
  public var generator: SeededGenerator
  /// How likely each field is there.
  public var presence: Double
  /// Arrays are at most this long.
  public var arrayLength: Int

  public init(generator: SeededGenerator, presence: Double = 0.7, arrayLength: Int = 9) {
    self.generator = generator
    self.presence = presence
    self.arrayLength = arrayLength
  }

  public mutating func body(_ descriptor: UnsafePointer<ProtobufCMessageDescriptor>) -> [UInt8] {
    var out: [UInt8] = []
    for index in 0..<Int(descriptor.pointee.n_fields) {
      let field = descriptor.pointee.fields[index]
      guard generator.chance(presence) else { continue }
      let isRepeated = field.label == PROTOBUF_C_LABEL_REPEATED
      if isRepeated, field.type == PROTOBUF_C_TYPE_DOUBLE {
        let count = Int.random(in: 1...arrayLength, using: &generator)
        out.add(tag: field.id, 2)
        out.add(varint: UInt64(8 * count))
        for _ in 0..<count { out.add(fixed: number().bitPattern) }
        continue
      }
      for _ in 0..<(isRepeated ? Int.random(in: 1...min(8, arrayLength), using: &generator) : 1) {
        append(field, to: &out)
      }
    }
    return out
  }

  private mutating func append(_ field: ProtobufCFieldDescriptor, to out: inout [UInt8]) {
    switch field.type {
    case PROTOBUF_C_TYPE_UINT32:
      out.add(tag: field.id, 0)
      out.add(varint: UInt64(UInt32.random(in: 0...UInt32.max, using: &generator)))
    case PROTOBUF_C_TYPE_UINT64, PROTOBUF_C_TYPE_INT64:
      out.add(tag: field.id, 0)
      out.add(varint: generator.next() >> UInt64.random(in: 0..<64, using: &generator))
    case PROTOBUF_C_TYPE_BOOL:
      out.add(tag: field.id, 0)
      out.add(varint: generator.next() & 1)
    case PROTOBUF_C_TYPE_ENUM:
      let values = field.descriptor.assumingMemoryBound(to: ProtobufCEnumDescriptor.self).pointee
      out.add(tag: field.id, 0)
      let place = Int.random(in: 0..<Int(values.n_values), using: &generator)
      out.add(varint: UInt64(values.values[place].value))
    case PROTOBUF_C_TYPE_FIXED64:
      out.add(tag: field.id, 1)
      out.add(fixed: generator.next())
    case PROTOBUF_C_TYPE_DOUBLE:
      out.add(tag: field.id, 1)
      out.add(fixed: number().bitPattern)
    case PROTOBUF_C_TYPE_STRING: out.add(field.id, content: text())
    case PROTOBUF_C_TYPE_BYTES:
      let count = Int.random(in: 0...40, using: &generator)
      out.add(field.id, content: (0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) })
    case PROTOBUF_C_TYPE_MESSAGE:
      let inner = body(field.descriptor.assumingMemoryBound(to: ProtobufCMessageDescriptor.self))
      out.add(field.id, content: inner)
    default: preconditionFailure("the schema has a type that this writer does not know")
    }
  }

  private mutating func number() -> Double {
    switch Int.random(in: 0..<8, using: &generator) {
    case 0: .nan
    case 1: -.infinity
    case 2: -0.0
    case 3: .leastNonzeroMagnitude
    default: Double.random(in: -10...10, using: &generator)
    }
  }

  private mutating func text() -> [UInt8] {
    let pieces = ["panda", "_joint1", "é", "漢字", "🤖", " ", "\n", "m/s"]
    let count = Int.random(in: 0...6, using: &generator)
    return Array((0..<count).map { _ in pieces.randomElement(using: &generator)! }.joined().utf8)
  }
}

extension [UInt8] {
  public mutating func add(varint value: UInt64) {
    var value = value
    while value >= 0x80 {
      append(UInt8(truncatingIfNeeded: value) | 0x80)
      value >>= 7
    }
    append(UInt8(value))
  }

  public mutating func add(tag number: UInt32, _ type: UInt32) {
    add(varint: UInt64(number << 3 | type))
  }

  public mutating func add(fixed value: UInt64) {
    for shift in 0..<8 { append(UInt8(truncatingIfNeeded: value >> UInt64(8 * shift))) }
  }

  public mutating func add(_ number: UInt32, content: [UInt8]) {
    add(tag: number, 2)
    add(varint: UInt64(content.count))
    self += content
  }
}
