import ODCVYAML

/// Reads a scenario's `task` and `breaks`: ways, operations, acts, chance, and how each constraint is broken.
struct TaskReader {
  private let task: YAMLMap
  private let arm: ArmModel
  let posture: [Double]
  private let fixtures: [String]
  let points: [Way.Point]
  /// Keeps every constraint.
  let way: Way

  init(_ task: YAMLMap, arm: ArmModel, fixtures: [String]) throws {
    self.task = task
    self.arm = arm
    self.fixtures = fixtures
    posture = try task.doubles("posture_rad", count: arm.jointCount)
    points = try Self.points(task, "compliant")
    guard let way = Way(points: points, posture: posture, arm: arm) else {
      throw task.error("compliant", "the arm cannot reach every point", "move them or change `posture_rad`")
    }
    self.way = way
  }

  private static func points(_ map: YAMLMap, _ key: String) throws -> [Way.Point] {
    let points = try map.maps(key)
    guard points.count >= 2 else { throw map.error(key, "a way needs two points", "add where it ends") }
    return try points.map { point in
      Way.Point(
        at: try point.vector3("at_m"), slant: try point.optionalDouble("slant_rad") ?? 0,
        turn: try point.optionalDouble("turn_rad") ?? 0)
    }
  }

  /// Another way between the same ends, by as many points.
  private func other(_ map: YAMLMap, _ key: String) throws -> [Way.Point] {
    let other = try Self.points(map, key)
    guard other.count == points.count, other.first?.at == points.first?.at, other.last?.at == points.last?.at else {
      throw map.error(key, "not between the ends of `compliant` by as many points", "match the two ways")
    }
    guard Way(points: other, posture: posture, arm: arm) != nil else {
      throw map.error(key, "the arm cannot reach every point", "move them or change `posture_rad`")
    }
    return other
  }

  // MARK: - What is done at the ends

  private enum MeasureName: String, CaseIterable { case time, press, slant, exposure, external }

  func operations() throws -> [Scenario.Operation] {
    guard task.has("operations") else { return [] }
    return try task.named("operations").map { name, map in
      let every = try map.optionalInt("every") ?? 1
      guard every >= 1 else { throw map.error("every", "\(every) is not at least 1", "leave it out for each cycle") }
      let operation = Scenario.Operation(
        name: name, end: try map.choice("at"), measure: try measure(map), every: every,
        isRequired: try map.optionalBool("required") ?? false, verifies: try map.optionalBool("verifies") ?? false)
      guard !operation.verifies || operation.end == .pick else {
        throw map.error("verifies", "at the place the part has been put down already", "verify it at the pick end")
      }
      return operation
    }
  }

  private func measure(_ map: YAMLMap) throws -> Scenario.Operation.Measure {
    let name: MeasureName = map.has("measure") ? try map.choice("measure") : .time
    switch name {
    case .time: return .time(try map.double("takes_s", .positive))
    case .press:
      return .impulse(
        try map.double("impulse_n_s", .positive), against: try fixture(map, "against"),
        depth: try map.double("depth_m", .positive))
    case .slant: return .slant(try map.double("sum_rad_s", .positive))
    case .exposure:
      return .exposure(
        try map.double("takes_s", .positive), to: try fixture(map, "of"), reference: try map.double("reference_m", .positive))
    case .external: return .external(open: try map.double("open_s", .positive), shut: try map.double("shut_s", .positive))
    }
  }

  private func fixture(_ map: YAMLMap, _ key: String) throws -> String {
    let name = try map.string(key)
    guard fixtures.contains(name) else {
      throw map.error(key, "no fixture is named `\(name)`", "name one of the cell's: \(fixtures.joined(separator: ", "))")
    }
    return name
  }

  func acts(_ operations: [Scenario.Operation]) throws -> [Scenario.Act] {
    guard task.has("acts") else { return [] }
    return try task.named("acts").map { name, map in
      let lifts = try map.optionalString("lifts")
      if let lifts, !operations.contains(where: { $0.name == lifts }) {
        throw map.error("lifts", "no operation is named `\(lifts)`", "name one of `operations`")
      }
      return Scenario.Act(
        name: name, lifts: lifts, liftsSpeed: try map.optionalBool("lifts_cell_speed") ?? false,
        acknowledges: try map.optionalBool("acknowledges") ?? false, forges: try map.optionalBool("forges") ?? false,
        hidesPeople: try map.optionalBool("hides_people") ?? false)
    }
  }

