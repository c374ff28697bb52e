/// What the driver follows, in joints.
struct Goal: Sendable, Equatable {
  enum Kind: Sendable {
    /// Braking, or at rest.
    case hold
    case position
    case velocity
    /// Any effort within the joints' limits: its numbers are not followed, only what they can do.
    case effort
  }

  var kind: Kind
  /// rad of a position, rad/s of a velocity; absent otherwise.
  var values: JointVector
  /// How far the driver's own numbers may be from these, on every joint, where it computes them itself.
  var open = 0.0
  /// The tool pose that a position comes from, where a pose was commanded, and how far the driver's own may be from it, m and
  /// rad as one vector.
  var pose: Pose?
  var poseOpen = 0.0

  static var hold: Goal { Goal(kind: .hold, values: .absent) }
  static var effort: Goal { Goal(kind: .effort, values: .absent) }
  static func position(_ target: JointVector, open: Double = 0) -> Goal {
    Goal(kind: .position, values: target, open: open)
  }
  static func velocity(_ rate: JointVector, open: Double = 0) -> Goal {
    Goal(kind: .velocity, values: rate, open: open)
  }
}
