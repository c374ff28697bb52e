import COdcvProto
import ODCVConfig
import ODCVCore
import ODCVWire

/// Turns what arrived on an endpoint into an input of the core: the only way in, live and from a recording.
///
/// The same bytes always give the same input. Every refusal becomes `Input.rejected` with its reason; a message is
/// taken whole or not at all. Once made, an optimised build allocates nothing for the actions, states, people and
/// obstacles that it takes. Owned by one thread.
public struct Decoder: ~Copyable {
  let robotID: String
  let robot: NameTable
  let joints: NameTable
  let links: NameTable
  let peopleSensors: NameTable
  let obstacleSensors: NameTable
  /// Frames that coordinates may be given in: all of them are the base frame.
  let baseFrames: NameTable
  let expectedContacts: [ExpectedContact]
  let expectedOthers: NameTable
  let signals: NameTable
  let signalSources: [Source]
  let operators: [String: [UInt8]]
  /// What a reset must be signed over; `nil`: no reset is accepted.
  let resetNonce: UInt64?
  private var arena = Arena()

  /// - Parameter resetNonce: Drawn at random for each run of a monitor, shown in its status and kept in its recording, so
  ///   that a reset that was signed for an earlier run is refused. Without one, every reset is.
  public init(_ configuration: LoadedConfiguration, resetNonce: UInt64? = nil) {
    self.resetNonce = resetNonce
    let core = configuration.core
    robotID = configuration.robotID
    robot = NameTable([configuration.robotID])
    joints = NameTable(core.robot.joints.map(\.name))
    links = NameTable(core.robot.links.map(\.name))
    peopleSensors = NameTable(core.cell.peopleSensors.map(\.id))
    obstacleSensors = NameTable(core.cell.obstacleSensors.map(\.id))
    baseFrames = NameTable(["base"] + core.robot.links.prefix(1).map(\.name))
    expectedContacts = core.cell.expectedContacts
    expectedOthers = NameTable(core.cell.expectedContacts.map(\.other))
    signals = NameTable(core.cell.signals.map(\.name))
    signalSources = core.cell.signals.map(\.source)
    operators = configuration.operators
  }

  /// One published message, or one request on `control` (its topic is not looked at: a request has none).
  public mutating func decode(
    endpoint: Endpoint, topic: UnsafeRawBufferPointer, body: UnsafeRawBufferPointer
  ) -> Input {
    arena.reset()
    if endpoint == .control { return request(body) }
    guard let (kind, name) = Topic.parse(topic) else { return refuse(endpoint.stream, .undecodable) }
    guard endpoint.carries(kind) else { return refuse(endpoint.stream, .wrongEndpoint) }
    let stream = kind.stream ?? endpoint.stream
    guard robot.isName(0, name) else { return refuse(stream, .wrongRobot) }
    do throws(Refusal) {
      return try message(kind, endpoint, body)
    } catch {
      return refuse(stream, error.reason)
    }
  }

  /// As above, from bytes that were kept.
  public mutating func decode(endpoint: Endpoint, topic: [UInt8], body: [UInt8]) -> Input {
    topic.withUnsafeBytes { topic in
      body.withUnsafeBytes { body in decode(endpoint: endpoint, topic: topic, body: body) }
    }
  }

  /// Whether a request on `control` asks for the status alone: answered, and no input.
  public static func isStatusRequest(_ body: UnsafeRawBufferPointer) -> Bool {
    guard let request = try? RequestMessage(decoding: body) else { return false }
    return request.status != nil && request.reset == nil && request.episode == nil && request.pressure == nil
      && request.release == nil && request.check == nil
  }

  /// The action that a request on `control` asks to be checked, or why it can't be; `nil` where it asks for something else. It is no
  /// input.
  public mutating func checked(_ body: UnsafeRawBufferPointer) -> Input? {
    arena.reset()
    do throws(Refusal) {
      let request = try unpack(RequestMessage.self, body).pointee
      guard let action = request.check else { return nil }
      guard Decoder.parts(request) == 1 else { throw .unsupported }
      return try self.action(action.pointee)
    } catch {
      guard (try? RequestMessage(decoding: body))?.check != nil else { return nil }
      return refuse(.action, error.reason)
    }
  }

