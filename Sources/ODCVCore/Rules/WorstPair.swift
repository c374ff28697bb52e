import CClearance

/// Gathers the worst of many pairs along a motion: the pair with the least slack, and how many failed.
struct WorstPair {
  /// A pair as it is told: where to look for its witness points.
  private enum Place {
    case solid(Solid)
    case link(capsule: Int)

    /// What the kernel compared with is the solid, not a box around it.
    var isBounded: Bool {
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

    /// The solid itself, in the frame of its link.
    func solid(_ layout: ArmLayout) -> Solid {
      switch self {
      case .solid(let solid): solid
      case .link(let capsule): .hull(layout.bodies[capsule])
      }
    }
  }

  /// Whether pairs that may fail are looked at exactly, and the counted work left for it.
  private let refines: Bool
  private var budget: Int

  init(refines: Bool = true, budget: Int = Capacity.refinement) {
    self.refines = refines
    self.budget = budget
  }

  /// Looks for the nearest pair alone: what fails beside it is not counted, and nothing is looked at exactly.
  static func nearestOnly() -> WorstPair {
    var nearest = WorstPair(refines: false)
    nearest.search.nearest_only = 1
    return nearest
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
  private(set) var failing: UInt32 = 0
  private(set) var pairs = 0
  /// No failing pair gets worse, each of them failed where the arm is now already, and the worst of them gets better.
  private var worsens = false
  private var atStart = Double.infinity
  private var atEnd = Double.infinity
  /// Share of the commanded way up to which no pair fails.
  private var passable = 1.0
  private var sweep = odcv_sweep()
  private var search = odcv_least()

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
    for capsule in capsules where motion.path.layout.moves[capsule] { pairs += set.count }
    search.lower = lower
    search.upper = upper
    motion.path.search(capsules, set, requirement: requirement, &search)
    take(requirement)
    if search.capsule >= 0 {
      subject = .link(motion.path.layout.link(capsule))
      other = set.subjects[Int(search.other)]
      place = .solid(set.solids[Int(search.other)])
    }
    for index in 0..<Int(search.close) {
      let (capsule, solid) = set.close(index)
      record(capsule, set, solid, requirement, motion)
    }
  }

  /// Every checked pair of the arm's own capsules.
  mutating func addSelfPairs(requirement: Double, _ motion: borrowing Motion) {
    guard !motion.path.layout.pairs.isEmpty else { return }
    pairs += motion.path.layout.pairs.count
    search.lower = lower
    search.upper = upper
    motion.path.searchPairs(requirement: requirement, &search)
    take(requirement)
    if search.capsule >= 0 {
      let pair = motion.path.layout.pairs[Int(search.other)]
      subject = .link(motion.path.layout.link(pair.second))
      other = .link(pair.frame)
      place = .link(capsule: pair.first)
    }
    for index in 0..<Int(search.close) { record(pair: motion.path.closePair(index), requirement, motion) }
  }

  /// What the search found of the pairs that pass.
  private mutating func take(_ requirement: Double) {
    upper = search.upper
    guard search.capsule >= 0 else { return }
    lower = search.lower
    self.requirement = requirement
    capsule = Int(search.capsule)
    sample = Int(search.sample)
  }

  private mutating func record(pair index: Int, _ requirement: Double, _ motion: borrowing Motion) {
    let pair = motion.path.layout.pairs[index]
    let bounds = motion.path.bounds(pair.movers)
    motion.path.sweep(pair: index, bow: bounds.bow, into: &sweep)
    // The inner one's radius is in the kernel's distance already.
    record(
      pair.second, place: .link(capsule: pair.first), .link(motion.path.layout.link(pair.second)), .link(pair.frame),
      requirement: requirement, travel: bounds.travel,
      gap: motion.path.layout.gaps[pair.first] + motion.path.layout.gaps[pair.second],
      rounding: 4 * Kernel.rounding * motion.path.size, movers: pair.movers, frame: pair.frame, motion)
  }

  private mutating func record(
    _ capsule: Int, _ set: borrowing SolidSet, _ solid: Int, _ requirement: Double, _ motion: borrowing Motion
  ) {
    motion.path.sweep(capsule, set, solid, into: &sweep)
    record(
      capsule, place: .solid(set.solids[solid]), .link(motion.path.layout.link(capsule)), set.subjects[solid],
      requirement: requirement, travel: motion.path.travel(capsule), gap: motion.path.layout.gaps[capsule],
      rounding: Kernel.rounding * (motion.path.size + set.sizes[solid]),
      movers: motion.path.layout.movers(of: capsule), frame: nil, motion)
  }

