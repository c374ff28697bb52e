/// `motion.position`: every joint stays inside its limits.
///
/// - Requirement: over the judged motion and the stop, each joint keeps at least `margin` from both of its limits.
/// - Formula: slack = min(q - lower, upper - q), least over the joint's range in the tube; from above, at the start.
/// - Unit: rad (m for a prismatic joint).
/// - Unknown: no usable state.
/// - A joint outside may move so that its slack grows.
struct MotionPosition: Rule {
  static let id = RuleID.motionPosition
  static let facts = RuleFacts(
    "every joint stays inside its range",
    limits: [LimitRow("margin_rad", .atLeast, .notNegative, of: "distance to each joint's limits")],
    yieldsToSlowing: true)
  private let margin: Double

  init(_ configuration: Configuration) { margin = configuration.limits[Self.id, "margin_rad"] }

  static func provoke(_ scene: inout Provocation) {
    scene.state(position: JointVector(scene.configuration.robot.joints.map { $0.limits.upper + 0.1 }))
  }

  func judge(_ motion: borrowing Motion, in world: borrowing World) -> Finding? {
    if let unknown = unknownMotion(motion) { return unknown }
    var worst: Finding?
    var failing: UInt32 = 0
    var returns = true
    for joint in world.robot.joints.indices {
      let limits = world.robot.joints[joint].limits
      let range = motion.range(ofJoint: joint)
      let width = motion.width[joint]
      let lower = min(range.lower - limits.lower, limits.upper - range.upper)
      let end = motion.start[joint] + (motion.target.isAbsent ? 0 : motion.chord[joint])
      let now = slack(motion.start[joint], limits)
      let then = slack(end, limits)
      let finding = Finding(
        Self.id, value: Interval(lower, max(lower, min(now, then) + width)), .atLeast, margin, subject: .joint(joint))
      if finding.margin.lower < 0 {
        failing += 1
        if !(then > now + 1e-4) { returns = false }
      }
      if finding.margin.lower < worst?.margin.lower ?? .infinity { worst = finding }
    }
    worst?.failing = failing
    worst?.improving = failing > 0 && returns
    return worst
  }

  private func slack(_ q: Double, _ limits: JointLimits) -> Double { min(q - limits.lower, limits.upper - q) }
}
