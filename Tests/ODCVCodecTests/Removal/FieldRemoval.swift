import COdcvProto

@testable import ODCVWire

/// One field of an encoded message, or one element of it, to be taken out: found by protobuf-c's own descriptors, so that a field
/// which the schema gains is taken out as well.
struct FieldRemoval: Sendable, CustomStringConvertible {
  private struct Step {
    /// The field's place in its message's descriptor.
    var field: Int
    /// `nil`: the field itself, with all of its elements.
    var element: Int?
  }

  /// The message, then the fields from the outermost in, as `State.contact.link`; an element as `State.position[]`.
  let name: String
  private let place: [Step]

  var description: String {
    name + place.compactMap(\.element).map { " \($0)" }.joined()
  }

  /// Every field that `bytes` hold, in nested messages too, and every element of each.
  static func all(of schema: Schema, in bytes: [UInt8]) -> [FieldRemoval] {
    var arena = Arena(capacity: 4096, growing: true)
    var removals: [FieldRemoval] = []
    collect(unpack(bytes, schema, &arena), schema.descriptor, schema.name, [], &removals)
    return removals
  }

  /// The names of all fields that such a message may hold.
  static func names(of schema: Schema) -> Set<String> {
    var names = Set<String>()
    func add(_ descriptor: UnsafePointer<ProtobufCMessageDescriptor>, _ prefix: String) {
      for index in 0..<Int(descriptor.pointee.n_fields) {
        let field = descriptor.pointee.fields[index]
        let name = "\(prefix).\(String(cString: field.name))"
        names.insert(name)
        if let nested = field.message { add(nested, name) }
      }
    }
    add(schema.descriptor, schema.name)
    return names
  }

  /// Whether a message of the same schema holds it.
  func isPresent(in sent: Sent) -> Bool {
    FieldRemoval.all(of: sent.schema, in: sent.body).contains { $0.description == description }
  }

  /// The same message without it.
  func bytes(from bytes: [UInt8], _ schema: Schema) -> [UInt8] {
    var arena = Arena(capacity: 4096, growing: true)
    let root = FieldRemoval.unpack(bytes, schema, &arena)
    var message = root
    var descriptor = schema.descriptor
    for step in place.dropLast() {
      let field = descriptor.pointee.fields[step.field]
      message = field.nested(in: message, step.element)
      descriptor = field.message!
    }
    let last = place[place.count - 1]
    let field = descriptor.pointee.fields[last.field]
    if let element = last.element { field.remove(element, from: message) } else { field.remove(from: message) }
    let packed = root.assumingMemoryBound(to: ProtobufCMessage.self)
    return [UInt8](unsafeUninitializedCapacity: protobuf_c_message_get_packed_size(packed)) { buffer, count in
      count = buffer.isEmpty ? 0 : protobuf_c_message_pack(packed, buffer.baseAddress!)
    }
  }

  private static func unpack(_ bytes: [UInt8], _ schema: Schema, _ arena: inout Arena) -> UnsafeMutableRawPointer {
    UnsafeMutableRawPointer(protobuf_c_message_unpack(schema.descriptor, arena.allocator, bytes.count, bytes)!)
  }

  private static func collect(
    _ message: UnsafeMutableRawPointer, _ descriptor: UnsafePointer<ProtobufCMessageDescriptor>, _ prefix: String,
    _ place: [Step], _ removals: inout [FieldRemoval]
  ) {
    for index in 0..<Int(descriptor.pointee.n_fields) {
      let field = descriptor.pointee.fields[index]
      let name = "\(prefix).\(String(cString: field.name))"
      guard field.isPresent(in: message) else { continue }
      removals.append(FieldRemoval(name: name, place: place + [Step(field: index, element: nil)]))
      let elements = field.isRepeated ? Array(0..<field.count(in: message)).map(Optional.some) : [nil]
      for element in elements {
        let step = Step(field: index, element: element)
        if element != nil { removals.append(FieldRemoval(name: name + "[]", place: place + [step])) }
        if let nested = field.message {
          collect(field.nested(in: message, element), nested, name, place + [step], &removals)
        }
      }
    }
  }
}

extension ProtobufCFieldDescriptor {
  var isRepeated: Bool { label == PROTOBUF_C_LABEL_REPEATED }

  /// The descriptor of the messages that it holds; `nil` where it holds none.
  var message: UnsafePointer<ProtobufCMessageDescriptor>? {
    type == PROTOBUF_C_TYPE_MESSAGE ? descriptor.assumingMemoryBound(to: ProtobufCMessageDescriptor.self) : nil
  }

  /// It is known to be there by its pointer, where others have a flag beside them.
  private var isPointer: Bool { type == PROTOBUF_C_TYPE_MESSAGE || type == PROTOBUF_C_TYPE_STRING }

  func count(in message: UnsafeMutableRawPointer) -> Int {
    (message + Int(quantifier_offset)).load(as: Int.self)
  }

  func isPresent(in message: UnsafeMutableRawPointer) -> Bool {
    if isRepeated { return count(in: message) > 0 }
    if isPointer { return (message + Int(offset)).load(as: UnsafeRawPointer?.self) != nil }
    return (message + Int(quantifier_offset)).load(as: protobuf_c_boolean.self) != 0
  }

  /// The message that the field holds, or that its element is.
  func nested(in message: UnsafeMutableRawPointer, _ element: Int?) -> UnsafeMutableRawPointer {
    let held = (message + Int(offset)).load(as: UnsafeMutableRawPointer.self)
    guard let element else { return held }
    return held.assumingMemoryBound(to: UnsafeMutableRawPointer.self)[element]
  }

  func remove(from message: UnsafeMutableRawPointer) {
    if isRepeated {
      (message + Int(quantifier_offset)).storeBytes(of: 0, as: Int.self)
    } else if isPointer {
      (message + Int(offset)).storeBytes(of: nil, as: UnsafeRawPointer?.self)
    } else {
      (message + Int(quantifier_offset)).storeBytes(of: 0, as: protobuf_c_boolean.self)
    }
  }

  func remove(_ element: Int, from message: UnsafeMutableRawPointer) {
    let count = count(in: message)
    // Numbers and pointers, and the schema's only repeated numbers are doubles: eight bytes each.
    let elements = (message + Int(offset)).load(as: UnsafeMutablePointer<UInt64>.self)
    for place in element..<(count - 1) { elements[place] = elements[place + 1] }
    (message + Int(quantifier_offset)).storeBytes(of: count - 1, as: Int.self)
  }
}
