import Glibc
import ODCVConfig
import ODCVCore
import ODCVEvidence
import ODCVWire

/// Sends a recording's messages to a monitor, byte for byte as they came, on the endpoints that they came by.
///
/// What the recorded loop made itself (ticks, overruns, losses, a latch of the run before) is not sent: the monitor that
/// listens has its own. Neither are an operator's resets and releases, whose signatures are for the recorded run alone.
struct Replayer: ~Copyable {
  /// Where the monitor is.
  struct Endpoints {
    var action: String
    var state: String
    var scene: String
    var control: String
    var verdict: String
  }

  /// How it was sent, and what came back in lock step.
  struct Report {
    var sent: UInt64 = 0
    /// Orders of an operator, which were left out.
    var leftOut: UInt64 = 0
    /// Messages of lock step whose verdict did not come within a second.
    var unanswered: UInt64 = 0
    var answered: UInt64 = 0
    /// Verdicts with another outcome or decision than the recorded one; the first is of this input.
    var differing: UInt64 = 0
    var firstDifference: UInt64?
    var compared: UInt64 = 0
    /// s from the first to the last message, as they were recorded.
    var seconds = 0.0
    /// What the recording lacks, in words.
    var gaps: [String] = []
  }

  private static let patienceMilliseconds = 1000
  private static let connectPatienceMilliseconds = 5000

  private let context: Context
  private var action: Socket
  private var state: Socket
  private var scene: Socket
  private var control: Socket
  private var verdicts: Socket
  private var frames = Frames()
  private let cell: Cell
  private var report = Report()

  /// Connects, and waits until the monitor listens on all three of its ears.
  ///
  /// - Throws: `Stop` with 4 when nobody is there.
  init(_ endpoints: Endpoints, _ loaded: LoadedConfiguration) throws {
    var options = SocketOptions()
    // What was sent last must leave before the sockets close.
    options.linger = 1000
    let context = try rig { () throws(WireError) in try Context() }
    func connect(_ kind: SocketKind, _ endpoint: String) throws -> Socket {
      try rig { () throws(WireError) in
        let socket = try Socket(context, kind, options: options)
        if case .sub = kind { try socket.subscribe(Topic.subscription(.verdict)) }
        try socket.connect(endpoint)
        return socket
      }
    }
    /// A publisher drops what it sends before its peer has subscribed.
    func awaitListener(_ socket: borrowing Socket, _ endpoint: String) throws {
      var frames = Frames()
      do throws(WireError) {
        if try socket.receive(into: &frames, timeoutMilliseconds: Self.connectPatienceMilliseconds) { return }
      } catch {
        throw Stop(.failed, "\(error)")
      }
      throw Stop(
        .failed,
        "nobody listens at \(endpoint); start `odcv-monitor run` with the recording's configuration, or name its endpoints as on its ready line")
    }
    let action = try connect(.xpub, endpoints.action)
    let state = try connect(.xpub, endpoints.state)
    let scene = try connect(.xpub, endpoints.scene)
    let control = try connect(.dealer, endpoints.control)
    let verdicts = try connect(.sub, endpoints.verdict)
    try awaitListener(action, endpoints.action)
    try awaitListener(state, endpoints.state)
    try awaitListener(scene, endpoints.scene)
    cell = loaded.core.cell
    self.context = context
    self.action = action
    self.state = state
    self.scene = scene
    self.control = control
    self.verdicts = verdicts
  }

  /// - Parameters:
  ///   - speed: times the recorded one; `nil`: lock step, each message waits for the verdict on the one before
  consuming func run(_ path: String, speed: Double?) throws -> Report {
    // Its streams begin anew: a monitor that has heard these numbers before would take them for old ones.
    try request(RequestMessage(episode: EpisodeMessage(phase: .reset)).encoded())
    var recording = try reading { () throws(EvidenceError) in try Recording(path: path) }
    let began = monotonicNow().nanoseconds
    var first: Int64?
    var answer: (index: UInt64, verdict: VerdictMessage)?
    while let item = try reading({ () throws(EvidenceError) in try recording.next() }) {
      switch item {
      case .input(let input):
        answer = nil
        guard case .message(let endpoint, let topic, let body) = input.event, let endpoint = Endpoint(rawValue: endpoint) else {
          continue
        }
        let offset = input.instant - (first ?? input.instant)
        if first == nil { first = input.instant }
        report.seconds = Double(offset) * 1e-9
        if let speed { Replayer.sleep(until: began + Int64(Double(offset) / speed)) }
        answer = try send(endpoint, topic, body, inLockStep: speed == nil).map { (input.index, $0) }
      case .verdict(let index, _, let message):
        guard let live = answer, live.index == index, let recorded = try? VerdictMessage(decoding: message) else { continue }
        report.compared += 1
        guard recorded.outcome != live.verdict.outcome || recorded.decision != live.verdict.decision else { continue }
        report.differing += 1
        if report.firstDifference == nil { report.firstDifference = index }
      case .alarm, .sent: break
      }
    }
    if recording.missingInputs > 0 { report.gaps.append("\(recording.missingInputs) inputs are missing in it") }
    if let loss = recording.recoveredLoss { report.gaps.append("it was recovered with loss: \(loss)") }
    if let mark = recording.slice { report.gaps.append(mark.words) }
    if let reason = recording.endedEarly { report.gaps.append("its recording ended before its run did: \(reason)") }
    if let excerpts = recording.excerpts { report.gaps.append(excerpts.words(leftOut: recording.leftOutInputs)) }
    report.gaps += recording.flaws
    return report
  }

