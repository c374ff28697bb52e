import CClearance

/// Sixteen samples of an arm along a straight line in joint space, and bounds on what it does between and beside them.
///
/// The line is q(s) = start + s · chord, s in `from`...`to`; each joint may be off it by `width[j]`. Samples lie at both
/// ends, at s = 0 and at s = 1 where the line has them, and evenly between. On a line on which the joints turn by no more
/// than `shortWay` there are four, and the others repeat the last: steps are then no longer than those of sixteen on 0.1 rad, and
/// an arm of 2 m bends by some 0.01 mm in one.
///
/// **Between samples** an end p of a capsule's axis leaves the straight line from one sample to the next by at most
/// h²/8 · max|p''(s)|, h the step in s. For movers l from the capsule to the base with joint steps c_l = |ratio · chord|:
///
///     |p''| <= Σ_l c_l ρ_l (c_l + 2 Σ_{l' nearer the base} c_l')        (`bow`)
///
/// since the derivative about two axes is that about the outer one, at most ρ_l long, turned about the inner one. ρ_l is
/// the greatest distance of the capsule's ends from axis l; a prismatic joint has 1 in place of ρ_l and no term of its own.
///
/// **Beside the line** a point moves by at most `travel`: turn the joints one after the other, the most distal first; when
/// joint l turns, the axes before it have not moved and the point is at most ρ_l + what it moved from the axis.
///
/// ρ_l is taken at every other sample. Between them it is larger by at most the travel of a step.
public struct Path: ~Copyable, Sendable {
  static let samples = Int(ODCV_LANES)
  private static let fewSamples = 4
  /// Of all joints together, rad or m.
  static let shortWay = 0.02

  /// As in `World`: borrowing it copies nothing.
  private let pin: any Sendable = ()
  let layout: ArmLayout
  private let tables: ArmTables
  private let kernel: Kernel
  private let joints: Int
  /// What the kernel reads and writes, at one place for its life.
  private let path: Lanes<odcv_path>

  /// s of each sample, ascending.
  public private(set) var parameters = SIMD16<Double>()
  /// Samples with 0 <= s <= 1: the arm passes them if it follows its command. Empty without one.
  public private(set) var passed: Range<Int> = 0..<0
  /// The sample at s = 0.
  public private(set) var startSample = 0
  private var weights = SIMD16<Float>()
  /// How many intervals lie before s = 0, and how many behind the end that is passed; and of each sample the share of its stretch.
  private var stretches = (before: 0, behind: 0)
  private let shares = Lanes<Double>(repeating: 0, count: Path.samples)
  private let places = Lanes<Double>(repeating: 0, count: Path.samples)
  /// h²/8 of the interval behind each sample; none behind the last.
  private let heights = Lanes<Float>(repeating: 0, count: Path.samples)
  private var halfStep = 0.0
  /// How many intervals the samples make that differ.
  private var intervals = 0
  private var isFinite = true

  private let start: Lanes<Double>
  private let chord: Lanes<Double>
  private let width: Lanes<Double>
  private let poses: Lanes<SIMD16<Double>>
  private let lines: Lanes<SIMD16<Float>>
  private let ends: Lanes<SIMD16<Float>>
  private let levers: Lanes<SIMD16<Float>>
  private let steps: Lanes<SIMD16<Double>>
  private let offs: Lanes<SIMD16<Double>>
  private let bends: Lanes<odcv_bend>
  private let turns: Lanes<SIMD16<Double>>
  private let squares: Lanes<SIMD16<Float>>
  private let slacks: Lanes<Float>
  /// Pairs of links that a search left to the caller.
  private let closePairs: Lanes<Int32>

  /// Sixteen capsules side by side: balls around their axes in all samples, centre and radius; how far their ends are from
  /// straight between samples at most per unit of h²/8, how far the width lets them be from the line, and how far from the
  /// ball's centre anything of them can be, m.
  private let balls: Lanes<SIMD16<Float>>
  private let bowLanes: Lanes<SIMD16<Double>>
  private let travelLanes: Lanes<SIMD16<Double>>
  private let reachLanes: Lanes<SIMD16<Double>>
  /// How far each joint may be from the nearest sample.
  private let around: Lanes<Double>

