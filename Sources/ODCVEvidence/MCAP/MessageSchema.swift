import COdcvProto

/// The schema of a message as MCAP wants it: a `google.protobuf.FileDescriptorSet`, made at run time from the
/// descriptors that protobuf-c's generated code carries, so it can't differ from what the program encodes.
///
/// Those descriptors don't name the .proto files, so each type gets a file of its own, `odcv/v1/<Type>.proto`, with
/// imports, dependencies first. The same type is the same file in every schema.
public enum MessageSchema: String, CaseIterable, Sendable {
  case layout = "Layout"
  case action = "Action"
  case state = "State"
  case people = "People"
  case obstacles = "Obstacles"
  case reasoning = "Reasoning"
  case heartbeat = "Heartbeat"
  case request = "Request"
  case instruction = "Instruction"
  case signal = "Signal"
  case undecoded = "Undecoded"
  case tick = "Tick"
  case fault = "Fault"
  case verdict = "Verdict"
  case alarm = "Alarm"
  case sent = "Sent"

  /// Full name without a leading dot.
  public var name: String { "odcv.v1." + rawValue }

  public var fileDescriptorSet: [UInt8] {
    var builder = DescriptorSetBuilder()
    switch self {
    case .layout: builder.add(odcv__v1__layout__descriptor)
    case .action: builder.add(odcv__v1__action__descriptor)
    case .state: builder.add(odcv__v1__state__descriptor)
    case .people: builder.add(odcv__v1__people__descriptor)
    case .obstacles: builder.add(odcv__v1__obstacles__descriptor)
    case .reasoning: builder.add(odcv__v1__reasoning__descriptor)
    case .heartbeat: builder.add(odcv__v1__heartbeat__descriptor)
    case .request: builder.add(odcv__v1__request__descriptor)
    case .instruction: builder.add(odcv__v1__instruction__descriptor)
    case .signal: builder.add(odcv__v1__signal__descriptor)
    case .undecoded: builder.add(odcv__v1__undecoded__descriptor)
    case .tick: builder.add(odcv__v1__tick__descriptor)
    case .fault: builder.add(odcv__v1__fault__descriptor)
    case .verdict: builder.add(odcv__v1__verdict__descriptor)
    case .alarm: builder.add(odcv__v1__alarm__descriptor)
    case .sent: builder.add(odcv__v1__sent__descriptor)
    }
    return builder.bytes
  }
}

/// Field numbers are those of google/protobuf/descriptor.proto.
private struct DescriptorSetBuilder {
  private(set) var bytes: [UInt8] = []
  private var files: Set<String> = []

  /// The file of a message, after the files that it imports.
  mutating func add(_ message: ProtobufCMessageDescriptor) {
    let name = String(cString: message.name)
    guard files.insert(name).inserted else { return }
    var imports: [String] = []
    var body = ProtoBytes()
    body.add(1, string: String(cString: message.short_name))
    for index in 0..<Int(message.n_fields) {
      let field = message.fields[index]
      if let type = dependency(field), type != name, !imports.contains(type) { imports.append(type) }
      body.add(2, bytes: Self.field(field).bytes)
    }
    add(file: name, package: String(cString: message.package_name), imports: imports) { $0.add(4, bytes: body.bytes) }
  }

  private mutating func add(_ enumeration: ProtobufCEnumDescriptor) {
    let name = String(cString: enumeration.name)
    guard files.insert(name).inserted else { return }
    var body = ProtoBytes()
    body.add(1, string: String(cString: enumeration.short_name))
    for index in 0..<Int(enumeration.n_values) {
      var value = ProtoBytes()
      value.add(1, string: String(cString: enumeration.values[index].name))
      value.add(2, varint: UInt64(bitPattern: Int64(enumeration.values[index].value)))
      body.add(2, bytes: value.bytes)
    }
    add(file: name, package: String(cString: enumeration.package_name), imports: []) { $0.add(5, bytes: body.bytes) }
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

  /// odcv.v1.Tick is in odcv/v1/Tick.proto
  private static func path(_ type: String) -> String {
    String(type.map { $0 == "." ? "/" : $0 }) + ".proto"
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
