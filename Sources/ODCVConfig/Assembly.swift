import ODCVCore
import ODCVYAML

/// An arm with what is mounted on it so far, and where its self pairs are declared.
struct Assembly {
  private(set) var robot: RobotModel
  /// One for each self pair.
  private var pairPlaces: [(file: String, line: Int)]
  /// What the files say so far of loads, the gripper and a hazardous tool.
  var carried: Carried

  init(_ robot: RobotModel, pairPlaces: [(file: String, line: Int)]) {
    self.robot = robot
    self.pairPlaces = pairPlaces
    carried = Carried(
      rated: robot.payload?.greatest, toolMass: robot.payload?.tool ?? 0, objectMass: robot.payload?.object, grip: robot.grip,
      hazard: robot.hazard)
  }

  /// Adds the tool that the key `tool` of `map` mounts, if any: its links, shapes, self pairs and tool centre point.
  ///
  /// `{file, on, xyz_m, rpy_rad, keep_clear_of: [LINK, ...]}`; `name` is what the source calls the file of `map`.
  mutating func mountTool(_ map: YAMLMap, called name: String, from files: inout FileSource) throws(ConfigError) {
    guard let mount = try map.optionalMap("tool") else { return }
    let (toolMap, toolName) = try files.map(mount.string("file"), from: name, namedBy: (mount, "file"))
    let carrier = try link("on", mount)
    let tool = try ToolFile(toolMap, called: toolName, from: &files)
    let pose = try Geometry.origin(mount)
    let first = robot.links.count
    let hulls = robot.hulls.count
    for (index, link) in tool.links.enumerated() {
      try checkNew(link.name, mount)
      if robot.dynamics != nil, link.inertia == nil, tool.capsules.contains(where: { $0.link == index }) {
        throw mount.error(
          "file", "the arm's `dynamics` are declared, and nobody says how the mass of the tool's `\(link.name)` is spread",
          "add mass_kg, center_of_mass_m and inertia_kg_m2 to the tool's file")
      }
      var link = link
      link.parent = link.parent.map { first + $0 } ?? carrier
      if index == 0 { link.origin = pose }
      robot.links.append(link)
    }
    for capsule in tool.capsules {
      var capsule = capsule
      capsule.link += first
      capsule.hull = capsule.hull.map { hulls + $0 }
      robot.capsules.append(capsule)
    }
    robot.hulls += tool.hulls
    carried.toolMass += tool.mass
    for key in ["grip", "tool_hazard"] { try carried.note(key, in: toolMap, "tool") }
    if let grip = tool.grip { carried.grip = grip }
    if var hazard = tool.hazard {
      hazard.links = hazard.links.map { first + $0 }
      carried.hazard = hazard
    }
    robot.toolCentrePoint = ToolCentrePoint(link: first + tool.toolCentrePoint.link, offset: tool.toolCentrePoint.offset)
    try checkCounts(mount)
    try keepClear(mount, added: first)
  }

  /// Adds the object that the key `held_object` of `map` puts into the gripper, if any: a link with its shapes.
  ///
  /// `{name, source, on, capsules | box, keep_clear_of: [LINK, ...]}`, in the frame of the link `on`.
  mutating func hold(_ map: YAMLMap) throws(ConfigError) {
    guard let held = try map.optionalMap("held_object") else { return }
    let name = try held.string("name")
    _ = try held.string("source")
    let mass = try held.optionalDouble("mass_kg", .positive)
    if robot.dynamics != nil, mass == nil {
      throw held.error(
        "the arm's `dynamics` are declared, and nobody says what `\(name)` weighs", "add its `mass_kg`")
    }
    carried.objectMass = mass
    let carrier = try link("on", held)
    try checkNew(name, held)
    let index = robot.links.count
    robot.heldObject = index
    robot.links.append(Link(name: name, parent: carrier, origin: .identity, joint: nil))
    switch (try held.optionalMaps("capsules"), try held.optionalMap("box")) {
    case (let capsules?, nil):
      guard !capsules.isEmpty else {
        throw held.error("capsules", "`\(name)` has no capsules, so nothing would be checked for it", "add capsules that hold it")
      }
      for capsule in capsules {
        robot.capsules.append(
          LinkCapsule(
            link: index, capsule: try Geometry.capsule(capsule), fitGap: try capsule.double("fit_gap_m", .notNegative)))
      }
    case (nil, let box?):
      for cell in BoxCover.cells(of: try Geometry.box(box)) {
        robot.capsules.append(
          LinkCapsule(link: index, capsule: cell.capsule, fitGap: cell.fitGap, hull: robot.hulls.count))
        robot.hulls.append(cell.hull)
      }
    case (nil, nil), (_?, _?):
      throw held.error("`\(name)` has not exactly one shape", "give it either `capsules` or a `box`")
    }
    if let mass { robot.links[index].inertia = spread(mass, overCapsulesOf: index) }
    try checkCounts(held)
    try keepClear(held, added: index)
  }

