import ODCVCore
import ODCVYAML

/// The pairs of links whose clearance to each other is checked.
enum SelfPairs {
  /// Each pair, and where it stands.
  static func read(_ map: YAMLMap, links: [Link]) throws(ConfigError) -> (
    pairs: [SelfPair], places: [(file: String, line: Int)]
  ) {
    var pairs: [SelfPair] = []
    var places: [(file: String, line: Int)] = []
    for (first, second, line) in try map.stringPairs("self_pairs") {
      func index(_ name: String) throws(ConfigError) -> Int {
        guard let index = links.firstIndex(where: { $0.name == name }) else {
          throw ConfigError(
            file: map.file, line: line, problem: "`\(name)` in `self_pairs` is no link of this robot",
            remedy: "write one of \(links.map(\.name).joined(separator: ", "))")
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
      places.append((map.file, line))
    }
    // An arm that folds can reach itself: without pairs `clearance.self` would pass for want of a question.
    guard !pairs.isEmpty || links.count <= 2 else {
      throw map.error("self_pairs", "no pair of links is checked against each other", "list the pairs, such as [[base, tool]]")
    }
    return (pairs, places)
  }
}
