import ODCVCore
import ODCVYAML

/// A table of what a human body bears and how fast one comes near: data with its source, marks of how sure each number is,
/// and a hash, which a site may replace by its own.
public struct BodyTableFile: Sendable, Equatable {
  /// How sure a number is.
  public enum Mark: String, Sendable, CaseIterable {
    /// Two independent public sources agree.
    case ok
    /// One public source.
    case one
    /// Sources disagree, or there is none to read: check it before relying on it.
    case verify
  }

  /// A place of a region where pain was measured.
  public struct Place: Sendable, Equatable {
    public var region: BodyRegion
    public var name: String
    /// Quasi-static, Pa and N.
    public var pressure: Double
    public var force: Double
  }

  public var name: String
  public var edition: String
  public var source: String
  /// Of the file as it is, 32 bytes.
  public var sha256: [UInt8]
  public var table: BodyTable
  public var places: [Place]
  public var approach: ApproachTable
  /// How many numbers carry each mark.
  public var marks: [Mark: Int]

  /// Reads and checks a table file by itself.
  public static func load(path: String) throws(ConfigError) -> BodyTableFile {
    var (files, name) = FileSource.alone(path)
    let map = try files.map(name)
    return try BodyTableFile(map, bytes: files.read.last?.bytes ?? [])
  }

  init(_ map: YAMLMap, bytes: [UInt8]) throws(ConfigError) {
    var reader = BodyTableReader()
    name = try map.string("name")
    edition = try map.string("edition")
    source = try map.string("source")
    sha256 = ConfigurationFile.sha256(bytes)
    let transient = try map.map("transient")
    let time = try transient.double("time_s", .positive)
    try reader.mark("mark", transient)
    places = try reader.places(map)
    table = BodyTable(rows: try reader.regions(map, places), transientTime: time)
    approach = try reader.approach(map.map("approach"))
    marks = reader.marks
    try map.finish()
  }
}

/// Takes a table file's parts one by one and counts their marks.
private struct BodyTableReader {
  private(set) var marks: [BodyTableFile.Mark: Int] = [:]

  mutating func mark(_ key: String, _ map: YAMLMap) throws(ConfigError) {
    marks[try map.choice(key, BodyTableFile.Mark.self), default: 0] += 1
  }

  mutating func places(_ map: YAMLMap) throws(ConfigError) -> [BodyTableFile.Place] {
    var places: [BodyTableFile.Place] = []
    for entry in try map.maps("places") {
      let region = try BodyRegionName.region("region", entry)
      let place = BodyTableFile.Place(
        region: region, name: try entry.string("place"), pressure: try entry.double("pressure_pa", .positive),
        force: try entry.double("force_n", .positive))
      guard !places.contains(where: { $0.region == region && $0.name == place.name }) else {
        throw entry.error("place", "`\(place.name)` is given twice", "keep one of them")
      }
      // 1 N/cm² is 10 kPa: a number in N/cm² or N/mm² is below what any skin feels.
      guard (1e4...1e8).contains(place.pressure), place.force <= 2000 else {
        throw entry.error(
          "a limit of \(place.pressure) Pa and \(place.force) N for `\(place.name)`",
          "write Pa (1 N/cm² is 10000 Pa) and N")
      }
      try mark("pressure_mark", entry)
      try mark("force_mark", entry)
      places.append(place)
    }
    return places
  }

  mutating func regions(_ map: YAMLMap, _ places: [BodyTableFile.Place]) throws(ConfigError) -> [BodyLimits] {
    let regions = try map.map("regions")
    var rows: [BodyLimits] = []
    for name in BodyRegionName.allCases { rows.append(try row(name, regions.map(name.rawValue), places)) }
    return rows
  }

