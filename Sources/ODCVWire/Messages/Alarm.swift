import COdcvProto

/// A violation or a fault of the monitor's own, told at once and confirmed when it is on disk.
public struct AlarmMessage: Equatable, Sendable {
  /// Where an alarm stands.
  public enum State: UInt32, WireEnum, CaseIterable {
    /// Not stated, or a value that this version does not know.
    case unspecified = 0
    case raised = 1
    /// Its violation is on disk.
    case confirmed = 2
    case cleared = 3
  }

  public var header: HeaderFields?
  /// A rule, or a part of the monitor that failed: "evidence.ring", "evidence.disk".
  public var id: String?
  public var state: State?
  /// Where the violation log holds it.
  public var logSequence: UInt64?
  public var durable: Bool?
  public var text: String?
  /// Arrival index of the input that raised it.
  public var index: UInt64?

  public init(
    header: HeaderFields? = nil, id: String? = nil, state: State? = nil, logSequence: UInt64? = nil,
    durable: Bool? = nil, text: String? = nil, index: UInt64? = nil
  ) {
    self.header = header
    self.id = id
    self.state = state
    self.logSequence = logSequence
    self.durable = durable
    self.text = text
    self.index = index
  }
}

extension AlarmMessage: @unsafe WireMessage {
  public static let schema = unsafe Schema(odcv__v1__alarm__init)

  public init(_ c: Odcv__V1__Alarm) {
    header = unsafe read(c.header)
    id = unsafe read(c.id)
    state = unsafe read(c.has_state, c.state)
    logSequence = unsafe read(c.has_log_seq, c.log_seq)
    durable = unsafe read(c.has_durable, c.durable)
    text = unsafe read(c.text)
    index = unsafe read(c.has_index, c.index)
  }

  public func fill(_ c: inout Odcv__V1__Alarm, _ arena: inout Arena) {
    unsafe odcv__v1__alarm__init(&c)
    unsafe write(header, &c.header, &arena)
    unsafe write(id, &c.id, &arena)
    unsafe write(state, &c.has_state, &c.state)
    unsafe write(logSequence, &c.has_log_seq, &c.log_seq)
    unsafe write(durable, &c.has_durable, &c.durable)
    unsafe write(text, &c.text, &arena)
    unsafe write(index, &c.has_index, &c.index)
  }
}
