/// `integrity.schema`: every message is what its endpoint carries.
///
/// - Requirement: a message decodes within its bounds, comes from this robot on the endpoint meant for it, and states
///   every declared field with finite numbers and the configured number of joints.
/// - Formula: the number of refused messages in this step, at most zero.
/// - Unit: messages.
/// - Unknown: always, when a message was refused: what it should have said is not known. And for as long as a party's last
///   layout names other joints than the configured ones: what its numbers mean is not known. States of that time are not used after
///   it either.
/// - Skipped where the step has no message.
struct IntegritySchema: Rule {
  static let id = RuleID.integritySchema
  static let facts = RuleFacts(
    "every message is one that its endpoint carries, whole and finite", yieldsToSlowing: false, objection: .unknown)

  init(_ configuration: Configuration) {}

  static func provoke(_ scene: inout Provocation) {
    scene.add(.rejected(Rejection(stream: .action, reason: .undecodable)))
  }

  func judge(_ motion: borrowing Motion, in world: borrowing World) -> Finding? {
    if let rejection = world.rejection {
      return .unknown(Self.id, reason(rejection.reason), .stream(rejection.stream))
    }
    if let stream = world.mismatchedLayout { return .unknown(Self.id, .mismatched, .stream(stream)) }
    guard world.place != nil else { return nil }
    return Finding(Self.id, value: Interval(exactly: 0), .atMost, 0)
  }

  private func reason(_ reason: Rejection.Reason) -> UnknownReason {
    switch reason {
    case .undecodable, .badSignature: .undecodable
    case .oversized: .capacity
    case .wrongRobot, .wrongEndpoint, .wrongLength, .unknownSensor: .mismatched
    case .missingField: .missing
    case .nonFinite: .nonFinite
    case .unsupported: .unsupported
    }
  }
}
