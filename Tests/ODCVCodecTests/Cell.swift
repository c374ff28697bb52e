import Foundation
import ODCVCodec
import ODCVConfig
import ODCVCore
import ODCVWire
import Testing

/// The shipped cell of one Panda, with a second sensor, a declared contact and an operator.
func configuration() throws -> LoadedConfiguration {
  let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()
  var configuration = try LoadedConfiguration.load(path: root.appendingPathComponent("config/monitor.yaml").path)
  let input = InputDeclaration(maxAge: 0.2, latency: 0.02)
  let field = configuration.core.cell.peopleSensors[0].coverage
  configuration.core.cell.peopleSensors = [
    Sensor(id: "gate-lidar", input: input, positionError: 0.03, coverage: field),
    Sensor(id: "cell-camera", input: input, positionError: 0.02, coverage: field),
  ]
  configuration.core.cell.obstacleSensors = [Sensor(id: "bin-camera", input: input, positionError: 0.01)]
  let hand = try #require(configuration.core.robot.links.firstIndex { $0.name == "panda_hand" })
  configuration.core.cell.expectedContacts = [
    ExpectedContact(link: hand, other: "part", maxForce: 20, maxDuration: 5)
  ]
  configuration.operators = ["ada": try #require(operatorKeys).publicKey]
  return configuration
}

let operatorKeys = ResetSigning.keyPair(seed: [UInt8](repeating: 7, count: 32))

let topicRobot = "panda"

/// A message as its sender would send it, decoded on `endpoint`.
func decode<Message: WireMessage>(
  _ message: Message, as kind: MessageKind, on endpoint: Endpoint, robot: String = topicRobot
) throws -> Input {
  var decoder = Decoder(try configuration())
  return decoder.decode(endpoint: endpoint, topic: Topic.bytes(kind, robot: robot), body: message.encoded())
}

extension Input {
  var rejection: Rejection? {
    if case .rejected(let rejection) = self { rejection } else { nil }
  }

  var reason: Rejection.Reason? { rejection?.reason }
}

/// Messages that are right.
enum Good {
  static let header = HeaderFields(robotID: "panda", streamID: 3, sequence: 41, bootID: 77)
  static let ready = [0, -0.785, 0, -2.356, 0, 1.571, 0.785]

  static let jointPosition = ActionMessage(header: header, space: .jointPosition, position: ready)
  static let endEffectorDelta = ActionMessage(
    header: header, space: .eePoseDelta, reference: .measured, rotation: .axisAngle,
    endEffector: [0.01, 0.02, 0.03, 0.1, 0.2, 0.3])
  static let state = StateMessage(
    header: header, position: ready, velocity: [0.1, 0, 0, 0, 0, 0, 0], contacts: [], contactComplete: true)
  static let part = PeopleMessage.BodyPart(
    region: .hand, a: VectorFields(x: 1, y: 2, z: 3), b: VectorFields(x: 1, y: 2, z: 3.5), radius: 0.05)
  static let people = PeopleMessage(
    header: header, sensorID: "cell-camera", coverageOk: true, tracks: [.init(trackID: 9, parts: [part])])
  static let box = ObstaclesMessage.Obstacle(
    id: 1, shape: .box, position: VectorFields(x: 0.5, y: 0, z: 0.1), orientation: [0, 0, 0, 1],
    size: VectorFields(x: 0.2, y: 0.4, z: 0.6))
  static let obstacles = ObstaclesMessage(
    header: header, sensorID: "bin-camera", coverageOk: true, obstacles: [box])
}