  /// Refuses a pair that is nearer than `limit` in every pose.
  func checkSelfPairs(limit: Double) throws(ConfigError) {
    guard let index = Permanence.selfPair(of: robot, nearerThan: limit) else { return }
    let pair = robot.selfPairs[index]
    let (first, second) = (robot.links[pair.first].name, robot.links[pair.second].name)
    throw ConfigError(
      file: pairPlaces[index].file, line: pairPlaces[index].line,
      problem: "the capsules of `\(first)` and `\(second)` are nearer than \(limit) m in every pose,"
        + " so the arm could never move",
      remedy: "remove the pair if the links are adjacent, or fit their capsules tighter")
  }

  /// Leaves in the robot what a cell needs to know of what it carries.
  mutating func hand() {
    robot.payload = carried.payload
    robot.grip = carried.grip
    robot.hazard = carried.hazard
  }

  // MARK: - Steps

  /// A mass spread evenly over what holds it: each capsule bears its share of the volume, as a rod along its axis that is as
  /// thick as a ball of its radius.
  private func spread(_ mass: Double, overCapsulesOf link: Int) -> LinkInertia {
    let bodies = robot.capsules.filter { $0.link == link }.map(\.capsule)
    let volumes = bodies.map { body in
      Double.pi * body.radius * body.radius * ((body.b - body.a).length + 4 / 3 * body.radius)
    }
    let whole = volumes.reduce(0, +)
    let shares = volumes.map { mass * $0 / whole }
    var center = Vector3.zero
    for (body, share) in zip(bodies, shares) { center = center + (0.5 * share / mass) * (body.a + body.b) }
    var (diagonal, products) = (Vector3.zero, Vector3.zero)
    for (body, share) in zip(bodies, shares) {
      let axis = body.b - body.a
      let off = 0.5 * (body.a + body.b) - center
      let ball = 0.4 * share * body.radius * body.radius
      for (v, m) in [(axis, share / 12), (off, share)] {
        diagonal = diagonal + m * Vector3(v.y * v.y + v.z * v.z, v.x * v.x + v.z * v.z, v.x * v.x + v.y * v.y)
        products = products - m * Vector3(v.x * v.y, v.x * v.z, v.y * v.z)
      }
      diagonal = diagonal + ball * Vector3(1, 1, 1)
    }
    return LinkInertia(mass: mass, center: center, diagonal: diagonal, products: products)
  }

  private func link(_ key: String, _ map: YAMLMap) throws(ConfigError) -> Int {
    let name = try map.string(key)
    guard let index = robot.links.firstIndex(where: { $0.name == name }) else {
      throw map.error(
        key, "`\(name)` is no link of \(robot.name)", "write one of \(robot.links.map(\.name).joined(separator: ", "))")
    }
    return index
  }

  private func checkNew(_ name: String, _ map: YAMLMap) throws(ConfigError) {
    guard !robot.links.contains(where: { $0.name == name }) else {
      throw map.error("\(robot.name) has a link `\(name)` already", "mount it once, or give it another name")
    }
  }

  private func checkCounts(_ map: YAMLMap) throws(ConfigError) {
    guard robot.links.count <= Capacity.links else {
      throw map.error(
        "with this, \(robot.name) has \(robot.links.count) links",
        "merge links that are fixed to each other: at most \(Capacity.links)")
    }
    guard robot.capsules.count < Capacity.capsules else {
      throw map.error(
        "with this, \(robot.name) has \(robot.capsules.count) capsules",
        "hold its links with fewer: at most \(Capacity.capsules - 1)")
    }
    guard robot.hulls.count <= ShapesFile.mostHulls else {
      throw map.error(
        "with this, \(robot.name) has \(robot.hulls.count) hulls", "leave out some: at most \(ShapesFile.mostHulls)")
    }
  }

  /// Pairs each added link that has a shape with each link of the list `keep_clear_of`.
  private mutating func keepClear(_ map: YAMLMap, added first: Int) throws(ConfigError) {
    var others: [Int] = []
    for name in try map.strings("keep_clear_of") {
      guard let other = robot.links[..<first].firstIndex(where: { $0.name == name }) else {
        throw map.error(
          "keep_clear_of", "`\(name)` in `keep_clear_of` is no link of \(robot.name)",
          "write some of \(robot.links[..<first].map(\.name).joined(separator: ", ")), or `[]` when none can be reached")
      }
      guard !others.contains(other) else {
        throw map.error("keep_clear_of", "`\(name)` is given twice", "remove it once")
      }
      others.append(other)
    }
    let place = (file: map.file, line: map.line(of: "keep_clear_of"))
    for link in first..<robot.links.count where robot.capsules.contains(where: { $0.link == link }) {
      for other in others {
        robot.selfPairs.append(SelfPair(first: other, second: link))
        pairPlaces.append(place)
      }
    }
  }
}
