/// `motion.tcp-speed`: the tool centre point moves no faster than its limit.
///
/// - Requirement: over the judged motion the speed of the tool centre point stays at or below `maximum`.
/// - Formula: `Posture.speedBound` at every cell of the motion; from below the speed at the reported joint velocities,
///   less what their error allows.
/// - Unit: m/s.
/// - Unknown: no usable state.
struct MotionTCPSpeed: Rule {
  static let id = RuleID.motionTCPSpeed
  let maximum: Double

  func judge(_ motion: Motion, in world: World) -> Finding? {
    if let unknown = unknownMotion(motion) { return unknown }
    let robot = world.configuration.robot
    let link = robot.toolCentrePoint.link
    var upper = 0.0
    for cell in 0..<motion.cells {
      let posture = motion.postures[cell]
      for rate in 0..<2 {
        upper = max(
          upper,
          posture.speedBound(
            of: posture.toolCentrePoint, fixedIn: link, rate: rate == 0 ? motion.velocity : motion.drivenVelocity,
            spread: motion.speedSpread, change: motion.cellWidth, robot: robot))
      }
    }
    let start = motion.startPosture
    let point = start.toolCentrePoint
    let moving = start.velocity(of: point, fixedIn: link, rate: motion.measuredVelocity, robot: robot).length
    let open = start.speedBound(
      of: point, fixedIn: link, rate: motion.measuredVelocity, spread: motion.spread, change: motion.width, robot: robot)
      - moving
    return Finding(
      Self.id, value: Interval(max(min(moving - open, upper), 0), upper), .atMost, maximum, subject: .toolCentrePoint)
  }
}
