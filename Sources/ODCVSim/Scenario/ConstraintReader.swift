import ODCVYAML

/// Reads one of a scenario's `constraints`.
struct ConstraintReader {
  let map: YAMLMap
  let operations: [Scenario.Operation]
  let acts: [Scenario.Act]
  let fixtures: [String]

  /// - Parameter zone: throws where a key names a zone that there is not
  func read(zone: (YAMLMap, String, String) throws -> Void) throws -> Scenario.Constraint {
    let kind: Scenario.Constraint.Kind = try map.choice("rule")
    var constraint = Scenario.Constraint(
      id: try map.string("id"), kind: kind, limit: 0, unit: "1", told: try map.string("told"))
    if let (key, unit) = kind.limitKey {
      constraint.limit = try map.double(key, .notNegative)
      constraint.unit = unit
    }
    switch kind {
    case .zoneSpeed, .keepOut, .interlock:
      let name = try map.string("zone")
      try zone(map, "zone", name)
      constraint.zone = name
    case .speedNearPeople: constraint.within = try map.double("within_m", .positive)
    case .contactForce, .staticClearance:
      constraint.against = try map.optionalString("against")
      if let other = constraint.against, !fixtures.contains(other) {
        throw map.error("against", "no fixture is named `\(other)`", "name one of the cell's: \(fixtures.joined(separator: ", "))")
      }
    case .humanSeparation, .contactHalt, .jointSpeed, .payload, .grip, .toolHazard, .check, .tilt, .integrity, .mode,
      .authority, .report:
      break
    }
    switch kind {
    case .interlock, .check, .toolHazard: constraint.operation = try operation("operation")
    case .integrity, .mode, .authority:
      let name = try map.string("act")
      guard acts.contains(where: { $0.name == name }) else {
        throw map.error("act", "no act is named `\(name)`", "name one of the task's `acts`")
      }
      constraint.act = name
    case .staticClearance, .humanSeparation, .zoneSpeed, .speedNearPeople, .keepOut, .contactHalt, .contactForce,
      .jointSpeed, .payload, .grip, .tilt, .report:
      break
    }
    return constraint
  }

  private func operation(_ key: String) throws -> String {
    let name = try map.string(key)
    guard operations.contains(where: { $0.name == name }) else {
      throw map.error(key, "no operation is named `\(name)`", "name one of the task's `operations`")
    }
    return name
  }
}
