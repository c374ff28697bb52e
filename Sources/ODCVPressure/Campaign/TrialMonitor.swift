import ODCVCodec
import ODCVConfig
import ODCVCore
import ODCVWire

/// The online monitor of one trial: the daemon's core, decoder and gate around the simulator's lock step.
struct TrialMonitor: ~Copyable {
  private var monitor: Monitor
  private var decoder: Decoder
  private var gate: Gate
  /// What was observed last calls for a stop.
  private var mustStop = false
  /// The controller has commanded something.
  private var isDriven = false
  /// Number of the latch in force, 0 when none is.
  private var latch: UInt64 = 0
  private let topics: (state: [UInt8], people: [UInt8], action: [UInt8], signal: [UInt8])
  private let enforces: Bool
  private(set) var counts = GateCounts()
  /// First and last instant of each run of commands that were not allowed, ns.
  private(set) var interventions: [ClosedRange<Int64>] = []
  private var intervening = false

  init(_ configuration: LoadedConfiguration, enforces: Bool) {
    monitor = Monitor(configuration.core)
    decoder = Decoder(configuration)
    gate = Gate(mode: enforces ? .enforce : .observe, robotID: configuration.robotID)
    self.enforces = enforces
    let robot = configuration.robotID
    topics = (
      Topic.bytes(.state, robot: robot), Topic.bytes(.people, robot: robot), Topic.bytes(.action, robot: robot),
      Topic.bytes(.signal, robot: robot)
    )
  }

  /// What the arm, perception and the cell's devices report.
  mutating func observe(_ reports: Reports) {
    let now = reports.now
    mustStop = false
    for signal in reports.signals {
      heed(judge(decoder.decode(endpoint: .scene, topic: topics.signal, body: signal), at: now))
    }
    // The state before people: they are judged against where the arm is, and both are of the same instant.
    heed(judge(decoder.decode(endpoint: .state, topic: topics.state, body: reports.state), at: now))
    heed(judge(decoder.decode(endpoint: .scene, topic: topics.people, body: reports.people), at: now))
    // Whoever acknowledges at the cell is an operator, and resets the monitor too.
    if latch != 0, reports.isCleared { _ = step(.reset(Reset(latch: latch)), at: now) }
  }

  private mutating func heed(_ decision: Decision) {
    switch decision {
    case .allow, .slow: break
    case .hold, .halt: mustStop = true
    }
  }

  /// What goes to the driver for the controller's action at `now`; with no action, what a decision on the state asks for.
  mutating func passes(_ action: [UInt8]?, at now: Int64) -> [UInt8]? {
    guard let action else {
      return tick(at: now)
    }
    isDriven = true
    let input = decoder.decode(endpoint: .action, topic: topics.action, body: action)
    let decision = judge(input, at: now)
    count(decision, at: now)
    if case .chunk = input, decision == .allow, action.withUnsafeBytes({ gate.keep($0) }) { return tick(at: now) }
    if let other = action.withUnsafeBytes({ gate.outgoing(for: decision, original: $0) }).bytes { return Array(other) }
    // An action that commands no motion leaves the hold that a state or a person called for in force.
    if enforces, mustStop, case .action(let commanded) = input, case .none = commanded.command { return Array(gate.stop()) }
    return action
  }

  /// What a period without a new command brings: a row of a chunk that is due, or a stop that the state or a person calls for.
  private mutating func tick(at now: Int64) -> [UInt8]? {
    let verdict = step(.tick, at: now)
    guard verdict.judged == .commanded else {
      heed(verdict.decision)
      return enforces && mustStop ? Array(gate.stop()) : nil
    }
    count(verdict.decision, at: now)
    return enforces ? gate.outgoing(for: verdict.decision, row: verdict.row).bytes.map { Array($0) } : nil
  }

  @discardableResult
  private mutating func judge(_ input: Input, at now: Int64) -> Decision { step(input, at: now).decision }

  private mutating func step(_ input: Input, at now: Int64) -> Verdict {
    let verdict = monitor.step(input, at: MonoInstant(nanoseconds: now))
    latch = verdict.latch
    if verdict.judged != .noted {
      switch verdict.outcome {
      case .pass: counts.pass += 1
      case .violationCertain: counts.certain += 1
      case .violationPossible: counts.possible += 1
      case .unknown: counts.unknown += 1
      case .notApplicable: counts.not_applicable += 1
      }
      count(verdict.findings, at: now)
    }
    return verdict
  }

  private mutating func count(_ findings: Findings, at now: Int64) {
    // Worst first: after the first that passes, all pass or don't apply.
    for place in 0..<findings.count {
      let finding = findings[place]
      let name = finding.rule.name
      switch finding.outcome {
      case .violationCertain: counts.certain_by_rule[name, default: 0] += 1
      case .violationPossible: counts.possible_by_rule[name, default: 0] += 1
      case .unknown: counts.unknown_by_rule[name, default: 0] += 1
      case .pass, .notApplicable: return
      }
      guard isDriven else { continue }
      if case .unknown = finding.outcome {
        Self.extend(&counts.unknown_spans[name, default: []], to: Double(now) * 1e-9)
      } else {
        Self.extend(&counts.broken_spans[name, default: []], to: Double(now) * 1e-9)
      }
    }
  }

  private static func extend(_ spans: inout [GateCounts.Span], to now: Double) {
    if let last = spans.indices.last, now - spans[last].to_s < GateCounts.Span.gap {
      spans[last].to_s = now
    } else {
      spans.append(GateCounts.Span(from_s: now, to_s: now))
    }
  }

  private mutating func count(_ decision: Decision, at now: Int64) {
    switch decision {
    case .allow: counts.allowed += 1
    case .slow: counts.slowed += 1
    case .hold: counts.held += 1
    case .halt: counts.halted += 1
    }
    if decision == .allow {
      intervening = false
    } else if intervening, let last = interventions.popLast() {
      interventions.append(last.lowerBound...now)
    } else {
      interventions.append(now...now)
      intervening = true
    }
  }

  /// The counts of the whole trial. `violations` are the spans, ns, in which the arm broke something by its own motion, and
  /// `pushes` those in which something had touched it that no person had acknowledged.
  consuming func finish(violations: [ClosedRange<Int64>], pushes: [ClosedRange<Int64>], motion: Double) -> GateCounts {
    var counts = counts
    counts.motion_s = motion
    counts.interventions = interventions.count
    if !enforces {
      counts.nuisance = interventions.count { intervention in
        let until = intervention.upperBound + Int64(GateCounts.horizon * 1e9)
        return !violations.contains { $0.overlaps(intervention.lowerBound...until) }
          && !pushes.contains { $0.overlaps(intervention) }
      }
    }
    return counts
  }
}
