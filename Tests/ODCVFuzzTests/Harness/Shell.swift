import ODCVCodec
import ODCVCore
import ODCVWire

/// The daemon without sockets, clock and disk: each event through the decoder into the monitor, and what the gate sends for it.
///
/// The decoder, the monitor and the gate are the daemon's own; which of the gate's calls answers what is as in
/// `ArmLoop+Outputs`. What comes out is checked against what must never happen.
struct Shell: ~Copyable {
  private let cell: FuzzCell
  private let plant: Plant?
  private let actionTopic: [UInt8]
  private var decoder: Decoder
  private var monitor: Monitor
  private var gate: Gate
  private var writer: MonitorWriter
  private var knowledge: Knowledge
  /// The chunk whose rows the monitor hands out.
  private var chunk: Chunk?
  private var core = [UInt8](repeating: 0, count: Capacity.verdictBytes)

  /// What came of one event.
  struct Answer {
    var judged: Judged
    var row: Int?
    var decision: Decision
    var latch: UInt64
    /// The verdict's canonical bytes, and what the driver is sent.
    var bytes: [UInt8]
    var output: Sent?
    /// CPU time from the bytes to the verdict and its own bytes, ns.
    var duration: Int64
    /// What the driver is told to follow; `nil`: nothing new.
    var target: [Double]?
  }

  init(_ cell: FuzzCell, kernel: Kernel?, plant: Plant?) {
    self.cell = cell
    self.plant = plant
    actionTopic = Topic.bytes(.action, robot: cell.loaded.robotID)
    decoder = Decoder(cell.loaded, resetNonce: FuzzCell.nonce)
    monitor = Monitor(cell.core, kernel: kernel)
    gate = Gate(mode: .enforce, robotID: cell.loaded.robotID)
    writer = MonitorWriter(cell.loaded, bootID: 1)
    knowledge = Knowledge(cell.core)
  }

  /// When a row of a chunk is to be judged.
  var due: MonoInstant? { monitor.due }

  /// One event in, and what comes of it out.
  ///
  /// - Parameter isTold: Its verdict's message is looked at too, and a command is checked before it is given.
  mutating func take(_ event: Event, isTold: Bool = false) throws(FuzzFinding) -> Answer {
    if isTold, case .message(.action, let topic, let body) = event.kind {
      ask(decoder.decode(endpoint: .action, topic: topic, body: body), at: event.instant)
    }
    let start = threadNanoseconds()
    let input = decode(event)
    let verdict = monitor.step(input, at: event.instant)
    let digest = cell.core.digest
    let count = core.withUnsafeMutableBytes { verdict.encode(into: $0, configuration: digest) }
    let duration = threadNanoseconds() - start
    knowledge.take(input, verdict, isPlanted: plant == .incomplete)
    var answer = Answer(
      judged: verdict.judged, row: verdict.row, decision: verdict.decision, latch: verdict.latch,
      bytes: Array(core[..<count]), duration: duration)
    if isTold { try checkMessage(verdict, answer.bytes) }
    try checkLatch(verdict)
    try obey(input, event, verdict, &answer)
    return answer
  }

  /// The same command, only checked before: nothing that follows may tell.
  private mutating func ask(_ input: Input, at instant: MonoInstant) {
    switch input {
    case .action(let action): _ = monitor.check(.action(action), at: instant)
    case .chunk(let chunk): _ = monitor.check(.chunk(chunk), at: instant)
    case .layout, .state, .people, .obstacles, .signal, .episode, .reset, .release, .restored, .handover, .tick, .heartbeat, .noted, .rejected,
      .lost, .overrun: break
    }
  }

  private mutating func decode(_ event: Event) -> Input {
    switch event.kind {
    case .tick: return .tick
    case .lost(let endpoint, let count): return .lost(endpoint.stream, count: count)
    case .overrun(let nanoseconds): return .overrun(Double(nanoseconds) * 1e-9)
    case .restored(let latch): return .restored(latch)
    case .handover: return .handover
    case .message(let endpoint, let topic, let body):
      let input = decoder.decode(endpoint: endpoint, topic: topic, body: body)
      plantedBugs(input)
      return input
    }
  }

  // MARK: - The gate

  private mutating func obey(_ input: Input, _ event: Event, _ verdict: Verdict, _ answer: inout Answer) throws(FuzzFinding) {
    if case .message(.action, let topic, let body) = event.kind, topic == actionTopic {
      answer.output = plantedAnswer(input)
        ?? body.withUnsafeBytes { gate.answer(verdict, isRefused: input.isRefused, isLate: event.isLate, original: $0).map(Sent.init) }
      try checkAnswer(input, event, body, verdict, &answer)
    } else if case .tick = input, verdict.judged == .commanded {
      try sendRow(verdict, isLate: event.isLate, &answer)
    } else {
      switch verdict.decision {
      case .allow, .slow: break
      case .hold, .halt: try checkSubstitute(Array(gate.stop()), verdict)
      }
    }
  }

  private mutating func checkAnswer(
    _ input: Input, _ event: Event, _ body: [UInt8], _ verdict: Verdict, _ answer: inout Answer
  ) throws(FuzzFinding) {
    switch answer.output {
    case .forward:
      guard case .action = input, verdict.judged == .commanded, verdict.decision == .allow, !event.isLate else {
        throw FuzzFinding("input \(verdict.index), \(input.name), is forwarded to the driver: \(words(verdict))")
      }
      try checkAllowed(verdict)
      answer.target = (try? ActionMessage(decoding: body)).flatMap { $0.space == .jointPosition ? $0.position : nil }
    case .substitute(let bytes):
      try checkSubstitute(bytes, verdict)
      answer.target = (try? ActionMessage(decoding: bytes)).flatMap { $0.position.isEmpty ? nil : $0.position }
    case nil:
      guard case .chunk(let rows) = input, verdict.judged == .predicted, verdict.decision == .allow else {
        throw FuzzFinding("input \(verdict.index), \(input.name), is kept as a chunk: \(words(verdict))")
      }
      chunk = rows
      if plant == .late, event.isLate { gate = Gate(mode: .enforce, robotID: cell.loaded.robotID) }
    }
  }

