/// `payload.mass`: the arm carries no more than it is rated for.
///
/// - Requirement: the mass of the tool and of the declared held object together is at most the rated load; what stops and
///   limits promise holds only up to there.
/// - Formula: the tool's mass, and the object's unless the driver says that nothing is grasped.
/// - Unit: kg. Error: none; masses are declared.
/// - Unknown: no object is declared, and the driver does not say that nothing is grasped: then nobody knows what is carried,
///   unless the tool is too heavy by itself. No usable state.
/// - Not applicable where the cell declares the payload as not measured.
struct PayloadMass: Rule {
  static let id = RuleID.payloadMass
  static let facts = RuleFacts(
    "tool and held object are within the rated load",
    cellLimits: CellLimits(
      key: "payload", remedy: "write it in the robot file's `payload`", absence: "no rated load is declared",
      list: { $0.payload.map { [CellLimits.Limit("load", .atMost, $0.greatest, "kg")] } ?? [] }),
    quantity: .payload, yieldsToSlowing: false)

  init(_ configuration: Configuration) {}

  static func provoke(_ scene: inout Provocation) {
    scene.configuration.cell.payload = Payload(greatest: 1, tool: 2, object: nil)
    scene.configuration.cell.notMeasured.removeAll { $0.quantity == .payload }
    scene.state()
  }

  func judge(_ motion: borrowing Motion, in world: borrowing World) -> Finding? {
    let cell = world.configuration.cell
    if cell.declaresUnmeasured(.payload) { return .notApplicable(Self.id) }
    guard let payload = cell.payload else { return .notApplicable(Self.id) }
    if let unknown = unknownMotion(motion) { return unknown }
    let grasped = world.state.grasped
    if grasped != false, payload.object == nil, payload.tool <= payload.greatest {
      return .unknown(Self.id, .missing, .stream(.state))
    }
    let mass = payload.tool + (grasped == false ? 0 : payload.object ?? 0)
    return Finding(
      Self.id, value: Interval(exactly: mass), .atMost, payload.greatest, subject: .toolCentrePoint)
  }
}
