/// Gathers the worst of many pairs over the cells of a motion: the pair with the least slack, and how many failed.
struct WorstPair {
  /// The least slack so far, bounded from below and from above.
  private var lower = Double.infinity
  private var upper = Double.infinity
  private var requirement = 0.0
  private var subject = Subject.none
  private var other = Subject.none
  private var points: (Vector3, Vector3)?
  private var failing: UInt32 = 0
  private(set) var pairs = 0
  /// No failing pair gets worse, each of them failed where the arm is now already, and the worst of them gets better.
  private var worsens = false
  private var atStart = Double.infinity
  private var atEnd = Double.infinity
  /// Of the pair being looked at: the least distance at the cells' middles, and that at the target.
  private var onTheWay = Double.infinity
  private var pairAtEnd = Double.infinity
  private var hasTarget = false

  /// Every capsule of the arm against one solid.
  mutating func add(_ solid: Solid, as name: Subject, requirement: Double, _ motion: Motion, _ world: World) {
    let robot = world.configuration.robot
    for index in robot.capsules.indices {
      // The base does not move: what stands beside it was put there.
      guard robot.capsules[index].link != 0 else { continue }
      pairs += 1
      var failed = false
      var near = false
      begin(motion)
      for cell in 0..<motion.cells {
        let capsule = motion.capsule(index, cell: cell)
        let travel = motion.travel(index, cell: cell)
        let needed = requirement + travel + distanceRounding
        // Too far away to be the worst, to fail, or to say anything of improvement.
        if farBound(capsule, to: solid) - needed > max(lower, 0) { continue }
        near = true
        failed = record(
          nearest(capsule, to: solid), travel: travel, slack: robot.capsules[index].fitGap, requirement: requirement,
          .link(robot.capsules[index].link), name, cell, motion) || failed
      }
      guard near else { continue }
      recordStart(
        nearest(motion.capsule(index, cell: Motion.start), to: solid).distance, failed: failed,
        requirement: requirement, open: robot.capsules[index].fitGap + motion.travel(index, cell: Motion.start))
    }
  }

  /// One capsule of the arm against another of its own, nearer to the base.
  mutating func add(_ second: Int, against first: Int, requirement: Double, _ motion: Motion, _ robot: RobotModel) {
    pairs += 1
    var failed = false
    var near = false
    begin(motion)
    let innerLink = robot.capsules[first].link
    let outerLink = robot.capsules[second].link
    for cell in 0..<motion.cells {
      let inner = motion.capsule(first, cell: cell)
      let outer = motion.capsule(second, cell: cell)
      let found = nearest(outer, to: inner)
      // What the outer one may move at all bounds what it may move against the inner one.
      if found.distance - motion.travel(second, cell: cell) - requirement > max(lower, 0) { continue }
      near = true
      let travel = motion.postures[cell].travel(
        of: outer.a, outer.b, fixedIn: outerLink, change: motion.cellWidth, robot: robot, asSeenFrom: innerLink)
      failed = record(
        found, travel: travel, slack: robot.capsules[first].fitGap + robot.capsules[second].fitGap,
        requirement: requirement, .link(outerLink), .link(innerLink), cell, motion) || failed
    }
    guard near else { return }
    let start = motion.capsule(second, cell: Motion.start)
    recordStart(
      nearest(start, to: motion.capsule(first, cell: Motion.start)).distance, failed: failed, requirement: requirement,
      open: robot.capsules[first].fitGap + robot.capsules[second].fitGap
        + motion.startPosture.travel(
          of: start.a, start.b, fixedIn: outerLink, change: motion.width, robot: robot, asSeenFrom: innerLink))
  }

  /// Takes one pair at one cell in; whether it fails.
  private mutating func record(
    _ found: Nearest, travel: Double, slack: Double, requirement: Double, _ subject: Subject, _ other: Subject,
    _ cell: Int, _ motion: Motion
  ) -> Bool {
    let low = found.distance - travel - distanceRounding - requirement
    if low < lower {
      lower = low
      self.requirement = requirement
      self.subject = subject
      self.other = other
      points = (found.onFirst, found.onSecond)
    }
    if motion.isPassed(cell: cell) {
      upper = min(upper, found.distance + travel + slack + distanceRounding - requirement)
      onTheWay = min(onTheWay, found.distance)
      if cell == motion.cells - 1 || !motion.isPassed(cell: cell + 1) { pairAtEnd = found.distance }
    }
    return low < 0
  }

  /// Takes a pair in where the arm is now: whatever comes of the command, the arm is there.
  private mutating func recordStart(_ distance: Double, failed: Bool, requirement: Double, open: Double) {
    upper = min(upper, distance + open + distanceRounding - requirement)
    guard failed else { return }
    failing += 1
    let failsNow = distance - open - distanceRounding < requirement
    // Half a millimetre for what the middles of cells do not show.
    if !failsNow || !(onTheWay > distance - 0.0005 && pairAtEnd > distance - 0.0005) { worsens = true }
    if distance < atStart {
      atStart = distance
      atEnd = pairAtEnd
    }
  }

  private mutating func begin(_ motion: Motion) {
    hasTarget = !motion.target.isAbsent
    onTheWay = .infinity
    pairAtEnd = .infinity
  }

  /// Nothing was near enough to compare: far clear.
  func finding(_ rule: RuleID) -> Finding {
    guard lower < .infinity else {
      return Finding(rule, value: Interval(exactly: .infinity), .atLeast, 0)
    }
    var finding = Finding(
      rule, value: Interval(lower + requirement, max(lower, upper) + requirement), .atLeast, requirement,
      subject: subject, other: other, points: points, failing: failing)
    finding.improving = failing > 0 && !worsens && hasTarget && atEnd > atStart + 0.0005
    return finding
  }
}
