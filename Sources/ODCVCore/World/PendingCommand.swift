/// The commands that may be under way: what enforce mode let through last, and what the controller asked for, which a
/// monitor that only observes lets pass.
struct PendingCommand: Sendable {
  private(set) var goal = Goal.hold
  private(set) var requested = Goal.hold
  /// The two as they were when the last state came: the state may be older than the newest command.
  private var earlierGoal = Goal.hold
  private var earlierRequested = Goal.hold
  /// Commands since the last state; beyond one, what they did to the velocity in between is not followed.
  private var sinceState = 0
  /// Nothing was ever commanded: who moves the arm, and where to, is not known.
  private var isUnknown = true

  mutating func command(_ goal: Goal, requested: Goal) {
    self.goal = goal
    self.requested = requested
    sinceState += 1
    isUnknown = false
  }

  /// The arm was told to hold, whatever it was asked before.
  mutating func hold() {
    guard goal.kind != .hold else { return }
    command(.hold, requested: requested)
  }

  /// A state has come.
  mutating func settle() {
    earlierGoal = goal
    earlierRequested = requested
    sinceState = 0
  }

  /// One of them is an effort.
  var pushes: Bool {
    goal.kind == .effort || requested.kind == .effort || earlierGoal.kind == .effort
      || earlierRequested.kind == .effort
  }

  /// How far, at most, each joint's velocity may have been moved from the reported one by these commands, rad/s; absent
  /// when that is not known. Slowing down on the way is no part of it: lesser speeds along the same way are held anyway.
  func greatestChange(from velocity: JointVector, at position: JointVector, robot: RobotModel) -> JointVector {
    guard !isUnknown, !pushes, sinceState <= 1 else { return .absent }
    var change = JointVector(count: velocity.count)
    take(goal, &change, velocity, position, robot)
    // What is let through as it was requested, and did not change meanwhile, says the same again.
    if earlierGoal != goal { take(earlierGoal, &change, velocity, position, robot) }
    if requested != goal { take(requested, &change, velocity, position, robot) }
    if earlierRequested != earlierGoal, earlierRequested != requested { take(earlierRequested, &change, velocity, position, robot) }
    return change
  }

  private func take(
    _ goal: Goal, _ change: inout JointVector, _ velocity: JointVector, _ position: JointVector, _ robot: RobotModel
  ) {
    switch goal.kind {
    case .hold, .effort: return
    case .position:
      let rate = robot.rate(from: position, to: goal.values)
      for joint in 0..<change.count {
        let wanted = rate * (goal.values[joint] - position[joint])
        change[joint] = max(
          change[joint], abs(wanted - velocity[joint]) + rate * (robot.measurement.position + goal.open))
      }
    case .velocity:
      let error = robot.velocityControl?.error ?? 0
      for joint in 0..<change.count {
        change[joint] = max(change[joint], abs(goal.values[joint] - velocity[joint]) + goal.open + error)
      }
    }
  }
}

extension RobotModel {
  /// How fast, at most, the driver goes towards a target: velocity per distance left, 1/s. Never more than one over the
  /// response time, and, where the driver comes to rest at its target, never faster than the declared stop can end there.
  func rate(from position: JointVector, to target: JointVector) -> Double {
    var way = target
    for joint in joints.indices { way[joint] -= position[joint] }
    return rate(along: way)
  }

  /// The same over a way, rad per joint.
  func rate(along way: JointVector) -> Double {
    let fastest = 1 / tracking.responseTime
    guard tracking.arrival == .atRest else { return fastest }
    // The square of the least root is the least square.
    var square = Double.infinity
    let deceleration = stopping.deceleration
    for joint in joints.indices where way[joint] != 0 {
      square = min(square, 2 * deceleration[joint] / abs(way[joint]))
    }
    return min(fastest, square.squareRoot())
  }

  /// How fast, at most, a joint's velocity changes while one of the pending commands is followed, rad/s².
  func acceleration(_ joint: Int, pushed: Bool) -> Double {
    guard pushed, let effortControl else { return tracking.acceleration[joint] }
    return max(tracking.acceleration[joint], effortControl.acceleration[joint])
  }
}
