/// `authority.mode`: the arm works by itself only in the modes that are meant for it.
///
/// - Requirement: the driver reports one of the modes that the cell declares for automatic operation. Hand guiding, teaching,
///   recovery and a bypassed safety controller are other modes.
/// - Formula: 1 when the reported mode is none of them, else 0; at most zero.
/// - Unit: modes.
/// - Unknown: no usable state, or one that reports no mode.
/// - Not applicable: the cell declares the mode as not measured.
struct AuthorityMode: Rule {
  static let id = RuleID.authorityMode
  static let facts = RuleFacts(
    "the driver is in a mode that is meant for automatic operation",
    cellLimits: CellLimits(
      key: "automatic_modes", remedy: "write the modes in the cell file's `automatic_modes`",
      absence: "no mode is declared in this cell",
      list: { $0.automaticModes.map { CellLimits.Limit("automatic mode", nil, Double($0), "") } }),
    quantity: .mode, yieldsToSlowing: false)

  init(_ configuration: Configuration) {}

  static func provoke(_ scene: inout Provocation) {
    let modes = scene.configuration.cell.automaticModes
    scene.state(changed: { state in state.mode = (0...UInt32.max).first { !modes.contains($0) } })
  }

  func judge(_ motion: borrowing Motion, in world: borrowing World) -> Finding? {
    let modes = world.configuration.cell.automaticModes
    if modes.isEmpty { return .notApplicable(Self.id) }
    if let unknown = unknownMotion(motion) { return unknown }
    guard let mode = world.state.mode else { return .unknown(Self.id, .missing, .stream(.state)) }
    return Finding(Self.id, value: Interval(exactly: modes.contains(mode) ? 0 : 1), .atMost, 0, subject: .source(.driver))
  }
}
