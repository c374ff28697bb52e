import COdcvProto
import ODCVCodec
import ODCVConfig
import ODCVCore
import TestSupport
import Testing

@testable import ODCVWire

/// A cell that declares everything which a cell can, around the planar arm; and what its sources send, field by field.
enum FullCell {
  static let robot = "planar"
  static let nonce: UInt64 = 99
  static let home = [-1, 0.3]
  static let period = 0.02

  /// Read once: it is asked for thousands of times.
  private static let shipped = Result { try ODCVCodecTests.configuration() }

  static func configuration() throws -> LoadedConfiguration {
    var loaded = try shipped.get()
    loaded.robotID = robot
    loaded.core = Planar.configuration {
      Planar.weigh(&$0.robot)
      $0.robot.dynamics = Planar.dynamics()
      // Contact is known from the efforts after the second state.
      $0.robot.dynamics?.responseTime = 0.005
      declareSources(&$0.cell)
      $0.cell.zones = Planar.zones
      $0.cell.expectedContacts = [ExpectedContact(link: 2, other: "part", maxForce: 20, maxDuration: 5)]
      $0.cell.hazard = ToolHazard(links: [2], least: 0.1, onlyWhenActive: true, lasts: 0)
      // Nobody declares how hard this gripper closes unless it is told.
      $0.cell.grip = Grip(greatest: 40, standard: nil)
      declareSequences(&$0.cell)
    }
    return loaded
  }

  private static func declareSources(_ cell: inout Cell) {
    cell.obstacleSensors = [
      Sensor(id: "depth", input: InputDeclaration(maxAge: 0.1, latency: 0.01), positionError: 0.02)
    ]
    cell.heartbeats = [Source.driver, .controller, .perception].map { Heartbeat(source: $0, maxAge: 0.1) }
    cell.signals = [
      SignalDeclaration(name: "door", source: .perception, maxAge: 0.1),
      SignalDeclaration(name: "scan", source: .driver, maxAge: 0.1),
    ]
    cell.clocks = [.action, .state, .people, .obstacles, .signal].map { SourceClock(stream: $0, clock: .monotonic) }
    cell.clocks.append(SourceClock(stream: .signal, sensor: 1, clock: .monotonic))
  }

  private static func declareSequences(_ cell: inout Cell) {
    cell.sequences = [
      Precedence(name: "door", kind: .interlock, signal: 0, zone: nil),
      Precedence(name: "scan", kind: .event(valid: 10, eachMove: false), signal: 1, zone: nil),
    ]
    cell.claims = [
      Claim(name: "part in hand", statement: .grasped, evidence: .gripper(0.03...0.1), within: 0.1),
      Claim(name: "part placed", statement: .success(atLeast: 1), evidence: .force(atLeast: 2), within: 0.1),
      Claim(name: "task done", statement: .terminated, evidence: .signal(0), within: 0.1),
    ]
  }
}

/// A message as it goes over the wire.
struct Sent: Sendable {
  /// What says who it is from and when it went: the same in all of them.
  var kind: MessageKind?
  var endpoint: Endpoint
  var schema: Schema
  var body: [UInt8]

  init<Message: WireMessage>(_ message: Message, as kind: MessageKind?, on endpoint: Endpoint) {
    self.kind = kind
    self.endpoint = endpoint
    schema = Message.schema
    body = message.encoded()
  }

  var topic: [UInt8] { kind.map { Topic.bytes($0, robot: FullCell.robot) } ?? [] }
}

extension FullCell {
  /// What the sources of the cell send, each period all of it.
  enum Part: CaseIterable, Sendable, CustomTestStringConvertible {
    case controllerLayout, driverLayout, state, people, obstacles, door, scan
    case controllerHeartbeat, driverHeartbeat, perceptionHeartbeat

    var testDescription: String { "\(self)" }

    /// At the source's start alone.
    var comesOnce: Bool { self == .controllerLayout || self == .driverLayout }
  }

  static func header(_ number: UInt64, _ now: MonoInstant) -> HeaderFields {
    HeaderFields(
      robotID: robot, streamID: 3, sequence: number, sourceNanoseconds: now.nanoseconds, clock: .monotonic, bootID: 77,
      layoutID: 1, frameID: "base")
  }

