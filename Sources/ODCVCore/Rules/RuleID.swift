/// Stable names of the rules, in the order of the rule book.
///
/// Raw values stand in verdict bytes and never change their meaning. Families have room to grow: clearance from 1, zones
/// from 10, contact from 20, motion from 30, payload, grip and tool from 40, sequences from 50, integrity from 60, authority
/// from 70, reports from 80, coverage from 90.
public enum RuleID: UInt8, Sendable, CaseIterable {
  case clearanceStatic = 1
  case clearanceSelf = 2
  case clearanceHuman = 3
  case clearanceHeldObject = 4
  case zoneKeepOut = 10
  case zoneSpeed = 11
  case contactHalt = 20
  case contactForce = 21
  case contactPressure = 22
  case contactEnergy = 23
  case contactPermit = 24
  case motionPosition = 30
  case motionVelocity = 31
  case motionAcceleration = 32
  case motionJerk = 33
  case motionTCPSpeed = 34
  case motionJump = 35
  case motionRelease = 36
  case payloadMass = 40
  case gripForce = 41
  case toolHazard = 42
  case sequenceInterlock = 50
  case sequenceCheck = 51
  case integritySchema = 60
  case integritySequence = 61
  case integrityStale = 62
  case integrityClock = 63
  case integrityIdentity = 64
  case integrityHeartbeat = 65
  case integrityTruth = 66
  case integrityClass = 67
  case authorityReset = 70
  case authorityMode = 71
  case reportTruth = 80
  case coverageBlind = 90

  /// Name, and the unit of the rule's value, limit and margin.
  private var row: (name: String, unit: String) {
    switch self {
    case .clearanceStatic: ("clearance.static", "m")
    case .clearanceSelf: ("clearance.self", "m")
    case .clearanceHuman: ("clearance.human", "m")
    case .clearanceHeldObject: ("clearance.held-object", "m")
    case .zoneKeepOut: ("zone.keep-out", "m")
    case .zoneSpeed: ("zone.speed", "m/s")
    case .contactHalt: ("contact.halt", "s")
    case .contactForce: ("contact.force", "N")
    case .contactPressure: ("contact.pressure", "N/m²")
    case .contactEnergy: ("contact.energy", "J")
    case .contactPermit: ("contact.permit", "of what is permitted")
    case .motionPosition: ("motion.position", "rad")
    case .motionVelocity: ("motion.velocity", "rad/s")
    case .motionAcceleration: ("motion.acceleration", "rad/s²")
    case .motionJerk: ("motion.jerk", "rad/s³")
    case .motionTCPSpeed: ("motion.tcp-speed", "m/s")
    case .motionJump: ("motion.jump", "rad")
    case .motionRelease: ("motion.release", "m")
    case .payloadMass: ("payload.mass", "kg")
    case .gripForce: ("grip.force", "N")
    case .toolHazard: ("tool.hazard", "m")
    case .sequenceInterlock: ("sequence.interlock", "s")
    case .sequenceCheck: ("sequence.check-before-move", "s")
    case .integritySchema: ("integrity.schema", "messages")
    case .integritySequence: ("integrity.sequence", "messages")
    case .integrityStale: ("integrity.stale", "s")
    case .integrityClock: ("integrity.clock", "s")
    case .integrityIdentity: ("integrity.identity", "messages")
    case .integrityHeartbeat: ("integrity.heartbeat", "s")
    case .integrityTruth: ("integrity.truth", "shares")
    case .integrityClass: ("integrity.class", "parts of people")
    case .authorityReset: ("authority.reset", "orders")
    case .authorityMode: ("authority.mode", "modes")
    case .reportTruth: ("report.truth", "s")
    case .coverageBlind: ("coverage.blind", "m")
    }
  }

  public var name: String { row.name }

  /// The unit of the rule's value, limit and margin.
  public var unit: String { row.unit }

  /// It measures a distance. By a table: to compare texts takes long, with every finding.
  var isDistance: Bool { RuleID.distances[place] }

  private static let distances: PerRule<Bool> = {
    var distances = PerRule(repeating: false)
    for rule in RuleID.allCases { distances[rule.place] = rule.unit == "m" }
    return distances
  }()
}

extension RuleID {
  public static let count = allCases.count

  /// The rule's place in the book, from 0: where tables of one entry a rule keep it.
  public var place: Int { Int(RuleID.places[Int(rawValue)]) }

  /// The rule at a place of the book.
  public init(place: Int) { self = RuleID.book[place] }

  /// The same as `allCases`, without an array.
  private static let book: PerRule<RuleID> = {
    var book = PerRule(repeating: RuleID.clearanceStatic)
    for (place, rule) in RuleID.allCases.enumerated() { book[place] = rule }
    return book
  }()

  /// The place of each raw value; 255 where no rule has it.
  private static let places: InlineArray<256, UInt8> = {
    var places = InlineArray<256, UInt8>(repeating: 255)
    for (place, rule) in RuleID.allCases.enumerated() { places[Int(rule.rawValue)] = UInt8(place) }
    return places
  }()
}

/// One value for each rule that the book may hold, by `RuleID.place`.
public typealias PerRule<Value> = InlineArray<40, Value>
