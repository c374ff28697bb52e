/// What a command means for the joints, from where the arm is and what its driver was told before.
struct CommandReading: Sendable {
  enum Meaning {
    case goal(Goal, requested: Goal)
    /// The arm goes on as it was told before.
    case unchanged
    case unknown(UnknownReason, Subject)
  }

  private let robot: RobotModel

  init(_ robot: RobotModel) { self.robot = robot }

  /// - `around`: how far each measured joint may be from `motion.start` as the driver sees it, rad.
  /// - `last`, `requested`: what the driver was told last, and what it would have been had nothing been held back.
  func read(
    _ command: Action.Command, row: ChunkRow?, _ motion: inout Motion, around: JointVector, last: Goal,
    requested: Goal, in world: borrowing World
  ) -> Meaning {
    if let row, row.step >= min(row.execute, row.length) { return .unknown(.mismatched, .stream(.action)) }
    switch command {
    case .stop: return .goal(.hold, requested: .hold)
    case .none: return .unchanged
    case .unsupported: return .unknown(.unsupported, .stream(.action))
    case .jointPosition(let target):
      if let reason = reason(target) { return .unknown(reason, .stream(.action)) }
      return both(.position(target))
    case .jointVelocity(let rate):
      if let reason = reason(rate) { return .unknown(reason, .stream(.action)) }
      guard robot.velocityControl != nil else { return .unknown(.unsupported, .stream(.action)) }
      return both(.velocity(rate))
    case .jointEffort(let effort):
      if let reason = reason(effort) { return .unknown(reason, .stream(.action)) }
      guard robot.effortControl != nil else { return .unknown(.unsupported, .stream(.action)) }
      // What more than a joint's limit can do is declared by nobody.
      for joint in robot.joints.indices where !(abs(effort[joint]) <= robot.joints[joint].limits.effort) {
        return .unknown(.unsupported, .joint(joint))
      }
      return both(.effort)
    case .jointDelta(let delta, let reference):
      if let reason = reason(delta) { return .unknown(reason, .stream(.action)) }
      return relative(to: reference, row, last, requested, &motion, world) { base, _ in .position(sum(base.values, delta), open: base.open) }
    case .endEffectorPose(let pose):
      guard let scheme = robot.inverseKinematics else { return .unknown(.unsupported, .stream(.action)) }
      guard pose.isFinite else { return .unknown(.nonFinite, .stream(.action)) }
      motion.startPosture.place(robot, at: motion.start)
      return aim(at: pose, open: 0, scheme, motion, around).map { both($0) } ?? .unknown(.ambiguous, .stream(.action))
    case .endEffectorDelta(let translation, let rotation, let reference):
      guard let scheme = robot.inverseKinematics else { return .unknown(.unsupported, .stream(.action)) }
      guard translation.isFinite, rotation.isFinite else { return .unknown(.nonFinite, .stream(.action)) }
      motion.startPosture.place(robot, at: motion.start)
      if case .measured = reference {
        let found = motion.startPosture.resolve(
          translation: translation, rotation: rotation, toPose: false, damping: scheme.damping, around: around, robot: robot)
        var goal = Goal.position(sum(motion.start, found.step), open: found.open + scheme.error)
        guard goal.values.isFinite else { return .unknown(.nonFinite, .stream(.action)) }
        guard goal.open.isFinite else { return .unknown(.ambiguous, .stream(.action)) }
        goal.pose = moved(motion.startPosture.tool(robot), translation, rotation)
        goal.poseOpen = motion.startPosture.reach(of: around, robot: robot)
        return both(goal)
      }
      return relative(to: reference, row, last, requested, &motion, world) { base, motion in
        var tool = base.pose
        if tool == nil {
          motion.basePosture.place(robot, at: base.values)
          tool = motion.basePosture.tool(robot)
        }
        return tool.flatMap { aim(at: moved($0, translation, rotation), open: base.poseOpen, scheme, motion, around) }
      }
    case .endEffectorTwist(let linear, let angular):
      guard let scheme = robot.inverseKinematics, robot.velocityControl != nil else {
        return .unknown(.unsupported, .stream(.action))
      }
      guard linear.isFinite, angular.isFinite else { return .unknown(.nonFinite, .stream(.action)) }
      motion.startPosture.place(robot, at: motion.start)
      let found = motion.startPosture.resolve(
        translation: linear, rotation: angular, toPose: false, damping: scheme.damping, around: around, robot: robot)
      guard found.step.isFinite else { return .unknown(.nonFinite, .stream(.action)) }
      guard found.open.isFinite else { return .unknown(.ambiguous, .stream(.action)) }
      return both(.velocity(found.step, open: found.open))
    }
  }

