import ODCVWire
import Synchronization

/// The free-running simulator: a process of its own, paced by real time, that only knows its endpoints.
///
/// The arm takes actions from `gated` while its lease lasts and brakes when that ends. State goes out at 200 Hz, people
/// at 25 Hz, the layout each second, heartbeats at 5 Hz. A controller observes on `observation`; `truth` is for whoever
/// judges, never for a controller.
public struct FreeRun: ~Copyable {
  /// Where to connect (state, scene, gated) and to bind (observation, truth). An empty one is left out.
  public struct Endpoints: Sendable {
    public var state: String
    public var scene: String
    public var gated: String
    public var observation: String
    public var truth: String

    public init(state: String, scene: String, gated: String, observation: String, truth: String) {
      self.state = state
      self.scene = scene
      self.gated = gated
      self.observation = observation
      self.truth = truth
    }
  }

  /// Kind in the topic of truth messages, which no monitor's endpoint carries.
  public static let truthKind = "truth"

  private var simulation: Simulation
  private let robot: String
  private let state: Socket
  private let scene: Socket
  private let gated: Socket
  private let observation: Socket
  private let truth: Socket
  /// What was really bound.
  public let observationEndpoint: String
  public let truthEndpoint: String
  /// When the lease ends, ns of the monotonic clock; `nil` while there is none.
  private var leaseEnd: Int64?
  /// Messages of `gated` that were no use to the driver.
  public private(set) var refused: UInt64 = 0

  private static let statePeriod: Int64 = 5
  private static let peoplePeriod: Int64 = 40
  private static let truthPeriod: Int64 = 20
  private static let heartbeatPeriod: Int64 = 200
  private static let layoutPeriod: Int64 = 1000
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
    let truth = try Sockets.connected(context, .pub, "", as: "truth")
    let observationEndpoint = try Sockets.bind(observation, endpoints.observation, as: "observation")
    let truthEndpoint = try Sockets.bind(truth, endpoints.truth, as: "truth")
    var simulation = try Simulation(
      scenario: scenario, seed: seed, bootID: UInt64(bitPattern: MonotonicClock.now()))
    simulation.isContactMuted = isContactMuted
    self.simulation = simulation
    self.observationEndpoint = observationEndpoint
    self.truthEndpoint = truthEndpoint
    self.robot = robot
    self.state = state
    self.scene = scene
    self.gated = gated
    self.observation = observation
    self.truth = truth
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

  private mutating func publish() throws(WireError) {
    let millisecond = simulation.nanoseconds / 1_000_000
    if millisecond % Self.layoutPeriod == 1 {
      try send(.layout, simulation.layoutMessage().encoded(), on: state)
    }
    if millisecond % Self.statePeriod == 0 {
      let bytes = simulation.stateMessage().encoded()
      try send(.state, bytes, on: state)
      try send(.state, bytes, on: observation)
    }
    if millisecond % Self.peoplePeriod == 0 {
      let bytes = simulation.peopleMessage().encoded()
      try send(.people, bytes, on: scene)
      try send(.people, bytes, on: observation)
    }
    if millisecond % Self.heartbeatPeriod == 0 {
      try send(.heartbeat, simulation.heartbeatMessage().encoded(), on: state)
    }
    if millisecond % Self.truthPeriod == 0 {
      try truth.send([Array("odcv/2/\(Self.truthKind)/\(robot)".utf8), simulation.truthMessage().encoded()])
    }
  }

  private func send(_ kind: MessageKind, _ body: [UInt8], on socket: borrowing Socket) throws(WireError) {
    try socket.send([Topic.bytes(kind, robot: robot), body])
  }
}
