import ODCVCodec
import ODCVConsole
import ODCVCore
import ODCVEvidence
import ODCVWire

extension ArmLoop {
  /// What the driver was sent, for the record. Valid until the gate's next call.
  struct Ordered {
    /// The original bytes, unchanged: they are in the record as they came.
    var forwarded: Bool
    var substitute: UnsafeRawBufferPointer
  }

  /// Sends the driver what the decision leaves of a command, and holds the arm when anything else calls for it. Before anything else is
  /// done with a verdict: it is what the arm waits for.
  ///
  /// - Parameter taken: when its input was taken from the socket
  mutating func obey(
    _ verdict: borrowing Verdict, _ outline: InputOutline, _ origin: Origin, at now: MonoInstant, taken: MonoInstant
  ) throws(WireError) -> Ordered? {
    if isCommand(origin), case .message(_, _, let body) = origin {
      var isRefused = false
      if case .rejected = outline { isRefused = true }
      if let output = regime.gate.answer(verdict, isRefused: isRefused, isLate: isLate(taken), original: body) {
        return try send(output, original: body, at: now)
      }
      return nil
    }
    guard regime.isEnforcing else { return nil }
    if case .tick = outline, verdict.judged == .commanded { return try sendRow(verdict, at: now) }
    switch verdict.decision {
    case .allow, .slow: return try repeatStop(at: now)
    case .hold, .halt: break
    }
    // Repeated at a bounded rate in case one is lost, at once after anything was forwarded and when a latch begins.
    if verdict.latch == latch, let lastHold, now.nanoseconds - lastHold.nanoseconds < Pace.hold { return nil }
    return try send(.stop(regime.gate.stop()), at: now)
  }

  /// A verdict that comes too late is about a moment that is over.
  /// What is let through is out before its deadline: to send it takes its time too.
  private func isLate(_ taken: MonoInstant) -> Bool {
    monotonicNow().nanoseconds - taken.nanoseconds > regime.overrunLimit - min(Pace.sending, regime.overrunLimit / 20)
  }

  /// A message that the driver waits for an answer to.
  func isCommand(_ origin: Origin) -> Bool {
    if case .message(.action, let topic, _) = origin { topic.elementsEqual(topics.action.bytes) } else { false }
  }

  private mutating func send(
    _ output: GateOutput, original: UnsafeRawBufferPointer = UnsafeRawBufferPointer(start: nil, count: 0), at now: MonoInstant
  ) throws(WireError) -> Ordered {
    switch output {
    case .forward, .row: counters.forwarded += 1
    case .shortened: counters.slowed += 1
    case .stop: counters.held += 1
    }
    if case .stop = output {
      noteStop(at: now)
    } else {
      (lastHold, stopsOwed) = (nil, 0)
    }
    try sendGated(topics.action, output.bytes ?? original)
    return Ordered(forwarded: output.bytes == nil, substitute: output.bytes ?? UnsafeRawBufferPointer(start: nil, count: 0))
  }

  /// The driver was told to stop.
  mutating func noteStop(at now: MonoInstant) {
    lastHold = now
    stopsOwed = Pace.repeatedStops
  }

  /// A driver whose queue is full is not sent what comes then, and nobody learns of it: a stop that nothing has followed is said again.
  private mutating func repeatStop(at now: MonoInstant) throws(WireError) -> Ordered? {
    guard stopsOwed > 0, let lastHold, now.nanoseconds - lastHold.nanoseconds >= Pace.hold else { return nil }
    stopsOwed -= 1
    self.lastHold = now
    let stop = regime.gate.stop()
    try sendGated(topics.action, stop)
    return Ordered(forwarded: false, substitute: stop)
  }

  /// A chunk's row goes to the driver when it is due, as the command that it is; or what is put in its place.
  private mutating func sendRow(_ verdict: borrowing Verdict, at now: MonoInstant) throws(WireError) -> Ordered {
    var decision = verdict.decision
    if isLate(now), decision.kind != .halt { decision = .hold }
    return try send(regime.gate.outgoing(for: decision, row: verdict.row), at: now)
  }

