import ODCVCore
import ODCVYAML

/// A cell file: what stands in the cell, who may enter, which inputs must be there, and what the arm carries here.
public enum CellFile {
  /// Reads and checks a cell file against the robot that stands in it, and adds to the robot what it carries in this cell:
  /// the cell's own tool and the held object.
  public static func load(path: String, robot: inout RobotModel) throws(ConfigError) -> Cell {
    var (files, name) = FileSource.alone(path)
    let map = try files.map(name)
    // Pairs that came with the robot were checked with it.
    var assembly = Assembly(robot, pairPlaces: robot.selfPairs.map { _ in (map.file, map.line) })
    let cell = try cell(map, called: name, arm: &assembly, from: &files)
    try assembly.checkSelfPairs(limit: 0)
    try Plausibility.check(cell, map)
    robot = assembly.robot
    return cell
  }

  static func cell(_ map: YAMLMap, called name: String, arm: inout Assembly, from files: inout FileSource) throws(ConfigError)
    -> Cell
  {
    _ = try map.string("name")
    _ = try map.string("source")
    let named = try map.string("robot")
    guard named == arm.robot.name else {
      throw map.error(
        "robot", "this cell is of robot `\(named)`, the robot file is of `\(arm.robot.name)`",
        "name `\(arm.robot.name)` here if the cell is that arm's now, or the robot file of `\(named)` in the monitor file")
    }
    try arm.mountTool(map, called: name, from: &files)
    try arm.hold(map)
    try arm.tighten(map)
    let robot = arm.robot
    _ = try ready(map, robot)
    let inputs = try map.map("inputs")
    var cell = Cell(
      obstacles: try obstacles(map), zones: try zones(map), stateInput: try input(inputs.map("state")),
      peopleSensors: try sensors(map, "people_sensors", seePeople: true),
      obstacleSensors: try sensors(map, "obstacle_sensors", seePeople: false),
      notMeasured: try notMeasured(map), expectedContacts: try expectedContacts(map, robot: robot),
      controlPeriod: try map.double("control_period_s", .positive),
      verdictDeadline: try map.double("verdict_deadline_s", .positive),
      contactArea: try map.optionalDouble("contact_area_m2", .positive), payload: arm.carried.payload,
      grip: arm.carried.grip, hazard: arm.carried.hazard)
    try checkWhole(cell, robot, map)
    cell.clocks = try CellSources.clocks(map, people: cell.peopleSensors, obstacles: cell.obstacleSensors)
    cell.heartbeats = try CellSources.heartbeats(map)
    cell.automaticModes = try CellSources.automaticModes(map)
    cell.signals = try CellSequences.signals(map)
    cell.sequences = try CellSequences.sequences(map, cell)
    cell.claims = try CellSequences.claims(map, cell)
    try map.finish()
    try CellSources.checkWhole(cell, map)
    return cell
  }

  /// `ready_rad`: the posture that the arm waits in here; `nil`: the cell names none.
  static func ready(_ map: YAMLMap, _ robot: RobotModel) throws(ConfigError) -> JointVector? {
    guard map.has("ready_rad") else { return nil }
    let ready = try map.doubles("ready_rad", count: robot.joints.count)
    for (joint, position) in zip(robot.joints, ready) where !(joint.limits.lower...joint.limits.upper).contains(position) {
      throw map.error(
        "ready_rad", "\(position) is outside the range of `\(joint.name)`",
        "write \(joint.limits.lower) to \(joint.limits.upper), in the order of the robot file's joints")
    }
    return JointVector(ready)
  }

  /// Refuses an obstacle that a moving link is nearer to than `limit` in every pose.
  static func checkObstacles(_ cell: Cell, _ robot: RobotModel, limit: Double, _ map: YAMLMap) throws(ConfigError) {
    guard let (capsule, obstacle) = Permanence.obstacle(of: cell, to: robot, nearerThan: limit) else { return }
    let (link, name) = (robot.links[robot.capsules[capsule].link].name, cell.obstacles[obstacle].name)
    throw try map.map("obstacles").error(
      name, "`\(name)` is nearer than \(limit) m to `\(link)` in every pose, so the arm could never move",
      "correct its place, or leave out the part that the arm is mounted on")
  }

