import COdcvProto

/// Something that the loop took in, as a recording holds it.
public struct RecordedInput: Sendable, Equatable {
  public enum Event: Sendable, Equatable {
    /// The two frames as they came, well-formed or not.
    case message(endpoint: String, topic: [UInt8], body: [UInt8])
    case tick
    case lost(endpoint: String, count: UInt64)
    case overrun(nanoseconds: Int64)
    /// A latch of the run before, by its number.
    case restored(UInt64)
    /// Another configuration was in force until now, and the arm was told to stop.
    case handover
  }

  /// Arrival index.
  public var index: UInt64
  /// ns of the monotonic clock
  public var instant: Int64
  public var event: Event
  /// It is the first of an excerpt: what came before it was not kept, so whoever judges it knows nothing.
  public var followsGap = false

  public init(index: UInt64, instant: Int64, event: Event) {
    self.index = index
    self.instant = instant
    self.event = event
  }
}

/// What a recording gives, in the order of the file.
public enum RecordedItem: Sendable, Equatable {
  case input(RecordedInput)
  /// For comparison only. `core` is `nil` when the message carries none or doesn't decode, and when the recording was opened without
  /// its verdicts; `message` is then empty.
  case verdict(index: UInt64, core: [UInt8]?, message: [UInt8])
  case alarm(index: UInt64, message: [UInt8])
  case sent(index: UInt64, forwarded: Bool, substitute: [UInt8])
}

/// A recording, read to be judged again: the configuration that it ran with, then every input in arrival order, with
/// the verdicts and sent commands that were stored beside them. The files of one that was split are read as one.
public struct Recording: ~Copyable {
  /// As it was asked for.
  public let path: String
  public let robotID: String
  /// Hex digits.
  public let configurationSHA256: String
  /// ns
  public let monotonicStart: Int64
  /// ns since 1970
  public let wallStart: Int64
  /// Hex digits.
  public let bootID: String
  /// All of the `odcv` metadata.
  public let metadata: [String: String]
  /// The `odcv.end` metadata of the last file, which the recorder writes when it stops in order; `nil` when it did not.
  public let closing: [String: String]?
  /// Arrival index of the first input that this run's verdict decided; those before were judged beside the run before it,
  /// so that this one knew the world when it began. `nil`: it was never in force.
  public let inForceFrom: UInt64?
  /// What it was cut out of; `nil` for a recording that is no slice.
  public let slice: SliceMark?
  /// What `recover` said was lost when it wrote this file; `nil` for what never went through it.
  public let recoveredLoss: String?
  /// What surrounds violations is all that it keeps; `nil` for a recording that keeps everything.
  public let excerpts: Excerpts?
  /// The configuration's files.
  public let attachments: [(name: String, bytes: [UInt8])]
  /// Inputs whose arrival index lies between those of two inputs that are here: they were not recorded.
  public private(set) var missingInputs: UInt64 = 0
  /// Arrival index of the last input so far; `nil` before the first.
  public private(set) var lastInput: UInt64?
  /// Inputs between those of two excerpts.
  public private(set) var leftOutInputs: UInt64 = 0
  /// Messages on channels that are none of ours.
  public private(set) var foreignMessages: UInt64 = 0

  private let withVerdicts: Bool
  private let parts: RecordingParts
  /// Of the file that is read, in `parts`.
  private var place = 0
  private var reader: MCAPReader
  /// What is wrong with the files before it, in words.
  private var earlierFlaws: [String] = []
  private var beginsExcerpt = false
  private var schemas: [UInt16: String] = [:]
  private var channels: [UInt16: Source] = [:]
  /// Of what the recorder drew, which is for the eye alone.
  private var drawn: Set<UInt16> = []
  private var indices: ArrivalIndex
  private var ownProblems: [MCAPProblem] = []

  private struct Source {
    var schema: MessageSchema
    var endpoint: String
    var topic: [UInt8]
  }

