/// Clearance of an arm over whole straight joint segments, for questions outside the loop: planning, tuning, tests.
///
/// A segment is bounded as a motion of the monitor is (`Path`), then halved where its bounds are farther apart than wanted:
/// only parts whose lower bound is below the least upper bound can hold the minimum.
public struct SegmentClearance: ~Copyable {
  private let robot: RobotModel
  private var obstacles: SolidSet
  private var motion: Motion
  private let exact: Bool
  private var parts = 0

  /// Most parts that one segment is cut into.
  public static let mostParts = 4096

  /// - `exact`: pairs that can be the nearest are looked at with the convex hulls of the robot's file. Obstacles that are
  ///   hulls are looked at as such in any case, save by `bound`.
  public init(_ robot: RobotModel, obstacles: [Obstacle], exact: Bool = false, kernel: Kernel? = .best) {
    guard let kernel else { preconditionFailure(Kernel.unsupported) }
    self.robot = robot
    self.exact = exact
    self.obstacles = SolidSet(capacity: obstacles.count, capsules: robot.capsules.count)
    for (index, obstacle) in obstacles.enumerated() { self.obstacles.append(obstacle.solid, as: .obstacle(index)) }
    motion = Motion(for: robot, kernel: kernel)
  }

  /// The least distance of any moving link to any obstacle and between any checked links, each an interval, from joint
  /// positions `start` to `end`; `nil` where there is nothing to compare, or where the arm cannot be placed.
  ///
  /// - `tolerance`: a part is cut until its bounds leave at most this open beyond what the model itself leaves open, m.
  public mutating func sweep(
    from start: JointVector, to end: JointVector, tolerance: Double = 0.000_1
  ) -> (cell: ArmClearance?, own: ArmClearance?) {
    (least(start, end, tolerance, own: false), least(start, end, tolerance, own: true))
  }

  /// One bound of the whole segment, not cut and by its capsules alone: what the loop pays for a command that passes.
  public mutating func bound(
    from start: borrowing JointVector, to end: borrowing JointVector
  ) -> (cell: PairClearance?, own: PairClearance?) {
    motion.path.lay(from: start, to: end)
    guard motion.path.isPlaceable else { return (nil, nil) }
    var cell = WorstPair.nearestOnly()
    cell.add(obstacles, requirement: 0, motion)
    var own = WorstPair.nearestOnly()
    own.addSelfPairs(requirement: 0, motion)
    return (cell.pair(motion), own.pair(motion))
  }

  private mutating func least(_ start: JointVector, _ end: JointVector, _ tolerance: Double, own: Bool) -> ArmClearance? {
    parts = 0
    var found: ArmClearance?
    search(start, end, tolerance, own, &found)
    return found
  }

  private mutating func search(
    _ start: JointVector, _ end: JointVector, _ tolerance: Double, _ own: Bool, _ found: inout ArmClearance?
  ) {
    guard lay(start, end), let part = worst(own: own, below: found?.value.upper) else { return }
    parts += 1
    let upper = min(found?.value.upper ?? .infinity, part.value.upper)
    let slack = slack(own: own)
    // Cutting helps while the bound may rise by it and this part can be the nearest.
    if part.value.lower < upper, slack > tolerance, parts < SegmentClearance.mostParts {
      var middle = start
      for joint in 0..<start.count { middle[joint] = start[joint] + 0.5 * (end[joint] - start[joint]) }
      found?.value.upper = upper
      search(start, middle, tolerance, own, &found)
      search(middle, end, tolerance, own, &found)
      return
    }
    if part.value.lower < found?.value.lower ?? .infinity { found = part }
    found?.value.upper = upper
  }

  private mutating func lay(_ start: borrowing JointVector, _ end: borrowing JointVector) -> Bool {
    motion.path.lay(from: start, to: end)
    return motion.path.isPlaceable
  }

  /// How far bounds between the samples may lie below the truth: the bow, and what planes lose while they turn.
  private func slack(own: Bool) -> Double {
    var slack = 0.0
    for capsule in 0..<motion.path.layout.toolCentrePoint { slack = max(slack, 16 * motion.path.bow(capsule) * motion.path.weight(0)) }
    return slack
  }

  /// The nearest pair on the path laid; with `below`, exactly where it can be nearer than that.
  private func worst(own: Bool, below: Double?) -> ArmClearance? {
    var coarse = WorstPair.nearestOnly()
    if own { coarse.addSelfPairs(requirement: 0, motion) } else { coarse.add(obstacles, requirement: 0, motion) }
    guard let first = coarse.clearance(motion) else { return nil }
    // The kernel knows a hull by a box around it, which may be far from it.
    let isRough = !own && obstacles.holdsHulls
    guard exact || isRough else { return first }
    let limit = min(below ?? .infinity, first.value.upper)
    guard first.value.lower < limit else { return first }
    var fine = WorstPair(refines: exact, budget: .max)
    if own { fine.addSelfPairs(requirement: limit, motion) } else { fine.add(obstacles, requirement: limit, motion) }
    return fine.clearance(motion)
  }
}
