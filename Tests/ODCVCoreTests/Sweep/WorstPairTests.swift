import CClearance
import TestSupport
import Testing

@testable import ODCVCore

/// m: two sums of the same numbers are no farther apart.
private let same = 1e-9

/// One pair as it is judged alone, in plain numbers.
private struct Plain {
  var subject: Int
  var other: Subject
  var requirement: Double
  var low: Double
  var high: Double
  var sample: Int
  var points: (Vector3, Vector3)
  /// Share of the way before the first interval that may fail.
  var share = 1.0
  /// It fails already, and never gets nearer.
  var escapes = false
  var start = 0.0
  var end = 0.0
}

/// An arm along a random way, known to some width, among solids of every kind.
private struct Bout: ~Copyable {
  let robot: RobotModel
  var set: SolidSet
  var motion: Motion
  let requirement: Double

  init(seed: UInt64, solids: Int, fitted: Bool = false, hulls: Bool = false) {
    var random = SeededGenerator(seed: seed)
    var robot = Generate.arm(joints: 7, mixed: seed % 3 == 0, &random)
    robot.selfPairs = [
      SelfPair(first: 0, second: 3), SelfPair(first: 1, second: 4), SelfPair(first: 2, second: 6),
      SelfPair(first: 1, second: 7), SelfPair(first: 3, second: 7),
    ]
    for index in robot.capsules.indices { robot.capsules[index].fitGap = random.uniform(0.001...0.02) }
    if fitted {
      for index in stride(from: 1, to: robot.capsules.count, by: 2) {
        let axis = robot.capsules[index].capsule
        robot.capsules[index].hull = robot.hulls.count
        robot.hulls.append(ConvexHull(vertices: [axis.a, axis.b], padding: 0.25 * axis.radius, gap: 0.001))
      }
    }
    self.robot = robot
    let reach = [1.5, 1, 0.5][Int(seed % 3)]
    set = SolidSet(capacity: solids, capsules: robot.capsules.count)
    for index in 0..<solids {
      var solid = Generate.solid(reach, &random)
      if hulls, index % 2 == 0 { solid = .hull(Generate.hull(12, size: 0.3, &random).placed(Generate.pose(reach, &random))) }
      set.append(solid, as: .obstacle(index))
    }
    requirement = [0, 0.05, 0.3][Int(seed / 3 % 3)]
    let hasTarget = seed % 4 != 1
    motion = Motion(for: robot, kernel: .best!)
    let start = Generate.position(of: robot, &random)
    let size = [0.003, 0.05, 0.2][Int(seed / 2 % 3)]
    let chord = JointVector((0..<7).map { _ in random.uniform(-size...size) })
    let wide = seed % 5 == 0 ? 0 : 0.004
    let width = JointVector((0..<7).map { _ in random.uniform(0...1) * wide })
    motion.start = start
    motion.chord = chord
    motion.width = width
    motion.target = hasTarget ? start : .absent
    motion.brakesAt = random.uniform(0...0.5)
    motion.path.lay(
      start: start, chord: chord, from: min(random.uniform(-0.3...0.2), 0), to: 1 + max(random.uniform(-0.5...0.5), 0), width: width,
      hasTarget: hasTarget)
  }

  /// At most how far a body is from a solid or a capsule at a sample, all that it is not known by included.
  private func sure(_ body: Capsule, _ solid: Solid?, _ capsule: Capsule?, _ open: Double) -> Double {
    if let capsule { return max(nearest(body, to: capsule).distance, 0) + open + distanceRounding }
    let solid = solid!
    let found = nearest(body, to: solid)
    let axis = found.onFirst + body.radius * found.normal
    return min(
      upperBound(found.distance, found.onFirst, to: solid, gap: open), upperBound(found.distance, axis, to: solid, gap: open))
  }

