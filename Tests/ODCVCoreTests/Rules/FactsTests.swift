import ODCVCore
import TestSupport
import Testing

/// What the book's rules declare of themselves, once more and by hand: which way each limit is tighter and which numbers it
/// takes, whether a slower motion can mend what the rule objects to, and what a cell may declare as not measured.
@Suite struct FactsTests {
  private struct Row: Equatable {
    var key: String
    var sense: Sense?
    var tighter: LimitRow.Tighter
    var bound: LimitRow.Bound
    var unit: String
  }

  private func atLeast(_ key: String, _ unit: String) -> Row {
    Row(key: key, sense: .atLeast, tighter: .greater, bound: .notNegative, unit: unit)
  }

  private func atMost(_ key: String, _ unit: String, _ bound: LimitRow.Bound = .positive) -> Row {
    Row(key: key, sense: .atMost, tighter: .smaller, bound: bound, unit: unit)
  }

  private func term(_ key: String, _ tighter: LimitRow.Tighter, _ unit: String, _ bound: LimitRow.Bound = .positive) -> Row {
    Row(key: key, sense: nil, tighter: tighter, bound: bound, unit: unit)
  }

  private func limits(_ rule: RuleID) -> [Row] {
    switch rule {
    case .clearanceStatic, .clearanceSelf, .clearanceHeldObject, .zoneKeepOut, .coverageBlind: [atLeast("least_m", "m")]
    case .clearanceHuman:
      [
        term("human_speed_m_s", .greater, "m/s"), term("intrusion_m", .greater, "m", .notNegative),
        term("robot_uncertainty_m", .greater, "m", .notNegative),
      ]
    case .contactHalt: [atMost("force_threshold_n", "N"), atMost("torque_threshold_nm", "Nm")]
    case .contactForce: [atMost("greatest_n", "N")]
    case .contactEnergy: [term("closing_speed_m_s", .greater, "m/s", .notNegative)]
    case .contactPermit:
      [term("window_s", .greater, "s"), atMost("greatest_time_s", "s"), atMost("greatest_impulse_n_s", "N s")]
    case .motionPosition: [atLeast("margin_rad", "rad")]
    case .motionVelocity:
      [
        atMost("fraction", "times its speed limit", .fraction), atMost("reduced_fraction", "times its speed limit", .fraction),
      ]
    case .motionAcceleration:
      [
        atMost("fraction", "times its acceleration limit", .fraction),
        atMost("reduced_fraction", "times its acceleration limit", .fraction),
      ]
    case .motionJerk: [atMost("fraction", "times its jerk limit", .fraction)]
    case .motionTCPSpeed: [atMost("greatest_m_s", "m/s"), atMost("reduced_m_s", "m/s")]
    case .motionJump: [atMost("greatest_rad", "rad"), atMost("chunk_rad", "rad")]
    case .motionRelease:
      [atMost("distance_m", "m"), term("speed_m_s", .smaller, "m/s"), term("time_s", .smaller, "s")]
    case .integritySequence: [atMost("missing_messages", "messages missing", .notNegative)]
    case .integrityClock: [atMost("greatest_step_s", "s"), term("drift_fraction", .smaller, "of the time since", .fraction)]
    case .integrityTruth: [term("tool_m", .smaller, "m"), term("frozen_s", .smaller, "s")]
    case .zoneSpeed, .contactPressure, .payloadMass, .gripForce, .toolHazard, .sequenceInterlock, .sequenceCheck, .integritySchema,
      .integrityStale, .integrityIdentity, .integrityHeartbeat, .integrityClass, .authorityReset, .authorityMode, .reportTruth: []
    }
  }

  private func quantity(_ rule: RuleID) -> NotMeasured.Quantity? {
    switch rule {
    case .clearanceHuman, .toolHazard, .integrityClass, .coverageBlind: .people
    case .contactHalt, .contactPermit: .contact
    case .contactForce: .force
    case .contactPressure: .pressure
    case .payloadMass: .payload
    case .gripForce: .grip
    case .integrityClock: .sourceTime
    case .integrityHeartbeat: .heartbeat
    case .authorityMode: .mode
    case .clearanceStatic, .clearanceSelf, .clearanceHeldObject, .zoneKeepOut, .zoneSpeed, .contactEnergy, .motionPosition,
      .motionVelocity, .motionAcceleration, .motionJerk, .motionTCPSpeed, .motionJump, .motionRelease, .sequenceInterlock,
      .sequenceCheck, .integritySchema, .integritySequence, .integrityStale, .integrityIdentity, .integrityTruth, .authorityReset,
      .reportTruth: nil
    }
  }

