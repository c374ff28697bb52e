/// `motion.jerk`: no joint is asked to change its acceleration faster than its limit.
///
/// - Requirement: from one command to the next each joint's asked acceleration changes by at most `fraction` of its jerk limit
///   times the time between them.
/// - Formula: against the previous command |a - a'| / t, a and a' what the two ask for (`Demand`) and t the time between them;
///   against the measurement |a - a_m| over one control period, a_m the change of the reported velocities between the last two
///   states, give or take their error. The driver's promise bounds both accelerations. What its own loop does between two
///   commands is not seen here.
/// - Unit: rad/s³ (m/s³ for a prismatic joint).
/// - The other subject says which of the two binds, as for `motion.acceleration`.
/// - Unknown: no usable state, or what the command asks for can't be told.
/// - Skipped where nothing is asked, and where there is neither a previous command nor a second state.
struct MotionJerk: Rule {
  static let id = RuleID.motionJerk
  static let facts = RuleFacts(
    "no joint's asked acceleration changes faster than its share of its jerk limit",
    limits: [LimitRow("fraction", .atMost, .fraction, of: "each joint", unit: "times its jerk limit")],
    yieldsToSlowing: true)
  private let fraction: Double

  init(_ configuration: Configuration) { fraction = configuration.limits[Self.id, "fraction"] }

  static func provoke(_ scene: inout Provocation) {
    scene.configuration.limits[id, "fraction"] = 0
    var target = scene.home
    target[0] += 0.05
    scene.command(.jointPosition(scene.home))
    scene.wait(scene.configuration.cell.controlPeriod)
    scene.sense()
    scene.state()
    scene.command(.jointPosition(target))
  }

  func judge(_ motion: borrowing Motion, in world: borrowing World) -> Finding? {
    if let unknown = unknownMotion(motion) { return unknown }
    guard motion.judged == .commanded, !motion.demand.sinceState.isAbsent else { return nil }
    let period = world.configuration.cell.controlPeriod
    var measured = JointVector.absent
    let open = measureAcceleration(world, &measured)
    var worst: Finding?
    var failing: UInt32 = 0
    for joint in world.robot.joints.indices {
      let limit = fraction * world.robot.joints[joint].limits.jerk
      func take(_ change: Double, over time: Double, open: Double, _ other: Subject) {
        let most = 2 * world.robot.tracking.acceleration[joint] / time
        let lower = max(abs(change) - open, 0) / time
        let finding = Finding(
          Self.id, value: Interval(min(lower, most), min((abs(change) + open) / time, most)), .atMost, limit,
          subject: .joint(joint), other: other)
        if finding.margin.lower < 0 { failing += 1 }
        if finding.margin.lower < worst?.margin.lower ?? .infinity { worst = finding }
      }
      if !measured.isAbsent {
        take(
          motion.demand.sinceState[joint] - measured[joint], over: period,
          open: motion.demand.open[joint] / period + open, .stream(.state))
      }
      if !world.asked.acceleration.isAbsent, !motion.demand.sinceCommand.isAbsent {
        take(
          motion.demand.sinceCommand[joint] - world.asked.acceleration[joint], over: motion.demand.time,
          open: motion.demand.open[joint] / motion.demand.time, .stream(.action))
      }
    }
    worst?.failing = failing
    return worst
  }

  /// Puts in the acceleration between the last two states, cut at what the driver promises, and leaves it absent without them. How far
  /// it may be off.
  private func measureAcceleration(_ world: borrowing World, _ values: inout JointVector) -> Double {
    guard let received = world.stateReceived, !world.earlierVelocity.isAbsent else { return 0 }
    let time = received.seconds(since: world.earlierReceived)
    guard time > 0 else { return 0 }
    values = world.state.velocity
    for joint in world.robot.joints.indices {
      let most = world.robot.tracking.acceleration[joint]
      values[joint] = min(max((values[joint] - world.earlierVelocity[joint]) / time, -most), most)
    }
    return 2 * world.robot.measurement.velocity / time
  }
}
