import ODCVCodec
import ODCVCore
import ODCVWire

/// What a fuzzer's bytes mean as a sequence of events: which cell, then one operation after the other, each with how time goes
/// on before it.
///
/// Good messages of every party are what the bytes ask for first; edits then break them in places, and raw bytes stand for
/// what nobody of ours would send.
struct Script: ~Copyable {
  enum Operation: UInt8, CaseIterable {
    case period, state, action, chunk, people, obstacles, signal, layout, heartbeat, request, raw, wait, loss, overrun, again
    case restored
  }

  /// Operations of one script.
  static let longest = 32
  /// Events after which no operation begins.
  private static let most = 128

  private var reader: ByteReader
  private var parties: Parties
  private var shell: Shell
  private(set) var events: [Event] = []
  private(set) var answers: [Shell.Answer] = []

  private init(_ reader: ByteReader, _ cell: FuzzCell, plant: Plant?) {
    self.reader = reader
    parties = Parties(cell)
    shell = Shell(cell, kernel: .best, plant: plant)
  }

  /// Plays `bytes`, and once more on another monitor: it must come to the same. The answers of the first time.
  static func play(
    _ bytes: [UInt8], in cells: [FuzzCell], plant: Plant? = nil
  ) throws(FuzzFinding) -> [Shell.Answer] {
    var reader = ByteReader(bytes)
    let choice = reader.byte()
    let cell = cells[Int(choice) % cells.count]
    var script = Script(reader, cell, plant: plant)
    try script.play()
    // Every build of the kernel gives the same bytes.
    let kernel = choice >= 128 ? Kernel.named("x86-64-v3") ?? .best : .best
    var again = Shell(cell, kernel: kernel, plant: plant)
    for (place, event) in script.events.enumerated() {
      let (first, second) = (script.answers[place], try again.take(event))
      let isSame = first.bytes == second.bytes && first.output == second.output
      guard isSame, plant != .difference || first.decision != .halt else {
        throw FuzzFinding("input \(place + 1) of \(script.events.count) has another verdict the second time")
      }
    }
    return script.answers
  }

  /// What happens in it.
  static func events(_ bytes: [UInt8], in cells: [FuzzCell]) throws(FuzzFinding) -> [Event] {
    var reader = ByteReader(bytes)
    let cell = cells[Int(reader.byte()) % cells.count]
    var script = Script(reader, cell, plant: nil)
    try script.play()
    return script.events
  }

  private mutating func play() throws(FuzzFinding) {
    for _ in 0..<Script.longest where !reader.isAtEnd && events.count < Script.most {
      let operation = Operation.allCases[reader.index(Operation.allCases.count)]
      wait()
      try play(operation)
    }
  }

  private mutating func wait() {
    let choice = Int(reader.byte())
    parties.now.nanoseconds &+= choice < 128 ? Extremes.times[choice % 8] : Extremes.times[choice % Extremes.times.count]
  }

