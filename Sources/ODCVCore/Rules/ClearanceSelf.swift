/// `clearance.self`: links that could meet keep their distance from each other.
///
/// - Requirement: the least distance between the links of each declared pair, over the whole judged motion and the stop
///   after it, is at least `minimum`.
/// - Formula: as `clearance.static`, in the frame of the inner link: joints that carry both do not bring them together.
/// - Unit: m. Error: as `clearance.static`.
/// - Unknown: no usable state.
struct ClearanceSelf: Rule {
  static let id = RuleID.clearanceSelf
  let minimum: Double

  func judge(_ motion: borrowing Motion, in world: borrowing World) -> Finding? {
    if let unknown = unknownMotion(motion) { return unknown }
    let robot = world.configuration.robot
    guard !robot.selfPairs.isEmpty else { return .notApplicable(Self.id) }
    var worst = WorstPair()
    worst.addSelfPairs(requirement: minimum, motion)
    return worst.finding(Self.id, motion)
  }
}
