/// What a published message is; the third word of its topic.
public enum MessageKind: String, CaseIterable, Sendable {
  case layout
  case action
  case state
  case people
  case obstacles
  case signal
  case reasoning
  case heartbeat
  case instruction
  case verdict
  case alarm
  case lease

  /// The kind named by `bytes`, without allocation.
  init?(bytes: UnsafeRawBufferPointer) {
    // The kinds differ in their first two letters and length; the comparison that follows settles it.
    guard bytes.count >= 5 else { return nil }
    let candidate: MessageKind? =
      switch unsafe (bytes[0], bytes[1]) {
      case (UInt8(ascii: "l"), UInt8(ascii: "a")): .layout
      case (UInt8(ascii: "a"), UInt8(ascii: "c")): .action
      case (UInt8(ascii: "s"), UInt8(ascii: "t")): .state
      case (UInt8(ascii: "p"), UInt8(ascii: "e")): .people
      case (UInt8(ascii: "o"), UInt8(ascii: "b")): .obstacles
      case (UInt8(ascii: "s"), UInt8(ascii: "i")): .signal
      case (UInt8(ascii: "r"), UInt8(ascii: "e")): .reasoning
      case (UInt8(ascii: "h"), UInt8(ascii: "e")): .heartbeat
      case (UInt8(ascii: "i"), UInt8(ascii: "n")): .instruction
      case (UInt8(ascii: "v"), UInt8(ascii: "e")): .verdict
      case (UInt8(ascii: "a"), UInt8(ascii: "l")): .alarm
      case (UInt8(ascii: "l"), UInt8(ascii: "e")): .lease
      default: nil
      }
    guard let kind = candidate, unsafe kind.isNamed(bytes) else { return nil }
    self = kind
  }

  var name: StaticString {
    switch self {
    case .layout: "layout"
    case .action: "action"
    case .state: "state"
    case .people: "people"
    case .obstacles: "obstacles"
    case .signal: "signal"
    case .reasoning: "reasoning"
    case .heartbeat: "heartbeat"
    case .instruction: "instruction"
    case .verdict: "verdict"
    case .alarm: "alarm"
    case .lease: "lease"
    }
  }

  private func isNamed(_ bytes: UnsafeRawBufferPointer) -> Bool {
    let name = name
    return unsafe bytes.count == name.utf8CodeUnitCount
      && bytes.elementsEqual(UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount))
  }
}

/// The first frame of a published message: `odcv/2/<kind>/<robot id>`.
public enum Topic {
  /// Longest robot id, bytes.
  public static let robotBytes = 64

  static let prefix: StaticString = "odcv/2/"

  public static func bytes(_ kind: MessageKind, robot: String) -> [UInt8] {
    Array(text(kind, robot: robot).utf8)
  }

  public static func text(_ kind: MessageKind, robot: String) -> String { "odcv/2/\(kind.rawValue)/\(robot)" }

  /// The prefix that subscribes to one kind of every robot.
  public static func subscription(_ kind: MessageKind) -> String { "odcv/2/\(kind.rawValue)/" }

  /// Takes a topic apart without allocation; `robot` points into `bytes`. `nil` when it is not one of this protocol.
  public static func parse(
    _ bytes: UnsafeRawBufferPointer
  ) -> (kind: MessageKind, robot: UnsafeRawBufferPointer)? {
    let prefix = unsafe UnsafeBufferPointer(start: prefix.utf8Start, count: prefix.utf8CodeUnitCount)
    guard unsafe bytes.starts(with: prefix) else { return nil }
    let rest = unsafe UnsafeRawBufferPointer(rebasing: bytes[prefix.count...])
    guard let slash = unsafe rest.firstIndex(of: UInt8(ascii: "/")) else { return nil }
    guard let kind = unsafe MessageKind(bytes: UnsafeRawBufferPointer(rebasing: rest[..<slash])) else { return nil }
    let robot = unsafe UnsafeRawBufferPointer(rebasing: rest[(slash + 1)...])
    guard robot.count >= 1, robot.count <= robotBytes, unsafe isText(robot) else { return nil }
    return unsafe (kind, robot)
  }

  /// As above, with the robot id as a string.
  public static func parse(_ bytes: [UInt8]) -> (kind: MessageKind, robot: String)? {
    unsafe bytes.withUnsafeBytes { raw in
      guard let topic = unsafe parse(raw) else { return nil }
      return unsafe (topic.kind, String(decoding: topic.robot, as: UTF8.self))
    }
  }
}
