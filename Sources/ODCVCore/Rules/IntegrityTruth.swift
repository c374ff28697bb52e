/// `integrity.truth`: what the arm's driver reports agrees with itself, and with what is commanded.
///
/// - Requirement: the reported tool centre point is where forward kinematics of the reported joints puts it; each joint's way
///   agrees with its reported velocities; a state does not stay the same to the bit while the arm is told to go elsewhere.
/// - Formula: each deviation as a share of what the declared accuracies explain, at most one of them; the worst.
///   Tool: |reported - kinematics| over `tool_m` and what the position accuracy moves it. Velocity: over at most ten of the
///   state's greatest ages, |way - sum of (v + v') / 2 dt| over 2 e_q + sum of (e_v + a dt / 4 + |v' - v| / 2) dt; dt by the driver's stamps where
///   the cell declares its clock, else by receipts, each of which may be late by the state's greatest age. Frozen: the time
///   since, over `frozen_s`.
/// - Unit: shares. Source: e_q, e_v and a are the robot file's `measurement` and `tracking`.
/// - Unknown: no usable state; one without the tool's place where the cell does not declare that as not measured; one that can't
///   be compared with the one before, as after a restart of the driver or a step longer than the state's greatest age.
/// - The tool's orientation is not compared: drivers differ in the frame that they report.
struct IntegrityTruth: Rule {
  static let id = RuleID.integrityTruth
  static let facts = RuleFacts(
    "what the driver reports agrees with itself and with what is commanded",
    limits: [
      LimitRow(term: "tool_m", tighter: .smaller, .positive, of: "tool centre point against kinematics"),
      LimitRow(term: "frozen_s", tighter: .smaller, .positive, of: "unchanged to the bit while told to move"),
    ], yieldsToSlowing: false)
  private let frozen: Double

  init(_ configuration: Configuration) { frozen = configuration.limits[Self.id, "frozen_s"] }

  static func provoke(_ scene: inout Provocation) {
    // Joints that move while they are said to stand.
    for step in 1...40 {
      var moved = scene.home
      moved[0] += 0.01 * Double(step)
      scene.wait(0.01)
      scene.state(position: moved)
    }
  }

  func judge(_ motion: borrowing Motion, in world: borrowing World) -> Finding? {
    if let unknown = unknownMotion(motion) { return unknown }
    let isMeasured = !world.configuration.cell.declaresUnmeasured(.toolPose)
    guard let reading = world.truth.reading, reading.tool != nil || !isMeasured else {
      return .unknown(Self.id, .missing, .toolCentrePoint)
    }
    guard let velocity = reading.velocity else { return .unknown(Self.id, .mismatched, .source(.driver)) }
    var worst = shares(velocity, .joint(reading.joint))
    if isMeasured, let tool = reading.tool { take(shares(tool, .toolCentrePoint), &worst) }
    if let since = reading.frozenSince { take(shares(world.now.seconds(since: since) / frozen, .source(.driver)), &worst) }
    return worst
  }

  private func take(_ finding: Finding, _ worst: inout Finding) {
    // What is no number stays: nothing that passes takes its place.
    if finding.margin.lower.isNaN || finding.margin.lower < worst.margin.lower { worst = finding }
  }

  private func shares(_ value: Double, _ subject: Subject) -> Finding {
    Finding(Self.id, value: Interval(exactly: value), .atMost, 1, subject: subject)
  }
}
