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
    let demand = motion.demand
    guard motion.judged == .commanded, !demand.sinceState.isAbsent else { return nil }
    let robot = world.configuration.robot
    let period = world.configuration.cell.controlPeriod
    let measured = measuredAcceleration(world)
    var worst: Finding?
    var failing: UInt32 = 0
    for joint in robot.joints.indices {
      let limit = fraction * robot.joints[joint].limits.jerk
      func take(_ change: Double, over time: Double, open: Double, _ other: Subject) {
        let most = 2 * robot.tracking.acceleration[joint] / time
        let lower = max(abs(change) - open, 0) / time
        let finding = Finding(
          Self.id, value: Interval(min(lower, most), min((abs(change) + open) / time, most)), .atMost, limit,
          subject: .joint(joint), other: other)
        if finding.margin.lower < 0 { failing += 1 }
        if finding.margin.lower < worst?.margin.lower ?? .infinity { worst = finding }
      }
      if let measured {
        take(
          demand.sinceState[joint] - measured.values[joint], over: period,
          open: demand.open[joint] / period + measured.open, .stream(.state))
      }
      if let before = world.asked, !demand.sinceCommand.isAbsent {
        take(
          demand.sinceCommand[joint] - before.acceleration[joint], over: demand.time,
          open: demand.open[joint] / demand.time, .stream(.action))
      }
    }
    worst?.failing = failing
    return worst
  }

  /// Between the last two states, cut at what the driver promises; and how far it may be off.
  private func measuredAcceleration(_ world: borrowing World) -> (values: JointVector, open: Double)? {
    guard let state = world.state, let earlier = world.earlier else { return nil }
    let time = state.received.seconds(since: earlier.received)
    guard time > 0 else { return nil }
    let robot = world.configuration.robot
    var values = state.value.velocity
    for joint in robot.joints.indices {
      let most = robot.tracking.acceleration[joint]
      values[joint] = min(max((values[joint] - earlier.value[joint]) / time, -most), most)
    }
    return (values, 2 * robot.measurement.velocity / time)
  }
}
