/// The motion that one step judges: every joint configuration the arm may pass from now until it has stopped.
///
/// Configurations lie in a tube: the straight line c(s) = `start` + s·`chord`, s in `from`...`to`, widened by
/// `width[j]` on each joint. The tube is cut into cells along s; `postures` holds the arm at each cell's middle. A tube
/// is convex, so it holds the hull of any points that it holds. See `Planner` for why it holds the motion.
public struct Motion: Sendable {
  public internal(set) var judged: Judged = .noted
  /// Why the arm's motion can't be told; every rule that needs it is then unknown.
  public internal(set) var unknown: UnknownReason?
  /// What the reason is about.
  public internal(set) var unknownSubject: Subject = .none

  /// Where the arm is now, at best knowledge.
  public internal(set) var start: JointVector
  /// The last reported velocity, rad/s.
  public internal(set) var measuredVelocity: JointVector
  /// The joint target of the judged or pending command; absent when there is none.
  public internal(set) var target: JointVector
  public internal(set) var chord: JointVector
  public internal(set) var from = 0.0
  public internal(set) var to = 0.0
  public internal(set) var width: JointVector

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

  public internal(set) var cells = 0
  public internal(set) var postures: [Posture]
  /// How far from its cell's middle each joint may be.
  public internal(set) var cellWidth: JointVector
  /// Every capsule at every cell's middle, cell after cell, the start's behind them; and how far it may be from there, m.
  var capsules: [Capsule]
  var travels: [Double]

  /// Most cells of one motion.
  public static let maxCells = 32

  public init(for robot: RobotModel) {
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
    cellWidth = zero
    postures = Array(repeating: Posture(for: robot), count: Motion.maxCells + 1)
    let none = Capsule(a: .zero, b: .zero, radius: 0)
    capsules = Array(repeating: none, count: (Motion.maxCells + 1) * robot.capsules.count)
    travels = Array(repeating: 0, count: capsules.count)
  }

  /// A capsule of the arm at a cell's middle.
  @inline(__always)
  func capsule(_ index: Int, cell: Int) -> Capsule { capsules[cell * (capsules.count / (Motion.maxCells + 1)) + index] }

  /// How far, at most, any point of the capsule is from there while the arm is in the cell, m.
  @inline(__always)
  func travel(_ index: Int, cell: Int) -> Double { travels[cell * (capsules.count / (Motion.maxCells + 1)) + index] }

  /// The place of the start among the cells.
  static let start = maxCells

  /// The middle of a cell, as the parameter s.
  public func parameter(ofCell cell: Int) -> Double {
    from + (to - from) * ((Double(cell) + 0.5) / Double(cells))
  }

  /// The middle of a cell is passed for certain if the command is executed: it lies between start and target. Others
  /// are passed only if the stop is ordered late.
  public func isPassed(cell: Int) -> Bool {
    guard !target.isAbsent else { return false }
    let s = parameter(ofCell: cell)
    return s >= 0 && s <= 1
  }

  /// The arm where it is now; kept behind the cells.
  public var startPosture: Posture { postures[Motion.start] }

  /// Every capsule could be placed, and how far it travels could be bounded.
  var isFinite: Bool {
    let count = postures[Motion.start].capsules.count
    for cell in 0..<cells {
      for index in 0..<count where !capsule(index, cell: cell).isPlaceable || !travel(index, cell: cell).isFinite { return false }
    }
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