  private mutating func play(_ operation: Operation) throws(FuzzFinding) {
    switch operation {
    // Contact is known from the efforts after some of them.
    case .period: for _ in 0...reader.index(8) { for event in parties.period() { try take(event) } }
    case .state: try take(parties.event(.state, .state, edited(state().encoded())))
    case .action: try take(parties.event(.action, .action, edited(action().encoded())), mayBeLate: true)
    case .chunk: try take(parties.event(.action, .action, edited(chunk().encoded())), mayBeLate: true)
    case .people:
      let (count, parts, x, y) = (reader.index(10), reader.index(18), reader.signed() / 64, reader.signed() / 64)
      let sensor = reader.index(parties.cell.core.cell.peopleSensors.count)
      try take(
        parties.event(
          .people, .scene, edited(parties.people(sensor: sensor, count: count, parts: parts, x: x, y: y).encoded())))
    case .obstacles:
      let (count, x) = (Int(reader.byte()), reader.signed() / 64)
      guard !parties.cell.core.cell.obstacleSensors.isEmpty else { return }
      try take(
        parties.event(.obstacles, .scene, edited(parties.obstacles(sensor: 0, count: count, x: x).encoded())))
    case .signal:
      let (index, value) = (Int(reader.byte()), reader.signed() / 64)
      guard !parties.cell.core.cell.signals.isEmpty else { return }
      try take(edited(parties.signal(index % parties.cell.core.cell.signals.count, value)))
    case .layout: try take(edited(parties.layout(reader.choice([.action, .state]))))
    case .heartbeat: try take(edited(parties.heartbeat(reader.choice([.action, .state, .scene]))))
    case .request: try take(edited(request()))
    case .raw: try take(raw())
    case .wait: try take(Event(kind: .tick, instant: parties.now))
    case .loss:
      let kind = Event.Kind.lost(reader.choice(Endpoint.allCases), count: reader.choice(Extremes.integers))
      try take(Event(kind: kind, instant: parties.now))
    case .overrun:
      let duration = Int64(bitPattern: reader.choice(Extremes.integers))
      try take(Event(kind: .overrun(duration), instant: parties.now))
    case .again:
      guard !events.isEmpty else { return }
      var event = events[events.count - 1 - reader.index(events.count)]
      event.instant = parties.now
      try take(event)
    case .restored:
      let latch = reader.choice(Extremes.integers)
      try take(Event(kind: latch == 0 ? .handover : .restored(latch), instant: parties.now))
    }
  }

  /// Takes one event in as the loop does: what it leaves to be done at once follows.
  private mutating func take(_ event: Event, mayBeLate: Bool = false) throws(FuzzFinding) {
    var event = event
    event.isLate = mayBeLate && reader.byte() >= 224
    try judge(event)
    if event.isLate { try judge(Event(kind: .overrun(6_000_000), instant: event.instant)) }
    guard case .message = event.kind, let due = shell.due, due <= event.instant else { return }
    try judge(Event(kind: .tick, instant: event.instant))
  }

  private mutating func judge(_ event: Event) throws(FuzzFinding) {
    // Each verdict's message would take as long as all the rest.
    let answer = try shell.take(event, isTold: events.count % 8 == 7)
    if let target = answer.target, target.count == parties.position.count, target.allSatisfy(\.isFinite) {
      parties.goal = target
    }
    events.append(event)
    answers.append(answer)
  }

  // MARK: - Messages

  private mutating func edited(_ body: [UInt8]) -> [UInt8] {
    var body = body
    let edits = reader.byte()
    for _ in 0..<(edits < 128 ? 0 : Int(edits) % 4) { body = BodyEdit.apply(to: body, &reader) }
    return body
  }

  private mutating func edited(_ event: Event) -> Event {
    guard case .message(let endpoint, let topic, let body) = event.kind else { return event }
    var event = event
    event.kind = .message(endpoint, topic: topic, body: edited(body))
    return event
  }

  private mutating func state() -> StateMessage {
    parties.move()
    var state = parties.state()
    switch reader.index(8) {
    case 1:
      let link = parties.cell.loaded.linkNames[reader.index(parties.cell.loaded.linkNames.count)]
      let other = reader.choice(["part", "person/hand_right", "head"])
      state.contacts = [.init(link: link, other: other, normalForce: reader.signed(), distance: 0)]
    case 2: state.wrench = [reader.signed(), 0, 0, 0, 0, 0]
    case 3: state.externalEffort = state.externalEffort.map { $0 + reader.signed() }
    case 4: state.position = state.position.map { $0 + reader.signed() / 1024 }
    case 5: state.velocity = state.velocity.map { $0 + reader.signed() / 1024 }
    case 6:
      state.grasped = true
      state.toolActive = true
      state.gripperPosition = [reader.signed() / 64, 0.01]
      state.successRate = reader.signed() / 64
      state.mode = UInt32(reader.index(4))
    default: break
    }
    return state
  }

