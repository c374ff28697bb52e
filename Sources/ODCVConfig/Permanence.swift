import ODCVCore
import ODCVYAML

/// Refuses shapes that break a clearance rule in every pose: the arm could never move, and the file is surely wrong.
///
/// Poses are the points of a Halton sequence over the joint ranges, so the answer is the same at every load. What is
/// refused has been too near in each of them, by its capsules and by the hulls in them; what is accepted is only not absurd.
enum Permanence {
  private static let poses = 256
  /// Passes over a hull's vertices for one pair: more than any takes.
  private static let work = 10_000

  /// The first self pair whose links are nearer than `limit` in every pose; adjacent links are such a pair.
  static func selfPair(of robot: RobotModel, nearerThan limit: Double) -> Int? {
    everywhere(robot, count: robot.selfPairs.count) { posture, index in
      let pair = robot.selfPairs[index]
      for first in robot.capsules.indices where robot.capsules[first].link == pair.first {
        for second in robot.capsules.indices where robot.capsules[second].link == pair.second {
          if areNearer(first, second, robot, posture, limit) { return true }
        }
      }
      return false
    }
  }

  private static func areNearer(
    _ first: Int, _ second: Int, _ robot: RobotModel, _ posture: Posture, _ limit: Double
  ) -> Bool {
    let found = nearest(posture.capsules[first], to: posture.capsules[second])
    guard found.distance < limit else { return false }
    let (a, b) = (robot.capsules[first], robot.capsules[second])
    guard let hull = a.hull, let other = b.hull else { return true }
    var budget = work
    let exact = bracket(
      robot.hulls[hull], at: posture.links[a.link], to: robot.hulls[other], at: posture.links[b.link], from: found.normal,
      enough: limit, budget: &budget)
    return exact.lower < limit
  }

  /// The first capsule of a moving link, and the obstacle that it is nearer to than `limit` in every pose.
  static func obstacle(of cell: Cell, to robot: RobotModel, nearerThan limit: Double) -> (capsule: Int, obstacle: Int)? {
    let moving = robot.capsules.indices.filter { robot.moves(robot.capsules[$0].link) }
    let count = cell.obstacles.count
    let found = everywhere(robot, count: moving.count * count) { posture, index in
      let (capsule, solid) = (moving[index / count], cell.obstacles[index % count].solid)
      let found = nearest(posture.capsules[capsule], to: solid)
      guard found.distance < limit, let hull = robot.capsules[capsule].hull else { return found.distance < limit }
      var budget = work
      let pose = posture.links[robot.capsules[capsule].link]
      return bracket(robot.hulls[hull], at: pose, to: solid, from: found.normal, enough: limit, budget: &budget).lower < limit
    }
    return found.map { (moving[$0 / count], $0 % count) }
  }

  /// The first of `count` conditions that holds in every pose.
  private static func everywhere(_ robot: RobotModel, count: Int, _ holds: (Posture, Int) -> Bool) -> Int? {
    var remaining = Array(0..<count)
    var posture = Posture(for: robot)
    for number in 1...poses {
      if remaining.isEmpty { return nil }
      posture.place(robot, at: configuration(of: robot, number))
      remaining.removeAll { !holds(posture, $0) }
    }
    return remaining.first
  }

  private static func configuration(of robot: RobotModel, _ number: Int) -> JointVector {
    let bases = [2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53]
    let values = robot.joints.enumerated().map { index, joint in
      var (fraction, step, rest) = (0.0, 1.0, number)
      let base = bases[index % bases.count]
      while rest > 0 {
        step /= Double(base)
        fraction += step * Double(rest % base)
        rest /= base
      }
      return joint.limits.lower + fraction * (joint.limits.upper - joint.limits.lower)
    }
    return JointVector(values)
  }
}
