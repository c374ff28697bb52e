/// `motion.velocity`: no joint turns faster than its limit.
///
/// - Requirement: over the judged motion each joint's speed stays at or below `fraction` of its configured limit; below
///   `reduced_fraction` of it while the reduced mode is in force, when that is less.
/// - Formula: from above the larger of the present speed and what the command can make of it, each with its spread; from
///   below the reported speed less its error.
/// - Unit: rad/s (m/s for a prismatic joint).
/// - Unknown: no usable state.
struct MotionVelocity: Rule {
  static let id = RuleID.motionVelocity
  static let facts = RuleFacts(
    "every joint stays below its share of its speed limit",
    limits: [
      LimitRow("fraction", .atMost, .fraction, of: "each joint", unit: "times its speed limit"),
      LimitRow("reduced_fraction", .atMost, .fraction, of: "each joint in reduced mode", unit: "times its speed limit"),
    ],
    yieldsToSlowing: true)
  private let fraction: Double
  private let reduced: Double

  init(_ configuration: Configuration) {
    fraction = configuration.limits[Self.id, "fraction"]
    reduced = min(fraction, configuration.limits[Self.id, "reduced_fraction"])
  }

  static func provoke(_ scene: inout Provocation) { scene.state(velocity: scene.moving(2)) }

  func judge(_ motion: borrowing Motion, in world: borrowing World) -> Finding? {
    if let unknown = unknownMotion(motion) { return unknown }
    let fraction = world.isReduced ? reduced : fraction
    var worst: Finding?
    var failing: UInt32 = 0
    for joint in world.robot.joints.indices {
      let certain = max(abs(motion.measuredVelocity[joint]) - world.robot.measurement.velocity, 0)
      let most = motion.speed(ofJoint: joint)
      let finding = Finding(
        Self.id, value: Interval(min(certain, most), most), .atMost, fraction * world.robot.joints[joint].limits.velocity,
        subject: .joint(joint))
      if finding.margin.lower < 0 { failing += 1 }
      if finding.margin.lower < worst?.margin.lower ?? .infinity { worst = finding }
    }
    worst?.failing = failing
    return worst
  }
}
