/// What the last command that was let through asked of the joints, for comparison with the next.
struct AskedMotion: Sendable {
  static var absent: AskedMotion { AskedMotion(velocity: .absent, acceleration: .absent, at: MonoInstant(nanoseconds: 0)) }

  /// rad/s
  var velocity: JointVector
  /// rad/s²
  var acceleration: JointVector
  var at: MonoInstant
}
