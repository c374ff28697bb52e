/// The nearest pair between an arm at one configuration and what it must stay clear of.
public struct ArmClearance: Equatable, Sendable {
  /// Bounds on the true distance, m. A negative lower end says that the shapes compared overlap, a negative upper end
  /// that the true ones do.
  public var value: Interval
  /// Index of the link.
  public var link: Int
  /// Index of the obstacle, or of the other link.
  public var other: Int
  /// Witness points on the link and on the other body, base frame, m.
  public var points: (Vector3, Vector3)

  public static func == (a: Self, b: Self) -> Bool {
    a.value == b.value && a.link == b.link && a.other == b.other && a.points == b.points
  }
}

extension Posture {
  /// The nearest of all moving links to all obstacles; `nil` when there is nothing to compare. From below exact on the
  /// capsules, from above by each capsule's fit gap; with `exact` on the hulls inside them, where there are any.
  public func clearance(of robot: RobotModel, to obstacles: [Obstacle], exact: Bool = false) -> ArmClearance? {
    if exact {
      var budget = Int.max
      return exactClearance(of: robot, HullTable(robot.hulls), to: obstacles, budget: &budget)
    }
    var worst: ArmClearance?
    for index in robot.capsules.indices where robot.moves(robot.capsules[index].link) {
      for other in obstacles.indices {
        let solid = obstacles[other].solid
        let found = nearest(capsules[index], to: solid)
        worst.take(
          found.distance - distanceRounding,
          upperBound(found.distance, found.onFirst, to: solid, gap: robot.capsules[index].fitGap),
          robot.capsules[index].link, other, (found.onFirst, found.onSecond))
      }
    }
    return worst
  }

  /// The nearest of all checked pairs of links; as for obstacles.
  public func selfClearance(of robot: RobotModel, exact: Bool = false) -> ArmClearance? {
    if exact {
      var budget = Int.max
      return exactSelfClearance(of: robot, HullTable(robot.hulls), budget: &budget)
    }
    var worst: ArmClearance?
    for pair in robot.selfPairs {
      for first in robot.capsules.indices where robot.capsules[first].link == pair.first {
        for second in robot.capsules.indices where robot.capsules[second].link == pair.second {
          let found = nearest(capsules[second], to: capsules[first])
          worst.take(
            found.distance - distanceRounding,
            upperBound(found.distance, gap: robot.capsules[first].fitGap + robot.capsules[second].fitGap),
            pair.second, pair.first, (found.onFirst, found.onSecond))
        }
      }
    }
    return worst
  }
}

/// An upper bound of the distance of a true shape to a solid, where a body that holds it with at most `gap` to spare is
/// at `distance`, with `point` one of its points.
///
/// Apart, some point of the true shape is within `gap` of the body's witness point. Overlapping, the true shape may have a
/// hole where the solid is, however far the way out; that some point of it is within `gap` of `point` is all that is
/// sure, and it is inside when `point` is deeper than that.
func upperBound(_ distance: Double, _ point: Vector3, to solid: Solid, gap: Double) -> Double {
  let open = gap + distanceRounding
  switch solid {
  case .box, .capsule, .halfSpace:
    if distance >= 0 { return distance + open }
    return nearest(Capsule(a: point, b: point, radius: 0), to: solid).distance + open
  case .hull(let hull):
    return max(distance, 0) + open + hull.gap
  }
}

/// The same of two shapes that are both held with room to spare, `gap` in all: where they overlap nothing is sure.
func upperBound(_ distance: Double, gap: Double) -> Double { max(distance, 0) + gap + distanceRounding }

extension Optional<ArmClearance> {
  /// Keeps the nearer one; the upper end is the least over all pairs.
  mutating func take(
    _ lower: Double, _ upper: Double, _ link: Int, _ other: Int, _ points: (Vector3, Vector3)
  ) {
    let least = Swift.min(self?.value.upper ?? .infinity, upper)
    if lower < self?.value.lower ?? .infinity {
      self = ArmClearance(value: Interval(lower, upper), link: link, other: other, points: points)
    }
    self?.value.upper = least
  }
}
