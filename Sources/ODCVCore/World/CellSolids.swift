/// What stands in the cell and what its sensors last saw in it, as distances are taken to it.
struct CellSolids: ~Copyable, Sendable {
  private let cell: Cell
  let fixtures: SolidSet
  /// The boxes of the cell's zones, in its order.
  let zones: SolidSet
  /// The boxes of the keep-out zones.
  let keptClear: SolidSet
  /// Per sensor, the obstacles that it last saw.
  private(set) var seenObstacles: InlineArray<4, SolidSet>
  /// Per sensor, the parts of people that it last saw and that are kept clear of.
  private(set) var seenBodies: InlineArray<4, SolidSet>
  /// All parts of people, for a tool that none may come near; empty sets without one.
  private(set) var seenParts: InlineArray<4, SolidSet>
  /// Capsules of the held object, all others, and those of a hazardous tool.
  let heldCapsules: [Range<Int>]
  let ownCapsules: [Range<Int>]
  let hazardCapsules: [Range<Int>]

  init(_ configuration: Configuration) {
    let robot = configuration.robot
    let capsules = robot.capsules.count
    cell = configuration.cell
    var fixtures = SolidSet(capacity: cell.obstacles.count, capsules: capsules)
    for (index, obstacle) in cell.obstacles.enumerated() { fixtures.append(obstacle.solid, as: .obstacle(index)) }
    var zones = SolidSet(capacity: cell.zones.count, capsules: capsules)
    var keptClear = SolidSet(capacity: cell.zones.count, capsules: capsules)
    for (index, zone) in cell.zones.enumerated() {
      zones.append(.box(zone.box), as: .zone(index))
      if case .keepOut = zone.kind { keptClear.append(.box(zone.box), as: .zone(index)) }
    }
    self.fixtures = fixtures
    self.zones = zones
    self.keptClear = keptClear
    heldCapsules = robot.capsules { $0 == robot.heldObject }
    ownCapsules = robot.capsules { $0 != robot.heldObject }
    let hazard = cell.hazard?.links ?? []
    hazardCapsules = robot.capsules(of: hazard.contains)
    let sensors = (obstacles: cell.obstacleSensors.count, people: cell.peopleSensors.count)
    seenObstacles = InlineArray { SolidSet(capacity: $0 < sensors.obstacles ? Capacity.obstacles : 0, capsules: capsules) }
    seenBodies = InlineArray {
      SolidSet(capacity: $0 < sensors.people ? Capacity.people * Capacity.bodyParts : 0, capsules: capsules)
    }
    let feared = hazardCapsules.isEmpty ? 0 : sensors.people
    seenParts = InlineArray {
      SolidSet(capacity: $0 < feared ? Capacity.people * Capacity.bodyParts : 0, capsules: capsules)
    }
  }

  mutating func see(_ frame: borrowing Obstacles) {
    seenObstacles[frame.sensor].removeAll()
    let shown = frame.storage.span
    for index in 0..<frame.count {
      seenObstacles[frame.sensor].append(shown[index], as: .seenObstacle(sensor: frame.sensor, index: index))
    }
  }

  /// Parts of the body inside a force zone are limited by contact force there, not by separation.
  mutating func see(_ frame: borrowing People) {
    seenBodies[frame.sensor].removeAll()
    seenParts[frame.sensor].removeAll()
    for index in 0..<frame.count {
      let person = frame.storage.span[index]
      if !hazardCapsules.isEmpty {
        for part in 0..<person.count {
          seenParts[frame.sensor].append(.capsule(person[part]), as: .person(track: person.track, part: part))
        }
      }
      for part in 0..<person.count where !cell.isLimitedByForce(person[part], person.region(part)) {
        seenBodies[frame.sensor].append(.capsule(person[part]), as: .person(track: person.track, part: part))
      }
    }
  }
}
