/// `contact.energy`: where people may be touched, the arm's motion transfers no more energy than they bear.
///
/// - Requirement (ISO/TS 15066:2016, annex A): while a person is in a force zone, nothing of the arm in it is so fast, over the
///   judged motion, that an impact on any region that may be touched there transfers more than the zone and the region allow.
/// - Formula: E = μ v² / 2 with 1/μ = 1/m_H + 1/m_R and m_R = M/2 + m_L, M the mass of the moving links and m_L that of the tool
///   with what it holds; v as in `zone.speed`, plus the person's own closing speed that the rules file sets. Against the lesser of
///   the zone's limit and F² / 2k of the region's table row: with the transient force where the zone declares that a body can
///   recoil in it, else with the quasi-static one. The worst region of each zone.
/// - Unit: J. M/2 ignores the pose, as annex A does; masses are the robot file's.
/// - Unknown: no usable state; no table, or nobody says what the links weigh. When people are not known, a zone counts as having
///   one in it.
struct ContactEnergy: Rule {
  static let id = RuleID.contactEnergy
  static let facts = RuleFacts(
    "where people may be touched, an impact transfers no more energy than they bear",
    limits: [
      LimitRow(term: "closing_speed_m_s", tighter: .greater, .notNegative, of: "a person's own speed towards the arm")
    ],
    cellLimits: CellLimits(
      key: "zones", remedy: "write its limits in the cell file's `zones`", absence: "no force zone in this cell",
      list: { cell in
        cell.zones.compactMap { zone in
          guard case .force(let limits) = zone.kind else { return nil }
          return CellLimits.Limit("\(zone.name), with a person in it,", .atMost, limits.energy, "J")
        }
      }),
    yieldsToSlowing: true)
  private let closing: Double
  /// m_R, kg; 0 when nobody says what the links weigh.
  private let mass: Double

  init(_ configuration: Configuration) {
    closing = configuration.limits[Self.id, "closing_speed_m_s"]
    let (moving, tool) = (configuration.robot.movingMass, configuration.robot.toolMass)
    mass = (moving - tool) / 2 + tool
  }

  static func provoke(_ scene: inout Provocation) {
    let limits = ForceLimits(regions: [], recoils: false, force: 1, energy: 0, speed: 100)
    scene.configuration.cell.zones = [Zone(name: "everywhere", kind: .force(limits), box: Provocation.everywhere)]
    if scene.configuration.bodies == nil { scene.configuration.bodies = Provocation.bodies }
    if !(scene.configuration.robot.movingMass > 0) { scene.weighLinks() }
    scene.sense(person: true)
    scene.state(velocity: scene.moving(0.2))
  }

  func judge(_ motion: borrowing Motion, in world: borrowing World) -> Finding? {
    let cell = world.configuration.cell
    var worst: Finding?
    var failing: UInt32 = 0
    var applies = false
    for index in cell.zones.indices {
      guard case .force(let limits) = cell.zones[index].kind else { continue }
      applies = true
      if let unknown = unknownMotion(motion) { return unknown }
      guard let table = world.configuration.bodies, mass > 0 else { return .unknown(Self.id, .missing, .zone(index)) }
      if !world.mayHavePerson(inZone: index) { continue }
      let fastest = ZoneSpeed.fastest(motion, in: world, zone: index, limit: 0)
      for region in BodyRegion.allCases where limits.holds(for: region) {
        let row = table[region]
        let value = Interval(
          row.energy(robot: mass, speed: fastest.value.lower),
          row.energy(robot: mass, speed: fastest.value.upper + closing))
        let finding = Finding(
          Self.id, value: value, .atMost, min(limits.energy, row.energy(isTransient: limits.recoils)),
          subject: fastest.subject, other: .zone(index))
        if finding.margin.lower < 0 { failing += 1 }
        if let found = worst, found.margin.lower <= finding.margin.lower { continue }
        worst = finding
      }
    }
    guard var finding = worst else {
      return applies
        ? Finding(Self.id, value: Interval(exactly: 0), .atMost, .infinity) : .notApplicable(Self.id)
    }
    finding.failing = failing
    // Energy goes with the square of the speed.
    finding.passable = finding.passable.squareRoot()
    return finding
  }
}
