/// `integrity.heartbeat`: every declared source shows signs of life.
///
/// - Requirement: the last message of each declared source, of whatever kind, is no older than the cell allows.
/// - Formula: age = now - receipt of its last message; the source with the least slack.
/// - Unit: s.
/// - Unknown: whenever it does not pass. A source that is silent is not known to have failed, it is not known.
/// - Not applicable: the cell declares heartbeats as not measured.
struct IntegrityHeartbeat: Rule {
  static let id = RuleID.integrityHeartbeat
  static let facts = RuleFacts(
    "every declared source shows signs of life",
    cellLimits: CellLimits(
      key: "heartbeats", remedy: "write its limits in the cell file's `heartbeats`",
      absence: "no source must show signs of life in this cell",
      list: { $0.heartbeats.map { CellLimits.Limit($0.source.words, .atMost, $0.maxAge, "s") } }),
    quantity: .heartbeat, yieldsToSlowing: false, objection: .unknown)

  init(_ configuration: Configuration) {}

  static func provoke(_ scene: inout Provocation) {
    scene.wait(60)
    scene.add(.tick)
  }

  func judge(_ motion: borrowing Motion, in world: borrowing World) -> Finding? {
    var worst: Finding?
    for declared in world.configuration.cell.heartbeats {
      let subject = Subject.source(declared.source)
      guard let heard = world.lastHeard(declared.source) else { return .unknown(Self.id, .missing, subject) }
      let age = world.now.seconds(since: heard)
      let finding = Finding(Self.id, value: Interval(exactly: age), .atMost, declared.maxAge, subject: subject)
      guard finding.outcome == .pass, age >= 0 else { return .unknown(Self.id, .stale, subject) }
      if finding.margin.lower < worst?.margin.lower ?? .infinity { worst = finding }
    }
    return worst ?? .notApplicable(Self.id)
  }
}
