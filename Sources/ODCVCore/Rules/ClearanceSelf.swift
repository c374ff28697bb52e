/// `clearance.self`: links that could meet keep their distance from each other.
///
/// - Requirement: the least distance between the links of each declared pair, over the whole judged motion and the stop
///   after it, is at least `minimum`.
/// - Formula: as `clearance.static`, in the frame of the inner link: joints that carry both do not bring them together.
/// - Unit: m. Error: as `clearance.static`.
/// - Unknown: no usable state.
struct ClearanceSelf: Rule {
  static let id = RuleID.clearanceSelf
  static let facts = RuleFacts(
    "links keep their distance to each other", limits: [LimitRow("least_m", .atLeast, .notNegative)],
    yieldsToSlowing: true)
  private let minimum: Double

  init(_ configuration: Configuration) { minimum = configuration.limits[Self.id, "least_m"] }

  static func provoke(_ scene: inout Provocation) {
    scene.configuration.limits[id, "least_m"] = 100
    scene.state()
  }

  func judge(_ motion: borrowing Motion, in world: borrowing World) -> Finding? {
    if let unknown = unknownMotion(motion) { return unknown }
    var worst = WorstPair()
    worst.addSelfPairs(requirement: minimum, motion)
    guard !worst.isEmpty else { return .notApplicable(Self.id) }
    return worst.finding(Self.id, motion)
  }
}
