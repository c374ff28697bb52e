/// `coverage.blind`: the arm moves only where people would be seen.
///
/// - Requirement: over the judged motion and the stop, every moving part of the arm lies at least `least_m` inside what a
///   sensor of people covers.
/// - Formula: the value is how far inside the covering box the part lies that is least so: at the samples of the path and,
///   since a box is convex, between them, less how far the part may be beside that. Of several boxes the one that holds an
///   interval best counts: a part that is only held by two together is not held.
/// - Unit: m. Error: none from below; from above, of the ends of the parts' axes where the arm is and where it is commanded.
/// - Unknown: no usable state; a declared sensor that is silent, stale or does not vouch for its field, or that has no field.
/// - An arm that stands still, and is told to, complies.
/// - Not applicable: people are declared as not measured.
struct CoverageBlind: Rule {
  static let id = RuleID.coverageBlind
  static let facts = RuleFacts(
    "the arm moves only where sensors would see people", limits: [LimitRow("least_m", .atLeast, .notNegative)],
    quantity: .people, yieldsToSlowing: true)
  private let least: Double

  init(_ configuration: Configuration) { least = configuration.limits[Self.id, "least_m"] }

  static func provoke(_ scene: inout Provocation) {
    let nowhere = Box(pose: Pose(rotation: .identity, translation: Vector3(0, 0, 90)), halfExtents: Vector3(1, 1, 1))
    for sensor in scene.configuration.cell.peopleSensors.indices {
      scene.configuration.cell.peopleSensors[sensor].coverage = [nowhere]
    }
    scene.state(velocity: scene.moving(0.2))
  }

  func judge(_ motion: borrowing Motion, in world: borrowing World) -> Finding? {
    let sensors = world.configuration.cell.peopleSensors
    guard !sensors.isEmpty else { return .notApplicable(Self.id) }
    if let (reason, sensor) = world.peopleUnknown { return .unknown(Self.id, reason, .sensor(sensor)) }
    if let unknown = unknownMotion(motion) { return unknown }
    if let blind = sensors.firstIndex(where: { $0.coverage.isEmpty }) { return .unknown(Self.id, .coverage, .sensor(blind)) }
    if motion.isStill { return Finding(Self.id, value: Interval(exactly: 0), .atLeast, -.infinity) }
    var value = Interval(.infinity, .infinity)
    var link = Subject.none
    var failing: UInt32 = 0
    for capsule in 0..<motion.path.layout.toolCentrePoint where motion.path.layout.moves[capsule] {
      let held = inside(capsule, motion, sensors)
      if held.lower < least { failing += 1 }
      if held.lower < value.lower {
        value.lower = held.lower
        link = .link(motion.path.layout.link(capsule))
      }
      value.upper = min(value.upper, held.upper)
    }
    value.upper = max(value.lower, value.upper)
    return Finding(Self.id, value: value, .atLeast, least, subject: link, failing: failing)
  }

  /// How far inside the coverage a capsule stays.
  private func inside(_ capsule: Int, _ motion: borrowing Motion, _ sensors: [Sensor]) -> Interval {
    let ball = motion.path.ball(capsule)
    let whole = best(sensors) { $0.depth(ball.a) } - ball.radius
    if whole >= least { return Interval(whole, .infinity) }
    let beside = motion.path.layout.radii[capsule] + motion.path.travel(capsule) + Kernel.rounding * motion.path.size
    var lower = Double.infinity
    var before = motion.path.capsule(capsule, at: 0)
    for sample in 1..<Path.samples {
      let after = motion.path.capsule(capsule, at: sample)
      let (a, b) = (before, after)
      let depth = best(sensors) { min(min($0.depth(a.a), $0.depth(a.b)), min($0.depth(b.a), $0.depth(b.b))) }
      lower = min(lower, depth - beside - motion.path.bow(capsule) * motion.path.weight(sample - 1))
      before = after
    }
    var upper = Double.infinity
    let open = motion.path.travel(capsule) + motion.path.layout.gaps[capsule]
    let first = motion.path.startSample
    for sample in [first, motion.path.passed.last ?? first] {
      let axis = motion.path.capsule(capsule, at: sample)
      for end in [axis.a, axis.b] {
        let depth = best(sensors) { $0.depth(end) }
        // Inside the boxes' union it may be deeper than in any of them.
        if depth + open < 0 { upper = min(upper, depth + open) }
      }
    }
    return Interval(lower, upper)
  }

  private func best(_ sensors: [Sensor], _ depth: (Box) -> Double) -> Double {
    var best = -Double.infinity
    for sensor in sensors { for box in sensor.coverage { best = max(best, depth(box)) } }
    return best
  }
}
