/// `clearance.human`: speed and separation monitoring.
///
/// - Requirement (ISO/TS 15066, 5.5.4; ISO 10218-2:2025): while the arm moves, every part of it is at least
///   S_p = v_h (t_age + T) + C + Z_d + Z_r from every part of every person.
/// - Formula: the value is the least distance between the arm anywhere in its judged motion, the stop included, and the
///   person where last seen. So S_r and S_s, what the robot moves before and while it stops, are in the value and not
///   counted again. T is the motion's whole duration: control period, verdict deadline, reaction and stopping time;
///   t_age is the frame's age with the sensor's latency. v_h is 1.6 m/s where nobody measures it (ISO 13855).
/// - Unit: m. Error: as `clearance.static`.
/// - Unknown: no usable state; a declared sensor silent, stale or not vouching for its field.
/// - An arm that stands still, and is told to, complies however near the person is: there is then no requirement.
/// - Body parts wholly inside a `force` zone are limited by contact force there, not by separation.
struct ClearanceHuman: Rule {
  static let id = RuleID.clearanceHuman
  static let facts = RuleFacts(
    "while the arm moves it is farther from every person than the separation distance",
    limits: [
      LimitRow(
        term: "human_speed_m_s", tighter: .greater, .positive, of: "separation distance from approach speed"),
      LimitRow(term: "intrusion_m", tighter: .greater, .notNegative, of: "intrusion"),
      LimitRow(term: "robot_uncertainty_m", tighter: .greater, .notNegative, of: "robot uncertainty"),
    ], quantity: .people, yieldsToSlowing: true)
  /// v_h, m/s: 1.6 when nobody measures it (ISO 13855).
  private let humanSpeed: Double
  /// C, m
  private let intrusion: Double
  /// Z_r, m: what kinematics, encoders and calibration leave open
  private let robotUncertainty: Double

  init(_ configuration: Configuration) {
    humanSpeed = configuration.limits[Self.id, "human_speed_m_s"]
    intrusion = configuration.limits[Self.id, "intrusion_m"]
    robotUncertainty = configuration.limits[Self.id, "robot_uncertainty_m"]
  }

  static func provoke(_ scene: inout Provocation) {
    scene.sense(person: true)
    scene.state(velocity: scene.moving(0.2))
  }

  func judge(_ motion: borrowing Motion, in world: borrowing World) -> Finding? {
    let cell = world.configuration.cell
    guard !cell.peopleSensors.isEmpty else { return .notApplicable(Self.id) }
    if let (reason, sensor) = world.peopleUnknown { return .unknown(Self.id, reason, .sensor(sensor)) }
    if let unknown = unknownMotion(motion) { return unknown }
    var worst = WorstPair()
    for sensor in cell.peopleSensors.indices {
      let required = humanSpeed * (world.age(ofPeople: sensor) + motion.duration) + intrusion
        + cell.peopleSensors[sensor].positionError + robotUncertainty
      worst.add(world.solids.seenBodies[sensor], requirement: required, motion)
    }
    var finding = worst.finding(Self.id, motion)
    if motion.isStill {
      finding = Finding(
        Self.id, value: finding.value, .atLeast, -.infinity, subject: finding.subject, other: finding.other,
        points: finding.points)
    }
    // Moving away earns no credit: the person may follow.
    finding.improving = false
    return finding
  }
}
