/// `report.truth`: what a controller or driver claims of its work is borne out.
///
/// - Requirement: a claim that the cell names (something grasped, a task reached or done) has its declared evidence: the width
///   of the gripper, a force at the tool, a signal.
/// - Formula: how long a claim has stood without its evidence; the claim with the least slack.
/// - Unit: s.
/// - Unknown: the claim's or the evidence's field is not reported, or the signal is missing or too old.
/// - Not applicable: the cell names no claim.
struct ReportTruth: Rule {
  static let id = RuleID.reportTruth
  static let facts = RuleFacts(
    "what a controller or driver claims has its evidence",
    cellLimits: CellLimits(
      key: "claims", remedy: "write it in the cell file's `claims`", absence: "no claim is named in this cell",
      list: { $0.claims.map { CellLimits.Limit("\($0.name) without evidence", .atMost, $0.within, "s") } }),
    yieldsToSlowing: false, remembers: true)

  init(_ configuration: Configuration) {}

  static func provoke(_ scene: inout Provocation) {
    scene.configuration.cell.claims = [
      Claim(name: "self-test", statement: .grasped, evidence: .gripper(0.01...0.1), within: 1)
    ]
    for _ in 0..<2 {
      scene.sense()
      scene.state(changed: {
        $0.grasped = true
        $0.gripper = 0
      })
      scene.wait(2)
    }
  }

  func judge(_ motion: borrowing Motion, in world: borrowing World) -> Finding? {
    var worst: Finding?
    var failing: UInt32 = 0
    for (index, claim) in world.configuration.cell.claims.enumerated() {
      let time: Double
      switch world.claims.standings[index] {
      case .unknown(let reason): return .unknown(Self.id, reason, .claim(index))
      case .borneOut: time = 0
      case .unborne(let since): time = world.now.seconds(since: since)
      }
      let finding = Finding(Self.id, value: Interval(exactly: time), .atMost, claim.within, subject: .claim(index))
      if finding.margin.lower < 0 { failing += 1 }
      if finding.margin.lower < worst?.margin.lower ?? .infinity { worst = finding }
    }
    worst?.failing = failing
    return worst ?? .notApplicable(Self.id)
  }
}
