import ODCVCodec
import ODCVCore
import ODCVWire

/// The controller, the driver, perception and the operator of a cell: what they send when all is well, numbered and stamped.
struct Parties {
  let cell: FuzzCell
  /// The receiver's clock.
  var now = MonoInstant(nanoseconds: 3_600_000_000_000)
  /// rad; where the arm is, where it is on its way to, and where it was in the state before.
  private(set) var position: [Double]
  var goal: [Double]
  private var velocity: [Double]
  private var numbers: [String: UInt64] = [:]
  private var posture: Posture
  private var dynamics: ArmDynamics?
  private var before: (momentum: JointVector, known: [Double])?

  /// s, of the states that it sends
  static let period = 0.02

  init(_ cell: FuzzCell) {
    self.cell = cell
    position = cell.home
    goal = cell.home
    velocity = cell.home.map { _ in 0 }
    posture = Posture(for: cell.core.robot)
    dynamics = ArmDynamics(for: cell.core.robot)
  }

  /// The next message of a stream that the cell may have declared a clock for.
  mutating func header(_ name: String, _ stream: ODCVCore.Stream, sensor: Int = 0) -> HeaderFields {
    numbers[name, default: 0] += 1
    let clock = cell.core.cell.clocks.first { $0.stream == stream && $0.sensor == sensor }?.clock ?? .monotonic
    return HeaderFields(
      robotID: cell.loaded.robotID, streamID: 3, sequence: numbers[name], sourceNanoseconds: now.nanoseconds &- 1_000_000_000,
      clock: HeaderFields.Clock(rawValue: UInt32(clock.rawValue)), bootID: 77)
  }

  func event(_ kind: MessageKind, _ endpoint: Endpoint, _ body: [UInt8]) -> Event {
    Event(
      kind: .message(endpoint, topic: Topic.bytes(kind, robot: cell.loaded.robotID), body: body), instant: now)
  }

  func event(_ request: RequestMessage) -> Event {
    Event(kind: .message(.control, topic: [], body: request.encoded()), instant: now)
  }

  // MARK: - The driver

  /// The arm follows its commands for a control period, no faster than 1 rad/s.
  mutating func move() {
    for joint in position.indices {
      let way = min(max(goal[joint] - position[joint], -0.02), 0.02)
      position[joint] += way
      velocity[joint] = way / Parties.period
    }
  }

  /// m; where the tool centre point is.
  mutating func tool() -> [Double] {
    posture.place(cell.core.robot, at: JointVector(position))
    let tool = posture.toolCentrePoint
    return [tool.x, tool.y, tool.z]
  }

  mutating func state() -> StateMessage {
    StateMessage(
      header: header("state", .state), position: position, velocity: velocity, effort: effort(),
      externalEffort: position.map { _ in 0 }, endEffectorPosition: tool(), wrench: [0, 0, 0],
      contacts: [], contactComplete: true, gripperPosition: [0.025, 0.025], grasped: false,
      mode: cell.core.cell.automaticModes.first, successRate: 0, toolActive: false)
  }

  /// What the drives must have done since the state before: its mean, or what they do now.
  private mutating func effort() -> [Double] {
    guard dynamics != nil, let declared = cell.core.robot.dynamics else { return [] }
    dynamics!.place(position: JointVector(position), velocity: JointVector(velocity))
    let momentum = dynamics!.momentum
    let known = position.indices.map { dynamics!.kinetic[$0] + dynamics!.gravity[$0] }
    defer { before = (momentum, known) }
    guard case .mean = declared.effort else { return known.map { -$0 } }
    return position.indices.map { joint in
      let change = before.map { (momentum[joint] - $0.momentum[joint]) / Parties.period } ?? 0
      return change - 0.5 * (known[joint] + (before?.known[joint] ?? known[joint]))
    }
  }

  mutating func layout(_ endpoint: Endpoint) -> Event {
    let message = LayoutMessage(
      header: header("layout\(endpoint)", .layout), layoutID: 1, jointNames: cell.loaded.jointNames)
    return event(.layout, endpoint, message.encoded())
  }

  mutating func heartbeat(_ endpoint: Endpoint) -> Event {
    event(.heartbeat, endpoint, HeartbeatMessage(header: header("heartbeat\(endpoint)", .heartbeat)).encoded())
  }

  // MARK: - Perception

