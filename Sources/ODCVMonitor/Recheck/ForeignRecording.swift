import ODCVConfig
import ODCVEvidence
import ODCVWire

/// A ROS 2 recording (MCAP, CDR messages) as inputs of the monitor, in the order of their log times.
///
/// Joint states become states; a trajectory becomes the joint positions that a controller which follows it would command, one a
/// control period of the cell, from where the arm was seen last, until it ends or another comes. Every instant is a message's
/// log time, when the recorder got it; the sender's stamp is kept as the source's time and decides nothing. Between messages the
/// loop's own ticks come, so that silence is judged as it would have been live. What can't be believed goes to the same decoder as
/// a live message that can't: it is refused, so unknown.
struct ForeignRecording: ~Copyable, CheckSource {
  /// Instant of the first message, ns: whatever the log time of the first message is.
  static let start: Int64 = 1_000_000_000

  private(set) var summary: ForeignSummary
  private(set) var gaps: [String] = []

  private let robot: String
  private var reader: MCAPReader
  private var translator: ROSTranslator
  private var channels: [UInt16: Role] = [:]
  private var firstLogTime: UInt64?
  private var index: UInt64 = 0
  /// Instant of what was handed out last.
  private var last = start
  /// Read, and not handed out before what is due earlier.
  private var waiting: (message: MCAPMessage, role: Role, instant: Int64)?
  private var nextTick: Int64 = 0
  /// The trajectory under way, when it began and when its next command is due.
  private var way: (path: TrajectoryPath, begin: Int64, due: Int64)?
  private let period: Int64
  private var isOver = false

  private enum Role { case state, command, trajectory }

  /// Whether `path` is an MCAP file that the monitor did not record.
  static func isForeign(_ path: String) throws(EvidenceError) -> Bool {
    guard !RecordingParts.isDirectory(path) else { return false }
    var reader = try MCAPReader(path: path)
    guard case .header(let profile, _)? = try reader.next(), profile == "ros2" else { return false }
    return try MCAPReader.sidecars(path: path).metadata.allSatisfy { $0.name != "odcv" }
  }

  init(path: String, _ loaded: LoadedConfiguration, _ options: ForeignOptions) throws {
    let survey = try ForeignTopics(path: path, options)
    let reader = try reading { () throws(EvidenceError) in try MCAPReader(path: path) }
    summary = survey.summary
    robot = loaded.robotID
    period = Int64(loaded.core.cell.controlPeriod * 1e9)
    translator = ROSTranslator(robot: loaded.robotID, joints: loaded.jointNames)
    self.reader = reader
  }

  /// No number can be missed, as its messages have none.
  var isWholeSoFar: Bool { true }

  mutating func next() throws -> RecordedItem? { try nextInput().map { .input($0) } }

  // MARK: -

  /// `nil` at the end.
  private mutating func nextInput() throws -> RecordedInput? {
    if waiting == nil, !isOver { try read() }
    let limit = waiting?.instant ?? Int64.min
    if let way, way.due <= min(limit, nextTick) { return step() }
    if nextTick < limit {
      defer { nextTick += ArmLoop.Pace.tick }
      return input(.tick, at: nextTick)
    }
    guard let (message, role, instant) = waiting else { return nil }
    waiting = nil
    return take(message, role, at: instant)
  }

  private mutating func read() throws {
    while let item = try reading({ () throws(EvidenceError) in try reader.next() }) {
      switch item {
      case .header, .schema, .attachment, .metadata: break
      case .channel(let channel): channels[channel.id] = role(channel.topic)
      case .message(let message):
        guard let role = channels[message.channelID] else { continue }
        waiting = (message, role, instant(message.logTime))
        return
      }
    }
    isOver = true
    gaps += reader.problems.map(\.description)
    if let ending = reader.ending, ending != .closed { gaps.append(ending.description) }
    if way != nil { summary.remark("a trajectory goes on behind the recording's end; what is left of it was not judged") }
  }

  private func role(_ topic: String) -> Role? {
    if topic == summary.stateTopic { return .state }
    guard topic == summary.actionTopic else { return nil }
    return summary.actionIsTrajectory ? .trajectory : .command
  }

  private mutating func instant(_ logTime: UInt64) -> Int64 {
    guard let first = firstLogTime else {
      firstLogTime = logTime
      nextTick = Self.start
      return Self.start
    }
    let instant = Int64(bitPattern: logTime &- first) &+ Self.start
    guard instant < last else { return instant }
    if gaps.isEmpty || !gaps[0].hasPrefix("log times run back") {
      gaps.insert(
        "log times run back: a message is logged \(Words.rounded(Double(last - instant) * 1e-9)) s before what comes before it in the file; such are judged as if they had come then",
        at: 0)
    }
    return last
  }

  private mutating func input(_ event: RecordedInput.Event, at instant: Int64) -> RecordedInput {
    index += 1
    last = instant
    return RecordedInput(index: index, instant: instant, event: event)
  }

  private mutating func message(_ kind: MessageKind, _ body: [UInt8], at instant: Int64) -> RecordedInput {
    let endpoint: Endpoint = kind == .state ? .state : .action
    return input(
      .message(endpoint: endpoint.rawValue, topic: Topic.bytes(kind, robot: robot), body: body), at: instant)
  }

  /// The next command of the trajectory under way.
  private mutating func step() -> RecordedInput {
    guard var way else { preconditionFailure("no trajectory is under way") }
    let instant = way.due
    // Where the arm is to be when the next command comes.
    let target = way.path.position(at: Double(instant + period - way.begin) * 1e-9)
    way.due += period
    self.way = Double(way.due - way.begin) * 1e-9 < way.path.duration ? way : nil
    summary.commands += 1
    return message(.action, translator.command(position: target), at: instant)
  }

  private mutating func take(_ message: MCAPMessage, _ role: Role, at instant: Int64) -> RecordedInput? {
    switch role {
    case .state:
      switch translator.state(message.data) {
      case .body(let body):
        summary.states += 1
        return self.message(.state, body, at: instant)
      case .refused(let body, let why): return refuse(.state, body, "\(summary.stateTopic): \(why)", at: instant)
      case .ofOthers: break
      }
    case .command:
      switch translator.command(message.data) {
      case .body(let body):
        summary.commands += 1
        return self.message(.action, body, at: instant)
      case .refused(let body, let why):
        return refuse(.action, body, "\(summary.actionTopic ?? ""): \(why)", at: instant)
      case .ofOthers: break
      }
    case .trajectory:
      switch translator.trajectory(message.data, logTime: message.logTime) {
      case .path(let path):
        summary.trajectories += 1
        way = (path, instant, instant)
        return step()
      case .stop(let body):
        summary.trajectories += 1
        way = nil
        return self.message(.action, body, at: instant)
      case .refused(let body, let why):
        way = nil
        return refuse(.action, body, "\(summary.actionTopic ?? ""): \(why)", at: instant)
      case .ofOthers: break
      }
    }
    summary.others += 1
    // Somebody was heard, and nothing of this arm was said.
    return input(.tick, at: instant)
  }

  private mutating func refuse(_ kind: MessageKind, _ body: [UInt8], _ why: String, at instant: Int64) -> RecordedInput {
    summary.refused += 1
    summary.remark(why)
    return message(kind, body, at: instant)
  }
}
