import CClearance

/// Gathers the worst of many pairs along a motion: the pair with the least slack, and what becomes of those that may fail.
struct WorstPair {
  /// What a capsule of the arm is compared with.
  private enum Other {
    case solid(Solid)
    case link(capsule: Int)

    /// What the kernel compares with is the body itself, not a box around it.
    var isExact: Bool {
      switch self {
      case .solid(.hull): false
      case .solid, .link: true
      }
    }

    var capsule: Int? {
      switch self {
      case .solid: nil
      case .link(let capsule): capsule
      }
    }

    /// The body, in the frame that it stands in.
    func solid(_ layout: ArmLayout) -> Solid {
      switch self {
      case .solid(let solid): solid
      case .link(let capsule): .hull(layout.bodies[capsule])
      }
    }
  }

  private struct Pair {
    var capsule: Int
    var other: Other
    /// Of the capsule and of the other, as a finding tells them.
    var subjects: (Subject, Subject)
    /// m
    var requirement: Double
  }

  /// Whether pairs that may fail are looked at exactly, and the counted work left for it.
  private let refines: Bool
  private var budget: Int
  /// The pair with the least slack so far; the slack, from below, m; and the sample at which they are nearest.
  private var least: (pair: Pair, slack: Double, sample: Int)?
  /// An upper bound of the least slack, m.
  private var upper = Double.infinity
  private(set) var failing = FailingPairs()
  private var sweep = odcv_sweep()
  private var search = odcv_least()

  init(refines: Bool = true, budget: Int = Capacity.refinement) {
    self.refines = refines
    self.budget = budget
  }

  /// Looks for the nearest pair alone: what fails beside it is not counted, and nothing is looked at exactly but hulls.
  static func nearestOnly() -> WorstPair {
    var nearest = WorstPair(refines: false)
    nearest.search.nearest_only = 1
    return nearest
  }

  /// Nothing was compared.
  var isEmpty: Bool { least == nil }

  // MARK: - Pairs

  /// Every moving capsule of the arm against every solid of a set; the base does not move, and what stands beside it was
  /// put there.
  ///
  /// The kernel bounds all of them and leaves here only pairs that may fail.
  mutating func add(_ set: borrowing SolidSet, requirement: Double, _ motion: borrowing Motion) {
    add(set, of: 0..<motion.path.layout.toolCentrePoint, requirement: requirement, motion)
  }

  /// The same for some of the arm's capsules alone.
  mutating func add(
    _ set: borrowing SolidSet, of capsules: Range<Int>, requirement: Double, _ motion: borrowing Motion
  ) {
    guard set.count > 0 else { return }
    begin()
    motion.path.search(capsules, set, requirement: requirement, &search)
    if let found = search.found {
      take(pair(found.capsule, set, found.other, requirement, motion), found)
    }
    upper = search.upper
    for index in 0..<Int(search.close) {
      let (capsule, solid) = set.close(index)
      motion.path.sweep(capsule, set, solid, into: &sweep)
      record(
        pair(capsule, set, solid, requirement, motion), motion.path.looseness(capsule, set, solid),
        motion.path.layout.movers(of: capsule), in: nil, motion)
    }
  }

  /// Every checked pair of the arm's own capsules.
  mutating func addSelfPairs(requirement: Double, _ motion: borrowing Motion) {
    guard !motion.path.layout.pairs.isEmpty else { return }
    begin()
    motion.path.searchPairs(requirement: requirement, &search)
    if let found = search.found { take(pair(found.other, requirement, motion), found) }
    upper = search.upper
    for index in 0..<Int(search.close) {
      let index = motion.path.closePair(index)
      let (movers, frame) = (motion.path.layout.pairs[index].movers, motion.path.layout.pairs[index].frame)
      let (bow, loose) = motion.path.looseness(ofPair: index)
      motion.path.sweep(pair: index, bow: bow, into: &sweep)
      record(pair(index, requirement, motion), loose, movers, in: frame, motion)
    }
  }

  private func pair(
    _ capsule: Int, _ set: borrowing SolidSet, _ solid: Int, _ requirement: Double, _ motion: borrowing Motion
  ) -> Pair {
    Pair(
      capsule: capsule, other: .solid(set.solids[solid]),
      subjects: (.link(motion.path.layout.link(capsule)), set.subjects[solid]), requirement: requirement)
  }

  /// The second capsule of a checked pair against the first one, which stands in its frame.
  private func pair(_ index: Int, _ requirement: Double, _ motion: borrowing Motion) -> Pair {
    let pair = motion.path.layout.pairs[index]
    return Pair(
      capsule: pair.second, other: .link(capsule: pair.first),
      subjects: (.link(motion.path.layout.link(pair.second)), .link(pair.frame)), requirement: requirement)
  }

  // MARK: - The least slack

  private mutating func begin() {
    search.lower = least?.slack ?? .infinity
    search.upper = upper
  }

  /// The nearest of the pairs that pass for certain.
  private mutating func take(_ pair: Pair, _ found: odcv_least.Found) {
    least = (pair, found.slack, found.sample)
  }

