/// Proposes the motion to judge: from the measured state, inflated by its age and by what is on its way, to the target,
/// then the declared stop.
///
/// **Where the arm is.** The state was true between `age` less its declared latency and `age` seconds ago. Since then each
/// joint has moved by its velocity times that time, and its velocity has changed by at most a·age, and by no more than the
/// commands under way ask for.
///
/// **Whether it stands.** It does when no joint is reported above the standstill speed, the command asks for no more, and
/// neither it nor the arm is away from where the arm came to rest: small steps, each still by itself, add up to a motion.
///
/// **How it moves.** A driver that tracks `straight` promises that until the next command, and in the stop after it, each
/// joint stays within `tracking.error` of the hull of three points: where it is, where its present velocity leads, and
/// the target. Its speed towards the target never exceeds distance / `responseTime`, and velocity changes share one scale
/// over the joints, so what a velocity has across the way only dies out. A driver
/// that tracks as a `box` promises each joint's own range only: the tube is then that box.
///
/// **The tube.** Its line runs from the start through the target (or to where the velocity leads, when there is none), long
/// enough to hold the projections of all points; what is left of a point beside the line goes into the width. So the tube
/// holds all points, and being convex it holds their hull.
struct Planner: Sendable {
  private let robot: RobotModel
  private let cell: Cell

  init(configuration: Configuration) {
    robot = configuration.robot
    cell = configuration.cell
  }

  /// Fills `motion` for the input that the world has just received. `scale` shortens the commanded way (slow-down along the path).
  func plan(_ motion: inout Motion, in world: borrowing World, scale: Double = 1) {
    motion.judged = world.judged
    motion.unknown = nil
    motion.unknownSubject = .none
    guard motion.judged != .noted else { return }
    guard let state = world.state else {
      return fail(&motion, .missing, .stream(.state))
    }
    let age = world.now.seconds(since: state.received) + cell.stateInput.latency
    guard age >= 0, age <= cell.stateInput.maxAge else {
      return fail(&motion, .stale, .stream(.state))
    }
    place(&motion, state: state.value, pending: world.pending, age: age)
    var target = world.pending.target
    if let action = world.action {
      switch command(action, &motion) {
      case .target(let commanded): target = commanded
      case .none: break
      case .unknown(let reason): return fail(&motion, reason, .stream(.action))
      }
    }
    lay(&motion, to: target, scale: scale, age: age, rest: world.rest)
    // Numbers too large to place the arm by are as good as none.
    if !motion.isFinite { fail(&motion, .nonFinite, .stream(motion.judged == .commanded ? .action : .state)) }
  }

  private func fail(_ motion: inout Motion, _ reason: UnknownReason, _ subject: Subject) {
    motion.unknown = reason
    motion.unknownSubject = subject
  }

  // MARK: - Where the arm is

  private func place(_ motion: inout Motion, state: State, pending: PendingCommand, age: Double) {
    let accuracy = robot.measurement
    let changes = pending.greatestChange(from: state.velocity, at: state.position, robot: robot)
    motion.measuredVelocity = state.velocity
    for joint in robot.joints.indices {
      let acceleration = robot.tracking.acceleration[joint]
      let velocity = state.velocity[joint]
      // What the pending command can have made of the velocity since the state was true.
      let change = changes.isAbsent ? acceleration * age : min(acceleration * age, changes[joint])
      motion.velocity[joint] = velocity
      motion.spread[joint] = accuracy.velocity + change
      // Half the latency either way: it is declared as a bound, and the state may as well be younger.
      let half = 0.5 * cell.stateInput.latency
      motion.start[joint] = state.position[joint] + velocity * (age - half)
      motion.width[joint] = accuracy.position + robot.tracking.error[joint] + abs(velocity) * half
        + (accuracy.velocity + 0.5 * change) * age
    }
  }

  // MARK: - What is commanded

  private enum Commanded {
    case target(JointVector)
    case none
    case unknown(UnknownReason)
  }

