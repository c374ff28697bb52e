/// `tool.hazard`: a sharp, hot or running tool keeps its own, larger distance to people, also while the arm stands.
///
/// - Requirement: while the tool is a hazard, every part of it is at least least_m + v_h (t_age + T) + Z_d + Z_r from every part
///   of every person, those in force zones too: nobody is meant to be touched by it.
/// - Formula: as `clearance.human`, with the hazard's own distance in place of C, over the tool's links alone.
/// - Unit: m. Error: as `clearance.static`.
/// - Unknown: no usable state; a people sensor silent, stale or not vouching for its field; a tool that is a hazard only while it
///   is on, of which the state does not say whether it is. Until it has been seen off for as long as it lasts, it counts as one.
/// - Not applicable where no hazardous tool is declared, and where people are declared as not measured. A tool that is off, and
///   has been for as long as it lasts, passes.
struct ToolHazardDistance: Rule {
  static let id = RuleID.toolHazard
  static let facts = RuleFacts(
    "a hazardous tool keeps its own distance to people",
    cellLimits: CellLimits(
      key: "tool_hazard", remedy: "write its distance in the cell or tool file's `tool_hazard`",
      absence: "no hazardous tool in this cell",
      list: { $0.hazard.map { [CellLimits.Limit("tool", .atLeast, $0.least, "m")] } ?? [] }),
    quantity: .people, yieldsToSlowing: true)
  private let humanSpeed: Double
  private let robotUncertainty: Double

  init(_ configuration: Configuration) {
    humanSpeed = configuration.limits[.clearanceHuman, "human_speed_m_s"]
    robotUncertainty = configuration.limits[.clearanceHuman, "robot_uncertainty_m"]
  }

  static func provoke(_ scene: inout Provocation) {
    let last = scene.configuration.robot.capsules.suffix(1).map(\.link)
    scene.configuration.cell.hazard = ToolHazard(links: last, least: 100, onlyWhenActive: false, lasts: 0)
    scene.sense(person: true)
    scene.state()
  }

  func judge(_ motion: borrowing Motion, in world: borrowing World) -> Finding? {
    let cell = world.configuration.cell
    guard let hazard = cell.hazard, !cell.peopleSensors.isEmpty else { return .notApplicable(Self.id) }
    if let (reason, sensor) = world.peopleUnknown { return .unknown(Self.id, reason, .sensor(sensor)) }
    if let unknown = unknownMotion(motion) { return unknown }
    if hazard.onlyWhenActive {
      guard let active = world.state.toolActive, let wasActive = world.toolWasActive else {
        return .unknown(Self.id, .missing, .stream(.state))
      }
      guard active || world.now.seconds(since: wasActive) <= hazard.lasts else { return Finding(Self.id, value: Interval(exactly: .infinity), .atLeast, hazard.least) }
    }
    var worst = WorstPair()
    for sensor in cell.peopleSensors.indices {
      let age = world.age(ofPeople: sensor) + (motion.isStill ? 0 : motion.duration)
      let required = hazard.least + humanSpeed * age + cell.peopleSensors[sensor].positionError + robotUncertainty
      for run in world.solids.hazardCapsules { worst.add(world.solids.seenParts[sensor], of: run, requirement: required, motion) }
    }
    var finding = worst.finding(Self.id, motion)
    // Moving away earns no credit: the person may follow.
    finding.improving = false
    return finding
  }
}