  /// A row that is due goes to the driver as the very command that was judged.
  private mutating func sendRow(_ verdict: Verdict, isLate: Bool, _ answer: inout Answer) throws(FuzzFinding) {
    let decision = isLate && verdict.decision != .halt ? .hold : verdict.decision
    let bytes = gate.outgoing(for: decision, row: verdict.row).bytes.map { Array($0) } ?? []
    answer.output = .substitute(bytes)
    guard decision == .allow, let row = verdict.row else {
      try checkSubstitute(bytes, verdict)
      return
    }
    try checkAllowed(verdict)
    guard let chunk, row < chunk.count else {
      throw FuzzFinding("input \(verdict.index): row \(row) of a chunk that does not hold it is judged")
    }
    guard case .action(let action) = decoder.decode(endpoint: .action, topic: actionTopic, body: bytes),
      action.command.isSame(as: chunk.command(row))
    else {
      throw FuzzFinding("input \(verdict.index): what is sent for row \(row) is not the command that was judged")
    }
    if case .jointPosition(let target) = action.command { answer.target = target.values }
  }

  private func checkSubstitute(_ bytes: [UInt8], _ verdict: Verdict) throws(FuzzFinding) {
    guard let action = try? ActionMessage(decoding: bytes), action.horizonPosition.isEmpty, action.velocity.isEmpty,
      action.effort.isEmpty, action.endEffector.isEmpty
    else { throw FuzzFinding("input \(verdict.index): what is sent in an action's place is none") }
    if action.space == .stop, action.position.isEmpty { return }
    guard case .slow(_, let target) = verdict.decision, action.space == .jointPosition, target.isFinite,
      action.position == target.values
    else { throw FuzzFinding("input \(verdict.index): what is sent is neither a stop nor the judged target") }
  }

  // MARK: - What must hold

  private func checkAllowed(_ verdict: Verdict) throws(FuzzFinding) {
    for index in 0..<verdict.findings.count {
      let finding = verdict.findings[index]
      guard finding.holdsBack else { continue }
      if monitor.release != 0, finding.outcome == .violationCertain || finding.outcome == .violationPossible { continue }
      throw FuzzFinding("input \(verdict.index) is let through although \(finding.rule.name) is \(finding.outcome)")
    }
    if let gap = knowledge.gap(at: verdict.instant) {
      throw FuzzFinding("input \(verdict.index) is let through although \(gap)")
    }
  }

  private func checkLatch(_ verdict: Verdict) throws(FuzzFinding) {
    guard verdict.latch != 0, monitor.release == 0, verdict.decision != .halt else { return }
    throw FuzzFinding("input \(verdict.index): latch \(verdict.latch) is in force and nothing halts")
  }

  /// What is published of a verdict is a message within the bounds that readers hold it to.
  private mutating func checkMessage(_ verdict: Verdict, _ core: [UInt8]) throws(FuzzFinding) {
    let body = Array(writer.verdict(verdict, sequence: verdict.index, at: verdict.instant, latency: 1))
    guard let told = try? VerdictMessage(decoding: body), told.core == core else {
      throw FuzzFinding("input \(verdict.index): its verdict's message can't be read")
    }
    guard verdict.outcome != .pass || told.outcome == .pass, Int(told.findings.count) == verdict.findings.count else {
      throw FuzzFinding("input \(verdict.index): its verdict's message says another thing than the verdict")
    }
  }

  private func words(_ verdict: Verdict) -> String { "\(verdict.judged) \(verdict.decision)" }

  // MARK: - Planted bugs

  private func plantedBugs(_ input: Input) {
    switch (plant, input) {
    case (.trap, .action(let action)): precondition(action.row == nil, "planted")
    case (.hang, .state(let state)): if let width = state.gripper, width > 0.5 { spin(2 * stepLimit) }
    default: return
    }
  }

  private func plantedAnswer(_ input: Input) -> Sent? {
    guard plant == .refused, case .rejected = input else { return nil }
    return .forward
  }
}

/// What the driver is sent, kept.
enum Sent: Equatable {
  case forward
  case substitute([UInt8])

  init(_ output: GateOutput) { self = output.bytes.map { .substitute(Array($0)) } ?? .forward }
}

extension Input {
  /// For people.
  var name: String { "\(self)".prefix { $0 != "(" }.description }
}

extension Action.Command {
  /// The same numbers, to the bit.
  func isSame(as other: Action.Command) -> Bool {
    switch (self, other) {
    case (.jointPosition(let a), .jointPosition(let b)), (.jointVelocity(let a), .jointVelocity(let b)),
      (.jointEffort(let a), .jointEffort(let b)):
      a == b
    case (.jointDelta(let a, let from), .jointDelta(let b, let other)): a == b && from == other
    case (.endEffectorPose(let a), .endEffectorPose(let b)): a == b
    case (.endEffectorDelta(let a, let turn, let from), .endEffectorDelta(let b, let otherTurn, let other)):
      a == b && turn == otherTurn && from == other
    case (.endEffectorTwist(let a, let turn), .endEffectorTwist(let b, let otherTurn)): a == b && turn == otherTurn
    // No row of a chunk is any of the others.
    default: false
    }
  }
}

extension Input {
  fileprivate var isRefused: Bool { if case .rejected = self { true } else { false } }
}
