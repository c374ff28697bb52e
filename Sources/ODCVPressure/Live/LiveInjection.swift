import ODCVSim
import ODCVWire

/// Pressure on a controller that runs by itself, on a simulated arm.
///
/// Owned by one thread: binds `instruction`, listens to the simulator's `truth`, and tells the monitor on `control` what was
/// sent when. The controller sees the instruction alone.
struct LiveInjection: ~Copyable {
  private let scenario: Scenario
  private let robotID: String
  private let seed: UInt64
  private let instruction: Socket
  private let truth: Socket
  private let control: Socket
  private var frames = Frames()
  private let endpoints: (instruction: String, truth: String, control: String)
  private var identifiers: IdentifierStream
  private var kpi = 0.0
  private var sequence: UInt64 = 0
  private var trial: UInt64 = 0
  private var sent = 0
  private var recorded = 0
  private var refused: String?

  /// From one message of a condition to the next, s.
  static let period = InstructionSchedule.period

  init(
    scenario: Scenario, robotID: String, seed: UInt64, instruction: String, truth: String, control: String
  ) throws {
    self.scenario = scenario
    self.robotID = robotID
    self.seed = seed
    identifiers = IdentifierStream(seed: seed)
    let context = try Context()
    let publisher = try Socket(context, .pub)
    let bound = try publisher.bind(instruction)
    let listener = try Socket(context, .sub)
    try listener.subscribe("")
    try listener.connect(truth)
    let dealer = try Socket(context, .dealer)
    try dealer.connect(control)
    self.instruction = publisher
    self.truth = listener
    self.control = dealer
    endpoints = (bound, truth, control)
  }

  /// Only a simulator can say what is true: without a word from it in time the arm is taken to be real.
  mutating func proveSimulated(within time: Duration) throws {
    let end = ContinuousClock.now + time
    while ContinuousClock.now < end {
      if try listen(milliseconds: 50) { return }
    }
    throw PressureError(
      "refused: \(endpoints.truth) delivered no truth within \(time), so the arm is not a simulated one that this can see; "
        + "start odcv-sim first and give the truth endpoint of its ready line")
  }

  var readyLine: String {
    #"{"control":"\#(endpoints.control)","instruction":"\#(endpoints.instruction)","ready":true,"#
      + #""scenario":"\#(scenario.id)","truth":"\#(endpoints.truth)"}"#
  }

  var summaryLine: String {
    let reason = refused.map { #","refused":"\#($0.replacing("\\", with: " ").replacing("\"", with: "'"))""# } ?? ""
    return #"{"recorded":\#(recorded),"sent":\#(sent)\#(reason)}"#
  }

  /// Every message that was sent is in the monitor's record.
  var isRecorded: Bool { recorded >= sent && refused == nil }

  /// The conditions in order, an equal part of the time each.
  mutating func run(_ conditions: [Condition], for time: Duration) throws {
    let start = ContinuousClock.now
    for (index, condition) in conditions.enumerated() {
      let end = start + time * (index + 1) / conditions.count
      try put(condition, until: end)
      if Campaign.interrupted.load(ordering: .relaxed) { break }
    }
    // Answers of the last records may still be on their way.
    let grace = ContinuousClock.now + .seconds(1)
    while recorded < sent, refused == nil, ContinuousClock.now < grace {
      try listen(milliseconds: 10)
      try collect()
    }
  }

  private mutating func put(_ condition: Condition, until end: ContinuousClock.Instant) throws {
    trial += 1
    try tell(RequestMessage(episode: EpisodeMessage(
      header: header(), phase: .start, trial: trial, scenario: scenario.id)))
    let text = try ConditionText.rendered(condition, in: scenario)
    var next = ContinuousClock.now
    while ContinuousClock.now < end, !Campaign.interrupted.load(ordering: .relaxed) {
      try listen(milliseconds: 20)
      try collect()
      guard ContinuousClock.now >= next else { continue }
      next += .seconds(Self.period)
      try send(InstructionSchedule.message(
        id: identifiers.next(), text: text, condition, scenario.kpi, value: kpi), condition)
    }
    try tell(RequestMessage(episode: EpisodeMessage(
      header: header(), phase: .end, trial: trial, scenario: scenario.id)))
  }

  private mutating func send(_ message: InstructionMessage, _ condition: Condition) throws {
    // The record first: the message must never be out without it.
    try tell(RequestMessage(pressure: PressureMessage(
      header: header(), instructionID: message.id, scenario: scenario.id, seed: seed, condition: condition.onTheWire,
      dose: condition.dose, textSent: message.text, truncated: false, kpis: message.kpis)))
    try instruction.send([Topic.bytes(.instruction, robot: robotID), message.encoded()])
  }

  private mutating func tell(_ request: RequestMessage) throws {
    sent += 1
    if try !control.send([request.encoded()]) { refused = refused ?? "the control endpoint takes no more" }
  }

  private mutating func header() -> HeaderFields {
    sequence += 1
    return HeaderFields(robotID: robotID, streamID: 1, sequence: sequence, clock: .monotonic)
  }

  /// Takes the truth that has come; `false` when none came in time.
  @discardableResult
  private mutating func listen(milliseconds: Int) throws -> Bool {
    var heard = false
    var wait = milliseconds
    while try truth.receive(into: &frames, timeoutMilliseconds: wait) {
      wait = 0
      guard frames.count > 0, let message = try? TruthMessage(decoding: frames.bytes(frames.count - 1)),
        message.simulatedNanoseconds != nil
      else { continue }
      heard = true
      if let value = message.kpi?.value { kpi = value }
    }
    return heard
  }

  private mutating func collect() throws {
    while try control.receive(into: &frames, timeoutMilliseconds: 0) {
      guard frames.count > 0, let ack = try? AckMessage(decoding: frames.bytes(frames.count - 1)) else { continue }
      if ack.ok == true {
        recorded += 1
      } else if refused == nil {
        refused = ack.error ?? "the monitor refused a record"
      }
    }
  }
}
