import ODCVCore
import ODCVYAML

/// Reads what a cell file permits of contact, and holds it against the body table.
enum ContactReader {
  // MARK: - Force zones

  /// `{regions, recoils, greatest_force_n, greatest_energy_j, greatest_m_s}` of a force zone.
  static func forceLimits(_ map: YAMLMap) throws(ConfigError) -> ForceLimits {
    let names = try map.strings("regions")
    guard !names.isEmpty else {
      throw map.error("regions", "no region may be touched in a zone of contact", "name the regions, or write `[any]`")
    }
    var regions: [BodyRegion] = []
    for name in names where name != "any" {
      guard let region = BodyRegionName(rawValue: name)?.core else {
        let known = BodyRegionName.allCases.map(\.rawValue).joined(separator: ", ")
        throw map.error("regions", "`\(name)` is no region of the body", "write `any`, or some of \(known)")
      }
      guard !regions.contains(region) else { throw map.error("regions", "`\(name)` is given twice", "keep one of them") }
      regions.append(region)
    }
    guard names.count == 1 || !names.contains("any") else {
      throw map.error("regions", "`any` beside other regions", "write `[any]` alone")
    }
    return ForceLimits(
      regions: regions, recoils: try map.bool("recoils"), force: try map.double("greatest_force_n", .positive),
      energy: try map.double("greatest_energy_j", .positive), speed: try map.double("greatest_m_s", .positive))
  }

  // MARK: - Expected contacts

  /// The body, forces and budget of one declared contact.
  static func expected(_ entry: YAMLMap, link: Int, other: String) throws(ConfigError) -> ExpectedContact {
    let body = try body(entry)
    let transient = try entry.optionalDouble("greatest_transient_force_n", .positive)
    var budget: ExpectedContact.Budget?
    if body != .thing || entry.has("window_s") {
      budget = ExpectedContact.Budget(
        window: try entry.double("window_s", .positive), time: try entry.double("greatest_total_s", .positive),
        impulse: try entry.double("greatest_impulse_n_s", .positive))
    }
    let contact = ExpectedContact(
      link: link, other: other, maxForce: try entry.double("greatest_force_n", .positive),
      maxDuration: try entry.double("greatest_duration_s", .positive), body: body, maxTransientForce: transient,
      budget: budget)
    if let transient, transient < contact.maxForce {
      throw entry.error(
        "greatest_transient_force_n", "the forces cross: \(transient) N for a moment, \(contact.maxForce) N for long",
        "write the greater number for the moment")
    }
    if let budget, budget.time > budget.window {
      throw entry.error(
        "greatest_total_s", "\(budget.time) s of contact in every \(budget.window) s", "write at most `window_s`")
    }
    return contact
  }

  /// `thing`, `person` (whichever part), or a region.
  private static func body(_ map: YAMLMap) throws(ConfigError) -> ExpectedContact.Body {
    let name = try map.string("body")
    switch name {
    case "thing": return .thing
    case "person": return .person(nil)
    default:
      guard let region = BodyRegionName(rawValue: name)?.core else {
        let known = BodyRegionName.allCases.map(\.rawValue).joined(separator: ", ")
        throw map.error("body", "`\(name)` is no body", "write `thing`, `person` (whichever part), or one of \(known)")
      }
      return .person(region)
    }
  }

  // MARK: - Against the table

  /// Refuses what exceeds the body table, and what needs one that is not named.
  static func check(
    _ cell: Cell, _ robot: RobotModel, _ limits: Limits, _ file: BodyTableFile?, cell map: YAMLMap, monitor: YAMLMap
  ) throws(ConfigError) {
    guard let file else { return try checkNeed(cell, monitor) }
    let table = file.table
    if limits[.contactForce, "greatest_n"] > table.force(nil, isTransient: false) {
      throw monitor.error(
        "rules",
        "`contact.force` `greatest_n` \(limits[.contactForce, "greatest_n"]) is more than the least of the body table, "
          + "\(table.force(nil, isTransient: false))", "write at most that: nobody knows which part an undeclared contact touches")
    }
    if limits[.clearanceHuman, "human_speed_m_s"] < file.approach.walking {
      throw monitor.error(
        "rules",
        "`clearance.human` `human_speed_m_s` \(limits[.clearanceHuman, "human_speed_m_s"]) is less than people walk, "
          + "\(file.approach.walking) m/s in `\(file.name)`", "write at least that")
    }
    for zone in cell.zones {
      guard case .force(let own) = zone.kind else { continue }
      try check(own, robot, table, map.map("zones").map(zone.name))
    }
    for (contact, entry) in zip(cell.expectedContacts, try map.maps("expected_contacts")) {
      guard case .person(let region) = contact.body else { continue }
      let most = table.force(region, isTransient: false)
      if contact.maxForce > most {
        throw entry.error("greatest_force_n", "\(contact.maxForce) N is more than `\(file.name)` allows, \(most) N", "write at most that")
      }
      guard let transient = contact.maxTransientForce else { continue }
      guard let region, table[region].transientFactor != nil else {
        throw entry.error(
          "greatest_transient_force_n", "no transient contact may be designed for with this part of the body", "remove it")
      }
      if transient > table[region].force(isTransient: true) {
        throw entry.error(
          "greatest_transient_force_n",
          "\(transient) N is more than `\(file.name)` allows, \(table[region].force(isTransient: true)) N",
          "write at most that")
      }
    }
  }

  private static func check(_ own: ForceLimits, _ robot: RobotModel, _ table: BodyTable, _ map: YAMLMap) throws(ConfigError) {
    guard robot.movingMass > 0 else {
      throw map.error(
        "kind", "a force zone needs the arm's moving mass, and \(robot.name) does not say what its links weigh",
        "add mass_kg, center_of_mass_m and inertia_kg_m2 to the robot file's links")
    }
    let regions = own.regions.isEmpty ? BodyRegion.allCases : own.regions
    for region in regions {
      let row = table[region]
      let (force, energy) = (row.force(isTransient: own.recoils), row.energy(isTransient: own.recoils))
      let kind = own.recoils && row.transientFactor != nil ? "transient" : "quasi-static"
      if own.force > force {
        throw map.error(
          "greatest_force_n", "\(own.force) N is more than the \(kind) limit of the \(region), \(force) N", "write at most that")
      }
      if own.energy > energy {
        throw map.error(
          "greatest_energy_j", "\(own.energy) J is more than the \(kind) limit of the \(region), \(energy) J", "write at most that")
      }
    }
  }

  private static func checkNeed(_ cell: Cell, _ monitor: YAMLMap) throws(ConfigError) {
    let need: String?
    if !cell.forceLimits.isEmpty {
      need = "the cell has a force zone"
    } else if cell.expectedContacts.contains(where: { $0.body != .thing }) {
      need = "contact with a person is declared"
    } else if cell.contactArea != nil {
      need = "the cell declares a contact area"
    } else {
      need = nil
    }
    guard let need else { return }
    throw monitor.error(
      "\(need), and no table says what a body bears",
      "name one beside or below this file: `body_limits: tables/iso-ts-15066.yaml`")
  }
}
