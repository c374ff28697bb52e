import ODCVYAML

/// The arms of one daemon, and which of its real-time loops each belongs to.
///
/// Its file names the monitor files of the arms:
///
///     version: 1
///     realtime: {mode: auto, priority: 80}
///     loops:
///       - {core: 2, monitors: [left.yaml, right.yaml]}
///       - {core: 3, monitors: [press.yaml]}
///
/// A monitor file by itself is a fleet of one arm in one loop.
public struct Fleet: Sendable {
  public struct Loop: Sendable {
    public var realtime: RealtimeSettings
    public var arms: [LoadedConfiguration]
  }

  public var loops: [Loop]

  /// Most loops of a daemon, and arms of one loop.
  static let greatestLoops = 16
  static let greatestArms = 16

  /// Reads a fleet's file, or a monitor's, and the files that it names.
  public static func load(path: String) throws(ConfigError) -> Fleet {
    let (directory, name) = FileSource.split(path)
    var files = FileSource(directory: directory)
    let map = try files.map(name)
    guard map.has("loops") else {
      let arm = try LoadedConfiguration.load(path: path)
      return Fleet(loops: [Loop(realtime: arm.realtime, arms: [arm])])
    }
    let shared = try map.map("realtime")
    let settings = RealtimeSettings(mode: try shared.choice("mode"), core: nil, priority: try shared.int("priority"))
    try shared.finish()
    let fleet = Fleet(loops: try loops(map, settings, directory))
    try map.finish()
    try check(fleet, map)
    return fleet
  }

  private static func loops(
    _ map: YAMLMap, _ settings: RealtimeSettings, _ directory: String
  ) throws(ConfigError) -> [Loop] {
    guard (1...99).contains(settings.priority) else {
      throw map.error("realtime", "`priority` is \(settings.priority)", "write a SCHED_FIFO priority from 1 to 99")
    }
    var loops: [Loop] = []
    for entry in try map.maps("loops") {
      var realtime = settings
      realtime.core = try entry.optionalInt("core")
      if let core = realtime.core { try RealtimeSettings.check(core, entry) }
      if entry.has("receive") { realtime.receive = try entry.choice("receive") }
      try realtime.checkReceive(entry)
      let monitors = try entry.strings("monitors")
      try entry.finish()
      guard (1...greatestArms).contains(monitors.count) else {
        throw entry.error(
          "monitors", "a loop of \(monitors.count) arms", "name 1 to \(greatestArms) monitor files, as in `monitors: [left.yaml]`")
      }
      var arms: [LoadedConfiguration] = []
      for file in monitors {
        guard !file.hasPrefix("/"), !file.split(separator: "/").contains("..") else {
          throw entry.error(
            "monitors", "`\(file)` does not lie beside or below this file", "write a path relative to this file and without `..`")
        }
        arms.append(try LoadedConfiguration.load(path: "\(directory)/\(file)"))
      }
      loops.append(Loop(realtime: realtime, arms: arms))
    }
    guard (1...greatestLoops).contains(loops.count) else {
      throw map.error("loops", "\(loops.count) loops", "name 1 to \(greatestLoops), as in `- {core: 1, monitors: [left.yaml]}`")
    }
    return loops
  }

  /// What two arms may not share.
  private static func check(_ fleet: Fleet, _ map: YAMLMap) throws(ConfigError) {
    var owners: [String: String] = [:]
    func claim(_ thing: String, _ arm: String, _ remedy: String) throws(ConfigError) {
      guard let other = owners.updateValue(arm, forKey: thing) else { return }
      throw map.error("loops", "`\(other)` and `\(arm)` both have \(thing)", remedy)
    }
    var cores: [Int: Int] = [:]
    for (place, loop) in fleet.loops.enumerated() {
      if let core = loop.realtime.core, let other = cores.updateValue(place, forKey: core) {
        throw map.error("loops", "loops \(other + 1) and \(place + 1) are both on core \(core)", "give each a core of its own")
      }
      for arm in loop.arms {
        try claim("the robot id `\(arm.robotID)`", arm.robotID, "give each arm an id of its own")
        try claim("the evidence directory `\(arm.evidence.directory)`", arm.robotID, "give each arm a directory of its own")
        if let key = arm.evidence.key { try claim("the log key `\(key)`", arm.robotID, "give each log a key of its own") }
        for endpoint in arm.endpoints.all where !endpoint.hasSuffix(":0") {
          try claim("the endpoint `\(endpoint)`", arm.robotID, "give each arm endpoints of its own")
        }
      }
    }
  }
}