  private mutating func row(
    _ name: BodyRegionName, _ map: YAMLMap, _ places: [BodyTableFile.Place]
  ) throws(ConfigError) -> BodyLimits {
    let own = places.filter { $0.region == name.core }
    guard let force = own.map(\.force).min(), let pressure = own.map(\.pressure).min() else {
      throw map.error(
        "no place of `\(name.rawValue)` has a limit", "add one under `places`: a region without a limit would bear anything")
    }
    let factor = try factor(name, map)
    let quoted = try map.optionalDouble("quoted_energy_j", .positive)
    if quoted != nil { try mark("quoted_mark", map) }
    let stiffness = try map.double("stiffness_n_m", .positive)
    guard stiffness >= 1000 else {
      throw map.error(
        "stiffness_n_m", "a spring constant of \(stiffness) N/m", "write it in N/m: 1 N/mm is 1000 N/m")
    }
    try mark("stiffness_mark", map)
    let limits = BodyLimits(
      force: force, pressure: pressure, transientFactor: factor, stiffness: stiffness,
      mass: try map.double("mass_kg", .positive), quotedEnergy: quoted)
    try mark("mass_mark", map)
    return limits
  }

  /// More may be borne for a moment than for long, never less; and nothing on the head.
  private mutating func factor(_ name: BodyRegionName, _ map: YAMLMap) throws(ConfigError) -> Double? {
    switch name {
    case .skull, .face:
      guard !map.has("transient_factor") else {
        throw map.error(
          "transient_factor", "a transient limit for the \(name.rawValue): no contact with it may be designed for",
          "remove `transient_factor` and `transient_mark`")
      }
      return nil
    case .neck, .back, .chest, .abdomen, .pelvis, .upperArm, .forearm, .hand, .thigh, .lowerLeg:
      let factor = try map.double("transient_factor", .positive)
      guard factor >= 1 else {
        throw map.error(
          "transient_factor", "the limits of `\(name.rawValue)` cross: transient is \(factor) of quasi-static",
          "write a factor of at least 1")
      }
      guard factor <= 4 else {
        throw map.error("transient_factor", "a transient factor of \(factor)", "write the factor, not the limit itself")
      }
      try mark("transient_mark", map)
      return factor
    }
  }

  mutating func approach(_ map: YAMLMap) throws(ConfigError) -> ApproachTable {
    let table = ApproachTable(
      walking: try map.double("walking_m_s", .positive), hand: try map.double("hand_m_s", .positive),
      switchDistance: try map.double("switch_distance_m", .positive),
      leastDistance: try map.double("least_distance_m", .notNegative),
      resolutionFactor: try map.double("resolution_factor", .positive),
      freeResolution: try map.double("free_resolution_m", .notNegative),
      fineResolution: try map.double("fine_resolution_m", .positive),
      coarseResolution: try map.double("coarse_resolution_m", .positive),
      coarseIntrusion: try map.double("coarse_intrusion_m", .positive),
      parallelIntrusion: try map.double("parallel_intrusion_m", .positive),
      heightFactor: try map.double("height_factor", .notNegative))
    for key in ["walking_mark", "hand_mark", "switch_mark", "intrusion_mark"] { try mark(key, map) }
    guard table.walking <= table.hand, table.hand < 10, table.leastDistance <= table.switchDistance,
      table.freeResolution <= table.fineResolution, table.fineResolution <= table.coarseResolution,
      table.coarseIntrusion <= table.parallelIntrusion
    else {
      throw map.error(
        "numbers of `approach` cross",
        "write walking below hand, least below switch distance, and the resolutions and intrusions in rising order, in m and m/s")
    }
    return table
  }
}

/// Regions as files name them.
enum BodyRegionName: String, CaseIterable {
  case skull, face, neck, back, chest, abdomen, pelvis
  case upperArm = "upper_arm"
  case forearm, hand, thigh
  case lowerLeg = "lower_leg"

  var core: BodyRegion {
    switch self {
    case .skull: .skull
    case .face: .face
    case .neck: .neck
    case .back: .back
    case .chest: .chest
    case .abdomen: .abdomen
    case .pelvis: .pelvis
    case .upperArm: .upperArm
    case .forearm: .forearm
    case .hand: .hand
    case .thigh: .thigh
    case .lowerLeg: .lowerLeg
    }
  }

  static func region(_ key: String, _ map: YAMLMap) throws(ConfigError) -> BodyRegion {
    try map.choice(key, BodyRegionName.self).core
  }
}
