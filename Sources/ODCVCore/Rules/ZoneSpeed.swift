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
    var upper = 0.0
    var lower = 0.0
    var link = Subject.none
    var sweep = odcv_sweep()
    for capsule in 0..<motion.path.layout.toolCentrePoint where motion.path.layout.moves[capsule] {
      let rounding = Kernel.rounding * (motion.path.size + world.zones.sizes[zone])
      let near = motion.path.layout.radii[capsule] + motion.path.travel(capsule) + rounding
      let box = Solid.box(world.configuration.cell.zones[zone].box)
      guard farBound(motion.path.ball(capsule), to: box) <= rounding else { continue }
      motion.path.sweep(capsule, world.zones, zone, into: &sweep)
      guard Double(sweep.low) <= near else { continue }
      let carrier = motion.path.layout.link(capsule)
      var speeds = motion.path.speeds(capsule, end: 0, motion)
      speeds.take(motion.path.speeds(capsule, end: 1, motion))
      if carrier == motion.path.layout.link(motion.path.layout.toolCentrePoint) { speeds.take(motion.path.speeds(motion.path.layout.toolCentrePoint, end: 0, motion)) }
      for interval in 0..<Path.samples - 1 where Double(sweep.between[interval]) <= near {
        let fastest = Double(max(speeds.most[interval], speeds.most[interval + 1]))
        if fastest > upper {
          upper = fastest
          link = .link(carrier)
        }
      }
      let open = motion.path.travel(capsule) + motion.path.layout.gaps[capsule]
      let now = motion.path.capsule(capsule, at: motion.path.startSample)
      // A point of the true shape is within `open` of each end of the axis.
      if min(depth(now.a, box), depth(now.b, box)) < -open {
        lower = max(lower, Double(speeds.now[motion.path.startSample]))
      }
    }
    return Finding(
      Self.id, value: Interval(min(lower, upper), upper), .atMost, limit, subject: link, other: .zone(zone))
  }

  /// Signed distance of a point to a zone.
  private static func depth(_ p: Vector3, _ zone: Solid) -> Double { nearest(Capsule(a: p, b: p, radius: 0), to: zone).distance }
}

extension World {
  /// A person is in the zone, or nobody knows.
  func mayHavePerson(inZone index: Int) -> Bool {
    guard peopleUnknown == nil, !people.isEmpty else { return true }
    let box = Solid.box(configuration.cell.zones[index].box)
    for sensor in people.indices {
      let error = configuration.cell.peopleSensors[sensor].positionError
      // A sensor without a frame may see anybody.
      if people[sensor]?.value.keepsClear(of: box, by: error) != true { return true }
    }
    return false
  }
}

extension People {
  /// Every part of everybody is farther from the box than `distance`, m.
  fileprivate func keepsClear(of box: Solid, by distance: Double) -> Bool {
    for person in 0..<count {
      for part in 0..<self[person].count {
        if !(nearest(self[person][part], to: box).distance > distance) { return false }
      }
    }
    return true
  }
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