  /// `count` people of `parts` parts each, the first of them at `x` m and the others behind.
  mutating func people(sensor: Int, count: Int, parts: Int, x: Double, y: Double) -> PeopleMessage {
    let regions: [PeopleMessage.BodyRegion] = [.hand, .forearm, .chest, .face]
    let tracks = (0..<count).map { person in
      PeopleMessage.Track(
        trackID: UInt32(person + 1),
        parts: (0..<parts).map { part in
          let z = 0.4 + 0.1 * Double(part)
          let place = VectorFields(x: x + 0.5 * Double(person), y: y, z: z)
          return .init(
            region: regions[part % regions.count], a: place, b: VectorFields(x: place.x, y: y, z: z + 0.1), radius: 0.06)
        })
    }
    return PeopleMessage(
      header: header("people\(sensor)", .people, sensor: sensor), sensorID: cell.core.cell.peopleSensors[sensor].id,
      coverageOk: true, tracks: tracks)
  }

  mutating func obstacles(sensor: Int, count: Int, x: Double) -> ObstaclesMessage {
    let solids = (0..<count).map { index in
      let place = VectorFields(x: x, y: 1 + 0.02 * Double(index), z: 0.5)
      let size = VectorFields(x: 0.1, y: 0.4, z: 0.5)
      let shape: ObstaclesMessage.Shape = [.box, .capsule, .sphere][index % 3]
      return ObstaclesMessage.Obstacle(
        id: UInt32(index), shape: shape, position: place, orientation: [0, 0, 0, 1], size: size)
    }
    return ObstaclesMessage(
      header: header("obstacles\(sensor)", .obstacles, sensor: sensor), sensorID: cell.core.cell.obstacleSensors[sensor].id,
      coverageOk: true, obstacles: solids)
  }

  /// What the device of a declared signal says, from the party that it belongs to.
  mutating func signal(_ index: Int, _ value: Double) -> Event {
    let declared = cell.core.cell.signals[index]
    let message = SignalMessage(header: header("signal\(index)", .signal, sensor: index), name: declared.name, value: value)
    let endpoint: Endpoint =
      switch declared.source {
      case .driver: .state
      case .perception: .scene
      case .controller: .action
      }
    return event(.signal, endpoint, message.encoded())
  }

  // MARK: - All of it

  /// A control period in which everything is there: what every source sends, and what the loop does by itself.
  mutating func period() -> [Event] {
    now.nanoseconds &+= Int64(Parties.period * 1e9)
    move()
    var events = [heartbeat(.action), heartbeat(.state), heartbeat(.scene)]
    for sensor in cell.core.cell.peopleSensors.indices {
      events.append(event(.people, .scene, people(sensor: sensor, count: 1, parts: 2, x: -2.5, y: 0).encoded()))
    }
    for sensor in cell.core.cell.obstacleSensors.indices {
      events.append(event(.obstacles, .scene, obstacles(sensor: sensor, count: 3, x: 1.5).encoded()))
    }
    for index in cell.core.cell.signals.indices {
      // A scan has happened when its signal rises.
      events.append(signal(index, numbers["signal\(index)"] == nil ? 0 : 1))
    }
    events.append(event(.state, .state, state().encoded()))
    events.append(Event(kind: .tick, instant: now))
    return events
  }

  // MARK: - The operator

  mutating func reset(latch: UInt64) -> RequestMessage {
    let text = ResetSigning.message(
      robot: cell.loaded.robotID, operator: FuzzCell.operatorName, latch: latch, nonce: FuzzCell.nonce)
    return RequestMessage(
      reset: ResetMessage(
        operatorID: FuzzCell.operatorName, latch: latch, nonce: FuzzCell.nonce,
        signature: ResetSigning.sign(text, secretKey: cell.keys.secretKey)))
  }

  mutating func release() -> RequestMessage {
    numbers["release", default: 0] += 1
    let number = numbers["release"]!
    let text = ReleaseSigning.message(
      robot: cell.loaded.robotID, operator: FuzzCell.operatorName, number: number, nonce: FuzzCell.nonce)
    return RequestMessage(
      release: ReleaseMessage(
        operatorID: FuzzCell.operatorName, number: number, nonce: FuzzCell.nonce,
        signature: ResetSigning.sign(text, secretKey: cell.keys.secretKey)))
  }
}
