import ODCVCodec
import ODCVCore
import ODCVEvidence
import ODCVWire

/// Where an input of the loop came from, with its bytes for the record and the gate.
enum Origin {
  /// The loop itself: a tick or an overrun.
  case none
  case message(Endpoint, topic: UnsafeRawBufferPointer, body: UnsafeRawBufferPointer)
}

extension ArmLoop {
  /// Takes the message in `frames` in: stamp, decode, judge. One that the loop had in its hand while it was stopped is old.
  ///
  /// - Parameter taken: when it was taken from its socket; `nil`: just now
  mutating func receive(_ endpoint: Endpoint, taken: MonoInstant? = nil) throws(WireError) {
    let now = monotonicNow()
    guard isTimely(now) else { return try lose(1, endpoint) }
    let taken = taken ?? now
    // A message that has not two frames has no topic: its frames, joined, are a body that no decoder accepts, and
    // they are recorded so too.
    if frames.count == 2 {
      try decodeAndJudge(endpoint, topic: frames[0], body: frames[1], taken: taken)
    } else {
      let joined = joinedFrames(from: 0)
      defer { joined.deallocate() }
      try decodeAndJudge(
        endpoint, topic: UnsafeRawBufferPointer(start: nil, count: 0), body: UnsafeRawBufferPointer(joined), taken: taken)
    }
  }

  /// Takes a request of the control endpoint in and answers it.
  mutating func receiveRequest() throws(WireError) {
    let now = monotonicNow()
    // [identity][empty][body] from a REQ socket, [identity][body] from a DEALER.
    guard frames.count >= 2 else { return }
    let body = frames[frames.count - 1]
    if Decoder.isStatusRequest(body) {
      try reply(AckMessage(ok: true, status: status(at: now)))
      return
    }
    if let asked = regime.decoder.checked(body) { return try reply(check(asked, at: now)) }
    let before = latch
    let outcome = try decodeAndJudge(
      .control, topic: UnsafeRawBufferPointer(start: nil, count: 0), body: body, taken: now)
    switch outcome {
    case .refused(let rejection):
      let advice = RefusalAdvice(configuration: regime.configuration)
      try reply(AckMessage(ok: false, error: advice.text(rejection.stream, rejection.reason)))
    case .reset where before == 0:
      try reply(AckMessage(ok: false, error: "no latch is in force: there is nothing to reset"))
    case .reset(let ordered) where latch == before:
      let core = regime.configuration.core
      let cause = regime.monitor.contactSign.map { ($0, ContactCause.find($0, lastState, restored, core)) }
      let text = ResetRefusal.text(
        inForce: latch, ordered: ordered, age: stateAge, state: lastState.state, contact: cause,
        doubted: regime.monitor.doubtedJoint, isKnown: regime.monitor.knowsContact, core)
      try reply(AckMessage(ok: false, error: text))
    case .reset, .taken:
      try reply(AckMessage(ok: true))
    }
  }

  /// The verdict that an action would have now. It is no input: nothing of it is told, forwarded or recorded.
  private mutating func check(_ asked: Input, at now: MonoInstant) -> AckMessage {
    let command: Command
    switch asked {
    case .action(let action): command = .action(action)
    case .chunk(let chunk): command = .chunk(chunk)
    case .rejected(let rejection):
      let advice = RefusalAdvice(configuration: regime.configuration)
      return AckMessage(ok: false, error: advice.text(rejection.stream, rejection.reason))
    case .layout, .state, .people, .obstacles, .signal, .episode, .reset, .release, .restored, .handover, .tick, .heartbeat, .noted, .lost,
      .overrun:
      preconditionFailure("an action decodes to a command or to a refusal")
    }
    let verdict = regime.monitor.check(command, at: now)
    let body = regime.writer.verdict(verdict, sequence: verdictSequence, at: monotonicNow(), latency: 0)
    do {
      return AckMessage(ok: true, verdict: try VerdictMessage(decoding: body))
    } catch {
      return AckMessage(ok: false, error: "the verdict can't be told: \(error); shorten the names in the cell's files")
    }
  }

