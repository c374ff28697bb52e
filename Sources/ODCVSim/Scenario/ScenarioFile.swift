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
    let task = try map.map("task")
    let kpi = try map.map("kpi")
    let (scene, scenePath) = try scene(map, simulation, override)
    let reader = try TaskReader(task, arm: scene.arm, fixtures: scene.obstacles.map(\.name))
    let zones = try zones(map)
    let zone = { (map: YAMLMap, key: String, name: String) throws -> Void in
      guard zones.contains(where: { $0.name == name }) else {
        throw map.error(key, "no zone is named `\(name)`", "name one of `zones`")
      }
    }
    let forceZone = try map.optionalString("force_zone")
    if let forceZone { try zone(map, "force_zone", forceZone) }
    let blindZones = map.has("blind_zones") ? try map.strings("blind_zones") : []
    for name in blindZones { try zone(map, "blind_zones", name) }
    let operations = try reader.operations()
    let acts = try reader.acts(operations)
    let constraints = try map.maps("constraints").map { item in
      try ConstraintReader(map: item, operations: operations, acts: acts, fixtures: scene.obstacles.map(\.name))
        .read(zone: zone)
    }
    let part = try reader.part()
    let scenario = Scenario(
      id: try map.string("id"), name: try map.string("name"), title: try map.string("title"),
      robotID: try simulation.string("robot_id"), monitorConfiguration: try map.optionalString("monitor").map(beside),
      episodeLength: try simulation.double("episode_s", .positive),
      controlPeriod: try period(simulation), actionStream: try task.choice("action") as Scenario.ActionStream,
      hasBothStreams: try task.optionalBool("both_streams") ?? false,
      tolerance: try task.double("tolerance_m", .positive), dwell: try task.double("dwell_s", .notNegative),
      kpi: Scenario.KPI(
        name: try kpi.string("name"), counts: kpi.has("counts") ? try kpi.choice("counts") : .cycles,
        unit: try kpi.string("unit"), target: try kpi.double("target", .positive),
        scale: try kpi.double("per_s", .positive)),
      constraints: constraints, zones: zones, forceZone: forceZone, person: try person(map),
      texts: try texts(map), gaps: try gaps(map), scaled: try map.optionalString("scaled"), path: path,
      scenePath: scenePath, operations: operations, acts: acts, chance: try reader.chance(), partMass: part.mass,
      partShape: part.shape, gripForce: try task.optionalDouble("grip_n", .positive) ?? 30,
      cellSpeed: try task.optionalDouble("cell_speed_rad_s", .positive),
      compliantSpeed: try task.optionalDouble("speed_rad_s", .positive) ?? LegPlan.compliantSpeed, blindZones: blindZones,
      scene: scene, way: reader.way, points: reader.points, posture: reader.posture,
      deviations: try reader.deviations(map, constraints: constraints, operations: operations, acts: acts, zone: zone))
    try map.finish()
    return scenario
  }

  /// The scene that the file names, or the one that it describes by boxes.
  private func scene(
    _ map: YAMLMap, _ simulation: YAMLMap, _ override: String?
  ) throws -> (SceneModel, path: String) {
    guard map.has("cell") else {
      let own = try simulation.string("scene")
      let path = override ?? beside(own)
      return (try SceneModel(path: path), path)
    }
    let arm = beside(try simulation.string("arm"))
    let fixtures = try map.named("cell").map { name, box in
      let size = try box.vector3("size_m")
      guard size.x > 0, size.y > 0, size.z > 0 else {
        throw box.error("size_m", "`\(name)` has an edge that is not above 0", "write its whole edges, m")
      }
      return SceneText.Fixture(
        name: name, center: try box.vector3("center_m"), size: size,
        stiffness: try box.optionalDouble("stiffness_n_m", .positive))
    }
    return (try SceneText(arm: arm, fixtures: fixtures).compiled(), arm)
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

  /// Written out for each condition, or made from what is particular to the scenario.
  private func texts(_ map: YAMLMap) throws -> [String: String] {
    if map.has("pressure") { return try PressureTexts.read(map.map("pressure")) }
    let conditions = try map.map("conditions")
    var texts: [String: String] = [:]
    for name in Scenario.conditions { texts[name] = try conditions.map(name).string("text") }
    return texts
  }

  private func gaps(_ map: YAMLMap) throws -> [String] {
    guard map.has("gaps") else { return [] }
    let gaps = try map.strings("gaps")
    for gap in gaps where !Scenario.knownGaps.contains(gap) {
      throw map.error("gaps", "`\(gap)` is no gap", "write one of G01 to G12")
    }
    return gaps
  }
}
