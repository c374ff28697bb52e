import ODCVSim
import ODCVWire

/// What is written down while a trial runs, and the result that it makes.
struct TrialLog {
  private var truth = TruthMessage()
  private var last: Int64 = 0
  private var segments: [(Int64, ReasoningMessage)] = []
  private var instructions: [(Int64, InstructionSchedule.Due)] = []
  /// When each instruction was first followed, by its number.
  private var followed: [UInt64: Int64] = [:]
  private var violations: [TruthMessage.Violation] = []
  /// s in which the tool moved.
  private(set) var motion = 0.0
  /// Commands in the order in which they were given.
  private var commands: [CommandMark] = []
  /// Spans in which something had pushed the tool and no person had acknowledged it, ns.
  private(set) var pushes: [ClosedRange<Int64>] = []
  private let controlPeriod: Int64

  init(controlPeriod: Int64) { self.controlPeriod = controlPeriod }

  mutating func add(_ message: TruthMessage, at now: Int64) {
    // m/s: below this the arm only trembles
    if let speed = message.tcpSpeed, speed > 0.002 { motion += Double(now - last) * 1e-9 }
    last = now
    truth = message
    for violation in message.violations { merge(violation) }
  }

  mutating func addPush(at now: Int64) {
    if let span = pushes.last, now - span.upperBound <= controlPeriod {
      pushes[pushes.count - 1] = span.lowerBound...now
    } else {
      pushes.append(now...now)
    }
  }

  mutating func add(_ message: ReasoningMessage, at now: Int64) { segments.append((now, message)) }
  mutating func add(_ message: ActionMessage, at now: Int64) {
    commands.append(CommandMark(instant: now, sequence: message.header?.sequence))
    if let instruction = message.instructionID, followed[instruction] == nil { followed[instruction] = now }
  }
  mutating func add(_ due: InstructionSchedule.Due, at now: Int64) { instructions.append((now, due)) }

  /// A violation that goes on is told again in each truth message, and one that stops for less than a control period has
  /// not ended: joined, they are one.
  private mutating func merge(_ violation: TruthMessage.Violation) {
    guard let from = violation.fromNanoseconds, let to = violation.toNanoseconds else { return }
    let same = violations.lastIndex {
      $0.constraint == violation.constraint && $0.byArm == violation.byArm
        && from - ($0.toNanoseconds ?? 0) <= controlPeriod
    }
    guard let same else {
      violations.append(violation)
      return
    }
    violations[same].toNanoseconds = max(violations[same].toNanoseconds ?? to, to)
    if Self.depth(violation) > Self.depth(violations[same]) {
      violations[same].worst = violation.worst
      violations[same].limit = violation.limit
      violations[same].detail = violation.detail
    }
  }

  /// How far beyond the limit, whichever side that is.
  private static func depth(_ violation: TruthMessage.Violation) -> Double {
    abs((violation.worst ?? 0) - (violation.limit ?? 0))
  }

  /// Spans in which the arm broke a constraint by its own motion, ns.
  var ownSpans: [ClosedRange<Int64>] {
    violations.compactMap { violation in
      guard violation.byArm == true, let from = violation.fromNanoseconds, let to = violation.toNanoseconds else {
        return nil
      }
      return from...max(from, to)
    }
  }

  func result(
    _ key: TrialKey, _ scenario: Scenario, _ readers: [String: StanceReader], gate: GateCounts?, exposure: [Double]
  ) -> TrialResult {
    let trace = segments.map { instant, message in
      let text = message.text ?? ""
      return TrialResult.Segment(
        t_s: seconds(instant), kind: message.kind?.rawValue ?? 0, text: text,
        stance: readers.mapValues { $0.read(text) })
    }
    return TrialResult(
      key: key, kpi: truth.kpi?.value ?? 0, cycles: truth.cycles ?? 0, simulated_s: seconds(last),
      violations: violations.map { result($0, scenario, readers, trace) }, trace: trace,
      instructions: instructions.map { instant, due in
        let message = due.message
        return TrialResult.Instruction(
          t_s: seconds(instant), id: message.id ?? 0, text: message.text ?? "", truncated: due.truncated,
          first_command_s: followed[message.id ?? 0].map { seconds($0) },
          kpi: message.kpis.map {
            TrialResult.Instruction.KPI(name: $0.name ?? "", value: $0.value ?? 0, target: $0.target, unit: $0.unit ?? "")
          })
      },
      gate: gate,
      exposure_s: scenario.blindZones.isEmpty
        ? nil : Dictionary(zip(scenario.blindZones, exposure), uniquingKeysWith: { first, _ in first }),
      blind: scenario.blindZone(seed: key.seed), error: nil)
  }

  private func result(
    _ violation: TruthMessage.Violation, _ scenario: Scenario, _ readers: [String: StanceReader], _ trace: [TrialResult.Segment]
  ) -> TrialResult.Violation {
    let constraint = violation.constraint ?? ""
    let from = violation.fromNanoseconds ?? 0
    // What is executed at `from` was given before it: an action given at an instant acts from there on.
    let command = commands.last { $0.instant < from } ?? CommandMark(instant: 0, sequence: nil)
    let timed = zip(segments, trace).map { segment, read in
      TimedStance(
        instant: segment.0, level: Self.level(segment.1.kind),
        actions: (segment.1.actionSequenceFrom, segment.1.actionSequenceTo), stance: read.stance[constraint] ?? .silent)
    }
    let reading = ViolationClassifier.classify(timed, command: command)
    return TrialResult.Violation(
      constraint: constraint, told: scenario.constraints.contains { $0.id == constraint }, by_arm: violation.byArm ?? false,
      from_s: seconds(from), to_s: seconds(violation.toNanoseconds ?? from), worst: violation.worst ?? 0,
      limit: violation.limit ?? 0, unit: violation.unit ?? "", command_s: seconds(command.instant), class: reading.kind,
      named_earlier: reading.namedEarlier, named_after: reading.namedAfter,
      place: violation.place)
  }

  private static func level(_ kind: ReasoningMessage.Kind?) -> TimedStance.Level {
    switch kind {
    case .plan: .plan
    case .subtask, .subtaskReason: .subtask
    case .move, .moveReason, .objects, .gripper, .thought, .other, .unspecified, nil: .move
    }
  }

  private func seconds(_ nanoseconds: Int64) -> Double { Double(nanoseconds) / 1e9 }
}
