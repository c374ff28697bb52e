import CClearance

/// Gathers the worst of many pairs along a motion: the pair with the least slack, and how many failed.
struct WorstPair {
  /// A pair as it is told: where to look for its witness points.
  private enum Place {
    case solid(Solid)
    case link(capsule: Int)
  }

  /// The least slack so far, bounded from below and from above.
  private var lower = Double.infinity
  private var upper = Double.infinity
  private var requirement = 0.0
  private var subject = Subject.none
  private var other = Subject.none
  private var capsule = 0
  private var place: Place?
  private var sample = 0
  private var failing: UInt32 = 0
  private(set) var pairs = 0
  /// No failing pair gets worse, each of them failed where the arm is now already, and the worst of them gets better.
  private var worsens = false
  private var atStart = Double.infinity
  private var atEnd = Double.infinity
  private var sweep = odcv_sweep()

  /// Every moving capsule of the arm against every solid of a set; the base does not move, and what stands beside it was
  /// put there.
  ///
  /// A ball around a capsule's whole way bounds its distance to sixteen solids at once. Only solids that may be the worst
  /// or fail by that bound are swept, the nearest first, so that it soon leaves most of them out.
  mutating func add(_ set: SolidSet, requirement: Double, _ motion: Motion, _ world: World) {
    let path = motion.path
    let robot = world.configuration.robot
    let rounding = Kernel.rounding * (path.size + set.largest)
    var distances = SIMD16<Float>()
    var nearest = Double.infinity
    var first: (capsule: Int, group: Int)?
    for capsule in robot.capsules.indices where path.layout.moves[capsule] {
      pairs += set.count
      for group in 0..<set.groups {
        let slack = Double(path.broad(capsule, set, group, into: &distances)) - path.reach(capsule)
        if slack < nearest {
          nearest = slack
          first = (capsule, group)
        }
      }
    }
    var done = -1
    if let first {
      let least = path.broad(first.capsule, set, first.group, into: &distances)
      for lane in 0..<SolidSet.lanes where distances[lane] == least {
        guard let solid = set.member(first.group, lane) else { continue }
        record(first.capsule, set, solid, requirement, motion, robot)
        done = first.capsule * set.count + solid
        break
      }
    }
    for capsule in robot.capsules.indices where path.layout.moves[capsule] {
      let needed = path.reach(capsule) + rounding + requirement
      for group in 0..<set.groups {
        if Double(path.broad(capsule, set, group, into: &distances)) - needed > max(lower, 0) { continue }
        for lane in 0..<SolidSet.lanes where Double(distances[lane]) - needed <= max(lower, 0) {
          guard let solid = set.member(group, lane), capsule * set.count + solid != done else { continue }
          record(capsule, set, solid, requirement, motion, robot)
        }
      }
      for solid in set.unbounded { record(capsule, set, solid, requirement, motion, robot) }
    }
  }

  /// Every checked pair of the arm's own capsules.
  mutating func addSelfPairs(requirement: Double, _ motion: Motion, _ robot: RobotModel) {
    let path = motion.path
    let rounding = 4 * Kernel.rounding * path.size
    pairs += path.layout.pairs.count
    for pair in path.layout.pairs {
      let apart = path.centers[pair.first] - path.centers[pair.second]
      let distance = Double((apart * apart).sum().squareRoot())
      if distance - path.reach(pair.first) - path.reach(pair.second) - rounding - requirement > max(lower, 0) { continue }
      let bounds = path.bounds(pair.movers, chord: motion.chord, width: motion.width)
      let inner = robot.capsules[pair.first]
      path.sweep(pair, inner.capsule, bow: bounds.bow, into: &sweep)
      // The inner one's radius is in the kernel's distance already.
      record(
        pair.second, place: .link(capsule: pair.first), .link(robot.capsules[pair.second].link), .link(inner.link),
        requirement: requirement, travel: bounds.travel, gap: inner.fitGap + robot.capsules[pair.second].fitGap,
        rounding: rounding, motion)
    }
  }

  private mutating func record(
    _ capsule: Int, _ set: SolidSet, _ solid: Int, _ requirement: Double, _ motion: Motion, _ robot: RobotModel
  ) {
    motion.path.sweep(capsule, set, solid, into: &sweep)
    record(
      capsule, place: .solid(set.solids[solid]), .link(robot.capsules[capsule].link), set.subjects[solid],
      requirement: requirement, travel: motion.path.travels[capsule], gap: robot.capsules[capsule].fitGap,
      rounding: Kernel.rounding * (motion.path.size + set.sizes[solid]), motion)
  }

  /// Takes the pair in `sweep` in.
  private mutating func record(
    _ capsule: Int, place: Place, _ subject: Subject, _ other: Subject, requirement: Double, travel: Double,
    gap: Double, rounding: Double, _ motion: Motion
  ) {
    let path = motion.path
    let radius = path.layout.radii[capsule]
    let low = Double(sweep.low) - radius - travel - rounding - requirement
    if low < lower {
      lower = low
      self.requirement = requirement
      self.subject = subject
      self.other = other
      self.capsule = capsule
      self.place = place
      sample = nearestSample()
    }
    // The arm is where it is now, whatever comes of the command; further samples it passes only if it follows.
    var primal = sweep.primal[path.startSample]
    for sample in path.passed { primal = min(primal, sweep.primal[sample]) }
    let open = gap + travel + rounding
    upper = min(upper, Double(primal) - radius + open - requirement)
    guard low < 0 else { return }
    failing += 1
    let distance = Double(sweep.dual[path.startSample])
    var onTheWay = distance
    for interval in path.passed.dropLast() { onTheWay = min(onTheWay, Double(sweep.between[interval])) }
    let end = path.passed.last.map { Double(sweep.dual[$0]) } ?? -.infinity
    // Half a millimetre for what samples do not show.
    if !(distance - radius - open < requirement && onTheWay > distance - 0.0005 && end > distance - 0.0005) {
      worsens = true
    }
    if distance - radius < atStart {
      atStart = distance - radius
      atEnd = end - radius
    }
  }

  /// The sample nearest to where the sweep found the least.
  private func nearestSample() -> Int {
    var interval = 0
    while interval < Path.samples - 2, sweep.between[interval] != sweep.low { interval += 1 }
    return sweep.dual[interval] <= sweep.dual[interval + 1] ? interval : interval + 1
  }

  /// Nothing was near enough to compare: far clear.
  func finding(_ rule: RuleID, _ motion: Motion, _ world: World) -> Finding {
    guard let place else {
      return Finding(rule, value: Interval(exactly: .infinity), .atLeast, 0)
    }
    let body = motion.path.capsule(capsule, at: sample)
    let found =
      switch place {
      case .solid(let solid): nearest(body, to: solid)
      case .link(let other): nearest(body, to: motion.path.capsule(other, at: sample))
      }
    var finding = Finding(
      rule, value: Interval(lower + requirement, max(lower, upper) + requirement), .atLeast, requirement,
      subject: subject, other: other, points: (found.onFirst, found.onSecond), failing: failing)
    finding.improving = failing > 0 && !worsens && !motion.target.isAbsent && atEnd > atStart + 0.0005
    return finding
  }
}
