import ODCVWire
import Synchronization

/// The free-running simulator: a process of its own, paced by real time, that only knows its endpoints.
///
/// The arm takes actions from `gated` while its lease lasts and brakes when that ends; the cell's devices take requests
/// from `devices`. State goes out at 200 Hz, people at 25 Hz, the devices' signals each control period, the layout each
/// second, heartbeats at 5 Hz. A controller observes on `observation`; on `scene` a monitor gets what its own sensor sees
/// of people, and forged signals too. `truth` is for whoever judges, never for a controller; who asks there is given proof
/// that this is a simulator (`SimulatorProof`).
public struct FreeRun: ~Copyable {
  /// Where to connect (state, scene, gated) and to bind (observation, truth, devices). An empty one is left out.
  public struct Endpoints: Sendable {
    public var state: String
    public var scene: String
    public var gated: String
    public var observation: String
    public var truth: String
    /// Takes what a controller asks of the cell: `Signal`s on the topic of signals.
    public var devices: String

    public init(
      state: String, scene: String, gated: String, observation: String, truth: String, devices: String = ""
    ) {
      self.state = state
      self.scene = scene
      self.gated = gated
      self.observation = observation
      self.truth = truth
      self.devices = devices
    }
  }

  /// Kind in the topic of truth messages, which no monitor's endpoint carries.
  public static let truthKind = "truth"

  private var simulation: Simulation
  private let robot: String
  /// ms
  private let signalPeriod: Int64
  private let state: Socket
  private let scene: Socket
  private let gated: Socket
  private let observation: Socket
  private let truth: Socket
  private let devices: Socket
  /// What was really bound.
  public let observationEndpoint: String
  public let truthEndpoint: String
  public let devicesEndpoint: String
  /// When the lease ends, ns of the monotonic clock; `nil` while there is none.
  private var leaseEnd: Int64?
  /// Messages of `gated` that were no use to the driver.
  public private(set) var refused: UInt64 = 0
  /// Messages of `devices` that no device of the cell takes.
  public private(set) var refusedRequests: UInt64 = 0
  /// Header of the state that was sent last.
  private var stateHeader: HeaderFields?

  private static let statePeriod: Int64 = 5
  private static let peoplePeriod: Int64 = 40
  private static let truthPeriod: Int64 = 20
  private static let heartbeatPeriod: Int64 = 200
  private static let layoutPeriod: Int64 = 1000
  /// Of each turn of the loop, so that nobody can hold up the arm by asking.
  private static let requestsPerTurn = 16
  private static let subscriptionsPerTurn = 4
  /// ms: later than this behind real time, simulated time slips instead of running after it.
  private static let patience: Int64 = 100

  public init(
    scenario: Scenario, seed: UInt64, context: Context, endpoints: Endpoints, isContactMuted: Bool = false
  ) throws(SimError) {
    let robot = scenario.robotID
    let state = try Sockets.connected(context, .pub, endpoints.state, as: "state")
    let scene = try Sockets.connected(context, .pub, endpoints.scene, as: "scene")
    let gated = try Sockets.connected(
      context, .sub, endpoints.gated, as: "gated", to: [.action, .lease], robot: robot)
    let observation = try Sockets.connected(context, .pub, "", as: "observation")
    // XPUB hears who subscribes.
    let truth = try Sockets.connected(context, .xpub, "", as: "truth")
    let devices = try Sockets.connected(context, .sub, "", as: "devices", to: [.signal], robot: robot)
    let observationEndpoint = try Sockets.bind(observation, endpoints.observation, as: "observation")
    let truthEndpoint = try Sockets.bind(truth, endpoints.truth, as: "truth")
    let devicesEndpoint = try Sockets.bind(devices, endpoints.devices, as: "devices")
    var simulation = try Simulation(
      scenario: scenario, seed: seed, bootID: UInt64(bitPattern: MonotonicClock.now()))
    simulation.isContactMuted = isContactMuted
    self.simulation = simulation
    self.observationEndpoint = observationEndpoint
    self.truthEndpoint = truthEndpoint
    self.devicesEndpoint = devicesEndpoint
    self.robot = robot
    signalPeriod = Int64((scenario.controlPeriod * 1000).rounded())
    self.state = state
    self.scene = scene
    self.gated = gated
    self.observation = observation
    self.truth = truth
    self.devices = devices
  }