  private func both(_ goal: Goal) -> Meaning { .goal(goal, requested: goal) }

  private func reason(_ values: JointVector) -> UnknownReason? {
    guard values.count == robot.joints.count else { return .mismatched }
    return values.isFinite ? nil : .nonFinite
  }

  private func sum(_ a: JointVector, _ b: JointVector) -> JointVector {
    var sum = a
    for joint in robot.joints.indices { sum[joint] += b[joint] }
    return sum
  }

  /// A delta's goal. The driver's last command is what it was given, not what was asked of it; for a monitor that only
  /// observes, both are followed.
  private func relative(
    to reference: Action.Reference, _ row: ChunkRow?, _ last: Goal, _ requested: Goal, _ motion: inout Motion, _ world: borrowing World,
    _ goal: (Goal, inout Motion) -> Goal?
  ) -> Meaning {
    func finish(_ base: Goal, requestedBase: Goal?) -> Meaning {
      guard let found = goal(base, &motion) else { return .unknown(.ambiguous, .stream(.action)) }
      guard found.values.isFinite else { return .unknown(.nonFinite, .stream(.action)) }
      guard let requestedBase, requestedBase != base else { return .goal(found, requested: found) }
      return .goal(found, requested: goal(requestedBase, &motion) ?? requestedBase)
    }
    switch reference {
    case .measured: return finish(.position(motion.start), requestedBase: nil)
    case .lastCommand:
      guard last.kind == .position else { return .unknown(.missing, .stream(.action)) }
      return finish(last, requestedBase: requested.kind == .position ? requested : nil)
    case .chunkStart:
      guard let number = row?.observation else { return .unknown(.missing, .stream(.action)) }
      guard let base = world.observations[number] else { return .unknown(.stale, .stream(.state)) }
      return finish(.position(base), requestedBase: nil)
    }
  }

  /// A tool pose moved on, the rotation put before its own.
  private func moved(_ tool: Pose, _ translation: Vector3, _ rotation: Vector3) -> Pose {
    Pose(rotation: Rotation(rotationVector: rotation) * tool.rotation, translation: tool.translation + translation)
  }

  /// The joints that the driver aims at for a tool pose; `nil` where the way there is not unique: more than 2 rad of turn, or too
  /// near a singular pose to tell.
  private func aim(
    at pose: Pose, open: Double, _ scheme: ResolvedRate, _ motion: borrowing Motion, _ around: JointVector
  ) -> Goal? {
    let tool = motion.startPosture.tool(robot)
    let rotation = pose.rotation.rotationVector(from: tool.rotation)
    var turned = rotation.length + open
    for joint in robot.joints.indices { turned += around[joint] }
    guard turned <= 2 else { return nil }
    let found = motion.startPosture.resolve(
      translation: pose.translation - tool.translation, rotation: rotation, toPose: true, damping: scheme.damping,
      around: around, robot: robot, poseOpen: open)
    var goal = Goal.position(sum(motion.start, found.step), open: found.open + scheme.error)
    goal.pose = pose
    goal.poseOpen = open
    return goal.open.isFinite ? goal : nil
  }
}

extension Pose {
  var isFinite: Bool {
    translation.isFinite && rotation.x.isFinite && rotation.y.isFinite && rotation.z.isFinite
  }
}

extension Posture {
  /// The tool centre point with the axes of its link.
  func tool(_ robot: RobotModel) -> Pose {
    Pose(rotation: links[robot.toolCentrePoint.link].rotation, translation: toolCentrePoint)
  }

  /// How far the tool's pose may be off when each joint is within `around`, m and rad as one vector.
  func reach(of around: JointVector, robot: RobotModel) -> Double {
    var turned = 0.0
    for joint in 0..<around.count where robot.joints[joint].kind == .revolute { turned += around[joint] }
    let moved = travel(
      of: toolCentrePoint, toolCentrePoint, fixedIn: robot.toolCentrePoint.link, change: around, robot: robot)
    return moved + turned
  }
}
