import ODCVCore
import ODCVWire

/// What a controller or driver said of its joints, which it says only once: a regime that begins later must hear it too.
struct SaidLayout {
  var endpoint: Endpoint
  var topic: [UInt8]
  var body: [UInt8]
}

extension ArmLoop {
  /// Keeps what is said only once.
  mutating func keepLayout(_ endpoint: Endpoint, _ topic: UnsafeRawBufferPointer, _ body: UnsafeRawBufferPointer) {
    let said = SaidLayout(endpoint: endpoint, topic: Array(topic), body: Array(body))
    layouts.removeAll { $0.endpoint == endpoint }
    layouts.append(said)
  }

  /// Once a tick: begins with a successor that is offered, goes on with the one that judges beside, or ends its trial.
  mutating func attendSuccessor(at now: MonoInstant) throws(WireError) {
    guard let successor else {
      if let offered = handover.take() { prepare(offered, at: now) }
      return
    }
    switch successor.pointee.outcome {
    case .pending: break
    case .turned, .declined: return abandon(successor, at: now)
    }
    guard let start = successor.pointee.start else { return prepare(successor, at: now) }
    let readiness = successor.pointee.readiness(
      at: now, countsContact: regime.monitor.countsContact(before: start, at: now),
      holdsUntil: regime.isEnforcing ? regime.monitor.holdsUntil : nil,
      agrees: agrees(with: successor))
    switch readiness {
    case .notYet: break
    case .ready(let stopping): try turn(to: successor, stopping: stopping, at: now)
    case .ignorant(let finding):
      let words = Words.finding(finding, successor.pointee.regime.names)
      decline("\(finding.rule.name) knows nothing under it: \(words)", at: now)
    case .forgetful(let rule):
      decline("\(rule.name) rests on what happened before, which the new configuration has not seen: settle that first", at: now)
    case .hasty:
      decline("the arm is held for what is over, for as long as a rule's `clear_after_s` asks: wait until it is let go", at: now)
    }
  }

  /// Both hold the same to be under way, and the driver was told nothing else.
  private func agrees(with successor: UnsafeMutablePointer<Successor>) -> Bool {
    let (before, after) = (regime.isEnforcing, successor.pointee.regime.isEnforcing)
    // Who only observes says nothing about what the arm does.
    if !before, !after { return true }
    // Rows are handed out one by one when enforcing, and all at once when not.
    if before != after, regime.monitor.due != nil { return false }
    return isObeyed && regime.monitor.agrees(with: successor.pointee.regime.monitor)
  }

  /// Whether the driver does what the regime in force holds it to do: where it only observes, what it would hold goes on.
  ///
  /// - Parameter input: what the verdict is on
  mutating func noteObedience(_ verdict: borrowing Verdict, _ input: Input) {
    let (judged, decision) = (verdict.judged, verdict.decision)
    guard judged != .noted else { return }
    // The driver goes on with what it was told before.
    if !isObeyed, case .action(let action) = input, case .none = action.command, decision.kind == .allow { return }
    if regime.isEnforcing || decision.kind == .allow {
      if judged != .measured { isObeyed = true }
    } else {
      isObeyed = false
    }
  }

  /// Ends the trial of a successor.
  mutating func decline(_ reason: String, at now: MonoInstant) {
    guard let successor, case .pending = successor.pointee.outcome else { return }
    successor.pointee.outcome = .declined(reason)
    abandon(successor, at: now)
  }

  /// From now on it takes in what the regime in force takes in; when the ring to the recorder is full, a tick later.
  private mutating func prepare(_ successor: UnsafeMutablePointer<Successor>, at now: MonoInstant) {
    self.successor = successor
    guard regime.monitor.release == 0 else { return decline("a release motion is in force: let it end", at: now) }
    // The layouts that were said before are its first inputs.
    let offset = Int64(layouts.count) - Int64(bitPattern: counters.inputs)
    guard evidence.prepare(successor.pointee.recording, counters.inputs, now, offset: offset) else { return }
    successor.pointee.begin(at: now)
    for (place, said) in layouts.enumerated() {
      said.topic.withUnsafeBytes { topic in
        said.body.withUnsafeBytes { body in
          let index = UInt64(bitPattern: Int64(place + 1) - offset)
          evidence.recordForNext(said.endpoint, topic, body, index, now)
          successor.pointee.hear(said.endpoint, topic, body, at: now)
        }
      }
    }
  }

  /// Its recording goes; when the ring is full, a tick later.
  private mutating func abandon(_ successor: UnsafeMutablePointer<Successor>, at now: MonoInstant) {
    guard !successor.pointee.hasBegun || evidence.abandon(counters.inputs, now) else { return }
    self.successor = nil
    handover.giveBack(successor)
  }

  /// The successor is in force from the next input on, between two messages. What was latched stays latched.
  private mutating func turn(
    to successor: UnsafeMutablePointer<Successor>, stopping: Bool, at now: MonoInstant
  ) throws(WireError) {
    guard evidence.turn(counters.inputs, now) else { return }
    let stop = regime.gate.stop()
    if stopping { try sendGated(topics.action, stop) }
    self.successor = nil
    let before = latch
    swap(&regime, &successor.pointee.regime)
    // What was found is told by names of the regime before.
    alarms.turn(regime.configuration.core.limits)
    board = RuleBoard()
    run += 1
    successor.pointee.outcome = .turned(index: successor.pointee.inputs + 1, stopped: stopping)
    isObeyed = true
    // First of all: nobody is to think that it was cleared.
    if before != 0 {
      restored = RestoredLatch(number: before, cause: latchCause?.text ?? "cause unknown")
      try judge(.restored(before), at: now, from: .none)
    }
    try judge(stopping ? .handover : .tick, at: now, from: .none)
    if stopping {
      counters.held += 1
      noteStop(at: now)
      // Of the gate that was in force, which answers nothing more.
      evidence.recordSent(forwarded: false, stop, counters.inputs, now)
    }
    // Not before: it takes the gate along.
    handover.giveBack(successor)
    publishSnapshot(at: now)
  }
}
