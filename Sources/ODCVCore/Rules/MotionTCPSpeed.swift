/// `motion.tcp-speed`: the tool centre point moves no faster than its limit.
///
/// - Requirement: over the judged motion the speed of the tool centre point stays at or below `maximum`.
/// - Formula: the bound of `Path.speeds` around every sample of the motion; from below the speed at the reported joint
///   velocities, less what their error allows.
/// - Unit: m/s.
/// - Unknown: no usable state.
struct MotionTCPSpeed: Rule {
  static let id = RuleID.motionTCPSpeed
  let maximum: Double

  func judge(_ motion: borrowing Motion, in world: borrowing World) -> Finding? {
    if let unknown = unknownMotion(motion) { return unknown }
    let speeds = motion.path.speeds(motion.path.layout.toolCentrePoint, end: 0, motion)
    let upper = Double(speeds.most.max())
    let now = Double(speeds.now[motion.path.startSample])
    return Finding(
      Self.id, value: Interval(max(min(now, upper), 0), upper), .atMost, maximum, subject: .toolCentrePoint)
  }
}
