import ODCVCore

/// Seeded arms, cells and inputs for property tests.
public enum Generate {
  public static func vector(_ reach: Double, _ random: inout SeededGenerator) -> Vector3 {
    Vector3(random.uniform(-reach...reach), random.uniform(-reach...reach), random.uniform(-reach...reach))
  }

  public static func direction(_ random: inout SeededGenerator) -> Vector3 {
    while true {
      let v = vector(1, &random)
      let length = v.length
      if length > 0.1, length < 1 { return (1 / length) * v }
    }
  }

  public static func pose(_ reach: Double, _ random: inout SeededGenerator) -> Pose {
    Pose(
      rotation: Rotation(angle: random.uniform(-3.1...3.1), about: direction(&random)),
      translation: vector(reach, &random))
  }

  public static func capsule(_ reach: Double, _ random: inout SeededGenerator) -> Capsule {
    let a = vector(reach, &random)
    return Capsule(a: a, b: a + vector(0.4, &random), radius: random.uniform(0.01...0.15))
  }

  public static func solid(_ reach: Double, _ random: inout SeededGenerator) -> Solid {
    switch UInt8.random(in: 0..<3, using: &random) {
    case 0:
      let half = Vector3(random.uniform(0.02...0.4), random.uniform(0.02...0.4), random.uniform(0.02...0.4))
      return .box(Box(pose: pose(reach, &random), halfExtents: half))
    case 1: return .capsule(capsule(reach, &random))
    default: return .halfSpace(HalfSpace(normal: direction(&random), offset: random.uniform(-reach...reach)))
    }
  }

  /// An arm of revolute joints (every fourth prismatic when `mixed`), with one capsule a link.
  public static func arm(joints count: Int, mixed: Bool = false, _ random: inout SeededGenerator) -> RobotModel {
    var joints: [Joint] = []
    var links = [Link(name: "base", parent: nil, origin: .identity, joint: nil)]
    var capsules = [LinkCapsule(link: 0, capsule: Capsule(a: .zero, b: Vector3(0, 0, 0.1), radius: 0.05), fitGap: 0)]
    for index in 0..<count {
      let prismatic = mixed && index % 4 == 3
      joints.append(
        Joint(
          name: "joint\(index)", kind: prismatic ? .prismatic : .revolute, axis: direction(&random),
          limits: JointLimits(lower: -2.8, upper: 2.8, velocity: 2, acceleration: 6, jerk: 1000, effort: 80)))
      let origin = Pose(
        rotation: Rotation(angle: random.uniform(-1.5...1.5), about: direction(&random)),
        translation: vector(0.25, &random))
      links.append(Link(name: "link\(index + 1)", parent: index, origin: origin, joint: index))
      capsules.append(
        LinkCapsule(
          link: index + 1, capsule: Capsule(a: .zero, b: vector(0.2, &random), radius: 0.04), fitGap: 0.002))
    }
    let pairs = count >= 4 ? [SelfPair(first: 1, second: count)] : []
    return RobotModel(
      name: "generated", joints: joints, links: links, capsules: capsules, selfPairs: pairs,
      toolCentrePoint: ToolCentrePoint(link: count, offset: vector(0.2, &random)),
      tracking: Tracking(
        path: .straight, arrival: .atRest, responseTime: 0.05,
        acceleration: JointVector(Array(repeating: 6, count: count)),
        error: JointVector(Array(repeating: 0.004, count: count))),
      stopping: Stopping(
        kind: .path, reactionTime: 0.02, deceleration: JointVector(Array(repeating: 6, count: count))),
      measurement: MeasurementAccuracy(position: 0.001, velocity: 0.005, force: 1, standstill: 0.01),
      inverseKinematics: ResolvedRate(damping: 0.05, error: 0.002), velocityControl: VelocityControl(error: 0.005),
      effortControl: EffortControl(acceleration: JointVector(Array(repeating: 6, count: count))))
  }

  public static func position(of robot: RobotModel, _ random: inout SeededGenerator) -> JointVector {
    JointVector(robot.joints.map { random.uniform($0.limits.lower...$0.limits.upper) })
  }
}

