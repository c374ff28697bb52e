import ODCVWire

#if canImport(Glibc)
  import Glibc
#endif

/// The simulated arm, its driver, its cell and the person in it, for one seed.
///
/// The same scenario, seed and actions give the same bytes. Simulated time starts at 0 and goes in steps of 1 ms.
public struct Simulation: ~Copyable {
  public let scenario: Scenario
  public let seed: UInt64
  /// Of every header: changes when a source restarts.
  public let bootID: UInt64

  var physics: Physics
  var law: DriverLaw
  var person: PersonBody
  var oracle: TruthOracle
  var cell: CellProcess
  var noise: MeasurementNoise
  var personHistory: [[SimCapsule]] = []
  /// Positions and velocities, and the sum of the drives' torques over all steps so far.
  var jointHistory: [(position: [Double], velocity: [Double], effort: [Double], step: Int64)] = []
  var effortSum: [Double]
  /// That sum, and the step, of the last state that was sent.
  var reported: (effort: [Double], step: Int64)
  var shapesBefore: [SimCapsule]
  var toolBefore: Vector
  var heldBefore: SimCapsule?
  var toolVelocity = Vector(0, 0, 0)
  /// The zone that the sensor for people does not see in this episode.
  public let blindZone: String?
  var cellContacts: [Physics.CellContact] = []
  var personContacts: [StateMessage.Contact] = []
  var contactForce = 0.0
  /// Of the last step: on each fixture that is touched, and the greatest on the person, N.
  var forces: [String: Double] = [:]
  var forceOnPerson = 0.0
  var wrench = [Double](repeating: 0, count: 6)
  var ticks: Int64 = 0
  var steps: UInt64 = 0
  /// Of each stream, the number of its last message.
  var sequences = (
    state: UInt64(0), people: UInt64(0), layout: UInt64(0), heartbeat: UInt64(0), signal: UInt64(0), forged: UInt64(0)
  )
  var lastAction: UInt64?
  var run: ChunkRun?
  var lastPose: Frame?
  /// Nm, while one is followed.
  var effort: [Double]?
  /// Joints of the last states, by their number, for chunks that name one.
  var published: [UInt64: [Double]] = [:]
  /// s that the arm moved while a person was in each of the zones of which one is blind, in their order.
  public internal(set) var exposure: [Double] = []
  /// A fault of the driver: it reports no contact, no external torque and no wrench, whatever touches the arm.
  public var isContactMuted = false

  /// Nm: Franka's published torque limits for the Panda.
  static let torqueLimit = [87.0, 87, 87, 87, 12, 12, 12]
  /// Stream of the first device.
  static let deviceStream: UInt32 = 16
  /// Delay of the arm's state, ms, and of the frames of people.
  static let stateDelay = 2
  static let peopleDelay = 10
  /// The driver's number for automatic operation.
  static let automaticMode: UInt32 = 1
  /// What it reports while somebody has switched it to something else.
  static let otherMode: UInt32 = 2
  /// How the driver resolves an end-effector displacement: lambda.
  private static let damping = 0.05

  /// - Throws: `SimError` when MuJoCo has no memory, or the scene's time step is not 1 ms.
  ///
  /// - Parameter gapIsClosed: the sensor for people sees everywhere
  public init(scenario: Scenario, seed: UInt64, bootID: UInt64 = 1, gapIsClosed: Bool = false) throws(SimError) {
    try self.init(
      scenario: scenario, seed: seed, bootID: bootID, gapIsClosed: gapIsClosed, driver: DriverLaw.Parameters())
  }

  init(
    scenario: Scenario, seed: UInt64, bootID: UInt64 = 1, gapIsClosed: Bool = false, driver: DriverLaw.Parameters
  ) throws(SimError) {
    let start = scenario.way.joints[0]
    var physics = try Physics(scenario.scene, at: start)
    physics.begin()
    let law = DriverLaw(parameters: driver, at: start)
    effortSum = start.map { _ in 0 }
    reported = (effortSum, 0)
    shapesBefore = physics.shapes()
    toolBefore = physics.tool()
    self.scenario = scenario
    self.seed = seed
    self.bootID = bootID
    self.law = law
    person = PersonBody(scenario.person, seed: seed)
    oracle = TruthOracle(scenario, deceleration: law.parameters.acceleration)
    cell = CellProcess(scenario, seed: seed)
    blindZone = gapIsClosed ? nil : scenario.blindZone(seed: seed)
    noise = MeasurementNoise(seed: seed, isLarge: scenario.tier == .noisy)
    self.physics = physics
  }

