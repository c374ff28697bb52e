import ODCVConfig
import ODCVCore
import ODCVEvidence
import ODCVWire

/// One verdict with all that a person needs to understand it, from the recording alone: everything up to its input is judged
/// again, by the same core.
struct Explanation {
  /// A message that was on its way before, and how long before.
  struct Earlier<Message> {
    var message: Message
    /// Arrival index.
    var index: UInt64
    /// s from its receipt to the explained input
    var age: Double
  }

  /// What the gate really sent for the input.
  enum Sent {
    case forwarded
    case substitute([UInt8])
  }

  /// What the recording says that the monitor said live.
  enum Stored {
    case none
    case same
    case different
  }

  /// When the outcome that an explained finding has set in, of motion of the same kind.
  struct Onset {
    var index: UInt64
    /// s before the explained input
    var age: Double
  }

  var event: LoggedEvent
  var loaded: LoadedConfiguration
  var slice: SliceMark?
  var input: RecordedInput
  /// s from the recording's start
  var seconds: Double
  /// ns since 1970
  var wall: Int64
  var verdict: Verdict
  var scene: KnownScene
  /// The judged command, or the last one before measured motion was judged.
  var command: Earlier<ActionMessage>?
  var sent: Sent?
  var stored: Stored = .none
  var pressure: Earlier<PressureMessage>?
  /// How the latch came about that is in force; `nil` when none is.
  var latching: Latching?
  var reasoning: Earlier<ReasoningMessage>?
  var onsets = [Onset?](repeating: nil, count: RuleID.count)
  /// What the recording lacks before the input, in words.
  var gaps: [String] = []

  /// Failing findings, worst first; the worst of all when none fails; `nil`: nothing was judged.
  var findings: [Finding] {
    let failing = verdict.findings.filter { $0.outcome != .pass && $0.outcome != .notApplicable }
    return failing.isEmpty ? Array(verdict.findings.prefix(1)) : failing
  }

  /// - Throws: `Stop` with 2 for a recording that can't be read, 3 for one that ends before the input
  static func gather(_ event: LoggedEvent) throws -> Explanation {
    let loaded = try RecordingCheck.attached(event.recording)
    return try reading { () throws(EvidenceError) in
      var recording = try Recording(path: event.recording)
      var judge = Judge(loaded, recording)
      var past = Past()
      while let item = try recording.next() {
        guard case .input(let input) = item else { continue }
        guard let (verdict, core) = judge.judge(input), input.index <= event.index else { continue }
        past.take(input, verdict, judge.contactRecord)
        guard input.index == event.index else { continue }
        try event.check(input.instant)
        var explanation = Explanation(
          event: event, loaded: loaded, slice: recording.slice, input: input,
          seconds: Double(input.instant - recording.monotonicStart) * 1e-9,
          wall: recording.wallStart &+ (input.instant &- recording.monotonicStart), verdict: verdict, scene: judge.known)
        past.fill(&explanation)
        if recording.missingInputs > 0 {
          explanation.gaps.append("\(recording.missingInputs) inputs before it are missing: live, odcv may have known more")
        }
        if let mark = recording.slice, event.index < mark.countsFrom {
          explanation.gaps.append("in this slice verdicts count from input \(mark.countsFrom) on only")
        }
        if let loss = recording.recoveredLoss { explanation.gaps.append("the recording was recovered with loss: \(loss)") }
        if recording.leftOutInputs > 0 {
          explanation.gaps.append("\(recording.leftOutInputs) inputs before it are in no excerpt: live, odcv knew more when this one began")
        }
        explanation.gaps += recording.flaws
        try explanation.takeAnswers(&recording, core)
        return explanation
      }
      throw EvidenceError(
        "\(event.recording): has no input \(event.index)"
          + (past.last.map { "; its last is \($0)" } ?? "; it has none")
          + (recording.ending.map { $0 == .closed ? "" : "; it is \($0)" } ?? ""))
    }
  }

