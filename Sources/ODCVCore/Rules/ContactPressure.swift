/// `contact.pressure`: no contact with a person presses more on a unit of area than that part of the body bears.
///
/// - Requirement (ISO/TS 15066:2016, 5.5.5.3 and annex A): force over contact area stays at or below the pressure limit of the
///   region that is touched; the least of all regions where nobody says which it is. The transient limit holds only for a
///   contact that is declared as one from which the body can recoil, while it has not lasted longer than a transient one does.
/// - Formula: the reported force, give or take the declared measurement error, over the least area of anything of the arm that
///   presses on a body, which the cell declares.
/// - Unit: N/m². Limits are the site's table.
/// - Unknown: as `contact.force`; no area or no table, and the cell does not declare pressure as not measured.
/// - A declared contact with a thing is not one with a person.
struct ContactPressure: Rule {
  static let id = RuleID.contactPressure
  static let facts = RuleFacts(
    "no contact with a person presses more than that part of the body bears",
    cellLimits: CellLimits(
      key: "contact_area_m2", remedy: "write the area in the cell file's `contact_area_m2`; the limits are the body table's",
      absence: "limits of the body table, by region", list: { _ in [] }),
    quantity: .pressure, yieldsToSlowing: false)

  init(_ configuration: Configuration) {}

  static func provoke(_ scene: inout Provocation) { scene.state(force: 1e6) }

  func judge(_ motion: borrowing Motion, in world: borrowing World) -> Finding? {
    if world.configuration.cell.declaresUnmeasured(.pressure) { return .notApplicable(Self.id) }
    if let unknown = unknownMotion(motion) { return unknown }
    guard let area = world.configuration.cell.contactArea, let table = world.configuration.bodies else {
      return .unknown(Self.id, .missing)
    }
    guard world.state.contacts != nil || world.state.externalForce != nil else {
      return .unknown(Self.id, .missing, .stream(.state))
    }
    let error = world.configuration.robot.measurement.force
    let least = table.pressure(nil, isTransient: false)
    var worst = Finding(Self.id, value: Interval(exactly: 0), .atMost, least)
    var failing: UInt32 = 0
    var isAllDeclared = true
    func take(_ force: Double, _ limit: Double, _ subject: Subject) {
      let value = Interval(max(force - error, 0) / area, (force + error) / area)
      let finding = Finding(Self.id, value: value, .atMost, limit, subject: subject)
      if finding.margin.lower < 0 { failing += 1 }
      if finding.margin.lower < worst.margin.lower { worst = finding }
    }
    let contacts = world.state.contacts ?? Contacts()
    for index in 0..<contacts.count {
      let contact = contacts[index]
      let subject: Subject = contact.link.map { .link($0) } ?? .none
      guard let force = contact.force else { return .unknown(Self.id, .missing, subject) }
      guard force.isFinite else { return .unknown(Self.id, .nonFinite, subject) }
      guard let expected = contact.expected else {
        isAllDeclared = false
        take(force, least, subject)
        continue
      }
      let declared = world.configuration.cell.expectedContacts[expected]
      guard case .person(let region) = declared.body else { continue }
      let isTransient = declared.maxTransientForce != nil
        && world.contact.lasted(expected, at: world.now) <= table.transientTime
      take(force, table.pressure(region, isTransient: isTransient), subject)
    }
    // The wrench of declared contacts is theirs; without any, it is of something that nobody declared.
    if let force = world.state.externalForce {
      guard force.isFinite else { return .unknown(Self.id, .nonFinite, .toolCentrePoint) }
      if contacts.count == 0 || !isAllDeclared { take(force, least, .toolCentrePoint) }
    }
    worst.failing = failing
    return worst
  }
}
