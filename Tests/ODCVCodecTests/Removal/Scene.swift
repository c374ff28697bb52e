import COdcvProto
import ODCVCodec
import ODCVConfig
import ODCVCore
import TestSupport
import Testing

@testable import ODCVWire

/// A stretch of messages in which everything passes, and the one in it that something is taken out of.
struct Scene: Sendable, CustomTestStringConvertible {
  /// When it is taken out.
  enum Absence: CaseIterable {
    /// Of one message, after others that had it.
    case once
    /// Of every message of the source, from the first on.
    case always
  }

  /// What the monitor makes of it.
  enum Answer: Equatable {
    /// Motion is held back, because something is not known.
    case unknown
    /// Motion is held back as by a violation.
    case violation
    /// The message passes, and the command after it is let through.
    case passes
  }

  let name: String
  private let subject: Subject

  private init(_ name: String, _ subject: Subject) {
    self.name = name
    self.subject = subject
  }

  private enum Subject: Sendable {
    case part(FullCell.Part)
    case action(FullCell.Command)
    case request(latched: Bool, @Sendable (HeaderFields) -> RequestMessage)
    case reasoning
  }

  var testDescription: String { name }

  private var periods: UInt64 = 3
  /// All of it, not the message in question and the command alone.
  private var judgesLastPeriod = false
  private static let start = MonoInstant(nanoseconds: 1_000_000_000)

  // MARK: - Its messages

  private struct Step {
    var sent: Sent
    var instant: MonoInstant
    /// It is of the kind that something is taken out of.
    var isSubject: Bool
    /// It is the last of them.
    var isLast = false
  }

  private func steps() -> [Step] {
    var steps: [Step] = []
    var now = Scene.start
    func period(_ number: UInt64, _ change: (inout StateMessage) -> Void = { _ in }) {
      now.nanoseconds += Int64(FullCell.period * 1e9)
      for part in FullCell.Part.allCases where number == 1 || !part.comesOnce {
        var sent = FullCell.sent(part, number, now)
        if part == .state {
          var state = FullCell.state(FullCell.header(number, now))
          change(&state)
          sent = Sent(state, as: .state, on: .state)
        }
        var isSubject = false
        if case .part(part) = subject { isSubject = true }
        steps.append(Step(sent: sent, instant: now, isSubject: isSubject))
      }
      // So that what the controller leaves out later has been there before.
      if number == 1, case .action = subject { act(FullCell.action(.noMotion, FullCell.header(1, now)), isSubject: true) }
    }
    func act(_ action: ActionMessage, isSubject: Bool) {
      steps.append(Step(sent: Sent(action, as: .action, on: .action), instant: now, isSubject: isSubject))
    }
    for number in 1...periods { period(number) }
    switch subject {
    case .part: break
    case .action(let command): act(FullCell.action(command, FullCell.header(2, now)), isSubject: true)
    case .request(let latched, let message):
      if latched {
        period(periods + 1) { $0.contacts.append(.init(link: "upper", other: "head", normalForce: 50)) }
        period(periods + 2)
      }
      steps.append(Step(sent: Sent(message(FullCell.header(1, now)), as: nil, on: .control), instant: now, isSubject: true))
    case .reasoning:
      let message = ReasoningMessage(
        header: FullCell.header(1, now), kind: .plan, text: "put it there", actionSequenceFrom: 1, actionSequenceTo: 1,
        model: "m", complete: true)
      steps.append(Step(sent: Sent(message, as: .reasoning, on: .action), instant: now, isSubject: true))
    }
    steps[steps.lastIndex(where: \.isSubject)!].isLast = true
    if case .action = subject { return steps }
    act(FullCell.action(.jointPosition, FullCell.header(1, now)), isSubject: false)
    return steps
  }

  /// The message that something is taken out of, and its schema.
  private var message: Sent { steps().last(where: \.isLast)!.sent }

  var removals: [FieldRemoval] { FieldRemoval.all(of: message.schema, in: message.body) }

  var fieldNames: Set<String> { FieldRemoval.names(of: message.schema) }

  // MARK: - What comes of it

  /// What the monitor makes of the message in question and of the next command, without `removal`.
  func answer(without removal: FieldRemoval?, _ absence: Absence) throws -> Answer {
    try answer { step in
      guard let removal, step.isLast || (absence == .always && step.isSubject), removal.isPresent(in: step.sent) else {
        return step.sent.body
      }
      return removal.bytes(from: step.sent.body, step.sent.schema)
    }
  }

  /// Which messages of a source do not come.
  enum Silence: CaseIterable {
    case never, oneMissing, ended
  }

  /// What the monitor makes of everything in the last period.
  static func answer(silent part: FullCell.Part, _ silence: Silence) throws -> Answer {
    var scene = Scene("silence", .part(part))
    // Longer than any source may be silent.
    scene.periods = 9
    scene.judgesLastPeriod = true
    return try scene.answer { step in
      guard step.isSubject else { return step.sent.body }
      let period = step.instant.seconds(since: start) / FullCell.period
      switch silence {
      case .never: return nil
      case .oneMissing: return period.rounded() == Double(scene.periods - 1) ? nil : step.sent.body
      case .ended: return period > 2.5 ? nil : step.sent.body
      }
    }
  }

  private func answer(_ body: (Step) -> [UInt8]?) throws -> Answer {
    let configuration = try FullCell.configuration()
    var decoder = Decoder(configuration, resetNonce: FullCell.nonce)
    var monitor = Monitor(configuration.core)
    var answer = Answer.passes
    let steps = steps()
    for (index, step) in steps.enumerated() {
      guard let body = body(step) else { continue }
      let input = decoder.decode(endpoint: step.sent.endpoint, topic: step.sent.topic, body: body)
      var verdict = monitor.step(input, at: step.instant)
      let isInLastPeriod = step.instant == steps[steps.count - 1].instant
      guard step.isLast || index == steps.count - 1 || (judgesLastPeriod && isInLastPeriod) else { continue }
      answer.take(verdict)
      // A chunk moves nothing by itself: its first row is due at once.
      if verdict.judged == .predicted, verdict.decision == .allow {
        verdict = monitor.step(.tick, at: step.instant)
        answer.take(verdict)
      }
    }
    return answer
  }
}

extension Scene.Answer {
  /// Whatever holds the arm back counts, what is unknown before what is violated.
  fileprivate mutating func take(_ verdict: Verdict) {
    guard verdict.decision != .allow else { return }
    let isUnknown = verdict.findings.contains { if case .unknown = $0.outcome { true } else { false } }
    self = isUnknown || self == .unknown ? .unknown : .violation
  }
}

// MARK: - All of them

extension Scene {
  static let all: [Scene] = FullCell.Part.allCases.map { Scene("\($0)", .part($0)) } + actions + requests + [
    Scene("reasoning", .reasoning)
  ]

  private static let actions = FullCell.Command.all.map { Scene("\($0)", .action($0)) }
  private static let requests = [
    Scene("reset", .request(latched: true) { RequestMessage(reset: FullCell.reset($0)) }),
    Scene("release", .request(latched: false) { RequestMessage(release: FullCell.release($0)) }),
    Scene("episode", .request(latched: false) { RequestMessage(episode: FullCell.episode($0)) }),
    Scene("pressure", .request(latched: false) { RequestMessage(pressure: FullCell.pressure($0)) }),
    Scene("status", .request(latched: false) { _ in RequestMessage(status: StatusRequestMessage()) }),
  ]
}