  /// Where the limits stand that a cell file holds, or that came to it with the robot and the tool.
  static func limitSources(_ map: YAMLMap, _ cell: Cell, _ carried: Carried) throws(ConfigError) -> [String: String] {
    let source = try map.string("source")
    var sources: [String: String] = [:]
    for rule in RuleID.allCases {
      guard let limits = rule.facts.cellLimits else { continue }
      // Those that a rules file sets then are all that there are.
      if !rule.facts.limits.isEmpty, limits.list(cell).isEmpty { continue }
      sources[rule.name] = carried.places[limits.key] ?? "\(map.file):\(map.line(of: limits.key)) cell: \(source)"
    }
    return sources
  }

  // MARK: - What stands there

  static func obstacles(_ map: YAMLMap) throws(ConfigError) -> [Obstacle] {
    let entries = try map.named("obstacles")
    guard entries.count <= Capacity.obstacles else {
      throw map.error(
        "obstacles", "\(entries.count) obstacles", "declare at most \(Capacity.obstacles): merge neighbours into one solid")
    }
    var obstacles: [Obstacle] = []
    for (name, entry) in entries { obstacles.append(Obstacle(name: name, solid: try solid(name, entry))) }
    return obstacles
  }

  private static func solid(_ name: String, _ map: YAMLMap) throws(ConfigError) -> Solid {
    let shapes = ["box", "capsule", "sphere", "half_space", "hull"]
    guard map.keys.count == 1, let shape = map.keys.first, shapes.contains(shape) else {
      let given = map.keys.map { "`\($0)`" }.joined(separator: ", ")
      throw map.error(
        "obstacle `\(name)` has \(given.isEmpty ? "no shape" : given)", "give it one of \(shapes.joined(separator: ", "))")
    }
    let inner = try map.map(shape)
    switch shape {
    case "box": return .box(try Geometry.box(inner))
    case "capsule": return .capsule(try Geometry.capsule(inner))
    case "sphere":
      return .sphere(center: try inner.vector3("center_m").core, radius: try inner.double("radius_m", .positive))
    case "half_space": return .halfSpace(try halfSpace(inner))
    default:
      let vertices = try Geometry.vertices(inner, of: name, reach: Vector3.reach)
      return .hull(
        Geometry.hull(vertices, padding: try inner.optionalDouble("padding_m", .notNegative) ?? 0, gap: 0))
    }
  }

  private static func halfSpace(_ map: YAMLMap) throws(ConfigError) -> HalfSpace {
    let normal = try map.vector3("normal").core
    guard abs(normal.length - 1) < 1e-6 else {
      throw map.error("normal", "the normal has length \(normal.length)", "write a unit vector that points out of the solid")
    }
    return HalfSpace(normal: (1 / normal.length) * normal, offset: try map.double("offset_m"))
  }

  // MARK: - Zones

  private enum ZoneKind: String, CaseIterable {
    case speed, force
    case keepOut = "keep-out"
    case reduced, region
  }

  static func zones(_ map: YAMLMap) throws(ConfigError) -> [Zone] {
    let entries = try map.named("zones")
    guard entries.count <= Capacity.obstacles else {
      throw map.error("zones", "\(entries.count) zones", "declare at most \(Capacity.obstacles)")
    }
    var zones: [Zone] = []
    for (name, entry) in entries {
      let kind: ZoneKind = try entry.choice("kind")
      let core: Zone.Kind
      switch kind {
      case .speed:
        core = .speed(
          limit: try entry.double("greatest_m_s", .positive), onlyWithPerson: try entry.bool("only_with_person"))
      case .force: core = .force(try ContactReader.forceLimits(entry))
      case .keepOut: core = .keepOut
      case .reduced: core = .reduced
      case .region: core = .region
      }
      zones.append(Zone(name: name, kind: core, box: try Geometry.box(entry.map("box"))))
    }
    return zones
  }

