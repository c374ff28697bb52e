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

  private var positions: [SIMD16<Double>]
  private(set) var poses: [SIMD16<Double>]
  private(set) var axes: [SIMD16<Double>]
  private(set) var ends: [SIMD16<Float>]
  private var levers: [Double]
  private var squares: [Float]
  /// Of each mover: how far its joint moves along the whole line, and how far it may be off it.
  private var steps: [Double]
  private var offs: [Double]

  /// Per capsule: a ball around its axis in all samples, how far its ends are from straight between samples at most per
  /// unit of h²/8, and how far the width lets it be from the line, m.
  private(set) var centers: [SIMD4<Float>]
  private(set) var reaches: [Double]
  private(set) var bows: [Double]
  private(set) var travels: [Double]
  /// How far each joint may be from the nearest sample.
  public private(set) var around: JointVector
  /// The largest distance from the base of anything of the arm, m.
  private(set) var size = 0.0

  init(for robot: RobotModel, kernel: Kernel) {
    layout = ArmLayout(robot)
    self.kernel = kernel
    joints = robot.joints.count
    positions = Array(repeating: SIMD16(), count: joints)
    poses = Array(repeating: SIMD16(), count: 12 * robot.links.count)
    axes = Array(repeating: SIMD16(), count: 3 * robot.links.count)
    ends = Array(repeating: SIMD16(), count: 6 * layout.capsules.count)
    levers = Array(repeating: 0, count: layout.movers.count)
    squares = Array(repeating: 0, count: layout.movers.count)
    steps = levers
    offs = levers
    centers = Array(repeating: SIMD4(), count: layout.capsules.count)
    reaches = Array(repeating: 0, count: layout.capsules.count)
    bows = reaches
    travels = reaches
    around = JointVector(count: joints)
  }

  // MARK: - Laying it

  /// Puts the arm along the line. `from` <= 0 <= `to`.
  mutating func lay(
    start: JointVector, chord: JointVector, from: Double, to: Double, width: JointVector, hasTarget: Bool
  ) {
    sample(from: from, to: to, hasTarget: hasTarget)
    for joint in 0..<joints {
      positions[joint] = start[joint] + parameters * chord[joint]
      around[joint] = width[joint] + halfStep * abs(chord[joint])
    }
    for (index, mover) in layout.movers.enumerated() {
      steps[index] = abs(mover.ratio * chord[mover.joint])
      offs[index] = abs(mover.ratio) * width[mover.joint]
    }
    let functions = kernel.functions.pointee
    functions.place(layout.links, Int32(layout.links.count), positions, &poses, &axes)
    functions.carry(layout.capsules, Int32(layout.capsules.count), poses, &ends)
    size = 0
    for capsule in 0..<layout.capsules.count { measure(capsule, functions) }
    for pair in layout.pairs where pair.movers.lowerBound >= layout.moversOfCapsule[layout.toolCentrePoint].upperBound {
      measureLevers(of: pair.second, pair.movers, functions)
    }
    for capsule in 0..<layout.capsules.count {
      (bows[capsule], travels[capsule]) = bounds(layout.moversOfCapsule[capsule])
    }
  }

  /// Spreads the samples: both ends, s = 0, s = 1, and the rest in proportion.
  private mutating func sample(from: Double, to: Double, hasTarget: Bool) {
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

  private mutating func measure(_ capsule: Int, _ functions: odcv_kernel) {
    var center = SIMD4<Float>()
    var square: Float = 0
    ends.withUnsafeBufferPointer { ends in
      withUnsafeMutableBytes(of: &center) {
        functions.ball(ends.baseAddress! + 6 * capsule, $0.assumingMemoryBound(to: Float.self).baseAddress!, &square)
      }
    }
    centers[capsule] = center
    let c = SIMD4<Double>(center)
    let distance = (c.x * c.x + c.y * c.y + c.z * c.z).squareRoot()
    let radius = Double(square).squareRoot()
    let far = (distance + radius) * (1 + 1e-6)
    reaches[capsule] = radius + Kernel.rounding * far
    size = max(size, far + layout.radii[capsule])
    measureLevers(of: capsule, layout.moversOfCapsule[capsule], functions)
  }

  private mutating func measureLevers(of capsule: Int, _ movers: Range<Int>, _ functions: odcv_kernel) {
    guard !movers.isEmpty else { return }
    squares.withUnsafeMutableBufferPointer { squares in
      layout.moverLinks.withUnsafeBufferPointer { links in
        ends.withUnsafeBufferPointer { ends in
          functions.levers(
            ends.baseAddress! + 6 * capsule, links.baseAddress! + movers.lowerBound, Int32(movers.count), poses, axes,
            squares.baseAddress! + movers.lowerBound)
        }
      }
    }
    for mover in movers { levers[mover] = Double(squares[mover]).squareRoot() }
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
        grown += step * halfStep * (levers[mover] + rounding + grown)
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
        let lever = levers[mover] + rounding + grown
        nearer -= step
        bow += step * lever * (step + 2 * max(nearer, 0))
        travel += off * (lever + travel)
      }
    }
    return (bow, travel)
  }

  /// How far from its ball's centre anything of the capsule can be, m, its radius included.
  @inline(__always)
  func reach(_ capsule: Int) -> Double {
    reaches[capsule] + layout.radii[capsule] + travels[capsule] + bows[capsule] * 0.5 * halfStep * halfStep
  }

  // MARK: - Sweeping

  /// The capsule's axis along the path against one solid of a set.
  @inline(__always)
  func sweep(_ capsule: Int, _ set: SolidSet, _ solid: Int, into result: inout odcv_sweep) {
    ends.withUnsafeBufferPointer { ends in
      set.sweep(
        ends.baseAddress! + 6 * capsule, solid, kernel.functions, weights: weights, bow: Float(bows[capsule]).nextUp,
        into: &result)
    }
  }

  /// The second capsule's axis along the path against the first one's, in the first one's frame.
  func sweep(_ pair: ArmLayout.Pair, bow: Double, into result: inout odcv_sweep) {
    withUnsafeTemporaryAllocation(of: SIMD16<Float>.self, capacity: 6) { relative in
      ends.withUnsafeBufferPointer { ends in
        poses.withUnsafeBufferPointer { poses in
          kernel.functions.pointee.relative(
            ends.baseAddress! + 6 * pair.second, poses.baseAddress! + 12 * pair.frame, relative.baseAddress!)
        }
      }
      var rod = layout.rods[pair.first]
      withUnsafePointer(to: weights) {
        kernel.functions.pointee.sweep_rod(relative.baseAddress!, &rod, $0, Float(bow).nextUp, &result)
      }
    }
  }

  /// Distances of a group of solids from the middle of a capsule's ball, and the least of them.
  @inline(__always)
  func broad(_ capsule: Int, _ set: SolidSet, _ group: Int, into distances: inout SIMD16<Float>) -> Float {
    set.broad(centers[capsule], group, kernel.functions, into: &distances)
  }

  /// A ball that holds the capsule all along the path, width included.
  func ball(_ capsule: Int) -> Capsule {
    let center = Vector3(Double(centers[capsule].x), Double(centers[capsule].y), Double(centers[capsule].z))
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
      ends.withUnsafeBufferPointer { ends in
        kernel.functions.pointee.speeds(
          ends.baseAddress! + 6 * capsule + 3 * end, movers.baseAddress, Int32(range.count), poses, axes, &speeds.most, &speeds.now)
      }
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
    guard size <= Vector3.reach else { return false }
    for capsule in 0..<layout.capsules.count
    where !(reaches[capsule] <= Vector3.reach && bows[capsule].isFinite && travels[capsule].isFinite) { return false }
    for joint in 0..<joints {
      for sample in 0..<Path.samples where !(abs(positions[joint][sample]) <= 1000) { return false }
    }
    return true
  }
}
