import ODCVConfig
import ODCVCore

/// One command after the other through the monitor, each with all that a cell's sources send in a control period before it: a
/// person, three obstacles that a sensor sees, signals, heartbeats, a state with efforts that explain the motion.
///
/// `positions` and `velocities` are the measured joints at each command, `targets` what is commanded, `people` the
/// capsules of the person (ends and radius), of the obstacles the last three are what the sensor sees, and the others take the
/// place of the cell's. With `rows` above 1 a chunk of the next so many targets is sent instead: its time is that of the
/// chunk's own step. Times are of the command's step alone; `stateTimes` of the step that took the state in. `decisions`: 0
/// allow, 1 slow, 2 hold, 3 halt. -1 and the reason when the files can't be loaded.
@_cdecl("odcv_verdicts")
public func verdicts(
  _ monitorFile: UnsafePointer<CChar>, _ robotFile: UnsafePointer<CChar>?, _ obstacleCount: Int32,
  _ kinds: UnsafePointer<Int32>, _ numbers: UnsafePointer<Double>, _ count: Int32,
  _ positions: UnsafePointer<Double>, _ velocities: UnsafePointer<Double>, _ targets: UnsafePointer<Double>,
  _ rows: Int32, _ partCount: Int32, _ people: UnsafePointer<Double>, _ times: UnsafeMutablePointer<Int64>,
  _ stateTimes: UnsafeMutablePointer<Int64>, _ decisions: UnsafeMutablePointer<Int32>,
  _ reason: UnsafeMutablePointer<CChar>, _ capacity: Int32
) -> Int32 {
  var configuration: Configuration
  do throws(ConfigError) {
    configuration = try LoadedConfiguration.load(path: String(cString: monitorFile)).core
    if let robotFile { configuration.robot = try RobotFile.load(path: String(cString: robotFile)) }
  } catch {
    write("\(error)", to: reason, capacity: capacity)
    return -1
  }
  let solids = (0..<Int(obstacleCount)).map { solid(kind: kinds[$0], numbers: numbers + solidStride * $0) }
  let isSeen = !configuration.cell.obstacleSensors.isEmpty
  let fixed = isSeen ? max(solids.count - 3, 0) : solids.count
  configuration.cell.obstacles = (0..<fixed).map { Obstacle(name: "obstacle\($0)", solid: solids[$0]) }
  var rig = VerdictRig(configuration, seen: Array(solids[fixed...]))
  let dof = configuration.robot.joints.count
  for index in 0..<Int(count) {
    var person = Person(track: 1)
    for part in 0..<Int(partCount) { person.append(capsule(people + 7 * (Int(partCount) * index + part))) }
    stateTimes[index] = rig.period(
      person, position: joints(positions + dof * index, dof), velocity: joints(velocities + dof * index, dof))
    let command: Input
    if rows > 1 {
      var chunk = Chunk(
        sequence: rig.next(.action), space: .jointPosition,
        first: ChunkRow(chunk: UInt64(index + 1), step: 0, length: Int(rows), execute: Int(rows), observation: nil),
        period: configuration.cell.controlPeriod)
      for row in 0..<Int(rows) { chunk.append(joints(targets + dof * min(index + row, Int(count) - 1), dof)) }
      command = .chunk(chunk)
    } else {
      command = .action(Action(sequence: rig.next(.action), command: .jointPosition(joints(targets + dof * index, dof))))
    }
    let start = nanoseconds()
    let verdict = rig.monitor.step(command, at: rig.now)
    times[index] = nanoseconds() - start
    switch verdict.decision {
    case .allow: decisions[index] = 0
    case .slow: decisions[index] = 1
    case .hold: decisions[index] = 2
    case .halt: decisions[index] = 3
    }
    if index == Int(count) - 1, verdict.decision != .allow || verdict.outcome != .pass {
      write("\(verdict.findings.filter { $0.outcome != .pass }.map { "\($0.rule.name) \($0.outcome)" })", to: reason, capacity: capacity)
    }
    rig.now = MonoInstant(nanoseconds: rig.now.nanoseconds + Int64(configuration.cell.controlPeriod * 1e9))
  }
  return 0
}

/// A monitor and what a cell's sources send it.
struct VerdictRig: ~Copyable {
  var monitor: Monitor
  var now = MonoInstant(nanoseconds: 3_600_000_000_000)
  private let configuration: Configuration
  private var seen: [Solid]
  private var posture: Posture
  private var dynamics: ArmDynamics?
  private var before: (momentum: JointVector, known: [Double])?
  private var number: UInt64 = 0

  init(_ configuration: Configuration, seen: [Solid]) {
    self.configuration = configuration
    self.seen = seen
    monitor = Monitor(configuration)
    posture = Posture(for: configuration.robot)
    dynamics = ArmDynamics(for: configuration.robot)
  }

  /// The next place in a stream, stamped as the cell declares.
  func next(_ stream: Stream) -> Sequence {
    var place = Sequence(stream: 1, number: number, boot: 1)
    let clock = configuration.cell.clocks.first { $0.stream == stream }?.clock ?? .monotonic
    place.time = SourceTime(clock: clock, nanoseconds: now.nanoseconds)
    return place
  }

  /// All but the command; the time of the state's step, ns.
  mutating func period(_ person: Person, position: JointVector, velocity: JointVector) -> Int64 {
    number += 1
    _ = monitor.step(.heartbeat(.driver), at: now)
    _ = monitor.step(.heartbeat(.controller), at: now)
    for signal in configuration.cell.signals.indices {
      // A scan has happened when its signal rises.
      _ = monitor.step(.signal(Signal(index: signal, sequence: next(.signal), value: number == 1 ? 0 : 1)), at: now)
    }
    var frame = People(sensor: 0, sequence: next(.people), coverage: true)
    frame.append(person)
    _ = monitor.step(.people(frame), at: now)
    if !configuration.cell.obstacleSensors.isEmpty {
      var frame = Obstacles(sensor: 0, sequence: next(.obstacles), coverage: true)
      for solid in seen { frame.append(solid) }
      _ = monitor.step(.obstacles(frame), at: now)
    }
    let dof = configuration.robot.joints.count
    var state = State(
      sequence: next(.state), position: position, velocity: velocity, externalEffort: JointVector(count: dof),
      contacts: Contacts(), externalForce: 0, effort: effort(position, velocity))
    state.mode = configuration.cell.automaticModes.first
    state.gripper = 0.05
    state.grasped = true
    state.successRate = 0.5
    state.toolActive = true
    posture.place(configuration.robot, at: position)
    state.tool = posture.toolCentrePoint
    let begin = nanoseconds()
    _ = monitor.step(.state(state), at: now)
    return nanoseconds() - begin
  }

  /// The mean of what the drives must have done since the state before.
  private mutating func effort(_ position: JointVector, _ velocity: JointVector) -> JointVector {
    guard dynamics != nil else { return .absent }
    dynamics!.place(position: position, velocity: velocity)
    let (momentum, dt) = (dynamics!.momentum, configuration.cell.controlPeriod)
    let joints = configuration.robot.joints.indices
    let known = joints.map { dynamics!.kinetic[$0] + dynamics!.gravity[$0] }
    var effort = JointVector(count: joints.count)
    for joint in joints {
      let change = before.map { (momentum[joint] - $0.momentum[joint]) / dt } ?? 0
      effort[joint] = change - 0.5 * (known[joint] + (before?.known[joint] ?? known[joint]))
    }
    before = (momentum, known)
    return effort
  }
}
