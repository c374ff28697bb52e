import CClearance
import Testing
import TestSupport

@testable import ODCVCore

/// A random segment of a random arm, with the width and reach beyond its ends that a judged motion has.
private struct Scene: ~Copyable {
  let robot: RobotModel
  let start: JointVector
  let chord: JointVector
  let from: Double
  let to: Double
  let width: JointVector
  var motion: Motion

  init(seed: UInt64, kernel: Kernel = .best!) {
    var random = SeededGenerator(seed: seed)
    robot = Generate.arm(joints: 7, mixed: seed % 3 == 0, &random)
    start = Generate.position(of: robot, &random)
    let size = [0.003, 0.02, 0.11, 0.4, 1][Int(seed % 5)]
    chord = JointVector((0..<7).map { _ in random.uniform(-size...size) })
    let behind = random.uniform(-0.5...0.5)
    let before = random.uniform(-0.3...0.2)
    let wide = seed % 2 == 0 ? 0 : 0.004
    width = JointVector((0..<7).map { _ in random.uniform(0...1) * wide })
    from = min(before, 0)
    to = 1 + max(behind, 0)
    motion = Motion(for: robot, kernel: kernel)
    motion.start = start
    motion.chord = chord
    motion.width = width
    motion.target = start
    motion.path.lay(start: start, chord: chord, from: from, to: to, width: width, hasTarget: true)
  }

  /// A configuration of the tube.
  func position(_ random: inout SeededGenerator, s: Double? = nil) -> JointVector {
    let s = s ?? random.uniform(from...to)
    var q = start
    for joint in 0..<7 { q[joint] += s * chord[joint] + random.uniform(-1...1) * width[joint] }
    return q
  }
}

@Test(arguments: 0..<40)
func sixteenSamplesAreWhereTheReferenceIs(seed: UInt64) {
  let scene = Scene(seed: seed)
  var posture = Posture(for: scene.robot)
  for sample in 0..<Path.samples {
    var q = scene.start
    for joint in 0..<7 { q[joint] += scene.motion.path.parameters[sample] * scene.chord[joint] }
    posture.place(scene.robot, at: q)
    for link in scene.robot.links.indices {
      #expect(scene.motion.path.pose(ofLink: link, at: sample) == posture.links[link])
    }
  }
  #expect(scene.motion.path.parameters[0] == scene.from)
  #expect(scene.motion.path.parameters[Path.samples - 1] == scene.to)
  #expect(scene.motion.path.parameters[scene.motion.path.startSample] == 0)
  #expect(scene.motion.path.parameters[scene.motion.path.passed.upperBound - 1] == 1)
}