  /// The message number `number` of a source.
  static func sent(_ part: Part, _ number: UInt64, _ now: MonoInstant) -> Sent {
    let header = header(number, now)
    switch part {
    case .controllerLayout: return Sent(layout(header), as: .layout, on: .action)
    case .driverLayout: return Sent(layout(header), as: .layout, on: .state)
    case .state: return Sent(state(header), as: .state, on: .state)
    case .people: return Sent(people(header), as: .people, on: .scene)
    case .obstacles: return Sent(obstacles(header), as: .obstacles, on: .scene)
    case .door: return Sent(SignalMessage(header: header, name: "door", value: 1), as: .signal, on: .scene)
    // It rises with its second message.
    case .scan:
      let value = number == 1 ? 0.0 : 1
      return Sent(SignalMessage(header: header, name: "scan", value: value), as: .signal, on: .state)
    case .controllerHeartbeat: return Sent(HeartbeatMessage(header: header), as: .heartbeat, on: .action)
    case .driverHeartbeat: return Sent(HeartbeatMessage(header: header), as: .heartbeat, on: .state)
    case .perceptionHeartbeat: return Sent(HeartbeatMessage(header: header), as: .heartbeat, on: .scene)
    }
  }

  private static func layout(_ header: HeaderFields) -> LayoutMessage {
    LayoutMessage(
      header: header, layoutID: 1, jointNames: ["shoulder", "elbow"], jointUnits: ["rad", "rad"], jointLower: [-2.8, -2.8],
      jointUpper: [2.8, 2.8], maxVelocity: [2, 2], maxEffort: [80, 80], baseFrame: "base", endEffectorFrame: "fore",
      modelURI: "file:planar", controlPeriodNanoseconds: 20_000_000, languageBudgetBytes: 4096)
  }

  static func state(_ header: HeaderFields) -> StateMessage {
    let tool = Planar.tool(home)
    let point = VectorFields(x: tool.x, y: tool.y, z: tool.z)
    return StateMessage(
      header: header, position: home, velocity: [0, 0], effort: [0, 0], externalEffort: [0, 0],
      endEffectorPosition: [tool.x, tool.y, tool.z], endEffectorOrientation: [0, 0, 0, 1],
      endEffectorTwist: [0, 0, 0, 0, 0, 0], wrench: [0, 5, 0, 0, 0, 0], wrenchFrame: "fore", wrenchSign: .onRobot,
      contacts: [.init(link: "fore", other: "part", normalForce: 15, point: point, distance: 0)], contactComplete: true,
      gripperPosition: [0.025, 0.025], grasped: true, mode: 1, lastActionSequence: 1, sourceFrame: header.sequence,
      successRate: 1, toolActive: false)
  }

  private static func people(_ header: HeaderFields) -> PeopleMessage {
    func part(_ region: PeopleMessage.BodyRegion, _ z: Double) -> PeopleMessage.BodyPart {
      .init(region: region, a: VectorFields(x: -2.5, y: 0, z: z), b: VectorFields(x: -2.5, y: 0, z: z + 0.3), radius: 0.1)
    }
    let track = PeopleMessage.Track(
      trackID: 9, parts: [part(.hand, 0.9), part(.chest, 1.2)], velocity: VectorFields(x: 0, y: 0, z: 0), confidence: 0.9)
    return PeopleMessage(header: header, sensorID: "camera", coverageOk: true, tracks: [track])
  }

  private static func obstacles(_ header: HeaderFields) -> ObstaclesMessage {
    func place(_ y: Double) -> VectorFields { VectorFields(x: 1.5, y: y, z: 0.5) }
    return ObstaclesMessage(
      header: header, sensorID: "depth", coverageOk: true,
      obstacles: [
        .init(
          id: 1, shape: .box, position: place(1), orientation: [0, 0, 0, 1], size: VectorFields(x: 0.2, y: 0.4, z: 0.6)),
        .init(id: 2, shape: .capsule, position: place(2), orientation: [0, 0, 0, 1], size: VectorFields(x: 0.1, z: 0.5)),
        .init(id: 3, shape: .sphere, position: place(3), size: VectorFields(x: 0.1)),
      ])
  }
}
