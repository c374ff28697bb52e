import ODCVCore
import ODCVYAML

/// Everything that one monitor file and the files it names declare, checked.
public struct LoadedConfiguration: Sendable {
  /// What verdicts hang on; its digest covers all files.
  public var core: Configuration
  /// The last part of every topic.
  public var robotID: String
  public var endpoints: Endpoints
  public var mode: Mode
  public var realtime: RealtimeSettings
  public var evidence: EvidenceSettings
  /// s that the driver may move for after each lease.
  public var lease: Double
  /// Where metrics are written every second, as a textfile collector reads them; `nil`: nowhere.
  public var metricsFile: String?
  /// Ed25519 public keys, 32 bytes each, of those who may reset a latch.
  public var operators: [String: [UInt8]]
  /// Rule id to `file:line layer: source` of each of its limits.
  public var limitSources: [String: String]
  /// The table that limits contact with people; `nil` where nothing needs one.
  public var bodyTable: BodyTableFile?
  /// The posture that the arm waits in, rad; `nil`: the cell names none.
  public var ready: JointVector?
  /// All files that were read, in the order of their names.
  public var attachments: [ConfigurationFile]

  public var jointNames: [String] { core.robot.joints.map(\.name) }
  public var linkNames: [String] { core.robot.links.map(\.name) }
  public var obstacleNames: [String] { core.cell.obstacles.map(\.name) }
  public var zoneNames: [String] { core.cell.zones.map(\.name) }
  public var peopleSensorIDs: [String] { core.cell.peopleSensors.map(\.id) }
  public var obstacleSensorIDs: [String] { core.cell.obstacleSensors.map(\.id) }

  /// Reads a monitor file and the files that it names.
  public static func load(path: String) throws(ConfigError) -> LoadedConfiguration {
    let (directory, name) = FileSource.split(path)
    return try load(FileSource(directory: directory), monitor: name)
  }

  /// The same from the files that a recording carries.
  public static func load(attachments: [ConfigurationFile]) throws(ConfigError) -> LoadedConfiguration {
    var candidates: [String] = []
    for file in attachments {
      let map = try YAMLFile.map(bytes: file.bytes, name: file.name)
      if map.has("robot_id") { candidates.append(file.name) }
    }
    guard candidates.count == 1 else {
      throw ConfigError(
        file: candidates.isEmpty ? "attachments" : candidates.joined(separator: ", "), line: nil,
        problem: "\(candidates.count) of the attached files are monitor files (with `robot_id`)",
        remedy: "give exactly the files of one configuration")
    }
    return try load(FileSource(attachments: attachments), monitor: candidates[0])
  }

  private static func load(_ files: FileSource, monitor name: String) throws(ConfigError) -> LoadedConfiguration {
    var files = files
    let map = try files.map(name)
    guard !map.has("loops") else {
      throw map.error("loops", "this file is a fleet's, of several arms", "name the monitor file of one of them")
    }
    let monitor = try MonitorFile(map)
    let robotMap = try files.map(below: monitor.robot, namedBy: (map, "robot"))
    var assembly = try RobotFile.assembly(robotMap, called: monitor.robot, from: &files)
    let cellMap = try files.map(below: monitor.cell, namedBy: (map, "cell"))
    let cell = try CellFile.cell(cellMap, called: monitor.cell, arm: &assembly, from: &files)
    let robot = assembly.robot
    var rules = RuleLayers()
    for file in monitor.rules { try rules.add(files.map(below: file, namedBy: (map, "rules"))) }
    let limits = try rules.limits(monitor: map)
    let table = try bodyTable(monitor, map, &files)
    try ContactReader.check(cell, robot, limits, table, cell: cellMap, monitor: map)
    try Plausibility.check(cell, cellMap)
    try RobotFile.checkRanges(robot, margin: limits[.motionPosition, "margin_rad"], robotMap)
    try assembly.checkSelfPairs(limit: limits[.clearanceSelf, "least_m"])
    try CellFile.checkObstacles(cell, robot, limit: limits[.clearanceStatic, "least_m"], cellMap)
    let attachments = files.read.sorted { Array($0.name.utf8).lexicographicallyPrecedes(Array($1.name.utf8)) }
    let digest = ConfigurationFile.digest(of: attachments)
    return LoadedConfiguration(
      core: Configuration(robot: robot, cell: cell, limits: limits, digest: digest, bodies: table?.table),
      robotID: monitor.robotID, endpoints: monitor.endpoints, mode: monitor.mode, realtime: monitor.realtime,
      evidence: monitor.evidence, lease: monitor.lease, metricsFile: monitor.metricsFile, operators: monitor.operators,
      limitSources: try rules.sources.merging(CellFile.limitSources(cellMap, cell, assembly.carried)) { "\($0); \($1)" },
      bodyTable: table, ready: try CellFile.ready(cellMap, robot), attachments: attachments)
  }

  private static func bodyTable(
    _ monitor: MonitorFile, _ map: YAMLMap, _ files: inout FileSource
  ) throws(ConfigError) -> BodyTableFile? {
    guard let name = monitor.bodyLimits else { return nil }
    let table = try files.map(below: name, namedBy: (map, "body_limits"))
    return try BodyTableFile(table, bytes: files.read.first { $0.name == name }?.bytes ?? [])
  }
}
