import ODCVCore
import ODCVYAML

/// What is wrong with the files of a configuration, as far as one mistake can be told without another: part by part. Unknown keys of
/// a file are told when all else in it is right.
struct Problems {
  private(set) var all: [ConfigError] = []

  @discardableResult
  private mutating func attempt<Part>(_ read: () throws(ConfigError) -> Part) -> Part? {
    do throws(ConfigError) {
      return try read()
    } catch {
      add([error])
      return nil
    }
  }

  mutating func add(_ problems: [ConfigError]) {
    for problem in problems where !all.contains(problem) { all.append(problem) }
  }

  /// A monitor file and the files that it names.
  mutating func read(monitor path: String) {
    do throws(ConfigError) { _ = try LoadedConfiguration.load(path: path) } catch { readParts(path, error) }
  }

  private mutating func readParts(_ path: String, _ first: ConfigError) {
    let (directory, name) = FileSource.split(path)
    var files = FileSource(directory: directory)
    guard let map = attempt({ () throws(ConfigError) in try files.map(name) }) else { return }
    if attempt({ () throws(ConfigError) in try MonitorFile(map) }) == nil { readMonitor(map) }
    var arm: Assembly?
    if let robot = try? map.string("robot") { arm = read(robot: robot, map, &files) }
    if let cell = try? map.string("cell") { read(cell: cell, arm, map, &files) }
    var rules = RuleLayers()
    for file in (try? map.strings("rules")) ?? [] {
      guard let entries = attempt({ () throws(ConfigError) in try files.map(below: file, namedBy: (map, "rules")) }) else { continue }
      var whole = rules
      do throws(ConfigError) {
        try whole.add(entries)
        rules = whole
      } catch {
        add(rules.problems(entries))
        add([error])
      }
    }
    if let table = try? map.optionalString("body_limits") {
      attempt { () throws(ConfigError) in
        _ = try BodyTableFile(files.map(below: table, namedBy: (map, "body_limits")), bytes: [])
      }
    }
    // What one file says against another is read when each is right by itself.
    add([first])
  }

  private mutating func readMonitor(_ map: YAMLMap) {
    attempt { () throws(ConfigError) in _ = try MonitorFile.robotID(map) }
    for key in ["robot", "cell"] { attempt { () throws(ConfigError) in _ = try map.string(key) } }
    attempt { () throws(ConfigError) in _ = try map.strings("rules") }
    attempt { () throws(ConfigError) in _ = try MonitorFile.endpoints(map.map("endpoints")) }
    attempt { () throws(ConfigError) in let _: Mode = try map.choice("mode") }
    attempt { () throws(ConfigError) in _ = try RealtimeSettings(map.map("realtime")) }
    attempt { () throws(ConfigError) in _ = try EvidenceSettings(map.map("evidence")) }
    attempt { () throws(ConfigError) in _ = try MonitorFile.lease(map) }
    attempt { () throws(ConfigError) in _ = try MonitorFile.operators(map) }
  }

  private mutating func read(robot name: String, _ monitor: YAMLMap, _ files: inout FileSource) -> Assembly? {
    guard let map = attempt({ () throws(ConfigError) in try files.map(below: name, namedBy: (monitor, "robot")) }) else { return nil }
    if let arm = attempt({ () throws(ConfigError) in try RobotFile.assembly(map, called: name, from: &files) }) { return arm }
    let joints = attempt { () throws(ConfigError) in try RobotFile.joints(map) }
    if let joints {
      let count = joints.count
      attempt { () throws(ConfigError) in _ = try RobotFile.tracking(map.map("tracking"), count) }
      attempt { () throws(ConfigError) in _ = try RobotFile.stopping(map.map("stopping"), count) }
      attempt { () throws(ConfigError) in _ = try RobotFile.effortControl(map, count) }
      readLinks(map, called: name, joints, &files)
    }
    attempt { () throws(ConfigError) in _ = try RobotFile.measurement(map.map("measurement")) }
    attempt { () throws(ConfigError) in _ = try RobotFile.inverseKinematics(map) }
    attempt { () throws(ConfigError) in _ = try RobotFile.velocityControl(map) }
    attempt { () throws(ConfigError) in _ = try RobotFile.reducedModes(map) }
    add(Plausibility.problems(robot: map))
    return nil
  }

  private mutating func readLinks(_ map: YAMLMap, called name: String, _ joints: [Joint], _ files: inout FileSource) {
    let links = attempt { () throws(ConfigError) in
      var reader = LinkReader(joints: joints, shapes: try ShapesFile.named(by: map, called: name, in: &files))
      for (name, entry) in try map.named("links") { try reader.add(name, entry) }
      try reader.checkComplete(map)
      return reader.links
    }
    guard let links else { return }
    attempt { () throws(ConfigError) in _ = try SelfPairs.read(map, links: links) }
    attempt { () throws(ConfigError) in _ = try RobotFile.toolCentrePoint(map.map("tcp"), links: links) }
  }

  private mutating func read(cell name: String, _ arm: Assembly?, _ monitor: YAMLMap, _ files: inout FileSource) {
    guard let map = attempt({ () throws(ConfigError) in try files.map(below: name, namedBy: (monitor, "cell")) }) else { return }
    if var arm {
      let read: Void? = attempt { () throws(ConfigError) in
        let cell = try CellFile.cell(map, called: name, arm: &arm, from: &files)
        try Plausibility.check(cell, map)
      }
      if read != nil { return }
      attempt { () throws(ConfigError) in _ = try CellFile.expectedContacts(map, robot: arm.robot) }
      attempt { () throws(ConfigError) in _ = try CellFile.ready(map, arm.robot) }
    }
    attempt { () throws(ConfigError) in _ = try CellFile.obstacles(map) }
    attempt { () throws(ConfigError) in _ = try CellFile.zones(map) }
    attempt { () throws(ConfigError) in _ = try CellFile.input(map.map("inputs").map("state")) }
    let people = attempt { () throws(ConfigError) in try CellFile.sensors(map, "people_sensors", seePeople: true) }
    let obstacles = attempt { () throws(ConfigError) in try CellFile.sensors(map, "obstacle_sensors", seePeople: false) }
    if let people, let obstacles {
      attempt { () throws(ConfigError) in _ = try CellSources.clocks(map, people: people, obstacles: obstacles) }
    }
    attempt { () throws(ConfigError) in _ = try CellFile.notMeasured(map) }
    attempt { () throws(ConfigError) in _ = try CellSources.heartbeats(map) }
    attempt { () throws(ConfigError) in _ = try CellSources.automaticModes(map) }
    attempt { () throws(ConfigError) in _ = try CellSequences.signals(map) }
    for key in ["control_period_s", "verdict_deadline_s"] {
      attempt { () throws(ConfigError) in _ = try map.double(key, .positive) }
    }
    add(Plausibility.problems(cell: map))
  }
}

extension Fleet {
  /// Everything that is wrong with a monitor file or a fleet's and the files that it names; empty when `load` takes it.
  public static func problems(path: String) -> [ConfigError] {
    var problems = Problems()
    do throws(ConfigError) {
      _ = try load(path: path)
      return []
    } catch {
      let (directory, name) = FileSource.split(path)
      var files = FileSource(directory: directory)
      if let map = try? files.map(name), map.has("loops") {
        for monitor in ((try? map.maps("loops")) ?? []).flatMap({ (try? $0.strings("monitors")) ?? [] }) {
          problems.read(monitor: "\(directory)/\(monitor)")
        }
      } else {
        problems.read(monitor: path)
      }
      problems.add([error])
    }
    return problems.all
  }
}