  /// Takes the pair in `sweep` in.
  private mutating func record(
    _ capsule: Int, place: Place, _ subject: Subject, _ other: Subject, requirement: Double, travel: Double,
    gap: Double, rounding: Double, movers: ArmLayout.Movers, frame: Int?, _ motion: borrowing Motion
  ) {
    let radius = motion.path.layout.radii[capsule]
    let off = radius + travel + rounding
    var low = Double(sweep.low) - off - requirement
    let isBounded = place.isBounded
    // The arm is where it is now, whatever comes of the command; further samples it passes only if it follows.
    let open = gap + travel + rounding
    let closest = closestSample(motion)
    var high = Double(closest.distance) - radius + open - requirement
    if !isBounded || high < open - requirement {
      high = sureDistance(capsule, place, at: closest.sample, gap: open, motion) - requirement
    }
    guard low < 0 || low < lower else {
      upper = min(upper, high)
      return
    }
    var intervals = SIMD16<Double>(sweep.between) - off
    if low < 0, high >= 0, isBounded ? refines && motion.path.layout.canRefine(capsule, place.capsule) : true {
      var refinement = Refinement()
      refinement.run(
        capsule, movers, in: frame, against: place.solid(motion.path.layout), coarse: intervals, needed: requirement,
        motion, budget: &budget)
      intervals = refinement.intervals
      low = refinement.low - requirement
      high = min(high, refinement.upper - requirement)
    }
    if low < lower {
      lower = low
      self.requirement = requirement
      self.subject = subject
      self.other = other
      self.capsule = capsule
      self.place = place
      sample = nearestSample(intervals)
    }
    upper = min(upper, high)
    guard low < 0 else { return }
    failing += 1
    limitShare(intervals, requirement, motion)
    let distance = Double(sweep.dual[motion.path.startSample])
    var onTheWay = distance
    for interval in motion.path.passed.dropLast() { onTheWay = min(onTheWay, Double(sweep.between[interval])) }
    let end = motion.path.passed.last.map { Double(sweep.dual[$0]) } ?? -.infinity
    // Half a millimetre for what samples do not show.
    if !(distance - radius - open < requirement && onTheWay > distance - 0.0005 && end > distance - 0.0005) {
      worsens = true
    }
    if distance - radius < atStart {
      atStart = distance - radius
      atEnd = end - radius
    }
  }

  /// The sample, among those that the arm passes for certain, at which the kernel's two points are nearest.
  private func closestSample(_ motion: borrowing Motion) -> (sample: Int, distance: Float) {
    var closest = motion.path.startSample
    for sample in motion.path.passed where sweep.primal[sample] < sweep.primal[closest] { closest = sample }
    return (closest, sweep.primal[closest])
  }

  /// An upper bound of the distance of the true shape at a sample, where a capsule that holds it with `gap` to spare
  /// overlaps the solid.
  private func sureDistance(
    _ capsule: Int, _ place: Place, at sample: Int, gap: Double, _ motion: borrowing Motion
  ) -> Double {
    let body = motion.path.capsule(capsule, at: sample)
    switch place {
    case .solid(let solid):
      let found = nearest(body, to: solid)
      let onAxis = found.onFirst + body.radius * found.normal
      return min(
        upperBound(found.distance, found.onFirst, to: solid, gap: gap),
        upperBound(found.distance, onAxis, to: solid, gap: gap))
    case .link(let other):
      return upperBound(nearest(body, to: motion.path.capsule(other, at: sample)).distance, gap: gap)
    }
  }

  /// The way is passable up to the first interval that may fail.
  private mutating func limitShare(_ intervals: SIMD16<Double>, _ requirement: Double, _ motion: borrowing Motion) {
    for interval in 0..<Path.samples - 1 where intervals[interval] < requirement {
      // What is reached even by braking now is no matter of the command.
      let share = motion.path.parameters[interval]
      passable = min(passable, share > motion.brakesAt ? share : 0)
      return
    }
  }

  /// The sample nearest to where the least was found.
  private func nearestSample(_ intervals: SIMD16<Double>) -> Int {
    let least = intervals.min()
    var interval = 0
    while interval < Path.samples - 2, intervals[interval] != least { interval += 1 }
    return sweep.dual[interval] <= sweep.dual[interval + 1] ? interval : interval + 1
  }

  /// Nothing was near enough to compare: far clear.
  func finding(_ rule: RuleID, _ motion: borrowing Motion) -> Finding {
    guard let place else {
      return Finding(rule, value: Interval(exactly: .infinity), .atLeast, 0)
    }
    let points = witnesses(place, motion)
    var finding = Finding(
      rule, value: Interval(lower + requirement, max(lower, upper) + requirement), .atLeast, requirement,
      subject: subject, other: other, points: points, failing: failing)
    finding.passable = passable
    finding.improving = failing > 0 && !worsens && !motion.target.isAbsent && atEnd > atStart + 0.0005
    return finding
  }

  /// The nearest pair as such, on a path that the arm passes; `nil` when nothing was compared.
  func clearance(_ motion: borrowing Motion) -> ArmClearance? {
    guard let place, let pair = pair(motion) else { return nil }
    return ArmClearance(value: pair.value, link: pair.link, other: pair.other, points: witnesses(place, motion))
  }

  /// The same without its points.
  func pair(_ motion: borrowing Motion) -> PairClearance? {
    guard let place, let link = subject.index, let other = other.index else { return nil }
    var upper = upper + requirement
    // Where they overlap by the kernel, by how much for certain at least?
    if lower + requirement < 0, place.isBounded {
      let rounding = 4 * Kernel.rounding * motion.path.size
      let gap = motion.path.layout.gaps[capsule] + (place.capsule.map { motion.path.layout.gaps[$0] } ?? 0)
      upper = min(
        upper, sureDistance(capsule, place, at: sample, gap: gap + motion.path.travel(capsule) + rounding, motion))
    }
    return PairClearance(
      value: Interval(lower + requirement, max(lower + requirement, upper)), link: link, other: other)
  }

  /// The nearest points of the worst pair's capsule and of what it was compared with.
  private func witnesses(_ place: Place, _ motion: borrowing Motion) -> (Vector3, Vector3) {
    let body = motion.path.capsule(capsule, at: sample)
    let found =
      switch place {
      case .solid(let solid): nearest(body, to: solid)
      case .link(let other): nearest(body, to: motion.path.capsule(other, at: sample))
      }
    return (found.onFirst, found.onSecond)
  }
}