@Test func aShortWayHasFourSamplesAndRepeatsTheLast() {
  var short = 0
  for seed in 0..<60 {
    let scene = Scene(seed: UInt64(seed))
    let path = scene.motion.path.parameters
    let way = scene.chord.values.reduce(0) { $0 + abs($1) } * (scene.to - scene.from)
    let distinct = (1..<Path.samples).filter { path[$0] > path[$0 - 1] }.count + 1
    #expect(distinct == (way <= Path.shortWay ? 4 : 16), "\(way)")
    #expect(scene.motion.path.passed.upperBound <= distinct)
    for interval in distinct - 1..<Path.samples { #expect(scene.motion.path.weight(interval) == 0) }
    if distinct == 4 { short += 1 }
  }
  #expect(short > 5 && short < 55)
}

@Test(arguments: 0..<40)
func noPathHangsOnTheOneBefore(seed: UInt64) {
  let scene = Scene(seed: seed)
  var used = Scene(seed: seed)
  // Longer and shorter ones in turn, each of them once the last before.
  for factor in [300, 0.001, 300, seed % 2 == 0 ? 0.001 : 300] {
    let chord = JointVector(scene.chord.values.map { factor * $0 })
    used.motion.path.lay(start: scene.start, chord: chord, from: scene.from, to: scene.to, width: scene.width, hasTarget: seed % 3 == 0)
  }
  used.motion.path.lay(
    start: scene.start, chord: scene.chord, from: scene.from, to: scene.to, width: scene.width, hasTarget: true)
  #expect(scene.motion.path.size == used.motion.path.size)
  #expect(scene.motion.path.parameters == used.motion.path.parameters && scene.motion.path.passed == used.motion.path.passed)
  var random = SeededGenerator(seed: seed)
  var set = SolidSet(capacity: 8, capsules: 8)
  for index in 0..<8 { set.append(Generate.solid(1, &random), as: .obstacle(index)) }
  var sweeps = (odcv_sweep(), odcv_sweep())
  for capsule in scene.robot.capsules.indices {
    #expect(scene.motion.path.bow(capsule) == used.motion.path.bow(capsule))
    #expect(scene.motion.path.travel(capsule) == used.motion.path.travel(capsule))
    let balls = (scene.motion.path.ball(capsule), used.motion.path.ball(capsule))
    #expect(balls.0.a == balls.1.a && balls.0.radius == balls.1.radius)
    for solid in 0..<8 {
      scene.motion.path.sweep(capsule, set, solid, into: &sweeps.0)
      used.motion.path.sweep(capsule, set, solid, into: &sweeps.1)
      #expect(sweeps.0.between == sweeps.1.between && sweeps.0.dual == sweeps.1.dual && sweeps.0.primal == sweeps.1.primal)
    }
  }
  var found = (WorstPair(refines: false), WorstPair(refines: false))
  found.0.add(set, requirement: 0.05, scene.motion)
  found.1.add(set, requirement: 0.05, used.motion)
  let (a, b) = (found.0.finding(.clearanceStatic, scene.motion), found.1.finding(.clearanceStatic, used.motion))
  #expect(a.value == b.value && a.failing == b.failing && a.subject == b.subject && a.other == b.other)
}

/// How far below the least distance in the tube the bound of a sweep is, over capsules and solids; negative when it is above.
private func losses(seed: UInt64, plant: (inout Double) -> Void = { _ in }) -> [Double] {
  var random = SeededGenerator(seed: seed &+ 1_000)
  let scene = Scene(seed: seed)
  var set = SolidSet(capacity: 8, capsules: 8)
  for index in 0..<8 { set.append(Generate.solid(1, &random), as: .obstacle(index)) }
  var least = Array(repeating: Double.infinity, count: 8 * scene.robot.capsules.count)
  var posture = Posture(for: scene.robot)
  for step in 0..<600 {
    // Half along the line itself, densely; half anywhere in the tube.
    let s = scene.from + (scene.to - scene.from) * Double(step) / 299
    var q = scene.position(&random)
    if step < 300 {
      q = scene.start
      for joint in 0..<7 { q[joint] += s * scene.chord[joint] }
    }
    posture.place(scene.robot, at: q)
    for capsule in scene.robot.capsules.indices {
      for solid in 0..<8 {
        let found = nearest(posture.capsules[capsule], to: set.solids[solid]).distance
        least[8 * capsule + solid] = min(least[8 * capsule + solid], found)
      }
    }
  }
  var losses: [Double] = []
  var sweep = odcv_sweep()
  for capsule in scene.robot.capsules.indices where scene.motion.path.layout.moves[capsule] {
    for solid in 0..<8 {
      scene.motion.path.sweep(capsule, set, solid, into: &sweep)
      var low = Double(sweep.low) - scene.motion.path.layout.radii[capsule] - scene.motion.path.travel(capsule)
        - Kernel.rounding * (scene.motion.path.size + set.sizes[solid])
      plant(&low)
      losses.append(least[8 * capsule + solid] - low)
      let ball = scene.motion.path.ball(capsule)
      if least[8 * capsule + solid] > 0 {
        #expect(farBound(ball, to: set.solids[solid]) <= least[8 * capsule + solid] + 1e-6)
      }
    }
  }
  return losses
}

@Test(arguments: 0..<60)
func nothingInTheTubeIsNearerThanTheSweepSays(seed: UInt64) {
  #expect(losses(seed: seed).min()! >= 0)
}

@Test func aBoundTooHighByATenthOfAMillimetreIsNoticed() {
  var caught = false
  for seed in 0..<60 where losses(seed: UInt64(seed), plant: { $0 += 1e-4 }).min()! < 0 { caught = true }
  #expect(caught)
}

@Test(arguments: [(0, 0.000_1), (1, 0.01), (2, 0.001)])
func theSweepIsTight(form: Int, most: Double) {
  // 3 mrad, 20 mrad and 0.11 rad a joint without width: what the bound between samples costs.
  var all: [Double] = []
  for seed in stride(from: form, to: 200, by: 5) where seed % 2 == 0 { all += losses(seed: UInt64(seed)) }
  all.sort()
  #expect(all[all.count * 95 / 100] < most)
}

@Test(arguments: 0..<30)
func everyBuildOfTheKernelGivesTheSameBits(seed: UInt64) throws {
  var random = SeededGenerator(seed: seed)
  var set = SolidSet(capacity: 8, capsules: 8)
  for index in 0..<8 { set.append(Generate.solid(1, &random), as: .obstacle(index)) }
  let kernels = ["x86-64-v3", "x86-64-v4", "neon"].compactMap(Kernel.named)
  try #require(!kernels.isEmpty)
  var first: [Float] = []
  for kernel in kernels {
    let scene = Scene(seed: seed, kernel: kernel)
    var values: [Float] = []
    var sweep = odcv_sweep()
    for capsule in scene.robot.capsules.indices {
      for solid in 0..<8 {
        scene.motion.path.sweep(capsule, set, solid, into: &sweep)
        for lane in 0..<Path.samples { values += [sweep.between[lane], sweep.dual[lane], sweep.primal[lane]] }
      }
      var rates = Path.LinkRates()
      let speeds = scene.motion.path.speeds(capsule, ends: 0...0, scene.motion, &rates)
      for lane in 0..<Path.samples { values += [speeds.most[lane], speeds.now[lane]] }
      values += [Float(scene.motion.path.bow(capsule)), Float(scene.motion.path.travel(capsule))]
    }
    if first.isEmpty { first = values }
    #expect(first.map(\.bitPattern) == values.map(\.bitPattern))
  }
}

@Test(arguments: 0..<40)
func aSampleIsBracketedByTheKernel(seed: UInt64) {
  var random = SeededGenerator(seed: seed)
  let scene = Scene(seed: seed)
  var set = SolidSet(capacity: 8, capsules: 8)
  for index in 0..<8 { set.append(Generate.solid(1, &random), as: .obstacle(index)) }
  var sweep = odcv_sweep()
  for capsule in scene.robot.capsules.indices {
    for solid in 0..<8 {
      scene.motion.path.sweep(capsule, set, solid, into: &sweep)
      let rounding = Kernel.rounding * (scene.motion.path.size + set.sizes[solid])
      for sample in 0..<Path.samples {
        let body = scene.motion.path.capsule(capsule, at: sample)
        let axis = nearest(Capsule(a: body.a, b: body.b, radius: 0), to: set.solids[solid]).distance
        #expect(Double(sweep.dual[sample]) <= axis + rounding)
        if axis > 0.001 {
          #expect(Double(sweep.primal[sample]) >= axis - rounding)
          #expect(Double(sweep.dual[sample]) >= axis - 2 * rounding)
        }
      }
    }
  }
}

@Test(arguments: 0..<30)
func aSegmentPartIsNeverNearerThanTheWhole(seed: UInt64) {
  var random = SeededGenerator(seed: seed)
  let robot = Generate.arm(joints: 7, &random)
  let obstacles = (0..<6).map { Obstacle(name: "\($0)", solid: Generate.solid(1, &random)) }
  let start = Generate.position(of: robot, &random)
  let size = [0.01, 0.1, 0.5][Int(seed % 3)]
  let way = JointVector((0..<7).map { _ in random.uniform(-size...size) })
  var clearance = SegmentClearance(robot, obstacles: obstacles)
  var last = Double.infinity
  for part in 1...4 {
    var end = start
    for joint in 0..<7 { end[joint] += 0.25 * Double(part) * way[joint] }
    let bound = clearance.bound(from: start, to: end).cell!.value
    // The shorter one's truth is in the longer one's bounds.
    #expect(bound.lower <= last + 1e-9)
    last = min(last, bound.upper)
  }
}

@Test(arguments: 0..<30)
func cuttingASegmentClosesItsBounds(seed: UInt64) {
  var random = SeededGenerator(seed: seed)
  let robot = Generate.arm(joints: 7, &random)
  let obstacles = (0..<6).map { Obstacle(name: "\($0)", solid: Generate.solid(1, &random)) }
  let start = Generate.position(of: robot, &random)
  let end = Generate.position(of: robot, &random)
  var clearance = SegmentClearance(robot, obstacles: obstacles)
  let whole = clearance.bound(from: start, to: end)
  let cut = clearance.sweep(from: start, to: end)
  #expect(cut.cell!.value.lower >= whole.cell!.value.lower - 1e-5)
  var posture = Posture(for: robot)
  var least = Double.infinity
  for step in 0...400 {
    var q = start
    for joint in 0..<7 { q[joint] += (end[joint] - start[joint]) * Double(step) / 400 }
    posture.place(robot, at: q)
    least = min(least, posture.clearance(of: robot, to: obstacles)!.value.lower)
  }
  #expect(cut.cell!.value.lower <= least + 1e-9)
  #expect(cut.cell!.value.lower >= least - 0.02)
}

@Test func speedsHoldForEveryRateAndConfigurationOfTheMotion() {
  for seed in UInt64(0)..<20 {
    var random = SeededGenerator(seed: seed)
    var scene = Scene(seed: seed)
    for joint in 0..<7 {
      scene.motion.velocity[joint] = random.uniform(-2...2)
      scene.motion.drivenVelocity[joint] = random.uniform(-2...2)
      scene.motion.speedSpread[joint] = random.uniform(0...0.1)
    }
    let speeds = scene.motion.path.toolSpeeds(scene.motion)
    var posture = Posture(for: scene.robot)
    for _ in 0..<100 {
      let s = random.uniform(scene.from...scene.to)
      posture.place(scene.robot, at: scene.position(&random, s: s))
      var rate = scene.motion.velocity
      let share = random.uniform(0...1)
      for joint in 0..<7 {
        rate[joint] += share * (scene.motion.drivenVelocity[joint] - rate[joint])
        rate[joint] += random.uniform(-1...1) * scene.motion.speedSpread[joint]
      }
      let speed = posture.velocity(
        of: posture.toolCentrePoint, fixedIn: scene.robot.toolCentrePoint.link, rate: rate, robot: scene.robot
      ).length
      var sample = 0
      while sample < Path.samples - 2, scene.motion.path.parameters[sample + 1] < s { sample += 1 }
      #expect(speed <= Double(max(speeds.most[sample], speeds.most[sample + 1])))
    }
  }
}

@Test(arguments: 0..<30)
func anArmThatStandsIsAnsweredAsTheReferenceAnswers(seed: UInt64) {
  var random = SeededGenerator(seed: seed)
  let robot = Generate.arm(joints: 7, mixed: seed % 3 == 0, &random)
  let obstacles = (0..<20).map { Obstacle(name: "\($0)", solid: Generate.solid(1, &random)) }
  var stance = StanceClearance(robot, obstacles: obstacles)
  var posture = Posture(for: robot)
  for _ in 0..<50 {
    let q = Generate.position(of: robot, &random)
    posture.place(robot, at: q)
    let found = stance.clearance(at: q)
    let cell = posture.clearance(of: robot, to: obstacles)!
    let own = posture.selfClearance(of: robot)!
    #expect(found.cell!.value.lower <= cell.value.lower + 2e-9)
    #expect(found.own!.value.lower <= own.value.lower + 2e-9)
    #expect(found.own!.value.lower >= own.value.lower - 1e-4)
    #expect(found.cell!.value.upper >= cell.value.lower)
    // Where an axis is inside a box the kernel knows its faces only, and may be too careful.
    if cell.value.lower > 0 { #expect(found.cell!.value.lower >= cell.value.lower - 1e-4) }
  }
}

@Test func anArmThatCannotBePlacedHasNoClearance() {
  var stance = StanceClearance(Planar.robot(), obstacles: Planar.cell().obstacles)
  #expect(stance.clearance(at: JointVector([.nan, 0])).cell == nil)
  #expect(stance.clearance(at: JointVector([0])).cell == nil)
  #expect(stance.clearance(at: JointVector([0, 2000])).own == nil)
}

@Test(arguments: [1e300, -1e300, 1e308])
func aSpeedTooLargeToPlaceTheArmByIsUnknownAndEndsNothing(speed: Double) {
  for step in [1e-10, 1e-160, 0.01] {
    var monitor = Monitor(Planar.configuration())
    var feed = Feed()
    _ = monitor.step(feed.people(), at: feed.now)
    _ = monitor.step(feed.state([0, 0], velocity: [speed, 0]), at: feed.now)
    let verdict = monitor.step(feed.move(to: [step, 0]), at: feed.now)
    #expect(verdict.decision == .hold)
    #expect(verdict.finding(.clearanceStatic)?.outcome == .unknown(.nonFinite))
  }
}
