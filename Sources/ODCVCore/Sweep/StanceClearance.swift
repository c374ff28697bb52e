import CClearance

/// The nearest pair, without its points.
public struct PairClearance: Equatable, Sendable {
  /// Bounds on the true distance, m.
  public var value: Interval
  /// Index of the link.
  public var link: Int
  /// Index of the obstacle, or of the other link.
  public var other: Int
}

/// Clearance of an arm that stands still, one configuration after the other, as fast as one can be answered.
///
/// As `Posture.clearance`, whose doubles it is held against, with the kernel's floats: a ball around each capsule bounds its
/// distance to sixteen solids at once, and only groups that may hold the nearest are looked at, all sixteen at once again.
public struct StanceClearance: ~Copyable {
  private let layout: ArmLayout
  private let tables: ArmTables
  private let kernel: Kernel
  private var obstacles: SolidSet
  private let joints: Lanes<Double>

  public init(_ robot: RobotModel, obstacles: [Obstacle], kernel: Kernel? = .best) {
    guard let kernel else { preconditionFailure(Kernel.unsupported) }
    precondition(robot.links.count <= Capacity.links && robot.capsules.count < Capacity.capsules)
    self.kernel = kernel
    layout = ArmLayout(robot)
    tables = ArmTables(layout, joints: robot.joints.count)
    self.obstacles = SolidSet(capacity: obstacles.count, capsules: robot.capsules.count)
    joints = Lanes(repeating: 0, count: robot.joints.count)
    place(obstacles)
  }

  /// Other obstacles from now on; no more than there were at first.
  public mutating func place(_ obstacles: [Obstacle]) {
    self.obstacles.removeAll()
    for (index, obstacle) in obstacles.enumerated() { self.obstacles.append(obstacle.solid, as: .obstacle(index)) }
  }

  /// The nearest of all moving links to all obstacles, and of all checked pairs of links, at joint positions `position`;
  /// `nil` where there is nothing to compare or a number is none.
  public mutating func clearance(at position: borrowing JointVector) -> (cell: PairClearance?, own: PairClearance?) {
    guard position.count == joints.count else { return (nil, nil) }
    for joint in 0..<joints.count {
      // Also refuses what is no number.
      guard abs(position[joint]) <= 1000 else { return (nil, nil) }
      joints[joint] = position[joint]
    }
    var cell = odcv_nearest()
    var own = odcv_nearest()
    let size = kernel.functions.pointee.stand(tables.pointer, joints.base, obstacles.pointer, &cell, &own)
    guard size <= Vector3.reach else { return (nil, nil) }
    return (
      found(cell, other: Int(cell.other)),
      found(own, other: own.capsule < 0 ? 0 : layout.pairs[Int(own.other)].frame)
    )
  }

  private func found(_ nearest: odcv_nearest, other: Int) -> PairClearance? {
    guard nearest.capsule >= 0 else { return nil }
    return PairClearance(
      value: Interval(nearest.lower, max(nearest.lower, nearest.upper)), link: layout.link(Int(nearest.capsule)),
      other: other)
  }
}
