/// `motion.jump`: a command does not ask for a leap.
///
/// - Requirement: no commanded joint is farther than `maximum` from where it is now.
/// - Formula: |target - now| per joint, give or take how well the present position is known.
/// - Unit: rad (m for a prismatic joint).
/// - Unknown: no usable state, or the target can't be told.
/// - Skipped where no target is commanded.
struct MotionJump: Rule {
  static let id = RuleID.motionJump
  let maximum: Double

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
