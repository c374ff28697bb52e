/// `integrity.sequence`: messages come once, in order, and none is missing.
///
/// - Requirement: each message's number is one more than the last of its stream; at most `maximumGap` may be missing in a
///   row. A number that is not larger is late, repeated or replayed, and what it says is not used. A source that restarts
///   says so with a new boot id and counts afresh; one of its former boots is a replay.
/// - Formula: messages missing before this one, or how far it lies behind the newest.
/// - Unit: messages.
/// - Unknown: a message with no number, or with no boot id where the stream's messages before had one.
/// - Skipped where the step has no message of the stream's own publisher (`integrity.identity`).
struct IntegritySequence: Rule {
  static let id = RuleID.integritySequence
  static let facts = RuleFacts(
    "no message is lost, repeated or out of order",
    limits: [LimitRow("missing_messages", .atMost, .notNegative, unit: "messages missing")], yieldsToSlowing: false)
  private let maximumGap: Double

  init(_ configuration: Configuration) { maximumGap = configuration.limits[Self.id, "missing_messages"] }

  static func provoke(_ scene: inout Provocation) {
    scene.state()
    scene.repeatLast()
  }

  func judge(_ motion: borrowing Motion, in world: borrowing World) -> Finding? {
    if world.loss > 0 {
      return Finding(Self.id, value: Interval(exactly: Double(world.loss)), .atMost, maximumGap)
    }
    guard let place = world.place else { return nil }
    if place.unnumbered { return .unknown(Self.id, .missing, .stream(place.stream)) }
    if place.foreign || place.reframed { return nil }
    if place.behind > 0 {
      return Finding(
        Self.id, value: Interval(exactly: Double(place.behind)), .atMost, 0, subject: .stream(place.stream))
    }
    return Finding(
      Self.id, value: Interval(exactly: Double(place.missing)), .atMost, maximumGap, subject: .stream(place.stream))
  }
}
