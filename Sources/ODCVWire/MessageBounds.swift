/// Why a body was refused before it was unpacked.
public enum BoundsRefusal: Error, Sendable, Equatable {
  /// It ends inside a field.
  case truncated
  /// A number longer than ten bytes, a field number of 0, or a group.
  case malformed
  /// A field of another type than the schema's.
  case wrongType
  /// A single field that is there twice: two readers might take different ones.
  case twice
  /// More elements or unknown fields than the bounds allow.
  case tooMany
  /// A text, a name or the whole body is too long.
  case tooLong
  /// A text that is not UTF-8, or that holds a NUL.
  case notText
  /// It fits the bounds, but not the arena.
  case exhausted
}

/// Bounds of every message, checked on the bytes before they are unpacked: what passes has a known greatest size.
///
/// Unknown fields are let through, a few of them, so that a newer peer can talk to this version.
public enum MessageBounds {
  /// A whole message. ZeroMQ refuses a longer frame.
  public static let messageBytes = 256 << 10
  /// A text for people: instructions, reasoning.
  public static let textBytes = 8 << 10
  /// A name, an id, a unit, a path.
  public static let nameBytes = 256
  /// Joints, and every array that has one number per joint.
  public static let joints = 32
  /// Rows times joints of an action chunk.
  public static let horizon = 64 * 32
  public static let obstacles = 128
  public static let people = 8
  public static let bodyParts = 16
  public static let contacts = 64
  public static let kpis = 32
  /// What devices say, or are asked, in one control period.
  public static let signals = 32
  /// Fields of other versions in one body.
  public static let unknownFields = 16

  /// Repeated fields; the others are bounded by `joints`.
  static let counts: [String: Int] = [
    "Action.horizon_position": horizon,
    "Obstacles.obstacle": obstacles,
    "People.track": people,
    "Track.part": bodyParts,
    "State.contact": contacts,
    "Instruction.kpi": kpis,
    "Pressure.kpi": kpis,
    "StepRequest.request": signals,
    "StepReply.signal": signals,
    "StepReply.forged_signal": signals,
    "Verdict.finding": 64,
    "Status.age": 64,
    "Status.rule": 64,
    "Status.alarm": 64,
    "Status.refused": 128,
    "Status.reversals": joints,
    "Truth.violation": 64,
  ]

  /// Strings that hold sentences; the others are names.
  static let texts: Set<String> = [
    "Instruction.text", "Pressure.text_sent", "Reasoning.text", "Alarm.text", "AlarmNow.reason", "LatchCause.reason",
    "Ack.error", "StepReply.error", "TruthViolation.detail", "Layout.model_uri", "Finding.reason", "Finding.subject", "Finding.other",
  ]

  /// Whether `bytes` may be unpacked as a message of `kind`.
  public static func check(_ kind: MessageKind, _ bytes: UnsafeRawBufferPointer) -> Bool {
    unsafe refusal(of: kind, in: bytes) == nil
  }

  /// Why `bytes` may not be unpacked as a message of `kind`; `nil` when they may. Does not allocate.
  public static func refusal(of kind: MessageKind, in bytes: UnsafeRawBufferPointer) -> BoundsRefusal? {
    let schema =
      switch kind {
      case .layout: LayoutMessage.schema
      case .action: ActionMessage.schema
      case .state: StateMessage.schema
      case .people: PeopleMessage.schema
      case .obstacles: ObstaclesMessage.schema
      case .signal: SignalMessage.schema
      case .reasoning: ReasoningMessage.schema
      case .heartbeat: HeartbeatMessage.schema
      case .instruction: InstructionMessage.schema
      case .verdict: VerdictMessage.schema
      case .alarm: AlarmMessage.schema
      case .lease: LeaseMessage.schema
      }
    return unsafe refusal(of: schema, in: bytes)
  }

  /// Why `bytes` may not be unpacked as `schema`; `nil` when they may. Does not allocate.
  public static func refusal(of schema: Schema, in bytes: UnsafeRawBufferPointer) -> BoundsRefusal? {
    guard bytes.count <= messageBytes else { return .tooLong }
    var unknown = 0
    do throws(BoundsRefusal) {
      unsafe try walk(bytes, schema.rule, &unknown)
    } catch {
      return error
    }
    return nil
  }

  private static func walk(
    _ bytes: UnsafeRawBufferPointer, _ rule: UnsafePointer<MessageRule>, _ unknown: inout Int
  ) throws(BoundsRefusal) {
    var seen = InlineArray<32, Int>(repeating: 0)
    var reader = unsafe WireReader(bytes: bytes)
    while let (number, type) = try reader.nextField() {
      let known = number < MessageRule.fieldNumbers
      let field = known ? unsafe rule.pointee.fields[number] : FieldRule()
      switch field.shape {
      case .unknown:
        unknown += 1
        guard unknown <= unknownFields else { throw .tooMany }
        try reader.skip(type)
        continue
      case .varint:
        guard type == .varint else { throw .wrongType }
        _ = try reader.varint()
        seen[number] += 1
      case .fixed64:
        guard type == .fixed64 else { throw .wrongType }
        _ = try unsafe reader.take(8)
        seen[number] += 1
      case .doubles:
        switch type {
        case .fixed64:
          _ = try unsafe reader.take(8)
          seen[number] += 1
        case .lengthPrefixed:
          let packed = try unsafe reader.lengthPrefixed()
          guard packed.count % 8 == 0 else { throw .malformed }
          seen[number] += packed.count / 8
        case .varint, .fixed32: throw .wrongType
        }
      case .text, .bytes:
        guard type == .lengthPrefixed else { throw .wrongType }
        let content = try unsafe reader.lengthPrefixed()
        guard content.count <= field.byteCount else { throw .tooLong }
        if field.shape == .text {
          guard unsafe isText(content) else { throw .notText }
        }
        seen[number] += 1
      case .message:
        guard type == .lengthPrefixed else { throw .wrongType }
        seen[number] += 1
        // Counted before it is walked: a body of many empty messages is refused early.
        guard seen[number] <= field.count else { throw field.count == 1 ? .twice : .tooMany }
        try unsafe walk(reader.lengthPrefixed(), field.message!, &unknown)
      }
      guard seen[number] <= field.count else { throw field.count == 1 ? .twice : .tooMany }
    }
  }
}
