/// `motion.jump`: a command does not ask for a leap.
///
/// - Requirement: no commanded joint is farther than `maximum` from where it is now.
/// - Formula: |target - now| per joint, give or take how well the present position is known.
/// - Unit: rad (m for a prismatic joint).
/// - Unknown: no usable state, or the target can't be told.
/// - Skipped where no target is commanded.
struct MotionJump: Rule {
  static let id = RuleID.motionJump
  static let facts = RuleFacts(
    "a commanded joint is not farther from the measured one than allowed",
    limits: [LimitRow("greatest_rad", .atMost, .positive)], yieldsToSlowing: true)
  private let maximum: Double

  init(_ configuration: Configuration) { maximum = configuration.limits[Self.id, "greatest_rad"] }

  static func provoke(_ scene: inout Provocation) {
    scene.configuration.limits[id, "greatest_rad"] = 0
    var target = scene.home
    target[0] += 0.1
    scene.command(.jointPosition(target))
  }

  func judge(_ motion: borrowing Motion, in world: borrowing World) -> Finding? {
    guard motion.judged == .commanded else { return nil }
    if let unknown = unknownMotion(motion) { return unknown }
    guard !motion.target.isAbsent else { return nil }
    let robot = world.configuration.robot
    var worst: Finding?
    var failing: UInt32 = 0
    for joint in robot.joints.indices {
      let step = abs(motion.target[joint] - motion.start[joint])
      let open = robot.measurement.position
      let finding = Finding(
        Self.id, value: Interval(max(step - open, 0), step + open), .atMost, maximum, subject: .joint(joint))
      if finding.margin.lower < 0 { failing += 1 }
      if finding.margin.lower < worst?.margin.lower ?? .infinity { worst = finding }
    }
    worst?.failing = failing
    return worst
  }
}
