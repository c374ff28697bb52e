/// Where a chunk's rows lead, stretch by stretch.
///
/// The rows to come are cut into at most `Capacity.chunkStretches` stretches of equally many. A stretch's tube holds the joints of
/// its rows, the last one before it, where the arm may still be behind that by what its driver lags, and what braking takes
/// behind the last: being convex, it holds the way over all of them. Rows are taken one from the other: a row is counted from
/// where the row before it leads, whatever it is relative to. People and obstacles are taken where they are now; all of it is
/// judged again, from the arm as it then is, when a row is due.
struct Prediction: Sendable {
  var rows: Range<Int>
  var size: Int
  /// Where the row before the next stretch leads, and how fast.
  var from: JointVector
  var velocity: JointVector
  var goal: Goal
  /// Something is left.
  var isOpen: Bool { !rows.isEmpty }

  init(joints: Int) {
    rows = 0..<0
    size = 1
    from = JointVector(count: joints)
    velocity = from
    goal = .hold
  }

  mutating func begin(_ rows: Range<Int>, from start: JointVector, velocity: JointVector, goal: Goal) {
    self.rows = rows
    size = max(1, (rows.count + Capacity.chunkStretches - 1) / Capacity.chunkStretches)
    from = start
    self.velocity = velocity
    self.goal = goal
  }

  /// Nothing more can be told of where the rows lead.
  mutating func end() { rows = 0..<0 }

  /// The rows of the next stretch, taken off.
  mutating func take() -> Range<Int> {
    let stretch = rows.lowerBound..<min(rows.lowerBound + size, rows.upperBound)
    rows = stretch.upperBound..<rows.upperBound
    return stretch
  }
}

extension Planner {
  /// Begins with the first row of the chunk that has just been received.
  func beginPrediction(_ motion: inout Motion, in world: borrowing World) {
    motion.judged = world.judged
    motion.unknown = nil
    motion.unknownSubject = .none
    motion.prediction.end()
    guard locate(&motion, in: world) != nil else { return }
    motion.prediction.begin(
      world.chunk.coming, from: motion.start, velocity: motion.velocity, goal: world.pending.goal)
  }

  /// Fills `motion` for the next stretch; its rows.
  func planStretch(_ motion: inout Motion, in world: borrowing World) -> Range<Int>? {
    guard motion.unknown == nil else { return nil }
    let rows = motion.prediction.take()
    let joints = robot.joints.indices
    let begin = motion.prediction.from
    var lagging = motion.prediction.velocity
    for joint in joints { lagging[joint] *= -robot.tracking.responseTime }
    motion.start = begin
    for joint in joints {
      motion.width[joint] = robot.measurement.position + robot.tracking.error[joint]
      motion.spread[joint] = robot.measurement.velocity
    }
    var fastest = JointVector(count: joints.count)
    var slowest = fastest
    var open = 0.0
    // The joints behind each row are kept to bend the tube around them.
    for row in rows {
      motion.start = motion.prediction.from
      guard let next = whereLeads(row, &motion, in: world) else { return rows }
      motion.rowJoints[row] = next.row
      open = max(open, motion.prediction.goal.open)
      let pace = pace(from: motion.prediction.from, to: next, period: world.chunk.period)
      for joint in joints {
        let rate = (next[joint] - motion.prediction.from[joint]) * pace
        fastest[joint] = row == rows.lowerBound ? rate : max(fastest[joint], rate)
        slowest[joint] = row == rows.lowerBound ? rate : min(slowest[joint], rate)
        motion.prediction.velocity[joint] = rate
      }
      motion.prediction.from = next
    }
    motion.start = begin
    for joint in joints {
      motion.width[joint] += open
      motion.velocity[joint] = 0.5 * (fastest[joint] + slowest[joint])
      motion.drivenVelocity[joint] = motion.velocity[joint]
      motion.speedSpread[joint] = motion.spread[joint] + 0.5 * (fastest[joint] - slowest[joint])
    }
    layStretch(&motion, rows, lagging)
    if !motion.isFinite { fail(&motion, .nonFinite, .stream(.action)) }
    return rows
  }

  /// Where a row leads from the end of the row before it.
  private func whereLeads(_ row: Int, _ motion: inout Motion, in world: borrowing World) -> JointVector? {
    let none = JointVector(count: robot.joints.count)
    switch reading.read(
      world.chunk.command(row), row: world.chunk.place(row), &motion, around: none, last: motion.prediction.goal,
      requested: motion.prediction.goal, in: world)
    {
    case .unchanged: return motion.prediction.from
    case .unknown(let reason, let subject):
      fail(&motion, reason, subject)
      return nil
    case .goal(let goal, _):
      motion.prediction.goal = goal
      var next = motion.prediction.from
      switch goal.kind {
      case .hold: return next
      case .position: return goal.values
      case .velocity:
        for joint in robot.joints.indices { next[joint] += goal.values[joint] * world.chunk.period }
        return next
      case .effort:
        // What a row of efforts does can be bounded when it is due, but not where the next one begins.
        fail(&motion, .unsupported, .stream(.action))
        return nil
      }
    }
  }

  /// Speed per distance of a row, 1/s.
  private func pace(from start: JointVector, to end: JointVector, period: Double) -> Double {
    min(1 / period, robot.rate(from: start, to: end))
  }

  private func layStretch(_ motion: inout Motion, _ rows: Range<Int>, _ lagging: JointVector) {
    let joints = robot.joints.indices
    let reaction = robot.stopping.reactionTime + cell.verdictDeadline
    let stop = stopTime(motion)
    motion.duration = cell.controlPeriod + reaction + stop
    motion.isStill = false
    motion.asked = .absent
    motion.demand = Demand()
    var toEnd = motion.prediction.from
    var behind = toEnd
    for joint in joints {
      toEnd[joint] -= motion.start[joint]
      behind[joint] = toEnd[joint] + motion.prediction.velocity[joint] * (reaction + 0.5 * stop)
    }
    motion.target = motion.prediction.from
    motion.chord = toEnd
    var length2 = 0.0
    for joint in joints { length2 += toEnd[joint] * toEnd[joint] }
    motion.from = 0
    motion.to = length2 > 0 ? 1 : 0
    var beside = JointVector(count: joints.count)
    _ = include(&motion, lagging, length2, &beside)
    for row in rows {
      var point = JointVector(row: motion.rowJoints[row], count: joints.count)
      for joint in joints { point[joint] -= motion.start[joint] }
      _ = include(&motion, point, length2, &beside)
    }
    _ = include(&motion, behind, length2, &beside)
    motion.brakesAt = 0
    for joint in joints { motion.width[joint] += beside[joint] }
    box(&motion)
    motion.path.lay(
      start: motion.start, chord: motion.chord, from: motion.from, to: motion.to, width: motion.width, hasTarget: true)
  }
}
