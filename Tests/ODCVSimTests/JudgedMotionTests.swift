import Glibc
import ODCVCodec
import ODCVConfig
import ODCVWire
import Testing
import TestSupport

@testable import ODCVCore
@testable import ODCVSim

/// A way of commanding the arm that is judged, with all that makes its numbers mean something.
struct CommandedSpace: Sendable, CustomTestStringConvertible {
  var space: ActionMessage.Space
  var reference: ActionMessage.DeltaReference?
  var rotation: ActionMessage.RotationForm?

  var testDescription: String { "\(space) \(reference.map { "\($0)" } ?? "") \(rotation.map { "\($0)" } ?? "")" }

  static let references: [ActionMessage.DeltaReference] = [.measured, .lastCommand, .chunkStart]
  static let rotations: [ActionMessage.RotationForm] = [.quaternion, .axisAngle, .rpyFixed, .rotation6D]

  static let all: [CommandedSpace] = [
    CommandedSpace(space: .jointPosition), CommandedSpace(space: .jointVelocity), CommandedSpace(space: .jointEffort),
    CommandedSpace(space: .eeTwist),
  ]
    + references.map { CommandedSpace(space: .jointPositionDelta, reference: $0) }
    + rotations.map { CommandedSpace(space: .eePose, rotation: $0) }
    + references.flatMap { reference in
      rotations.map { CommandedSpace(space: .eePoseDelta, reference: reference, rotation: $0) }
    }
}

/// The simulated arm with its own driver, commanded at random in one space; the core judges the same bytes. Counts the instants
/// at which the arm was not where, or not as slow as, the judged motion says.
struct JudgedRun: ~Copyable {
  static let home = [0.2, -0.6, 0.1, -2.2, 0.1, 1.6, 0.8]

  private var simulation: Simulation
  private let configuration: LoadedConfiguration
  private var decoder: Decoder
  private var world: World
  private let planner: Planner
  private var motion: Motion
  private var random: SeededGenerator
  private var number: UInt64 = 0
  private var lastState: UInt64 = 0
  /// What the driver is given instead of what was judged.
  var plant: (inout ActionMessage) -> Void = { _ in }
  /// How far commands lead, about: rad and m.
  var sizes = [0.003, 0.02, 0.08]
  private(set) var escaped = 0
  private(set) var checked = 0
  private(set) var unknown = 0
  /// Greatest width of a judged motion, rad.
  private(set) var widest = 0.0

  init(seed: UInt64, driver: DriverLaw.Parameters = DriverLaw.Parameters()) throws {
    var scenario = try Cells.scenario("E01")
    scenario.episodeLength = 1e9
    let configuration = try LoadedConfiguration.load(path: "\(Cells.root)/config/monitor.yaml")
    let simulation = try Simulation(scenario: scenario, seed: seed, driver: driver)
    self.simulation = simulation
    self.configuration = configuration
    decoder = Decoder(configuration)
    world = World(configuration.core)
    planner = Planner(configuration: configuration.core)
    motion = Motion(for: configuration.core.robot, kernel: Kernel.best!)
    random = SeededGenerator(seed: seed)
  }

  private var now: MonoInstant { MonoInstant(nanoseconds: simulation.nanoseconds + 1_000_000_000) }

  private mutating func see() throws {
    let message = simulation.stateMessage()
    lastState = message.header?.sequence ?? 0
    let input = decoder.decode(endpoint: .state, topic: Topic.bytes(.state, robot: "panda"), body: message.encoded())
    world.receive(input, at: now)
  }

  /// Home, without looking.
  mutating func goHome() throws {
    _ = simulation.order(action(CommandedSpace(space: .jointPosition)) { $0.position = Self.home })
    for _ in 0..<1500 { simulation.tick() }
    try see()
    let still = JointVector(Self.home)
    world.command(.position(still), requested: .position(still), asked: .absent)
  }

  private mutating func action(_ space: CommandedSpace, _ fill: (inout ActionMessage) -> Void) -> ActionMessage {
    number += 1
    var message = ActionMessage(
      header: HeaderFields(robotID: "panda", streamID: 1, sequence: number, bootID: 5), space: space.space,
      reference: space.reference, rotation: space.rotation)
    fill(&message)
    return message
  }

  private mutating func some(_ size: Double, _ count: Int = 7) -> [Double] {
    (0..<count).map { _ in random.uniform(-size...size) }
  }

  /// A command at random that leads back when the arm is far from home.
  mutating func next(_ space: CommandedSpace) -> ActionMessage {
    let q = simulation.truePosition
    let back = zip(Self.home, q).map { $0 - $1 }
    let far = back.contains { abs($0) > 0.25 }
    let size = sizes[Int.random(in: 0..<sizes.count, using: &random)]
    let arm = simulation.scenario.scene.arm
    let tool = arm.tool(q)
    let (delta, turn) = (some(size, 3), some(size, 3))
    switch space.space {
    case .jointPosition:
      let jump = some(size)
      return action(space) { $0.position = far ? Self.home : zip(q, jump).map { $0 + $1 } }
    case .jointPositionDelta:
      let jump = some(size)
      let base = space.reference == .lastCommand ? lastTarget ?? q : q
      var message = action(space) {
        $0.position = far ? zip(Self.home, base).map { max(-0.1, min(0.1, $0 - $1)) } : jump
      }
      name(&message)
      return message
    case .jointVelocity:
      let rate = some(10 * size)
      return action(space) { $0.velocity = far ? back : rate }
    case .jointEffort:
      let push = some(40 * size)
      return action(space) { $0.effort = far ? back.map { 4 * $0 } : push }
    case .eeTwist:
      let rate = delta.map { 6 * $0 } + turn.map { 6 * $0 }
      return action(space) { $0.endEffector = rate }
    case .eePose:
      let origin = tool.origin + Vector(delta[0], delta[1], delta[2])
      let frame = Frame(rotation: .axisAngle, turn)! * Frame(x: tool.x, y: tool.y, z: tool.z, origin: Vector(0, 0, 0))
      return action(space) {
        $0.endEffector = [origin.x, origin.y, origin.z] + Self.write(frame, space.rotation ?? .quaternion)
      }
    case .eePoseDelta:
      let frame = Frame(rotation: .axisAngle, turn)!
      var message = action(space) {
        $0.endEffector = delta + (space.rotation == .axisAngle ? turn : Self.write(frame, space.rotation ?? .quaternion))
      }
      name(&message)
      return message
    case .stop, .noMotion, .gripperOnly, .unspecified: return action(space) { _ in }
    }
  }

