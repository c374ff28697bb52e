import COdcvProto

/// A period of the loop at which time alone was judged.
public struct TickMessage: Equatable, Sendable {
  public var monotonicNanoseconds: Int64?

  public init(
    monotonicNanoseconds: Int64? = nil
  ) {
    self.monotonicNanoseconds = monotonicNanoseconds
  }
}

/// Bytes that were not a message of ours, exactly as they came.
public struct UndecodedMessage: Equatable, Sendable {
  public var endpoint: String?
  public var topic: [UInt8]?
  public var body: [UInt8]?

  public init(
    endpoint: String? = nil, topic: [UInt8]? = nil, body: [UInt8]? = nil
  ) {
    self.endpoint = endpoint
    self.topic = topic
    self.body = body
  }
}

/// Messages lost before the loop saw them, or a turn that took longer than its deadline.
public struct FaultMessage: Equatable, Sendable {
  /// "lost", "overrun".
  public var kind: String?
  public var endpoint: String?
  public var count: UInt64?
  public var durationNanoseconds: Int64?

  public init(
    kind: String? = nil, endpoint: String? = nil, count: UInt64? = nil, durationNanoseconds: Int64? = nil
  ) {
    self.kind = kind
    self.endpoint = endpoint
    self.count = count
    self.durationNanoseconds = durationNanoseconds
  }
}

/// What the gate really sent for an input.
public struct SentMessage: Equatable, Sendable {
  public var index: UInt64?
  /// The original bytes, unchanged.
  public var forwarded: Bool?
  /// An Action, when it was not.
  public var substitute: [UInt8]?

  public init(
    index: UInt64? = nil, forwarded: Bool? = nil, substitute: [UInt8]? = nil
  ) {
    self.index = index
    self.forwarded = forwarded
    self.substitute = substitute
  }
}

extension TickMessage: @unsafe WireMessage {
  public static let schema = unsafe Schema(odcv__v1__tick__init)

  public init(_ c: Odcv__V1__Tick) {
    monotonicNanoseconds = unsafe read(c.has_mono_ns, c.mono_ns)
  }

  public func fill(_ c: inout Odcv__V1__Tick, _ arena: inout Arena) {
    unsafe odcv__v1__tick__init(&c)
    unsafe write(monotonicNanoseconds, &c.has_mono_ns, &c.mono_ns)
  }
}

extension UndecodedMessage: @unsafe WireMessage {
  public static let schema = unsafe Schema(odcv__v1__undecoded__init)

  public init(_ c: Odcv__V1__Undecoded) {
    endpoint = unsafe read(c.endpoint)
    topic = unsafe read(c.has_topic, c.topic)
    body = unsafe read(c.has_body, c.body)
  }

  public func fill(_ c: inout Odcv__V1__Undecoded, _ arena: inout Arena) {
    unsafe odcv__v1__undecoded__init(&c)
    unsafe write(endpoint, &c.endpoint, &arena)
    unsafe write(topic, &c.has_topic, &c.topic, &arena)
    unsafe write(body, &c.has_body, &c.body, &arena)
  }
}

extension FaultMessage: @unsafe WireMessage {
  public static let schema = unsafe Schema(odcv__v1__fault__init)

  public init(_ c: Odcv__V1__Fault) {
    kind = unsafe read(c.kind)
    endpoint = unsafe read(c.endpoint)
    count = unsafe read(c.has_count, c.count)
    durationNanoseconds = unsafe read(c.has_duration_ns, c.duration_ns)
  }

  public func fill(_ c: inout Odcv__V1__Fault, _ arena: inout Arena) {
    unsafe odcv__v1__fault__init(&c)
    unsafe write(kind, &c.kind, &arena)
    unsafe write(endpoint, &c.endpoint, &arena)
    unsafe write(count, &c.has_count, &c.count)
    unsafe write(durationNanoseconds, &c.has_duration_ns, &c.duration_ns)
  }
}

extension SentMessage: @unsafe WireMessage {
  public static let schema = unsafe Schema(odcv__v1__sent__init)

  public init(_ c: Odcv__V1__Sent) {
    index = unsafe read(c.has_index, c.index)
    forwarded = unsafe read(c.has_forwarded, c.forwarded)
    substitute = unsafe read(c.has_substitute, c.substitute)
  }

  public func fill(_ c: inout Odcv__V1__Sent, _ arena: inout Arena) {
    unsafe odcv__v1__sent__init(&c)
    unsafe write(index, &c.has_index, &c.index)
    unsafe write(forwarded, &c.has_forwarded, &c.forwarded)
    unsafe write(substitute, &c.has_substitute, &c.substitute, &arena)
  }
}
