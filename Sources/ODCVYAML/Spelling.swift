/// What a wrong word was meant to be.
public enum Spelling {
  /// Units as they end a key, longest first.
  static let units = [
    "_kg_m2", "_rad_s3", "_rad_s2", "_rad_s", "_m_s3", "_m_s2", "_m_s", "_rad", "_nm", "_kg", "_pa", "_s", "_m", "_n",
    "_j",
  ]
  /// Units that are not read here but are often written.
  private static let foreignUnits = ["_deg_s2", "_deg_s", "_degrees", "_deg", "_mm_s", "_mm", "_cm", "_ms", "_us", "_hz", "_g"]

  static func unit(of key: String) -> String? { units.first { key.hasSuffix($0) && key.count > $0.count } }

  private static func stem(_ key: String) -> Substring {
    let suffixes = (units + foreignUnits).filter { key.hasSuffix($0) && key.count > $0.count }
    return key.dropLast(suffixes.map(\.count).max() ?? 0)
  }

  /// The key among `present` that was probably meant to be the missing key.
  static func mistaken(for missing: String, among present: [String]) -> (key: String, problem: String, remedy: String)? {
    if let unit = unit(of: missing) {
      for key in present where stem(key) == stem(missing) {
        let problem = stem(key) == key ? "`\(key)` has no unit" : "`\(key)` is in another unit"
        return (key, problem, "write `\(missing)`, with the value in \(readable(unit))")
      }
    }
    guard let key = nearest(to: missing, among: present) else { return nil }
    return (key, "unknown key `\(key)`", "did you mean `\(missing)`?")
  }

  static func remedy(unknown: String, known: [String]) -> String {
    if let same = known.first(where: { stem($0) == stem(unknown) }), let unit = unit(of: same) {
      return "write `\(same)`, with the value in \(readable(unit))"
    }
    if let close = nearest(to: unknown, among: known) { return "did you mean `\(close)`?" }
    return known.isEmpty ? "remove it" : "remove it; known keys: \(known.joined(separator: ", "))"
  }

  private static func readable(_ unit: String) -> String {
    switch unit {
    case "_m": "m"
    case "_s": "s"
    case "_n": "N"
    case "_nm": "Nm"
    case "_j": "J"
    case "_pa": "Pa"
    case "_m_s": "m/s"
    case "_m_s2": "m/s²"
    case "_m_s3": "m/s³"
    case "_rad_s": "rad/s"
    case "_rad_s2": "rad/s²"
    case "_rad_s3": "rad/s³"
    case "_kg_m2": "kg m²"
    default: String(unit.dropFirst())
    }
  }

  /// The candidate within two edits, and within half of the key.
  private static func nearest(to key: String, among candidates: [String]) -> String? {
    let allowed = min(2, key.count / 2)
    let ranked = candidates.map { ($0, distance(Array($0.utf8), Array(key.utf8))) }
    return ranked.filter { $0.1 <= allowed }.min { $0.1 < $1.1 }?.0
  }

  /// Letters to put in, leave out or change, whatever their case.
  public static func edits(from word: String, to other: String) -> Int {
    distance(Array(word.lowercased().utf8), Array(other.lowercased().utf8))
  }

  /// Levenshtein's edit distance.
  private static func distance(_ a: [UInt8], _ b: [UInt8]) -> Int {
    var row = Array(0...b.count)
    for (i, x) in a.enumerated() {
      var diagonal = row[0]
      row[0] = i + 1
      for (j, y) in b.enumerated() {
        let substituted = diagonal + (x == y ? 0 : 1)
        diagonal = row[j + 1]
        row[j + 1] = min(substituted, row[j] + 1, diagonal + 1)
      }
    }
    return row[b.count]
  }
}
