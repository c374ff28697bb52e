import COdcvProto
import Glibc

/// A protobuf message, written field by field under the names of its .proto: numbers and types come from the descriptor that protoc-c
/// made of that, so they can't differ from the schema in the recording.
public struct DescribedMessage {
  private let descriptor: ProtobufCMessageDescriptor
  private var body = ProtoBytes()

  public init(_ schema: DrawnSchema) { self.init(schema.descriptor) }

  init(_ descriptor: ProtobufCMessageDescriptor) { self.descriptor = descriptor }

  public var bytes: [UInt8] { body.bytes }

  public mutating func set(_ name: StaticString, _ value: Double) {
    body.add(field(name, PROTOBUF_C_TYPE_DOUBLE).id, double: value)
  }

  public mutating func set(_ name: StaticString, _ value: Bool) {
    body.add(field(name, PROTOBUF_C_TYPE_BOOL).id, varint: value ? 1 : 0)
  }

  public mutating func set(_ name: StaticString, _ value: String) {
    body.add(field(name, PROTOBUF_C_TYPE_STRING).id, string: value)
  }

  /// By the number of one of its values.
  public mutating func set(_ name: StaticString, enumeration value: Int32) {
    body.add(field(name, PROTOBUF_C_TYPE_ENUM).id, varint: UInt64(bitPattern: Int64(value)))
  }

  /// A message inside this one; once more for each element of a repeated field.
  public mutating func add(_ name: StaticString, _ fill: (inout DescribedMessage) -> Void) {
    let field = field(name, PROTOBUF_C_TYPE_MESSAGE)
    var inner = DescribedMessage(field.descriptor.assumingMemoryBound(to: ProtobufCMessageDescriptor.self).pointee)
    fill(&inner)
    body.add(field.id, bytes: inner.body.bytes)
  }

  /// A `google.protobuf.Timestamp`.
  ///
  /// - Parameter time: ns since 1970
  public mutating func set(_ name: StaticString, time: UInt64) {
    add(name) {
      $0.body.add($0.field("seconds", PROTOBUF_C_TYPE_INT64).id, varint: time / 1_000_000_000)
      $0.body.add($0.field("nanos", PROTOBUF_C_TYPE_INT32).id, varint: time % 1_000_000_000)
    }
  }

  private func field(_ name: StaticString, _ type: ProtobufCType) -> ProtobufCFieldDescriptor {
    for place in 0..<Int(descriptor.n_fields) {
      let field = descriptor.fields[place]
      guard strlen(field.name) == name.utf8CodeUnitCount, memcmp(field.name, name.utf8Start, name.utf8CodeUnitCount) == 0 else {
        continue
      }
      precondition(field.type == type, "the field \(name) is of another type")
      return field
    }
    preconditionFailure("there is no field \(name) in \(String(cString: descriptor.name))")
  }
}