  /// Reads on to the next input: what was sent and said live for this one lies between.
  private mutating func takeAnswers(_ recording: inout Recording, _ core: [UInt8]) throws(EvidenceError) {
    while let item = try recording.next() {
      switch item {
      case .input: return
      case .sent(let index, let forwarded, let substitute):
        if index == event.index { sent = forwarded ? .forwarded : .substitute(substitute) }
      case .verdict(let index, let live, _):
        if index == event.index { stored = live == core ? .same : .different }
      case .alarm: break
      }
    }
  }
}

/// What is remembered of the inputs before the explained one.
private struct Past {
  private typealias Message<Content> = (content: Content, index: UInt64, instant: Int64)

  private(set) var last: UInt64?
  private var action: Message<[UInt8]>?
  private var pressure: Message<PressureMessage>?
  private var reasoning: Message<[UInt8]>?
  private var now: Int64 = 0
  /// By kind of motion and rule: the outcome, and since which input.
  private var runs = [(rank: Int, index: UInt64, instant: Int64)?](repeating: nil, count: 5 * RuleID.count)
  private var judged = Judged.noted
  private var latching: Latching?

  mutating func take(_ input: RecordedInput, _ verdict: Verdict, _ record: ContactRecord?) {
    last = input.index
    now = input.instant
    judged = verdict.judged
    if case .message(let endpoint, let topic, let body) = input.event {
      take(endpoint, topic, body, input)
    }
    if verdict.latch == 0 {
      latching = nil
    } else if let record, record != latching?.record {
      latching = Latching(record: record, index: input.index, state: Past.state(input))
    }
    guard verdict.judged != .noted else { return }
    for finding in verdict.findings {
      let slot = Int(verdict.judged.rawValue) * RuleID.count + finding.rule.place
      let rank = Past.rank(finding.outcome)
      if let run = runs[slot], run.rank == rank { continue }
      runs[slot] = (rank, input.index, input.instant)
    }
  }

  private mutating func take(_ endpoint: String, _ topic: [UInt8], _ body: [UInt8], _ input: RecordedInput) {
    if endpoint == Endpoint.control.rawValue {
      guard let request = try? RequestMessage(decoding: body) else { return }
      if let told = request.pressure { pressure = (told, input.index, input.instant) }
      if request.episode?.phase == .end { pressure = nil }
      return
    }
    switch Topic.parse(topic)?.kind {
    case .action: action = (body, input.index, input.instant)
    case .reasoning: reasoning = (body, input.index, input.instant)
    case .layout, .state, .people, .obstacles, .signal, .heartbeat, .instruction, .verdict, .alarm, .lease, nil: break
    }
  }

  private static func state(_ input: RecordedInput) -> StateMessage? {
    guard case .message(_, let topic, let body) = input.event, Topic.parse(topic)?.kind == .state else { return nil }
    return try? StateMessage(decoding: body)
  }

  func fill(_ explanation: inout Explanation) {
    explanation.latching = latching
    explanation.command = action.flatMap { earlier($0, try? ActionMessage(decoding: $0.content)) }
    explanation.pressure = pressure.flatMap { earlier($0, $0.content) }
    explanation.reasoning = reasoning.flatMap { earlier($0, try? ReasoningMessage(decoding: $0.content)) }
    for place in 0..<RuleID.count {
      explanation.onsets[place] = runs[Int(judged.rawValue) * RuleID.count + place].map {
        Explanation.Onset(index: $0.index, age: Double(now - $0.instant) * 1e-9)
      }
    }
  }

  private func earlier<Content, Decoded>(
    _ message: Message<Content>, _ decoded: Decoded?
  ) -> Explanation.Earlier<Decoded>? {
    decoded.map { Explanation.Earlier(message: $0, index: message.index, age: Double(now - message.instant) * 1e-9) }
  }

  private static func rank(_ outcome: Outcome) -> Int {
    switch outcome {
    case .violationCertain: 0
    case .violationPossible: 1
    case .unknown: 2
    case .pass: 3
    case .notApplicable: 4
    }
  }
}
