import ODCVConfig
import ODCVCore

/// One command after the other through the monitor, each with a fresh state and a frame of one person before it.
///
/// `positions` and `velocities` are the measured joints at each command, `targets` what is commanded, `people` the
/// capsules of the person (ends and radius). The obstacles take the place of the cell's. Times are of the command's step
/// alone; `stateTimes` of the step that took the state in. `decisions`: 0 allow, 1 slow, 2 hold, 3 halt. -1 and the reason
/// when the files can't be loaded.
@_cdecl("odcv_verdicts")
public func verdicts(
  _ monitorFile: UnsafePointer<CChar>, _ robotFile: UnsafePointer<CChar>?, _ obstacleCount: Int32,
  _ kinds: UnsafePointer<Int32>, _ numbers: UnsafePointer<Double>, _ count: Int32,
  _ positions: UnsafePointer<Double>, _ velocities: UnsafePointer<Double>, _ targets: UnsafePointer<Double>,
  _ partCount: Int32, _ people: UnsafePointer<Double>, _ times: UnsafeMutablePointer<Int64>,
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
  configuration.cell.obstacles = (0..<Int(obstacleCount)).map {
    Obstacle(name: "obstacle\($0)", solid: solid(kind: kinds[$0], numbers: numbers + solidStride * $0))
  }
  var monitor = Monitor(configuration)
  var posture = Posture(for: configuration.robot)
  let dof = configuration.robot.joints.count
  var instant = MonoInstant(nanoseconds: 1_000_000_000)
  for index in 0..<Int(count) {
    let sequence = { (stream: UInt32) in Sequence(stream: stream, number: UInt64(index + 1), boot: 1) }
    var person = Person(track: 1)
    for part in 0..<Int(partCount) { person.append(capsule(people + 7 * (Int(partCount) * index + part))) }
    var seen = sequence(3)
    seen.time = SourceTime(clock: .simulated, nanoseconds: instant.nanoseconds)
    var frame = People(sensor: 0, sequence: seen, coverage: true)
    frame.append(person)
    _ = monitor.step(.people(frame), at: instant)
    var place = sequence(2)
    place.time = SourceTime(clock: .simulated, nanoseconds: instant.nanoseconds)
    var state = State(
      sequence: place, position: joints(positions + dof * index, dof),
      velocity: joints(velocities + dof * index, dof), externalEffort: JointVector(count: dof), contacts: Contacts(),
      externalForce: 0)
    state.mode = configuration.cell.automaticModes.first
    posture.place(configuration.robot, at: state.position)
    state.tool = posture.toolCentrePoint
    let begin = nanoseconds()
    _ = monitor.step(.state(state), at: instant)
    stateTimes[index] = nanoseconds() - begin
    let action = Action(sequence: sequence(1), command: .jointPosition(joints(targets + dof * index, dof)))
    let start = nanoseconds()
    let verdict = monitor.step(.action(action), at: instant)
    times[index] = nanoseconds() - start
    switch verdict.decision {
    case .allow: decisions[index] = 0
    case .slow: decisions[index] = 1
    case .hold: decisions[index] = 2
    case .halt: decisions[index] = 3
    }
    instant = MonoInstant(nanoseconds: instant.nanoseconds + Int64(configuration.cell.controlPeriod * 1e9))
  }
  return 0
}
