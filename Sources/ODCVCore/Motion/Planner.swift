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
/// **A commanded velocity** is reached on the straight line (over velocities) from the present one, and held until the next
/// command: at time t the arm has moved by (t - S) v + S u for some S in 0...t, and the stop adds part of a velocity between
/// the two. So it stays in the hull of where it is, where v alone would lead and where u alone would lead, in the time until
/// a stop is ordered, the reaction and half the stop. **A commanded effort** changes each joint's velocity by at most its
/// declared acceleration times that time, in any direction.
///
/// **The tube.** Its line runs from the start through the target (or to where the velocity leads, when there is none), long
/// enough to hold the projections of all points; what is left of a point beside the line goes into the width. So the tube
/// holds all points, and being convex it holds their hull.
struct Planner: Sendable {
  let robot: RobotModel
  let cell: Cell
  let reading: CommandReading

  init(configuration: Configuration) {
    robot = configuration.robot
    cell = configuration.cell
    reading = CommandReading(robot)
  }

  /// Fills `motion` for the input that the world has just received. `scale` shortens the commanded way (slow-down along the path).
  func plan(_ motion: inout Motion, in world: borrowing World, scale: Double = 1) {
    motion.judged = world.judged
    motion.unknown = nil
    motion.unknownSubject = .none
    motion.requested = world.pending.requested
    guard motion.judged != .noted else { return }
    guard let age = locate(&motion, in: world) else { return }
    motion.goal = world.pending.goal
    motion.asked = .absent
    if let action = world.action {
      let around = measured(motion)
      switch reading.read(action.command, row: action.row, &motion, around: around, last: world.pending.goal,
        requested: world.pending.requested, in: world) {
      case .goal(let goal, let requested):
        motion.goal = goal
        motion.requested = requested
      case .unchanged: break
      case .unknown(let reason, let subject): return fail(&motion, reason, subject)
      }
    }
    lay(&motion, scale: scale, age: age, rest: world.rest)
    motion.demand = motion.judged == .commanded ? Demand(motion, in: world) : Demand()
    // Numbers too large to place the arm by are as good as none.
    guard !motion.isFinite else { return }
    motion.requested = world.pending.requested
    fail(&motion, .nonFinite, .stream(motion.judged == .commanded ? .action : .state))
  }

  /// Places the arm where it is now; the state's age, s. `nil` when there is no usable state.
  func locate(_ motion: inout Motion, in world: borrowing World) -> Double? {
    guard let received = world.stateReceived else {
      fail(&motion, .missing, .stream(.state))
      return nil
    }
    let age = world.now.seconds(since: received) + cell.stateInput.latency
    guard cell.stateInput.accepts(age: age) else {
      fail(&motion, .stale, .stream(.state))
      return nil
    }
    place(&motion, state: world.state, pending: world.pending, age: age)
    return age
  }

  /// How far each joint may be from the motion's start as the driver measures it.
  private func measured(_ motion: borrowing Motion) -> JointVector {
    var around = motion.width
    for joint in robot.joints.indices {
      around[joint] = max(around[joint] - robot.tracking.error[joint], 0) + robot.measurement.position
    }
    return around
  }

  func fail(_ motion: inout Motion, _ reason: UnknownReason, _ subject: Subject) {
    motion.unknown = reason
    motion.unknownSubject = subject
    motion.prediction.end()
  }

  // MARK: - Where the arm is

