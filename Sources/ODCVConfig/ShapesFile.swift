import ODCVCore
import ODCVYAML

/// The convex bodies that a robot's or tool's capsules were fitted to, each taken by the one capsule that names it.
///
/// `version: 1`, `source`, `licence`, `hulls: {NAME: {link, padding_m, gap_m, vertices_m: [[x, y, z], ...]}}`, in the
/// frame of the link.
struct ShapesFile {
  /// Hulls of one arm with all that is mounted on it.
  static let mostHulls = 256
  /// m, of a vertex from its link's frame along each axis: no link is that long, and millimetres would be longer.
  private static let reach = 5.0
  /// m: how far a vertex may lie outside its capsule, which is written in decimals.
  private static let rounding = 1e-6

  private struct Entry {
    var name: String
    var link: String
    var hull: ConvexHull
    var line: Int
    var isTaken = false
  }
  private let file: String
  private var entries: [Entry] = []

  /// For a file that names no shapes.
  init() { file = "" }

  init(_ map: YAMLMap) throws(ConfigError) {
    file = map.file
    _ = try map.string("source")
    _ = try map.string("licence")
    for (name, entry) in try map.named("hulls") { entries.append(try Self.entry(name, entry)) }
    guard (1...Self.mostHulls).contains(entries.count) else {
      throw map.error("hulls", "\(entries.count) hulls", "write 1 to \(Self.mostHulls), or remove `shapes` where it is named")
    }
    try map.finish()
  }

  /// The file that the key `shapes` names; none when it is absent.
  static func named(by map: YAMLMap, called name: String, in files: inout FileSource) throws(ConfigError) -> ShapesFile {
    guard let path = try map.optionalString("shapes") else { return ShapesFile() }
    return try ShapesFile(files.map(path, from: name, namedBy: (map, "shapes")).map)
  }

  /// All hulls, in the file's order; what `index(of:)` counts in.
  var hulls: [ConvexHull] { entries.map(\.hull) }

  /// The index of the hull that the key `hull` of a capsule of `link` names; `nil` when it names none.
  mutating func index(namedBy map: YAMLMap, link: String, capsule: Capsule) throws(ConfigError) -> Int? {
    guard let name = try map.optionalString("hull") else { return nil }
    guard let index = entries.firstIndex(where: { $0.name == name }) else {
      throw map.error(
        "hull", "`\(name)` is no hull" + (file.isEmpty ? ": this file names no `shapes`" : " of \(file)"),
        "write the name of a hull of the file that `shapes` names, or remove `hull`")
    }
    let entry = entries[index]
    guard entry.link == link else {
      throw map.error(
        "hull", "the hull `\(name)` is of link `\(entry.link)`, the capsule of `\(link)`", "name a hull of the same link")
    }
    guard !entry.isTaken else {
      throw map.error("hull", "the hull `\(name)` has a capsule already", "give each capsule a hull of its own")
    }
    let beyond = entry.hull.vertices.map { capsule.axisDistance(to: $0) }.max().map { $0 - capsule.radius } ?? 0
    guard beyond <= entry.hull.padding + Self.rounding else {
      throw map.error(
        "hull", "the hull `\(name)` reaches \(beyond) m beyond its capsule",
        "name the hull that the capsule was fitted to, or widen `radius_m`")
    }
    entries[index].isTaken = true
    return index
  }

  /// A hull that no capsule names would be seen by nobody.
  func checkAllTaken() throws(ConfigError) {
    for entry in entries where !entry.isTaken {
      throw ConfigError(
        file: file, line: entry.line, problem: "the hull `\(entry.name)` belongs to no capsule",
        remedy: "name it in its capsule: `hull: \(entry.name)`, or remove it")
    }
  }

  private static func entry(_ name: String, _ map: YAMLMap) throws(ConfigError) -> Entry {
    let vertices = try Geometry.vertices(map, of: name, reach: reach)
    let padding = try map.double("padding_m", .notNegative)
    let gap = try map.double("gap_m", .notNegative)
    for (key, value) in [("padding_m", padding), ("gap_m", gap)] where value > reach {
      throw map.error(key, "`\(key)` of `\(name)` is \(value)", "write metres, not millimetres")
    }
    let hull = Geometry.hull(vertices, padding: padding, gap: gap)
    return Entry(name: name, link: try map.string("link"), hull: hull, line: map.line)
  }
}

extension Capsule {
  /// Distance of a point to the segment from `a` to `b`.
  func axisDistance(to p: Vector3) -> Double {
    let (d, r) = (b - a, p - a)
    let length = d.dot(d)
    let t = length > 0 ? min(1, max(0, r.dot(d) / length)) : 0
    return (r - t * d).length
  }
}
