import ODCVCore
import ODCVYAML

/// The pairs of links whose clearance to each other is checked.
enum SelfPairs {
  static func read(_ map: YAMLMap, links: [Link]) throws(ConfigError) -> [SelfPair] {
    var pairs: [SelfPair] = []
    for (first, second, line) in try map.stringPairs("self_pairs") {
      func index(_ name: String) throws(ConfigError) -> Int {
        guard let index = links.firstIndex(where: { $0.name == name }) else {
          throw ConfigError(
            file: map.file, line: line, problem: "`\(name)` in `self_pairs` is no link of this robot",
            remedy: "write one of the names under `links`")
        }
        return index
      }
      let (a, b) = (try index(first), try index(second))
      let problem: String? =
        if a == b {
          "`\(first)` is paired with itself"
        } else if pairs.contains(where: { $0.first == min(a, b) && $0.second == max(a, b) }) {
          "the pair `\(first)`, `\(second)` is given twice"
        } else {
          nil
        }
      if let problem { throw ConfigError(file: map.file, line: line, problem: problem, remedy: "remove it") }
      pairs.append(SelfPair(first: min(a, b), second: max(a, b)))
    }
    return pairs
  }

  /// Refuses a pair that is nearer than `limit` in every pose: the arm could never move. Adjacent links are such a pair.
  ///
  /// Poses are the points of a Halton sequence over the joint ranges, so the answer is the same at every load; a pair that
  /// is refused has been near in each of `poses`.
  static func check(_ robot: RobotModel, limit: Double, _ map: YAMLMap) throws(ConfigError) {
    var clear = [Bool](repeating: false, count: robot.selfPairs.count)
    var posture = Posture(for: robot)
    for pose in 1...poses {
      posture.place(robot, at: configuration(of: robot, pose))
      for (index, pair) in robot.selfPairs.enumerated() where !clear[index] {
        clear[index] = distance(posture, robot, pair) >= limit
      }
      if !clear.contains(false) { return }
    }
    guard let index = clear.firstIndex(of: false) else { return }
    let pair = robot.selfPairs[index]
    let (first, second) = (robot.links[pair.first].name, robot.links[pair.second].name)
    let line = try map.stringPairs("self_pairs")[index].line
    throw ConfigError(
      file: map.file, line: line,
      problem: "the capsules of `\(first)` and `\(second)` are nearer than \(limit) m in every pose, so the arm could never move",
      remedy: "remove the pair if the links are adjacent, or fit their capsules tighter")
  }

  private static let poses = 256

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

  private static func distance(_ posture: Posture, _ robot: RobotModel, _ pair: SelfPair) -> Double {
    var least = Double.infinity
    for first in robot.capsules.indices where robot.capsules[first].link == pair.first {
      for second in robot.capsules.indices where robot.capsules[second].link == pair.second {
        least = min(least, nearest(posture.capsules[first], to: posture.capsules[second]).distance)
      }
    }
    return least
  }
}