  /// How far, how fast and where the arm moves can be less. What has touched it, what was sent, and who sent it, can't.
  private func yields(_ rule: RuleID) -> Bool {
    switch rule {
    case .clearanceStatic, .clearanceSelf, .clearanceHuman, .clearanceHeldObject, .zoneKeepOut, .zoneSpeed, .contactEnergy,
      .motionPosition, .motionVelocity, .motionAcceleration, .motionJerk, .motionTCPSpeed, .motionJump, .motionRelease,
      .toolHazard, .sequenceInterlock, .sequenceCheck, .coverageBlind: true
    case .contactHalt, .contactForce, .contactPressure, .contactPermit, .payloadMass, .gripForce, .integritySchema,
      .integritySequence, .integrityStale, .integrityClock, .integrityIdentity, .integrityHeartbeat, .integrityTruth,
      .integrityClass, .authorityReset, .authorityMode, .reportTruth: false
    }
  }

  @Test(arguments: RuleID.allCases) func itsLimitsAreTightenedTheRightWay(rule: RuleID) {
    let rows = rule.facts.limits.map {
      Row(key: $0.key, sense: $0.sense, tighter: $0.tighter, bound: $0.bound, unit: $0.unit)
    }
    #expect(rows == limits(rule))
  }

  @Test(arguments: RuleID.allCases) func itYieldsToASlowerMotionOrNot(rule: RuleID) {
    #expect(rule.facts.yieldsToSlowing == yields(rule))
  }

  @Test(arguments: RuleID.allCases) func itsQuantityIsTheOneThatACellMayNotMeasure(rule: RuleID) {
    #expect(rule.facts.quantity == quantity(rule))
  }

  @Test func theCellsOwnLimitsAreListedWithTheirSense() throws {
    var cell = Planar.cell()
    cell.zones = [
      Zone(name: "slow", kind: .speed(limit: 0.25, onlyWithPerson: false), box: RuleFixture.reach.box),
      Zone(name: "near", kind: .speed(limit: 0.5, onlyWithPerson: true), box: RuleFixture.reach.box), RuleFixture.reach,
      Zone(name: "out", kind: .keepOut, box: RuleFixture.reach.box),
    ]
    cell.obstacleSensors = [Sensor(id: "lidar", input: InputDeclaration(maxAge: 0.3, latency: 0), positionError: 0)]
    cell.hazard = ToolHazard(links: [2], least: 0.3, onlyWhenActive: false, lasts: 0)
    cell.signals = [SignalDeclaration(name: "door", source: .perception, maxAge: 0.5)]
    cell.sequences = [
      Precedence(name: "closed", kind: .interlock, signal: 0, zone: nil),
      Precedence(name: "scanned", kind: .event(valid: 2, eachMove: false), signal: 0, zone: nil),
      Precedence(name: "weighed", kind: .event(valid: 3, eachMove: true), signal: 0, zone: nil),
    ]
    cell.claims = [Claim(name: "part in hand", statement: .grasped, evidence: .gripper(0.01...0.08), within: 0.2)]
    func listed(_ rule: RuleID) throws -> [String] {
      try #require(rule.facts.cellLimits).list(cell).map { limit in
        let sense = limit.sense.map { $0 == .atLeast ? "at least " : "at most " } ?? ""
        return "\(limit.name): \(sense)\(limit.value) \(limit.unit)"
      }
    }
    #expect(try listed(.zoneSpeed) == [
      "slow: at most 0.25 m/s", "near, with a person in it,: at most 0.5 m/s", "reach, with a person in it,: at most 2.0 m/s",
    ])
    #expect(try listed(.contactEnergy) == ["reach, with a person in it,: at most 0.09 J"])
    #expect(try listed(.payloadMass) == ["load: at most 3.0 kg"])
    #expect(try listed(.gripForce) == ["gripper: at most 40.0 N"])
    #expect(try listed(.toolHazard) == ["tool: at least 0.3 m"])
    #expect(try listed(.integrityHeartbeat) == ["driver: at most 1.0 s"])
    #expect(try listed(.integrityStale) == [
      "state: at most 0.05 s", "camera: at most 0.1 s", "lidar: at most 0.3 s", "verdict: at most 0.01 s",
    ])
    #expect(try listed(.sequenceInterlock) == ["closed, signal's age: at most 0.5 s"])
    #expect(try listed(.sequenceCheck) == ["scanned: at most 2.0 s", "weighed, before each move: at most 3.0 s"])
    #expect(try listed(.reportTruth) == ["part in hand without evidence: at most 0.2 s"])
    #expect(try listed(.authorityMode) == ["automatic mode: 1.0 ", "automatic mode: 2.0 "])
  }

  @Test func onlyWhatComesSeldomMayBeSilentForLong() {
    #expect(RuleID.allCases.filter(\.facts.isOccasional) == [.authorityReset])
  }
}