  private func command(_ action: Action, _ motion: inout Motion) -> Commanded {
    switch action.command {
    case .jointPosition(let target):
      guard target.count == robot.joints.count else { return .unknown(.mismatched) }
      guard target.isFinite else { return .unknown(.nonFinite) }
      return .target(target)
    case .endEffectorDelta(let translation, let rotation):
      guard let scheme = robot.inverseKinematics else { return .unknown(.unsupported) }
      guard translation.isFinite, rotation.isFinite else { return .unknown(.nonFinite) }
      motion.startPosture.place(robot, at: motion.start)
      let step = motion.startPosture.jointStep(
        translation: translation, rotation: rotation, damping: scheme.damping, robot: robot)
      var target = motion.start
      for joint in robot.joints.indices {
        target[joint] += step[joint]
        motion.width[joint] += scheme.error
      }
      guard target.isFinite else { return .unknown(.nonFinite) }
      return .target(target)
    case .stop: return .target(.absent)
    case .none: return .none
    case .unsupported: return .unknown(.unsupported)
    }
  }

  // MARK: - The tube

  private func lay(
    _ motion: inout Motion, to commanded: JointVector, scale: Double, age: Double, rest: JointVector?
  ) {
    let joints = robot.joints.indices
    let tracking = robot.tracking
    let period = cell.controlPeriod
    let reaction = robot.stopping.reactionTime + cell.verdictDeadline
    motion.target = commanded
    var toTarget = JointVector(count: joints.count)
    if !commanded.isAbsent {
      for joint in joints {
        toTarget[joint] = scale * (commanded[joint] - motion.start[joint])
        motion.target[joint] = motion.start[joint] + toTarget[joint]
      }
    }
    motion.isStill = stands(motion, toTarget, rest)

    drive(&motion, along: toTarget, over: period + reaction + age)
    motion.duration = period + reaction + stopTime(motion)
    let brakes = wayToRest(motion, along: toTarget, committed: period + reaction, reaction: reaction)
    var passing = JointVector.absent
    if !commanded.isAbsent, tracking.arrival == .moving {
      passing = toTarget
      for joint in joints { passing[joint] += motion.drivenVelocity[joint] * (reaction + 0.5 * stopTime(motion)) }
    }
    widen(&motion, by: brakes, committed: period + reaction)
    line(&motion, through: toTarget, brakes, passing, hasTarget: !commanded.isAbsent)
    motion.path.lay(
      start: motion.start, chord: motion.chord, from: motion.from, to: motion.to, width: motion.width,
      hasTarget: !commanded.isAbsent)
  }

  private func stands(_ motion: borrowing Motion, _ toTarget: JointVector, _ rest: JointVector?) -> Bool {
    guard let rest else { return false }
    let measurement = robot.measurement
    for joint in robot.joints.indices {
      let step = 2 * measurement.position + measurement.standstill * robot.tracking.responseTime
      let band = step + robot.tracking.error[joint]
      let away = motion.start[joint] - rest[joint]
      if abs(motion.measuredVelocity[joint]) > measurement.standstill || abs(toTarget[joint]) > step
        || abs(away) > band || abs(away + toTarget[joint]) > band
      {
        return false
      }
    }
    return true
  }

  /// The velocity that the target can make of the present one until the next command takes effect: at most distance over
  /// response time, at most what the declared stop can bring to rest at the target, and no faster than the driver changes
  /// velocities. What the present velocity has across the way may still be there, all of it or none.
  private func drive(_ motion: inout Motion, along toTarget: JointVector, over time: Double) {
    let rate = robot.rate(from: JointVector(count: robot.joints.count), to: toTarget)
    let towards = shareTowards(toTarget, of: motion.velocity)
    // A joint can't have gained more than its acceleration gives, even if what it had across the way came to help.
    var reached = rate
    for joint in robot.joints.indices where toTarget[joint] != 0 {
      let along = towards * toTarget[joint]
      let most = abs(along) + abs(motion.velocity[joint] - along) + robot.tracking.acceleration[joint] * time
      reached = min(reached, most / abs(toTarget[joint]))
    }
    for joint in robot.joints.indices {
      motion.drivenVelocity[joint] = reached * toTarget[joint]
      // How well the distance to the target is known: as well as the position.
      let open = motion.width[joint] - robot.tracking.error[joint]
      motion.spread[joint] = max(motion.spread[joint], rate * open)
      let across = motion.target.isAbsent ? 0 : motion.velocity[joint] - towards * toTarget[joint]
      motion.speedSpread[joint] = motion.spread[joint] + abs(across)
    }
  }

