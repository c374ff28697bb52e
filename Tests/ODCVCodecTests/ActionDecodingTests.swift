import ODCVCodec
import ODCVCore
import ODCVWire
import Testing

@Suite struct ActionDecodingTests {
  private func action(_ message: ActionMessage) throws -> Input { try decode(message, as: .action, on: .action) }

  private func changed(_ change: (inout ActionMessage) -> Void) throws -> Input {
    var message = Good.jointPosition
    change(&message)
    return try action(message)
  }

  private func command(_ message: ActionMessage) throws -> Action.Command? {
    if case .action(let action) = try action(message) { action.command } else { nil }
  }

  @Test func aJointTargetArrivesWithItsPlaceInTheStream() throws {
    guard case .action(let action) = try action(Good.jointPosition), case .jointPosition(let target) = action.command
    else { Issue.record("not a joint target"); return }
    #expect(target == JointVector(Good.ready))
    #expect(action.sequence == Sequence(stream: 3, number: 41, boot: 77))
  }

  @Test func whatIsOverBeforeItWasSentIsRefused() throws {
    for time in [0, -1, .min] as [Int64] { #expect(try changed { $0.validForNanoseconds = time }.reason == .unsupported, "\(time)") }
    #expect(try changed { $0.validForNanoseconds = 1 }.reason == nil)
  }

  @Test func absentStreamAndBootAreZero() throws {
    guard case .action(let action) = try changed({ $0.header = HeaderFields(robotID: "panda", sequence: 1) }) else {
      Issue.record("refused")
      return
    }
    #expect(action.sequence == Sequence(stream: 0, number: 1, boot: 0))
  }

  @Test func anEndEffectorDeltaKeepsTranslationAndRotationApart() throws {
    guard case .endEffectorDelta(let translation, let rotation, .measured) = try command(Good.endEffectorDelta) else {
      Issue.record("not a delta")
      return
    }
    #expect(translation == Vector3(0.01, 0.02, 0.03) && rotation == Vector3(0.1, 0.2, 0.3))
  }

  @Test func aStopIsAStop() throws {
    guard case .stop = try command(ActionMessage(header: Good.header, space: .stop)) else {
      Issue.record("not a stop")
      return
    }
  }

  @Test func gripperAloneMovesNoJoint() throws {
    for space in [ActionMessage.Space.gripperOnly, .noMotion] {
      let message = ActionMessage(header: Good.header, space: space, gripperPosition: [0.04])
      guard case .none? = try command(message) else { Issue.record("\(space)"); continue }
      // A target that the space denies might still be followed.
      var hidden = message
      hidden.position = Good.ready
      guard case .unsupported = try command(hidden) else { Issue.record("\(space) with a target"); continue }
    }
  }

  @Test func everySpaceArrivesAsItself() throws {
    let seven = Good.ready
    guard case .jointDelta(JointVector(seven), from: .lastCommand)? = try command(
      ActionMessage(header: Good.header, space: .jointPositionDelta, reference: .lastCommand, position: seven))
    else { Issue.record("delta"); return }
    guard case .jointVelocity(JointVector(seven))? = try command(
      ActionMessage(header: Good.header, space: .jointVelocity, velocity: seven))
    else { Issue.record("velocity"); return }
    guard case .jointEffort(JointVector(seven))? = try command(
      ActionMessage(header: Good.header, space: .jointEffort, effort: seven))
    else { Issue.record("effort"); return }
    guard case .endEffectorTwist(let linear, let angular)? = try command(
      ActionMessage(header: Good.header, space: .eeTwist, endEffector: [1, 2, 3, 4, 5, 6]))
    else { Issue.record("twist"); return }
    #expect(linear == Vector3(1, 2, 3) && angular == Vector3(4, 5, 6))
  }

  @Test func everyRotationFormIsReadAndWhatIsNoneIsRefused() throws {
    let quarter = Rotation(angle: .pi / 2, about: Vector3(0, 0, 1))
    let s = 0.5.squareRoot()
    let forms: [(ActionMessage.RotationForm, [Double])] = [
      (.quaternion, [0, 0, s, s]), (.axisAngle, [0, 0, .pi / 2]), (.rpyFixed, [0, 0, .pi / 2]),
      (.rotation6D, [0, 3, 0, -2, 0.5, 0]),
    ]
    for (form, numbers) in forms {
      let pose = ActionMessage(
        header: Good.header, space: .eePose, rotation: form, endEffector: [0.3, 0.2, 0.1] + numbers)
      guard case .endEffectorPose(let read)? = try command(pose) else { Issue.record("\(form)"); continue }
      #expect(read.translation == Vector3(0.3, 0.2, 0.1))
      #expect((read.rotation.x - quarter.x).length < 1e-12 && (read.rotation.y - quarter.y).length < 1e-12)
      var delta = pose
      delta.space = .eePoseDelta
      delta.reference = .chunkStart
      guard case .endEffectorDelta(_, let turn, from: .chunkStart)? = try command(delta) else { Issue.record("\(form)"); continue }
      #expect((turn - Vector3(0, 0, .pi / 2)).length < 1e-12)
    }
    let bad: [(ActionMessage.RotationForm, [Double], Rejection.Reason)] = [
      (.quaternion, [0, 0, 0, 1.1], .unsupported), (.quaternion, [0, 0, 0], .wrongLength),
      // 90 degrees are no radians.
      (.axisAngle, [0, 0, 90], .unsupported), (.rpyFixed, [0, 90, 0], .unsupported), (.rpyFixed, [0, 0, 0, 0], .wrongLength),
      (.rotation6D, [1, 0, 0, 1, 0, 0], .unsupported), (.rotation6D, [1, 0, 0, 0, 1], .wrongLength),
      (.axisAngle, [0, .nan, 0], .nonFinite), (.unspecified, [0, 0, 0], .missingField),
    ]
    for (form, numbers, reason) in bad {
      let pose = ActionMessage(
        header: Good.header, space: .eePose, rotation: form, endEffector: [0.3, 0.2, 0.1] + numbers)
      #expect(try action(pose).reason == reason, "\(form) \(numbers)")
    }
  }

  private func chunk(_ change: (inout ActionMessage) -> Void = { _ in }) throws -> Input {
    var message = ActionMessage(
      header: Good.header, space: .jointPosition, chunkID: 9, chunkStep: 1, chunkLength: 3, chunkExecute: 2,
      chunkPeriodNanoseconds: 20_000_000, chunkObservationSequence: 5, horizonPosition: Good.ready + Good.ready + Good.ready)
    change(&message)
    return try action(message)
  }

  @Test func aChunkArrivesWithItsRowsAndItsPlace() throws {
    guard case .chunk(let rows) = try chunk() else { Issue.record("no chunk"); return }
    #expect(rows.count == 3 && rows.period == 0.02)
    #expect(rows.first == ChunkRow(chunk: 9, step: 1, length: 3, execute: 2, observation: 5))
    guard case .jointPosition(JointVector(Good.ready)) = rows.command(2) else { Issue.record("row"); return }
    let poses = try chunk {
      $0.space = .eePose
      $0.rotation = .quaternion
      $0.chunkLength = 2
      $0.horizonPosition = [0.3, 0, 0.4, 0, 0, 0, 1, 0.4, 0, 0.4, 1, 0, 0, 0]
    }
    guard case .chunk(let tool) = poses, case .endEffectorPose(let pose) = tool.command(1) else { Issue.record("poses"); return }
    #expect(pose.translation.x == 0.4 && pose.rotation.y.y == -1)
  }

  @Test func aChunkThatDoesNotAddUpIsRefused() throws {
    #expect(try chunk { $0.chunkLength = 4 }.reason == .wrongLength)
    #expect(try chunk { $0.chunkLength = 65 }.reason == .oversized)
    #expect(try chunk { $0.chunkLength = nil }.reason == .missingField)
    #expect(try chunk { $0.chunkID = nil }.reason == .missingField)
    #expect(try chunk { $0.chunkPeriodNanoseconds = nil }.reason == .missingField)
    #expect(try chunk { $0.chunkPeriodNanoseconds = 0 }.reason == .wrongLength)
    #expect(try chunk { $0.chunkStep = 2 }.reason == .wrongLength)
    #expect(try chunk { $0.chunkExecute = 4 }.reason == .wrongLength)
    #expect(try chunk { $0.horizonPosition[20] = .nan }.reason == .nonFinite)
    #expect(try chunk { $0.position = Good.ready }.reason == .unsupported)
    #expect(try chunk { $0.space = .stop }.reason == .unsupported)
    #expect(try chunk { $0.horizonPosition.removeLast() }.reason == .wrongLength)
  }

  @Test func numbersBesideACommandAreUnsupportedAndNeverPass() throws {
    let extras: [(inout ActionMessage) -> Void] = [
      { $0.velocity = [1] }, { $0.effort = [1] }, { $0.stiffness = [1] }, { $0.damping = [1] }, { $0.endEffector = [1] },
    ]
    for (place, extra) in extras.enumerated() {
      var message = Good.jointPosition
      extra(&message)
      guard case .unsupported = try command(message) else { Issue.record("extra \(place)"); continue }
    }
  }

  @Test func everyRequiredFieldIsMissedWhenAbsent() throws {
    #expect(try changed { $0.header = nil }.reason == .missingField)
    #expect(try changed { $0.header?.sequence = nil }.reason == .missingField)
    #expect(try changed { $0.header?.robotID = nil }.reason == .missingField)
    #expect(try changed { $0.space = nil }.reason == .missingField)
    #expect(try changed { $0.space = .unspecified }.reason == .missingField)
    #expect(try changed { $0.position = [] }.reason == .missingField)
    var delta = Good.endEffectorDelta
    delta.rotation = nil
    #expect(try action(delta).reason == .missingField)
    delta = Good.endEffectorDelta
    delta.reference = nil
    #expect(try action(delta).reason == .missingField)
    delta = Good.endEffectorDelta
    delta.endEffector = []
    #expect(try action(delta).reason == .missingField)
  }

  @Test func wrongLengthsAreRefused() throws {
    #expect(try changed { $0.position.removeLast() }.reason == .wrongLength)
    #expect(try changed { $0.position.append(0) }.reason == .wrongLength)
    var delta = Good.endEffectorDelta
    delta.endEffector.append(0)
    #expect(try action(delta).reason == .wrongLength)
  }

  @Test func numbersThatAreNotFiniteAreRefusedWhereverTheyStand() throws {
    for bad in [Double.nan, .infinity, -.infinity, .signalingNaN] {
      for joint in 0..<7 {
        #expect(try changed { $0.position[joint] = bad }.reason == .nonFinite)
      }
      for place in 0..<6 {
        var delta = Good.endEffectorDelta
        delta.endEffector[place] = bad
        #expect(try action(delta).reason == .nonFinite)
      }
    }
  }

  @Test func anotherRobotsActionIsRefused() throws {
    #expect(try changed { $0.header?.robotID = "panda2" }.reason == .wrongRobot)
    #expect(try changed { $0.header?.robotID = "pand" }.reason == .wrongRobot)
    for robot in ["ur5e", "pand", "panda2", "PANDA"] {
      let input = try decode(Good.jointPosition, as: .action, on: .action, robot: robot)
      #expect(input.reason == .wrongRobot && input.rejection?.stream == .action)
    }
  }

  @Test func eachEndpointTakesOnlyItsOwnKinds() throws {
    let allowed: [Endpoint: Set<MessageKind>] = [
      .action: [.action, .layout, .reasoning, .heartbeat], .state: [.state, .layout, .signal, .heartbeat],
      .scene: [.people, .obstacles, .signal, .heartbeat],
    ]
    for (endpoint, kinds) in allowed {
      for kind in MessageKind.allCases where !kinds.contains(kind) {
        let input = try decode(Good.state, as: kind, on: endpoint)
        #expect(input.reason == .wrongEndpoint, "\(kind) on \(endpoint)")
        #expect(input.rejection?.stream == endpoint.stream)
      }
    }
    // The forged state itself is a perfect one.
    guard case .state = try decode(Good.state, as: .state, on: .state) else { Issue.record("refused"); return }
  }

  @Test func garbageIsRefusedWithItsReason() throws {
    var decoder = Decoder(try configuration())
    let topic = Topic.bytes(.action, robot: "panda")
    #expect(decoder.decode(endpoint: .action, topic: [], body: []).reason == .undecodable)
    #expect(decoder.decode(endpoint: .action, topic: [0xFF, 0x00], body: []).reason == .undecodable)
    #expect(decoder.decode(endpoint: .action, topic: topic, body: []).reason == .missingField)
    #expect(decoder.decode(endpoint: .action, topic: topic, body: [0xFF, 0xFF]).reason == .undecodable)
    let cut = Array(Good.jointPosition.encoded().dropLast())
    #expect(decoder.decode(endpoint: .action, topic: topic, body: cut).reason == .undecodable)
    let huge = [UInt8](repeating: 0, count: MessageBounds.messageBytes + 1)
    #expect(decoder.decode(endpoint: .action, topic: topic, body: huge).reason == .oversized)
    let wide = ActionMessage(header: Good.header, space: .jointPosition, position: Array(repeating: 0, count: 33))
    #expect(decoder.decode(endpoint: .action, topic: topic, body: wide.encoded()).reason == .oversized)
  }

  @Test func aLayoutIsComparedByNameAndOrder() throws {
    let names = (1...7).map { "panda_joint\($0)" }
    func matches(_ names: [String]) throws -> Bool? {
      let message = LayoutMessage(header: HeaderFields(robotID: "panda"), jointNames: names)
      guard case .layout(let layout) = try decode(message, as: .layout, on: .action) else { return nil }
      #expect(layout.stream == .action)
      return layout.jointsMatch
    }
    #expect(try matches(names) == true)
    #expect(try matches(names.reversed()) == false)
    #expect(try matches(Array(names.dropLast())) == false)
    #expect(try matches(names + ["panda_finger_joint1"]) == false)
    #expect(try matches([]) == false)
  }

  @Test func reasoningAndHeartbeatsAreNoted() throws {
    let reasoning = ReasoningMessage(header: Good.header, kind: .plan, text: "go around the post")
    guard case .noted(.reasoning) = try decode(reasoning, as: .reasoning, on: .action) else {
      Issue.record("refused")
      return
    }
    guard case .heartbeat(.perception) = try decode(HeartbeatMessage(header: Good.header), as: .heartbeat, on: .scene) else {
      Issue.record("refused")
      return
    }
    let foreign = HeartbeatMessage(header: HeaderFields(robotID: "ur5e"))
    #expect(try decode(foreign, as: .heartbeat, on: .scene).reason == .wrongRobot)
    let long = ReasoningMessage(header: Good.header, text: String(repeating: "a", count: 8193))
    #expect(try decode(long, as: .reasoning, on: .action).reason == .oversized)
  }
}