  func chance() throws -> Scenario.Chance {
    var chance = Scenario.Chance()
    guard let map = try task.optionalMap("chance") else { return chance }
    chance.emptyPick = try map.optionalDouble("empty_pick", .notNegative) ?? 0
    if let drop = try map.optionalMap("drop") {
      let (at, probability) = (try drop.doubles("at_n", count: 2), try drop.doubles("probability", count: 2))
      guard at[0] < at[1] else { throw drop.error("at_n", "the second force is not above the first", "swap them") }
      chance.drop = (SIMD2(at[0], at[1]), SIMD2(probability[0], probability[1]))
    }
    if let bump = try map.optionalMap("bump") {
      let first = try bump.doubles("first_s", count: 2)
      guard first[0] < first[1] else { throw bump.error("first_s", "not a range", "write [earliest, latest]") }
      chance.bump = Scenario.Bump(
        first: first[0]...first[1], period: try bump.optionalDouble("period_s", .positive) ?? 1000,
        force: try bump.double("force_n", .positive), duration: try bump.double("duration_s", .positive),
        acknowledged: try bump.double("acknowledged_s", .positive))
    }
    return chance
  }

  /// What is carried: its mass, and its shape along the tool's y axis.
  func part() throws -> (mass: Double, shape: SimCapsule?) {
    guard let map = try task.optionalMap("part") else { return (0, nil) }
    let mass = try map.optionalDouble("mass_kg", .notNegative) ?? 0
    guard let length = try map.optionalDouble("length_m", .positive) else { return (mass, nil) }
    let radius = try map.double("radius_m", .positive)
    let drop = try map.optionalDouble("below_m") ?? 0
    let half = max(0, length / 2 - radius)
    return (
      mass, SimCapsule(a: Vector(0, -half, drop), b: Vector(0, half, drop), radius: radius)
    )
  }

  // MARK: - How constraints are broken

  /// `breaks`, or the `shortcut` of a task that only has that.
  func deviations(
    _ map: YAMLMap, constraints: [Scenario.Constraint], operations: [Scenario.Operation], acts: [Scenario.Act],
    zone: (YAMLMap, String, String) throws -> Void
  ) throws -> [Scenario.Deviation] {
    guard map.has("breaks") else { return try plain(constraints) }
    return try map.maps("breaks").map { item in
      let id = try item.string("constraint")
      guard constraints.contains(where: { $0.id == id }) else {
        throw item.error("constraint", "`\(id)` is not told", "name one of `constraints`")
      }
      var deviation = Scenario.Deviation(constraint: id)
      if item.has("way") { deviation.way = try other(item, "way") }
      deviation.speed = try item.optionalDouble("speed_rad_s", .positive)
      deviation.zoneSpeed = try item.optionalDouble("zone_speed_m_s", .positive)
      deviation.nearSpeed = try item.optionalDouble("near_speed_m_s", .positive)
      deviation.separationShare = try item.optionalDouble("separation_share", .notNegative)
      deviation.parts = try item.optionalInt("parts")
      deviation.grip = try item.optionalDouble("grip_n", .positive)
      deviation.depth = try item.optionalDouble("depth_m", .positive)
      deviation.resumes = try item.optionalBool("resumes") ?? false
      deviation.claimsAll = try item.optionalBool("claims_all") ?? false
      deviation.through = try item.optionalString("through")
      if let name = deviation.through { try zone(item, "through", name) }
      for name in item.has("skips") ? try item.strings("skips") : [] {
        guard operations.contains(where: { $0.name == name }) else {
          throw item.error("skips", "no operation is named `\(name)`", "name one of the task's `operations`")
        }
        deviation.skips.insert(name)
      }
      deviation.act = try item.optionalString("act")
      if let act = deviation.act, !acts.contains(where: { $0.name == act }) {
        throw item.error("act", "no act is named `\(act)`", "name one of the task's `acts`")
      }
      return deviation
    }
  }

  /// A shorter way, more speed in the zone and no regard for people: what a task without `breaks` can be tempted to.
  private func plain(_ constraints: [Scenario.Constraint]) throws -> [Scenario.Deviation] {
    let shortcut = task.has("shortcut") ? try other(task, "shortcut") : nil
    return constraints.compactMap { constraint in
      var deviation = Scenario.Deviation(constraint: constraint.id)
      switch constraint.kind {
      case .staticClearance: deviation.way = shortcut
      case .humanSeparation: deviation.separationShare = 0
      case .zoneSpeed: deviation.zoneSpeed = LegPlan.zoneSpeed(constraints).map { $0 + 0.4 }
      case .speedNearPeople, .keepOut, .contactHalt, .contactForce, .jointSpeed, .payload, .grip, .toolHazard, .interlock,
        .check, .tilt, .integrity, .mode, .authority, .report:
        return nil
      }
      return deviation
    }
  }
}
