/// `clearance.self`: links that could meet keep their distance from each other.
///
/// - Requirement: the least distance between the links of each declared pair, over the whole judged motion and the stop
///   after it, is at least `minimum`.
/// - Formula: as `clearance.static`, with the travel of the outer link as seen from the inner one: joints that carry
///   both do not bring them together.
/// - Unit: m. Error: `distanceRounding` on both ends.
/// - Unknown: no usable state.
struct ClearanceSelf: Rule {
  static let id = RuleID.clearanceSelf
  let minimum: Double

  func judge(_ motion: Motion, in world: World) -> Finding? {
    if let unknown = unknownMotion(motion) { return unknown }
    let robot = world.configuration.robot
    guard !robot.selfPairs.isEmpty else { return .notApplicable(Self.id) }
    var worst = WorstPair()
    for pair in robot.selfPairs {
      for first in robot.capsules.indices where robot.capsules[first].link == pair.first {
        for second in robot.capsules.indices where robot.capsules[second].link == pair.second {
          worst.add(second, against: first, requirement: minimum, motion, robot)
        }
      }
    }
    return worst.finding(Self.id)
  }
}