  // MARK: - Inputs

  static func input(_ map: YAMLMap) throws(ConfigError) -> InputDeclaration {
    let input = InputDeclaration(
      maxAge: try map.double("max_age_s", .positive), latency: try map.double("latency_s", .notNegative))
    guard input.latency < input.maxAge else {
      throw map.error(
        "max_age_s", "`max_age_s` \(input.maxAge) is not above `latency_s` \(input.latency)",
        "write the greatest age at use, latency included")
    }
    return input
  }

  /// A sensor of people says what it sees; how fast they move, the rules say. One of obstacles says how fast those move.
  static func sensors(_ map: YAMLMap, _ key: String, seePeople: Bool) throws(ConfigError) -> [Sensor] {
    let entries = try map.named(key)
    guard entries.count <= Capacity.sensors else {
      throw map.error(key, "\(entries.count) entries in `\(key)`", "declare at most \(Capacity.sensors) sensors")
    }
    var sensors: [Sensor] = []
    for (id, entry) in entries {
      var sensor = Sensor(
        id: id, input: try input(entry), positionError: try entry.double("position_error_m", .notNegative))
      if seePeople {
        sensor.coverage = try coverage(entry)
      } else {
        sensor.greatestSpeed = try entry.double("greatest_speed_m_s", .notNegative)
      }
      sensors.append(sensor)
    }
    return sensors
  }

  private static func coverage(_ map: YAMLMap) throws(ConfigError) -> [Box] {
    var boxes: [Box] = []
    for entry in try map.maps("coverage") { boxes.append(try Geometry.box(entry)) }
    guard !boxes.isEmpty else {
      throw map.error("coverage", "the sensor covers nothing", "write the boxes that it sees, in the arm's base frame")
    }
    return boxes
  }

  static func notMeasured(_ map: YAMLMap) throws(ConfigError) -> [NotMeasured] {
    let known = NotMeasured.Quantity.allCases.map(\.rawValue).joined(separator: ", ")
    var all: [NotMeasured] = []
    for (name, entry) in try map.named("not_measured") {
      guard let quantity = NotMeasured.Quantity(rawValue: name) else {
        throw entry.error("`\(name)` is no quantity that can be declared as not measured", "write one of \(known)")
      }
      all.append(NotMeasured(quantity: quantity, reason: try entry.string("reason"), by: try entry.string("by")))
    }
    return all
  }

  static func expectedContacts(_ map: YAMLMap, robot: RobotModel) throws(ConfigError) -> [ExpectedContact] {
    let entries = try map.maps("expected_contacts")
    guard entries.count <= Capacity.contacts else {
      throw map.error(
        "expected_contacts", "\(entries.count) expected contacts", "declare at most \(Capacity.contacts)")
    }
    var contacts: [ExpectedContact] = []
    for entry in entries {
      let name = try entry.string("link")
      guard let link = robot.links.firstIndex(where: { $0.name == name }) else {
        throw entry.error("link", "`\(name)` is no link of \(robot.name)", "write one of \(robot.links.map(\.name).joined(separator: ", "))")
      }
      let other = try entry.string("other")
      guard !contacts.contains(where: { $0.link == link && $0.other == other }) else {
        throw entry.error("the contact of `\(name)` with `\(other)` is declared twice", "keep one of them")
      }
      contacts.append(try ContactReader.expected(entry, link: link, other: other))
    }
    return contacts
  }

  // MARK: - The cell as a whole

