import COdcvProto

/// An enum of the schema.
public protocol WireEnum: RawRepresentable, Equatable, Sendable where RawValue == UInt32 {
  static var unspecified: Self { get }
}

// Reading: a field of a protobuf-c struct as Swift's value of it. The overload follows from the field's type.

func read<Scalar>(_ has: protobuf_c_boolean, _ value: Scalar) -> Scalar? { has != 0 ? value : nil }

func read(_ has: protobuf_c_boolean, _ value: protobuf_c_boolean) -> Bool? { has != 0 ? value != 0 : nil }

func read<Value: WireEnum, C: RawRepresentable>(_ has: protobuf_c_boolean, _ value: C) -> Value?
where C.RawValue == UInt32 {
  has != 0 ? Value(rawValue: value.rawValue) ?? .unspecified : nil
}

func read(_ has: protobuf_c_boolean, _ value: ProtobufCBinaryData) -> [UInt8]? {
  guard has != 0 else { return nil }
  return unsafe Array(UnsafeBufferPointer(start: value.data, count: value.len))
}

func read(_ text: UnsafeMutablePointer<CChar>?) -> String? {
  guard let text = unsafe text else { return nil }
  return unsafe String(cString: text)
}

func read(_ count: Int, _ values: UnsafeMutablePointer<Double>?) -> [Double] {
  unsafe Array(UnsafeBufferPointer(start: values, count: count))
}

func read(_ count: Int, _ bodies: UnsafeMutablePointer<ProtobufCBinaryData>?) -> [[UInt8]] {
  unsafe UnsafeBufferPointer(start: bodies, count: count).map { body in
    unsafe Array(UnsafeBufferPointer(start: body.data, count: body.len))
  }
}

func read(_ count: Int, _ texts: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?) -> [String] {
  unsafe UnsafeBufferPointer(start: texts, count: count).map { unsafe String(cString: $0!) }
}

func read<Message: WireMessage>(_ message: UnsafeMutablePointer<Message.CMessage>?) -> Message? {
  guard let message = unsafe message else { return nil }
  return unsafe Message(message.pointee)
}

func read<Message: WireMessage>(
  _ count: Int, _ messages: UnsafeMutablePointer<UnsafeMutablePointer<Message.CMessage>?>?
) -> [Message] {
  unsafe UnsafeBufferPointer(start: messages, count: count).map { unsafe Message($0!.pointee) }
}

// Writing: the same, the other way. Memory comes from the arena.

func write<Scalar>(_ value: Scalar?, _ has: inout protobuf_c_boolean, _ field: inout Scalar) {
  guard let value else { return }
  has = 1
  field = value
}

func write(_ value: Bool?, _ has: inout protobuf_c_boolean, _ field: inout protobuf_c_boolean) {
  guard let value else { return }
  has = 1
  field = value ? 1 : 0
}

func write<Value: WireEnum, C: RawRepresentable>(
  _ value: Value?, _ has: inout protobuf_c_boolean, _ field: inout C
) where C.RawValue == UInt32 {
  guard let value, let c = C(rawValue: value.rawValue) else { return }
  has = 1
  field = c
}

func write(
  _ value: [UInt8]?, _ has: inout protobuf_c_boolean, _ field: inout ProtobufCBinaryData, _ arena: inout Arena
) {
  guard let value else { return }
  has = 1
  unsafe field = unsafe copy(value, &arena)
}

func write(
  _ values: [[UInt8]], _ count: inout Int, _ field: inout UnsafeMutablePointer<ProtobufCBinaryData>?,
  _ arena: inout Arena
) {
  guard !values.isEmpty else { return }
  let list = unsafe arena.take(values.count * MemoryLayout<ProtobufCBinaryData>.stride)
    .bindMemory(to: ProtobufCBinaryData.self, capacity: values.count)
  for (index, value) in values.enumerated() { unsafe (list + index).initialize(to: copy(value, &arena)) }
  count = values.count
  unsafe field = unsafe list
}

func write(_ value: String?, _ field: inout UnsafeMutablePointer<CChar>?, _ arena: inout Arena) {
  guard let value else { return }
  unsafe field = unsafe copy(value, &arena)
}

func write(
  _ values: [Double], _ count: inout Int, _ field: inout UnsafeMutablePointer<Double>?, _ arena: inout Arena
) {
  guard !values.isEmpty else { return }
  let copy = unsafe arena.take(values.count * MemoryLayout<Double>.stride)
    .bindMemory(to: Double.self, capacity: values.count)
  unsafe values.withUnsafeBufferPointer { unsafe copy.initialize(from: $0.baseAddress!, count: $0.count) }
  count = values.count
  unsafe field = unsafe copy
}

func write(
  _ values: [String], _ count: inout Int,
  _ field: inout UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?, _ arena: inout Arena
) {
  guard !values.isEmpty else { return }
  let list = unsafe pointers(to: CChar.self, values.count, &arena)
  for (index, value) in values.enumerated() {
    unsafe (list + index).initialize(to: copy(value, &arena))
  }
  count = values.count
  unsafe field = unsafe list
}

func write<Message: WireMessage>(
  _ value: Message?, _ field: inout UnsafeMutablePointer<Message.CMessage>?, _ arena: inout Arena
) {
  guard let value else { return }
  unsafe field = unsafe arena.place(value)
}

func write<Message: WireMessage>(
  _ values: [Message], _ count: inout Int,
  _ field: inout UnsafeMutablePointer<UnsafeMutablePointer<Message.CMessage>?>?, _ arena: inout Arena
) {
  guard !values.isEmpty else { return }
  let list = unsafe pointers(to: Message.CMessage.self, values.count, &arena)
  for (index, value) in values.enumerated() {
    unsafe (list + index).initialize(to: arena.place(value))
  }
  count = values.count
  unsafe field = unsafe list
}

private func pointers<Pointee>(
  to type: Pointee.Type, _ count: Int, _ arena: inout Arena
) -> UnsafeMutablePointer<UnsafeMutablePointer<Pointee>?> {
  unsafe arena.take(count * MemoryLayout<UnsafeMutableRawPointer?>.stride)
    .bindMemory(to: UnsafeMutablePointer<Pointee>?.self, capacity: count)
}

private func copy(_ bytes: [UInt8], _ arena: inout Arena) -> ProtobufCBinaryData {
  let copy = unsafe arena.take(bytes.count)
  unsafe bytes.withUnsafeBytes { raw in
    if let source = raw.baseAddress { unsafe copy.copyMemory(from: source, byteCount: raw.count) }
  }
  return unsafe ProtobufCBinaryData(len: bytes.count, data: copy.assumingMemoryBound(to: UInt8.self))
}

/// A C string. A NUL inside would end it early, so U+FFFD stands in its place.
private func copy(_ text: String, _ arena: inout Arena) -> UnsafeMutablePointer<CChar> {
  var text = text
  if text.utf8.contains(0) { text = text.replacingNULs() }
  return text.withUTF8 { utf8 in
    let copy = unsafe arena.take(utf8.count + 1).bindMemory(to: CChar.self, capacity: utf8.count + 1)
    for index in utf8.indices { unsafe copy[index] = unsafe CChar(bitPattern: utf8[index]) }
    unsafe copy[utf8.count] = 0
    return unsafe copy
  }
}
