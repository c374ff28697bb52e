/// `clearance.static`: every link keeps its distance from everything that stands in the cell.
///
/// - Requirement: the least distance between any link, the held object apart, and any declared or perceived obstacle, over the whole judged
///   motion and the stop after it, is at least `minimum`.
/// - Formula: along the path's line, the least of the bounds at and between its samples (`Path`), less how far the
///   capsule may be beside the line. From above: the distance at a sample that is passed for certain, plus that travel,
///   plus the capsule's fit gap.
/// - Unit: m. Error: `Kernel.rounding` on both ends.
/// - Unknown: no usable state, or a declared obstacle sensor is silent, stale or does not vouch for its field.
/// - An arm that is already too near may move so that it gets no nearer and ends farther away.
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
    if let unknown = unknownMotion(motion) { return unknown }
    let cell = world.configuration.cell
    if let (reason, sensor) = world.obstaclesUnknown { return .unknown(Self.id, reason, .sensor(sensor)) }
    // What the gripper holds is `clearance.held-object`'s.
    var worst = WorstPair(leavingOut: world.heldCapsules)
    worst.add(world.fixtures, requirement: minimum, motion)
    for sensor in world.obstacles.indices where world.obstacles[sensor] != nil {
      worst.add(
        world.seenObstacles[sensor], requirement: minimum + cell.obstacleSensors[sensor].positionError, motion)
    }
    guard worst.pairs > 0 else { return .notApplicable(Self.id) }
    return worst.finding(Self.id, motion)
  }
}