  private mutating func message(
    _ kind: MessageKind, _ endpoint: Endpoint, _ body: UnsafeRawBufferPointer
  ) throws(Refusal) -> Input {
    switch kind {
    case .action: return try action(unpack(ActionMessage.self, body).pointee)
    case .state: return .state(try state(unpack(StateMessage.self, body).pointee))
    case .people: return .people(try people(unpack(PeopleMessage.self, body).pointee))
    case .obstacles: return .obstacles(try obstacles(unpack(ObstaclesMessage.self, body).pointee))
    case .signal: return .signal(try signal(unpack(SignalMessage.self, body).pointee, endpoint))
    case .layout: return .layout(try layout(unpack(LayoutMessage.self, body).pointee, endpoint))
    case .reasoning:
      try checkRobot(unpack(ReasoningMessage.self, body).pointee.header)
      return .noted(.reasoning)
    case .heartbeat:
      try checkRobot(unpack(HeartbeatMessage.self, body).pointee.header)
      guard let source = endpoint.source else { throw Refusal(reason: .wrongEndpoint) }
      return .heartbeat(source)
    // No endpoint that the monitor listens on carries these.
    case .instruction, .verdict, .alarm, .lease: throw Refusal(reason: .wrongEndpoint)
    }
  }

  private mutating func unpack<Message: WireMessage>(
    _ type: Message.Type, _ body: UnsafeRawBufferPointer
  ) throws(Refusal) -> UnsafePointer<Message.CMessage> {
    do throws(BoundsRefusal) {
      return try arena.unpack(type, body)
    } catch {
      switch error {
      case .tooMany, .tooLong, .exhausted: throw Refusal(reason: .oversized)
      case .truncated, .malformed, .wrongType, .twice, .notText: throw Refusal(reason: .undecodable)
      }
    }
  }

  /// A request on `control`. One of its parts must be set.
  private mutating func request(_ body: UnsafeRawBufferPointer) -> Input {
    do throws(Refusal) {
      let request = try unpack(RequestMessage.self, body).pointee
      switch Decoder.parts(request) {
      case 0: throw .missing
      case 1: break
      default: throw .unsupported
      }
      if let reset = request.reset { return .reset(try self.reset(reset.pointee)) }
      if let release = request.release { return .release(try self.release(release.pointee)) }
      if let episode = request.episode {
        try checkRobot(episode.pointee.header)
        return .episode(try phase(episode.pointee))
      }
      if let pressure = request.pressure {
        try checkRobot(pressure.pointee.header)
        return .noted(.pressure)
      }
      return .noted(.control)
    } catch {
      return refuse(.control, error.reason)
    }
  }

  /// How many are set.
  private static func parts(_ request: Odcv__V1__Request) -> Int {
    let parts = [
      request.status != nil, request.reset != nil, request.episode != nil, request.pressure != nil, request.release != nil,
      request.check != nil,
    ]
    return parts.count(where: { $0 })
  }

  private func phase(_ c: Odcv__V1__Episode) throws(Refusal) -> Episode {
    guard c.has_phase != 0 else { throw .missing }
    switch EpisodeMessage.Phase(rawValue: c.phase.rawValue) ?? .unspecified {
    case .reset: return .reset
    case .start: return .start
    case .end: return .end
    case .unspecified: throw .unsupported
    }
  }

  /// An operator's reset: its signature covers this robot, the operator, the latch and this run's nonce.
  private func reset(_ c: Odcv__V1__Reset) throws(Refusal) -> Reset {
    try checkRobot(c.header)
    guard let name = c.operator_id, c.has_latch != 0, c.has_nonce != 0, c.has_signature != 0 else { throw .missing }
    guard c.nonce == resetNonce else { throw Refusal(reason: .badSignature) }
    guard let key = operators[String(cString: name)] else { throw Refusal(reason: .badSignature) }
    let signature = Array(UnsafeBufferPointer(start: c.signature.data, count: c.signature.len))
    let message = ResetSigning.message(
      robot: robotID, operator: String(cString: name), latch: c.latch, nonce: c.nonce)
    guard ResetSigning.verify(signature, of: message, publicKey: key) else { throw Refusal(reason: .badSignature) }
    return Reset(latch: c.latch)
  }