/// A planar arm of two links of 0.5 m about z at height 0.5 m, and a cell around it, for tests that need to know where
/// everything is.
public enum Planar {
  /// One of each kind, where the arm does not come.
  public static let zones = [
    Zone(name: "kept clear", kind: .keepOut, box: box(Vector3(3, 3, 0.5))),
    Zone(name: "slow", kind: .speed(limit: 0.25, onlyWithPerson: true), box: box(Vector3(0, -3, 0.5))),
    Zone(
      name: "hand-over", kind: .force(ForceLimits(regions: [.hand], recoils: true, force: 60, energy: 0.5, speed: 0.25)),
      box: box(Vector3(0, 3, 0.5))),
  ]

  private static func box(_ center: Vector3) -> Box {
    Box(pose: Pose(rotation: .identity, translation: center), halfExtents: Vector3(0.3, 0.3, 0.3))
  }

  public static func robot() -> RobotModel {
    let limits = JointLimits(lower: -2.8, upper: 2.8, velocity: 2, acceleration: 6, jerk: 1000, effort: 80)
    let arm = Capsule(a: .zero, b: Vector3(0.5, 0, 0), radius: 0.05)
    return RobotModel(
      name: "planar",
      joints: [
        Joint(name: "shoulder", kind: .revolute, axis: Vector3(0, 0, 1), limits: limits),
        Joint(name: "elbow", kind: .revolute, axis: Vector3(0, 0, 1), limits: limits),
      ],
      links: [
        Link(name: "base", parent: nil, origin: .identity, joint: nil),
        Link(
          name: "upper", parent: 0, origin: Pose(rotation: .identity, translation: Vector3(0, 0, 0.5)), joint: 0),
        Link(
          name: "fore", parent: 1, origin: Pose(rotation: .identity, translation: Vector3(0.5, 0, 0)), joint: 1),
      ],
      capsules: [
        LinkCapsule(link: 0, capsule: Capsule(a: .zero, b: Vector3(0, 0, 0.4), radius: 0.05), fitGap: 0),
        LinkCapsule(link: 1, capsule: arm, fitGap: 0.001),
        LinkCapsule(link: 2, capsule: arm, fitGap: 0.001),
      ],
      selfPairs: [SelfPair(first: 0, second: 2)],
      toolCentrePoint: ToolCentrePoint(link: 2, offset: Vector3(0.5, 0, 0)),
      tracking: Tracking(
        path: .straight, arrival: .atRest, responseTime: 0.05, acceleration: JointVector([6, 6]),
        error: JointVector([0.002, 0.002])),
      stopping: Stopping(kind: .path, reactionTime: 0.02, deceleration: JointVector([6, 6])),
      measurement: MeasurementAccuracy(position: 0.001, velocity: 0.005, force: 1, standstill: 0.01),
      inverseKinematics: ResolvedRate(damping: 0.05, error: 0.002), velocityControl: VelocityControl(error: 0.005),
      effortControl: EffortControl(acceleration: JointVector([6, 6])))
  }

  /// The tool centre point, m.
  public static func tool(_ q: [Double]) -> Vector3 {
    var posture = Posture(for: robot())
    posture.place(robot(), at: JointVector(q))
    return posture.toolCentrePoint
  }

  public static func cell() -> Cell {
    var cell = Cell(
      obstacles: [
        Obstacle(
          name: "post",
          solid: .capsule(Capsule(a: Vector3(0.8, 0.6, 0), b: Vector3(0.8, 0.6, 1), radius: 0.05)))
      ],
      zones: [],
      stateInput: InputDeclaration(maxAge: 0.05, latency: 0.002),
      peopleSensors: [
        Sensor(
          id: "camera", input: InputDeclaration(maxAge: 0.1, latency: 0.01), positionError: 0.05,
          coverage: [Box(pose: .identity, halfExtents: Vector3(4, 4, 4))])
      ],
      obstacleSensors: [], notMeasured: [], expectedContacts: [], controlPeriod: 0.02, verdictDeadline: 0.01,
      contactArea: 0.0001, payload: Payload(greatest: 3, tool: 0.5, object: 1), grip: Grip(greatest: 40, standard: 20))
    cell.clocks = [SourceClock(stream: .state, clock: .monotonic)]
    cell.heartbeats = [Heartbeat(source: .driver, maxAge: 1)]
    cell.automaticModes = [1, 2]
    return cell
  }

