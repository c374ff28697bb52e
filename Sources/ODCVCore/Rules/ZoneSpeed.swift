/// `zone.speed`: whatever of the arm is inside a speed zone moves no faster than the zone allows.
///
/// - Requirement: during the judged motion, the tool centre point and the ends of the axis of every capsule that may be
///   inside the zone move at most at the zone's limit. A zone may bind only while a person is in it.
/// - Formula: `Posture.speedBound` over the velocities between the present one and what the command can make of it, at
///   every cell in which the capsule's distance to the zone, less its travel, is not positive. From below: the speed at
///   the reported joint velocities, less what their error allows, of a capsule that is inside for certain.
/// - Unit: m/s.
/// - Unknown: no usable state. When people are not known, a zone that binds with a person binds.
struct ZoneSpeed: Rule {
  static let id = RuleID.zoneSpeed

  func judge(_ motion: Motion, in world: World) -> Finding? {
    let cell = world.configuration.cell
    var finding: Finding?
    var failing: UInt32 = 0
    for index in cell.zones.indices {
      guard case .speed(let limit, let onlyWithPerson) = cell.zones[index].kind else { continue }
      if let unknown = unknownMotion(motion) { return unknown }
      if onlyWithPerson, world.peopleUnknown == nil, !hasPerson(cell.zones[index].box, world) { continue }
      let found = judge(motion, in: world, zone: index, limit: limit)
      if found.margin.lower < 0 { failing += 1 }
      if let worst = finding, worst.margin.lower <= found.margin.lower { continue }
      finding = found
    }
    guard var worst = finding else {
      return cell.zones.contains(where: { if case .speed = $0.kind { true } else { false } })
        ? Finding(Self.id, value: Interval(exactly: 0), .atMost, .infinity) : .notApplicable(Self.id)
    }
    worst.failing = failing
    return worst
  }

  private func judge(_ motion: Motion, in world: World, zone: Int, limit: Double) -> Finding {
    let robot = world.configuration.robot
    let box = Solid.box(world.configuration.cell.zones[zone].box)
    var upper = 0.0
    var lower = 0.0
    var link = Subject.none
    for cell in 0..<motion.cells {
      let posture = motion.postures[cell]
      for index in robot.capsules.indices where robot.capsules[index].link != 0 {
        let capsule = motion.capsule(index, cell: cell)
        let carrier = robot.capsules[index].link
        let travel = motion.travel(index, cell: cell)
        guard farBound(capsule, to: box) <= travel, nearest(capsule, to: box).distance <= travel else { continue }
        var fastest = speed(of: capsule.a, carrier, posture, motion, robot)
        fastest = max(fastest, speed(of: capsule.b, carrier, posture, motion, robot))
        if carrier == robot.toolCentrePoint.link {
          fastest = max(fastest, speed(of: posture.toolCentrePoint, carrier, posture, motion, robot))
        }
        if fastest > upper {
          upper = fastest
          link = .link(carrier)
        }
      }
    }
    let start = motion.startPosture
    for index in robot.capsules.indices where robot.capsules[index].link != 0 {
      let capsule = start.capsules[index]
      let carrier = robot.capsules[index].link
      let open = motion.travel(index, cell: Motion.start) + robot.capsules[index].fitGap
      guard nearest(capsule, to: box).distance < -open else { continue }
      for place in 0..<2 {
        let end = place == 0 ? capsule.a : capsule.b
        let moving = start.velocity(of: end, fixedIn: carrier, rate: motion.measuredVelocity, robot: robot).length
        let open = speed(of: end, carrier, start, motion, robot, rate: motion.measuredVelocity) - moving
        lower = max(lower, moving - open)
      }
    }
    return Finding(
      Self.id, value: Interval(min(lower, upper), upper), .atMost, limit, subject: link, other: .zone(zone))
  }

  private func speed(
    of point: Vector3, _ link: Int, _ posture: Posture, _ motion: Motion, _ robot: RobotModel
  ) -> Double {
    max(
      speed(of: point, link, posture, motion, robot, rate: motion.velocity),
      speed(of: point, link, posture, motion, robot, rate: motion.drivenVelocity))
  }

  private func speed(
    of point: Vector3, _ link: Int, _ posture: Posture, _ motion: Motion, _ robot: RobotModel, rate: JointVector
  ) -> Double {
    posture.speedBound(
      of: point, fixedIn: link, rate: rate, spread: motion.speedSpread, change: motion.cellWidth, robot: robot)
  }

  private func hasPerson(_ box: Box, _ world: World) -> Bool {
    for sensor in world.people.indices {
      guard let frame = world.people[sensor] else { continue }
      let error = world.configuration.cell.peopleSensors[sensor].positionError
      for index in 0..<frame.value.count {
        for part in 0..<frame.value[index].count
        where nearest(frame.value[index][part], to: .box(box)).distance <= error { return true }
      }
    }
    return false
  }
}