  private var lastTarget: [Double]? {
    world.pending.goal.kind == .position ? world.pending.goal.values.values : nil
  }

  /// The newest state is the one that a chunk begins from.
  private func name(_ message: inout ActionMessage) {
    guard message.reference == .chunkStart else { return }
    message.chunkID = 1
    message.chunkLength = 1
    message.chunkObservationSequence = lastState
  }

  static func write(_ frame: Frame, _ form: ActionMessage.RotationForm) -> [Double] {
    switch form {
    case .quaternion, .unspecified: return frame.quaternion
    case .axisAngle:
      let v = frame.rotation(from: .identity)
      return [v.x, v.y, v.z]
    case .rpyFixed:
      let pitch = asin(max(-1, min(1, -frame.x.z)))
      return [atan2(frame.y.z, frame.z.z), pitch, atan2(frame.x.y, frame.x.x)]
    case .rotation6D: return [frame.x.x, frame.x.y, frame.x.z, frame.y.x, frame.y.y, frame.y.z].map { 1.7 * $0 }
    }
  }

  mutating func run(_ space: CommandedSpace, steps: Int) throws {
    try goHome()
    for _ in 0..<steps {
      if zip(Self.home, simulation.truePosition).contains(where: { abs($0 - $1) > 0.5 }) { try goHome() }
      try see()
      // Where there is no last command, one is given first.
      let isFirst = space.reference == .lastCommand && lastTarget == nil
      var message = next(isFirst ? CommandedSpace(space: .jointPosition) : space)
      let input = decoder.decode(endpoint: .action, topic: Topic.bytes(.action, robot: "panda"), body: message.encoded())
      world.receive(input, at: now)
      planner.plan(&motion, in: world)
      if motion.unknown != nil {
        unknown += 1
        simulation.stop()
        world.hold(requested: .hold)
        for _ in 0..<20 { simulation.tick() }
        continue
      }
      world.command(motion.goal, requested: motion.requested, asked: .absent)
      for joint in 0..<7 { widest = max(widest, motion.width[joint]) }
      if !isFirst { plant(&message) }
      #expect(simulation.order(message) == nil)
      // The next command comes a period later; or a stop is ordered then, and takes its time to begin.
      let stops = Int.random(in: 0..<4, using: &random) == 0
      let follow = stops ? Int.random(in: 0...45, using: &random) : 20
      for _ in 0..<follow {
        simulation.tick()
        check()
      }
      guard stops else { continue }
      simulation.stop()
      for _ in 0..<400 {
        simulation.tick()
        check()
      }
      world.receive(.tick, at: now)
      world.hold(requested: .hold)
    }
  }

  private mutating func check() {
    checked += 1
    let (position, velocity) = (simulation.truePosition, simulation.trueVelocity)
    var low = motion.from - 1e-9
    var high = motion.to + 1e-9
    for joint in 0..<7 {
      let a = position[joint] - motion.start[joint] - motion.width[joint]
      let b = position[joint] - motion.start[joint] + motion.width[joint]
      if abs(motion.chord[joint]) < 1e-12 {
        if a > 0 || b < 0 { low = .infinity }
      } else {
        low = max(low, min(a / motion.chord[joint], b / motion.chord[joint]))
        high = min(high, max(a / motion.chord[joint], b / motion.chord[joint]))
      }
      if abs(velocity[joint]) > motion.speed(ofJoint: joint) + 1e-9 { low = .infinity }
    }
    if low > high { escaped += 1 }
  }
}

@Suite struct JudgedMotionTests {
  @Test(arguments: CommandedSpace.all)
  func `the arm stays inside the judged motion in every space`(space: CommandedSpace) throws {
    var run = try JudgedRun(seed: 11)
    try run.run(space, steps: 60)
    #expect(run.escaped == 0, "\(run.escaped) of \(run.checked), widest \(run.widest) rad")
    #expect(run.unknown <= 6, "\(run.unknown) unknown")
    #expect(run.checked > 1000)
  }

  @Test(arguments: CommandedSpace.all)
  func `a driver that is off by 2 mm or a seventh of a degree is found out`(space: CommandedSpace) throws {
    var driver = DriverLaw.Parameters()
    // What an effort does is bounded by what the driver lets it do, whatever its numbers are.
    if space.space == .jointEffort { driver.acceleration *= 2 }
    var run = try JudgedRun(seed: 11, driver: driver)
    if space.space != .jointEffort { run.sizes = [0.003] }
    run.plant = { message in
      if !message.position.isEmpty { message.position[3] += 0.0025 }
      if !message.velocity.isEmpty { message.velocity[3] += 0.025 }
      if !message.effort.isEmpty { message.effort[3] += 60 }
      if !message.endEffector.isEmpty { message.endEffector[2] += space.space == .eeTwist ? 0.02 : 0.002 }
    }
    try run.run(space, steps: 40)
    #expect(run.escaped > 0, "widest \(run.widest) rad")
  }
}
