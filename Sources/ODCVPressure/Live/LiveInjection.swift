import Foundation
import ODCVSim
import ODCVWire

/// Pressure on a controller that runs by itself, beside a monitor that watches its arm.
///
/// Owned by one thread: binds `instruction`, listens to a simulator's `truth` where there is one, and tells the monitor on
/// `control` what was sent when. The controller sees the instruction alone. Every message passes the `Interlock` first, but for the
/// one that takes pressure back; none is out before the monitor has taken its record.
struct LiveInjection: ~Copyable {
  struct Endpoints: Sendable {
    var instruction: String
    /// `nil`: the arm is real.
    var truth: String?
    var control: String
  }

  private let scenario: Scenario
  private let interlock: Interlock
  private let seed: UInt64
  private let isFlagged: Bool
  private let context: Context
  private let instruction: Socket
  private let truth: Socket
  private var frames = Frames()
  private let endpoints: Endpoints
  private var proof: SimulatorProof?
  private var identifiers: IdentifierStream
  private var kpi: Double?
  private var sequence: UInt64 = 0
  private var trial: UInt64 = 0
  /// Records told to the monitor, and those that it took.
  private var told = 0
  private var recorded = 0
  private var messages = 0
  private var refused: String?
  private var listeners: Subscribers
  /// Of the messages that the monitor was told of, taken or not.
  private var ownInstructions: Set<UInt64> = []
  /// The operator by whose word messages go out; `nil`: the command line's, or nobody's.
  private var armedBy: String?
  /// The controller was put under pressure, and nothing has taken that back.
  private var isPressed = false
  /// What the simulator counts, when that is not the scenario's KPI.
  private var otherKPI: String?
  /// Why the last message was kept back.
  private(set) var paused: String?
  private var truthfully: TruthCount

  /// From one message of a condition to the next, s.
  static let period = InstructionSchedule.period

  /// - Parameters:
  ///   - operators: Ed25519 public keys by the monitor's configuration
  ///   - configuration: SHA-256 over that, in hexadecimal digits
  ///   - isFlagged: armed on the command line
  init(
    _ file: InjectionFile, scenario: Scenario, robotID: String, operators: [String: [UInt8]], seed: UInt64,
    configuration: String, endpoints: Endpoints, isFlagged: Bool, boot: String = Arming.machineBoot
  ) throws {
    let context = try Context()
    // XPUB hears who subscribes: what is sent before anybody does is lost.
    let instruction = try Socket(context, .xpub)
    let truth = try Socket(context, .sub)
    var endpoints = endpoints
    endpoints.instruction = try instruction.bind(endpoints.instruction)
    if let address = endpoints.truth {
      try truth.subscribe("odcv/2/\(FreeRun.truthKind)/\(robotID)")
      try truth.connect(address)
    }
    for condition in file.conditions { _ = try ConditionText.rendered(condition, in: scenario) }
    self.scenario = scenario
    self.seed = seed
    self.isFlagged = isFlagged
    self.endpoints = endpoints
    self.context = context
    self.instruction = instruction
    self.truth = truth
    interlock = Interlock(file: file, robot: robotID, operators: operators, boot: boot, configuration: configuration)
    listeners = Subscribers(to: Topic.bytes(.instruction, robot: robotID))
    // Two runs with one seed are told apart in the record.
    identifiers = IdentifierStream(seed: .random(in: .min ... .max))
    truthfully = TruthCount()
  }

  /// Asks the simulator for its proof, the monitor how it is, and the interlock whether the first condition may be sent.
  mutating func refusal(within time: Duration = .seconds(2)) throws -> String? {
    try refusal(of: interlock.file.conditions[0], within: time)
  }

  private mutating func refusal(of condition: Condition, within time: Duration = .milliseconds(500)) throws -> String? {
    // Each time anew: a simulator that has ended proves nothing of the arm that is heard now.
    proof = try endpoints.truth.flatMap {
      try SimulatorProof.ask(context, truth: $0, robot: interlock.robot, within: time)
    }
    let (status, arming, now) = (try ask(), Arming.read(path: interlock.file.arming), Int64(Date().timeIntervalSince1970))
    if let reason = interlock.refusal(
      condition, proof: proof, status: status, arming: arming, isFlagged: isFlagged, at: now)
    {
      return reason
    }
    armedBy = interlock.author(arming, condition, at: now)
    if !ownInstructions.isEmpty, let told = status?.pressure?.instructionID, !ownInstructions.contains(told) {
      return "the monitor is told of other instructions than these: another injection runs; end one of the two"
    }
    if let otherKPI {
      return "the simulator counts `\(otherKPI)`, the scenario's KPI is `\(scenario.kpi.name)`; start both with the same scenario"
    }
    return nil
  }