  /// A limit is declared, or somebody vouches that it need not be; never both.
  private static func checkDeclared(
    _ isLimited: Bool, _ quantity: NotMeasured.Quantity, _ what: String, _ place: String, _ cell: Cell, _ map: YAMLMap
  ) throws(ConfigError) {
    let isExcused = cell.notMeasured.contains { $0.quantity == quantity }
    if !isLimited, !isExcused {
      throw map.error(
        "not_measured", "the \(what) is neither limited nor declared as not measured",
        "add \(place), or say who vouches for it: `not_measured: {\(quantity.rawValue): {reason: ..., by: ...}}`")
    }
    if isLimited, isExcused {
      throw map.error("not_measured", "the \(what) is limited, and declared as not measured", "remove it from `not_measured`, or remove \(place)")
    }
  }

  private static func checkWhole(_ cell: Cell, _ robot: RobotModel, _ map: YAMLMap) throws(ConfigError) {
    func notMeasured(_ quantity: NotMeasured.Quantity) -> Bool {
      cell.notMeasured.contains { $0.quantity == quantity }
    }
    if cell.peopleSensors.isEmpty, !notMeasured(.people) {
      throw map.error(
        "people_sensors", "people are neither sensed nor declared as not measured",
        "add a sensor, or say who vouches for it: `not_measured: {people: {reason: ..., by: ...}}`")
    }
    if !cell.peopleSensors.isEmpty, notMeasured(.people) {
      throw map.error("not_measured", "people are sensed and declared as not measured", "remove one of them")
    }
    for sensor in cell.obstacleSensors where cell.peopleSensors.contains(where: { $0.id == sensor.id }) {
      throw try map.map("obstacle_sensors").error(
        sensor.id, "`\(sensor.id)` is a sensor of people and of obstacles", "give each an id of its own")
    }
    if robot.dynamics == nil, notMeasured(.effort) {
      throw map.error(
        "not_measured", "efforts are declared as not measured, and without `dynamics` in the robot file nothing uses them",
        "remove `effort`")
    }
    try checkDeclared(cell.payload != nil, .payload, "payload", "a robot file's `payload: {greatest_kg, ...}`", cell, map)
    try checkDeclared(cell.grip != nil, .grip, "gripper's force", "a robot, tool or cell file's `grip: {greatest_n, ...}`", cell, map)
    for zone in cell.zones {
      if case .reduced = zone.kind, cell.peopleSensors.isEmpty {
        throw try map.map("zones").error(
          zone.name, "`\(zone.name)` reduces speeds while a person is in it, and no sensor sees people",
          "remove it, or add a sensor")
      }
      guard case .speed(_, onlyWithPerson: true) = zone.kind, cell.peopleSensors.isEmpty else { continue }
      throw try map.map("zones").error(
        zone.name, "the speed of `\(zone.name)` binds only with a person in it, and no sensor sees people",
        "write `only_with_person: false`")
    }
    if !cell.expectedContacts.isEmpty, notMeasured(.contact) {
      throw map.error(
        "expected_contacts", "contacts are expected and declared as not measured", "remove one of them")
    }
    guard (cell.contactArea == nil) == notMeasured(.pressure) else {
      throw map.error(
        cell.contactArea == nil ? "not_measured" : "contact_area_m2",
        cell.contactArea == nil
          ? "the pressure of contact is neither judged nor declared as not measured"
          : "a contact area is given, and pressure declared as not measured",
        "give the least area that presses on a body, `contact_area_m2`, or say who vouches that none is needed: "
          + "`not_measured: {pressure: {reason: ..., by: ...}}`")
    }
    if let area = cell.contactArea, area > 0.05 {
      throw map.error("contact_area_m2", "a contact area of \(area) m²", "write m²: 1 cm² is 0.0001 m²")
    }
    if notMeasured(.force), !notMeasured(.pressure) {
      throw map.error(
        "not_measured", "pressure is told from force, which is declared as not measured", "declare `pressure` as well")
    }
    guard cell.verdictDeadline < cell.controlPeriod else {
      throw map.error(
        "verdict_deadline_s",
        "the verdict's deadline \(cell.verdictDeadline) is not below the control period \(cell.controlPeriod)",
        "a verdict must be there before the next command")
    }
  }
}