  // MARK: -

  /// The verdict on it, in lock step.
  private mutating func send(
    _ endpoint: Endpoint, _ topic: [UInt8], _ body: [UInt8], inLockStep: Bool
  ) throws -> VerdictMessage? {
    // What had not two frames was recorded as one body.
    let parts = topic.isEmpty ? [body] : [topic, body]
    if inLockStep { try drain() }
    switch endpoint {
    case .action: _ = try rig { () throws(WireError) in try action.send(parts) }
    case .state: _ = try rig { () throws(WireError) in try state.send(parts) }
    case .scene: _ = try rig { () throws(WireError) in try scene.send(parts) }
    case .control:
      let request = try? RequestMessage(decoding: body)
      guard request?.reset == nil, request?.release == nil else {
        report.leftOut += 1
        return nil
      }
      try self.request(body)
      report.sent += 1
      return nil
    case .gated, .verdict, .instruction: return nil
    }
    report.sent += 1
    return inLockStep ? try verdict(on: Expected(topic, body, cell)) : nil
  }

  private mutating func request(_ body: [UInt8]) throws {
    let answered = try rig { () throws(WireError) in
      try control.send([[], body], wait: true)
      return try control.receive(into: &frames, timeoutMilliseconds: Replayer.connectPatienceMilliseconds)
    }
    guard answered else { throw Stop(.failed, "the monitor's control endpoint does not answer") }
  }

  private mutating func drain() throws {
    try rig { () throws(WireError) in
      while try verdicts.receive(into: &frames, timeoutMilliseconds: 0) {}
    }
  }

  private mutating func verdict(on expected: Expected) throws -> VerdictMessage? {
    var left = expected.count
    let deadline = monotonicNow().nanoseconds + Int64(Replayer.patienceMilliseconds) * 1_000_000
    while monotonicNow().nanoseconds < deadline {
      let came = try rig { () throws(WireError) in
        try verdicts.receive(into: &frames, timeoutMilliseconds: Replayer.patienceMilliseconds)
      }
      guard came, frames.count == 2, let verdict = try? VerdictMessage(decoding: frames.bytes(1)) else { continue }
      guard expected.isAnswered(by: verdict) else { continue }
      left -= 1
      guard left == 0 else { continue }
      report.answered += 1
      return verdict
    }
    report.unanswered += 1
    return nil
  }

  private static func sleep(until instant: Int64) {
    let left = instant - monotonicNow().nanoseconds
    guard left > 0 else { return }
    var time = timespec(tv_sec: Int(left / 1_000_000_000), tv_nsec: Int(left % 1_000_000_000))
    nanosleep(&time, nil)
  }
}

/// How the verdict on a message is told from one on a tick that falls between.
private enum Expected {
  /// It names the action.
  case action(UInt64)
  /// It says that the state is as young as a state can be: just received.
  case state(Int64)
  /// It is on something that says nothing of a motion; a tick's never is.
  case noted
  /// It says that the cell's one sensor of people is as young as it can be.
  case people(Int64)
  /// Any: nothing in it tells which message it is on. Of two in a row, one is hardly a tick's.
  case any

  /// Verdicts to wait for.
  var count: Int {
    switch self {
    case .action, .state, .people, .noted: 1
    case .any: 2
    }
  }

  init(_ topic: [UInt8], _ body: [UInt8], _ cell: Cell) {
    switch Topic.parse(topic)?.kind {
    case .action:
      let sequence = (try? ActionMessage(decoding: body))?.header?.sequence
      self = sequence.map { .action($0) } ?? .any
    case .state:
      self = (try? StateMessage(decoding: body)) == nil ? .any : .state(Int64(cell.stateInput.latency * 1e9) + 1000)
    case .heartbeat, .reasoning: self = .noted
    case .people:
      let isOnly = cell.peopleSensors.count == 1 && (try? PeopleMessage(decoding: body)) != nil
      self = isOnly ? .people(Int64(cell.peopleSensors[0].input.latency * 1e9) + 1000) : .any
    case .layout, .obstacles, .signal, .instruction, .verdict, .alarm, .lease, nil: self = .any
    }
  }

  func isAnswered(by verdict: VerdictMessage) -> Bool {
    switch self {
    case .action(let sequence): return verdict.actionSequence == sequence || isRefusal(verdict)
    case .state(let youngest):
      return verdict.stateAgeNanoseconds.map { $0 <= youngest } ?? false || isRefusal(verdict)
    case .people(let youngest):
      return verdict.peopleAgeNanoseconds.map { $0 <= youngest } ?? false || isRefusal(verdict)
    case .noted: return verdict.judged == .noted || isRefusal(verdict)
    case .any: return true
    }
  }

  /// The message was not believed, so that no verdict names it.
  private func isRefusal(_ verdict: VerdictMessage) -> Bool {
    verdict.findings.contains {
      ($0.rule == RuleID.integritySchema.name || $0.rule == RuleID.integritySequence.name) && $0.outcome != .pass
    }
  }
}