  /// What became of a message.
  enum Taken {
    case taken
    /// The latch that an operator ordered to clear.
    case reset(UInt64)
    case refused(Rejection)
  }

  @discardableResult
  private mutating func decodeAndJudge(
    _ endpoint: Endpoint, topic: UnsafeRawBufferPointer, body: UnsafeRawBufferPointer, taken stamp: MonoInstant
  ) throws(WireError) -> Taken {
    let now = max(stamp, lastInput)
    let input = regime.decoder.decode(endpoint: endpoint, topic: topic, body: body)
    let outline = input.outline
    guard !doubts.doubt(outline, at: now) else {
      doubted += 1
      return .taken
    }
    // Before what comes after them, or they would be a gap that is counted again.
    if doubted > 0 { try loseDoubted(endpoint) }
    counters.lost &+= discarded.uncounted(regime.ledger.take(outline, at: now), endpoint, at: now)
    notice(outline)
    var taken = Taken.taken
    switch outline {
    case .rejected(let rejection):
      counters.rejected += 1
      taken = .refused(rejection)
      if refusals.take(rejection) { link.notices.push(.refused(rejection.stream, rejection.reason)) }
    case .reset(let order):
      taken = .reset(order.latch)
      decline("an operator's order came in meanwhile", at: now)
    case .state: if case .state(let state) = input { lastState.take(state, body) }
    case .noted(let stream):
      if stream == .pressure, let told = (try? RequestMessage(decoding: Array(body)))?.pressure { pressure.take(told, at: now) }
    case .episode(let phase):
      if phase == .reset { lastState.forgetOrder() }
      if phase == .end { pressure.end(at: now) }
    case .command(let sequence): pressure.take(action: body, sequence: sequence.number, at: now)
    case .layout: keepLayout(endpoint, topic, body)
    case .release: decline("an operator's order came in meanwhile", at: now)
    case .people, .obstacles, .signal, .restored, .handover, .tick, .heartbeat, .lost, .overrun: break
    }
    try judge(input, outline, at: now, taken: stamp, from: .message(endpoint, topic: topic, body: body))
    try judgeDueRow(at: now)
    return taken
  }

  /// Judges one input, then tells, gates and records it. Every input of the core passes here, in order.
  ///
  /// - Parameter duration: of an overrun, ns
  mutating func judge(
    _ input: Input, at received: MonoInstant, from origin: Origin, duration: Int64 = 0
  ) throws(WireError) {
    try judge(input, input.outline, at: received, taken: received, from: origin, duration: duration)
  }

  /// - Parameters:
  ///   - received: the core's time
  ///   - taken: when it was taken from its socket: from there on its verdict can be late
  private mutating func judge(
    _ input: Input, _ outline: InputOutline, at received: MonoInstant, taken: MonoInstant, from origin: Origin, duration: Int64 = 0
  ) throws(WireError) {
    // The core's time never steps back: what was judged since this was due, an overrun say, came later.
    let received = max(received, lastInput)
    lastInput = received
    let begin = monotonicNow()
    let verdict = regime.monitor.step(input, at: received)
    times.check.add(monotonicNow().nanoseconds - begin.nanoseconds)
    let latches = verdict.latch != latch
    // Before anybody is told: who is killed after the `halt` went out still knows of it.
    if latches { link.latch.latch = verdict.latch }
    let decided = latches ? monotonicNow() : received
    let sent = counters.forwarded &+ counters.held &+ counters.slowed
    counters.inputs = verdict.index
    stateAge = verdict.stateAge
    let ordered = try obey(verdict, outline, origin, at: received, taken: taken)
    let done = monotonicNow()
    let latency = done.nanoseconds - taken.nanoseconds
    // Who waits for it hears it before it is recorded; the recorder gets all of it in the order in which it happened.
    let told = try tell(verdict, latency: latency)
    evidence.record(outline, verdict.index, received, origin, duration: duration)
    if let ordered { evidence.recordSent(forwarded: ordered.forwarded, ordered.substitute, verdict.index, received) }
    evidence.recordVerdict(topics.verdict, told, verdict.index, verdict.instant)
    noteObedience(verdict, input)
    pressure.take(verdict)
    try takeUp(verdict)
    counters.worstLatency = max(counters.worstLatency, Double(latency) * 1e-9)
    measure(outline, verdict.stateAge, latency)
    if latches {
      let wasOrdered = counters.forwarded &+ counters.held &+ counters.slowed != sent
      noteLatch(verdict, decided: decided, ordered: wasOrdered ? done : nil)
    }
    successor?.pointee.take(input, at: received, from: origin, isForDriver: isCommand(origin), beside: verdict)
    // What was only noted says nothing about the arm, unless it was refused.
    if verdict.judged != .noted || AlarmBook.severity(verdict.outcome) > 0 { last = (verdict.outcome, verdict.decision) }
    if case .overrun = outline { return }
    guard latency > regime.overrunLimit else { return }
    counters.overruns += 1
    try judge(.overrun(EvidenceTap.seconds(latency)), at: done, from: .none, duration: latency)
  }