  /// Publishes the verdict. Its message, valid until the next one is written.
  mutating func tell(_ verdict: borrowing Verdict, latency: Int64) throws(WireError) -> UnsafeRawBufferPointer {
    verdictSequence += 1
    let body = regime.writer.verdict(verdict, sequence: verdictSequence, at: monotonicNow(), latency: latency)
    _ = try sockets.verdict.send(topics.verdict.bytes, body, pool: &pool)
    return body
  }

  /// Raises alarms on what the verdict found, and hands a violation, which was told last, to the log.
  mutating func takeUp(_ verdict: borrowing Verdict) throws(WireError) {
    var belongsInLog = false
    for place in 0..<verdict.findings.count {
      let finding = verdict.finding(at: place)
      board.take(finding, at: verdict.instant)
      let (change, log) = alarms.take(finding, judged: verdict.judged, at: verdict.instant, index: verdict.index)
      belongsInLog = belongsInLog || log
      if change == .raised { try raise(finding, verdict.instant, verdict.index) }
    }
    guard belongsInLog else { return }
    evidence.recordViolation(pressure.violation(&regime.writer, at: verdict.instant), verdict.index, verdict.instant)
  }

  private mutating func raise(_ finding: Finding, _ now: MonoInstant, _ index: UInt64) throws(WireError) {
    if AlarmBook.severity(finding.outcome) > 1 { board.remember(finding, at: now, index: index) }
    try sendAlarm(finding.rule, .raised, .finding(finding), index: index, at: now)
  }

  /// Confirms what has reached the disk, clears what has been quiet, and watches the evidence itself.
  mutating func settleAlarms(at now: MonoInstant) throws(WireError) {
    while let confirmation = evidence.nextConfirmation() {
      for place in 0..<RuleID.count {
        let rule = RuleID(place: place)
        guard alarms.confirm(rule, confirmation) else { continue }
        try sendAlarm(
          rule, .confirmed, .onDisk, index: confirmation.arrivalIndex, logSequence: confirmation.logSequence, at: now)
      }
    }
    for place in 0..<RuleID.count {
      let rule = RuleID(place: place)
      guard alarms.clear(rule, at: now) else { continue }
      try sendAlarm(rule, .cleared, .passesAgain, index: counters.inputs, at: now)
    }
    let changes = evidence.changes(at: now)
    if let change = changes.ring { try tellOfEvidence(change, at: now) }
    if let change = changes.disk { try tellOfEvidence(change, at: now) }
    if let change = changes.log { try tellOfEvidence(change, at: now) }
    if let change = changes.checkpoints { try tellOfEvidence(change, at: now) }
    if let change = changes.recording { try tellOfEvidence(change, at: now) }
    if let change = changes.files { try tellOfEvidence(change, at: now) }
    if let change = changes.retention { try tellOfEvidence(change, at: now) }
  }

  private mutating func tellOfEvidence(_ change: EvidenceTap.Change, at now: MonoInstant) throws(WireError) {
    link.notices.push(.evidence(change.text))
    try sendAlarm(change.id, change.raised ? .raised : .cleared, text: change.text, index: counters.inputs, at: now)
  }

  /// An alarm of a rule: it asks nothing of the heap.
  private mutating func sendAlarm(
    _ rule: RuleID, _ state: AlarmMessage.State, _ text: AlarmWriter.Text, index: UInt64, logSequence: UInt64? = nil,
    at now: MonoInstant
  ) throws(WireError) {
    alarmSequence += 1
    let body = regime.alarmWriter.alarm(
      rule, state, text, index: index, logSequence: logSequence, sequence: alarmSequence, at: now)
    try publish(topics.alarm, body)
    evidence.recordAlarm(topics.alarm, body, index, now)
  }

  /// An alarm of a part of the monitor that fails: its words are made when it does.
  mutating func sendAlarm(
    _ id: String, _ state: AlarmMessage.State, text: String, index: UInt64, at now: MonoInstant
  ) throws(WireError) {
    alarmSequence += 1
    let body = AlarmMessage(
      header: header(alarmSequence, at: now), id: id, state: state, durable: false, text: text, index: index
    ).encoded()
    try body.withRaw { (body) throws(WireError) in
      try publish(topics.alarm, body)
      evidence.recordAlarm(topics.alarm, body, index, now)
    }
  }

