import CClearance
import Testing
import TestSupport

@testable import ODCVCore

/// An arm along a random way among solids of every kind, near enough to touch some of them.
private struct Crowd: ~Copyable {
  let robot: RobotModel
  var set: SolidSet
  var motion: Motion

  init(seed: UInt64, kernel: Kernel = .best!, reach: Double = 1) {
    var random = SeededGenerator(seed: seed)
    var robot = Generate.arm(joints: 7, mixed: seed % 3 == 0, &random)
    robot.selfPairs = [
      SelfPair(first: 0, second: 3), SelfPair(first: 1, second: 4), SelfPair(first: 2, second: 6),
      SelfPair(first: 1, second: 7), SelfPair(first: 3, second: 7),
    ]
    self.robot = robot
    set = SolidSet(capacity: 40, capsules: robot.capsules.count)
    for index in 0..<40 { set.append(Generate.solid(reach, &random), as: .obstacle(index)) }
    motion = Motion(for: robot, kernel: kernel)
    let start = Generate.position(of: robot, &random)
    let size = [0.003, 0.05, 0.4][Int(seed % 3)]
    let end = JointVector(start.values.map { $0 + random.uniform(-size...size) })
    motion.path.lay(from: start, to: end)
  }

  /// The least bound of every pair, one after the other, with nothing left out.
  func least() -> (cell: Double, own: Double) {
    var sweep = odcv_sweep()
    var cell = Double.infinity
    let layout = motion.path.layout
    for capsule in 0..<layout.toolCentrePoint where layout.moves[capsule] {
      for solid in 0..<set.count {
        motion.path.sweep(capsule, set, solid, into: &sweep)
        let off = layout.radii[capsule] + Kernel.rounding * (motion.path.size + set.sizes[solid])
        cell = min(cell, Double(sweep.low) - off)
      }
    }
    var own = Double.infinity
    for (index, pair) in layout.pairs.enumerated() {
      motion.path.sweep(pair: index, bow: motion.path.bounds(pair.movers).bow, into: &sweep)
      own = min(own, Double(sweep.low) - layout.radii[pair.second] - 4 * Kernel.rounding * motion.path.size)
    }
    return (cell, own)
  }
}

@Test(arguments: 0..<150)
func whatTheSearchLeavesOutIsNeverTheNearest(seed: UInt64) {
  // Sparse, dense, and so dense that many pairs overlap deeply.
  let crowd = Crowd(seed: seed, reach: [1.5, 1, 0.4][Int(seed % 3)])
  let all = crowd.least()
  var cell = WorstPair.nearestOnly()
  cell.add(crowd.set, requirement: 0, crowd.motion)
  var own = WorstPair.nearestOnly()
  own.addSelfPairs(requirement: 0, crowd.motion)
  #expect(cell.pair(crowd.motion)!.value.lower == all.cell)
  // The search bends a pair's axis a little more than it has to.
  let found = own.pair(crowd.motion)!.value.lower
  #expect(found <= all.own + 1e-9)
  #expect(found >= all.own - 0.002)
}

@Test func aSearchThatLeftOutTheNearestPairWouldBeNoticed() {
  // The dense crowds of the test above do hold pairs that overlap deeper than their balls reach.
  var deep = 0
  for seed in stride(from: UInt64(2), to: 150, by: 3) where Crowd(seed: seed, reach: 0.4).least().cell < -0.2 { deep += 1 }
  #expect(deep > 5)
}

@Test(arguments: 0..<60)
func theSumsOfARowBendNoLessThanTheRowItself(seed: UInt64) {
  let crowd = Crowd(seed: seed)
  let layout = crowd.motion.path.layout
  for capsule in 0..<layout.capsules.count {
    let bounds = crowd.motion.path.bounds(layout.movers(of: capsule))
    let bow = crowd.motion.path.bow(capsule)
    #expect(bow >= bounds.bow * (1 - 1e-12) && bow <= bounds.bow * (1 + 1e-12) + 1e-15)
    #expect(abs(crowd.motion.path.travel(capsule) - bounds.travel) <= 1e-12 * bounds.travel)
  }
}

@Test(arguments: 0..<30)
func everyBuildOfTheKernelFindsTheSamePairs(seed: UInt64) throws {
  let kernels = ["x86-64-v3", "x86-64-v4", "neon"].compactMap(Kernel.named)
  try #require(!kernels.isEmpty)
  var first: [UInt64] = []
  for kernel in kernels {
    let crowd = Crowd(seed: seed, kernel: kernel)
    var values: [UInt64] = []
    for requirement in [0, 0.05, 0.5] {
      var cell = WorstPair(refines: false)
      cell.add(crowd.set, requirement: requirement, crowd.motion)
      var own = WorstPair(refines: false)
      own.addSelfPairs(requirement: requirement, crowd.motion)
      for finding in [cell.finding(.clearanceStatic, crowd.motion), own.finding(.clearanceSelf, crowd.motion)] {
        values += [finding.value.lower.bitPattern, finding.value.upper.bitPattern, UInt64(finding.failing)]
        values += [UInt64(finding.subject.index ?? 999), UInt64(finding.other.index ?? 999)]
      }
    }
    var stance = StanceClearance(
      crowd.robot, obstacles: crowd.set.solids.map { Obstacle(name: "solid", solid: $0) }, kernel: kernel)
    var random = SeededGenerator(seed: seed)
    for _ in 0..<20 {
      let found = stance.clearance(at: Generate.position(of: crowd.robot, &random))
      for pair in [found.cell!, found.own!] {
        values += [pair.value.lower.bitPattern, pair.value.upper.bitPattern, UInt64(pair.link), UInt64(pair.other)]
      }
    }
    if first.isEmpty { first = values }
    #expect(first == values)
  }
}