  /// Simulated time, ns.
  public var nanoseconds: Int64 { ticks * 1_000_000 }

  /// The episode's length is over.
  public var isDone: Bool { Double(ticks) * Physics.dt >= scenario.episodeLength - 1e-9 }

  /// True joint positions, rad: for tests and truth, never for a controller.
  public var truePosition: [Double] { physics.position }

  /// True joint velocities, rad/s.
  public var trueVelocity: [Double] { physics.velocity }

  /// Something pushed the tool, and no person has acknowledged it: whoever stops the arm now has reason to. For truth.
  public var isPushUnacknowledged: Bool { !cell.push.isCleared }

  /// Reference that the driver follows, rad.
  public var reference: [Double] { law.position }

  // MARK: - Lock step

  /// What is seen before the first step.
  public mutating func observe() -> StepReplyMessage { reply(nil) }

  /// One control period: requests and action take effect now, the reply holds what is seen at the period's end.
  ///
  /// - Parameters:
  ///   - action: bytes of an `Action`; `nil` leaves the last command standing.
  ///   - requests: bytes of `Signal`s, asked of the cell's devices before the action, in their order.
  /// - Returns: what is seen; bytes that are of no use change nothing, and `error` says why of the first of them.
  public mutating func step(action: [UInt8]?, requests: [[UInt8]] = []) -> StepReplyMessage {
    var problem: String?
    for request in requests {
      let refusal = take(request: request)
      problem = problem ?? refusal
    }
    let refusal = action.flatMap { take($0) }
    problem = problem ?? refusal
    for _ in 0..<Int((scenario.controlPeriod / Physics.dt).rounded()) { tick() }
    steps += 1
    return reply(problem)
  }

  private mutating func reply(_ problem: String?) -> StepReplyMessage {
    let state = stateMessage().encoded()
    let people = peopleMessage()
    return StepReplyMessage(
      step: steps, simulatedNanoseconds: nanoseconds, state: state, people: people.encoded(),
      truth: truthMessage().encoded(), done: isDone, error: problem, signals: signalMessages().map { $0.encoded() },
      forgedSignals: forgedSignals().map { $0.encoded() },
      sensedPeople: altersPeople ? blinded(people).encoded() : nil)
  }

  // MARK: - Orders to the driver

  /// Takes an action's bytes; says why they are refused, or `nil`.
  public mutating func take(_ bytes: [UInt8]) -> String? {
    do {
      return order(try ActionMessage(decoding: bytes))
    } catch {
      return "action: \(error); send an odcv.v1.Action"
    }
  }

  /// Takes an action; says why it is refused, or `nil`.
  public mutating func order(_ action: ActionMessage) -> String? {
    if action.space != .noMotion, action.space != .gripperOnly { run = nil }
    if !action.horizonPosition.isEmpty {
      guard var chunk = ChunkRun(action, at: ticks) else {
        return "action: a chunk needs chunk_len, chunk_dt_ns, and as many numbers as they say"
      }
      let row = chunk.due(at: ticks)
      run = chunk
      return row.flatMap { follow($0) }
    }
    return follow(action)
  }

  private mutating func follow(_ action: ActionMessage) -> String? {
    if action.space != .stop { cell.attend() }
    let reading = OrderReading(
      arm: scenario.scene.arm, damping: Self.damping, measured: physics.position, target: law.target, pose: lastPose,
      published: { [published] in published[$0] })
    switch reading.order(action) {
    case .refused(let problem): return problem
    case .nothing: break
    case .aim(let target, let pose):
      law.aim(at: inRange(target))
      lastPose = pose
    case .turn(let rate): law.turn(at: rate)
    case .stop: law.stop()
    case .push(let effort):
      guard zip(effort, Self.torqueLimit).allSatisfy({ abs($0) <= $1 }) else {
        return "action: an effort is beyond its joint's limit"
      }
      self.effort = effort
      law.push(with: physics.acceleration(of: effort))
    }
    if law.thrust == nil { effort = nil }
    if let sequence = action.header?.sequence { lastAction = sequence }
    return nil
  }

