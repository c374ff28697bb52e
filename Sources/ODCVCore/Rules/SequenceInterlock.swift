/// `sequence.interlock`: the arm moves only while a condition of the cell holds.
///
/// - Requirement: while the arm moves, or moves into the zone that the interlock names, the declared signal is set.
/// - Formula: the value is how much longer the signal vouches for it, its greatest age less the age of its last message; when
///   it is not set, how long it has not been, below zero. At least zero. The interlock with the least slack.
/// - Unit: s. Error: a motion that only perhaps leads into the zone is a possible violation.
/// - Unknown: the signal has never come, or its last message is too old.
/// - An arm that stands still, and is told to, complies.
/// - Not applicable: the cell declares no interlock.
struct SequenceInterlock: Rule {
  static let id = RuleID.sequenceInterlock
  static let facts = RuleFacts(
    "the arm moves, or enters a zone, only while a declared signal is set",
    cellLimits: CellLimits(
      key: "sequences", remedy: "write it in the cell file's `sequences`", absence: "no interlock in this cell",
      list: { cell in
        cell.sequences.compactMap { sequence in
          guard case .interlock = sequence.kind else { return nil }
          return CellLimits.Limit("\(sequence.name), signal's age", .atMost, cell.signals[sequence.signal].maxAge, "s")
        }
      }),
    yieldsToSlowing: true)

  init(_ configuration: Configuration) {}

  static func provoke(_ scene: inout Provocation) {
    scene.declareSignal()
    scene.configuration.cell.sequences = [Precedence(name: "self-test", kind: .interlock, signal: 0, zone: nil)]
    scene.signal(0)
    scene.state(velocity: scene.moving(0.2))
  }

  func judge(_ motion: borrowing Motion, in world: borrowing World) -> Finding? {
    var worst: Finding?
    var failing: UInt32 = 0
    let cell = world.configuration.cell
    for index in cell.sequences.indices {
      guard case .interlock = cell.sequences[index].kind else { continue }
      if let unknown = unknownMotion(motion) { return unknown }
      let signal = cell.sequences[index].signal
      let remaining: Double
      switch world.signal(signal) {
      case .failure(let unknown): return .unknown(Self.id, unknown.reason, .signal(signal))
      case .success(let line):
        if line.isSet {
          remaining = cell.signals[signal].maxAge - world.now.seconds(since: line.received)
        } else {
          // Not even for a nanosecond.
          remaining = line.lastSet == nil ? -.infinity : -max(world.now.seconds(since: line.clearSince), 1e-9)
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
