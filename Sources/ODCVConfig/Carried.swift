import ODCVCore
import ODCVYAML

/// What robot, tool and cell file say of loads, the gripper and a hazardous tool, until the cell takes it.
struct Carried {
  /// Rated load at the flange, kg.
  var rated: Double?
  /// kg
  var toolMass = 0.0
  var objectMass: Double?
  var grip: Grip?
  var hazard: ToolHazard?
  /// Where each of them stands that was read last, by its key: `file:line layer: source`, the source being the file's.
  private(set) var places: [String: String] = [:]

  /// Remembers where `key` stands in a robot, tool or cell file, if it does.
  mutating func note(_ key: String, in map: YAMLMap, _ layer: String) throws(ConfigError) {
    guard map.has(key) else { return }
    places[key] = "\(map.file):\(map.line(of: key)) \(layer): \(try map.string("source"))"
  }

  var payload: Payload? { rated.map { Payload(greatest: $0, tool: toolMass, object: objectMass) } }

  /// `{greatest_n, standard_n}`
  static func grip(_ map: YAMLMap) throws(ConfigError) -> Grip? {
    guard let map = try map.optionalMap("grip") else { return nil }
    _ = try map.string("source")
    return Grip(
      greatest: try map.double("greatest_n", .positive), standard: try map.optionalDouble("standard_n", .notNegative))
  }

  /// `{links: [LINK, ...], least_m, only_when_active, lasts_s}`
  static func hazard(_ map: YAMLMap, links: [Link]) throws(ConfigError) -> ToolHazard? {
    guard let map = try map.optionalMap("tool_hazard") else { return nil }
    _ = try map.string("source")
    var places: [Int] = []
    for name in try map.strings("links") {
      guard let link = links.firstIndex(where: { $0.name == name }) else {
        throw map.error(
          "links", "`\(name)` in `tool_hazard` is no link here", "write one of \(links.map(\.name).joined(separator: ", "))")
      }
      places.append(link)
    }
    guard !places.isEmpty else {
      throw map.error("links", "`tool_hazard` names no links", "name the tool's links that are the hazard")
    }
    return ToolHazard(
      links: places, least: try map.double("least_m", .positive), onlyWhenActive: try map.bool("only_when_active"),
      lasts: try map.double("lasts_s", .notNegative))
  }
}

extension Assembly {
  /// The load that a robot file's `payload: {greatest_kg, source}` rates the arm for, and a gripper of its own.
  mutating func rate(_ map: YAMLMap) throws(ConfigError) {
    if let grip = try Carried.grip(map) { carried.grip = grip }
    for key in ["grip", "payload"] { try carried.note(key, in: map, "robot") }
    guard let payload = try map.optionalMap("payload") else { return }
    _ = try payload.string("source")
    carried.rated = try payload.double("greatest_kg", .positive)
    carried.toolMass += try payload.double("mounted_kg", .notNegative)
  }

  /// What a cell file says of the gripper and the tool takes the place of the robot's and the tool's own, and may only tighten.
  mutating func tighten(_ map: YAMLMap) throws(ConfigError) {
    if let part = try map.optionalDouble("greatest_part_kg", .notNegative) {
      if let rated = carried.rated, part > rated {
        throw map.error(
          "greatest_part_kg", "`greatest_part_kg` is \(part) kg, more than the arm's rated load, \(rated) kg",
          "write it in kg, not in grams, at most `greatest_kg` of the robot file's `payload`")
      }
      carried.objectMass = max(carried.objectMass ?? 0, part)
    }
    if let grip = try Carried.grip(map) {
      if let before = carried.grip, grip.greatest > before.greatest {
        throw map.error(
          "grip", "`greatest_n` \(grip.greatest) is looser than the gripper's own \(before.greatest)",
          "a cell may only tighten it: write at most \(before.greatest)")
      }
      carried.grip = Grip(greatest: grip.greatest, standard: grip.standard ?? carried.grip?.standard)
    }
    if let hazard = try Carried.hazard(map, links: robot.links) {
      if let before = carried.hazard, hazard.least < before.least {
        throw map.error(
          "tool_hazard", "`least_m` \(hazard.least) is looser than the tool's own \(before.least)",
          "a cell may only tighten it: write at least \(before.least)")
      }
      carried.hazard = hazard
    }
    for key in ["grip", "tool_hazard"] { try carried.note(key, in: map, "cell") }
  }
}
