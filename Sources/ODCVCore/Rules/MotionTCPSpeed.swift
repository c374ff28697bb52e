/// `motion.tcp-speed`: the tool centre point moves no faster than its limit.
///
/// - Requirement: over the judged motion the speed of the tool centre point stays at or below `maximum`.
/// - Formula: the bound of `Path.speeds` around every sample of the motion; from below the speed at the reported joint
///   velocities, less what their error allows.
/// - Unit: m/s.
/// - Unknown: no usable state.
struct MotionTCPSpeed: Rule {
  static let id = RuleID.motionTCPSpeed
  static let facts = RuleFacts(
    "the tool centre point stays below its speed limit", limits: [LimitRow("greatest_m_s", .atMost, .positive)],
    yieldsToSlowing: true)
  private let maximum: Double

  init(_ configuration: Configuration) { maximum = configuration.limits[Self.id, "greatest_m_s"] }

  static func provoke(_ scene: inout Provocation) {
    scene.configuration.limits[id, "greatest_m_s"] = 0
    scene.state(velocity: scene.moving(0.5))
  }

  func judge(_ motion: borrowing Motion, in world: borrowing World) -> Finding? {
    if let unknown = unknownMotion(motion) { return unknown }
    let speeds = motion.path.speeds(motion.path.layout.toolCentrePoint, end: 0, motion)
    let upper = Double(speeds.most.max())
    let now = Double(speeds.now[motion.path.startSample])
    return Finding(
      Self.id, value: Interval(max(min(now, upper), 0), upper), .atMost, maximum, subject: .toolCentrePoint)
  }
}
