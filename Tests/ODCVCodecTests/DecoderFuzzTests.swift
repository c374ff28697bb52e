import ODCVCodec
import ODCVCore
import ODCVWire
import TestSupport
import Testing

@Suite struct DecoderFuzzTests {
  /// Good messages with a few bytes changed, cut, inserted or sent on another endpoint.
  @Test func aHundredThousandBrokenMessagesBecomeInputsOrRefusals() throws {
    var generator = SeededGenerator(seed: 40)
    let bodies = [
      Good.jointPosition.encoded(), Good.endEffectorDelta.encoded(), Good.state.encoded(), Good.people.encoded(),
      Good.obstacles.encoded(), RequestMessage(episode: EpisodeMessage(phase: .start)).encoded(),
    ]
    let kinds: [MessageKind] = [.action, .action, .state, .people, .obstacles, .heartbeat]
    let endpoints: [Endpoint] = [.action, .action, .state, .scene, .scene, .control]
    var decoder = Decoder(try configuration())
    var taken = 0
    var reasons: Set<UInt8> = []
    for _ in 0..<100_000 {
      let place = Int.random(in: 0..<bodies.count, using: &generator)
      var body = bodies[place]
      var topic = Topic.bytes(kinds[place], robot: "panda")
      var endpoint = endpoints[place]
      switch Int.random(in: 0..<12, using: &generator) {
      case 0: body.removeLast(Int.random(in: 0...body.count, using: &generator))
      case 1:
        let at = Int.random(in: 0...body.count, using: &generator)
        body.insert(UInt8(truncatingIfNeeded: generator.next()), at: at)
      case 2: topic[Int.random(in: 0..<topic.count, using: &generator)] = UInt8(truncatingIfNeeded: generator.next())
      case 3: endpoint = Endpoint.allCases.randomElement(using: &generator)!
      case 4: break
      default:
        for _ in 0..<Int.random(in: 1...3, using: &generator) {
          body[Int.random(in: 0..<body.count, using: &generator)] = UInt8(truncatingIfNeeded: generator.next())
        }
      }
      let input = decoder.decode(endpoint: endpoint, topic: topic, body: body)
      if let reason = input.reason { reasons.insert(reason.rawValue) } else { taken += 1 }
      try #require(isFinite(input))
    }
    #expect(taken > 10_000 && taken < 90_000)
    // Every reason but those that need a signature or more elements than these bodies hold.
    let met: [Rejection.Reason] = [
      .undecodable, .wrongRobot, .wrongEndpoint, .missingField, .nonFinite, .wrongLength, .unknownSensor, .unsupported,
    ]
    for reason in met { #expect(reasons.contains(reason.rawValue), "\(reason)") }
  }

  private func isFinite(_ command: Action.Command) -> Bool {
    switch command {
    case .jointPosition(let values), .jointDelta(let values, _), .jointVelocity(let values), .jointEffort(let values):
      values.isFinite && values.count == 7
    case .endEffectorPose(let pose): pose.translation.isFinite && pose.rotation.x.isFinite
    case .endEffectorDelta(let translation, let rotation, _): translation.isFinite && rotation.isFinite
    case .endEffectorTwist(let linear, let angular): linear.isFinite && angular.isFinite
    case .stop, .none, .unsupported: true
    }
  }

  /// No number that reaches the core is anything but finite.
  private func isFinite(_ input: Input) -> Bool {
    switch input {
    case .action(let action): isFinite(action.command)
    case .state(let state):
      state.position.isFinite && state.velocity.isFinite && state.position.count == 7 && state.velocity.count == 7
    case .signal(let signal): signal.value.isFinite
    case .people(let people):
      (0..<people.count).allSatisfy { person in
        (0..<people[person].count).allSatisfy { people[person][$0].isFinite && people[person][$0].radius > 0 }
      }
    case .obstacles(let frame):
      (0..<frame.count).allSatisfy { index in
        switch frame[index] {
        case .box(let box): box.pose.translation.isFinite && box.halfExtents.isFinite && box.pose.rotation.x.isFinite
        case .capsule(let capsule): capsule.isFinite
        case .halfSpace(let half): half.normal.isFinite && half.offset.isFinite
        case .hull(let hull): hull.vertices.allSatisfy(\.isFinite) && hull.padding.isFinite
        }
      }
    case .chunk(let chunk): (0..<chunk.count).allSatisfy { isFinite(chunk.command($0)) }
    case .layout, .episode, .reset, .release, .restored, .tick, .heartbeat, .noted, .rejected, .lost, .overrun: true
    }
  }
}
