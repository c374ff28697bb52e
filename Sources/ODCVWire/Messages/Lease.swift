import COdcvProto

/// A sign of life.
public struct HeartbeatMessage: Equatable, Sendable {
  public var header: HeaderFields?

  public init(
    header: HeaderFields? = nil
  ) {
    self.header = header
  }
}

/// The driver may move for this long, counted on its own clock from receipt; then it holds.
public struct LeaseMessage: Equatable, Sendable {
  public var header: HeaderFields?
  public var durationNanoseconds: Int64?

  public init(
    header: HeaderFields? = nil, durationNanoseconds: Int64? = nil
  ) {
    self.header = header
    self.durationNanoseconds = durationNanoseconds
  }
}

extension HeartbeatMessage: @unsafe WireMessage {
  public static let schema = unsafe Schema(odcv__v1__heartbeat__init)

  public init(_ c: Odcv__V1__Heartbeat) {
    header = unsafe read(c.header)
  }

  public func fill(_ c: inout Odcv__V1__Heartbeat, _ arena: inout Arena) {
    unsafe odcv__v1__heartbeat__init(&c)
    unsafe write(header, &c.header, &arena)
  }
}

extension LeaseMessage: @unsafe WireMessage {
  public static let schema = unsafe Schema(odcv__v1__lease__init)

  public init(_ c: Odcv__V1__Lease) {
    header = unsafe read(c.header)
    durationNanoseconds = unsafe read(c.has_duration_ns, c.duration_ns)
  }

  public func fill(_ c: inout Odcv__V1__Lease, _ arena: inout Arena) {
    unsafe odcv__v1__lease__init(&c)
    unsafe write(header, &c.header, &arena)
    unsafe write(durationNanoseconds, &c.has_duration_ns, &c.duration_ns)
  }
}