  private func plain(
    _ sweep: odcv_sweep, _ capsule: Int, _ other: Subject, _ solid: Solid?, _ inner: Int?, _ requirement: Double, travel: Double,
    gap: Double, rounding: Double, _ movers: ArmLayout.Movers, _ frame: Int?, refines: Bool
  ) -> Plain {
    let path = motion.path.layout
    let radius = path.radii[capsule]
    let beside = travel + rounding
    var intervals = (0..<Path.samples).map { $0 < 15 ? Double(sweep.between[$0]) - (radius + travel + rounding) : .infinity }
    var low = Double(sweep.low) - (radius + travel + rounding) - requirement
    var passed = [motion.path.startSample]
    passed += Array(motion.path.passed)
    var closest = passed[0]
    for sample in passed where sweep.primal[sample] < sweep.primal[closest] { closest = sample }
    let open = gap + travel + rounding
    var isHull = false
    if case .hull? = solid { isHull = true }
    let fails = low < 0
    var high = 0.0
    if fails || isHull {
      high = Double(sweep.primal[closest]) - radius + open - requirement
      if isHull || Double(sweep.primal[closest]) - radius <= 0 {
        high = sure(motion.path.capsule(capsule, at: closest), solid, inner.map { motion.path.capsule($0, at: closest) }, open) - requirement
      }
    } else {
      high = max(Double(sweep.primal[closest]) - radius, 0) + beside + gap - requirement
    }
    let knowsMore = path.isFitted[capsule] || inner.map { path.isFitted[$0] } ?? false
    if fails, high >= 0, isHull || (refines && knowsMore) {
      var lanes = SIMD16<Double>()
      for lane in 0..<Path.samples { lanes[lane] = intervals[lane] }
      var refinement = Refinement()
      var budget = Int.max
      refinement.run(
        capsule, movers, in: frame, against: solid ?? .hull(path.bodies[inner!]), coarse: lanes, needed: requirement, motion,
        budget: &budget)
      intervals = (0..<Path.samples).map { refinement.intervals[$0] }
      low = refinement.intervals.min() - requirement
      high = min(high, refinement.upper - requirement)
    }
    let interval = intervals.firstIndex(of: intervals.min()!)!
    let sample = sweep.dual[interval] <= sweep.dual[interval + 1] ? interval : interval + 1
    let body = motion.path.capsule(capsule, at: sample)
    let found = solid.map { nearest(body, to: $0) } ?? nearest(body, to: motion.path.capsule(inner!, at: sample))
    var plain = Plain(
      subject: path.link(capsule), other: other, requirement: requirement, low: low, high: high, sample: sample,
      points: (found.onFirst, found.onSecond))
    if low < 0 {
      let share = motion.path.parameters[intervals.firstIndex { $0 < requirement }!]
      plain.share = share > motion.brakesAt ? share : 0
      let start = Double(sweep.dual[motion.path.startSample])
      plain.start = start - radius
      plain.end = -.infinity
      if let last = motion.path.passed.last {
        plain.end = Double(sweep.dual[last]) - radius
        let way = (motion.path.passed.lowerBound..<last).map { Double(sweep.between[$0]) }
        plain.escapes = start - radius - open < requirement && (way + [Double(sweep.dual[last])]).allSatisfy { $0 > start - 0.0005 }
      }
    }
    return plain
  }

  func cell(_ requirement: Double, refines: Bool = false) -> [Plain] {
    let path = motion.path.layout
    var all: [Plain] = []
    var sweep = odcv_sweep()
    for capsule in 0..<path.toolCentrePoint where path.moves[capsule] {
      for solid in 0..<set.count {
        motion.path.sweep(capsule, set, solid, into: &sweep)
        all.append(
          plain(
            sweep, capsule, set.subjects[solid], set.solids[solid], nil, requirement, travel: motion.path.travel(capsule),
            gap: path.gaps[capsule], rounding: Kernel.rounding * (motion.path.size + set.sizes[solid]), path.movers(of: capsule), nil,
            refines: refines))
      }
    }
    return all
  }

  func own(_ requirement: Double, refines: Bool = false) -> [Plain] {
    let path = motion.path.layout
    var all: [Plain] = []
    var sweep = odcv_sweep()
    for (index, pair) in path.pairs.enumerated() {
      let bounds = motion.path.bounds(pair.movers)
      motion.path.sweep(pair: index, bow: bounds.bow, into: &sweep)
      all.append(
        plain(
          sweep, pair.second, .link(pair.frame), nil, pair.first, requirement, travel: bounds.travel,
          gap: path.gaps[pair.first] + path.gaps[pair.second], rounding: 4 * Kernel.rounding * motion.path.size, pair.movers,
          pair.frame, refines: refines))
    }
    return all
  }