  /// Takes the pair in `sweep` in: it may fail, or may be the nearest.
  private mutating func record(
    _ pair: Pair, _ loose: Looseness, _ movers: ArmLayout.Movers, in frame: Int?, _ motion: borrowing Motion
  ) {
    let (layout, radius) = (motion.path.layout, motion.path.layout.radii[pair.capsule])
    var intervals = SIMD16<Double>(sweep.between) - (radius + loose.nearer)
    var most = atMost(pair, loose, motion)
    if most >= pair.requirement, pair.other.isExact ? refines && layout.canRefine(pair.capsule, pair.other.capsule) : true {
      var refinement = Refinement()
      refinement.run(
        pair.capsule, movers, in: frame, against: pair.other.solid(layout), coarse: intervals, needed: pair.requirement,
        motion, budget: &budget)
      intervals = refinement.intervals
      most = min(most, refinement.upper)
    }
    upper = min(upper, most - pair.requirement)
    let interval = intervals.leastInterval
    // Written so that what is no number is the worst, and fails.
    let slack = intervals[interval] - pair.requirement
    if !(slack >= least?.slack ?? .infinity) {
      least = (pair, slack, sweep.dual[interval] <= sweep.dual[interval + 1] ? interval : interval + 1)
    }
    guard !(slack >= 0) else { return }
    failing.limit(intervals, below: pair.requirement, at: motion.path.parameters, brakesAt: motion.brakesAt)
    failing.add(course(radius, motion), loose: loose.farther, requirement: pair.requirement)
  }

  /// How the pair in `sweep` goes from now to the end of what is commanded; the end of what leads nowhere is as near as can be.
  private func course(_ radius: Double, _ motion: borrowing Motion) -> FailingPairs.Course {
    let now = Double(sweep.dual[motion.path.startSample]) - radius
    var course = FailingPairs.Course(now: now, onTheWay: now, end: -.infinity)
    for interval in motion.path.passed.dropLast() {
      course.onTheWay = min(course.onTheWay, Double(sweep.between[interval]) - radius)
    }
    if let last = motion.path.passed.last { course.end = Double(sweep.dual[last]) - radius }
    return course
  }

  /// The true shape of the pair in `sweep` is at most this far away where it is nearest, m.
  private func atMost(_ pair: Pair, _ loose: Looseness, _ motion: borrowing Motion) -> Double {
    // The arm is where it is now, whatever comes of the command; further samples it passes only if it follows.
    var closest = motion.path.startSample
    for sample in motion.path.passed where sweep.primal[sample] < sweep.primal[closest] { closest = sample }
    let distance = Double(sweep.primal[closest]) - motion.path.layout.radii[pair.capsule]
    return pair.other.isExact && distance > 0
      ? distance + loose.farther : atMost(pair, at: closest, loose: loose.farther, motion)
  }

  /// The same at one sample, however deep the capsule is in the other body.
  private func atMost(_ pair: Pair, at sample: Int, loose: Double, _ motion: borrowing Motion) -> Double {
    let body = motion.path.capsule(pair.capsule, at: sample)
    switch pair.other {
    case .solid(let solid):
      let found = nearest(body, to: solid)
      let onAxis = found.onFirst + body.radius * found.normal
      return min(
        upperBound(found.distance, found.onFirst, to: solid, gap: loose),
        upperBound(found.distance, onAxis, to: solid, gap: loose))
    case .link(let other):
      return upperBound(nearest(body, to: motion.path.capsule(other, at: sample)).distance, gap: loose)
    }
  }

  // MARK: - What it comes to

  /// Where nothing was compared: far clear.
  func finding(_ rule: RuleID, _ motion: borrowing Motion) -> Finding {
    guard let least else { return Finding(rule, value: Interval(exactly: .infinity), .atLeast, 0) }
    let (pair, slack) = (least.pair, least.slack)
    var finding = Finding(
      rule, value: Interval(slack + pair.requirement, max(slack, upper) + pair.requirement), .atLeast, pair.requirement,
      subject: pair.subjects.0, other: pair.subjects.1, points: witnesses(pair, least.sample, motion),
      failing: failing.count)
    finding.passable = failing.passable
    finding.improving = failing.isLeft
    return finding
  }

  /// The nearest pair as such, on a path that the arm passes; `nil` when nothing was compared.
  func clearance(_ motion: borrowing Motion) -> ArmClearance? {
    guard let least, let pair = pair(motion) else { return nil }
    return ArmClearance(
      value: pair.value, link: pair.link, other: pair.other, points: witnesses(least.pair, least.sample, motion))
  }

  /// The same without its points.
  func pair(_ motion: borrowing Motion) -> PairClearance? {
    guard let least, let link = least.pair.subjects.0.index, let other = least.pair.subjects.1.index else { return nil }
    let lower = least.slack + least.pair.requirement
    var upper = upper + least.pair.requirement
    // Where they overlap by the kernel, by how much for certain at least?
    if lower < 0 {
      let loose = motion.path.looseness(least.pair.capsule, least.pair.other.capsule)
      upper = min(upper, atMost(least.pair, at: least.sample, loose: loose.farther, motion))
    }
    return PairClearance(value: Interval(lower, max(lower, upper)), link: link, other: other)
  }

  /// The nearest points of a pair's capsule and of the other body.
  private func witnesses(_ pair: Pair, _ sample: Int, _ motion: borrowing Motion) -> (Vector3, Vector3) {
    let body = motion.path.capsule(pair.capsule, at: sample)
    let found =
      switch pair.other {
      case .solid(let solid): nearest(body, to: solid)
      case .link(let other): nearest(body, to: motion.path.capsule(other, at: sample))
      }
    return (found.onFirst, found.onSecond)
  }
}
