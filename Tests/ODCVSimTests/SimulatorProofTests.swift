import Testing

@testable import ODCVSim
@testable import ODCVWire

/// Asking a truth endpoint for proof that a simulator is there, over real sockets.
@Suite struct SimulatorProofTests {
  @Test func `a simulator proves itself by the state that it sent last`() throws {
    let live = try LiveArm(try Cells.scenario("E01"), controller: nil, seed: 1)
    var frames = Frames()
    func state() throws -> HeaderFields {
      while try live.state.receive(into: &frames, timeoutMilliseconds: 10_000) {
        guard Topic.parse(frames.bytes(0))?.kind == .state else { continue }
        return try #require(try StateMessage(decoding: frames.bytes(1)).header)
      }
      throw SimError("no state")
    }
    let before = try state()
    let truth = live.at("truth")
    let first = try #require(try SimulatorProof.ask(live.context, truth: truth, robot: "panda", within: .seconds(10)))
    // Each question is answered, with what was sent by then.
    let second = try #require(try SimulatorProof.ask(live.context, truth: truth, robot: "panda", within: .seconds(10)))
    #expect(first.bootID == before.bootID && second.bootID == before.bootID)
    #expect(first.sequence >= (before.sequence ?? .max) && second.sequence >= first.sequence)
    var after = before
    while (after.sequence ?? 0) < second.sequence { after = try state() }
    #expect(after.bootID == second.bootID, "the monitor's side hears the state that was named")
    _ = live.stop()
  }

  @Test func `proof of another robot is none`() throws {
    let live = try LiveArm(try Cells.scenario("E01"), controller: nil, seed: 1)
    for robot in ["panda2", "pand", ""] {
      #expect(try SimulatorProof.ask(live.context, truth: live.at("truth"), robot: robot, within: .seconds(10)) == nil)
    }
    _ = live.stop()
  }

  @Test func `silence proves nothing`() throws {
    let (context, at) = (try Context(), try Sockpit())
    let began = ContinuousClock.now
    #expect(try SimulatorProof.ask(context, truth: at("nobody"), robot: "panda", within: .milliseconds(200)) == nil)
    let took = ContinuousClock.now - began
    #expect(took >= .milliseconds(200) && took < .seconds(5))
    #expect(throws: SimError.self) {
      try SimulatorProof.ask(context, truth: "nowhere", robot: "panda", within: .milliseconds(1))
    }
  }

  /// Another source of truth, which speaks of the same robot but hears no question.
  @Test func `a publisher that does not hear who asks proves nothing`() throws {
    let (context, at) = (try Context(), try Sockpit())
    let header = HeaderFields(robotID: "panda", streamID: 1, sequence: 5, bootID: 9)
    let publisher = Background { stop in
      let socket = try Socket(context, .pub)
      try socket.bind(at("truth"))
      while !stop.load(ordering: .relaxed) {
        for topic in ["odcv/2/truth/panda", "odcv/2/heartbeat/panda", "odcv/2/proof/", "odcv/2/proof/0123456789abcdef"] {
          try socket.send([Array(topic.utf8), HeartbeatMessage(header: header).encoded()])
        }
        MonotonicClock.sleep(until: MonotonicClock.now() + 1_000_000)
      }
    }
    #expect(try SimulatorProof.ask(context, truth: at("truth"), robot: "panda", within: .milliseconds(500)) == nil)
    publisher.stop()
    #expect(publisher.failure == nil)
  }

  private enum Answer: CaseIterable {
    case right, longerTopic, otherNonce, noBody, noHeader, threeFrames
  }

  /// Whoever hears the question and sends what it has: only the whole answer on the very topic counts.
  @Test func `a replayed proof, or a part of one, proves nothing`() throws {
    let proof = HeartbeatMessage(header: HeaderFields(robotID: "panda", streamID: 1, sequence: 5, bootID: 9)).encoded()
    for answer in Answer.allCases {
      let (context, at) = (try Context(), try Sockpit())
      let publisher = Background { stop in
        let socket = try Socket(context, .xpub)
        try socket.bind(at("truth"))
        var frames = Frames()
        var topic: [UInt8] = []
        while !stop.load(ordering: .relaxed) {
          if try socket.receive(into: &frames, timeoutMilliseconds: 1), frames.bytes(0).first == 1 {
            topic = Array(frames.bytes(0).dropFirst())
          }
          guard !topic.isEmpty else { continue }
          switch answer {
          case .right: try socket.send([topic, proof])
          case .longerTopic: try socket.send([topic + topic.suffix(1), proof])
          case .otherNonce: try socket.send([Array("odcv/2/proof/0123456789abcdef0123456789abcdef".utf8), proof])
          case .noBody: try socket.send([topic])
          case .noHeader: try socket.send([topic, HeartbeatMessage().encoded()])
          case .threeFrames: try socket.send([topic, proof, proof])
          }
        }
      }
      let proven = try SimulatorProof.ask(context, truth: at("truth"), robot: "panda", within: .milliseconds(500))
      #expect((proven != nil) == (answer == .right), "\(answer)")
      if answer == .right { #expect(proven?.bootID == 9 && proven?.sequence == 5) }
      publisher.stop()
      #expect(publisher.failure == nil)
    }
  }

  @Test func `only a nonce of 16 to 64 lower-case hexadecimal digits is a question`() {
    func topic(_ text: String, byte: UInt8 = 1) -> String? {
      ([byte] + Array(text.utf8)).withUnsafeBytes { SimulatorProof.topic(ofSubscription: $0) }
        .map { String(decoding: $0, as: UTF8.self) }
    }
    let good = "odcv/2/proof/" + String(repeating: "0f", count: 8)
    #expect(topic(good) == good)
    #expect(topic("odcv/2/proof/" + String(repeating: "a", count: 64)) != nil)
    for bad in [
      "", "odcv/2/truth/panda", "odcv/2/proof/", "odcv/2/proof/0123456789abcde", "odcv/2/proof/0123456789ABCDEF",
      "odcv/2/proof/0123456789abcdeg", "odcv/2/proof/" + String(repeating: "a", count: 65), "xdcv/2/proof/0123456789abcdef",
      "odcv/2/proof/panda/0123456789abcdef",
    ] {
      #expect(topic(bad) == nil, "\(bad)")
    }
    #expect(topic(good, byte: 0) == nil, "who leaves asks nothing")
  }

  /// A question is answered once, however many other subscriptions come beside it.
  @Test func `a question is answered once`() throws {
    let live = try LiveArm(try Cells.scenario("E01"), controller: nil, seed: 1)
    let nonce = "odcv/2/proof/0123456789abcdef"
    let asking = try Socket(live.context, .sub)
    for index in 0..<200 { try asking.subscribe("odcv/2/other/\(index)") }
    try asking.subscribe(nonce)
    try asking.connect(live.at("truth"))
    var frames = Frames()
    #expect(try asking.receive(into: &frames, timeoutMilliseconds: 10_000))
    #expect(frames.count == 2 && frames.bytes(0) == Array(nonce.utf8))
    #expect(try !asking.receive(into: &frames, timeoutMilliseconds: 500))
    _ = live.stop()
  }
}
