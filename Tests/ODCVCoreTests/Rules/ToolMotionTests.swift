import TestSupport
import Testing

@testable import ODCVCore

/// Where the tool goes and how fast, on random ways of random arms: in plain numbers, from the samples of the path.
@Suite struct ToolMotionTests {
  private struct Scene: ~Copyable {
    var world: World
    var motion: Motion

    /// An arm under an operator's release order, at its place of then or a little off it.
    init(seed: UInt64) {
      var random = SeededGenerator(seed: seed)
      let robot = Generate.arm(joints: 7, mixed: seed % 3 == 0, &random)
      let configuration = Planar.configuration { $0.robot = robot }
      world = World(configuration)
      let now = MonoInstant(nanoseconds: 1_000_000_000)
      let state = State(
        sequence: Sequence(stream: 0, number: 1, boot: 1), position: Generate.position(of: robot, &random),
        velocity: JointVector(count: 7), externalEffort: .absent, contacts: Contacts(), externalForce: 0, effort: .absent)
      world.receive(.state(state), at: now)
      world.receive(.release(Release(number: 1)), at: now)
      motion = Motion(for: robot, kernel: .best!)
      motion.start = state.position
      if seed % 2 == 0 { for joint in 0..<7 { motion.start[joint] += random.uniform(-0.1...0.1) } }
      let size = [0.003, 0.1, 0.4][Int(seed % 3)]
      motion.chord = JointVector((0..<7).map { _ in random.uniform(-size...size) })
      motion.width = JointVector((0..<7).map { _ in random.uniform(0...0.002) })
      motion.velocity = JointVector((0..<7).map { _ in random.uniform(-1...1) })
      motion.drivenVelocity = JointVector((0..<7).map { _ in random.uniform(-1...1) })
      motion.spread = JointVector((0..<7).map { _ in random.uniform(0...0.01) })
      motion.speedSpread = motion.spread
      motion.isStill = false
      motion.path.lay(
        start: motion.start, chord: motion.chord, from: min(random.uniform(-0.3...0.2), 0),
        to: 1 + max(random.uniform(-0.5...0.5), 0), width: motion.width, hasTarget: seed % 4 != 1)
    }
  }

  @Test func aReleaseMotionGoesAsFarAsItsFarthestSampleAndWhatLiesBesideIt() throws {
    var away = 0
    for seed in UInt64(0)..<60 {
      let scene = Scene(seed: seed)
      let judged = MotionRelease(scene.world.configuration).judge(scene.motion, in: scene.world)
      let found = try #require(judged)
      let path = scene.motion.path.layout.toolCentrePoint
      let origin = try #require(scene.world.release.origin)
      let distances = (0..<16).map { (scene.motion.path.capsule(path, at: $0).a - origin).length }
      let travel = scene.motion.path.travel(path)
      let bend = (0..<15).map { scene.motion.path.weight($0) }.max()!
      let upper = distances.max()! + travel + bend * scene.motion.path.bow(path)
      let lower = max(distances[scene.motion.path.startSample] - travel, 0)
      #expect(found.value == Interval(lower, upper) && found.subject == .toolCentrePoint, "seed \(seed)")
      if lower > 0 { away += 1 }
    }
    #expect(away > 10)
  }

  @Test func theToolsSpeedIsBetweenThatOfNowAndTheGreatestOfTheWay() throws {
    var apart = 0
    for seed in UInt64(0)..<60 {
      let scene = Scene(seed: seed)
      let judged = MotionTCPSpeed(scene.world.configuration).judge(scene.motion, in: scene.world)
      let found = try #require(judged)
      let speeds = scene.motion.path.toolSpeeds(scene.motion)
      let upper = Double((0..<16).map { speeds.most[$0] }.max()!)
      let now = Double(speeds.now[scene.motion.path.startSample])
      #expect(now <= upper && found.value == Interval(max(now, 0), upper), "seed \(seed)")
      if max(now, 0) < upper { apart += 1 }
    }
    #expect(apart == 60)
  }
}
