/// A configuration and inputs that a rule must object to, made from a loaded configuration: a detector that cannot fire
/// looks like safety.
///
/// Begins with one frame of every declared sensor, and a state of the standing arm in the middle of its joints' ranges. The rule
/// changes one thing, in the configuration or in what it adds, that is so bad that it must object.
public struct Provocation: Sendable {
  public internal(set) var configuration: Configuration
  /// In their order, each with its instant.
  public private(set) var inputs: [(input: Input, instant: MonoInstant)] = []
  /// The middle of every joint's range.
  let home: JointVector
  /// Joint velocities of an arm that stands.
  let still: JointVector
  private var now = MonoInstant(nanoseconds: 0)
  private var posture: Posture
  private var states: UInt64 = 0
  private var actions: UInt64 = 0
  private var frames: UInt64 = 0
  private var signals: UInt64 = 0

  /// The inputs that `rule` must object to; each rule's own file makes them.
  public init(of rule: RuleID, _ configuration: Configuration) {
    self.configuration = configuration
    home = JointVector(configuration.robot.joints.map { ($0.limits.lower + $0.limits.upper) / 2 })
    still = JointVector(count: configuration.robot.joints.count)
    posture = Posture(for: configuration.robot)
    sense()
    state()
    RuleBook.provoke(rule, &self)
  }

  /// A box that holds everything.
  static let everywhere = Box(pose: .identity, halfExtents: Vector3(100, 100, 100))

  /// Who or what is everywhere.
  static let body = Capsule(a: .zero, b: Vector3(0, 0, 2), radius: 10)

  /// A body that bears a newton, for a cell in which nothing may touch one.
  static let bodies = BodyTable(
    rows: BodyRegion.allCases.map { _ in
      BodyLimits(force: 1, pressure: 1, transientFactor: nil, stiffness: 1e5, mass: 1)
    }, transientTime: 0)

  /// Gives links of which nobody says what they weigh a kilogram each.
  mutating func weighLinks() {
    for link in configuration.robot.links.indices {
      configuration.robot.links[link].inertia = LinkInertia(
        mass: 1, center: .zero, diagonal: Vector3(0.01, 0.01, 0.01), products: .zero)
    }
  }

  mutating func add(_ input: Input) {
    now.nanoseconds += 1
    inputs.append((input, now))
  }

  mutating func wait(_ seconds: Double) { now.nanoseconds += Int64(seconds * 1e9) }

  /// A frame of every declared sensor; with a person or an obstacle that is everywhere, if asked for.
  mutating func sense(person: Bool = false, obstacle: Bool = false) {
    frames += 1
    for sensor in configuration.cell.peopleSensors.indices {
      var frame = People(sensor: sensor, sequence: sequence(frames), coverage: true)
      if person {
        var somebody = Person(track: 1)
        somebody.append(Provocation.body)
        frame.append(somebody)
      }
      add(.people(frame))
    }
    for sensor in configuration.cell.obstacleSensors.indices {
      var frame = Obstacles(sensor: sensor, sequence: sequence(frames), coverage: true)
      if obstacle { frame.append(.capsule(Provocation.body)) }
      add(.obstacles(frame))
    }
  }

  /// A state; with a contact of nothing that is declared, if a force is given, N.
  mutating func state(
    position: JointVector? = nil, velocity: JointVector? = nil, force: Double? = nil,
    sequenced change: (inout Sequence) -> Void = { _ in }, changed: (inout State) -> Void = { _ in }
  ) {
    states += 1
    var sequence = sequence(states)
    if let clock = configuration.cell.clocks.first(where: { $0.stream == .state })?.clock {
      sequence.time = SourceTime(clock: clock, nanoseconds: now.nanoseconds)
    }
    change(&sequence)
    var contacts = Contacts()
    if let force { contacts.append(Contact(link: nil, expected: nil, force: force)) }
    var state = State(
      sequence: sequence, position: position ?? home, velocity: velocity ?? still, externalEffort: still,
      contacts: contacts, externalForce: 0, effort: holding(position ?? home))
    state.mode = configuration.cell.automaticModes.first
    posture.place(configuration.robot, at: state.position)
    state.tool = posture.toolCentrePoint
    changed(&state)
    add(.state(state))
  }

  /// States at rest for as long as contact is not known from the efforts (`ContactObserver`), up to now.
  mutating func settle() {
    guard let dynamics = configuration.robot.dynamics else { return }
    let step = 0.5 * configuration.cell.stateInput.maxAge
    for _ in 0..<Int(3 * dynamics.responseTime / step) + 2 {
      state()
      wait(step)
    }
  }

  /// The efforts that hold the arm against gravity; absent where no dynamics are declared.
  private func holding(_ position: JointVector) -> JointVector {
    guard var dynamics = ArmDynamics(for: configuration.robot) else { return .absent }
    dynamics.place(position: position, velocity: still)
    return JointVector(dynamics.gravity.values.map { -$0 })
  }

  mutating func command(_ command: Action.Command, gripper: GripperCommand? = nil) {
    actions += 1
    add(.action(Action(sequence: sequence(actions), command: command, gripper: gripper)))
  }

  /// A cell with one signal.
  mutating func declareSignal() {
    configuration.cell.signals = [SignalDeclaration(name: "self-test", source: .perception, maxAge: 1)]
  }

  mutating func signal(_ value: Double) {
    signals += 1
    add(.signal(Signal(index: 0, sequence: sequence(signals), value: value)))
  }

  /// The last input once more.
  mutating func repeatLast() {
    if let last = inputs.last { add(last.input) }
  }

  /// Every joint at this share of its speed limit.
  func moving(_ share: Double) -> JointVector {
    JointVector(configuration.robot.joints.map { $0.limits.velocity * share })
  }

  private func sequence(_ number: UInt64) -> Sequence { Sequence(stream: 1, number: number, boot: 1) }
}
