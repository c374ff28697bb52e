import Yams

extension YAMLMap {
  func note(_ key: String) {
    if !ledger.asked.contains(key) { ledger.asked.append(key) }
  }

  func find(_ key: String) -> Entry? {
    note(key)
    return entries.first { $0.key == key }
  }

  /// The entry of a key that may be absent; throws when a key that nobody asked for so far was probably meant to be it.
  func optional(_ key: String) throws(YAMLError) -> Entry? {
    if let entry = find(key) { return entry }
    let unread = entries.filter { !ledger.asked.contains($0.key) }
    guard let close = Spelling.mistaken(for: key, among: unread.map(\.key)) else { return nil }
    throw error(close.key, "\(close.problem) in \(what)", close.remedy)
  }

  func require(_ key: String, _ shape: String) throws(YAMLError) -> Entry {
    if let entry = try optional(key) { return entry }
    throw error("`\(key)` is missing in \(what)", "add `\(key): <\(shape)>`")
  }

  func error(at entry: Entry, _ problem: String, _ remedy: String) -> YAMLError {
    YAMLError(file: file, line: entry.line, problem: problem, remedy: remedy)
  }

  func line(_ node: Node, _ entry: Entry) -> Int { node.mark?.line ?? entry.line }

  func text(_ entry: Entry) throws(YAMLError) -> String {
    guard case .scalar(let scalar) = entry.node else {
      throw error(at: entry, "`\(entry.key)` is not text", "write one word or a quoted text")
    }
    let absent = isPlain(scalar) && ["~", "null", "Null", "NULL"].contains(scalar.string)
    guard !scalar.string.isEmpty, !absent else {
      throw error(at: entry, "`\(entry.key)` is empty", "write a text after `\(entry.key):`")
    }
    return scalar.string
  }

  /// A finite number in decimal notation.
  func number(_ node: Node, _ entry: Entry, _ bound: Bound) throws(YAMLError) -> Double {
    let entry = Entry(key: entry.key, line: line(node, entry), node: node)
    guard case .scalar(let scalar) = node, isPlain(scalar), isDecimal(scalar.string), let value = Double(scalar.string)
    else {
      let given = node.scalar.map { "`\($0.string)`" } ?? "no single value"
      throw error(at: entry, "`\(entry.key)` is \(given), not a number", "write a decimal number without quotes or unit")
    }
    guard value.isFinite else {
      throw error(at: entry, "`\(entry.key)` is \(value)", "write a finite number")
    }
    switch bound {
    case .any: break
    case .positive:
      guard value > 0 else { throw error(at: entry, "`\(entry.key)` is \(value)", "write a number greater than 0") }
    case .notNegative:
      guard value >= 0 else { throw error(at: entry, "`\(entry.key)` is \(value)", "write 0 or a greater number") }
    case .fraction:
      guard value > 0, value <= 1 else {
        throw error(at: entry, "`\(entry.key)` is \(value)", "write a number greater than 0 and at most 1")
      }
    }
    return value
  }

  func integer(_ entry: Entry) throws(YAMLError) -> Int {
    guard case .scalar(let scalar) = entry.node, isPlain(scalar), isDecimal(scalar.string), let value = Int(scalar.string)
    else {
      let given = entry.node.scalar.map { "`\($0.string)`" } ?? "no single value"
      throw error(at: entry, "`\(entry.key)` is \(given), not a whole number", "write digits without quotes or unit")
    }
    return value
  }

  func truth(_ entry: Entry) throws(YAMLError) -> Bool {
    guard case .scalar(let scalar) = entry.node, isPlain(scalar), let value = Bool(scalar.string) else {
      throw error(at: entry, "`\(entry.key)` is neither true nor false", "write `true` or `false`")
    }
    return value
  }

  func list(_ entry: Entry) throws(YAMLError) -> [Node] {
    guard case .sequence(let sequence) = entry.node else {
      throw error(at: entry, "`\(entry.key)` is not a list", "write `[...]`, or `[]` when there is none")
    }
    return Array(sequence)
  }

  func child(_ entry: Entry) throws(YAMLError) -> YAMLMap {
    let below = path.isEmpty ? entry.key : "\(path).\(entry.key)"
    guard case .mapping(let mapping) = entry.node else {
      throw error(at: entry, "`\(below)` is not a mapping", "write `key: value` entries, or `{}` when there is none")
    }
    let map = YAMLMap(mapping: mapping, file: file, path: below, line: entry.line)
    ledger.children.append(map)
    return map
  }
}

func isPlain(_ scalar: Node.Scalar) -> Bool { scalar.style == .plain || scalar.style == .any }

/// Digits with an optional sign, point and exponent. `Double` and `Int` would also take hexadecimal and names, and YAML's
/// own octal and base-60 forms read differently from what they look like.
func isDecimal(_ text: String) -> Bool {
  let digits = text.utf8.drop { $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "+") }
  guard let first = digits.first, text.utf8.count - digits.count <= 1 else { return false }
  let leadingZero = first == UInt8(ascii: "0") && digits.count > 1
  if leadingZero, let second = digits.dropFirst().first, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(second) {
    return false
  }
  return digits.allSatisfy { byte in
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "e"), UInt8(ascii: "E"),
      UInt8(ascii: "-"), UInt8(ascii: "+"):
      true
    default: false
    }
  }
}
