/// `zone.keep-out`: no moving part of the arm, its tool or what it holds comes near a box that is kept clear.
///
/// - Requirement: the least signed distance between any moving link and any keep-out box, over the whole judged motion and the
///   stop after it, is at least `least_m`.
/// - Formula, unit, error: as `clearance.static`.
/// - Unknown: no usable state.
/// - An arm that is in one already may move so that it gets no deeper and ends farther out.
struct ZoneKeepOut: Rule {
  static let id = RuleID.zoneKeepOut
  static let facts = RuleFacts(
    "no moving part of the arm comes near a keep-out zone", limits: [LimitRow("least_m", .atLeast, .notNegative)],
    yieldsToSlowing: true)
  private let minimum: Double

  init(_ configuration: Configuration) { minimum = configuration.limits[Self.id, "least_m"] }

  static func provoke(_ scene: inout Provocation) {
    scene.configuration.cell.zones = [Zone(name: "everywhere", kind: .keepOut, box: Provocation.everywhere)]
    scene.state()
  }

  func judge(_ motion: borrowing Motion, in world: borrowing World) -> Finding? {
    guard !world.solids.keptClear.solids.isEmpty else { return .notApplicable(Self.id) }
    if let unknown = unknownMotion(motion) { return unknown }
    var worst = WorstPair()
    worst.add(world.solids.keptClear, requirement: minimum, motion)
    guard !worst.isEmpty else { return .notApplicable(Self.id) }
    return worst.finding(Self.id, motion)
  }
}
