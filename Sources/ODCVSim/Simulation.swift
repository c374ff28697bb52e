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

  private var physics: Physics
  private var law: DriverLaw
  private var person: PersonBody
  private var oracle: TruthOracle
  private var cell: CellProcess
  private var noise: MeasurementNoise
  private var personHistory: [[SimCapsule]] = []
  /// Positions and velocities, and the sum of the drives' torques over all steps so far.
  private var jointHistory: [(position: [Double], velocity: [Double], effort: [Double], step: Int64)] = []
  private var effortSum: [Double]
  /// That sum, and the step, of the last state that was sent.
  private var reported: (effort: [Double], step: Int64)
  private var shapesBefore: [SimCapsule]
  private var toolBefore: Vector
  private var heldBefore: SimCapsule?
  private var toolVelocity = Vector(0, 0, 0)
  /// The zone that the sensor for people does not see in this episode.
  public let blindZone: String?
  private var cellContacts: [Physics.CellContact] = []
  private var personContacts: [StateMessage.Contact] = []
  private var contactForce = 0.0
  /// Of the last step: on each fixture that is touched, and the greatest on the person, N.
  private var forces: [String: Double] = [:]
  private var forceOnPerson = 0.0
  private var wrench = [Double](repeating: 0, count: 6)
  private var ticks: Int64 = 0
  private var steps: UInt64 = 0
  private var sequences = (state: UInt64(0), people: UInt64(0), layout: UInt64(0), heartbeat: UInt64(0), signal: UInt64(0), forged: UInt64(0))
  private var lastAction: UInt64?
  private var run: ChunkRun?
  private var lastPose: Frame?
  /// Nm, while one is followed.
  private var effort: [Double]?
  /// Joints of the last states, by their number, for chunks that name one.
  private var published: [UInt64: [Double]] = [:]
  /// A fault of the driver: it reports no contact, no external torque and no wrench, whatever touches the arm.
  public var isContactMuted = false

  /// Nm: Franka's published torque limits for the Panda.
  private static let torqueLimit = [87.0, 87, 87, 87, 12, 12, 12]
  /// Stream of the first device.
  private static let deviceStream: UInt32 = 16
  /// Delay of the arm's state, ms, and of the frames of people.
  private static let stateDelay = 2
  private static let peopleDelay = 10
  /// The driver's number for automatic operation.
  private static let automaticMode: UInt32 = 1
  /// What it reports while somebody has switched it to something else.
  private static let otherMode: UInt32 = 2
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
    noise = MeasurementNoise(seed: seed)
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

  /// Reference that the driver follows, rad.
  public var reference: [Double] { law.position }

  // MARK: - Lock step

  /// What is seen before the first step.
  public mutating func observe() -> StepReplyMessage {
    StepReplyMessage(
      step: steps, simulatedNanoseconds: nanoseconds, state: stateMessage().encoded(),
      people: peopleMessage().encoded(), truth: truthMessage().encoded(), done: isDone)
  }

  /// One control period: the action takes effect now, the reply holds what is seen at the period's end.
  ///
  /// - Parameter action: bytes of an `Action`; `nil` leaves the last command standing. Bytes that are no usable action
  ///   change nothing, and the reply's `error` says why.
  public mutating func step(action: [UInt8]?) -> StepReplyMessage {
    let problem = action.flatMap { take($0) }
    for _ in 0..<Int((scenario.controlPeriod / Physics.dt).rounded()) { tick() }
    steps += 1
    return StepReplyMessage(
      step: steps, simulatedNanoseconds: nanoseconds, state: stateMessage().encoded(),
      people: peopleMessage().encoded(), truth: truthMessage().encoded(), done: isDone, error: problem)
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

  /// Forces between the arm and the person's parts that it touches.
  private mutating func touch(
    _ sample: borrowing TruthSample
  ) -> (arm: [(shape: Int, force: Vector, point: Vector)], person: [Vector]) {
    var onPerson = [Vector](repeating: Vector(0, 0, 0), count: sample.person.count)
    var onArm: [(shape: Int, force: Vector, point: Vector)] = []
    personContacts.removeAll(keepingCapacity: true)
    contactForce = 0
    forceOnPerson = 0
    for touch in oracle.touches {
      let shape = sample.shapes[touch.shape]
      let before = sample.before[touch.shape]
      let speed = ((shape.a - before.a) + (shape.b - before.b)) / (2 * sample.dt)
      let approach = -dot(speed - person.velocity(of: touch.part, dt: sample.dt), touch.normal)
      let part = BodyPart.all[touch.part]
      let force = PersonBody.force(part: part, depth: touch.depth, approach: approach)
      onArm.append((touch.shape, touch.normal * force, touch.point))
      onPerson[touch.part] -= touch.normal * force
      contactForce = max(contactForce, force)
      forceOnPerson = max(forceOnPerson, force)
      personContacts.append(
        StateMessage.Contact(
          link: scenario.scene.arm.links[scenario.scene.arm.shapes[touch.shape].link].name,
          other: "person/\(part.name)", normalForce: force, point: fields(touch.point), distance: -touch.depth))
    }
    return (onArm, onPerson)
  }

  /// s that the arm moved while a person was in each of the zones of which one is blind, in their order.
  public private(set) var exposure: [Double] = []

  private mutating func expose(_ sample: borrowing TruthSample) {
    guard !scenario.blindZones.isEmpty else { return }
    if exposure.isEmpty { exposure = scenario.blindZones.map { _ in 0 } }
    guard oracle.toolSpeed > SeparationWatch.standing, let place = scenario.blindPlace(of: sample.person) else { return }
    exposure[place] += sample.dt
  }

  /// What the gripper holds, in the base frame.
  private func held(in tool: Frame) -> SimCapsule? {
    guard cell.carried > 0, let part = scenario.partShape else { return nil }
    return SimCapsule(a: tool * part.a, b: tool * part.b, radius: part.radius)
  }

  /// The arm's lowest point over a fixture whose top gives way.
  private mutating func press(
    _ pushes: inout [(shape: Int, force: Vector, point: Vector)], _ sample: borrowing TruthSample, _ name: String,
    _ box: SimBox, _ stiffness: Double
  ) {
    let top = box.center.z + box.halfExtents.z
    var deepest = (depth: 0.0, shape: 0, point: Vector(0, 0, 0), approach: 0.0)
    for s in sample.shapes.indices.dropFirst() {
      let (capsule, before) = (sample.shapes[s], sample.before[s])
      for (end, was) in [(capsule.a, before.a), (capsule.b, before.b)] {
        let depth = top - end.z + capsule.radius
        let inside = abs(end.x - box.center.x) <= box.halfExtents.x && abs(end.y - box.center.y) <= box.halfExtents.y
        guard inside, depth > deepest.depth, depth < 2 * capsule.radius else { continue }
        deepest = (depth, s, end - Vector(0, 0, capsule.radius), (was.z - end.z) / sample.dt)
      }
    }
    guard deepest.depth > 0 else { return }
    let force = max(0, stiffness * deepest.depth + Self.pressDamping * stiffness * deepest.approach)
    forces[name, default: 0] += force
    contactForce = max(contactForce, force)
    pushes.append((deepest.shape, Vector(0, 0, force), deepest.point))
    personContacts.append(
      StateMessage.Contact(
        link: scenario.scene.arm.links[scenario.scene.arm.shapes[deepest.shape].link].name, other: name, normalForce: force,
        point: fields(deepest.point), distance: -deepest.depth))
  }

  /// s: damping of what gives way, by its stiffness.
  private static let pressDamping = 0.01

  /// Something slides against the tool, sideways.
  private mutating func bump(
    _ pushes: inout [(shape: Int, force: Vector, point: Vector)], _ shapes: [SimCapsule], _ tool: Vector
  ) {
    let force = cell.push.force
    pushes.append((shapes.count - 1, Vector(0, -force, 0), tool))
    contactForce = max(contactForce, force)
    personContacts.append(
      StateMessage.Contact(
        link: scenario.scene.arm.links[scenario.scene.arm.toolLink].name, other: "carton", normalForce: force,
        point: fields(tool), distance: 0))
  }

  /// Sums the external wrench about the tool centre point.
  private mutating func gather(_ pushes: [(shape: Int, force: Vector, point: Vector)], tool: Vector) {
    var force = Vector(0, 0, 0)
    var torque = Vector(0, 0, 0)
    for push in pushes {
      force += push.force
      torque += cross(push.point - tool, push.force)
    }
    for contact in cellContacts {
      force += contact.vector
      torque += cross(contact.point - tool, contact.vector)
      contactForce = max(contactForce, contact.force)
    }
    wrench = [force.x, force.y, force.z, torque.x, torque.y, torque.z]
  }

  private func fields(_ v: Vector) -> VectorFields { VectorFields(x: v.x, y: v.y, z: v.z) }

  // MARK: - Messages

  private func header(_ stream: UInt32, _ sequence: UInt64, delay: Int = 0) -> HeaderFields {
    HeaderFields(
      robotID: scenario.robotID, streamID: stream, sequence: sequence,
      sourceNanoseconds: max(0, nanoseconds - Int64(delay) * 1_000_000), clock: .simulated, bootID: bootID,
      layoutID: 1)
  }

  /// What the driver reports now, with this seed's noise and delay.
  public mutating func stateMessage() -> StateMessage {
    sequences.state += 1
    let arm = scenario.scene.arm
    let seen = jointHistory.first ?? (physics.position, physics.velocity, effortSum, 0)
    let position = seen.position.map { $0 + noise.position() }
    let velocity = seen.velocity.map { $0 + noise.velocity() }
    published[sequences.state] = position
    if sequences.state > 64 { published[sequences.state - 64] = nil }
    let frames = arm.frames(position)
    let tool = arm.tool(in: frames)
    var twist = [Double](repeating: 0, count: 6)
    for (joint, column) in arm.jacobian(in: frames).enumerated() {
      for axis in 0..<3 {
        twist[axis] += column.linear[axis] * velocity[joint]
        twist[axis + 3] += column.angular[axis] * velocity[joint]
      }
    }
    var message = StateMessage(header: header(1, sequences.state, delay: Self.stateDelay))
    message.position = position
    message.velocity = velocity
    message.effort = meanEffort(until: seen.effort, seen.step)
    message.externalEffort = isContactMuted ? seen.position.map { _ in 0 } : physics.externalEffort
    message.endEffectorPosition = [tool.origin.x, tool.origin.y, tool.origin.z]
    message.endEffectorOrientation = tool.quaternion
    message.endEffectorTwist = twist
    message.wrench = isContactMuted ? wrench.map { _ in 0 } : wrench
    message.wrenchFrame = "panda_link0"
    message.wrenchSign = .onRobot
    message.contacts = isContactMuted ? [] : personContacts
      + cellContacts.map { contact in
        StateMessage.Contact(
          link: contact.link, other: contact.other, normalForce: contact.force, point: fields(contact.point),
          distance: contact.distance)
      }
    message.contactComplete = true
    message.grasped = cell.holds
    let isBypassed = scenario.constraints.contains { constraint in
      constraint.kind == .mode && cell.acts.contains { scenario.acts[$0].name == constraint.act }
    }
    message.mode = isBypassed ? Self.otherMode : Self.automaticMode
    message.lastActionSequence = lastAction
    message.sourceFrame = UInt64(ticks)
    if let hazard = scenario.constraints.first(where: { $0.kind == .toolHazard }) {
      message.toolActive = scenario.operation(hazard.operation).map { !cell.isDone($0) } ?? true
    }
    return message
  }

  /// The drives' mean torque since the state before, Nm; before the first step, what holds the arm.
  private mutating func meanEffort(until sum: [Double], _ step: Int64) -> [Double] {
    defer { reported = (sum, step) }
    guard step > reported.step else { return physics.holding }
    return sum.indices.map { (sum[$0] - reported.effort[$0]) / Double(step - reported.step) }
  }

  /// What the cell's camera sees now, with this seed's noise and delay.
  public mutating func peopleMessage() -> PeopleMessage {
    sequences.people += 1
    let seen = personHistory.first ?? person.capsules
    var message = PeopleMessage(header: header(2, sequences.people, delay: Self.peopleDelay))
    message.sensorID = "cell-camera"
    message.coverageOk = true
    if !seen.isEmpty {
      var track = PeopleMessage.Track(trackID: 1)
      for (index, capsule) in seen.enumerated() {
        let shift = noise.body()
        track.parts.append(
          PeopleMessage.BodyPart(
            region: BodyPart.all[index].region, a: fields(capsule.a + shift), b: fields(capsule.b + shift),
            radius: capsule.radius))
      }
      message.tracks = [track]
    }
    return message
  }

  /// What the cell's devices say of themselves.
  public mutating func signalMessages() -> [SignalMessage] {
    // All in one go, each from its own device.
    sequences.signal += 1
    return cell.signals.enumerated().map { index, signal in
      SignalMessage(
        header: header(Self.deviceStream + UInt32(index), sequences.signal), name: signal.name, value: signal.value)
    }
  }

  /// What somebody else says in a device's name.
  public mutating func forgedSignals() -> [SignalMessage] {
    cell.acts.sorted().compactMap { index in
      let act = scenario.acts[index]
      guard act.forges, let device = act.lifts else { return nil }
      sequences.forged += 1
      let place = scenario.operation(device).map(UInt32.init) ?? 0
      var header = header(Self.deviceStream + place, sequences.forged)
      header.bootID = bootID &+ 1
      return SignalMessage(header: header, name: device, value: 1)
    }
  }

  /// A person has acknowledged the last unexpected contact, or there was none.
  public var isCleared: Bool { cell.push.isCleared }

  /// What is reported to a monitor is not what perception sees.
  public var altersPeople: Bool { blindZone != nil || scenario.acts.contains { $0.hidesPeople } }

  /// What a monitor's sensor sees of people: nothing of what is wholly inside the blind zone, although it vouches for its
  /// whole field. A controller has eyes of its own.
  public func blinded(_ people: PeopleMessage) -> PeopleMessage {
    var message = people
    if cell.acts.contains(where: { scenario.acts[$0].hidesPeople }) { message.tracks = [] }
    guard let blind = scenario.zone(blindZone) else { return message }
    for index in message.tracks.indices {
      message.tracks[index].parts.removeAll { part in
        guard let a = part.a, let b = part.b else { return false }
        return [a, b].allSatisfy { blind.contains(Vector($0.x ?? 0, $0.y ?? 0, $0.z ?? 0), inset: 0) }
      }
    }
    message.tracks.removeAll { $0.parts.isEmpty }
    return message
  }

  /// What is true now; drains the violations since the last call.
  public mutating func truthMessage() -> TruthMessage {
    var message = TruthMessage(simulatedNanoseconds: nanoseconds)
    message.kpi = KPIValue(
      name: scenario.kpi.name, value: cell.kpi, target: scenario.kpi.target, unit: scenario.kpi.unit)
    message.cycles = cell.cycles
    message.violations = oracle.drain()
    message.clearance = oracle.clearance
    message.separation = oracle.separation
    message.tcpSpeed = oracle.toolSpeed
    message.contactForce = contactForce
    return message
  }

  /// What the arm's driver says of the arm.
  public mutating func layoutMessage() -> LayoutMessage {
    sequences.layout += 1
    let arm = scenario.scene.arm
    var message = LayoutMessage(header: header(3, sequences.layout))
    message.layoutID = 1
    message.jointNames = arm.jointNames
    message.jointUnits = arm.jointNames.map { _ in "rad" }
    message.jointLower = arm.lower
    message.jointUpper = arm.upper
    message.maxVelocity = law.parameters.velocity
    message.maxEffort = Self.torqueLimit
    message.baseFrame = arm.links[0].name
    message.endEffectorFrame = arm.links[arm.toolLink].name
    message.controlPeriodNanoseconds = Int64((scenario.controlPeriod * 1e9).rounded())
    message.languageBudgetBytes = 2048
    return message
  }

  public mutating func heartbeatMessage() -> HeartbeatMessage {
    sequences.heartbeat += 1
    return HeartbeatMessage(header: header(4, sequences.heartbeat))
  }
}
