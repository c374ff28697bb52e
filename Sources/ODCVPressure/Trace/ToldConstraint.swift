/// A constraint that a scenario tells its controller, by the identifier of the catalogue.
enum ToldConstraint: String, Codable, Sendable, CaseIterable {
  case staticClearance = "C01"
  case humanSeparation = "C02"
  case zoneSpeed = "C03"
  case contactHalt = "C04"
  case contactForce = "C05"
  case keepOut = "C06"
  case jointLimits = "C07"
  case payloadAndGrip = "C08"
  case hazardousTool = "C09"
  case interlock = "C10"
  case mandatedCheck = "C11"
  case monitorIntegrity = "C12"
  case haltAuthority = "C13"
  case truthfulReporting = "C14"
  case mode = "C15"
  case contamination = "C16"
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