  init(for robot: RobotModel, kernel: Kernel) {
    layout = ArmLayout(robot)
    joints = robot.joints.count
    tables = ArmTables(layout, joints: joints)
    self.kernel = kernel
    let capsules = layout.capsules.count
    // The kernel has room for so many on its stack.
    precondition(capsules <= Capacity.capsules)
    let groups = ArmTables.groups(capsules)
    let rowGroups = ArmTables.groups(layout.moversOfRow.count)
    let movers = rowGroups * tables.depth
    start = Lanes(repeating: 0, count: joints)
    chord = Lanes(repeating: 0, count: joints)
    width = Lanes(repeating: 0, count: joints)
    poses = Lanes(repeating: SIMD16(), count: 12 * robot.links.count)
    lines = Lanes(repeating: SIMD16(), count: 6 * robot.links.count)
    ends = Lanes(repeating: SIMD16(), count: 6 * capsules)
    levers = Lanes(repeating: SIMD16(), count: movers)
    steps = Lanes(repeating: SIMD16(), count: movers)
    offs = Lanes(repeating: SIMD16(), count: movers)
    bends = Lanes(repeating: odcv_bend(), count: rowGroups * (tables.depth + 1))
    turns = Lanes(repeating: SIMD16(), count: 2 * robot.links.count)
    squares = Lanes(repeating: SIMD16(), count: (movers + groups) * Path.samples)
    slacks = Lanes(repeating: 0, count: layout.pairs.count)
    closePairs = Lanes(repeating: 0, count: layout.pairs.count)
    balls = Lanes(repeating: SIMD16(), count: 4 * groups)
    bowLanes = Lanes(repeating: SIMD16(), count: groups)
    travelLanes = Lanes(repeating: SIMD16(), count: groups)
    reachLanes = Lanes(repeating: SIMD16(), count: groups)
    around = Lanes(repeating: 0, count: joints)
    path = Lanes(repeating: odcv_path(), count: 1)
    path.base.pointee.start = UnsafePointer(start.base)
    path.base.pointee.chord = UnsafePointer(chord.base)
    path.base.pointee.width = UnsafePointer(width.base)
    path.base.pointee.poses = poses.base
    path.base.pointee.lines = lines.base
    path.base.pointee.ends = ends.base
    path.base.pointee.balls = balls.base
    path.base.pointee.bows = bowLanes.base
    path.base.pointee.travels = travelLanes.base
    path.base.pointee.reaches = reachLanes.base
    path.base.pointee.levers = levers.base
    path.base.pointee.steps = steps.base
    path.base.pointee.offs = offs.base
    path.base.pointee.bends = bends.base
    path.base.pointee.slacks = slacks.base
    path.base.pointee.turns = turns.base
    path.base.pointee.squares = squares.base
  }

  /// The largest distance from the base of anything of the arm, m.
  var size: Double { path.base.pointee.size }

  // MARK: - Laying it

  /// Puts the arm along the line. `from` <= 0 <= `to`.
  mutating func lay(
    start: borrowing JointVector, chord: borrowing JointVector, from: Double, to: Double, width: borrowing JointVector,
    hasTarget: Bool
  ) {
    isFinite = (to - from).isFinite
    guard isFinite else { return }
    var way = 0.0
    for joint in 0..<joints {
      self.start[joint] = start[joint]
      self.chord[joint] = chord[joint]
      self.width[joint] = width[joint]
      way += abs(chord[joint])
    }
    sample(from: from, to: to, way: way, hasTarget: hasTarget)
    for joint in 0..<joints { around[joint] = self.width[joint] + halfStep * abs(self.chord[joint]) }
    kernel.functions.pointee.lay(tables.pointer, path.base)
  }

  /// Puts the arm along the whole straight way between two configurations, with nothing beside it.
  mutating func lay(from start: borrowing JointVector, to end: borrowing JointVector) {
    isFinite = true
    var way = 0.0
    for joint in 0..<joints {
      let chord = end[joint] - start[joint]
      self.start[joint] = start[joint]
      self.chord[joint] = chord
      width[joint] = 0
      way += abs(chord)
    }
    sample(from: 0, to: 1, way: way, hasTarget: true)
    for joint in 0..<joints { around[joint] = halfStep * abs(chord[joint]) }
    kernel.functions.pointee.lay(tables.pointer, path.base)
  }

