/// Clearance in two stages: the capsules of every pair, then the hulls inside them for the pairs that can be the nearest.
///
/// A link's true shape lies in its capsules and in the hulls that those were fitted to, so for each pair the greater of the
/// two lower bounds holds, and the lesser of the two upper bounds. The least upper bound so far holds for the nearest pair
/// too: a pair whose lower bound reaches it is not the nearest, or as near as that one, and is not looked at again. The
/// nearest capsules are refined first, after which few others are left. When the budget (one unit a pass over a hull's
/// vertices) is spent, the capsules' bounds stand for the pairs that remain.
extension Posture {
  public func exactClearance(
    of robot: RobotModel, _ hulls: borrowing HullTable, to obstacles: [Obstacle], budget: inout Int
  ) -> ArmClearance? {
    guard let nearestCapsules = clearance(of: robot, to: obstacles) else { return nil }
    var worst: ArmClearance?
    var upper = nearestCapsules.value.upper
    for pass in 0..<2 {
      for index in robot.capsules.indices where robot.moves(robot.capsules[index].link) {
        for other in obstacles.indices {
          let isNearest = robot.capsules[index].link == nearestCapsules.link && other == nearestCapsules.other
          guard isNearest == (pass == 0) else { continue }
          let pair = refined(index, obstacles[other].solid, robot, hulls, upper, &budget)
          upper = min(upper, pair.upper)
          worst.take(pair.lower, pair.upper, robot.capsules[index].link, other, (pair.onFirst, pair.onSecond))
        }
      }
    }
    worst?.value.upper = upper
    return worst
  }

  public func exactSelfClearance(
    of robot: RobotModel, _ hulls: borrowing HullTable, budget: inout Int
  ) -> ArmClearance? {
    guard let nearestCapsules = selfClearance(of: robot) else { return nil }
    var worst: ArmClearance?
    var upper = nearestCapsules.value.upper
    for pass in 0..<2 {
      for pair in robot.selfPairs {
        let isNearest = pair.second == nearestCapsules.link && pair.first == nearestCapsules.other
        guard isNearest == (pass == 0) else { continue }
        for first in robot.capsules.indices where robot.capsules[first].link == pair.first {
          for second in robot.capsules.indices where robot.capsules[second].link == pair.second {
            let found = refined(second, first, robot, hulls, upper, &budget)
            upper = min(upper, found.upper)
            worst.take(found.lower, found.upper, pair.second, pair.first, (found.onFirst, found.onSecond))
          }
        }
      }
    }
    worst?.value.upper = upper
    return worst
  }

  /// Both stages for a capsule and a solid; the second only while the pair can be nearer than `upper`.
  private func refined(
    _ index: Int, _ solid: Solid, _ robot: RobotModel, _ hulls: borrowing HullTable,
    _ upper: Double, _ budget: inout Int
  ) -> DistanceBracket {
    let found = nearest(capsules[index], to: solid)
    let carried = robot.capsules[index]
    var pair = DistanceBracket(
      lower: found.distance - distanceRounding,
      upper: upperBound(found.distance, found.onFirst, to: solid, gap: carried.fitGap), normal: found.normal,
      onFirst: found.onFirst, onSecond: found.onSecond)
    guard let hull = carried.hull, pair.lower < upper, budget > 0 else { return pair }
    let inside = bracket(
      hulls[hull], at: links[carried.link], to: solid, from: found.normal, enough: upper, budget: &budget)
    pair.tighten(
      inside, upper: upperBound(inside.upper, inside.onFirst, to: solid, gap: hulls[hull].gap))
    return pair
  }

  /// The same for two capsules of the arm.
  private func refined(
    _ second: Int, _ first: Int, _ robot: RobotModel, _ hulls: borrowing HullTable,
    _ upper: Double, _ budget: inout Int
  ) -> DistanceBracket {
    let found = nearest(capsules[second], to: capsules[first])
    let outer = robot.capsules[second]
    let inner = robot.capsules[first]
    var pair = DistanceBracket(
      lower: found.distance - distanceRounding,
      upper: upperBound(found.distance, gap: inner.fitGap + outer.fitGap), normal: found.normal,
      onFirst: found.onFirst, onSecond: found.onSecond)
    guard pair.lower < upper, budget > 0 else { return pair }
    let inside: DistanceBracket
    let gap: Double
    switch (outer.hull, inner.hull) {
    case (nil, nil): return pair
    case (let hull?, nil):
      inside = bracket(
        hulls[hull], at: links[outer.link], to: .capsule(capsules[first]), from: found.normal, enough: upper,
        budget: &budget)
      gap = hulls[hull].gap + inner.fitGap
    case (nil, let hull?):
      inside = bracket(
        hulls[hull], at: links[inner.link], to: .capsule(capsules[second]), from: -found.normal,
        enough: upper, budget: &budget
      ).swapped
      gap = outer.fitGap + hulls[hull].gap
    case (let hull?, let other?):
      inside = bracket(
        hulls[hull], at: links[outer.link], to: hulls[other], at: links[inner.link],
        from: found.normal, enough: upper, budget: &budget)
      gap = hulls[hull].gap + hulls[other].gap
    }
    pair.tighten(inside, upper: upperBound(inside.upper, gap: gap))
    return pair
  }
}

extension DistanceBracket {
  /// Takes bounds of the same true distance in.
  fileprivate mutating func tighten(_ other: DistanceBracket, upper: Double) {
    self.upper = min(self.upper, upper)
    guard other.lower > lower else { return }
    lower = other.lower
    normal = other.normal
    onFirst = other.onFirst
    onSecond = other.onSecond
  }

  /// The same seen from the other body.
  fileprivate var swapped: DistanceBracket {
    DistanceBracket(lower: lower, upper: upper, normal: -normal, onFirst: onSecond, onSecond: onFirst)
  }
}
