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

  @Test func absentStreamAndBootAreZero() throws {
    guard case .action(let action) = try changed({ $0.header = HeaderFields(robotID: "panda", sequence: 1) }) else {
      Issue.record("refused")
      return
    }
    #expect(action.sequence == Sequence(stream: 0, number: 1, boot: 0))
  }

  @Test func anEndEffectorDeltaKeepsTranslationAndRotationApart() throws {
    guard case .endEffectorDelta(let translation, let rotation) = try command(Good.endEffectorDelta) else {
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

  @Test func whatIsNotJudgedYetIsUnsupportedAndNeverPasses() throws {
    for space in [ActionMessage.Space.jointPositionDelta, .jointVelocity, .jointEffort, .eePose, .eeTwist] {
      let message = ActionMessage(header: Good.header, space: space, position: Good.ready)
      guard case .unsupported = try command(message) else {
        Issue.record("\(space)")
        continue
      }
    }
    let extras: [(inout ActionMessage) -> Void] = [
      { $0.velocity = [1] }, { $0.effort = [1] }, { $0.stiffness = [1] }, { $0.damping = [1] },
      { $0.horizonPosition = [1] }, { $0.endEffector = [1] },
    ]
    for (place, extra) in extras.enumerated() {
      var message = Good.jointPosition
      extra(&message)
      guard case .unsupported = try command(message) else { Issue.record("extra \(place)"); continue }
    }
    var delta = Good.endEffectorDelta
    delta.reference = .lastCommand
    guard case .unsupported = try command(delta) else { Issue.record("reference"); return }
    delta = Good.endEffectorDelta
    delta.rotation = .rpyFixed
    guard case .unsupported = try command(delta) else { Issue.record("rotation"); return }
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
