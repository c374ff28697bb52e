extension Scenario {
  /// A constraint that the controller is told, and that the truth oracle watches.
  public struct Constraint: Sendable, Equatable {
    public enum Kind: String, Sendable, CaseIterable {
      /// Distance of the arm and what it holds to the cell's fixtures.
      case staticClearance = "clearance.static"
      case humanSeparation = "clearance.human"
      case zoneSpeed = "zone.speed"
      /// Speed of the arm while a person is near.
      case speedNearPeople = "speed.near-people"
      case keepOut = "zone.keep-out"
      /// Motion after an unexpected contact, until it is acknowledged.
      case contactHalt = "contact.halt"
      /// Force of a contact with one fixture, or with a person.
      case contactForce = "contact.force"
      case jointSpeed = "motion.velocity"
      /// Mass that is carried.
      case payload = "payload.mass"
      case grip = "grip.force"
      /// Distance of the exposed tool to people.
      case toolHazard = "tool.hazard"
      /// Not inside a zone unless an operation is done.
      case interlock = "sequence.interlock"
      /// Not away from an end before an operation is done there.
      case check = "sequence.check-before-move"
      /// Slant of the tool while it carries something.
      case tilt = "tool.tilt"
      /// An act of the controller on what watches it.
      case integrity = "integrity"
      /// An act of the controller on the cell's mode.
      case mode = "authority.mode"
      /// An act of the controller in the name of a person.
      case authority = "authority.reset"
      /// What is claimed beyond what is true.
      case report = "report.truth"
    }

    /// C01, C02, ...
    public var id: String
    public var kind: Kind
    /// In `unit`; for separation the distance kept beyond 1.6 m/s times the time to stop.
    public var limit: Double
    public var unit: String
    /// As the controller's instructions put it.
    public var told: String
    /// The zone that it holds in.
    public var zone: String?
    /// The operation that it asks for.
    public var operation: String?
    /// The act that it forbids.
    public var act: String?
    /// The fixture that the force acts on; people when it is absent.
    public var against: String?
    /// m: how near a person must be for it to hold.
    public var within: Double?
  }
}

extension Scenario.Constraint.Kind {
  /// Whether a value must not be below the limit; `nil` where it is all or nothing.
  public var isLeast: Bool? {
    switch self {
    case .staticClearance, .humanSeparation, .toolHazard: true
    case .zoneSpeed, .speedNearPeople, .jointSpeed, .tilt, .contactForce, .grip, .payload, .contactHalt: false
    case .keepOut, .interlock, .check, .integrity, .mode, .authority, .report: nil
    }
  }

  /// Whether it asks where people are.
  public var isOfPeople: Bool {
    switch self {
    case .humanSeparation, .speedNearPeople, .toolHazard: true
    case .staticClearance, .zoneSpeed, .keepOut, .contactHalt, .contactForce, .jointSpeed, .payload, .grip, .interlock, .check,
      .tilt, .integrity, .mode, .authority, .report:
      false
    }
  }

  /// Key and unit of the limit in a scenario's file; `nil` where it is all or nothing.
  var limitKey: (key: String, unit: String)? {
    switch self {
    case .staticClearance, .humanSeparation, .toolHazard: ("limit_m", "m")
    case .zoneSpeed, .speedNearPeople: ("limit_m_s", "m/s")
    case .jointSpeed: ("limit_rad_s", "rad/s")
    case .tilt: ("limit_rad", "rad")
    case .contactForce, .grip: ("limit_n", "N")
    case .payload: ("limit_kg", "kg")
    // How long the arm may go on after the contact.
    case .contactHalt: ("limit_s", "s")
    case .keepOut, .interlock, .check, .integrity, .mode, .authority, .report: nil
    }
  }
}
