/// The nearest pair between an arm at one configuration and what it must stay clear of.
public struct ArmClearance: Equatable, Sendable {
  /// Bounds on the true distance, m; negative where the capsules overlap.
  public var value: Interval
  /// Index of the link.
  public var link: Int
  /// Index of the obstacle, or of the other link.
  public var other: Int
  /// Witness points on the link's capsule and on the other body, base frame, m.
  public var points: (Vector3, Vector3)

  public static func == (a: Self, b: Self) -> Bool {
    a.value == b.value && a.link == b.link && a.other == b.other && a.points == b.points
  }
}

extension Posture {
  /// The nearest of all moving links to all obstacles; `nil` when there is nothing to compare. From below exact on the
  /// capsules, from above by each capsule's fit gap.
  public func clearance(of robot: RobotModel, to obstacles: [Obstacle]) -> ArmClearance? {
    var worst: ArmClearance?
    for index in robot.capsules.indices where robot.capsules[index].link != 0 {
      for other in obstacles.indices {
        let found = nearest(capsules[index], to: obstacles[other].solid)
        worst.take(found, robot.capsules[index].link, other, gap: robot.capsules[index].fitGap)
      }
    }
    return worst
  }

  /// The nearest of all checked pairs of links.
  public func selfClearance(of robot: RobotModel) -> ArmClearance? {
    var worst: ArmClearance?
    for pair in robot.selfPairs {
      for first in robot.capsules.indices where robot.capsules[first].link == pair.first {
        for second in robot.capsules.indices where robot.capsules[second].link == pair.second {
          let found = nearest(capsules[second], to: capsules[first])
          worst.take(
            found, pair.second, pair.first, gap: robot.capsules[first].fitGap + robot.capsules[second].fitGap)
        }
      }
    }
    return worst
  }
}

extension Optional<ArmClearance> {
  /// Keeps the nearer one; the upper end is the least over all pairs.
  fileprivate mutating func take(_ found: Nearest, _ link: Int, _ other: Int, gap: Double) {
    let value = Interval(found.distance - distanceRounding, found.distance + gap + distanceRounding)
    let upper = Swift.min(self?.value.upper ?? .infinity, value.upper)
    if value.lower < self?.value.lower ?? .infinity {
      self = ArmClearance(value: value, link: link, other: other, points: (found.onFirst, found.onSecond))
    }
    self?.value.upper = upper
  }
}
