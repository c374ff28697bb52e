/// What the monitor knows, and since when.
struct World: ~Copyable, Sendable {
  /// What holds an existential is handled by its address alone: without it, each borrowing from the monitor copies 27 KB.
  private let pin: any Sendable = ()

  struct Timed<Value: Sendable>: Sendable {
    var value: Value
    /// `nil` before the first.
    var received: MonoInstant?
  }

  let configuration: Configuration
  private(set) var now = MonoInstant(nanoseconds: 0)
  private(set) var index: UInt64 = 0
  /// What the driver said last; before it said anything, of no joints.
  private(set) var state = State.absent
  /// When it came; `nil` before the first.
  private(set) var stateReceived: MonoInstant?
  /// Per people sensor of the cell, its last frame.
  private(set) var people: [Timed<People>]
  /// Per obstacle sensor of the cell, its last frame.
  private(set) var obstacles: [Timed<Obstacles>]
  private(set) var solids: CellSolids
  /// When the tool was last reported to be on.
  private(set) var toolWasActive: MonoInstant?
  private var posture: Posture
  /// What the step's command tells the gripper.
  private(set) var gripper: GripperCommand?
  var reversals = Reversals()
  private(set) var release: ReleaseWatch
  private(set) var occupancy: Occupancy
  /// Why people are not known, and through which sensor; `nil` when every declared sensor is there.
  private(set) var peopleUnknown: (UnknownReason, Int)?
  /// The same for obstacles.
  private(set) var obstaclesUnknown: (UnknownReason, Int)?
  /// The reduced mode is in force.
  private(set) var isReduced = false
  private(set) var streams = StreamTable()
  /// How the step's own message stands in its stream; `nil` when the input is not a numbered message.
  private(set) var place: StreamPlace?
  /// Why the step's message was refused.
  private(set) var rejection: Rejection?
  private(set) var loss: UInt64 = 0
  private var clocks: ClockWatch
  /// What the stamp of the step's message says; `nil` when its source declares no clock.
  private(set) var clockReading: ClockWatch.Reading?
  /// When each source was last heard, by `Source`.
  private var heard = InlineArray<4, MonoInstant?>(repeating: nil)
  private(set) var signals = SignalWatch()
  private(set) var claims = ClaimWatch()
  private(set) var truth: TruthWatch
  private(set) var classes: ClassWatch
  /// The controller's last action said that its task is done.
  private(set) var terminated = false
  /// Whether the step's order to reset cleared the latch; `nil` when the step brings none.
  private(set) var resetCleared: Bool?
  /// What the step's input gives to judge, and its command when it is one.
  private(set) var judged: Judged = .noted
  private(set) var action: Action?
  /// The row of the chunk that the judged action is, where the monitor itself took it from a chunk.
  private(set) var row: Int?
  private(set) var chunk = ChunkPlayer()
  /// Of a command that is only supposed; the one in force while it is.
  private var supposedChunk = ChunkPlayer()
  private(set) var observations = Observations()
  /// What the last command asked of the joints; of no joints before the first, and after an effort.
  var asked = AskedMotion.absent
  /// `nil` where what was let through last was no row.
  var lastRow: ExecutedRow?
  /// The state before the last one: its velocity, absent without one, and when it came.
  private(set) var earlierVelocity = JointVector.absent
  private(set) var earlierReceived = MonoInstant(nanoseconds: 0)
  /// The step's input is a state that was taken in.
  private(set) var isNewState = false
  private(set) var overrun: Double?
  private(set) var contact: ContactWatch
  private(set) var observer: ContactObserver?
  private(set) var lastAction: UInt64 = 0
  /// Whether the controller and the driver name the configured joints in the configured order, as far as they have said.
  private var layouts: InlineArray<2, Bool> = [true, true]
  var pending = PendingCommand()
  /// Where the arm came to rest; absent while it moves with leave.
  var rest = JointVector.absent
  /// When it last came to rest; `nil` before the first time.
  private(set) var cameToRest: MonoInstant?

  init(_ configuration: Configuration) {
    self.configuration = configuration
    contact = ContactWatch(configuration)
    observer = ContactObserver(configuration)
    clocks = ClockWatch(configuration.cell)
    truth = TruthWatch(configuration)
    classes = ClassWatch(configuration)
    release = ReleaseWatch(configuration.limits)
    occupancy = Occupancy(configuration.cell)
    posture = Posture(for: configuration.robot)
    people = configuration.cell.peopleSensors.map { _ in Timed(value: .absent) }
    obstacles = configuration.cell.obstacleSensors.map { _ in Timed(value: .absent) }
    solids = CellSolids(configuration)
  }

  /// The next input is the one after `index`. Nothing else changes: what came before is not known.
  mutating func resume(after index: UInt64, at instant: MonoInstant) {
    if self.index == 0 { now = instant }
    self.index = index
  }

