/// The accelerations that a command asks of the joints, rad/s²: as far as the driver promises to follow, and no farther.
///
/// What a command asks for is its joint velocity `Motion.asked`: a commanded velocity itself, or the speed at which the driver
/// sets out for a target, distance over response time, at most what it can come to rest from. Against the **previous
/// command** it is the difference to what that asked for over the time between the two; against the **measurement** the
/// difference to the measured velocity over one control period, which the driver has for it. Both are cut at the driver's
/// own greatest acceleration.
///
/// Stamps are the receiver's: commands less than half a period apart count as half a period apart, and where no time has
/// passed there is nothing to compare with but the measurement.
struct Demand: Sendable {
  /// Against the previous command; absent before the first, and when no time has passed since.
  var sinceCommand = JointVector.absent
  /// s between the two
  var time = 0.0
  /// Against the measurement; absent when the command asks for no velocity in particular.
  var sinceState = JointVector.absent
  /// How far the asked velocity is known, rad/s.
  var open = JointVector.absent

  /// What the next command is compared with: the greater of both on each joint.
  var greater: JointVector {
    guard !sinceCommand.isAbsent else { return sinceState }
    var greater = sinceState
    for joint in 0..<greater.count where abs(sinceCommand[joint]) > abs(greater[joint]) {
      greater[joint] = sinceCommand[joint]
    }
    return greater
  }

  init() {}

  init(_ motion: borrowing Motion, in world: borrowing World) {
    guard !motion.asked.isAbsent else { return }
    let period = world.configuration.cell.controlPeriod
    sinceState = motion.asked
    open = motion.asked
    for joint in world.robot.joints.indices {
      let most = world.robot.tracking.acceleration[joint]
      sinceState[joint] = limited((motion.asked[joint] - motion.measuredVelocity[joint]) / period, most)
      open[joint] = motion.spread[joint]
    }
    guard !world.asked.velocity.isAbsent else { return }
    let passed = world.now.seconds(since: world.asked.at)
    guard passed > 0 else { return }
    time = max(passed, 0.5 * period)
    sinceCommand = motion.asked
    for joint in world.robot.joints.indices {
      sinceCommand[joint] = limited(
        (motion.asked[joint] - world.asked.velocity[joint]) / time, world.robot.tracking.acceleration[joint])
    }
  }

  private func limited(_ value: Double, _ most: Double) -> Double { min(max(value, -most), most) }
}