  /// An operator's release order: its signature covers this robot, the operator, its number and this run's nonce.
  private func release(_ c: Odcv__V1__Release) throws(Refusal) -> Release {
    try checkRobot(c.header)
    guard let name = c.operator_id, c.has_number != 0, c.has_nonce != 0, c.has_signature != 0 else { throw .missing }
    guard c.number > 0, c.nonce == resetNonce, let key = operators[String(cString: name)] else {
      throw Refusal(reason: .badSignature)
    }
    let signature = Array(UnsafeBufferPointer(start: c.signature.data, count: c.signature.len))
    let message = ReleaseSigning.message(
      robot: robotID, operator: String(cString: name), number: c.number, nonce: c.nonce)
    guard ResetSigning.verify(signature, of: message, publicKey: key) else { throw Refusal(reason: .badSignature) }
    return Release(number: c.number)
  }

  private func refuse(_ stream: ODCVCore.Stream, _ reason: Rejection.Reason) -> Input {
    .rejected(Rejection(stream: stream, reason: reason))
  }

  /// A robot named in a header must be this one.
  func checkRobot(_ header: UnsafeMutablePointer<Odcv__V1__Header>?) throws(Refusal) {
    guard let header, let name = header.pointee.robot_id else { return }
    guard robot.isName(0, name) else { throw Refusal(reason: .wrongRobot) }
  }

  /// The place in its stream that a message must state.
  func sequence(_ header: UnsafeMutablePointer<Odcv__V1__Header>?) throws(Refusal) -> Sequence {
    try checkRobot(header)
    guard let header = header?.pointee, header.has_seq != 0 else { throw .missing }
    var sequence = Sequence(
      stream: header.has_stream_id != 0 ? header.stream_id : 0, number: header.seq,
      boot: header.has_boot_id != 0 ? header.boot_id : 0)
    sequence.time = time(header)
    sequence.frame = try frame(header)
    return sequence
  }

  /// Which of its names a message calls the base frame by, from 1; 0 when it names none. Coordinates are judged in that frame
  /// alone; another one would need a transform that the configuration does not hold.
  private func frame(_ header: Odcv__V1__Header) throws(Refusal) -> UInt8 {
    guard header.frame_id != nil else { return 0 }
    guard let place = baseFrames.place(of: header.frame_id) else { throw .unsupported }
    return UInt8(1 + place)
  }

  /// The source's stamp; `nil` when it states none, or a clock of no name.
  private func time(_ header: Odcv__V1__Header) -> SourceTime? {
    guard header.has_t_source_ns != 0, header.has_clock != 0 else { return nil }
    let clock: SourceTime.Clock? =
      switch HeaderFields.Clock(rawValue: header.clock.rawValue) {
      case .monotonic: .monotonic
      case .realtime: .realtime
      case .ptpTAI: .ptp
      case .simulated: .simulated
      case .unspecified, nil: nil
      }
    return clock.map { SourceTime(clock: $0, nanoseconds: header.t_source_ns) }
  }
}

extension Endpoint {
  /// Which stream is meant where a message does not even say what it is.
  public var stream: ODCVCore.Stream {
    switch self {
    case .action, .gated: .action
    case .state: .state
    case .scene: .people
    case .verdict, .instruction, .control: .control
    }
  }
}

extension Endpoint {
  /// Who speaks on it; `nil` where nobody publishes to the monitor.
  var source: Source? {
    switch self {
    case .action: .controller
    case .state: .driver
    case .scene: .perception
    case .gated, .verdict, .instruction, .control: nil
    }
  }
}

extension MessageKind {
  /// The core's stream of this kind; `nil` for what the monitor does not listen to.
  public var stream: ODCVCore.Stream? {
    switch self {
    case .layout: .layout
    case .action: .action
    case .state: .state
    case .people: .people
    case .obstacles: .obstacles
    case .signal: .signal
    case .reasoning: .reasoning
    case .heartbeat: .heartbeat
    case .instruction, .verdict, .alarm, .lease: nil
    }
  }
}
