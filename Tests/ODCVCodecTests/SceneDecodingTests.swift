import ODCVCodec
import ODCVCore
import ODCVWire
import Testing

@Suite struct SceneDecodingTests {
  private func people(_ change: (inout PeopleMessage) -> Void) throws -> Input {
    var message = Good.people
    change(&message)
    return try decode(message, as: .people, on: .scene)
  }

  private func obstacle(_ change: (inout ObstaclesMessage.Obstacle) -> Void) throws -> Input {
    var message = Good.obstacles
    change(&message.obstacles[0])
    return try decode(message, as: .obstacles, on: .scene)
  }

  @Test func aPersonArrivesAsCapsulesOfItsSensor() throws {
    guard case .people(let people) = try people({ _ in }) else { Issue.record("refused"); return }
    #expect(people.sensor == 1 && people.coverage && people.count == 1)
    #expect(people[0].track == 9 && people[0].count == 1)
    #expect(people[0][0] == Capsule(a: Vector3(1, 2, 3), b: Vector3(1, 2, 3.5), radius: 0.05))
  }

  @Test func anEmptyFrameIsAFrame() throws {
    guard case .people(let people) = try people({ $0.tracks = [] }) else { Issue.record("refused"); return }
    #expect(people.count == 0 && people.coverage)
  }

  @Test func coverageThatIsNotStatedIsNotGiven() throws {
    for stated in [nil, false] {
      guard case .people(let people) = try people({ $0.coverageOk = stated }) else { Issue.record("refused"); return }
      #expect(!people.coverage)
    }
  }

  @Test func everyRequiredFieldIsMissedWhenAbsent() throws {
    #expect(try people { $0.header = nil }.reason == .missingField)
    #expect(try people { $0.header?.sequence = nil }.reason == .missingField)
    #expect(try people { $0.sensorID = nil }.reason == .missingField)
    #expect(try people { $0.tracks[0].parts[0].a = nil }.reason == .missingField)
    #expect(try people { $0.tracks[0].parts[0].b = nil }.reason == .missingField)
    #expect(try people { $0.tracks[0].parts[0].radius = nil }.reason == .missingField)
    #expect(try people { $0.tracks[0].parts[0].a?.y = nil }.reason == .missingField)
    #expect(try people { $0.tracks[0].parts[0].b?.z = nil }.reason == .missingField)
    // Somebody who is nowhere.
    #expect(try people { $0.tracks[0].parts = [] }.reason == .missingField)
  }

  @Test func badNumbersAndUnknownSensorsAreRefused() throws {
    #expect(try people { $0.tracks[0].parts[0].a?.x = .nan }.reason == .nonFinite)
    #expect(try people { $0.tracks[0].parts[0].radius = .infinity }.reason == .nonFinite)
    #expect(try people { $0.tracks[0].parts[0].radius = -0.1 }.reason == .unsupported)
    #expect(try people { $0.tracks[0].parts[0].radius = 0 }.reason == .unsupported)
    #expect(try people { $0.tracks[0].parts[0].radius = .leastNonzeroMagnitude }.reason == nil)
    #expect(try people { $0.sensorID = "bin-camera" }.reason == .unknownSensor)
    #expect(try people { $0.sensorID = "" }.reason == .unknownSensor)
    #expect(try people { $0.header?.robotID = "ur5e" }.reason == .wrongRobot)
  }

  @Test func onlyTheBaseFrameIsTaken() throws {
    #expect(try people { $0.header?.frameID = "base" }.reason == nil)
    #expect(try people { $0.header?.frameID = "panda_link0" }.reason == nil)
    #expect(try people { $0.header?.frameID = "world" }.reason == .unsupported)
  }

  @Test func theFullestFrameIsTakenWholeAndOneMoreIsRefused() throws {
    let track = PeopleMessage.Track(trackID: 1, parts: Array(repeating: Good.part, count: 16))
    guard case .people(let full) = try people({ $0.tracks = Array(repeating: track, count: 8) }) else {
      Issue.record("refused")
      return
    }
    #expect(full.count == 8 && full[7].count == 16)
    #expect(try people { $0.tracks = Array(repeating: track, count: 9) }.reason == .oversized)
    guard
      case .obstacles(let obstacles) = try decode(
        ObstaclesMessage(
          header: Good.header, sensorID: "bin-camera", coverageOk: true,
          obstacles: Array(repeating: Good.box, count: 128)), as: .obstacles, on: .scene)
    else { Issue.record("refused"); return }
    #expect(obstacles.count == 128)
  }

  @Test func eachShapeKeepsItsSize() throws {
    func solid(_ change: (inout ObstaclesMessage.Obstacle) -> Void) throws -> Solid? {
      guard case .obstacles(let frame) = try obstacle(change) else { return nil }
      return frame[0]
    }
    let center = Vector3(0.5, 0, 0.1)
    #expect(
      try solid { _ in }
        == .box(Box(pose: Pose(rotation: .identity, translation: center), halfExtents: Vector3(0.1, 0.2, 0.3))))
    #expect(
      try solid { ($0.shape, $0.orientation, $0.size) = (.sphere, [], VectorFields(x: 0.3)) }
        == .sphere(center: center, radius: 0.3))
    // Turned by a quarter about y: the axis lies along x.
    let half = 0.5.squareRoot()
    guard case .capsule(let capsule)? = try solid({
      ($0.shape, $0.orientation, $0.size) = (.capsule, [0, half, 0, half], VectorFields(x: 0.05, z: 0.4))
    }) else { Issue.record("no capsule"); return }
    #expect((capsule.b - Vector3(0.7, 0, 0.1)).length < 1e-12 && (capsule.a - Vector3(0.3, 0, 0.1)).length < 1e-12)
    #expect(capsule.radius == 0.05)
  }

  @Test func obstaclesWithoutShapeSizeOrDirectionAreRefused() throws {
    #expect(try obstacle { $0.shape = nil }.reason == .missingField)
    #expect(try obstacle { $0.shape = .unspecified }.reason == .unsupported)
    #expect(try obstacle { $0.size = nil }.reason == .missingField)
    #expect(try obstacle { $0.size?.y = nil }.reason == .missingField)
    #expect(try obstacle { $0.position = nil }.reason == .missingField)
    #expect(try obstacle { $0.orientation = [] }.reason == .missingField)
    #expect(try obstacle { $0.orientation = [0, 0, 1] }.reason == .wrongLength)
    #expect(try obstacle { $0.orientation = [0, 0, 0, 0] }.reason == .nonFinite)
    #expect(try obstacle { $0.orientation = [0, 0, .nan, 1] }.reason == .nonFinite)
    #expect(try obstacle { $0.size?.x = -1 }.reason == .unsupported)
  }
}