  private func place(_ motion: inout Motion, state: State, pending: PendingCommand, age: Double) {
    let accuracy = robot.measurement
    let changes = pending.greatestChange(from: state.velocity, at: state.position, robot: robot)
    motion.measuredVelocity = state.velocity
    for joint in robot.joints.indices {
      let acceleration = robot.acceleration(joint, pushed: pending.pushes)
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

  // MARK: - The tube

  private func lay(_ motion: inout Motion, scale: Double, age: Double, rest: JointVector) {
    let joints = robot.joints.indices
    let reaction = robot.stopping.reactionTime + cell.verdictDeadline
    let committed = cell.controlPeriod + reaction
    var toTarget = JointVector(count: joints.count)
    // How fast, at most, the driver goes there: velocity per distance.
    var rate = 1 / robot.tracking.responseTime
    var leads = false
    for joint in joints { motion.width[joint] += motion.goal.open }
    switch motion.goal.kind {
    case .hold: motion.asked = toTarget
    case .effort: break
    case .position:
      leads = true
      for joint in joints { toTarget[joint] = scale * (motion.goal.values[joint] - motion.start[joint]) }
    case .velocity:
      leads = true
      let way = follow(&motion, committed: committed)
      for joint in joints { toTarget[joint] = scale * way[joint] }
      // A shorter way is a position to go to.
      if scale < 1 { motion.goal = .position(motion.start, open: motion.goal.open) }
    }
    motion.target = .absent
    if leads {
      motion.target = motion.start
      for joint in joints { motion.target[joint] += toTarget[joint] }
      if motion.goal.kind == .position {
        if scale < 1 { motion.goal.values = motion.target }
        rate = robot.rate(along: toTarget)
        motion.asked = toTarget
        for joint in joints { motion.asked[joint] *= rate }
      } else {
        motion.asked = motion.goal.values
      }
    }
    motion.isStill = motion.goal.kind != .effort && stands(motion, toTarget, rest)

    let isFollowing = motion.goal.kind == .velocity || motion.goal.kind == .effort
    if motion.goal.kind == .effort { push(&motion, committed: committed) }
    if !isFollowing { drive(&motion, along: toTarget, rate: rate, over: committed + age) }
    let stop = stopTime(motion)
    motion.duration = committed + stop
    var brakes = motion.velocity
    var passing = JointVector.absent
    if isFollowing {
      for joint in joints { brakes[joint] *= committed + 0.5 * stop }
    } else {
      brakes = wayToRest(motion, along: toTarget, committed: committed, reaction: reaction, stop: stop)
      if leads, robot.tracking.arrival == .moving {
        passing = toTarget
        for joint in joints { passing[joint] += motion.drivenVelocity[joint] * (reaction + 0.5 * stop) }
      }
    }
    widen(&motion, by: brakes, committed: committed, stop: stop)
    line(&motion, through: toTarget, brakes, passing, hasTarget: leads)
    motion.path.lay(
      start: motion.start, chord: motion.chord, from: motion.from, to: motion.to, width: motion.width, hasTarget: leads)
    // What is sent in its place is given in joints.
    if scale < 1 { motion.goal = .position(motion.target) }
  }

  /// Velocities on the way to a commanded one; where that alone would lead until the arm is at rest.
  private func follow(_ motion: inout Motion, committed: Double) -> JointVector {
    let error = robot.velocityControl?.error ?? 0
    motion.drivenVelocity = motion.goal.values
    for joint in robot.joints.indices {
      motion.spread[joint] = max(motion.spread[joint], motion.goal.open + error)
      motion.speedSpread[joint] = motion.spread[joint]
    }
    let time = committed + 0.5 * stopTime(motion)
    var way = motion.goal.values
    for joint in robot.joints.indices { way[joint] *= time }
    return way
  }

  /// Velocities that an effort may make of the present ones until a stop begins.
  private func push(_ motion: inout Motion, committed: Double) {
    motion.drivenVelocity = motion.velocity
    for joint in robot.joints.indices {
      motion.spread[joint] += robot.acceleration(joint, pushed: true) * committed
      motion.speedSpread[joint] = motion.spread[joint]
    }
  }

  private func stands(_ motion: borrowing Motion, _ toTarget: JointVector, _ rest: JointVector) -> Bool {
    guard !rest.isAbsent else { return false }
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
  private func drive(_ motion: inout Motion, along toTarget: JointVector, rate: Double, over time: Double) {
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
  func stopTime(_ motion: borrowing Motion) -> Double {
    var time = 0.0
    let deceleration = robot.stopping.deceleration
    for joint in robot.joints.indices {
      time = max(time, motion.speed(ofJoint: joint) / deceleration[joint])
    }
    return time
  }

  /// Where the present velocity leads, rad, at most.
  ///
  /// What of it points towards the target ends there at the latest when braked at once. The rest, across the way or away
  /// from it, dies out only as fast as the joints' shared scale lets it: it may last for the whole time until a stop is
  /// ordered, and shrink over the whole stop.
  private func wayToRest(
    _ motion: borrowing Motion, along toTarget: JointVector, committed: Double, reaction: Double, stop: Double
  ) -> JointVector {
    let towards = max(0, shareTowards(toTarget, of: motion.velocity))
    var way = JointVector(count: robot.joints.count)
    for joint in robot.joints.indices {
      let ahead = towards * toTarget[joint]
      way[joint] = ahead * (reaction + 0.5 * stop) + (motion.velocity[joint] - ahead) * (committed + 0.5 * stop)
    }
    return way
  }

  /// What the spread of the velocity does to that way; joints that brake alone leave the line altogether.
  private func widen(_ motion: inout Motion, by brakes: JointVector, committed: Double, stop: Double) {
    for joint in robot.joints.indices {
      motion.width[joint] += motion.spread[joint] * (committed + 0.5 * stop)
      switch robot.stopping.kind {
      case .path: break
      case .joint, .cut:
        motion.width[joint] += abs(brakes[joint])
        // What the way to a commanded velocity has besides.
        if motion.goal.kind == .velocity { motion.width[joint] += abs(motion.drivenVelocity[joint]) * 0.5 * stop }
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
    box(&motion)
  }

  /// Where each joint's own range is all that is sure, the tube is that.
  func box(_ motion: inout Motion) {
    switch robot.tracking.path {
    case .straight: break
    case .box:
      for joint in robot.joints.indices {
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
  func include(
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
