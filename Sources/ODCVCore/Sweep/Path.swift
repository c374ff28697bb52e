import CClearance

/// Sixteen samples of an arm along a straight line in joint space, and bounds on what it does between and beside them.
///
/// The line is q(s) = start + s · chord, s in `from`...`to`; each joint may be off it by `width[j]`. Samples lie at both
/// ends, at s = 0 and at s = 1 where the line has them, and evenly between.
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
/// ρ_l is taken at the samples. Between them it is larger by at most the travel of half a step.
public struct Path: ~Copyable, Sendable {
  static let samples = Int(ODCV_LANES)

  let layout: ArmLayout
  private let kernel: Kernel
  private let joints: Int

  /// s of each sample, ascending.
  public private(set) var parameters = SIMD16<Double>()
  /// Samples with 0 <= s <= 1: the arm passes them if it follows its command. Empty without one.
  public private(set) var passed: Range<Int> = 0..<0
  /// The sample at s = 0.
  public private(set) var startSample = 0
  private var weights = SIMD16<Float>()
  private var halfStep = 0.0
  private var isFinite = true

  private let start: Lanes<Double>
  private let chord: Lanes<Double>
  let poses: Lanes<SIMD16<Double>>
  let axes: Lanes<SIMD16<Double>>
  let ends: Lanes<SIMD16<Float>>
  private let levers: Lanes<Float>
  /// Of each mover: how far its joint moves along the whole line, and how far it may be off it.
  private let steps: Lanes<Double>
  private let offs: Lanes<Double>

  /// Per capsule: a ball around its axis in all samples, centre and radius; how far its ends are from straight between
  /// samples at most per unit of h²/8, and how far the width lets it be from the line, m.
  let balls: Lanes<SIMD4<Float>>
  let bows: Lanes<Double>
  let travels: Lanes<Double>
  private let reaches: Lanes<Double>
  /// How far each joint may be from the nearest sample.
  public private(set) var around: JointVector
  /// The largest distance from the base of anything of the arm, m.
  private(set) var size = 0.0

  init(for robot: RobotModel, kernel: Kernel) {
    layout = ArmLayout(robot)
    self.kernel = kernel
    joints = robot.joints.count
    let capsules = layout.capsules.count
    start = Lanes(repeating: 0, count: joints)
    chord = Lanes(repeating: 0, count: joints)
    poses = Lanes(repeating: SIMD16(), count: 12 * robot.links.count)
    axes = Lanes(repeating: SIMD16(), count: 3 * robot.links.count)
    ends = Lanes(repeating: SIMD16(), count: 6 * capsules)
    levers = Lanes(repeating: 0, count: layout.movers.count)
    steps = Lanes(repeating: 0, count: layout.movers.count)
    offs = Lanes(repeating: 0, count: layout.movers.count)
    balls = Lanes(repeating: SIMD4(), count: capsules)
    bows = Lanes(repeating: 0, count: capsules)
    travels = Lanes(repeating: 0, count: capsules)
    reaches = Lanes(repeating: 0, count: capsules)
    around = JointVector(count: joints)
  }

  // MARK: - Laying it

