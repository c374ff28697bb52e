/// The motion that one step judges: every joint configuration the arm may pass from now until it has stopped.
///
/// Configurations lie in a tube: the straight line c(s) = `start` + s·`chord`, s in `from`...`to`, widened by
/// `width[j]` on each joint. A tube is convex, so it holds the hull of any points that it holds. See `Planner` for why it
/// holds the motion, and `Path` for what is known of the arm along it.
public struct Motion: ~Copyable, Sendable {
  /// As in `World`: borrowing it copies nothing.
  private let pin: any Sendable = ()

  public internal(set) var judged: Judged = .noted
  /// Why the arm's motion can't be told; every rule that needs it is then unknown.
  public internal(set) var unknown: UnknownReason?
  /// What the reason is about.
  public internal(set) var unknownSubject: Subject = .none

  /// Where the arm is now, at best knowledge.
  public internal(set) var start: JointVector
  /// The last reported velocity, rad/s.
  public internal(set) var measuredVelocity: JointVector
  /// Where the judged or pending command leads; absent when it leads nowhere in particular.
  public internal(set) var target: JointVector
  /// What the driver follows, and what it would follow had nothing been held back.
  var goal = Goal.hold
  var requested = Goal.hold
  /// The joint velocities that the judged command asks for, rad/s; absent when it asks for none in particular.
  var asked = JointVector.absent
  /// The accelerations that it asks for.
  var demand = Demand()
  public internal(set) var chord: JointVector
  public internal(set) var from = 0.0
  public internal(set) var to = 0.0
  public internal(set) var width: JointVector
  /// Where on the line the arm would come to rest if it braked now.
  var brakesAt = 0.0

  /// Joint velocities lie within `speedSpread` of the line from `velocity` to `drivenVelocity`, rad/s; the present one
  /// within `spread` of `velocity`.
  public internal(set) var velocity: JointVector
  public internal(set) var drivenVelocity: JointVector
  public internal(set) var spread: JointVector
  public internal(set) var speedSpread: JointVector

  /// From now until the arm is at rest if the stop is ordered after this command's period, s.
  public internal(set) var duration = 0.0
  /// The arm stands still, is commanded to, and has nothing on its way.
  public internal(set) var isStill = true

  /// The arm along the tube's line.
  public internal(set) var path: Path
  /// The arm where it is now, for what a command means there; placed only when one needs it.
  var startPosture: Posture
  /// The arm where a delta is counted from.
  var basePosture: Posture
  /// The rows of a chunk that are not due yet, and the joints that each leads to.
  var prediction: Prediction
  let rowJoints = Lanes<JointVector.Row>(repeating: JointVector.Row(repeating: 0), count: Capacity.chunkRows)

  init(for robot: RobotModel, kernel: Kernel) {
    let zero = JointVector(count: robot.joints.count)
    start = zero
    measuredVelocity = zero
    target = .absent
    chord = zero
    width = zero
    velocity = zero
    drivenVelocity = zero
    spread = zero
    speedSpread = zero
    path = Path(for: robot, kernel: kernel)
    startPosture = Posture(for: robot)
    basePosture = startPosture
    prediction = Prediction(joints: robot.joints.count)
  }

  /// The arm could be placed everywhere, and how far it travels could be bounded.
  var isFinite: Bool {
    guard path.isPlaceable else { return false }
    for joint in 0..<start.count where !speed(ofJoint: joint).isFinite || !width[joint].isFinite { return false }
    return duration.isFinite
  }

  /// The range of one joint over the whole tube, rad.
  public func range(ofJoint joint: Int) -> Interval {
    let a = start[joint] + from * chord[joint]
    let b = start[joint] + to * chord[joint]
    return Interval(min(a, b) - width[joint], max(a, b) + width[joint])
  }

  /// Bounds the speed of one joint, rad/s.
  public func speed(ofJoint joint: Int) -> Double {
    max(abs(velocity[joint]), abs(drivenVelocity[joint])) + speedSpread[joint]
  }
}