  /// Waits until a controller listens: what is sent before is lost.
  ///
  /// - Parameter time: at most so long; `nil`: until somebody stops it
  /// - Returns: somebody listens
  mutating func awaitController(within time: Duration?) throws -> Bool {
    let end = time.map { ContinuousClock.now + $0 }
    while !isHeard, !Campaign.interrupted.load(ordering: .relaxed) {
      if let end, ContinuousClock.now >= end { return false }
      try listen(milliseconds: 20)
    }
    return isHeard
  }

  private var isHeard: Bool { !listeners.isEmpty }

  var instructionEndpoint: String { endpoints.instruction }

  var readyLine: String {
    InjectionLine.text(
      InjectionLine.Ready(scenario: scenario.id, control: endpoints.control, instruction: endpoints.instruction, truth: endpoints.truth))
  }

  /// Every record that was told is with the monitor.
  var isRecorded: Bool { recorded >= told && refused == nil }

  /// The conditions, pass after pass, until they are done, time is over or somebody stops it.
  ///
  /// - Parameters:
  ///   - time: of all together; `nil`: as the file says
  ///   - tell: takes a line about each block
  mutating func run(for time: Duration? = nil, tell: (String) -> Void = { _ in }) throws {
    let file = interlock.file
    var next = ContinuousClock.now
    let end = time.map { next + $0 }
    var pass = 0
    while file.repeats == 0 || pass < file.repeats, !Campaign.interrupted.load(ordering: .relaxed) {
      let conditions = file.pass(pass, seed: seed)
      let block = time.map { $0 / max(1, conditions.count * max(1, file.repeats)) } ?? .seconds(file.block)
      for condition in conditions {
        next += block
        try put(condition, until: end.map { min($0, next) } ?? next, tell)
        if Campaign.interrupted.load(ordering: .relaxed) { break }
      }
      pass += 1
      if let end, ContinuousClock.now >= end { break }
    }
    guard isPressed else { return }
    try takeBack()
    // The process ends with this message, and a publisher that closes doesn't send what it still holds.
    Thread.sleep(forTimeInterval: 0.2)
  }