  mutating func sendLease(at now: MonoInstant) throws(WireError) {
    leaseSequence += 1
    try sendGated(topics.lease, regime.writer.lease(regime.leaseDuration, sequence: leaseSequence, at: now))
  }

  mutating func sendHeartbeat(at now: MonoInstant) throws(WireError) {
    heartbeatSequence += 1
    try publish(topics.heartbeat, regime.writer.heartbeat(sequence: heartbeatSequence, at: now))
  }

  /// Someone began to listen to verdicts: they hear at once where the stream is and which alarms stand.
  mutating func welcome() throws(WireError) {
    guard frames.count == 1, let first = frames[0].first, first == 1 else { return }
    let now = monotonicNow()
    if counters.inputs > 0 { link.notices.push(.lateListener(counters.inputs)) }
    try sendHeartbeat(at: now)
    for place in 0..<RuleID.count {
      let rule = RuleID(place: place)
      guard alarms[rule].isRaised else { continue }
      try sendAlarm(
        rule, .raised, .beforeYouJoined, index: alarms[rule].index, logSequence: alarms[rule].logSequence, at: now)
    }
  }

  mutating func reply(_ ack: AckMessage) throws(WireError) {
    // The envelope goes back as it came: everything before the request's body.
    var parts: [[UInt8]] = []
    for place in 0..<frames.count - 1 { parts.append(Array(frames[place])) }
    parts.append(ack.encoded())
    if try !sockets.control.send(parts) { link.notices.push(.replyRefused) }
  }

  mutating func publishSnapshot(at now: MonoInstant) {
    pressure.settle(at: now)
    let snapshot = view.slot
    snapshot.pointee.removeRows()
    snapshot.pointee.now = now
    snapshot.pointee.started = started
    snapshot.pointee.run = run
    snapshot.pointee.enforcing = regime.isEnforcing
    snapshot.pointee.latch = latch
    snapshot.pointee.counters = counters
    snapshot.pointee.pressure = pressure.current
    snapshot.pointee.pressureCounts = pressure.counts
    snapshot.pointee.evidence = evidence.summary
    if let last {
      snapshot.pointee.outcome = board.worst(at: now) ?? last.outcome
      snapshot.pointee.decision = last.decision
    }
    board.fill(&snapshot.pointee)
    for place in 0..<regime.ledger.count {
      let line = regime.ledger[place]
      var row = Snapshot.InputRow(name: place)
      row.received = line.received
      row.maxAge = line.maxAge
      row.rate = line.rate
      row.rejected = line.rejected
      snapshot.pointee.append(row)
    }
    view.publish()
  }

  private mutating func publish(_ topic: TextTable.Text, _ body: UnsafeRawBufferPointer) throws(WireError) {
    _ = try sockets.verdict.send(topic.bytes, body)
  }

  mutating func sendGated(_ topic: TextTable.Text, _ body: UnsafeRawBufferPointer) throws(WireError) {
    // Else libzmq looks only once in a millisecond whether the driver has taken what was sent, and throws away what it is then too
    // much.
    gatedSends &+= 1
    if gatedSends % 16 == 0 { try sockets.gated.attend() }
    _ = try sockets.gated.send(topic.bytes, body)
  }

  func header(_ sequence: UInt64, at now: MonoInstant) -> HeaderFields {
    HeaderFields(
      robotID: regime.configuration.robotID, streamID: 0, sequence: sequence, sourceNanoseconds: now.nanoseconds,
      clock: .monotonic, bootID: link.bootID)
  }
}

extension [UInt8] {
  /// `withUnsafeBytes` with a typed error.
  func withRaw<Result>(
    _ body: (UnsafeRawBufferPointer) throws(WireError) -> Result
  ) throws(WireError) -> Result {
    try span.bytes.withUnsafeBytes(body)
  }
}
