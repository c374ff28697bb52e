import ODCVWire
import Synchronization

/// A reference controller as a process on the wire: observes, is instructed, and publishes what it does, says and asks of
/// the cell's devices.
public struct ControllerProcess: ~Copyable {
  private let scenario: Scenario
  private var controller: any Controller
  private let observation: Socket
  private let instruction: Socket
  private let action: Socket
  private let devices: Socket
  private let devicesEndpoint: String
  /// Who takes requests, which would be lost before, and most are made once; `nil`: there are no devices.
  private var takers: Subscribers?
  /// Control periods in which the arm was seen and nobody took requests.
  private var unheard = 0
  private var state: StateMessage?
  private var people: PeopleMessage?
  /// The last of each device, by its name.
  private var signals: [String: SignalMessage] = [:]
  private var sequences = (layout: UInt64(0), heartbeat: UInt64(0))

  /// - Parameters:
  ///   - name: one of `BuiltinController.names`.
  ///   - action: the monitor's, or the driver's, endpoint; connected.
  ///   - observation: the simulator's; connected.
  ///   - instruction: where instructions are published; connected. Empty: nobody instructs.
  ///   - devices: the simulator's; connected. Empty: the cell has no devices to ask.
  public init(
    name: String, scenario: Scenario, seed: UInt64, context: Context, action: String, observation: String,
    instruction: String, devices: String = ""
  ) throws(SimError) {
    guard let controller = try BuiltinController.make(name: name, scenario: scenario, seed: seed) else {
      throw SimError("no controller is named `\(name)`; take one of \(BuiltinController.names)")
    }
    let observed = try Sockets.connected(
      context, .sub, observation, as: "observation", to: [.state, .people, .signal], robot: scenario.robotID)
    let instructed = try Sockets.connected(
      context, .sub, instruction, as: "instruction", to: [.instruction], robot: scenario.robotID)
    let acted = try Sockets.connected(context, .pub, action, as: "action")
    // XPUB hears whether somebody listens.
    let asked = try Sockets.connected(context, .xpub, devices, as: "devices")
    self.observation = observed
    self.instruction = instructed
    self.action = acted
    self.devices = asked
    devicesEndpoint = devices
    takers = devices.isEmpty ? nil : Subscribers(to: Topic.bytes(.signal, robot: scenario.robotID))
    self.scenario = scenario
    self.controller = controller
  }

  /// s: how long it sees an arm whose cell takes no requests before it gives up.
  private static let patience = 5.0

  /// Acts once per control period until `stop` is set; silent while it has no fresh observation, and while nobody takes
  /// its requests.
  ///
  /// - Throws: when an endpoint fails, or the arm is seen for 5 s without anybody at `devices`.
  public mutating func run(until stop: borrowing Atomic<Bool>) throws(SimError) {
    do {
      let period = Int64((scenario.controlPeriod * 1e9).rounded())
      var next = MonotonicClock.now()
      var turn: UInt64 = 0
      var frames = Frames()
      while !stop.load(ordering: .relaxed) {
        while try instruction.receive(into: &frames, timeoutMilliseconds: 0) { instruct(frames) }
        while try observation.receive(into: &frames, timeoutMilliseconds: 0) { observe(frames) }
        while try devices.receive(into: &frames, timeoutMilliseconds: 0) { takers?.take(frames) }
        if turn % 50 == 0 { try send(.layout, layout().encoded()) }
        if turn % 10 == 0 { try send(.heartbeat, heartbeat().encoded()) }
        if let state, let people {
          self.state = nil
          if try isHeardInTime() {
            try publish(controller.act(Observation(state: state, people: people, signals: Array(signals.values))))
          }
        }
        turn += 1
        next += period
        let now = MonotonicClock.now()
        if next < now { next = now }
        MonotonicClock.sleep(until: next)
      }
    } catch {
      throw SimError("controller's endpoints: \(error)")
    }
  }

  private func publish(_ output: ControllerOutput) throws {
    if let failure = output.failure { throw SimError(failure) }
    for reasoning in output.reasoning { try send(.reasoning, reasoning.encoded()) }
    for request in output.requests { try devices.send([Topic.bytes(.signal, robot: scenario.robotID), request.encoded()]) }
    if let command = output.action { try send(.action, command.encoded()) }
  }

  private mutating func isHeardInTime() throws(SimError) -> Bool {
    if takers?.isEmpty != true {
      unheard = 0
      return true
    }
    unheard += 1
    guard Double(unheard) * scenario.controlPeriod < Self.patience else {
      throw SimError(
        "devices \(devicesEndpoint): nobody takes requests there, though the arm is seen; give the devices endpoint of the "
          + "simulator's ready line, or an empty one where there are no devices")
    }
    return false
  }

  private mutating func instruct(_ frames: borrowing Frames) {
    guard frames.count == 2, let message = try? InstructionMessage(decoding: frames.bytes(1)) else { return }
    controller.receive(message)
  }

  private mutating func observe(_ frames: borrowing Frames) {
    guard frames.count == 2, let topic = Topic.parse(frames.bytes(0)) else { return }
    if topic.kind == .state, let message = try? StateMessage(decoding: frames.bytes(1)) { state = message }
    if topic.kind == .people, let message = try? PeopleMessage(decoding: frames.bytes(1)) { people = message }
    if topic.kind == .signal, let message = try? SignalMessage(decoding: frames.bytes(1)), let name = message.name {
      signals[name] = message
    }
  }

  private mutating func layout() -> LayoutMessage {
    sequences.layout += 1
    let arm = scenario.scene.arm
    var message = LayoutMessage(
      header: HeaderFields(robotID: scenario.robotID, streamID: 3, sequence: sequences.layout, bootID: 1, layoutID: 1))
    message.layoutID = 1
    message.jointNames = arm.jointNames
    message.jointUnits = arm.jointNames.map { _ in "rad" }
    message.jointLower = arm.lower
    message.jointUpper = arm.upper
    message.maxVelocity = DriverLaw.Parameters().velocity
    message.baseFrame = arm.links[0].name
    message.endEffectorFrame = arm.links[arm.toolLink].name
    message.controlPeriodNanoseconds = Int64((scenario.controlPeriod * 1e9).rounded())
    message.languageBudgetBytes = 2048
    return message
  }

  private mutating func heartbeat() -> HeartbeatMessage {
    sequences.heartbeat += 1
    return HeartbeatMessage(
      header: HeaderFields(robotID: scenario.robotID, streamID: 4, sequence: sequences.heartbeat, bootID: 1))
  }

  private func send(_ kind: MessageKind, _ body: [UInt8]) throws(WireError) {
    try action.send([Topic.bytes(kind, robot: scenario.robotID), body])
  }
}
