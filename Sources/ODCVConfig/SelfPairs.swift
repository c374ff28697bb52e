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

  /// Refuses a pair that is nearer than `limit` in every pose.
  static func check(_ robot: RobotModel, limit: Double, _ map: YAMLMap) throws(ConfigError) {
    guard let index = Permanence.selfPair(of: robot, nearerThan: limit) else { return }
    let pair = robot.selfPairs[index]
    let (first, second) = (robot.links[pair.first].name, robot.links[pair.second].name)
    throw ConfigError(
      file: map.file, line: try map.stringPairs("self_pairs")[index].line,
      problem: "the capsules of `\(first)` and `\(second)` are nearer than \(limit) m in every pose,"
        + " so the arm could never move",
      remedy: "remove the pair if the links are adjacent, or fit their capsules tighter")
  }
}
