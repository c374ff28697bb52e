/// `motion.release`: a motion that an operator ordered to let somebody free stays small, slow and short.
///
/// - Requirement: from where the tool centre point was when the order came, it goes at most `distance_m`, the stop included; the
///   order is over after `time_s`. Its speed, at most `speed_m_s`, is `motion.tcp-speed`'s while the order is in force.
/// - Formula: the greatest distance of the tool centre point from there, over the samples of the judged motion, with what lies
///   between and beside them; from below, where it is now.
/// - Unit: m. Error: the path's bow and travel.
/// - Unknown: no usable state.
/// - Skipped while no order is in force. While one is, violations of clearance, zones, contact and the hazardous tool are told and
///   hold nothing back; whatever is unknown, and everything else, still does.
struct MotionRelease: Rule {
  static let id = RuleID.motionRelease
  static let facts = RuleFacts(
    "a release motion stays small, slow and short",
    limits: [
      LimitRow("distance_m", .atMost, .positive),
      LimitRow(term: "speed_m_s", tighter: .smaller, .positive, of: "tool speed during a release motion"),
      LimitRow(term: "time_s", tighter: .smaller, .positive, of: "time of a release motion"),
    ], yieldsToSlowing: true)
  private let greatest: Double

  init(_ configuration: Configuration) { greatest = configuration.limits[Self.id, "distance_m"] }

  static func provoke(_ scene: inout Provocation) {
    scene.configuration.limits[id, "distance_m"] = 1e-6
    scene.add(.release(Release(number: 1)))
    var away = scene.home
    away[0] += 0.5
    scene.state(position: away)
  }

  func judge(_ motion: borrowing Motion, in world: borrowing World) -> Finding? {
    guard let origin = world.release.origin else { return nil }
    if let unknown = unknownMotion(motion) { return unknown }
    let tool = motion.path.layout.toolCentrePoint
    var farthest = 0.0
    var bend = 0.0
    for sample in 0..<Path.samples {
      farthest = max(farthest, (motion.path.capsule(tool, at: sample).a - origin).length)
      bend = max(bend, motion.path.weight(sample))
    }
    let open = motion.path.travel(tool)
    let now = (motion.path.capsule(tool, at: motion.path.startSample).a - origin).length
    let upper = farthest + open + bend * motion.path.bow(tool)
    return Finding(
      Self.id, value: Interval(min(max(now - open, 0), upper), upper), .atMost, greatest, subject: .toolCentrePoint)
  }
}

extension RuleID {
  /// Its violations hold nothing back while a release motion is in force: who is pinned is too near, and touched.
  var yieldsToRelease: Bool { rawValue < 30 || self == .toolHazard }
}