  /// The share of the way to the target that a velocity covers in a second; negative when it leads away.
  private func shareTowards(_ toTarget: JointVector, of velocity: JointVector) -> Double {
    var along = 0.0
    var length2 = 0.0
    for joint in robot.joints.indices {
      along += velocity[joint] * toTarget[joint]
      length2 += toTarget[joint] * toTarget[joint]
    }
    return length2 > 0 ? along / length2 : 0
  }

  /// Time to rest from the greatest speed of the motion, s: the slowest joint's, as all slow down together.
  private func stopTime(_ motion: borrowing Motion) -> Double {
    var time = 0.0
    for joint in robot.joints.indices {
      time = max(time, motion.speed(ofJoint: joint) / robot.stopping.deceleration[joint])
    }
    return time
  }

  /// Where the present velocity leads, rad, at most.
  ///
  /// What of it points towards the target ends there at the latest when braked at once. The rest, across the way or away
  /// from it, dies out only as fast as the joints' shared scale lets it: it may last for the whole time until a stop is
  /// ordered, and shrink over the whole stop.
  private func wayToRest(
    _ motion: borrowing Motion, along toTarget: JointVector, committed: Double, reaction: Double
  ) -> JointVector {
    let towards = max(0, shareTowards(toTarget, of: motion.velocity))
    let stop = stopTime(motion)
    var way = JointVector(count: robot.joints.count)
    for joint in robot.joints.indices {
      let ahead = towards * toTarget[joint]
      way[joint] = ahead * (reaction + 0.5 * stop) + (motion.velocity[joint] - ahead) * (committed + 0.5 * stop)
    }
    return way
  }

  /// What the spread of the velocity does to that way; joints that brake alone leave the line altogether.
  private func widen(_ motion: inout Motion, by brakes: JointVector, committed: Double) {
    let stop = stopTime(motion)
    for joint in robot.joints.indices {
      motion.width[joint] += motion.spread[joint] * (committed + 0.5 * stop)
      switch robot.stopping.kind {
      case .path: break
      case .joint, .cut: motion.width[joint] += abs(brakes[joint])
      }
    }
  }

  private func line(
    _ motion: inout Motion, through toTarget: JointVector, _ brakes: JointVector, _ passing: JointVector, hasTarget: Bool
  ) {
    let joints = robot.joints.indices
    motion.chord = hasTarget ? toTarget : brakes
    var length2 = 0.0
    for joint in joints { length2 += motion.chord[joint] * motion.chord[joint] }
    motion.from = 0
    motion.to = length2 > 0 ? 1 : 0
    var beside = JointVector(count: joints.count)
    motion.brakesAt = include(&motion, brakes, length2, &beside)
    if !passing.isAbsent { _ = include(&motion, passing, length2, &beside) }
    for joint in joints { motion.width[joint] += beside[joint] }
    switch robot.tracking.path {
    case .straight: break
    case .box:
      for joint in joints {
        let range = motion.range(ofJoint: joint)
        motion.start[joint] = 0.5 * (range.lower + range.upper)
        motion.width[joint] = 0.5 * (range.upper - range.lower)
        motion.chord[joint] = 0
      }
      motion.from = 0
      motion.to = 0
    }
  }

  /// Lengthens the line so that it passes `start` + `point`, and notes how far beside it that lies. The place on the line.
  private func include(
    _ motion: inout Motion, _ point: JointVector, _ length2: Double, _ beside: inout JointVector
  ) -> Double {
    var along = 0.0
    if length2 > 0 {
      for joint in robot.joints.indices { along += point[joint] * motion.chord[joint] }
      along /= length2
      motion.from = min(motion.from, along)
      motion.to = max(motion.to, along)
    }
    for joint in robot.joints.indices {
      beside[joint] = max(beside[joint], abs(point[joint] - along * motion.chord[joint]))
    }
    return along
  }
}
