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
      // No number that reaches the core is anything but finite.
      try #require(input.isFinite(joints: 7))
    }
    #expect(taken > 10_000 && taken < 90_000)
    // Every reason but those that need a signature or more elements than these bodies hold.
    let met: [Rejection.Reason] = [
      .undecodable, .wrongRobot, .wrongEndpoint, .missingField, .nonFinite, .wrongLength, .unknownSensor, .unsupported,
    ]
    for reason in met { #expect(reasons.contains(reason.rawValue), "\(reason)") }
  }
}
