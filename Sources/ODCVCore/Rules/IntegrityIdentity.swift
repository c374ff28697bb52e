/// `integrity.identity`: each stream comes from the one publisher that it has, of this robot, in one frame.
///
/// - Requirement: every message of a stream carries the stream id of its first one, whatever restarts between them, and gives
///   its coordinates in the frame that the first one named; it is of this robot and came on the endpoint of its kind.
/// - Formula: messages of this step from somebody else, at most zero.
/// - Unit: messages.
/// - Unknown: never; who else would be speaking is known as soon as it speaks. What it says is not used.
/// - Skipped where the step has no message.
struct IntegrityIdentity: Rule {
  static let id = RuleID.integrityIdentity
  static let facts = RuleFacts(
    "every stream has one publisher, of this robot, and keeps its frame", yieldsToSlowing: false)

  init(_ configuration: Configuration) {}

  static func provoke(_ scene: inout Provocation) { scene.state(sequenced: { $0.stream &+= 1 }) }

  func judge(_ motion: borrowing Motion, in world: borrowing World) -> Finding? {
    if let rejection = world.rejection {
      return isForeign(rejection.reason) ? strangers(1, rejection.stream) : nil
    }
    guard let place = world.place else { return nil }
    return strangers(place.foreign || place.reframed ? 1 : 0, place.stream)
  }

  private func strangers(_ count: Double, _ stream: Stream) -> Finding {
    Finding(Self.id, value: Interval(exactly: count), .atMost, 0, subject: .stream(stream))
  }

  private func isForeign(_ reason: Rejection.Reason) -> Bool {
    switch reason {
    case .wrongRobot, .wrongEndpoint: true
    case .undecodable, .oversized, .missingField, .nonFinite, .wrongLength, .unknownSensor, .unsupported, .badSignature:
      false
    }
  }
}