  /// Puts the arm along the line. `from` <= 0 <= `to`.
  mutating func lay(
    start: JointVector, chord: JointVector, from: Double, to: Double, width: JointVector, hasTarget: Bool
  ) {
    isFinite = (to - from).isFinite
    guard isFinite else { return }
    sample(from: from, to: to, hasTarget: hasTarget)
    for joint in 0..<joints {
      self.start[joint] = start[joint]
      self.chord[joint] = chord[joint]
      around[joint] = width[joint] + halfStep * abs(chord[joint])
    }
    for index in 0..<layout.movers.count {
      let mover = layout.movers[index]
      steps[index] = abs(mover.ratio * chord[mover.joint])
      offs[index] = abs(mover.ratio) * width[mover.joint]
    }
    let functions = kernel.functions
    let count = Int32(layout.capsules.count)
    withUnsafePointer(to: parameters) {
      functions.pointee.place(
        layout.links, Int32(layout.links.count), self.start.base, self.chord.base, $0, poses.base, axes.base)
    }
    functions.pointee.carry(layout.capsules, count, poses.base, ends.base)
    functions.pointee.measure(
      ends.base, count, layout.firstMover, layout.moverLinks, poses.base, axes.base,
      UnsafeMutableRawPointer(balls.base).assumingMemoryBound(to: Float.self), levers.base)
    size = 0
    for capsule in 0..<layout.capsules.count { size = max(size, farthest(capsule) + layout.radii[capsule]) }
    for pair in layout.branchPairs {
      layout.moverLinks.withUnsafeBufferPointer { links in
        functions.pointee.levers(
          ends.base + 6 * pair.second, links.baseAddress! + pair.movers.lowerBound, Int32(pair.movers.count),
          poses.base, axes.base, levers.base + pair.movers.lowerBound)
      }
    }
    for capsule in 0..<layout.capsules.count {
      let (bow, travel) = bounds(layout.moversOfCapsule[capsule])
      bows[capsule] = bow
      travels[capsule] = travel
      reaches[capsule] = Double(balls[capsule].w) + Kernel.rounding * size + layout.radii[capsule] + travel
        + bow * 0.5 * halfStep * halfStep
    }
  }

  /// How far from the base anything of a capsule's axis is at most.
  private func farthest(_ capsule: Int) -> Double {
    let ball = SIMD4<Double>(balls[capsule])
    return ((ball.x * ball.x + ball.y * ball.y + ball.z * ball.z).squareRoot() + ball.w) * (1 + 1e-6)
  }

  /// Spreads the samples: both ends, s = 0, s = 1, and the rest in proportion.
  private mutating func sample(from: Double, to: Double, hasTarget: Bool) {
    if from == parameters[0], to == parameters[Path.samples - 1], hasTarget != passed.isEmpty, halfStep > 0 { return }
    let intervals = Path.samples - 1
    let length = to - from
    var before = 0
    var behind = 0
    if from < 0 { before = max(1, Int((Double(intervals) * -from / length).rounded())) }
    if to > 1 { behind = max(1, Int((Double(intervals) * (to - 1) / length).rounded())) }
    let main = max(1, intervals - before - behind)
    if before + behind + main > intervals {
      if before > behind { before = intervals - main - behind } else { behind = intervals - main - before }
    }
    let end = min(to, 1)
    var longest = 0.0
    for sample in 0..<Path.samples {
      if sample < before {
        parameters[sample] = from * (Double(before - sample) / Double(before))
      } else if sample <= before + main {
        parameters[sample] = end * (Double(sample - before) / Double(main))
      } else {
        parameters[sample] = end + (to - end) * (Double(sample - before - main) / Double(behind))
      }
    }
    for sample in 0..<intervals {
      let step = parameters[sample + 1] - parameters[sample]
      longest = max(longest, step)
      weights[sample] = Float(step * step * 0.125).nextUp
    }
    weights[intervals] = 0
    halfStep = 0.5 * longest
    startSample = before
    passed = hasTarget ? before..<(before + main + 1) : 0..<0
  }

  // MARK: - What lies between and beside the samples

  /// Bow and travel of what the movers move, seen from behind the last of them; of points up to `farther` from a
  /// capsule's axis, m.
  func bounds(_ movers: Range<Int>, farther: Double = 0) -> (bow: Double, travel: Double) {
    var grown = 0.0
    var nearer = 0.0
    // Coordinates and cross products of the kernel, and what links without capsules add to the size.
    let rounding = 8 * Kernel.rounding * (1 + size) + farther
    for mover in movers {
      let part = layout.movers[mover]
      let step = steps[mover]
      if part.isPrismatic {
        grown += step * halfStep
      } else {
        grown += step * halfStep * (Double(levers[mover]) + rounding + grown)
        nearer += step
      }
    }
    var bow = 0.0
    var travel = 0.0
    for mover in movers {
      let part = layout.movers[mover]
      let step = steps[mover]
      let off = offs[mover]
      if part.isPrismatic {
        bow += step * 2 * nearer
        travel += off
      } else {
        let lever = Double(levers[mover]) + rounding + grown
        nearer -= step
        bow += step * lever * (step + 2 * max(nearer, 0))
        travel += off * (lever + travel)
      }
    }
    return (bow, travel)
  }

