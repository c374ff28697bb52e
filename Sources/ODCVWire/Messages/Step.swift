import COdcvProto

/// One control period. Bodies are the messages that the free-running simulator would publish.
public struct StepRequestMessage: Equatable, Sendable {
  public var step: UInt64?
  /// An Action, or absent: no new command.
  public var action: [UInt8]?
  /// Start the episode again with this seed.
  public var reset: Bool?
  public var seed: UInt64?
  /// An Instruction, when the controller runs inside.
  public var instruction: [UInt8]?
  /// Signals: what is asked of the cell's devices, taken before the action.
  public var requests: [[UInt8]]

  public init(
    step: UInt64? = nil, action: [UInt8]? = nil, reset: Bool? = nil, seed: UInt64? = nil,
    instruction: [UInt8]? = nil, requests: [[UInt8]] = []
  ) {
    self.step = step
    self.action = action
    self.reset = reset
    self.seed = seed
    self.instruction = instruction
    self.requests = requests
  }
}

/// What one control period of the simulator came to.
public struct StepReplyMessage: Equatable, Sendable {
  public var step: UInt64?
  public var simulatedNanoseconds: Int64?
  public var state: [UInt8]?
  public var people: [UInt8]?
  public var obstacles: [UInt8]?
  public var truth: [UInt8]?
  public var done: Bool?
  public var error: String?
  /// Signals: what the cell's devices say, to controller and monitor.
  public var signals: [[UInt8]]
  /// Signals that somebody else sends in a device's name: for a monitor, never for a controller.
  public var forgedSignals: [[UInt8]]
  /// What a monitor's sensor sees of people, where that may differ from `people`: never for a controller.
  public var sensedPeople: [UInt8]?

  public init(
    step: UInt64? = nil, simulatedNanoseconds: Int64? = nil, state: [UInt8]? = nil, people: [UInt8]? = nil,
    obstacles: [UInt8]? = nil, truth: [UInt8]? = nil, done: Bool? = nil, error: String? = nil,
    signals: [[UInt8]] = [], forgedSignals: [[UInt8]] = [], sensedPeople: [UInt8]? = nil
  ) {
    self.step = step
    self.simulatedNanoseconds = simulatedNanoseconds
    self.state = state
    self.people = people
    self.obstacles = obstacles
    self.truth = truth
    self.done = done
    self.error = error
    self.signals = signals
    self.forgedSignals = forgedSignals
    self.sensedPeople = sensedPeople
  }
}

extension StepRequestMessage: @unsafe WireMessage {
  public static let schema = unsafe Schema(odcv__v1__step_request__init)

  public init(_ c: Odcv__V1__StepRequest) {
    step = unsafe read(c.has_step, c.step)
    action = unsafe read(c.has_action, c.action)
    reset = unsafe read(c.has_reset, c.reset)
    seed = unsafe read(c.has_seed, c.seed)
    instruction = unsafe read(c.has_instruction, c.instruction)
    requests = unsafe read(c.n_request, c.request)
  }

  public func fill(_ c: inout Odcv__V1__StepRequest, _ arena: inout Arena) {
    unsafe odcv__v1__step_request__init(&c)
    unsafe write(step, &c.has_step, &c.step)
    unsafe write(action, &c.has_action, &c.action, &arena)
    unsafe write(reset, &c.has_reset, &c.reset)
    unsafe write(seed, &c.has_seed, &c.seed)
    unsafe write(instruction, &c.has_instruction, &c.instruction, &arena)
    unsafe write(requests, &c.n_request, &c.request, &arena)
  }
}

extension StepReplyMessage: @unsafe WireMessage {
  public static let schema = unsafe Schema(odcv__v1__step_reply__init)

  public init(_ c: Odcv__V1__StepReply) {
    step = unsafe read(c.has_step, c.step)
    simulatedNanoseconds = unsafe read(c.has_sim_ns, c.sim_ns)
    state = unsafe read(c.has_state, c.state)
    people = unsafe read(c.has_people, c.people)
    obstacles = unsafe read(c.has_obstacles, c.obstacles)
    truth = unsafe read(c.has_truth, c.truth)
    done = unsafe read(c.has_done, c.done)
    error = unsafe read(c.error)
    signals = unsafe read(c.n_signal, c.signal)
    forgedSignals = unsafe read(c.n_forged_signal, c.forged_signal)
    sensedPeople = unsafe read(c.has_sensed_people, c.sensed_people)
  }

  public func fill(_ c: inout Odcv__V1__StepReply, _ arena: inout Arena) {
    unsafe odcv__v1__step_reply__init(&c)
    unsafe write(step, &c.has_step, &c.step)
    unsafe write(simulatedNanoseconds, &c.has_sim_ns, &c.sim_ns)
    unsafe write(state, &c.has_state, &c.state, &arena)
    unsafe write(people, &c.has_people, &c.people, &arena)
    unsafe write(obstacles, &c.has_obstacles, &c.obstacles, &arena)
    unsafe write(truth, &c.has_truth, &c.truth, &arena)
    unsafe write(done, &c.has_done, &c.done)
    unsafe write(error, &c.error, &arena)
    unsafe write(signals, &c.n_signal, &c.signal, &arena)
    unsafe write(forgedSignals, &c.n_forged_signal, &c.forged_signal, &arena)
    unsafe write(sensedPeople, &c.has_sensed_people, &c.sensed_people, &arena)
  }
}