  /// Takes an input in. A message out of its order is noted, and what it says is not believed.
  mutating func receive(_ input: Input, at instant: MonoInstant) {
    beginStep(at: instant)
    release.expire(at: instant)
    index &+= 1
    switch input {
    case .action(let action):
      judged = .commanded
      self.action = action
      gripper = action.gripper
      chunk.end()
      if take(.action, action.sequence) { terminated = action.terminates }
      lastAction = action.sequence.number ?? 0
    case .chunk(let rows):
      let inOrder = take(.action, rows.sequence)
      lastAction = rows.sequence.number ?? 0
      gripper = rows.gripper
      if !inOrder {
        chunk.end()
      } else if chunk.begin(rows, at: instant) {
        judged = .predicted
      } else {
        rejection = Rejection(stream: .action, reason: .wrongLength)
      }
    case .state(let state):
      if take(.state, state.sequence) { receive(state, at: instant) }
    case .people(let frame):
      if take(.people, frame.sequence, sensor: frame.sensor), people.indices.contains(frame.sensor) {
        if frame.isPlaceable {
          people[frame.sensor].value = frame
          people[frame.sensor].received = instant
          see(frame)
        } else {
          rejection = Rejection(stream: .people, reason: .nonFinite)
        }
      }
    case .obstacles(let frame):
      if take(.obstacles, frame.sequence, sensor: frame.sensor), obstacles.indices.contains(frame.sensor) {
        if frame.isPlaceable {
          obstacles[frame.sensor].value = frame
          obstacles[frame.sensor].received = instant
          see(frame)
        } else {
          rejection = Rejection(stream: .obstacles, reason: .nonFinite)
        }
      }
    case .signal(let signal):
      if take(.signal, signal.sequence, sensor: signal.index), configuration.cell.signals.indices.contains(signal.index) {
        if signal.value.isFinite {
          signals.take(signal, at: instant)
        } else {
          rejection = Rejection(stream: .signal, reason: .nonFinite)
        }
      }
    case .episode(let phase):
      judged = .noted
      switch phase {
      // What is under way goes on, whatever the rig counts as a new trial.
      case .reset:
        streams.forget()
        chunk.end()
      case .start, .end: break
      }
    case .reset(let reset):
      // Nobody clears a latch of an arm that has not been seen since, or that moves, whatever its driver says of that.
      let stands = hasFreshState && standsStill && truth.doubtedJoint(at: instant) == nil
      resetCleared = stands && contact.reset(reset)
    case .restored(let latch):
      judged = .noted
      contact.restore(latch, at: instant)
    case .handover:
      judged = .noted
      chunk.end()
      hold()
    case .release(let order):
      judged = .noted
      // From where it is, so it must be known where that is.
      if hasFreshState {
        posture.place(configuration.robot, at: state.position)
        release.begin(order, from: posture.toolCentrePoint, at: instant)
      }
    case .rejected(let refused):
      rejection = refused
      // Whoever sent it wants something else by now.
      if refused.stream == .action { chunk.end() }
    case .lost(let stream, let count):
      loss = count
      if stream == .action { chunk.end() }
    case .overrun(let time): overrun = time
    case .layout(let layout):
      let place = layout.stream == .action ? 0 : 1
      // What came under another layout meant something else, and the right one doesn't change that.
      if place == 1, !layouts[place] { forgetStates() }
      layouts[place] = layout.jointsMatch
      hear(layout.stream)
      if layout.jointsMatch { judged = .noted }
    case .tick: takeDueRow()
    case .heartbeat(let source):
      judged = .noted
      heard[Int(source.rawValue)] = instant
    case .noted(let stream):
      judged = .noted
      hear(stream)
    }
    lookAround()
  }

  /// What a step's own input says, before it has said anything.
  private mutating func beginStep(at instant: MonoInstant) {
    now = instant
    place = nil
    rejection = nil
    loss = 0
    overrun = nil
    action = nil
    gripper = nil
    row = nil
    isNewState = false
    clockReading = nil
    resetCleared = nil
    judged = .measured
  }

  /// What depends on the time as it is now.
  private mutating func lookAround() {
    if !configuration.cell.claims.isEmpty {
      var claims = claims
      claims.update(self)
      self.claims = claims
    }
    peopleUnknown = findPeopleUnknown()
    obstaclesUnknown = findObstaclesUnknown()
    isReduced = findReduced()
  }

  /// Places a message in its stream, reads its stamp, and hears its source. Whether what it says is believed.
  private mutating func take(_ stream: Stream, _ sequence: Sequence, sensor: Int = 0) -> Bool {
    let place = streams.place(stream, sequence, sensor: sensor)
    self.place = place
    guard place.inOrder else { return false }
    clockReading = clocks.read(stream, sequence, sensor: sensor, at: now)
    hear(stream)
    return true
  }

  private mutating func hear(_ stream: Stream) {
    if let source = stream.source { heard[Int(source.rawValue)] = now }
  }