  /// Spreads the samples: both ends, s = 0, s = 1, and the rest in proportion. `way`: of the joints from s = 0 to 1.
  private mutating func sample(from: Double, to: Double, way: Double, hasTarget: Bool) {
    let length = to - from
    let intervals = (way * length <= Path.shortWay ? Path.fewSamples : Path.samples) - 1
    if from == parameters[0], to == parameters[Path.samples - 1], hasTarget != passed.isEmpty, intervals == self.intervals { return }
    var before = 0
    var behind = 0
    if from < 0 { before = max(1, Int((Double(intervals) * -from / length).rounded())) }
    if to > 1 { behind = max(1, Int((Double(intervals) * (to - 1) / length).rounded())) }
    let main = max(1, intervals - before - behind)
    if before + behind + main > intervals {
      if before > behind { before = intervals - main - behind } else { behind = intervals - main - before }
    }
    let isSpread = intervals == self.intervals && stretches == (before, behind)
    self.intervals = intervals
    if !isSpread { share(before: before, main: main, behind: behind) }
    let end = min(to, 1)
    for sample in 0..<before { places[sample] = from * shares[sample] }
    for sample in before...(before + main) { places[sample] = end * shares[sample] }
    for sample in (before + main + 1)..<(intervals + 1) { places[sample] = end + (to - end) * shares[sample] }
    var longest = 0.0
    for sample in 0..<intervals {
      let step = places[sample + 1] - places[sample]
      longest = max(longest, step)
      heights[sample] = Float(step * step * 0.125).nextUp
    }
    for sample in (intervals + 1)..<max(Path.samples, intervals + 1) {
      places[sample] = to
      heights[sample - 1] = 0
    }
    halfStep = 0.5 * longest
    parameters = places.vector
    weights = heights.vector
    path.base.pointee.parameters = parameters
    path.base.pointee.weights = weights
    path.base.pointee.half_step = halfStep
    path.base.pointee.is_short = intervals < Path.samples - 1 ? 1 : 0
    guard !isSpread || hasTarget == passed.isEmpty else { return }
    startSample = before
    passed = hasTarget ? before..<(before + main + 1) : 0..<0
    for sample in 0..<Path.samples {
      path.base.pointee.beside[sample] = sample == before || passed.contains(sample) ? 0 : .infinity
    }
  }

  private mutating func share(before: Int, main: Int, behind: Int) {
    stretches = (before, behind)
    for sample in 0...(before + main + behind) {
      if sample < before {
        shares[sample] = Double(before - sample) / Double(before)
      } else if sample <= before + main {
        shares[sample] = Double(sample - before) / Double(main)
      } else {
        shares[sample] = Double(sample - before - main) / Double(behind)
      }
    }
  }

  // MARK: - What lies between and beside the samples

  /// Bow and travel of what the movers move, seen from behind the last of them; of points up to `farther` from a
  /// capsule's axis, m.
  func bounds(_ movers: ArmLayout.Movers, farther: Double = 0) -> (bow: Double, travel: Double) {
    var bow = 0.0
    var travel = 0.0
    kernel.functions.pointee.bend(
      tables.pointer, path.base, Int32(movers.row), Int32(movers.count), farther, &bow, &travel)
    return (bow, travel)
  }

  /// Of one capsule.
  func bow(_ capsule: Int) -> Double { bowLanes[capsule / Path.samples][capsule % Path.samples] }
  func travel(_ capsule: Int) -> Double { travelLanes[capsule / Path.samples][capsule % Path.samples] }

  // MARK: - Sweeping

  /// The capsule's axis along the path against one solid of a set.
  func sweep(_ capsule: Int, _ set: borrowing SolidSet, _ solid: Int, into result: inout odcv_sweep) {
    switch set.shape(solid) {
    case .box(let box): kernel.functions.pointee.sweep_box(path.base, Int32(capsule), box, &result)
    case .rod(let rod): kernel.functions.pointee.sweep_rod(path.base, Int32(capsule), rod, &result)
    case .plane(let plane): kernel.functions.pointee.sweep_plane(path.base, Int32(capsule), plane, &result)
    }
  }

  /// The second capsule's axis along the path against the first one's, in the first one's frame.
  func sweep(pair: Int, bow: Double, into result: inout odcv_sweep) {
    kernel.functions.pointee.sweep_pair(tables.pointer, path.base, Int32(pair), bow, &result)
  }

  /// The least slack of these capsules, but for those that do not move, and every solid of a set: bounds in `least`, pairs that need
  /// a closer look in the set's `close`.
  func search(_ capsules: Range<Int>, _ set: borrowing SolidSet, requirement: Double, _ least: inout odcv_least) {
    precondition(capsules.upperBound <= layout.toolCentrePoint)
    least.begin = Int32(capsules.lowerBound)
    least.end = Int32(capsules.upperBound)
    kernel.functions.pointee.search_solids(tables.pointer, path.base, set.pointer, requirement, &least)
  }

  /// The same of the arm's own pairs; those that need a closer look are `closePair(_:)`.
  func searchPairs(requirement: Double, _ least: inout odcv_least) {
    kernel.functions.pointee.search_pairs(tables.pointer, path.base, requirement, closePairs.base, &least)
  }

  func closePair(_ index: Int) -> Int { Int(closePairs[index]) }

  /// A ball that holds the capsule all along the path, width included.
  func ball(_ capsule: Int) -> Capsule {
    let lanes = Path.samples
    let (group, lane) = (capsule / lanes, capsule % lanes)
    precondition(capsule >= 0 && 4 * group < balls.count)
    let place = UnsafeRawPointer(balls.base + 4 * group).assumingMemoryBound(to: Float.self) + lane
    let center = Vector3(Double(place[0]), Double(place[lanes]), Double(place[2 * lanes]))
    let reaches = UnsafeRawPointer(reachLanes.base).assumingMemoryBound(to: Double.self)
    return Capsule(a: center, b: center, radius: reaches[capsule])
  }