  func matches(_ worst: WorstPair, _ all: [Plain], _ seed: UInt64) {
    let finding = worst.finding(.clearanceStatic, motion)
    let failing = all.filter { $0.low < 0 }
    let least = all.min { $0.low < $1.low }!
    #expect(finding.failing == UInt32(failing.count) && worst.failing.count == finding.failing, "seed \(seed)")
    #expect(abs(finding.value.lower - least.low - least.requirement) < same && finding.limit == least.requirement, "seed \(seed)")
    #expect(finding.subject == .link(least.subject) && finding.other == least.other, "seed \(seed)")
    let points = finding.points!
    #expect((points.0 - least.points.0).length < same && (points.1 - least.points.1).length < same, "seed \(seed)")
    // The search may leave out pairs that pass and are not the least.
    let most = max(least.low, min(least.high, failing.map(\.high).min() ?? .infinity)) + least.requirement
    let lessThanThat = max(least.low, all.map(\.high).min()!) + least.requirement
    #expect(finding.value.upper <= most + same && finding.value.upper >= lessThanThat - same, "seed \(seed)")
    #expect(finding.passable == failing.map(\.share).min() ?? 1, "seed \(seed)")
    let nearest = failing.min { $0.start < $1.start }
    let improves = nearest.map { $0.end > $0.start + 0.0005 } ?? false
    #expect(finding.improving == (improves && failing.allSatisfy(\.escapes) && !motion.target.isAbsent), "seed \(seed)")
  }
}

/// `WorstPair` says of all pairs what each of them says alone.
@Suite struct WorstPairTests {
  @Test func theWorstOfTheCellIsWhatEveryPairSaysAlone() {
    for seed in UInt64(0)..<240 {
      let bout = Bout(seed: seed, solids: [1, 2, 6, 40][Int(seed % 4)])
      var worst = WorstPair(refines: false)
      worst.add(bout.set, requirement: bout.requirement, bout.motion)
      let all = bout.cell(bout.requirement)
      #expect(worst.isEmpty == all.isEmpty)
      bout.matches(worst, all, seed)
    }
  }

  @Test func theWorstOfTheArmsOwnPairsIsWhatEveryPairSaysAlone() {
    for seed in UInt64(0)..<240 {
      let bout = Bout(seed: seed, solids: 1)
      // So much that each of them fails.
      let requirement = 3.0
      var worst = WorstPair(refines: false)
      worst.addSelfPairs(requirement: requirement, bout.motion)
      let all = bout.own(requirement)
      #expect(!worst.isEmpty && worst.failing.count == UInt32(all.count))
      bout.matches(worst, all, seed)
    }
  }

  @Test func pairsOfSeveralSetsAreJudgedByWhatEachHasToKeep() {
    for seed in UInt64(0)..<120 {
      let bout = Bout(seed: seed, solids: 4)
      for (cell, own) in [(0.05, 2.0), (0.5, 1.0), (2.0, 1.5)] {
        var worst = WorstPair(refines: false)
        worst.add(bout.set, requirement: cell, bout.motion)
        worst.addSelfPairs(requirement: own, bout.motion)
        let all = bout.cell(cell) + bout.own(own)
        #expect(worst.isEmpty == all.isEmpty)
        if bout.own(own).allSatisfy({ $0.low < 0 }) { bout.matches(worst, all, seed) }
      }
    }
  }

  @Test func whatIsLookedAtExactlyIsJudgedByWhatIsFound() {
    for seed in UInt64(0)..<120 {
      let bout = Bout(seed: seed, solids: 4, fitted: true, hulls: seed % 2 == 0)
      for refines in [false, true] {
        var worst = WorstPair(refines: refines, budget: .max)
        worst.add(bout.set, requirement: bout.requirement, bout.motion)
        bout.matches(worst, bout.cell(bout.requirement, refines: refines), seed)
        var own = WorstPair(refines: refines, budget: .max)
        own.addSelfPairs(requirement: 3, bout.motion)
        bout.matches(own, bout.own(3, refines: refines), seed)
      }
      // Pairs are looked at exactly where nobody says otherwise.
      var worst = WorstPair()
      worst.add(bout.set, requirement: bout.requirement, bout.motion)
      var refined = WorstPair(refines: true)
      refined.add(bout.set, requirement: bout.requirement, bout.motion)
      #expect(worst.finding(.clearanceStatic, bout.motion).value == refined.finding(.clearanceStatic, bout.motion).value)
    }
  }

