import COdcvProto

/// Makes a `google.protobuf.FileDescriptorSet` of descriptors that protobuf-c's generated code carries.
///
/// Field numbers are those of google/protobuf/descriptor.proto.
struct DescriptorSetBuilder {
  private(set) var bytes: [UInt8] = []
  private var files: Set<String> = []

  /// The file of a message, after the files that it imports.
  mutating func add(_ message: ProtobufCMessageDescriptor) {
    let name = String(cString: message.name)
    guard files.insert(name).inserted else { return }
    var imports: [String] = []
    var nested: Set<String> = []
    var body = ProtoBytes()
    body.add(1, string: String(cString: message.short_name))
    for index in 0..<Int(message.n_fields) {
      let field = message.fields[index]
      if let inner = Self.enumeration(field, within: name) {
        if nested.insert(String(cString: inner.name)).inserted { body.add(4, bytes: Self.type(inner).bytes) }
      } else if let type = dependency(field), type != name, !imports.contains(type) {
        imports.append(type)
      }
      body.add(2, bytes: Self.field(field).bytes)
    }
    add(file: name, package: String(cString: message.package_name), imports: imports) { $0.add(4, bytes: body.bytes) }
  }

  private mutating func add(_ enumeration: ProtobufCEnumDescriptor) {
    let name = String(cString: enumeration.name)
    guard files.insert(name).inserted else { return }
    let body = Self.type(enumeration)
    add(file: name, package: String(cString: enumeration.package_name), imports: []) { $0.add(5, bytes: body.bytes) }
  }

  private static func type(_ enumeration: ProtobufCEnumDescriptor) -> ProtoBytes {
    var body = ProtoBytes()
    body.add(1, string: String(cString: enumeration.short_name))
    for index in 0..<Int(enumeration.n_values) {
      var value = ProtoBytes()
      value.add(1, string: String(cString: enumeration.values[index].name))
      value.add(2, varint: UInt64(bitPattern: Int64(enumeration.values[index].value)))
      body.add(2, bytes: value.bytes)
    }
    return body
  }

  /// The enumeration that a field is of, when it is declared inside the message.
  private static func enumeration(_ field: ProtobufCFieldDescriptor, within message: String) -> ProtobufCEnumDescriptor? {
    guard field.type == PROTOBUF_C_TYPE_ENUM, let descriptor = field.descriptor else { return nil }
    let enumeration = descriptor.assumingMemoryBound(to: ProtobufCEnumDescriptor.self).pointee
    return String(cString: enumeration.name) == message + "." + String(cString: enumeration.short_name) ? enumeration : nil
  }

  /// Adds the file of the type that a field refers to and returns the type's name.
  private mutating func dependency(_ field: ProtobufCFieldDescriptor) -> String? {
    guard let descriptor = field.descriptor else { return nil }
    if field.type == PROTOBUF_C_TYPE_ENUM {
      let enumeration = descriptor.assumingMemoryBound(to: ProtobufCEnumDescriptor.self).pointee
      add(enumeration)
      return String(cString: enumeration.name)
    }
    let message = descriptor.assumingMemoryBound(to: ProtobufCMessageDescriptor.self).pointee
    add(message)
    return String(cString: message.name)
  }

  private mutating func add(file name: String, package: String, imports: [String], _ type: (inout ProtoBytes) -> Void) {
    var file = ProtoBytes()
    file.add(1, string: Self.path(name))
    file.add(2, string: package)
    for type in imports { file.add(3, string: Self.path(type)) }
    type(&file)
    var set = ProtoBytes()
    set.add(1, bytes: file.bytes)
    bytes += set.bytes
  }

  /// odcv.v1.Tick is in odcv/v1/Tick.proto; protobuf's own types are where every program looks for them.
  private static func path(_ type: String) -> String {
    switch type {
    case "google.protobuf.Timestamp": return "google/protobuf/timestamp.proto"
    case "google.protobuf.Duration": return "google/protobuf/duration.proto"
    default: break
    }
    return String(type.map { $0 == "." ? "/" : $0 }) + ".proto"
  }

  private static func field(_ field: ProtobufCFieldDescriptor) -> ProtoBytes {
    precondition(field.default_value == nil, "a field with a default of its own would lose it in the recording's schema")
    var bytes = ProtoBytes()
    bytes.add(1, string: String(cString: field.name))
    bytes.add(3, varint: UInt64(field.id))
    bytes.add(4, varint: label(field.label))
    bytes.add(5, varint: type(field.type))
    if let descriptor = field.descriptor {
      let name =
        field.type == PROTOBUF_C_TYPE_ENUM
        ? descriptor.assumingMemoryBound(to: ProtobufCEnumDescriptor.self).pointee.name
        : descriptor.assumingMemoryBound(to: ProtobufCMessageDescriptor.self).pointee.name
      bytes.add(6, string: "." + String(cString: name!))
    }
    if field.flags & PROTOBUF_C_FIELD_FLAG_PACKED.rawValue != 0 {
      var options = ProtoBytes()
      options.add(2, varint: 1)
      bytes.add(8, bytes: options.bytes)
    }
    return bytes
  }

  /// FieldDescriptorProto.Label
  private static func label(_ label: ProtobufCLabel) -> UInt64 {
    switch label {
    case PROTOBUF_C_LABEL_REQUIRED: 2
    case PROTOBUF_C_LABEL_REPEATED: 3
    default: 1
    }
  }

  /// FieldDescriptorProto.Type
  private static func type(_ type: ProtobufCType) -> UInt64 {
    switch type {
    case PROTOBUF_C_TYPE_DOUBLE: 1
    case PROTOBUF_C_TYPE_FLOAT: 2
    case PROTOBUF_C_TYPE_INT64: 3
    case PROTOBUF_C_TYPE_UINT64: 4
    case PROTOBUF_C_TYPE_INT32: 5
    case PROTOBUF_C_TYPE_FIXED64: 6
    case PROTOBUF_C_TYPE_FIXED32: 7
    case PROTOBUF_C_TYPE_BOOL: 8
    case PROTOBUF_C_TYPE_STRING: 9
    case PROTOBUF_C_TYPE_MESSAGE: 11
    case PROTOBUF_C_TYPE_BYTES: 12
    case PROTOBUF_C_TYPE_UINT32: 13
    case PROTOBUF_C_TYPE_ENUM: 14
    case PROTOBUF_C_TYPE_SFIXED32: 15
    case PROTOBUF_C_TYPE_SFIXED64: 16
    case PROTOBUF_C_TYPE_SINT32: 17
    case PROTOBUF_C_TYPE_SINT64: 18
    default: preconditionFailure("protobuf-c has a field type that is not in descriptor.proto")
    }
  }
}
