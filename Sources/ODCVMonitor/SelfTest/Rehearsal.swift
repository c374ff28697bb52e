import ODCVConfig
import ODCVCore

/// The core, fed all that a cell declares: an arm that stands at one posture, everything there and fresh, and nobody near.
struct Rehearsal: ~Copyable {
  private let core: Configuration
  private let position: JointVector
  private let tool: Vector3
  /// What holds the arm against gravity; absent where no dynamics are declared.
  private let effort: JointVector
  private var monitor: Monitor
  private var now = MonoInstant(nanoseconds: 1_000_000_000)
  private var round: UInt64 = 0
  private var actions: UInt64 = 0
  /// s, the quickest verdict on a command so far
  private(set) var quickest = Double.infinity

  init(_ core: Configuration, at position: JointVector) {
    self.core = core
    self.position = position
    var posture = Posture(for: core.robot)
    posture.place(core.robot, at: position)
    tool = posture.toolCentrePoint
    if var dynamics = ArmDynamics(for: core.robot) {
      dynamics.place(position: position, velocity: JointVector(count: position.count))
      effort = JointVector(dynamics.gravity.values.map { -$0 })
    } else {
      effort = .absent
    }
    monitor = Monitor(core)
  }

  /// Everything for as long as contact is not known from the efforts, and the signals set at its end.
  mutating func settle() {
    let step = Rehearsal.step(core.cell)
    let rounds = 4 + Int(min(3 * (core.robot.dynamics?.responseTime ?? 0) / step, 4000))
    for _ in 0..<rounds {
      refresh(signals: 0)
      wait(step)
    }
    refresh(signals: 1)
  }

  /// One round of everything; the verdict on the state.
  @discardableResult
  mutating func refresh(signals value: Double = 1) -> Verdict {
    round += 1
    let cell = core.cell
    for heartbeat in cell.heartbeats { _ = monitor.step(.heartbeat(heartbeat.source), at: now) }
    for sensor in cell.peopleSensors.indices {
      _ = monitor.step(.people(People(sensor: sensor, sequence: sequence(.people, sensor), coverage: true)), at: now)
    }
    for sensor in cell.obstacleSensors.indices {
      _ = monitor.step(.obstacles(Obstacles(sensor: sensor, sequence: sequence(.obstacles, sensor), coverage: true)), at: now)
    }
    for index in cell.signals.indices {
      _ = monitor.step(.signal(Signal(index: index, sequence: sequence(.signal, index), value: value)), at: now)
    }
    let still = JointVector(count: position.count)
    var state = State(
      sequence: sequence(.state, 0), position: position, velocity: still, externalEffort: still, contacts: Contacts(),
      externalForce: 0, effort: effort)
    state.mode = cell.automaticModes.first
    state.tool = tool
    state.toolActive = false
    state.grasped = false
    return monitor.step(.state(state), at: now)
  }

  mutating func wait(_ seconds: Double) { now.nanoseconds += Int64((seconds * 1e9).rounded(.up)) }

  /// The verdict on a command of the controller.
  mutating func command(_ target: JointVector) -> Verdict {
    let action = next(target)
    return timed { monitor, now in monitor.step(.action(action), at: now) }
  }

  /// The same of one that is only asked about.
  mutating func check(_ target: JointVector) -> Verdict {
    let action = next(target)
    return timed { monitor, now in monitor.check(.action(action), at: now) }
  }

  private mutating func next(_ target: JointVector) -> Action {
    actions += 1
    var sequence = sequence(.action, 0)
    sequence.number = actions
    return Action(sequence: sequence, command: .jointPosition(target))
  }

  private mutating func timed(_ judge: (inout Monitor, MonoInstant) -> Verdict) -> Verdict {
    let begun = monotonicNow()
    let verdict = judge(&monitor, now)
    quickest = min(quickest, monotonicNow().seconds(since: begun))
    return verdict
  }

  private func sequence(_ stream: ODCVCore.Stream, _ sensor: Int) -> ODCVCore.Sequence {
    var sequence = Sequence(stream: 1, number: round, boot: 1)
    if let clock = core.cell.clocks.first(where: { $0.stream == stream && $0.sensor == sensor })?.clock {
      sequence.time = SourceTime(clock: clock, nanoseconds: now.nanoseconds)
    }
    return sequence
  }

  /// s, often enough for every input that the cell declares
  private static func step(_ cell: Cell) -> Double {
    let inputs = [cell.stateInput] + (cell.peopleSensors + cell.obstacleSensors).map(\.input)
    let ages = inputs.map { $0.maxAge - $0.latency } + cell.heartbeats.map(\.maxAge) + cell.signals.map(\.maxAge)
    return max(min(cell.controlPeriod, 0.5 * (ages.min() ?? 1)), 1e-6)
  }
}
