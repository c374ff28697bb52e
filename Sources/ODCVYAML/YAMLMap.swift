import Yams

/// One mapping of a file, read strictly.
///
/// Every getter notes the key that it asks for. `finish()` on the file's own map then refuses every key in the whole tree
/// that nobody asked for. All errors say file and line, what is wrong and what to write instead.
public struct YAMLMap {
  /// What a number must be besides finite.
  public enum Bound: Sendable {
    case any
    case positive
    case notNegative
    /// Greater than 0 and at most 1.
    case fraction
  }

  let entries: [Entry]
  let ledger: Ledger
  /// As the user can open it.
  public let file: String
  /// Where the mapping begins.
  public let line: Int
  /// The keys that lead here from the top of the file, such as `links.panda_link3.capsules[2]`; empty at the top.
  let path: String

  struct Entry {
    var key: String
    var line: Int
    var node: Node
  }

  /// Which keys were asked for, and the maps below.
  final class Ledger {
    var asked: [String] = []
    var children: [YAMLMap] = []
  }

  init(mapping: Node.Mapping, file: String, path: String, line: Int? = nil) {
    entries = mapping.map { key, value in
      // A key that is a list or a mapping is no key of ours; it is refused by its own text.
      let name = key.scalar?.string ?? "\(key)"
      return Entry(key: name, line: key.mark?.line ?? value.mark?.line ?? 0, node: value)
    }
    ledger = Ledger()
    self.file = file
    self.line = line ?? mapping.mark?.line ?? 1
    self.path = path
  }

  /// Reads a file whose top is a mapping with `version: 1`.
  public static func load(path: String) throws(YAMLError) -> YAMLMap {
    try YAMLFile.map(bytes: YAMLFile.bytes(path: path), name: path)
  }

  /// The same from text; `name` is what messages call the file.
  public static func parse(text: String, name: String) throws(YAMLError) -> YAMLMap {
    try YAMLFile.map(bytes: Array(text.utf8), name: name)
  }

  /// What the mapping is, for messages.
  var what: String { path.isEmpty ? "the file" : "`\(path)`" }

  /// The keys in the file's order.
  public var keys: [String] { entries.map(\.key) }

  public func has(_ key: String) -> Bool { entries.contains { $0.key == key } }

  /// Where `key` stands; the map's own line when it is absent.
  public func line(of key: String) -> Int { entries.first { $0.key == key }?.line ?? line }

  /// An error at `key`.
  public func error(_ key: String, _ problem: String, _ remedy: String) -> YAMLError {
    YAMLError(file: file, line: line(of: key), problem: problem, remedy: remedy)
  }

  /// An error of the mapping as a whole.
  public func error(_ problem: String, _ remedy: String) -> YAMLError {
    YAMLError(file: file, line: line, problem: problem, remedy: remedy)
  }

  /// Refuses every key of this map, and of the maps read from it, that no getter asked for.
  public func finish() throws(YAMLError) {
    // YAML tells `1` from `"1"`; our names are texts.
    for (index, entry) in entries.enumerated() where entries[..<index].contains(where: { $0.key == entry.key }) {
      throw YAMLError(
        file: file, line: entry.line, problem: "`\(entry.key)` is given twice in \(what)", remedy: "keep one of them")
    }
    for entry in entries where !ledger.asked.contains(entry.key) {
      throw YAMLError(
        file: file, line: entry.line, problem: "unknown key `\(entry.key)` in \(what)",
        remedy: Spelling.remedy(unknown: entry.key, known: ledger.asked))
    }
    for child in ledger.children { try child.finish() }
  }
}

// MARK: - Scalars

extension YAMLMap {
  public func string(_ key: String) throws(YAMLError) -> String {
    try text(require(key, "text"))
  }

  public func optionalString(_ key: String) throws(YAMLError) -> String? {
    guard let entry = try optional(key) else { return nil }
    return try text(entry)
  }

  public func double(_ key: String, _ bound: Bound = .any) throws(YAMLError) -> Double {
    let entry = try require(key, "number")
    return try number(entry.node, entry, bound)
  }

  public func optionalDouble(_ key: String, _ bound: Bound = .any) throws(YAMLError) -> Double? {
    guard let entry = try optional(key) else { return nil }
    return try number(entry.node, entry, bound)
  }

  public func int(_ key: String) throws(YAMLError) -> Int {
    try integer(require(key, "whole number"))
  }

  public func optionalInt(_ key: String) throws(YAMLError) -> Int? {
    guard let entry = try optional(key) else { return nil }
    return try integer(entry)
  }

  public func bool(_ key: String) throws(YAMLError) -> Bool {
    try truth(require(key, "true or false"))
  }

  public func optionalBool(_ key: String) throws(YAMLError) -> Bool? {
    guard let entry = try optional(key) else { return nil }
    return try truth(entry)
  }

