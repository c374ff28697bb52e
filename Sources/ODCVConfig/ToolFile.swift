import ODCVCore
import ODCVYAML

/// A tool file: links without joints, their shapes, and where the tool centre point is.
///
/// `version: 1`, `name`, `source`, `shapes` (may be left out), `links`, `tcp`; `mass_kg`, `grip`, `tool_hazard` may be left out. The first link is the one that is mounted.
/// What moves in a tool is held by shapes over its whole travel.
struct ToolFile {
  var links: [Link]
  var capsules: [LinkCapsule]
  var hulls: [ConvexHull]
  /// `link` counts in `links`.
  var toolCentrePoint: ToolCentrePoint
  /// kg
  var mass: Double
  var grip: Grip?
  /// Its links count in `links`.
  var hazard: ToolHazard?

  /// `name` is what the source calls the file.
  init(_ map: YAMLMap, called name: String, from files: inout FileSource) throws(ConfigError) {
    _ = try map.string("name")
    _ = try map.string("source")
    var reader = LinkReader(joints: [], shapes: try ShapesFile.named(by: map, called: name, in: &files))
    for (name, entry) in try map.named("links") { try reader.add(name, entry) }
    try reader.checkComplete(map)
    (links, capsules, hulls) = (reader.links, reader.capsules, reader.shapes.hulls)
    toolCentrePoint = try RobotFile.toolCentrePoint(map.map("tcp"), links: links)
    mass = try map.optionalDouble("mass_kg", .positive) ?? 0
    grip = try Carried.grip(map)
    hazard = try Carried.hazard(map, links: links)
    try map.finish()
    try Plausibility.check(robot: map)
  }
}