  private mutating func put(
    _ condition: Condition, until end: ContinuousClock.Instant, _ tell: (String) -> Void
  ) throws {
    trial += 1
    let before = count(of: condition, in: try ask())
    let broken = truthfully.violations
    let (from, sentBefore) = (ContinuousClock.now, messages)
    _ = try record(RequestMessage(episode: EpisodeMessage(header: header(), phase: .start, trial: trial, scenario: scenario.id)))
    var next = ContinuousClock.now
    while ContinuousClock.now < end, !Campaign.interrupted.load(ordering: .relaxed) {
      try listen(milliseconds: 20)
      guard ContinuousClock.now >= next else { continue }
      next += .seconds(Self.period)
      if let reason = try refusal(of: condition) ?? (isHeard ? nil : "no controller listens at \(endpoints.instruction)") {
        if reason != paused { tell(InjectionLine.text(InjectionLine.Pause(paused: reason))) }
        paused = reason
        try takeBack()
        continue
      }
      if paused != nil { tell(#"{"resumed":true}"#) }
      paused = nil
      if try !send(condition) {
        let reason = "the monitor did not take the record of it: \(refused ?? "no answer")"
        if reason != paused { tell(InjectionLine.text(InjectionLine.Pause(paused: reason))) }
        paused = reason
      }
    }
    let after = count(of: condition, in: try ask())
    _ = try record(RequestMessage(episode: EpisodeMessage(header: header(), phase: .end, trial: trial, scenario: scenario.id)))
    tell(
      InjectionLine.text(
        InjectionLine.Block(
          block: trial, condition: condition.rawValue, dose: condition.dose, seconds: Self.seconds(from), messages: messages - sentBefore,
          commands: Self.since(before?.commands, after?.commands), violating: Self.since(before?.violating, after?.violating),
          runs: Self.since(before?.runs, after?.runs), held: Self.since(before?.held, after?.held),
          truth_violations: endpoints.truth == nil || proof == nil ? nil : truthfully.violations - broken)))
  }

  /// Gives the controller its task without any pressure again: the one message that the interlock does not hold up.
  private mutating func takeBack() throws {
    guard isPressed else { return }
    _ = try send(.neutral)
  }

  /// - Returns: it is out. It is not when the monitor did not take its record: no message may be out without.
  private mutating func send(_ condition: Condition) throws -> Bool {
    let full = try ConditionText.rendered(condition, in: scenario)
    let (text, truncated) = interlock.file.budget.map { LanguageBudget(bytes: $0).cut(full) } ?? (full, false)
    // Without a simulator nobody knows the KPI: the text names its target, and no condition carries a number.
    let message = kpi.map {
      InstructionSchedule.message(id: identifiers.next(), text: text, condition, scenario.kpi, value: $0)
    } ?? InstructionMessage(id: identifiers.next(), text: text)
    if let id = message.id { ownInstructions.insert(id) }
    let isTaken = try record(
      RequestMessage(
        pressure: PressureMessage(
          header: header(), instructionID: message.id, scenario: scenario.id, seed: seed, condition: condition.onTheWire,
          dose: condition.dose, textSent: message.text, truncated: truncated, kpis: message.kpis, armedBy: armedBy)))
    guard isTaken else { return false }
    try instruction.send([Topic.bytes(.instruction, robot: interlock.robot), message.encoded()])
    isPressed = condition != .neutral
    messages += 1
    return true
  }

  /// Waits until the monitor has taken it.
  private mutating func record(_ request: RequestMessage) throws -> Bool {
    told += 1
    guard let ack = try exchange(request) else {
      refused = "no answer"
      return false
    }
    guard ack.ok == true else {
      refused = ack.error ?? "no reason given"
      return false
    }
    recorded += 1
    return true
  }

  private mutating func header() -> HeaderFields {
    sequence += 1
    return HeaderFields(robotID: interlock.robot, streamID: 1, sequence: sequence, clock: .monotonic)
  }

  /// The monitor's status, asked for now; `nil` when it does not answer within 1 s.
  private mutating func ask() throws -> StatusMessage? {
    try exchange(RequestMessage(status: StatusRequestMessage()))?.status
  }

  /// One question on a socket of its own, so that no late answer is taken for that to a later one.
  private mutating func exchange(_ request: RequestMessage) throws -> AckMessage? {
    try listen(milliseconds: 0)
    var options = SocketOptions()
    options.immediate = false
    let socket = try Socket(context, .req, options: options)
    try socket.connect(endpoints.control)
    guard try socket.send([request.encoded()]), try socket.receive(into: &frames, timeoutMilliseconds: 1000), frames.count > 0
    else { return nil }
    return try? AckMessage(decoding: frames.bytes(frames.count - 1))
  }

  /// Takes in who listens and what truth has said.
  private mutating func listen(milliseconds: Int) throws {
    var wait = milliseconds
    while try instruction.receive(into: &frames, timeoutMilliseconds: wait) {
      wait = 0
      listeners.take(frames)
    }
    while try truth.receive(into: &frames, timeoutMilliseconds: 0) {
      guard frames.count > 0, let message = try? TruthMessage(decoding: frames.bytes(frames.count - 1)) else { continue }
      // Only of the arm that the monitor watches.
      guard proof != nil else { continue }
      if let value = message.kpi?.value { kpi = value }
      otherKPI = message.kpi?.name.flatMap { $0 == scenario.kpi.name ? nil : $0 }
      truthfully.take(message)
    }
  }
}

extension LiveInjection {
  var summaryLine: String {
    InjectionLine.text(
      InjectionLine.Summary(sent: told, recorded: recorded, judged_by: proof == nil ? "monitor" : "truth", refused: refused))
  }

  /// What the monitor has counted so far; zeros where the condition was never in force, `nil` where it did not answer.
  private func count(of condition: Condition, in status: StatusMessage?) -> PressureCount? {
    guard let status else { return nil }
    return status.pressureCounts.first { $0.condition == condition.onTheWire }
      ?? PressureCount(commands: 0, violating: 0, held: 0, runs: 0)
  }

  private static func since(_ before: UInt64?, _ after: UInt64?) -> UInt64? {
    guard let before, let after, after >= before else { return nil }
    return after - before
  }

  private static func seconds(_ from: ContinuousClock.Instant) -> Double {
    ((ContinuousClock.now - from) / .milliseconds(1)).rounded() / 1000
  }
}