  public static func limits() -> Limits {
    var limits = Limits()
    limits[.clearanceStatic, "least_m"] = 0.05
    limits[.clearanceSelf, "least_m"] = 0.01
    limits[.clearanceHuman, "human_speed_m_s"] = 1.6
    limits[.clearanceHuman, "intrusion_m"] = 0.1
    limits[.clearanceHuman, "robot_uncertainty_m"] = 0.01
    limits[.contactHalt, "force_threshold_n"] = 10
    limits[.contactHalt, "torque_threshold_nm"] = 10
    limits[.contactForce, "greatest_n"] = 60
    limits[.contactEnergy, "closing_speed_m_s"] = 0
    limits[.contactPermit, "window_s"] = 10
    limits[.contactPermit, "greatest_time_s"] = 2
    limits[.contactPermit, "greatest_impulse_n_s"] = 10
    limits[.motionPosition, "margin_rad"] = 0.01
    limits[.motionVelocity, "fraction"] = 1
    limits[.clearanceHeldObject, "least_m"] = 0.02
    limits[.zoneKeepOut, "least_m"] = 0.01
    limits[.motionVelocity, "reduced_fraction"] = 0.25
    limits[.motionAcceleration, "fraction"] = 1
    limits[.motionAcceleration, "reduced_fraction"] = 0.5
    limits[.motionJerk, "fraction"] = 1
    limits[.motionTCPSpeed, "greatest_m_s"] = 1.7
    limits[.motionTCPSpeed, "reduced_m_s"] = 0.25
    limits[.motionJump, "greatest_rad"] = 0.5
    limits[.motionJump, "chunk_rad"] = 0.1
    limits[.motionRelease, "distance_m"] = 0.2
    limits[.motionRelease, "speed_m_s"] = 0.1
    limits[.motionRelease, "time_s"] = 5
    limits[.integritySequence, "missing_messages"] = 0
    limits[.integrityClock, "greatest_step_s"] = 0.2
    limits[.integrityClock, "drift_fraction"] = 0.001
    limits[.integrityTruth, "tool_m"] = 0.002
    limits[.integrityTruth, "frozen_s"] = 0.5
    limits[.coverageBlind, "least_m"] = 0.1
    return limits
  }

  /// A body of round numbers: hands bear 100 N and 1 MPa, twice as much for a moment, and the face half of it, never more.
  public static func bodies() -> BodyTable {
    BodyTable(
      rows: BodyRegion.allCases.map { region in
        switch region {
        case .skull, .face: BodyLimits(force: 50, pressure: 0.5e6, transientFactor: nil, stiffness: 1e5, mass: 4)
        case .neck, .back, .chest, .abdomen, .pelvis, .upperArm, .forearm, .thigh, .lowerLeg:
          BodyLimits(force: 200, pressure: 2e6, transientFactor: 2, stiffness: 2e4, mass: 40)
        case .hand: BodyLimits(force: 100, pressure: 1e6, transientFactor: 2, stiffness: 5e4, mass: 1)
        }
      }, transientTime: 0.5)
  }

  /// What the planar arm weighs: a rod of 2 kg and one of 1 kg, each with its mass in its middle.
  public static func weigh(_ robot: inout RobotModel) {
    for (link, mass) in [(1, 2.0), (2, 1.0)] {
      let i = mass * 0.25 / 12
      robot.links[link].inertia = LinkInertia(
        mass: mass, center: Vector3(0.25, 0, 0), diagonal: Vector3(1e-3, i, i), products: .zero)
    }
  }

  /// Efforts tell of contact: no gravity about upright axes, no friction.
  public static func dynamics(_ effort: Dynamics.Effort = .sampled) -> Dynamics {
    Dynamics(
      effort: effort, gravity: Vector3(0, 0, -9.81), driveInertia: JointVector([0.1, 0.1]),
      friction: JointVector([0, 0]), error: JointVector([0.5, 0.5]), responseTime: 0.03)
  }

