/// `motion.jump`: a command does not ask for a leap.
///
/// - Requirement: no commanded joint is farther than `greatest_rad` from where it is now; and a row of a chunk that
///   does not go on from the last row that was executed is not farther than `chunk_rad` from it. A row goes on as the next step
///   of the same chunk: in the same message or, where each row comes by itself, with the same words about the chunk.
/// - Formula: |target - now| per joint, give or take how well the present position is known; |row - last row| per joint, give
///   or take what the driver's own solution may differ. The worse is reported; where it is the one between rows, the
///   other subject is the action stream.
/// - Unit: rad (m for a prismatic joint).
/// - Unknown: no usable state, or the target can't be told.
/// - Skipped where no target is commanded.
struct MotionJump: Rule {
  static let id = RuleID.motionJump
  static let facts = RuleFacts(
    "a commanded joint is no farther than allowed from the measured one, nor from the last row where it does not go on from it",
    limits: [
      LimitRow("greatest_rad", .atMost, .positive),
      LimitRow("chunk_rad", .atMost, .positive, of: "from a row to one that does not go on from it"),
    ], yieldsToSlowing: true)
  private let maximum: Double
  private let betweenChunks: Double

  init(_ configuration: Configuration) {
    maximum = configuration.limits[Self.id, "greatest_rad"]
    betweenChunks = configuration.limits[Self.id, "chunk_rad"]
  }

  static func provoke(_ scene: inout Provocation) {
    scene.configuration.limits[id, "greatest_rad"] = 0
    var target = scene.home
    target[0] += 0.1
    scene.command(.jointPosition(target))
  }

  func judge(_ motion: borrowing Motion, in world: borrowing World) -> Finding? {
    guard motion.judged == .commanded else { return nil }
    if let unknown = unknownMotion(motion) { return unknown }
    guard motion.goal.kind == .position else { return nil }
    var worst: Finding?
    var failing: UInt32 = 0
    func take(_ joint: Int, from place: Double, open: Double, _ limit: Double, _ other: Subject) {
      let step = abs(motion.target[joint] - place)
      let finding = Finding(
        Self.id, value: Interval(max(step - open, 0), step + open), .atMost, limit, subject: .joint(joint), other: other)
      if finding.margin.lower < 0 { failing += 1 }
      if finding.margin.lower < worst?.margin.lower ?? .infinity { worst = finding }
    }
    for joint in world.robot.joints.indices {
      take(joint, from: motion.start[joint], open: world.robot.measurement.position, maximum, .none)
    }
    if let last = world.lastRow, let row = world.action?.row, !last.isFollowed(by: row, of: world.rowMessage) {
      for joint in world.robot.joints.indices {
        take(joint, from: last.target[joint], open: motion.goal.open, betweenChunks, .stream(.action))
      }
    }
    worst?.failing = failing
    return worst
  }
}
