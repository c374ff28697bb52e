import COdcvProto

/// A message of the schema as a Swift value. Absent fields are `nil`, absent arrays are empty; absent is never zero.
///
/// Units are SI throughout; frames are right-handed with z up; quaternions are x, y, z, w. An enum's value that this
/// version does not know reads as `unspecified`, which is judged unknown.
public protocol WireMessage: Equatable, Sendable {
  /// protobuf-c's own struct of this message.
  associatedtype CMessage
  static var schema: Schema { get }
  init(_ c: CMessage)
  /// Writes every field into `c`; what does not fit in it is taken from `arena`, which must be a growing one.
  func fill(_ c: inout CMessage, _ arena: inout Arena)
}

extension WireMessage {
  /// The message's bytes.
  public func encoded() -> [UInt8] {
    var arena = Arena(capacity: 4096, growing: true)
    let message = unsafe place(in: &arena)
    let size = unsafe protobuf_c_message_get_packed_size(message)
    return unsafe [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
      guard size > 0 else { return }
      count = unsafe protobuf_c_message_pack(message, buffer.baseAddress!)
    }
  }

  /// The message's bytes, in the arena until it is reset: no allocation once the arena has grown.
  public func encoded(in arena: inout Arena) -> UnsafeRawBufferPointer {
    let message = unsafe place(in: &arena)
    let size = unsafe protobuf_c_message_get_packed_size(message)
    let bytes = unsafe arena.allocate(size)!
    let count = unsafe protobuf_c_message_pack(message, bytes.assumingMemoryBound(to: UInt8.self))
    return unsafe UnsafeRawBufferPointer(start: bytes, count: count)
  }

  /// Checks the bounds of `bytes`, then unpacks them.
  public init(decoding bytes: [UInt8]) throws(WireError) {
    // Closures that rethrow typed errors don't yet infer them through `withUnsafeBytes`.
    let result: Result<Self, WireError> = unsafe bytes.withUnsafeBytes { raw in
      do throws(WireError) { return .success(unsafe try Self(decoding: raw)) } catch { return .failure(error) }
    }
    self = try result.get()
  }

  /// Checks the bounds of `bytes`, then unpacks them.
  public init(decoding bytes: UnsafeRawBufferPointer) throws(WireError) {
    var arena = Arena(capacity: 4096, growing: true)
    do throws(BoundsRefusal) {
      self.init(unsafe try arena.unpack(Self.self, bytes).pointee)
    } catch {
      throw WireError(
        operation: "decoding a \(Self.schema.name) of \(bytes.count) bytes", reason: error.explanation,
        remedy: "send what proto/odcv/v1 describes")
    }
  }

  private func place(in arena: inout Arena) -> UnsafeMutablePointer<ProtobufCMessage> {
    let message = unsafe arena.place(self)
    return unsafe UnsafeMutableRawPointer(message).assumingMemoryBound(to: ProtobufCMessage.self)
  }
}

extension Arena {
  /// Checks the bounds of `bytes`, then unpacks them into this arena. The result ends with the next `reset`.
  ///
  /// Does not allocate when the arena is a fixed one.
  public mutating func unpack<Message: WireMessage>(
    _ type: Message.Type, _ bytes: UnsafeRawBufferPointer
  ) throws(BoundsRefusal) -> UnsafePointer<Message.CMessage> {
    let schema = Message.schema
    if let refusal = unsafe MessageBounds.refusal(of: schema, in: bytes) { throw refusal }
    let start = unsafe bytes.baseAddress?.assumingMemoryBound(to: UInt8.self)
    guard
      let message = unsafe protobuf_c_message_unpack(schema.descriptor, allocator, bytes.count, start)
    else { throw .exhausted }
    return unsafe UnsafePointer(UnsafeRawPointer(message).assumingMemoryBound(to: Message.CMessage.self))
  }

  mutating func place<Message: WireMessage>(_ message: Message) -> UnsafeMutablePointer<Message.CMessage> {
    let raw = unsafe take(MemoryLayout<Message.CMessage>.size)
    let c = unsafe raw.bindMemory(to: Message.CMessage.self, capacity: 1)
    unsafe message.fill(&c.pointee, &self)
    return unsafe c
  }

  mutating func take(_ byteCount: Int) -> UnsafeMutableRawPointer {
    guard let memory = unsafe allocate(byteCount) else {
      preconditionFailure("messages are encoded in a growing arena")
    }
    return unsafe memory
  }
}

extension BoundsRefusal {
  /// For people.
  public var explanation: String {
    switch self {
    case .truncated: "it ends inside a field"
    case .malformed: "it is not protobuf"
    case .wrongType: "a field has another type than the schema's"
    case .twice: "a single field is there twice"
    case .tooMany: "it holds more elements than the bounds allow"
    case .tooLong: "a text or the whole message is too long"
    case .notText: "a text is not UTF-8 or holds a NUL"
    case .exhausted: "it does not fit the memory set aside for it"
    }
  }
}
