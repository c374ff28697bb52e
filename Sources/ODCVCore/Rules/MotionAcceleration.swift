/// `motion.acceleration`: no joint is asked to speed up or slow down harder than its limit, and none does.
///
/// - Requirement: each joint's acceleration stays at or below `fraction` of its configured limit; of `reduced_fraction` while
///   the reduced mode is in force, when that is less.
/// - Formula: of a command, what it asks for against the previous command and against the measurement, cut at what the driver
///   promises at most (`Demand`); of a state, the change of the reported velocities over the time between two states, give
///   or take their error and the latency.
/// - Unit: rad/s² (m/s² for a prismatic joint).
/// - The other subject says which of the two binds: the action stream for the previous command, the state stream for the
///   measurement. The first command, one that follows a hold's end at the same instant, and one after an effort are compared
///   with the measurement alone.
/// - Unknown: no usable state, or what the command asks for can't be told.
/// - Skipped where nothing is asked (an effort, a gripper's command, a chunk's rows to come) and where a state is the first, or
///   came at the same instant as the one before it.
struct MotionAcceleration: Rule {
  static let id = RuleID.motionAcceleration
  static let facts = RuleFacts(
    "no joint accelerates harder than its share of its limit",
    limits: [
      LimitRow("fraction", .atMost, .fraction, of: "each joint", unit: "times its acceleration limit"),
      LimitRow("reduced_fraction", .atMost, .fraction, of: "each joint in reduced mode", unit: "times its acceleration limit"),
    ], yieldsToSlowing: true)
  private let fraction: Double
  private let reduced: Double

  init(_ configuration: Configuration) {
    fraction = configuration.limits[Self.id, "fraction"]
    reduced = min(fraction, configuration.limits[Self.id, "reduced_fraction"])
  }

  static func provoke(_ scene: inout Provocation) {
    scene.wait(0.02)
    scene.sense()
    // Up to speed in no time worth the name.
    scene.state(velocity: scene.moving(0.9))
    scene.wait(0.02)
    scene.sense()
    scene.state(velocity: scene.moving(-0.9))
  }

  func judge(_ motion: borrowing Motion, in world: borrowing World) -> Finding? {
    if let unknown = unknownMotion(motion) { return unknown }
    let share = world.isReduced ? reduced : fraction
    switch motion.judged {
    case .commanded: return commanded(motion, world, share)
    case .measured: return measured(motion, world, share)
    case .predicted, .noted: return nil
    }
  }

  private func commanded(_ motion: borrowing Motion, _ world: borrowing World, _ share: Double) -> Finding? {
    guard !motion.demand.sinceState.isAbsent else { return nil }
    let period = world.configuration.cell.controlPeriod
    var worst: Finding?
    var failing: UInt32 = 0
    for joint in world.robot.joints.indices {
      let limit = share * world.robot.joints[joint].limits.acceleration
      let most = world.robot.tracking.acceleration[joint]
      func take(_ asked: Double, over time: Double, _ other: Subject) {
        let open = motion.demand.open[joint] / time
        let lower = max(abs(asked) - open, 0)
        let finding = Finding(
          Self.id, value: Interval(min(lower, most), min(abs(asked) + open, most)), .atMost, limit, subject: .joint(joint),
          other: other)
        if finding.margin.lower < 0 { failing += 1 }
        if finding.margin.lower < worst?.margin.lower ?? .infinity { worst = finding }
      }
      take(motion.demand.sinceState[joint], over: period, .stream(.state))
      if !motion.demand.sinceCommand.isAbsent { take(motion.demand.sinceCommand[joint], over: motion.demand.time, .stream(.action)) }
    }
    worst?.failing = failing
    return worst
  }

  private func measured(_ motion: borrowing Motion, _ world: borrowing World, _ share: Double) -> Finding? {
    guard world.isNewState, let received = world.stateReceived, !world.earlierVelocity.isAbsent else { return nil }
    let time = received.seconds(since: world.earlierReceived)
    guard time > 0 else { return nil }
    let latency = world.configuration.cell.stateInput.latency
    let error = 2 * world.robot.measurement.velocity
    var worst: Finding?
    var failing: UInt32 = 0
    for joint in world.robot.joints.indices {
      let change = abs(world.state.velocity[joint] - world.earlierVelocity[joint])
      let lower = max(change - error, 0) / (time + latency)
      // What noise over a short time would make of it, the driver's promise excludes; but not what is certain.
      let upper = max(lower, min((change + error) / time, world.configuration.robot.acceleration(joint, pushed: world.pending.pushes)))
      let finding = Finding(
        Self.id, value: Interval(lower, upper), .atMost, share * world.robot.joints[joint].limits.acceleration,
        subject: .joint(joint), other: .stream(.state))
      if finding.margin.lower < 0 { failing += 1 }
      if finding.margin.lower < worst?.margin.lower ?? .infinity { worst = finding }
    }
    worst?.failing = failing
    return worst
  }
}