  /// Runs until `stop` is set.
  public mutating func run(until stop: borrowing Atomic<Bool>) throws(SimError) {
    do {
      try loop(until: stop)
    } catch {
      throw SimError("free-running endpoints: \(error)")
    }
  }

  private mutating func loop(until stop: borrowing Atomic<Bool>) throws(WireError) {
    var frames = Frames()
    var begin = MonotonicClock.now()
    simulation.stop()
    while !stop.load(ordering: .relaxed) {
      while try gated.receive(into: &frames, timeoutMilliseconds: 0) { take(frames) }
      for _ in 0..<Self.requestsPerTurn {
        guard try devices.receive(into: &frames, timeoutMilliseconds: 0) else { break }
        takeRequest(frames)
      }
      try prove(&frames)
      let now = MonotonicClock.now()
      if let end = leaseEnd, now >= end {
        leaseEnd = nil
        simulation.stop()
      }
      let behind = (now - begin - simulation.nanoseconds) / 1_000_000
      if behind > Self.patience { begin += (behind - Self.patience) * 1_000_000 }
      if behind > 0 {
        simulation.tick()
        try publish()
      } else {
        MonotonicClock.sleep(until: begin + simulation.nanoseconds + 1_000_000)
      }
    }
  }

  private mutating func take(_ frames: borrowing Frames) {
    guard frames.count == 2, let topic = Topic.parse(frames.bytes(0)), topic.robot == robot else {
      refused += 1
      return
    }
    if topic.kind == .lease {
      guard let lease = try? LeaseMessage(decoding: frames.bytes(1)), let duration = lease.durationNanoseconds,
        duration > 0
      else {
        refused += 1
        return
      }
      leaseEnd = MonotonicClock.now() + min(duration, 10_000_000_000)
    } else if leaseEnd == nil || simulation.take(frames.bytes(1)) != nil {
      refused += 1
    }
  }

  private mutating func takeRequest(_ frames: borrowing Frames) {
    guard frames.count == 2, let topic = Topic.parse(frames.bytes(0)), topic.kind == .signal, topic.robot == robot,
      simulation.take(request: frames.bytes(1)) == nil
    else {
      refusedRequests += 1
      return
    }
  }

  /// Answers who asks for proof. A question that comes before the first state waits for it.
  private func prove(_ frames: inout Frames) throws(WireError) {
    guard let stateHeader else { return }
    for _ in 0..<Self.subscriptionsPerTurn {
      guard try truth.receive(into: &frames, timeoutMilliseconds: 0) else { return }
      guard frames.count == 1, let topic = SimulatorProof.topic(ofSubscription: frames[0]) else { continue }
      try truth.send([topic, HeartbeatMessage(header: stateHeader).encoded()])
    }
  }

  private mutating func publish() throws(WireError) {
    let millisecond = simulation.nanoseconds / 1_000_000
    // Before the state of the same instant: who acts on that has seen both.
    if millisecond % signalPeriod == 0 { try publishSignals() }
    if millisecond % Self.layoutPeriod == 1 {
      try send(.layout, simulation.layoutMessage().encoded(), on: state)
    }
    if millisecond % Self.statePeriod == 0 {
      let message = simulation.stateMessage()
      stateHeader = message.header
      let bytes = message.encoded()
      try send(.state, bytes, on: state)
      try send(.state, bytes, on: observation)
    }
    if millisecond % Self.peoplePeriod == 0 {
      let people = simulation.peopleMessage()
      let bytes = people.encoded()
      try send(.people, simulation.altersPeople ? simulation.blinded(people).encoded() : bytes, on: scene)
      try send(.people, bytes, on: observation)
    }
    if millisecond % Self.heartbeatPeriod == 0 {
      try send(.heartbeat, simulation.heartbeatMessage().encoded(), on: state)
    }
    if millisecond % Self.truthPeriod == 0 {
      try truth.send([Array("odcv/2/\(Self.truthKind)/\(robot)".utf8), simulation.truthMessage().encoded()])
    }
  }

  private mutating func publishSignals() throws(WireError) {
    for signal in simulation.signalMessages() {
      let bytes = signal.encoded()
      try send(.signal, bytes, on: scene)
      try send(.signal, bytes, on: observation)
    }
    for forged in simulation.forgedSignals() { try send(.signal, forged.encoded(), on: scene) }
  }

  private func send(_ kind: MessageKind, _ body: [UInt8], on socket: borrowing Socket) throws(WireError) {
    try socket.send([Topic.bytes(kind, robot: robot), body])
  }
}
