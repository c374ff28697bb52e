/// `sequence.check-before-move`: something must have happened before the arm moves.
///
/// - Requirement: before the arm moves, or moves into the zone that the check names, the declared signal has risen, no longer
///   ago than the check is valid; and, where each move needs its own, since the arm last came to rest.
/// - Formula: the value is how much longer the check is valid, its validity less the time since the signal rose; without such
///   an event it is below any number. At least zero. The check with the least slack.
/// - Unit: s. Error: a motion that only perhaps leads into the zone is a possible violation.
/// - Unknown: the signal has never come, or its last message is too old.
/// - An arm that stands still, and is told to, complies.
/// - Not applicable: the cell declares no check.
struct SequenceCheck: Rule {
  static let id = RuleID.sequenceCheck
  static let facts = RuleFacts(
    "what must happen before a move, or before entering a zone, has happened and still counts",
    cellLimits: CellLimits(
      key: "sequences", remedy: "write it in the cell file's `sequences`", absence: "no check before a move in this cell",
      list: { $0.sequences.compactMap(limit) }),
    yieldsToSlowing: true)

  init(_ configuration: Configuration) {}

  static func provoke(_ scene: inout Provocation) {
    scene.declareSignal()
    scene.configuration.cell.sequences = [
      Precedence(name: "self-test", kind: .event(valid: 1, eachMove: false), signal: 0, zone: nil)
    ]
    scene.signal(0)
    scene.state(velocity: scene.moving(0.2))
  }

  private static func limit(_ sequence: Precedence) -> CellLimits.Limit? {
    switch sequence.kind {
    case .interlock: nil
    case .event(let valid, let eachMove):
      CellLimits.Limit(eachMove ? "\(sequence.name), before each move" : sequence.name, .atMost, valid, "s")
    }
  }

  func judge(_ motion: borrowing Motion, in world: borrowing World) -> Finding? {
    var worst: Finding?
    var failing: UInt32 = 0
    let cell = world.configuration.cell
    for index in cell.sequences.indices {
      guard case .event(let valid, let eachMove) = cell.sequences[index].kind else { continue }
      if let unknown = unknownMotion(motion) { return unknown }
      let signal = cell.sequences[index].signal
      var remaining = -Double.infinity
      switch world.signal(signal) {
      case .failure(let unknown): return .unknown(Self.id, unknown.reason, .signal(signal))
      case .success(let line):
        if let rose = line.rose, !eachMove || world.cameToRest.map({ rose >= $0 }) ?? true {
          remaining = valid - world.now.seconds(since: rose)
        }
      }
      let finding = cell.sequences[index].finding(Self.id, index, remaining: remaining, motion, in: world)
      if finding.margin.lower < 0 { failing += 1 }
      if finding.margin.lower < worst?.margin.lower ?? .infinity || worst == nil { worst = finding }
    }
    worst?.failing = failing
    return worst ?? .notApplicable(Self.id)
  }
}