  /// Takes what a controller asks of the cell: an operation to begin, an act, a grip force, parts, a claim. Says why it is
  /// refused, or `nil`.
  public mutating func take(request: SignalMessage) -> String? {
    guard let name = request.name, let value = request.value, value.isFinite else {
      return "request: a name and a finite value are needed"
    }
    return cell.take(name, value)
  }

  /// As above, of its bytes.
  public mutating func take(request bytes: [UInt8]) -> String? {
    do {
      return take(request: try SignalMessage(decoding: bytes))
    } catch {
      return "request: \(error); send an odcv.v1.Signal"
    }
  }

  /// Brakes along the path and holds, as an ended lease demands.
  public mutating func stop() {
    run = nil
    law.stop()
  }

  /// What is due, and what keeps velocities and efforts inside the joints' ranges.
  private mutating func drive() {
    if let row = run?.due(at: ticks) { _ = follow(row) }
    if let effort, law.thrust != nil { law.push(with: physics.acceleration(of: effort)) }
    guard law.rate != nil || law.thrust != nil else { return }
    let arm = scenario.scene.arm
    let fastest = law.velocity.reduce(0) { max($0, abs($1)) } + 0.01
    for j in 0..<arm.jointCount {
      let end = law.position[j] + law.velocity[j] * fastest / (2 * law.parameters.acceleration)
      if end <= arm.lower[j] + 0.01 && law.velocity[j] < 0 || end >= arm.upper[j] - 0.01 && law.velocity[j] > 0 {
        law.stop()
        return
      }
    }
  }

  private func inRange(_ target: [Double]) -> [Double] {
    let arm = scenario.scene.arm
    return target.indices.map { min(arm.upper[$0], max(arm.lower[$0], target[$0])) }
  }

  // MARK: - Physics

  /// 1 ms of simulated time.
  public mutating func tick() {
    let dt = Physics.dt
    let fromPosition = law.position
    let fromVelocity = law.velocity
    drive()
    law.step(dt)
    physics.begin()
    let shapes = physics.shapes()
    let frame = physics.toolFrame()
    let tool = frame.origin
    let held = held(in: frame)
    let sample = TruthSample(
      nanoseconds: nanoseconds, dt: dt, shapes: shapes, before: shapesBefore, held: held,
      heldBefore: held == nil ? nil : heldBefore ?? held, tool: tool, toolBefore: toolBefore,
      slant: acos(min(1, max(-1, -frame.z.z))), jointVelocity: physics.velocity, person: person.capsules,
      forces: forces, forceOnPerson: forceOnPerson)
    oracle.observe(sample, cell)
    expose(sample)
    toolVelocity = (tool - toolBefore) / dt
    cell.observe(
      CellProcess.Step(
        tool: tool, speed: oracle.toolSpeed, slant: sample.slant, dt: dt, force: { [forces] in forces[$0] ?? 0 },
        distance: { [scenario] name in scenario.scene.obstacles.first { $0.name == name }?.box.distance(tool) ?? .infinity }))
    law.speedLimit = cell.speedLimit ?? .infinity
    var pushes = touch(sample)
    forces = [:]
    for (name, box) in scenario.scene.obstacles {
      if let stiffness = scenario.scene.soft[name] { press(&pushes.arm, sample, name, box, stiffness) }
    }
    if cell.push.force > 0 { bump(&pushes.arm, shapes, tool) }
    physics.finish(
      acceleration: law.acceleration, toPosition: fromPosition, toVelocity: fromVelocity, limit: Self.torqueLimit,
      forces: pushes.arm)
    cellContacts = physics.contacts()
    for contact in cellContacts { forces[contact.other, default: 0] += contact.force }
    gather(pushes.arm, tool: tool)
    person.step(dt, forces: pushes.person)
    shapesBefore = shapes
    toolBefore = tool
    heldBefore = held
    for j in effortSum.indices { effortSum[j] += physics.effort[j] }
    jointHistory.append((physics.position, physics.velocity, effortSum, ticks + 1))
    if jointHistory.count > Self.stateDelay + 1 { jointHistory.removeFirst() }
    personHistory.append(person.capsules)
    if personHistory.count > Self.peopleDelay + 1 { personHistory.removeFirst() }
    ticks += 1
  }
}