  public static func configuration(_ change: (inout Configuration) -> Void = { _ in }) -> Configuration {
    var configuration = Configuration(
      robot: robot(), cell: cell(), limits: limits(), digest: Array(repeating: 7, count: 32), bodies: bodies())
    change(&configuration)
    return configuration
  }
}

extension Planar {
  /// The same arm in a cell that declares nothing which it may leave out, and says of everything else that nobody measures it.
  public static func bare() -> Configuration {
    configuration {
      $0.bodies = nil
      $0.cell.obstacles = []
      $0.cell.peopleSensors = []
      $0.cell.contactArea = nil
      $0.cell.payload = nil
      $0.cell.grip = nil
      $0.cell.clocks = []
      $0.cell.heartbeats = []
      $0.cell.automaticModes = []
      $0.cell.notMeasured = NotMeasured.Quantity.allCases.map {
        NotMeasured(quantity: $0, reason: "no sensor", by: "integrator")
      }
    }
  }
}

/// Feeds a monitor with a numbered stream of each kind.
public struct Feed: Sendable {
  public var now = MonoInstant(nanoseconds: 1_000_000_000)
  private var actions: UInt64 = 0
  private var states: UInt64 = 0
  private var frames: UInt64 = 0
  private var obstacleFrames: UInt64 = 0
  private var signals: [Int: UInt64] = [:]

  public init() {}

  public mutating func wait(_ seconds: Double) { now.nanoseconds += Int64(seconds * 1e9) }

  public mutating func state(
    _ position: [Double], velocity: [Double]? = nil, contacts: Contacts? = Contacts(), force: Double? = 0,
    effort: [Double]? = nil
  ) -> Input {
    states += 1
    var sequence = Sequence(stream: 0, number: states, boot: 1)
    // The driver's clock began an hour before the receiver's.
    sequence.time = SourceTime(clock: .monotonic, nanoseconds: now.nanoseconds + 3_600_000_000_000)
    var state = State(
      sequence: sequence, position: JointVector(position), velocity: JointVector(velocity ?? position.map { _ in 0 }),
      externalEffort: .absent, contacts: contacts, externalForce: force,
      effort: effort.map { JointVector($0) } ?? .absent)
    state.mode = 1
    if position.count == 2 { state.tool = Planar.tool(position) }
    return .state(state)
  }

  public mutating func action(_ command: Action.Command) -> Input {
    actions += 1
    return .action(Action(sequence: Sequence(stream: 0, number: actions, boot: 1), command: command))
  }

  public mutating func move(to target: [Double]) -> Input { action(.jointPosition(JointVector(target))) }

  public mutating func people(_ parts: [[Capsule]] = [], coverage: Bool = true) -> Input {
    frames += 1
    var people = People(
      sensor: 0, sequence: Sequence(stream: 0, number: frames, boot: 1), coverage: coverage)
    for (track, capsules) in parts.enumerated() {
      var person = Person(track: UInt32(track + 1))
      for capsule in capsules { person.append(capsule) }
      people.append(person)
    }
    return .people(people)
  }
}

extension Feed {
  public mutating func signal(_ value: Double, _ index: Int = 0) -> Input {
    signals[index, default: 0] += 1
    return .signal(Signal(index: index, sequence: Sequence(stream: 0, number: signals[index], boot: 1), value: value))
  }

  /// A frame of obstacles; numbered with the frames of people.
  public mutating func obstacles(_ solids: [Solid] = [], coverage: Bool = true) -> Input {
    obstacleFrames += 1
    var frame = Obstacles(
      sensor: 0, sequence: Sequence(stream: 0, number: obstacleFrames, boot: 1), coverage: coverage)
    for solid in solids { frame.append(solid) }
    return .obstacles(frame)
  }
}

extension Verdict {
  /// The finding of one rule, if it gave one.
  public func finding(_ rule: RuleID) -> Finding? {
    findings.first { $0.rule == rule }
  }

  /// The canonical bytes.
  public func bytes(_ configuration: Configuration) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: Capacity.verdictBytes) { buffer, count in
      count = encode(into: UnsafeMutableRawBufferPointer(buffer), configuration: configuration.digest)
    }
  }
}