  /// Opens a recording of the recorder's; any other MCAP file is refused with what is missing in it.
  ///
  /// - Parameters:
  ///   - path: the directory of a run, or the first file of its recording
  ///   - withVerdicts: `false`: the bytes of verdicts and alarms are left out, for who judges anew and compares with nothing
  public init(path: String, withVerdicts: Bool = true) throws(EvidenceError) {
    let parts = try RecordingParts.find(path)
    let first = parts.files[0]
    let last = parts.files[parts.files.count - 1]
    guard let values = first.identity else {
      throw EvidenceError(
        "\(first.path): has no metadata record named odcv, so it was not recorded by odcv-monitor or its start is damaged; "
          + "name a recording of odcv-monitor")
    }
    guard let monotonic = values["mono_start_ns"].flatMap({ Int64($0) }),
      let wall = values["real_start_ns"].flatMap({ Int64($0) })
    else {
      throw EvidenceError("\(first.path): its odcv metadata lacks mono_start_ns or real_start_ns; instants can't be restored")
    }
    guard RecordedRun.isTime(monotonic) else {
      throw EvidenceError("\(first.path): mono_start_ns \(monotonic) of its odcv metadata is no time since a machine's start")
    }
    let marked = first.metadata.first { $0.name == SliceMark.name }
    let slice = marked.flatMap { SliceMark($0.values) }
    guard marked == nil || slice != nil else {
      throw EvidenceError("\(first.path): its \(SliceMark.name) metadata does not say which inputs it holds; cut the slice out again")
    }
    let reader = try MCAPReader(path: first.path)
    self.path = path
    self.withVerdicts = withVerdicts
    self.parts = parts
    self.slice = slice
    excerpts = Excerpts(values)
    let losses = parts.files.compactMap { file in
      file.metadata.first { $0.name == RecoveryMark.name }.map { (file.name, $0.values["loss"] ?? "") }
    }
    recoveredLoss =
      losses.isEmpty
      ? nil : losses.map { parts.files.count == 1 ? $0.1 : "\($0.0): \($0.1)" }.joined(separator: "\n")
    indices = ArrivalIndex(near: parts.nearFirstIndex)
    robotID = values["robot_id"] ?? ""
    configurationSHA256 = values["configuration_sha256"] ?? ""
    bootID = values["boot_id"] ?? ""
    monotonicStart = monotonic
    wallStart = wall
    let begun = parts.files.lazy.compactMap { $0.values("odcv.in_force") }.first
    let isLater = values["in_force"] == "later"
    inForceFrom = isLater ? begun?["from_index"].flatMap { UInt64($0) } ?? first.mark?.inForceFrom : 1
    self.metadata = values.merging(begun ?? [:]) { $1 }
    closing = last.nextPart == nil ? last.values(EndMark.name) : nil
    attachments = first.attachments.map { ($0.name, $0.data) }
    self.reader = reader
  }

  /// `nil` at the end, whatever kind of end that is.
  public mutating func next() throws(EvidenceError) -> RecordedItem? {
    while true {
      while let item = try reader.next() {
        switch item {
        case .schema(let schema): schemas[schema.id] = schema.name
        case .channel(let channel):
          channels[channel.id] = source(of: channel)
          if DrawnTopic.isDrawn(channel, schema: schemas[channel.schemaID]) { drawn.insert(channel.id) }
          reader.give(dataOf: channel.id, isRead(channel.id))
        case .message(let message):
          if let item = recorded(message) { return item }
        case .metadata(let record): if record.name == ExcerptMark.name { beginsExcerpt = true }
        case .header, .attachment: break
        }
      }
      guard place + 1 < parts.files.count else { return nil }
      try goOn()
    }
  }

  /// In the next file, whose schemas and channels are its own.
  private mutating func goOn() throws(EvidenceError) {
    earlierFlaws += flawsOfFile
    place += 1
    reader = try MCAPReader(path: parts.files[place].path)
    (schemas, channels, drawn) = ([:], [:], [])
  }

  /// How the last file ended; `nil` before `next()` has returned `nil`.
  public var ending: MCAPEnding? { place + 1 == parts.files.count ? reader.ending : nil }

  /// Damage that reading went past, in the file that is read now.
  public var problems: [MCAPProblem] { reader.problems + ownProblems }

  /// What is wrong with its files, in words, as far as they were read: missing, damaged, cut or not closed.
  public var flaws: [String] { parts.gaps + earlierFlaws + flawsOfFile + ownProblems.map(\.description) }

  private var flawsOfFile: [String] {
    var flaws = reader.problems.map(\.description)
    if let ending = reader.ending, ending != .closed { flaws.append(ending.description) }
    return parts.files.count == 1 ? flaws : flaws.map { "\(parts.files[place].name): \($0)" }
  }

  /// Why the recording ended although its run went on, in words; `nil` when it did not.
  public var endedEarly: String? { closing?[EndMark.endedEarly] }

  /// Read to its end, nothing was missing, damaged or cut.
  public var isComplete: Bool {
    ending == .closed && flaws.isEmpty && missingInputs == 0 && leftOutInputs == 0 && endedEarly == nil
  }

  /// Nothing was missing, left out or damaged up to here.
  public var isWholeSoFar: Bool {
    missingInputs == 0 && leftOutInputs == 0 && parts.gaps.isEmpty && earlierFlaws.isEmpty && ownProblems.isEmpty
      && reader.problems.isEmpty
  }

  // MARK: -

  /// A channel is named `<endpoint>/<topic>`; an endpoint has no slash in its name.
  private func source(of channel: MCAPChannel) -> Source? {
    guard let name = schemas[channel.schemaID], name.hasPrefix("odcv.v1."),
      let schema = MessageSchema(rawValue: String(name.dropFirst(8)))
    else { return nil }
    let parts = channel.topic.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
    return Source(
      schema: schema, endpoint: String(parts[0]), topic: parts.count > 1 ? Array(parts[1].utf8) : [])
  }

  /// Whether anybody looks into the messages of this channel.
  private func isRead(_ channel: UInt16) -> Bool {
    switch channels[channel]?.schema {
    case .verdict, .alarm: withVerdicts
    case nil: false
    case .layout, .action, .state, .people, .obstacles, .reasoning, .heartbeat, .request, .instruction, .signal, .undecoded, .tick,
      .fault, .sent:
      true
    }
  }

