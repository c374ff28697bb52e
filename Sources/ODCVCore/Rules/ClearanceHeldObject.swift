/// `clearance.held-object`: what the gripper holds keeps its own distance from everything that stands in the cell.
///
/// - Requirement: the least distance between the declared held object and any declared or perceived obstacle, over the whole
///   judged motion and the stop after it, is at least `least_m`. A part must come nearer to where it is put down than the arm
///   may, or, if it is fragile, stay farther away; `clearance.static` leaves it to this rule.
/// - Formula, unit, error: as `clearance.static`.
/// - Unknown: as `clearance.static`.
/// - Not applicable where the cell declares no held object. Its distance to the arm itself is `clearance.self`'s, to people
///   `clearance.human`'s.
struct ClearanceHeldObject: Rule {
  static let id = RuleID.clearanceHeldObject
  static let facts = RuleFacts(
    "the held object keeps its own distance to every obstacle",
    limits: [LimitRow("least_m", .atLeast, .notNegative)], yieldsToSlowing: true)
  private let minimum: Double

  init(_ configuration: Configuration) { minimum = configuration.limits[Self.id, "least_m"] }

  static func provoke(_ scene: inout Provocation) {
    // The last link stands for the object where none is declared.
    let robot = scene.configuration.robot
    if robot.heldObject == nil { scene.configuration.robot.heldObject = robot.capsules.last?.link }
    scene.configuration.cell.obstacles = [Obstacle(name: "everywhere", solid: .box(Provocation.everywhere))]
    scene.state()
  }

  func judge(_ motion: borrowing Motion, in world: borrowing World) -> Finding? {
    let held = world.solids.heldCapsules
    guard !held.isEmpty else { return .notApplicable(Self.id) }
    return ObstacleClearance(rule: Self.id, minimum: minimum).judge(held, motion, in: world)
  }
}
