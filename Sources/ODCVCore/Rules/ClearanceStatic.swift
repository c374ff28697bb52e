/// `clearance.static`: every link keeps its distance from everything in the cell that is no person.
///
/// - Requirement: the least distance between any link, the held object apart, and any declared or perceived obstacle, over the whole judged
///   motion and the stop after it, is at least `minimum`; to one that a sensor sees, at least
///   minimum + Z_d + v (t_age + T). Z_d is the sensor's position error and v the greatest speed of what it sees; t_age is
///   the frame's age with the sensor's latency and T the motion's whole duration, as in `clearance.human`: where the
///   obstacle can have got to by then is kept clear of.
/// - Formula: along the path's line, the least of the bounds at and between its samples (`Path`), less how far the
///   capsule may be beside the line. From above: the distance at a sample that is passed for certain, plus that travel,
///   plus the capsule's fit gap.
/// - Unit: m. Error: `Kernel.rounding` on both ends.
/// - Unknown: no usable state, or a declared obstacle sensor is silent, stale or does not vouch for its field.
/// - An arm that is already too near may move so that it gets no nearer and ends farther away; not from what may move, for
///   that may follow.
/// - An arm that stands still, and is told to, complies however near something comes that may move: there is then no
///   requirement for it.
struct ClearanceStatic: Rule {
  static let id = RuleID.clearanceStatic
  static let facts = RuleFacts(
    "every link keeps its distance to every obstacle during the judged motion and the stop after it",
    limits: [LimitRow("least_m", .atLeast, .notNegative)], yieldsToSlowing: true)
  private let minimum: Double

  init(_ configuration: Configuration) { minimum = configuration.limits[Self.id, "least_m"] }

  static func provoke(_ scene: inout Provocation) {
    scene.configuration.cell.obstacles = [Obstacle(name: "everywhere", solid: .box(Provocation.everywhere))]
    scene.state()
  }

  func judge(_ motion: borrowing Motion, in world: borrowing World) -> Finding? {
    // What the gripper holds is `clearance.held-object`'s.
    ObstacleClearance(rule: Self.id, minimum: minimum).judge(world.solids.ownCapsules, motion, in: world)
  }
}