  @Test func theNearestPairAloneIsBoundedBySomethingThatItSurelyReaches() {
    for seed in UInt64(0)..<240 {
      let bout = Bout(seed: seed, solids: [1, 3, 20][Int(seed % 3)])
      var nearest = WorstPair.nearestOnly()
      nearest.add(bout.set, requirement: 0, bout.motion)
      let pair = nearest.pair(bout.motion)!
      let least = bout.cell(0).min { $0.low < $1.low }!
      #expect(nearest.failing.count == 0 && nearest.finding(.clearanceStatic, bout.motion).failing == 0)
      #expect(abs(pair.value.lower - least.low) < same && pair.link == least.subject && .obstacle(pair.other) == least.other)
      #expect(pair.value.upper >= pair.value.lower)
      // Nothing said of the way's other samples: the one that was found is enough.
      let path = bout.motion.path.layout
      for capsule in 0..<path.toolCentrePoint where path.link(capsule) == least.subject && least.low < 0 {
        let body = bout.motion.path.capsule(capsule, at: least.sample)
        let solid = bout.set.solids[pair.other]
        let found = ODCVCore.nearest(body, to: solid)
        let open = path.gaps[capsule] + bout.motion.path.travel(capsule) + 4 * Kernel.rounding * bout.motion.path.size
        let axis = found.onFirst + body.radius * found.normal
        let sure = min(
          upperBound(found.distance, found.onFirst, to: solid, gap: open), upperBound(found.distance, axis, to: solid, gap: open))
        #expect(pair.value.upper <= max(sure, pair.value.lower))
        #expect(pair.value.upper >= min(sure, bout.cell(0).map { max($0.high, 0) }.min()!))
      }
    }
  }

  @Test func nothingComparedIsFarClear() {
    let bout = Bout(seed: 1, solids: 0)
    var worst = WorstPair()
    worst.add(bout.set, requirement: 0.5, bout.motion)
    let finding = worst.finding(.clearanceStatic, bout.motion)
    #expect(finding.value == Interval(.infinity, .infinity) && finding.limit == 0 && finding.outcome == .pass)
    #expect(worst.isEmpty && worst.pair(bout.motion) == nil && worst.clearance(bout.motion) == nil)
  }

  @Test func someCapsulesAreJudgedAloneWhereOnlyTheyAreAskedOf() {
    for seed in UInt64(0)..<60 {
      let bout = Bout(seed: seed, solids: 5)
      var worst = WorstPair(refines: false)
      worst.add(bout.set, of: 2..<4, requirement: 0.3, bout.motion)
      let all = bout.cell(0.3).filter { (2..<4).contains($0.subject) }
      #expect(!worst.isEmpty)
      bout.matches(worst, all, seed)
    }
  }

  @Test func ofPairsThatAreAsNearTheFirstIsTold() {
    let robot = Planar.robot()
    var motion = Motion(for: robot, kernel: .best!)
    motion.path.lay(start: motion.start, chord: motion.chord, from: 0, to: 1, width: motion.width, hasTarget: false)
    var set = SolidSet(capacity: 3, capsules: robot.capsules.count)
    for index in 0..<3 {
      set.append(.halfSpace(HalfSpace(normal: Vector3(0, 0, 1), offset: 0)), as: .obstacle(index))
    }
    for requirement in [0.1, 1] {
      var worst = WorstPair()
      worst.add(set, requirement: requirement, motion)
      let found = worst.finding(.clearanceStatic, motion)
      #expect(found.subject == .link(1) && found.other == .obstacle(0) && found.failing == (requirement < 0.4 ? 0 : 6))
    }
  }

  @Test func theFirstCapsuleOfAnArmThatMovesIsCompared() {
    var robot = Planar.robot()
    robot.capsules.removeFirst()
    robot.selfPairs = []
    var motion = Motion(for: robot, kernel: .best!)
    motion.path.lay(start: motion.start, chord: motion.chord, from: 0, to: 1, width: motion.width, hasTarget: false)
    var set = SolidSet(capacity: 1, capsules: robot.capsules.count)
    set.append(.sphere(center: Vector3(0.1, 0, 0.7), radius: 0.05), as: .obstacle(0))
    for requirement in [0.05, 0.5] {
      var worst = WorstPair()
      worst.add(set, requirement: requirement, motion)
      let found = worst.finding(.clearanceStatic, motion)
      #expect(found.subject == .link(1) && abs(found.value.lower - 0.1) < 1e-4)
    }
  }

  @Test func aPairIsBoundedFromAboveWhateverIsRequired() throws {
    let robot = Planar.robot()
    var motion = Motion(for: robot, kernel: .best!)
    motion.path.lay(start: motion.start, chord: motion.chord, from: 0, to: 1, width: motion.width, hasTarget: false)
    var set = SolidSet(capacity: 1, capsules: robot.capsules.count)
    set.append(.halfSpace(HalfSpace(normal: Vector3(0, 0, 1), offset: 0)), as: .obstacle(0))
    for requirement in [0, 0.25, 2] {
      var worst = WorstPair()
      worst.add(set, requirement: requirement, motion)
      let pair = worst.pair(motion)
      let value = try #require(pair).value
      // The capsule is 45 cm above the plane, and the link in it at most a millimetre more.
      #expect(abs(value.lower - 0.45) < 1e-4 && abs(value.upper - 0.451) < 1e-4)
    }
  }
}
