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
  private var states: UInt64 = 0
  private var actions: UInt64 = 0
  private var frames: UInt64 = 0

  /// The inputs that `rule` must object to; each rule's own file makes them.
  public init(of rule: RuleID, _ configuration: Configuration) {
    self.configuration = configuration
    home = JointVector(configuration.robot.joints.map { ($0.limits.lower + $0.limits.upper) / 2 })
    still = JointVector(count: configuration.robot.joints.count)
    sense()
    state()
    RuleBook.provoke(rule, &self)
  }

  /// A box that holds everything.
  static let everywhere = Box(pose: .identity, halfExtents: Vector3(100, 100, 100))

  mutating func add(_ input: Input) {
    now.nanoseconds += 1
    inputs.append((input, now))
  }

  mutating func wait(_ seconds: Double) { now.nanoseconds += Int64(seconds * 1e9) }

  /// A frame of every declared sensor; with a person who is everywhere, if asked for.
  mutating func sense(person: Bool = false) {
    frames += 1
    for sensor in configuration.cell.peopleSensors.indices {
      var frame = People(sensor: sensor, sequence: sequence(frames), coverage: true)
      if person {
        var somebody = Person(track: 1)
        somebody.append(Capsule(a: .zero, b: Vector3(0, 0, 2), radius: 10))
        frame.append(somebody)
      }
      add(.people(frame))
    }
    for sensor in configuration.cell.obstacleSensors.indices {
      add(.obstacles(Obstacles(sensor: sensor, sequence: sequence(frames), coverage: true)))
    }
  }

  /// A state; with a contact of nothing that is declared, if a force is given, N.
  mutating func state(position: JointVector? = nil, velocity: JointVector? = nil, force: Double? = nil) {
    states += 1
    var contacts = Contacts()
    if let force { contacts.append(Contact(link: nil, expected: nil, force: force)) }
    add(
      .state(
        State(
          sequence: sequence(states), position: position ?? home, velocity: velocity ?? still, externalEffort: still,
          contacts: contacts, externalForce: 0)))
  }

  mutating func command(_ command: Action.Command, gripper: GripperCommand? = nil) {
    actions += 1
    add(.action(Action(sequence: sequence(actions), command: command, gripper: gripper)))
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