  /// One of the cases of an enumeration whose raw values are its names in the file.
  public func choice<Choice: RawRepresentable & CaseIterable>(
    _ key: String, _ type: Choice.Type = Choice.self
  ) throws(YAMLError) -> Choice where Choice.RawValue == String {
    let names = Choice.allCases.map(\.rawValue).joined(separator: ", ")
    let given = try text(require(key, "one of \(names)"))
    guard let choice = Choice(rawValue: given) else {
      throw error(key, "`\(key)` is `\(given)`", "write one of \(names)")
    }
    return choice
  }
}

// MARK: - Lists

extension YAMLMap {
  /// `[x, y, z]`
  public func vector3(_ key: String) throws(YAMLError) -> SIMD3<Double> {
    let values = try doubles(key, count: 3)
    return SIMD3(values[0], values[1], values[2])
  }

  public func optionalVector3(_ key: String) throws(YAMLError) -> SIMD3<Double>? {
    guard try optional(key) != nil else { return nil }
    return try vector3(key)
  }

  /// A list of numbers, of `count` entries when it is given.
  public func doubles(_ key: String, count: Int? = nil, _ bound: Bound = .any) throws(YAMLError) -> [Double] {
    let entry = try require(key, "[number, ...]")
    let nodes = try list(entry)
    if let count, nodes.count != count {
      throw error(key, "`\(key)` has \(nodes.count) entries", "write \(count) numbers: [a, b, ...]")
    }
    var values: [Double] = []
    for node in nodes { values.append(try number(node, entry, bound)) }
    return values
  }

  /// A list of `[x, y, z]`, each with the line where it stands.
  public func vectors3(_ key: String) throws(YAMLError) -> [(value: SIMD3<Double>, line: Int)] {
    let entry = try require(key, "list of [x, y, z]")
    var vectors: [(SIMD3<Double>, Int)] = []
    for node in try list(entry) {
      let place = Entry(key: key, line: line(node, entry), node: node)
      let parts = try list(place)
      guard parts.count == 3 else {
        throw error(at: place, "an entry of `\(key)` has \(parts.count) numbers", "write [x, y, z]")
      }
      let (x, y, z) = (try number(parts[0], place, .any), try number(parts[1], place, .any), try number(parts[2], place, .any))
      vectors.append((SIMD3(x, y, z), place.line))
    }
    return vectors
  }

  public func strings(_ key: String) throws(YAMLError) -> [String] {
    let entry = try require(key, "[text, ...]")
    var values: [String] = []
    for node in try list(entry) { values.append(try text(Entry(key: key, line: line(node, entry), node: node))) }
    return values
  }

  /// A list of pairs of names, each with the line where it stands.
  public func stringPairs(_ key: String) throws(YAMLError) -> [(first: String, second: String, line: Int)] {
    let entry = try require(key, "list of [name, name]")
    var pairs: [(String, String, Int)] = []
    for node in try list(entry) {
      let place = Entry(key: key, line: line(node, entry), node: node)
      let names = try list(place)
      guard names.count == 2 else {
        throw error(at: place, "an entry of `\(key)` has \(names.count) names", "write pairs: [first, second]")
      }
      let first = try text(Entry(key: key, line: place.line, node: names[0]))
      let second = try text(Entry(key: key, line: place.line, node: names[1]))
      pairs.append((first, second, place.line))
    }
    return pairs
  }
}

// MARK: - Maps

extension YAMLMap {
  public func map(_ key: String) throws(YAMLError) -> YAMLMap {
    try child(require(key, "mapping"))
  }

  public func optionalMap(_ key: String) throws(YAMLError) -> YAMLMap? {
    guard let entry = try optional(key) else { return nil }
    return try child(entry)
  }

  /// A list of mappings; empty only when the file says `[]`.
  public func maps(_ key: String) throws(YAMLError) -> [YAMLMap] {
    let entry = try require(key, "list")
    var maps: [YAMLMap] = []
    for (index, node) in try list(entry).enumerated() {
      maps.append(try child(Entry(key: "\(key)[\(index + 1)]", line: line(node, entry), node: node)))
    }
    return maps
  }

  public func optionalMaps(_ key: String) throws(YAMLError) -> [YAMLMap]? {
    guard try optional(key) != nil else { return nil }
    return try maps(key)
  }

  /// A mapping whose keys are names of the user's own, in the file's order; empty only when the file says `{}`.
  public func named(_ key: String) throws(YAMLError) -> [(name: String, map: YAMLMap)] {
    let outer = try map(key)
    var all: [(String, YAMLMap)] = []
    for entry in outer.entries {
      outer.note(entry.key)
      all.append((entry.key, try outer.child(entry)))
    }
    return all
  }

  /// A mapping of names of the user's own to texts, in the file's order.
  public func namedStrings(_ key: String) throws(YAMLError) -> [(name: String, value: String, line: Int)] {
    let outer = try map(key)
    var all: [(String, String, Int)] = []
    for entry in outer.entries {
      outer.note(entry.key)
      all.append((entry.key, try outer.text(entry), entry.line))
    }
    return all
  }
}
