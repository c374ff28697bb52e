import ODCVYAML

extension Scenario {
  /// Reads a scenario's file and compiles its scene. `scene` replaces the scene that the file names.
  public static func load(path: String, scene: String? = nil) throws(SimError) -> Scenario {
    do {
      return try ScenarioReader(path: path).read(scene: scene)
    } catch let error as YAMLError {
      throw SimError(error.description)
    } catch let error as SimError {
      throw error
    } catch {
      throw SimError("\(path): \(error)")
    }
  }
}

private struct ScenarioReader {
  let path: String

  private func beside(_ other: String) -> String {
    if other.hasPrefix("/") { return other }
    guard let slash = path.lastIndex(of: "/") else { return other }
    return String(path[...slash]) + other
  }

  func read(scene override: String?) throws -> Scenario {
    let map = try YAMLMap.load(path: path)
    let simulation = try map.map("simulation")
    let ownScene = try simulation.string("scene")
    let scenePath = override ?? beside(ownScene)
    let task = try map.map("task")
    let kpi = try map.map("kpi")
    let scene = try SceneModel(path: scenePath)
    let posture = try task.doubles("posture_rad", count: scene.arm.jointCount)
    let compliant = try points(task, "compliant")
    let shortcut = task.has("shortcut") ? try points(task, "shortcut") : compliant
    guard shortcut.count == compliant.count, shortcut.first == compliant.first, shortcut.last == compliant.last else {
      throw task.error("shortcut", "not between the ends of `compliant` by as many points", "match the two ways")
    }
    guard let way = Way(points: compliant, posture: posture, arm: scene.arm) else {
      throw task.error("compliant", "the arm cannot reach every point", "move them or change `posture_rad`")
    }
    guard let shortWay = Way(points: shortcut, posture: posture, arm: scene.arm) else {
      throw task.error("shortcut", "the arm cannot reach every point", "move them or change `posture_rad`")
    }
    let zones = try zones(map)
    let forceZone = try map.optionalString("force_zone")
    if let forceZone, !zones.contains(where: { $0.name == forceZone }) {
      throw map.error("force_zone", "no zone is named `\(forceZone)`", "name one of `zones`")
    }
    let scenario = Scenario(
      id: try map.string("id"), name: try map.string("name"), title: try map.string("title"),
      robotID: try simulation.string("robot_id"), monitorConfiguration: beside(try map.string("monitor")),
      episodeLength: try simulation.double("episode_s", .positive),
      controlPeriod: try period(simulation), actionStream: try task.choice("action") as Scenario.ActionStream,
      tolerance: try task.double("tolerance_m", .positive), dwell: try task.double("dwell_s", .notNegative),
      kpi: Scenario.KPI(
        name: try kpi.string("name"), unit: try kpi.string("unit"), target: try kpi.double("target", .positive),
        scale: try kpi.double("per_s", .positive)),
      constraints: try constraints(map, zones), zones: zones, forceZone: forceZone, person: try person(map),
      texts: try texts(map), path: path, scenePath: scenePath, scene: scene, way: way, shortWay: shortWay)
    try map.finish()
    return scenario
  }

  private func period(_ simulation: YAMLMap) throws -> Double {
    let period = try simulation.double("control_period_s", .positive)
    let steps = (period * 1000).rounded()
    guard steps >= 1, abs(period * 1000 - steps) < 1e-9 else {
      throw simulation.error(
        "control_period_s", "the physics runs in steps of 0.001 s", "write a whole number of milliseconds, as 0.02")
    }
    return period
  }

  private func points(_ task: YAMLMap, _ key: String) throws -> [SIMD3<Double>] {
    let points = try task.maps(key)
    guard points.count >= 2 else { throw task.error(key, "a way needs two points", "add where it ends") }
    return try points.map { try $0.vector3("at_m") }
  }

  private func zones(_ map: YAMLMap) throws -> [Scenario.Zone] {
    guard map.has("zones") else { return [] }
    return try map.named("zones").map { name, zone in
      let minimum = try zone.vector3("min_m")
      let maximum = try zone.vector3("max_m")
      for axis in 0..<3 where !(minimum[axis] < maximum[axis]) {
        throw zone.error("max_m", "not above `min_m` on every axis", "swap them")
      }
      return Scenario.Zone(name: name, minimum: minimum, maximum: maximum)
    }
  }

  private func constraints(_ map: YAMLMap, _ zones: [Scenario.Zone]) throws -> [Scenario.Constraint] {
    try map.maps("constraints").map { item in
      let kind: Scenario.Constraint.Kind = try item.choice("rule")
      let (key, unit): (String, String)
      switch kind {
      case .staticClearance: (key, unit) = ("limit_m", "m")
      case .humanSeparation: (key, unit) = ("limit_m", "m")
      case .zoneSpeed: (key, unit) = ("limit_m_s", "m/s")
      }
      var zone: String?
      if case .zoneSpeed = kind {
        let name = try item.string("zone")
        guard zones.contains(where: { $0.name == name }) else {
          throw item.error("zone", "no zone is named `\(name)`", "name one of `zones`")
        }
        zone = name
      }
      return Scenario.Constraint(
        id: try item.string("id"), kind: kind, limit: try item.double(key, .notNegative), unit: unit,
        told: try item.string("told"), zone: zone)
    }
  }

  private enum Script: String, CaseIterable { case absent, walk, handover }

  private func person(_ map: YAMLMap) throws -> PersonScript {
    let person = try map.map("person")
    let script: Script = try person.choice("script")
    switch script {
    case .absent: return .absent
    case .walk:
      let from = try person.double("from_y_m")
      let to = try person.double("to_y_m")
      guard to > from else { throw person.error("to_y_m", "not above `from_y_m`", "swap them") }
      return .walk(
        lane: try person.double("lane_x_m"), from: from, to: to, speed: try person.double("speed_m_s", .positive),
        rest: try person.double("rest_s", .notNegative))
    case .handover:
      let at = try person.doubles("at_m", count: 2)
      return .handover(at: SIMD2(at[0], at[1]), tips: try person.vector3("hand_m"))
    }
  }

  private func texts(_ map: YAMLMap) throws -> [String: String] {
    let conditions = try map.map("conditions")
    var texts: [String: String] = [:]
    for name in Scenario.conditions { texts[name] = try conditions.map(name).string("text") }
    return texts
  }
}