  private mutating func recorded(_ message: MCAPMessage) -> RecordedItem? {
    guard let source = channels[message.channelID] else {
      if !drawn.contains(message.channelID) { foreignMessages += 1 }
      return nil
    }
    let index = indices.whole(message.sequence)
    switch source.schema {
    case .layout, .action, .state, .people, .obstacles, .reasoning, .heartbeat, .request, .instruction, .signal:
      return input(
        .message(endpoint: source.endpoint, topic: source.topic, body: message.data), index, message)
    case .undecoded:
      guard let raw = StoredMessage.undecoded(message.data) else { return unreadable(source, index) }
      return input(.message(endpoint: raw.endpoint, topic: raw.topic, body: raw.body), index, message)
    case .tick: return input(.tick, index, message)
    case .fault:
      guard let fault = StoredMessage.fault(message.data) else { return unreadable(source, index) }
      return input(fault, index, message)
    case .verdict:
      return .verdict(index: index, core: withVerdicts ? StoredMessage.core(message.data) : nil, message: message.data)
    case .alarm:
      return .alarm(index: index, message: message.data)
    case .sent:
      guard let sent = StoredMessage.sent(message.data) else { return unreadable(source, index) }
      return .sent(index: index, forwarded: sent.forwarded, substitute: sent.substitute)
    }
  }

  private mutating func input(_ event: RecordedInput.Event, _ index: UInt64, _ message: MCAPMessage) -> RecordedItem? {
    let instant = Int64(bitPattern: message.logTime) &- wallStart &+ monotonicStart
    // As if it were not there: what follows it follows a gap.
    guard RecordedRun.isTime(instant) else {
      ownProblems.append(
        MCAPProblem(offset: 0, what: "input \(index): its time lies before the machine's start, or too far behind it; skipped"))
      return nil
    }
    let followsGap = beginsExcerpt && index > (lastInput ?? 0) + 1
    beginsExcerpt = false
    if followsGap {
      leftOutInputs &+= index - (lastInput ?? 0) - 1
    } else if let lastInput {
      if index <= lastInput {
        ownProblems.append(
          MCAPProblem(offset: 0, what: "input \(index) comes after input \(lastInput): not in order of arrival"))
      } else {
        let (sum, overflows) = missingInputs.addingReportingOverflow(index - lastInput - 1)
        missingInputs = overflows ? .max : sum
      }
    }
    lastInput = index
    var input = RecordedInput(index: index, instant: instant, event: event)
    input.followsGap = followsGap
    return .input(input)
  }

  private mutating func unreadable(_ source: Source, _ index: UInt64) -> RecordedItem? {
    ownProblems.append(
      MCAPProblem(offset: 0, what: "the \(source.schema.name) of input \(index) does not decode; skipped"))
    return nil
  }
}

/// The recorder's own messages, read back through protobuf-c.
enum StoredMessage {
  static func undecoded(_ bytes: [UInt8]) -> (endpoint: String, topic: [UInt8], body: [UInt8])? {
    guard let message = odcv__v1__undecoded__unpack(nil, bytes.count, bytes) else { return nil }
    defer { odcv__v1__undecoded__free_unpacked(message, nil) }
    guard let endpoint = message.pointee.endpoint else { return nil }
    return (String(cString: endpoint), copy(message.pointee.topic), copy(message.pointee.body))
  }

  static func fault(_ bytes: [UInt8]) -> RecordedInput.Event? {
    guard let message = odcv__v1__fault__unpack(nil, bytes.count, bytes) else { return nil }
    defer { odcv__v1__fault__free_unpacked(message, nil) }
    switch message.pointee.kind.map({ String(cString: $0) }) {
    case "lost":
      let endpoint = message.pointee.endpoint.map { String(cString: $0) } ?? ""
      return .lost(endpoint: endpoint, count: message.pointee.count)
    case "overrun": return .overrun(nanoseconds: message.pointee.duration_ns)
    case "restored": return .restored(message.pointee.count)
    case "handover": return .handover
    default: return nil
    }
  }

  static func sent(_ bytes: [UInt8]) -> (forwarded: Bool, substitute: [UInt8])? {
    guard let message = odcv__v1__sent__unpack(nil, bytes.count, bytes) else { return nil }
    defer { odcv__v1__sent__free_unpacked(message, nil) }
    return (message.pointee.forwarded != 0, copy(message.pointee.substitute))
  }

  /// The canonical bytes inside a verdict.
  static func core(_ bytes: [UInt8]) -> [UInt8]? {
    guard let message = odcv__v1__verdict__unpack(nil, bytes.count, bytes) else { return nil }
    defer { odcv__v1__verdict__free_unpacked(message, nil) }
    return message.pointee.has_core != 0 ? copy(message.pointee.core) : nil
  }

  private static func copy(_ data: ProtobufCBinaryData) -> [UInt8] {
    Array(UnsafeBufferPointer(start: data.data, count: data.len))
  }
}