  /// A command in any space, a little away from where the arm is.
  private mutating func action() -> ActionMessage {
    var action = ActionMessage(header: parties.header("action", .action))
    let space = reader.choice(ActionMessage.Space.allCases)
    action.space = space
    action.reference = reader.choice(ActionMessage.DeltaReference.allCases)
    action.rotation = reader.choice(ActionMessage.RotationForm.allCases)
    let numbers = numbers(space, action.rotation)
    switch space {
    case .jointPosition, .jointPositionDelta: action.position = numbers
    case .jointVelocity: action.velocity = numbers
    case .jointEffort: action.effort = numbers
    case .eePose, .eePoseDelta, .eeTwist: action.endEffector = numbers
    case .gripperOnly: action.gripperEffort = [reader.signed()]
    case .noMotion, .stop, .unspecified: break
    }
    if reader.index(4) == 1 { place(&action, rows: 1 + reader.index(4)) }
    return action
  }

  private mutating func chunk() -> ActionMessage {
    var action = ActionMessage(header: parties.header("action", .action))
    let space = reader.choice([
      ActionMessage.Space.jointPosition, .jointPositionDelta, .jointVelocity, .jointEffort, .eePose, .eePoseDelta, .eeTwist,
    ])
    action.space = space
    action.reference = reader.choice(ActionMessage.DeltaReference.allCases)
    action.rotation = reader.choice(ActionMessage.RotationForm.allCases)
    let rows = reader.index(66)
    place(&action, rows: rows)
    action.chunkPeriodNanoseconds = reader.choice([20_000_000, 1_000_000, 100_000_000, 1])
    let (first, last) = (numbers(space, action.rotation), numbers(space, action.rotation))
    for row in 0..<rows {
      let share = Double(row) / Double(rows)
      action.horizonPosition += zip(first, last).map { $0 + share * ($1 - $0) }
    }
    return action
  }

  private mutating func place(_ action: inout ActionMessage, rows: Int) {
    action.chunkID = UInt64(reader.byte())
    action.chunkLength = UInt32(rows)
    action.chunkStep = UInt32(reader.index(4))
    let execute = reader.index(66)
    if execute > 0 { action.chunkExecute = UInt32(execute) }
    let observation = reader.index(4)
    if observation > 0 { action.chunkObservationSequence = UInt64(observation) }
  }

  private mutating func numbers(_ space: ActionMessage.Space, _ form: ActionMessage.RotationForm?) -> [Double] {
    let scale = pow2(-reader.index(16))
    switch space {
    case .jointPosition: return parties.position.map { $0 + scale * reader.signed() / 128 }
    case .jointPositionDelta, .jointVelocity, .jointEffort: return parties.position.map { _ in scale * reader.signed() / 128 }
    case .eePose, .eePoseDelta, .eeTwist:
      let rotation: [Double] =
        switch form {
        case .quaternion: [0, 0, 0, 1]
        case .rotation6D: [1, 0, 0, 0, 1, 0]
        case .axisAngle, .rpyFixed, .unspecified, nil: [0, 0, scale * reader.signed() / 128]
        }
      let tool = space == .eePose ? parties.tool() : [0, 0, 0]
      let turned = space == .eeTwist ? [0, 0, scale * reader.signed() / 128] : rotation
      return tool.map { $0 + scale * reader.signed() / 128 } + turned
    case .gripperOnly, .noMotion, .stop, .unspecified: return []
    }
  }

  private func pow2(_ exponent: Int) -> Double { Double(sign: .plus, exponent: exponent, significand: 1) }

  private mutating func request() -> Event {
    let episode = EpisodeMessage(phase: reader.choice([.reset, .start, .end]))
    switch reader.index(6) {
    case 0: return parties.event(parties.reset(latch: answers.last?.latch ?? 0))
    case 1: return parties.event(parties.release())
    case 2, 3: return parties.event(RequestMessage(episode: episode))
    case 4: return parties.event(RequestMessage(pressure: PressureMessage(condition: .placebo)))
    default: return parties.event(RequestMessage(status: StatusRequestMessage()))
    }
  }

  private mutating func raw() -> Event {
    let endpoint = reader.choice(Endpoint.allCases)
    let kind = reader.index(16)
    let topic =
      kind < MessageKind.allCases.count
      ? Topic.bytes(MessageKind.allCases[kind], robot: parties.cell.loaded.robotID) : reader.take(reader.index(32))
    return Event(
      kind: .message(endpoint, topic: topic, body: reader.take(Int(reader.byte()))), instant: parties.now)
  }
}
