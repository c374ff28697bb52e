import ODCVWire
import Synchronization

/// Lock step over ZeroMQ: a REP socket that answers each `StepRequest` with a `StepReply`, byte for byte the one that
/// `Simulation.step` gives in process.
public struct LockStepServer: ~Copyable {
  private let scenario: Scenario
  private let socket: Socket
  private var simulation: Simulation
  /// What it really bound.
  public let endpoint: String

  /// - Parameter endpoint: where to bind, as `tcp://127.0.0.1:0` or `ipc://...`.
  public init(
    scenario: Scenario, seed: UInt64, context: Context, endpoint: String, isContactMuted: Bool = false
  ) throws(SimError) {
    let socket = try Sockets.connected(context, .rep, "", as: "lock-step")
    let bound = try Sockets.bind(socket, endpoint, as: "lock-step")
    var simulation = try Simulation(scenario: scenario, seed: seed)
    simulation.isContactMuted = isContactMuted
    self.simulation = simulation
    self.endpoint = bound
    self.socket = socket
    self.scenario = scenario
  }

  /// Answers requests until `stop` is set; looks at it at least every 100 ms.
  public mutating func run(until stop: borrowing Atomic<Bool>) throws(SimError) {
    var frames = Frames()
    while !stop.load(ordering: .relaxed) {
      do {
        guard try socket.receive(into: &frames, timeoutMilliseconds: 100) else { continue }
        let reply = answer(frames.count == 1 ? frames.bytes(0) : [])
        try socket.send([reply.encoded()], wait: true)
      } catch {
        throw SimError("lock-step endpoint \(endpoint): \(error)")
      }
    }
  }

  mutating func answer(_ bytes: [UInt8]) -> StepReplyMessage {
    let request: StepRequestMessage
    do {
      request = try StepRequestMessage(decoding: bytes)
    } catch {
      return StepReplyMessage(error: "request: \(error); send one frame, an odcv.v1.StepRequest")
    }
    if request.reset == true {
      do {
        var fresh = try Simulation(scenario: scenario, seed: request.seed ?? simulation.seed)
        // A fault of the driver outlasts the episode.
        fresh.isContactMuted = simulation.isContactMuted
        simulation = fresh
        return simulation.observe()
      } catch {
        return StepReplyMessage(error: error.description)
      }
    }
    if request.instruction != nil {
      return StepReplyMessage(error: "instruction: no controller runs inside; send its actions instead")
    }
    return simulation.step(action: request.action, requests: request.requests)
  }
}