  /// How far from its ball's centre anything of the capsule can be, m, its radius included.
  @inline(__always)
  func reach(_ capsule: Int) -> Double { reaches[capsule] }

  // MARK: - Sweeping

  /// The capsule's axis along the path against one solid of a set.
  @inline(__always)
  func sweep(_ capsule: Int, _ set: borrowing SolidSet, _ solid: Int, into result: inout odcv_sweep) {
    set.sweep(
      ends.base + 6 * capsule, solid, kernel.functions, weights: weights, bow: Float(bows[capsule]).nextUp, into: &result)
  }

  /// The second capsule's axis along the path against the first one's, in the first one's frame.
  func sweep(_ pair: ArmLayout.Pair, bow: Double, into result: inout odcv_sweep) {
    withUnsafeTemporaryAllocation(of: SIMD16<Float>.self, capacity: 6) { relative in
      kernel.functions.pointee.relative(
        ends.base + 6 * pair.second, poses.base + 12 * pair.frame, relative.baseAddress!)
      var rod = layout.rods[pair.first]
      withUnsafePointer(to: weights) {
        kernel.functions.pointee.sweep_rod(relative.baseAddress!, &rod, $0, Float(bow).nextUp, &result)
      }
    }
  }

  /// Distances of a set's solids from the middle of every capsule's ball.
  @inline(__always)
  func broad(_ set: borrowing SolidSet) { set.broad(balls, layout.toolCentrePoint, kernel.functions) }

  /// A ball that holds the capsule all along the path, width included.
  func ball(_ capsule: Int) -> Capsule {
    let center = Vector3(Double(balls[capsule].x), Double(balls[capsule].y), Double(balls[capsule].z))
    return Capsule(a: center, b: center, radius: reach(capsule))
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

  /// Bounds the speed of an end (0 or 1) of a capsule around every sample.
  func speeds(_ capsule: Int, end: Int, _ motion: borrowing Motion) -> Speeds {
    var speeds = Speeds()
    let range = layout.moversOfCapsule[capsule]
    withUnsafeTemporaryAllocation(of: odcv_mover.self, capacity: range.count) { movers in
      for (index, mover) in range.enumerated() {
        let part = layout.movers[mover]
        let ratio = abs(part.ratio)
        let spread = ratio * motion.speedSpread[part.joint]
        let rate = part.ratio * motion.velocity[part.joint]
        let driven = part.ratio * motion.drivenVelocity[part.joint]
        movers[index] = odcv_mover(
          link: part.link, prismatic: part.isPrismatic ? 1 : 0, rate: Float(rate), driven: Float(driven),
          spread: Float(spread).nextUp, most: Float(max(abs(rate), abs(driven)) + spread).nextUp,
          change: Float(ratio * around[part.joint]).nextUp)
      }
      kernel.functions.pointee.speeds(
        ends.base + 6 * capsule + 3 * end, movers.baseAddress, Int32(range.count), poses.base, axes.base, &speeds.most,
        &speeds.now)
    }
    // Sums of at most `Capacity.links` products, each within a few units of the last place.
    speeds.most *= 1.000_02
    speeds.now *= 0.999_98
    return speeds
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
    func vector(_ column: Int) -> Vector3 {
      let at = 12 * link + 3 * column
      return Vector3(poses[at][sample], poses[at + 1][sample], poses[at + 2][sample])
    }
    return Pose(rotation: Rotation(x: vector(0), y: vector(1), z: vector(2)), translation: vector(3))
  }

  /// Everything of the arm could be placed, as far out as the rounding bounds hold.
  var isPlaceable: Bool {
    guard isFinite, size <= Vector3.reach else { return false }
    for capsule in 0..<layout.capsules.count
    where !(farthest(capsule) <= Vector3.reach && bows[capsule].isFinite && travels[capsule].isFinite) { return false }
    let longest = max(abs(parameters[0]), abs(parameters[Path.samples - 1]))
    for joint in 0..<joints where !(abs(start[joint]) + longest * abs(chord[joint]) <= 1000) { return false }
    return true
  }
}
