/// `motion.tcp-speed`: the tool centre point moves no faster than its limit.
///
/// - Requirement: over the judged motion the speed of the tool centre point stays at or below `greatest_m_s`; at
///   or below `reduced_m_s` while the reduced mode is in force, and at or below `motion.release`'s speed while an operator's
///   release order is, when that is less.
/// - Formula: the bound of `Path.speeds` around every sample of the motion; from below the speed at the reported joint
///   velocities, less what their error allows.
/// - Unit: m/s.
/// - Unknown: no usable state.
struct MotionTCPSpeed: Rule {
  static let id = RuleID.motionTCPSpeed
  static let facts = RuleFacts(
    "the tool centre point stays below its speed limit",
    limits: [
      LimitRow("greatest_m_s", .atMost, .positive),
      LimitRow("reduced_m_s", .atMost, .positive, of: "in reduced mode"),
    ], yieldsToSlowing: true)
  private let maximum: Double
  private let reduced: Double
  private let release: Double

  init(_ configuration: Configuration) {
    maximum = configuration.limits[Self.id, "greatest_m_s"]
    reduced = min(maximum, configuration.limits[Self.id, "reduced_m_s"])
    release = min(maximum, configuration.limits[.motionRelease, "speed_m_s"])
  }

  static func provoke(_ scene: inout Provocation) {
    scene.configuration.limits[id, "greatest_m_s"] = 0
    scene.state(velocity: scene.moving(0.5))
  }

  func judge(_ motion: borrowing Motion, in world: borrowing World) -> Finding? {
    if let unknown = unknownMotion(motion) { return unknown }
    var limit = world.isReduced ? reduced : maximum
    if world.release.origin != nil { limit = min(limit, release) }
    let speeds = motion.path.toolSpeeds(motion)
    let upper = Double(speeds.most.max())
    let now = Double(speeds.now[motion.path.startSample])
    return Finding(
      Self.id, value: Interval(max(min(now, upper), 0), upper), .atMost, limit, subject: .toolCentrePoint)
  }
}
