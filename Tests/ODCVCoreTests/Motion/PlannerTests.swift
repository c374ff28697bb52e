import Testing
import TestSupport

@testable import ODCVCore

/// A driver that keeps what `Tracking` declares, stepped at 1 kHz: the claim, not any simulator's code.
private struct DeclaredDriver {
  var position: [Double]
  var velocity: [Double]
  let robot: RobotModel
  let step = 0.001

  init(_ robot: RobotModel, at position: [Double]) {
    self.robot = robot
    self.position = position
    velocity = position.map { _ in 0 }
  }

  mutating func follow(_ target: [Double]) {
    let way = zip(target, position).map { $0 - $1 }
    var k = 1 / robot.tracking.responseTime
    for (j, d) in way.enumerated() where d != 0 {
      k = min(k, (2 * robot.stopping.deceleration[j] * abs(d)).squareRoot() / abs(d))
      k = min(k, robot.joints[j].limits.velocity / abs(d))
    }
    change(to: way.map { $0 * k }, robot.tracking.acceleration)
  }

  mutating func brake() { change(to: velocity.map { _ in 0 }, robot.stopping.deceleration) }

  private mutating func change(to wanted: [Double], _ most: JointVector) {
    var share = 1.0
    for j in wanted.indices where wanted[j] != velocity[j] {
      share = min(share, most[j] * step / abs(wanted[j] - velocity[j]))
    }
    for j in wanted.indices {
      velocity[j] += share * (wanted[j] - velocity[j])
      position[j] += velocity[j] * step
    }
  }
}

/// Some s of `from`...`to` puts `values` within `width` of base + s·line.
private func holds(
  _ values: [Double], base: JointVector, line: JointVector, width: (Int) -> Double, from: Double, to: Double
) -> Bool {
  var low = from - 1e-9
  var high = to + 1e-9
  for j in values.indices {
    let a = values[j] - base[j] - width(j)
    let b = values[j] - base[j] + width(j)
    if abs(line[j]) < 1e-12 {
      if a > 0 || b < 0 { return false }
    } else {
      low = max(low, min(a / line[j], b / line[j]))
      high = min(high, max(a / line[j], b / line[j]))
    }
  }
  return low <= high
}

/// Drives an arm at random, with the error of its sensors and up to `between` commands from one state to the next; how many
/// instants lay outside the judged motion.
private func escapes(seed: UInt64, steps: Int, between: Int = 1, change: (inout Motion) -> Void = { _ in }) -> Int {
  var random = SeededGenerator(seed: seed)
  let robot = Generate.arm(joints: 7, &random)
  let configuration = Configuration(
    robot: robot, cell: Planar.cell(), limits: Planar.limits(), digest: Array(repeating: 1, count: 32))
  let planner = Planner(configuration: configuration)
  var motion = Motion(for: robot, kernel: Kernel.best!)
  var world = World(configuration)
  var feed = Feed()
  var driver = DeclaredDriver(robot, at: (0..<7).map { _ in random.uniform(-1...1) })
  var target = driver.position
  var escaped = 0
  for _ in 0..<steps {
    let measured = driver.position.map { $0 + random.uniform(-0.001...0.001) }
    let speeds = driver.velocity.map { $0 + random.uniform(-0.005...0.005) }
    // The state is as old as the cell declares at most, or younger; the driver has gone on meanwhile.
    for _ in 0..<Int.random(in: 0...2, using: &random) { driver.follow(target) }
    world.receive(feed.state(measured, velocity: speeds), at: feed.now)
    for command in 0..<between {
      if command > 0 {
        let wait = Int.random(in: 1...15, using: &random)
        for _ in 0..<wait { driver.follow(target) }
        feed.wait(Double(wait) * 0.001)
      }
      switch Int.random(in: 0..<4, using: &random) {
      case 0: target = driver.position.map { $0 + random.uniform(-0.3...0.3) }
      case 1: target = driver.position
      default: target = target.map { $0 + random.uniform(-0.02...0.02) }
      }
      let action = feed.move(to: target)
      world.receive(action, at: feed.now)
      planner.plan(&motion, in: world)
      world.command(motion.goal, requested: motion.goal, asked: .absent)
    }
    change(&motion)
    func check() {
      let position = holds(
        driver.position, base: motion.start, line: motion.chord, width: { motion.width[$0] }, from: motion.from,
        to: motion.to)
      let speed = driver.velocity.indices.allSatisfy { abs(driver.velocity[$0]) <= motion.speed(ofJoint: $0) + 1e-9 }
      if !position || !speed { escaped += 1 }
    }
    let before = driver
    // The next command comes a period later, or the stop that is ordered then takes its reaction time.
    for _ in 0..<40 {
      driver.follow(target)
      check()
    }
    for _ in 0..<400 {
      driver.brake()
      check()
    }
    driver = before
    for _ in 0..<20 { driver.follow(target) }
    feed.wait(0.02)
  }
  return escaped
}

@Test(arguments: 1...10)
func theJudgedMotionHoldsTheArmAlsoWhenCommandsOvertakeStates(seed: Int) {
  #expect(escapes(seed: UInt64(seed), steps: 60, between: 4) == 0)
}

@Test(arguments: 1...20)
func theJudgedMotionHoldsWhatADriverThatKeepsItsDeclarationDoes(seed: Int) {
  #expect(escapes(seed: UInt64(seed), steps: 60) == 0)
}

@Test func aMotionThatLeavesOutTheWayToRestIsFoundOut() {
  let escaped = escapes(seed: 3, steps: 60) { motion in
    for joint in 0..<7 { motion.width[joint] = min(motion.width[joint], 0.004) }
    motion.from = 0
    motion.to = 1
  }
  #expect(escaped > 0)
}