  private func measure(_ outline: InputOutline, _ stateAge: Double?, _ latency: Int64) {
    switch outline {
    case .command:
      times.command.add(latency)
      if let age = stateAge { times.stateAge.add(Int64(min(age, 1e9) * 1e9)) }
    case .layout, .state, .people, .obstacles, .signal, .episode, .reset, .release, .restored, .handover, .tick, .heartbeat, .noted, .rejected,
      .lost, .overrun:
      times.other.add(latency)
    }
  }

  /// A row of a chunk that has become due, the first of a new one among them.
  mutating func judgeDueRow(at now: MonoInstant) throws(WireError) {
    if let due = dueRow, due <= now { try judge(.tick, at: now, from: .none) }
  }

  /// When a row becomes due, by the regime or by the one that judges beside it.
  var dueRow: MonoInstant? {
    guard let successor, let due = successor.pointee.regime.monitor.due else { return regime.monitor.due }
    return regime.monitor.due.map { min($0, due) } ?? due
  }

  /// A latch began or ended with this verdict, which was there at `decided`; the stop was sent at `ordered`.
  private mutating func noteLatch(_ verdict: Verdict, decided: MonoInstant, ordered: MonoInstant?) {
    latch = verdict.latch
    guard latch != 0, let record = regime.monitor.contactRecord else {
      latchCause = nil
      link.notices.push(.latchCleared)
      return
    }
    let contact = ContactCause.find(record.sign, lastState, restored, regime.configuration.core)
    let cause = LatchCause(contact: contact, record: record, decided: decided, ordered: ordered)
    latchCause = cause
    link.notices.push(.latched(latch, cause.text))
  }

  /// The first message of a stream that is not its first says how many came before anyone listened.
  private mutating func notice(_ outline: InputOutline) {
    let stream: Stream
    let number: UInt64?
    switch outline {
    case .command(let sequence): (stream, number) = (.action, sequence.number)
    case .state(let sequence): (stream, number) = (.state, sequence.number)
    case .people(let sequence, _, _): (stream, number) = (.people, sequence.number)
    case .obstacles(let sequence, _): (stream, number) = (.obstacles, sequence.number)
    case .signal(let sequence): (stream, number) = (.signal, sequence.number)
    case .layout, .episode, .reset, .release, .restored, .handover, .tick, .heartbeat, .noted, .rejected, .lost, .overrun: return
    }
    guard !joined[Int(stream.rawValue)] else { return }
    joined[Int(stream.rawValue)] = true
    if let number, number > 1 { link.notices.push(.joinedLate(stream, missed: number - 1)) }
  }

  private func joinedFrames(from first: Int) -> UnsafeMutableRawBufferPointer {
    var count = 0
    for place in first..<max(first, frames.count) { count += frames[place].count }
    let all = UnsafeMutableRawBufferPointer.allocate(byteCount: max(count, 1), alignment: 1)
    var offset = 0
    for place in first..<max(first, frames.count) {
      UnsafeMutableRawBufferPointer(rebasing: all[offset...]).copyMemory(from: frames[place])
      offset += frames[place].count
    }
    return UnsafeMutableRawBufferPointer(start: all.baseAddress, count: count)
  }
}
