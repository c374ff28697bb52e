/// `authority.reset`: a latch is cleared by an operator, when its cause is over.
///
/// - Requirement: an order to reset is signed with an operator's key over this robot, this run and the latch in force; the arm
///   has been seen since and stands still, by its positions and its velocities, and what it latched for has ended.
/// - Formula: orders in this step that cleared nothing, at most zero.
/// - Unit: orders.
/// - Unknown: never. An order that can't be believed is refused, and counted.
/// - Skipped where the step brings no such order.
struct AuthorityReset: Rule {
  static let id = RuleID.authorityReset
  static let facts = RuleFacts(
    "a latch is cleared only by an operator's signed order, when its cause is over", yieldsToSlowing: false,
    isOccasional: true)

  init(_ configuration: Configuration) {}

  static func provoke(_ scene: inout Provocation) { scene.add(.reset(Reset(latch: 1))) }

  func judge(_ motion: borrowing Motion, in world: borrowing World) -> Finding? {
    if let rejection = world.rejection, rejection.reason == .badSignature { return orders(refused: 1) }
    return world.resetCleared.map { orders(refused: $0 ? 0 : 1) }
  }

  private func orders(refused: Double) -> Finding {
    Finding(Self.id, value: Interval(exactly: refused), .atMost, 0, subject: .stream(.control))
  }
}
