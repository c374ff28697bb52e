/// `integrity.class`: whoever a sensor of people saw inside its field is a person until seen to leave it.
///
/// - Requirement: each part of a person in a sensor's frame is shown again in its next one, under whatever track: as a part that
///   stands for it alone, of the same region of the body where both state one, no farther away than a person can have come. Else
///   it may have left: no box of the sensor's `coverage` reaches as far around it, floor and ceiling apart, the vertical
///   being gravity's in the robot's `dynamics`, else the base frame's z axis. That another sensor
///   sees it does not help: each vouches for its whole field.
/// - Formula: the value is how many parts are not shown again and have an obstacle in their place, that was not in that sensor's
///   frame before the part was shown first, and is there still; at most none. Distances are between surfaces, and up to
///   v_h (t + l) + Z_1 + Z_2: v_h is `human_speed_m_s` of `clearance.human`, t the time since the part was last received, l the
///   greater latency and Z the position errors of the two sensors.
/// - Unit: parts of people. Error: none of the bound while nobody is faster than v_h; parts that pass for each other within that
///   distance are not told apart. An obstacle was there before if one was that can have come from there at the sensor's
///   greatest speed.
/// - Unknown: a declared sensor of people that is silent, stale or does not vouch for its field; a part that is not shown again with
///   no such obstacle, until it is seen again or, where none has ever stood for it, may have left; more of them at once than there
///   is room for, until a restart.
/// - A source that starts again, and a frame that does not vouch for its field, clear nothing by whom they leave out.
/// - Source: the contract of a frame, complete and of a whole field. Not applicable: people are declared as not measured.
struct IntegrityClass: Rule {
  static let id = RuleID.integrityClass
  static let facts = RuleFacts(
    "whoever was seen inside a sensor's field is a person until seen to leave it", quantity: .people, yieldsToSlowing: false,
    remembers: true)

  init(_ configuration: Configuration) {}

  static func provoke(_ scene: inout Provocation) {
    // Somebody in the middle of a wide field, who is then called an obstacle.
    for sensor in scene.configuration.cell.peopleSensors.indices {
      scene.configuration.cell.peopleSensors[sensor].coverage = [Provocation.everywhere]
    }
    if scene.configuration.cell.obstacleSensors.isEmpty {
      scene.configuration.cell.obstacleSensors = [
        Sensor(id: "self-test", input: InputDeclaration(maxAge: 1, latency: 0), positionError: 0)
      ]
    }
    scene.sense(person: true)
    scene.sense(obstacle: true)
  }

  func judge(_ motion: borrowing Motion, in world: borrowing World) -> Finding? {
    guard !world.people.isEmpty else { return .notApplicable(Self.id) }
    if let (reason, sensor) = world.peopleUnknown { return .unknown(Self.id, reason, .sensor(sensor)) }
    let reading = world.classes.reading
    if reading.relabelled == 0 {
      if reading.isOverfull { return .unknown(Self.id, .capacity) }
      if let part = reading.vanished { return .unknown(Self.id, .mismatched, part) }
    }
    return Finding(
      Self.id, value: Interval(exactly: Double(reading.relabelled)), .atMost, 0, subject: reading.part,
      other: reading.obstacle, failing: reading.relabelled)
  }
}