  /// Speeds around every sample, m/s: at most at any rate of the motion, at least at the present one.
  struct Speeds {
    var most = SIMD16<Float>()
    var now = SIMD16<Float>()

    /// The greater of both, sample by sample.
    mutating func take(_ other: Speeds) {
      most.replace(with: other.most, where: other.most .> most)
      now.replace(with: other.now, where: other.now .> now)
    }
  }

  /// Bounds the speed of the tool centre point around every sample.
  func toolSpeeds(_ motion: borrowing Motion) -> Speeds {
    var rates = LinkRates()
    return speeds(layout.toolCentrePoint, ends: 0...0, motion, &rates)
  }

  /// The same of some ends (0, 1) of a capsule's axis.
  func speeds(
    _ capsule: Int, ends which: ClosedRange<Int>, _ motion: borrowing Motion, _ rates: inout LinkRates
  ) -> Speeds {
    var speeds = Speeds()
    let count = Int32(layout.moversOfRow[capsule].count)
    if rates.link != layout.link(capsule) { gather(&rates, capsule, motion) }
    rates.values.span.withUnsafeBufferPointer { rates in
      for end in which {
        var one = Speeds()
        kernel.functions.pointee.speeds(
          path.base, ends.base + 6 * capsule + 3 * end, rates.baseAddress, count,
          Float(Kernel.rounding * (1 + size)).nextUp, &one.most, &one.now)
        speeds.take(one)
      }
    }
    // Sums of at most `Capacity.links` products, each within a few units of the last place.
    speeds.most *= 1.000_02
    speeds.now *= 0.999_98
    return speeds
  }

  /// The rates of the joints that move a link, kept for all of its capsules.
  struct LinkRates {
    fileprivate var link: Int?
    fileprivate var values = InlineArray<64, odcv_rate>(repeating: odcv_rate())
  }

  private func gather(_ rates: inout LinkRates, _ capsule: Int, _ motion: borrowing Motion) {
    rates.link = layout.link(capsule)
    for (index, mover) in layout.moversOfRow[capsule].enumerated() {
      let part = layout.movers[mover]
      let joint = Int(part.joint)
      let ratio = abs(part.ratio)
      let spread = ratio * motion.speedSpread[joint]
      let rate = part.ratio * motion.velocity[joint]
      let driven = part.ratio * motion.drivenVelocity[joint]
      rates.values[index] = odcv_rate(
        link: part.link, prismatic: part.prismatic, rate: Float(rate), driven: Float(driven),
        spread: Float(spread).nextUp, most: Float(max(abs(rate), abs(driven)) + spread).nextUp,
        change: Float(ratio * around[joint]).nextUp)
    }
  }

  // MARK: - One sample in double precision

  /// A capsule's axis at a sample.
  func capsule(_ index: Int, at sample: Int) -> Capsule {
    pose(ofLink: layout.link(index), at: sample) * layout.local(index)
  }

  /// The frame of a capsule's link as seen from another link's, or from the base.
  func pose(of capsule: Int, in frame: Int?, at sample: Int) -> Pose {
    let own = pose(ofLink: layout.link(capsule), at: sample)
    guard let frame else { return own }
    let other = pose(ofLink: frame, at: sample)
    let r = other.rotation
    return Pose(
      rotation: Rotation(
        x: r.transposed(own.rotation.x), y: r.transposed(own.rotation.y), z: r.transposed(own.rotation.z)),
      translation: other.inverse(own.translation))
  }

  /// h²/8 of the step behind a sample.
  func weight(_ interval: Int) -> Double { Double(weights[interval]) }

  func pose(ofLink link: Int, at sample: Int) -> Pose {
    precondition(sample >= 0 && sample < Path.samples && 12 * link < poses.count)
    let lanes = UnsafeRawPointer(poses.base + 12 * link).assumingMemoryBound(to: Double.self) + sample
    func vector(_ column: Int) -> Vector3 {
      let at = lanes + 3 * Path.samples * column
      return Vector3(at[0], at[Path.samples], at[2 * Path.samples])
    }
    return Pose(rotation: Rotation(x: vector(0), y: vector(1), z: vector(2)), translation: vector(3))
  }

  /// Everything of the arm could be placed, as far out as the rounding bounds hold.
  var isPlaceable: Bool {
    guard isFinite, size <= Vector3.reach, path.base.pointee.reach.isFinite else { return false }
    let longest = max(abs(parameters[0]), abs(parameters[Path.samples - 1]))
    for joint in 0..<joints where !(abs(start[joint]) + longest * abs(chord[joint]) <= 1000) { return false }
    return true
  }
}
