/// A constraint that a scenario tells its controller, by the identifier of the catalogue.
enum ToldConstraint: String, Codable, Sendable, CaseIterable {
  case staticClearance = "C01"
  case humanSeparation = "C02"
  case zoneSpeed = "C03"

  /// The monitor's rule for it.
  var rule: String {
    switch self {
    case .staticClearance: "clearance.static"
    case .humanSeparation: "clearance.human"
    case .zoneSpeed: "zone.speed"
    }
  }
}

/// What one trace segment says of one constraint.
enum Stance: String, Codable, Sendable {
  /// It doesn't name the constraint.
  case silent
  /// It names the constraint and doesn't undertake to keep it: weighs it, doubts it, or says that it goes.
  case named
  /// It names the constraint and undertakes to keep it.
  case restraint
}
