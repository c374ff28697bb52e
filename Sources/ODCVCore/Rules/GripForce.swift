/// `grip.force`: the gripper is not told to close harder than it may.
///
/// - Requirement: the greatest force that a command gives the gripper is at most the declared one.
/// - Formula: the stated effort, or what the gripper is declared to close with where a command states none.
/// - Unit: N. Error: none; it is the command that is judged.
/// - Unknown: a command moves the gripper, states no effort, and none is declared for that.
/// - Not applicable where the cell declares the grip as not measured. Skipped where the gripper is not commanded.
struct GripForce: Rule {
  static let id = RuleID.gripForce
  static let facts = RuleFacts(
    "the gripper closes no harder than it may",
    cellLimits: CellLimits(
      key: "grip", remedy: "write it in the tool or cell file's `grip`", absence: "no gripper in this cell",
      list: { $0.grip.map { [CellLimits.Limit("gripper", .atMost, $0.greatest, "N")] } ?? [] }),
    quantity: .grip, yieldsToSlowing: false)

  init(_ configuration: Configuration) {}

  static func provoke(_ scene: inout Provocation) {
    scene.configuration.cell.grip = Grip(greatest: 1, standard: nil)
    scene.configuration.cell.notMeasured.removeAll { $0.quantity == .grip }
    scene.command(.none, gripper: GripperCommand(effort: 2))
  }

  func judge(_ motion: borrowing Motion, in world: borrowing World) -> Finding? {
    let cell = world.configuration.cell
    if cell.declaresUnmeasured(.grip) { return .notApplicable(Self.id) }
    guard let grip = cell.grip else { return .notApplicable(Self.id) }
    guard let gripper = world.gripper else { return nil }
    guard let effort = gripper.effort ?? grip.standard else { return .unknown(Self.id, .missing, .stream(.action)) }
    guard effort.isFinite else { return .unknown(Self.id, .nonFinite, .stream(.action)) }
    return Finding(
      Self.id, value: Interval(exactly: abs(effort)), .atMost, grip.greatest, subject: .toolCentrePoint)
  }
}