  /// When the source sent anything last that was believed; `nil` before the first.
  func lastHeard(_ source: Source) -> MonoInstant? { heard[Int(source.rawValue)] }

  private mutating func see(_ frame: borrowing Obstacles) {
    classes.see(frame, after: solids.seenObstacles[frame.sensor], at: now)
    solids.see(frame)
  }

  private mutating func see(_ frame: borrowing People) {
    occupancy.see(frame, error: configuration.cell.peopleSensors[frame.sensor].positionError)
    classes.see(frame, among: solids.seenObstacles, at: now)
    solids.see(frame)
  }

  /// A party whose joints are not the configured ones: what its numbers mean is not known until it says otherwise.
  var mismatchedLayout: Stream? {
    if !layouts[0] { return .action }
    return layouts[1] ? nil : .state
  }

  private mutating func forgetStates() {
    state = .absent
    stateReceived = nil
    earlierVelocity = .absent
    rest = .absent
    observations.removeAll()
    observer?.forget()
  }

  private mutating func receive(_ state: State, at instant: MonoInstant) {
    let joints = configuration.robot.joints.count
    guard state.position.count == joints, state.velocity.count == joints,
      state.position.isFinite, state.velocity.isFinite
    else {
      rejection = Rejection(
        stream: .state, reason: state.position.isFinite && state.velocity.isFinite ? .wrongLength : .nonFinite)
      observer?.forget()
      return
    }
    // Without one of its fingers a gripper is not as wide.
    let isFirst = stateReceived == nil
    let isSameBoot = !isFirst && self.state.sequence.boot == state.sequence.boot
    if isSameBoot, state.fingers < self.state.fingers {
      rejection = Rejection(stream: .state, reason: .wrongLength)
      observer?.forget()
      return
    }
    earlierVelocity = self.state.velocity
    if let stateReceived { earlierReceived = stateReceived }
    truth.observe(state, target: pending.goal.kind == .position ? pending.goal.values : .absent, configuration, at: instant)
    if place?.missing != 0 || !isSameBoot { observer?.forget() }
    var reading = ContactObserver.Reading.absent
    observer?.observe(state, at: instant, into: &reading)
    // What it was before anybody listened is not known, nor what it is while nobody says.
    if state.toolActive != false || isFirst { toolWasActive = instant }
    self.state = state
    stateReceived = instant
    observations.add(state)
    isNewState = true
    reversals.measure(state.velocity, standstill: configuration.robot.measurement.standstill)
    pending.settle()
    if rest.isAbsent, standsStill {
      rest = state.position
      cameToRest = instant
    }
    contact.observe(state, reading, configuration: configuration, at: instant)
  }
}

extension World {
  /// No row of the chunk is executed any more.
  mutating func endChunk() { chunk.end() }

  /// The row of a chunk that has become due is the command that is judged.
  private mutating func takeDueRow() {
    switch chunk.take(at: now) {
    case nil: return
    case .row(let row):
      self.row = row
      gripper = chunk.gripper
      action = Action(
        sequence: chunk.sequence, command: chunk.command(row), row: chunk.place(row), gripper: chunk.gripper)
    case .over:
      guard case .stop = chunk.ends else { return }
      action = Action(sequence: chunk.sequence, command: .stop)
    }
    judged = .commanded
  }
}

// MARK: - What would be

extension World {
  /// What a supposed command changes beside the step's own.
  struct Supposition {
    fileprivate var now: MonoInstant
    fileprivate var lastAction: UInt64
    fileprivate var terminated: Bool
    fileprivate var claims: ClaimWatch
    fileprivate var release: ReleaseWatch
    fileprivate var heard: MonoInstant?
  }

  /// Makes a command the one that is judged, as if it had come at `instant` in its order; until `forgetSupposition`.
  mutating func suppose(_ command: Command, at instant: MonoInstant) -> Supposition {
    let controller = Int(Source.controller.rawValue)
    let before = Supposition(
      now: now, lastAction: lastAction, terminated: terminated, claims: claims, release: release,
      heard: heard[controller])
    beginStep(at: instant)
    release.expire(at: instant)
    heard[controller] = instant
    swap(&chunk, &supposedChunk)
    switch command {
    case .action(let action):
      judged = .commanded
      self.action = action
      gripper = action.gripper
      terminated = action.terminates
      lastAction = action.sequence.number ?? 0
    case .chunk(let rows):
      gripper = rows.gripper
      lastAction = rows.sequence.number ?? 0
      if chunk.begin(rows, at: instant) {
        judged = .predicted
      } else {
        rejection = Rejection(stream: .action, reason: .wrongLength)
      }
    }
    lookAround()
    return before
  }

  /// The world is as it was; what was the step's own is the next one's to say.
  mutating func forgetSupposition(_ before: Supposition) {
    swap(&chunk, &supposedChunk)
    now = before.now
    lastAction = before.lastAction
    terminated = before.terminated
    claims = before.claims
    release = before.release
    heard[Int(Source.controller.rawValue)] = before.heard
  }
}
