/// `clearance.static`: every link keeps its distance from everything that stands in the cell.
///
/// - Requirement: the least distance between any link and any declared or perceived obstacle, over the whole judged
///   motion and the stop after it, is at least `minimum`.
/// - Formula: for each cell of the motion, capsule and obstacle, distance at the cell's middle less the travel of the
///   capsule within the cell. The least of these bounds the truth from below, because distance changes by no more than
///   the travel. From above: the distance at a middle that is passed for certain, plus the travel that the arm's own
///   uncertainty allows there, plus the capsule's fit gap.
/// - Unit: m. Error: `distanceRounding` on both ends.
/// - Unknown: no usable state, or a declared obstacle sensor is silent, stale or does not vouch for its field.
/// - An arm that is already too near may move so that it gets no nearer and ends farther away.
struct ClearanceStatic: Rule {
  static let id = RuleID.clearanceStatic
  let minimum: Double

  func judge(_ motion: Motion, in world: World) -> Finding? {
    if let unknown = unknownMotion(motion) { return unknown }
    let cell = world.configuration.cell
    if let (reason, sensor) = world.obstaclesUnknown { return .unknown(Self.id, reason, .sensor(sensor)) }
    var worst = WorstPair()
    for index in cell.obstacles.indices {
      worst.add(cell.obstacles[index].solid, as: .obstacle(index), requirement: minimum, motion, world)
    }
    for sensor in world.obstacles.indices {
      guard let frame = world.obstacles[sensor] else { continue }
      for index in 0..<frame.value.count {
        worst.add(
          frame.value[index], as: .seenObstacle(sensor: sensor, index: index),
          requirement: minimum + cell.obstacleSensors[sensor].positionError, motion, world)
      }
    }
    guard worst.pairs > 0 else { return .notApplicable(Self.id) }
    return worst.finding(Self.id)
  }
}
