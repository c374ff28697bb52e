import Foundation
import Testing

@testable import ODCVSim
@testable import ODCVWire

/// What is asked of a cell's devices and what they say, over real sockets.
@Suite struct DeviceWireTests {
  /// Operations and claims; an act; forged signals; a sensor that is blind in a zone.
  @Test(arguments: [("E18", "violating"), ("E14", "violating-C15"), ("E12", "violating"), ("E31", "compliant")])
  func `lock step over ZeroMQ with requests gives the bytes of the in-process run`(id: String, name: String) throws {
    let scenario = try Cells.scenario(id)
    let (context, at) = (try Context(), try Sockpit())
    let background = Background { stop in
      var server = try LockStepServer(scenario: scenario, seed: 1, context: context, endpoint: at("step"))
      try server.run(until: stop)
    }
    defer {
      background.stop()
      #expect(background.failure == nil)
    }
    let client = try Socket(context, .req)
    try client.connect(at("step"))
    var frames = Frames()
    func ask(_ request: StepRequestMessage) throws -> [UInt8] {
      try client.send([request.encoded()], wait: true)
      #expect(try client.receive(into: &frames, timeoutMilliseconds: 20_000))
      return frames.bytes(0)
    }
    var local = try Simulation(scenario: scenario, seed: 9)
    var controller = try #require(try BuiltinController.make(name: name, scenario: scenario, seed: 9))
    var reply = local.observe()
    var (asked, forged, altered) = (0, 0, 0)
    try #require(try ask(StepRequestMessage(reset: true, seed: 9)) == reply.encoded())
    for step in 0..<250 {
      let output = controller.act(try Observation(reply))
      // As trials do it: the requests at once, then the step.
      for request in output.requests { #expect(local.take(request: request) == nil) }
      reply = local.step(action: output.action?.encoded())
      let remote = try ask(
        StepRequestMessage(
          step: UInt64(step), action: output.action?.encoded(), requests: output.requests.map { $0.encoded() }))
      try #require(remote == reply.encoded(), "step \(step)")
      #expect(reply.signals.count == scenario.deviceNames.count)
      asked += output.requests.count
      forged += reply.forgedSignals.count
      if let sensed = reply.sensedPeople, sensed != reply.people { altered += 1 }
    }
    #expect(asked > 0 && (forged > 0) == (id == "E12") && (altered > 0) == (id == "E31"), "\(asked), \(forged), \(altered)")
    let refusal = try StepReplyMessage(decoding: try ask(StepRequestMessage(requests: [[0xff], SignalMessage().encoded()])))
    #expect(refusal.error?.hasPrefix("request: decoding") == true && refusal.state != nil)
  }

  @Test func `a reset keeps a muted contact sensor muted`() throws {
    let scenario = try Cells.scenario("E24")
    let (context, at) = (try Context(), try Sockpit())
    var server = try LockStepServer(
      scenario: scenario, seed: 1, context: context, endpoint: at("step"), isContactMuted: true)
    var controller = try #require(try BuiltinController.make(name: "compliant", scenario: scenario, seed: 1))
    var reply = server.answer(StepRequestMessage(reset: true, seed: 1).encoded())
    var open = try Simulation(scenario: scenario, seed: 1)
    var felt = 0
    for _ in 0..<400 {
      let output = controller.act(try Observation(reply))
      let requests = output.requests.map { $0.encoded() }
      reply = server.answer(StepRequestMessage(action: output.action?.encoded(), requests: requests).encoded())
      let seen = try StateMessage(decoding: try #require(reply.state))
      #expect(seen.contacts.isEmpty && seen.wrench.allSatisfy { $0 == 0 })
      let other = open.step(action: output.action?.encoded(), requests: requests)
      felt += try StateMessage(decoding: try #require(other.state)).contacts.isEmpty ? 0 : 1
    }
    #expect(felt > 0, "the same run with its sensor feels what it presses on")
  }

  /// Two picks, of which one brings nothing: what the controller claims hangs on the device that weighs.
  @Test func `a controller's process claims as one in process does`() throws {
    let scenario = try Cells.scenario("E18")
    let seed = try #require(try (1...20).first { try claimsOfTwoCycles(scenario, seed: $0) == 1 })
    let live = try LiveArm(scenario, controller: "compliant", seed: seed)
    let came = try live.run(seconds: 60) { live in (live.last.cycles ?? 0) >= 2 }
    #expect(came)
    let end = live.last.simulatedNanoseconds ?? 0
    _ = try live.run(seconds: 10) { live in (live.last.simulatedNanoseconds ?? 0) > end + 1_000_000_000 }
    #expect(live.claims(scenario) == 1)
    #expect(live.broken.isEmpty)
    #expect(live.stop() == 0)
  }

  private func claimsOfTwoCycles(_ scenario: Scenario, seed: UInt64) throws -> Double {
    var simulation = try Simulation(scenario: scenario, seed: seed)
    var controller = try #require(try BuiltinController.make(name: "compliant", scenario: scenario, seed: seed))
    var reply = simulation.observe()
    var (truth, after) = (TruthMessage(), 0)
    while after < 50 {
      let output = controller.act(try Observation(reply))
      reply = simulation.step(action: output.action?.encoded(), requests: output.requests.map { $0.encoded() })
      truth = try TruthMessage(decoding: try #require(reply.truth))
      if (truth.cycles ?? 0) >= 2 { after += 1 }
    }
    return claimed(truth, scenario)
  }

  /// The act is asked for once, when the controller has only just begun.
  @Test func `an act that is asked for over the wire is in force`() throws {
    let scenario = try Cells.scenario("E14")
    let live = try LiveArm(scenario, controller: "violating-C15", seed: 2)
    let came = try live.run(seconds: 60) { live in live.broken.contains("C15") && (live.last.cycles ?? 0) >= 1 }
    #expect(came)
    #expect(live.stop() == 0)
  }

  /// Forged signals carry another boot id than the devices' own.
  @Test func `forged signals reach the monitor alone`() throws {
    let scenario = try Cells.scenario("E12")
    let live = try LiveArm(scenario, controller: "violating", seed: 2)
    let heard = Heard()
    let came = try live.run(seconds: 60) { live in
      try heard.take(from: live)
      if heard.scene.bootIDs.count < 2 { heard.observation.signals = 0 }
      return heard.observation.signals > 20
    }
    #expect(came && heard.scene.bootIDs.count == 2 && heard.observation.bootIDs.count == 1)
    #expect(heard.observation.devices == Set(scenario.deviceNames))
    #expect(live.stop() == 0)
  }

  @Test func `a monitor gets its own sensor's picture of people, a controller the whole`() throws {
    let scenario = try Cells.scenario("E31")
    let live = try LiveArm(scenario, controller: nil, seed: 2)
    let model = try Simulation(scenario: scenario, seed: 2)
    let heard = Heard()
    var (same, altered) = (0, 0)
    let came = try live.run(seconds: 60) { live in
      try heard.take(from: live)
      (same, altered) = (0, 0)
      for (sequence, seen) in heard.observation.people {
        guard let sensed = heard.scene.people[sequence] else { continue }
        #expect(sensed == model.blinded(seen))
        if sensed == seen { same += 1 } else { altered += 1 }
      }
      return same > 5 && altered > 5
    }
    #expect(came, "\(same), \(altered)")
    _ = live.stop()
  }

  @Test func `requests of no use are refused and counted, and others taken`() throws {
    let scenario = try Cells.scenario("E18")
    let live = try LiveArm(scenario, controller: nil, seed: 1)
    let devices = try Socket(live.context, .xpub)
    try devices.connect(live.at("devices"))
    var frames = Frames()
    #expect(try devices.receive(into: &frames, timeoutMilliseconds: 10_000), "the simulator subscribes")
    func send(_ topic: [UInt8], _ body: [UInt8]) throws { try devices.send([topic, body]) }
    let topic = Topic.bytes(.signal, robot: "panda")
    try send(Topic.bytes(.signal, robot: "panda2"), SignalMessage(name: "weigh", value: 1).encoded())
    try send(topic, [0xff])
    try send(topic, SignalMessage(name: "coffee", value: 1).encoded())
    try send(topic, SignalMessage(name: "weigh", value: .nan).encoded())
    let heard = Heard()
    // Nothing of that has begun to weigh.
    let saidSo = try live.run(seconds: 30) { live in
      try heard.take(from: live)
      return heard.observation.signals > 40
    }
    #expect(saidSo && heard.observation.values == [0])
    try send(topic, SignalMessage(name: "weigh", value: 1).encoded())
    let came = try live.run(seconds: 30) { live in
      try heard.take(from: live)
      return heard.observation.values.contains { $0 != 0 }
    }
    #expect(came)
    #expect(live.stop() == 4)
  }

  @Test func `a controller whose requests nobody takes says so and does not act`() throws {
    let scenario = try Cells.scenario("E18")
    let live = try LiveArm(scenario, controller: nil, seed: 1)
    let (context, at) = (live.context, live.at)
    let deaf = Background { stop in
      var process = try ControllerProcess(
        name: "compliant", scenario: scenario, seed: 1, context: context, action: at("action"),
        observation: at("observation"), instruction: "", devices: at("elsewhere"))
      try process.run(until: stop)
    }
    _ = try live.run(seconds: 30) { _ in deaf.failure != nil }
    deaf.stop()
    #expect(deaf.failure?.contains("nobody takes requests") == true)
    #expect(live.last.cycles == 0 && live.last.kpi?.value == 0)
    _ = live.stop()
  }
}

/// What came on the monitor's scene endpoint and the controller's observation endpoint of a live arm.
private final class Heard {
  struct Side {
    /// Of signals, and how many there were.
    var signals = 0
    var bootIDs: Set<UInt64> = []
    var devices: Set<String> = []
    var values: Set<Double> = []
    /// By sequence number.
    var people: [UInt64: PeopleMessage] = [:]

    mutating func add(_ frames: borrowing Frames) throws {
      let topic = try #require(Topic.parse(frames.bytes(0)))
      if topic.kind == .signal {
        let message = try SignalMessage(decoding: frames.bytes(1))
        signals += 1
        bootIDs.insert(try #require(message.header?.bootID))
        devices.insert(try #require(message.name))
        values.insert(try #require(message.value))
      } else if topic.kind == .people {
        let message = try PeopleMessage(decoding: frames.bytes(1))
        people[try #require(message.header?.sequence)] = message
      }
    }
  }

  var scene = Side()
  var observation = Side()
  private var frames = Frames()

  func take(from live: LiveArm) throws {
    while try live.scene.receive(into: &frames, timeoutMilliseconds: 0) { try scene.add(frames) }
    while try live.observation.receive(into: &frames, timeoutMilliseconds: 0) { try observation.add(frames) }
  }
}
