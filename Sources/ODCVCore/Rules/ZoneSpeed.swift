import CClearance

/// `zone.speed`: whatever of the arm is inside a speed zone moves no faster than the zone allows.
///
/// - Requirement: during the judged motion, the tool centre point and the ends of the axis of every capsule that may be
///   inside the zone move at most at the zone's limit. A zone may bind only while a person is in it, as force zones do.
/// - Formula: `Path.speeds` over the velocities between the present one and what the command can make of it, around every
///   sample beside an interval in which the capsule may be in the zone. From below: the speed at the reported joint
///   velocities, less what their error allows, of a capsule that is inside for certain.
/// - Unit: m/s.
/// - Unknown: no usable state. When people are not known, a zone that binds with a person binds.
struct ZoneSpeed: Rule {
  static let id = RuleID.zoneSpeed
  static let facts = RuleFacts(
    "links in a speed zone move no faster than the zone allows",
    cellLimits: CellLimits(
      key: "zones", remedy: "write its limits in the cell file's `zones`", absence: "no speed zone in this cell",
      list: { $0.zones.compactMap(limit) }),
    yieldsToSlowing: true)

  init(_ configuration: Configuration) {}

  static func provoke(_ scene: inout Provocation) {
    scene.configuration.cell.zones = [
      Zone(name: "everywhere", kind: .speed(limit: 0, onlyWithPerson: false), box: Provocation.everywhere)
    ]
    scene.state(velocity: scene.moving(0.2))
  }

  private static func limit(_ zone: Zone) -> CellLimits.Limit? {
    switch zone.kind {
    case .speed(let limit, let onlyWithPerson):
      CellLimits.Limit(onlyWithPerson ? "\(zone.name), with a person in it," : zone.name, .atMost, limit, "m/s")
    case .force(let limits): CellLimits.Limit("\(zone.name), with a person in it,", .atMost, limits.speed, "m/s")
    case .keepOut, .reduced, .region: nil
    }
  }

  func judge(_ motion: borrowing Motion, in world: borrowing World) -> Finding? {
    let cell = world.configuration.cell
    var finding: Finding?
    var failing: UInt32 = 0
    for index in cell.zones.indices {
      guard let (limit, onlyWithPerson) = cell.zones[index].kind.speed else { continue }
      if let unknown = unknownMotion(motion) { return unknown }
      if onlyWithPerson, !world.mayHavePerson(inZone: index) { continue }
      let found = Self.fastest(motion, in: world, zone: index, limit: limit)
      if found.margin.lower < 0 { failing += 1 }
      if let worst = finding, worst.margin.lower <= found.margin.lower { continue }
      finding = found
    }
    guard var worst = finding else {
      return cell.zones.contains { $0.kind.speed != nil }
        ? Finding(Self.id, value: Interval(exactly: 0), .atMost, .infinity) : .notApplicable(Self.id)
    }
    worst.failing = failing
    return worst
  }

  /// What of the arm moves fastest in a zone, against a limit, m/s.
  static func fastest(
    _ motion: borrowing Motion, in world: borrowing World, zone: Int, limit: Double
  ) -> Finding {
    let path = motion.path.layout
    let box = Solid.box(world.configuration.cell.zones[zone].box)
    var upper = 0.0
    var lower = 0.0
    var link = Subject.none
    var sweep = odcv_sweep()
    let tool = motion.path.toolSpeeds(motion)
    var rates = Path.LinkRates()
    // The tip is fastest: from there on, what can't raise either end needs no second look.
    for capsule in (0..<path.toolCentrePoint).reversed() where path.moves[capsule] {
      let loose = motion.path.looseness(capsule, world.solids.zones, zone)
      guard ZoneEntry.mayReach(motion.path.ball(capsule), box, loose.rounding) else { continue }
      var speeds = motion.path.speeds(capsule, ends: 0...1, motion, &rates)
      if path.link(capsule) == path.link(path.toolCentrePoint) { speeds.take(tool) }
      let present = Double(speeds.now[motion.path.startSample])
      guard Double(speeds.most.max()) > upper || present > lower else { continue }
      let near = path.radii[capsule] + loose.nearer
      motion.path.sweep(capsule, world.solids.zones, zone, into: &sweep)
      for interval in 0..<Path.samples - 1 where Double(sweep.between[interval]) <= near {
        let fastest = Double(max(speeds.most[interval], speeds.most[interval + 1]))
        if fastest > upper {
          upper = fastest
          link = .link(path.link(capsule))
        }
      }
      guard present > lower else { continue }
      let now = motion.path.capsule(capsule, at: motion.path.startSample)
      // A point of the true shape is that near to each end of the axis.
      if min(depth(now.a, box), depth(now.b, box)) < -loose.farther { lower = present }
    }
    return Finding(
      Self.id, value: Interval(min(lower, upper), upper), .atMost, limit, subject: link, other: .zone(zone))
  }

  /// Signed distance of a point to a zone.
  private static func depth(_ p: Vector3, _ zone: Solid) -> Double { nearest(Capsule(a: p, b: p, radius: 0), to: zone).distance }
}

extension Zone.Kind {
  /// How fast the arm may be in such a zone, m/s, and whether only while a person is in it; `nil` where it has no limit.
  var speed: (limit: Double, onlyWithPerson: Bool)? {
    switch self {
    case .speed(let limit, let onlyWithPerson): (limit, onlyWithPerson)
    case .force(let limits): (limits.speed, true)
    case .keepOut, .reduced, .region: nil
    }
  }
}
