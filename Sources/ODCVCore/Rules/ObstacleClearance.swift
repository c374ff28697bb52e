/// The distance of some of the arm's capsules to every declared and perceived obstacle, for `clearance.static` and
/// `clearance.held-object`: what may move keeps the distance that it can cover until the arm has stopped.
struct ObstacleClearance {
  let rule: RuleID
  /// m
  let minimum: Double

  /// - Parameter capsules: runs of them.
  func judge(_ capsules: [Range<Int>], _ motion: borrowing Motion, in world: borrowing World) -> Finding {
    if let reason = motion.unknown { return .unknown(rule, reason, motion.unknownSubject) }
    if let (reason, sensor) = world.obstaclesUnknown {
      return .unknown(rule, reason, .sensor(world.configuration.cell.peopleSensors.count + sensor))
    }
    var worst = WorstPair()
    for run in capsules { worst.add(world.solids.fixtures, of: run, requirement: minimum, motion) }
    for sensor in world.obstacles.indices where !mayMove(sensor, world) {
      add(sensor, capsules, &worst, motion, world)
    }
    if motion.isStill {
      return !worst.isEmpty ? worst.finding(rule, motion) : besideMovers(capsules, motion, world)
    }
    let failing = worst.failing.count
    for sensor in world.obstacles.indices where mayMove(sensor, world) {
      add(sensor, capsules, &worst, motion, world)
    }
    guard !worst.isEmpty else { return .notApplicable(rule) }
    var finding = worst.finding(rule, motion)
    // What moves may follow.
    if worst.failing.count > failing { finding.improving = false }
    return finding
  }

  /// What this sensor sees may go from where it was seen.
  private func mayMove(_ sensor: Int, _ world: borrowing World) -> Bool {
    world.configuration.cell.obstacleSensors[sensor].greatestSpeed > 0
  }

  private func add(
    _ sensor: Int, _ capsules: [Range<Int>], _ worst: inout WorstPair, _ motion: borrowing Motion, _ world: borrowing World
  ) {
    let required = requirement(sensor, motion, world)
    for run in capsules { worst.add(world.solids.seenObstacles[sensor], of: run, requirement: required, motion) }
  }

  /// What a sensor sees must be at least this far away, m.
  private func requirement(_ sensor: Int, _ motion: borrowing Motion, _ world: borrowing World) -> Double {
    let declared = world.configuration.cell.obstacleSensors[sensor]
    return minimum + declared.positionError
      + declared.greatestSpeed * (world.age(ofObstacles: sensor) + motion.duration)
  }

  /// The arm stands still and nothing is near that stands too: how near the things that may move are, and no requirement.
  private func besideMovers(_ capsules: [Range<Int>], _ motion: borrowing Motion, _ world: borrowing World) -> Finding {
    var nearest = WorstPair()
    for sensor in world.obstacles.indices { add(sensor, capsules, &nearest, motion, world) }
    guard !nearest.isEmpty else { return .notApplicable(rule) }
    let found = nearest.finding(rule, motion)
    return Finding(
      rule, value: found.value, .atLeast, -.infinity, subject: found.subject, other: found.other, points: found.points)
  }
}
