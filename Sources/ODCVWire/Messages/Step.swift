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

  public init(
    step: UInt64? = nil, action: [UInt8]? = nil, reset: Bool? = nil, seed: UInt64? = nil,
    instruction: [UInt8]? = nil
  ) {
    self.step = step
    self.action = action
    self.reset = reset
    self.seed = seed
    self.instruction = instruction
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

  public init(
    step: UInt64? = nil, simulatedNanoseconds: Int64? = nil, state: [UInt8]? = nil, people: [UInt8]? = nil,
    obstacles: [UInt8]? = nil, truth: [UInt8]? = nil, done: Bool? = nil, error: String? = nil
  ) {
    self.step = step
    self.simulatedNanoseconds = simulatedNanoseconds
    self.state = state
    self.people = people
    self.obstacles = obstacles
    self.truth = truth
    self.done = done
    self.error = error
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
  }

  public func fill(_ c: inout Odcv__V1__StepRequest, _ arena: inout Arena) {
    unsafe odcv__v1__step_request__init(&c)
    unsafe write(step, &c.has_step, &c.step)
    unsafe write(action, &c.has_action, &c.action, &arena)
    unsafe write(reset, &c.has_reset, &c.reset)
    unsafe write(seed, &c.has_seed, &c.seed)
    unsafe write(instruction, &c.has_instruction, &c.instruction, &arena)
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
  }
}
