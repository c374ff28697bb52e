import Yams

extension YAMLMap {
  /// A number of a file, where it stands.
  public struct Number: Sendable {
    /// The key that it, or the list around it, stands under.
    public let key: String
    /// The keys that lead to `key`, as messages name them; empty at the top of the file.
    public let path: String
    public let value: Double
    public let line: Int
  }

  /// Every number of this mapping and of all below it, those in lists too, in the file's order. Asks for no key.
  public var numbers: [Number] { entries.flatMap { numbers($0.node, $0) } }

  private func numbers(_ node: Node, _ entry: Entry) -> [Number] {
    switch node {
    case .scalar(let scalar):
      guard isPlain(scalar), isDecimal(scalar.string), let value = Double(scalar.string) else { return [] }
      return [Number(key: entry.key, path: path, value: value, line: line(node, entry))]
    case .sequence(let sequence):
      return sequence.enumerated().flatMap { index, item in
        // Maps in a list are told apart by their place; numbers are not.
        let key = item.mapping == nil ? entry.key : "\(entry.key)[\(index + 1)]"
        return numbers(item, Entry(key: key, line: line(item, entry), node: item))
      }
    case .mapping(let mapping):
      let below = path.isEmpty ? entry.key : "\(path).\(entry.key)"
      return YAMLMap(mapping: mapping, file: file, path: below, line: entry.line).numbers
    case .alias: return []
    }
  }
}
