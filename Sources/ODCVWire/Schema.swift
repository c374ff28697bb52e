import COdcvProto

/// What a message may hold: protobuf-c's own description of it, and a bound for each field.
///
/// Made once per message and never freed.
@safe public struct Schema: @unchecked Sendable {
  // Unchecked because of the pointer alone: what it points to is written here, once, and only read after.
  let rule: UnsafePointer<MessageRule>

  var descriptor: UnsafePointer<ProtobufCMessageDescriptor> { unsafe rule.pointee.descriptor }

  /// The message's name in the schema, without its package.
  public var name: String { unsafe String(cString: descriptor.pointee.short_name) }

  /// From the function with which protobuf-c makes a blank message.
  init<CMessage>(_ initialise: (UnsafeMutablePointer<CMessage>?) -> Void) {
    let blank = UnsafeMutablePointer<CMessage>.allocate(capacity: 1)
    unsafe initialise(blank)
    // Every message of protobuf-c begins with its base, which names its descriptor.
    let base = unsafe UnsafeRawPointer(blank).loadUnaligned(as: ProtobufCMessage.self)
    unsafe blank.deallocate()
    unsafe rule = unsafe MessageRule.make(base.descriptor, depth: 0)
  }
}

/// Bounds of one message, by field number.
@safe struct MessageRule {
  /// Field numbers are below this in every message of the schema; so are the counters of a check.
  static let fieldNumbers = 32
  /// Messages in messages.
  static let depth = 8

  var descriptor: UnsafePointer<ProtobufCMessageDescriptor>
  /// `fieldNumbers` rules; unused numbers have no shape.
  var fields: UnsafePointer<FieldRule>

  static func make(_ descriptor: UnsafePointer<ProtobufCMessageDescriptor>, depth: Int) -> UnsafePointer<MessageRule> {
    precondition(depth < Self.depth, "the schema nests deeper than the checks allow")
    let message = unsafe String(cString: descriptor.pointee.short_name)
    let fields = UnsafeMutablePointer<FieldRule>.allocate(capacity: fieldNumbers)
    unsafe fields.initialize(repeating: FieldRule(), count: fieldNumbers)
    for index in 0..<Int(unsafe descriptor.pointee.n_fields) {
      let field = unsafe descriptor.pointee.fields[index]
      let number = Int(unsafe field.id)
      precondition(number < fieldNumbers, "the schema has a field number beyond the checks")
      unsafe fields[number] = unsafe FieldRule(field, of: message, depth: depth)
    }
    let rule = UnsafeMutablePointer<MessageRule>.allocate(capacity: 1)
    unsafe rule.initialize(to: MessageRule(descriptor: descriptor, fields: fields))
    return unsafe UnsafePointer(rule)
  }
}

/// Bounds of one field.
@safe struct FieldRule {
  enum Shape {
    /// Not a field of this version.
    case unknown
    case varint
    case fixed64
    /// Repeated doubles, packed or one by one.
    case doubles
    case text
    case bytes
    case message
  }

  var shape = Shape.unknown
  /// How often it may be there.
  var count = 0
  /// How long a text or bytes may be.
  var byteCount = 0
  var message: UnsafePointer<MessageRule>?

  init() {}

  init(_ field: ProtobufCFieldDescriptor, of messageName: String, depth: Int) {
    let name = unsafe messageName + "." + String(cString: field.name)
    let isRepeated = unsafe field.label == PROTOBUF_C_LABEL_REPEATED
    count = isRepeated ? MessageBounds.counts[name] ?? MessageBounds.joints : 1
    switch unsafe field.type {
    case PROTOBUF_C_TYPE_UINT32, PROTOBUF_C_TYPE_UINT64, PROTOBUF_C_TYPE_INT64, PROTOBUF_C_TYPE_BOOL,
      PROTOBUF_C_TYPE_ENUM:
      precondition(!isRepeated, "\(name): repeated integers have no bounds check")
      shape = .varint
    case PROTOBUF_C_TYPE_FIXED64: shape = .fixed64
    case PROTOBUF_C_TYPE_DOUBLE: shape = isRepeated ? .doubles : .fixed64
    case PROTOBUF_C_TYPE_STRING:
      shape = .text
      byteCount = MessageBounds.texts.contains(name) ? MessageBounds.textBytes : MessageBounds.nameBytes
    case PROTOBUF_C_TYPE_BYTES:
      shape = .bytes
      byteCount = MessageBounds.messageBytes
    case PROTOBUF_C_TYPE_MESSAGE:
      shape = .message
      let descriptor = unsafe UnsafePointer<ProtobufCMessageDescriptor>(OpaquePointer(field.descriptor!))
      unsafe message = unsafe MessageRule.make(descriptor, depth: depth + 1)
    default: preconditionFailure("\(name): a type with no bounds check")
    }
  }
}
