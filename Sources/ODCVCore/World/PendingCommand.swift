/// The commands that may be under way: what enforce mode let through last, and what the controller asked for, which a
/// monitor that only observes lets pass.
struct PendingCommand: Sendable {
  /// Absent when the arm was told to hold.
  private(set) var target: JointVector = .absent
  private(set) var requested: JointVector = .absent
  /// The two as they were when the last state came: the state may be older than the newest command.
  private var earlierTarget: JointVector = .absent
  private var earlierRequested: JointVector = .absent
  /// Commands since the last state; beyond one, what they did to the velocity in between is not followed.
  private var sinceState = 0
  /// Nothing was ever commanded: who moves the arm, and where to, is not known.
  private var isUnknown = true

  mutating func command(_ target: JointVector, requested: JointVector) {
    self.target = target
    self.requested = requested
    sinceState += 1
    isUnknown = false
  }

  /// The arm was told to hold, whatever it was asked before.
  mutating func hold() {
    guard !target.isAbsent else { return }
    command(.absent, requested: requested)
  }

  /// A state has come.
  mutating func settle() {
    earlierTarget = target
    earlierRequested = requested
    sinceState = 0
  }

  /// How far, at most, each joint's velocity may have been moved from the reported one by these commands, rad/s; absent
  /// when that is not known. Slowing down on the way is no part of it: lesser speeds along the same way are held anyway.
  func greatestChange(from velocity: JointVector, at position: JointVector, robot: RobotModel) -> JointVector {
    guard !isUnknown, sinceState <= 1 else { return .absent }
    var change = JointVector(count: velocity.count)
    take(target, &change, velocity, position, robot)
    take(earlierTarget, &change, velocity, position, robot)
    // A controller mostly gets what it asked for.
    if requested != target { take(requested, &change, velocity, position, robot) }
    if earlierRequested != earlierTarget { take(earlierRequested, &change, velocity, position, robot) }
    return change
  }

  private func take(
    _ target: JointVector, _ change: inout JointVector, _ velocity: JointVector, _ position: JointVector,
    _ robot: RobotModel
  ) {
    guard !target.isAbsent else { return }
    let rate = robot.rate(from: position, to: target)
    for joint in 0..<change.count {
      let wanted = rate * (target[joint] - position[joint])
      change[joint] = max(change[joint], abs(wanted - velocity[joint]) + rate * robot.measurement.position)
    }
  }
}

extension RobotModel {
  /// How fast, at most, the driver goes towards a target: velocity per distance left, 1/s. Never more than one over the
  /// response time, and, where the driver comes to rest at its target, never faster than the declared stop can end there.
  func rate(from position: JointVector, to target: JointVector) -> Double {
    var rate = 1 / tracking.responseTime
    guard tracking.arrival == .atRest else { return rate }
    for joint in joints.indices where target[joint] != position[joint] {
      rate = min(rate, (2 * stopping.deceleration[joint] / abs(target[joint] - position[joint])).squareRoot())
    }
    return rate
  }
}
