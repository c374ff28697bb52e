import COdcvProto

/// Asks for the monitor's status.
public struct StatusRequestMessage: Equatable, Sendable {
  public init() {}
}

/// What a client of the control endpoint asks. One of these is set.
public struct RequestMessage: Equatable, Sendable {
  public var status: StatusRequestMessage?
  public var reset: ResetMessage?
  public var episode: EpisodeMessage?
  public var pressure: PressureMessage?
  public var release: ReleaseMessage?
  /// Judged as if it came now, and not taken in.
  public var check: ActionMessage?

  public init(
    status: StatusRequestMessage? = nil, reset: ResetMessage? = nil, episode: EpisodeMessage? = nil,
    pressure: PressureMessage? = nil, release: ReleaseMessage? = nil, check: ActionMessage? = nil
  ) {
    self.status = status
    self.reset = reset
    self.episode = episode
    self.pressure = pressure
    self.release = release
    self.check = check
  }
}

/// The answer to a request.
public struct AckMessage: Equatable, Sendable {
  public var ok: Bool?
  public var error: String?
  public var status: StatusMessage?
  /// On the action that was to be checked; its index is that of the last input.
  public var verdict: VerdictMessage?

  public init(
    ok: Bool? = nil, error: String? = nil, status: StatusMessage? = nil, verdict: VerdictMessage? = nil
  ) {
    self.ok = ok
    self.error = error
    self.status = status
    self.verdict = verdict
  }
}

extension StatusRequestMessage: @unsafe WireMessage {
  public static let schema = unsafe Schema(odcv__v1__status_request__init)

  public init(_ c: Odcv__V1__StatusRequest) {
  }

  public func fill(_ c: inout Odcv__V1__StatusRequest, _ arena: inout Arena) {
    unsafe odcv__v1__status_request__init(&c)
  }
}

extension RequestMessage: @unsafe WireMessage {
  public static let schema = unsafe Schema(odcv__v1__request__init)

  public init(_ c: Odcv__V1__Request) {
    status = unsafe read(c.status)
    reset = unsafe read(c.reset)
    episode = unsafe read(c.episode)
    pressure = unsafe read(c.pressure)
    release = unsafe read(c.release)
    check = unsafe read(c.check)
  }

  public func fill(_ c: inout Odcv__V1__Request, _ arena: inout Arena) {
    unsafe odcv__v1__request__init(&c)
    unsafe write(status, &c.status, &arena)
    unsafe write(reset, &c.reset, &arena)
    unsafe write(episode, &c.episode, &arena)
    unsafe write(pressure, &c.pressure, &arena)
    unsafe write(release, &c.release, &arena)
    unsafe write(check, &c.check, &arena)
  }
}

extension AckMessage: @unsafe WireMessage {
  public static let schema = unsafe Schema(odcv__v1__ack__init)

  public init(_ c: Odcv__V1__Ack) {
    ok = unsafe read(c.has_ok, c.ok)
    error = unsafe read(c.error)
    status = unsafe read(c.status)
    verdict = unsafe read(c.verdict)
  }

  public func fill(_ c: inout Odcv__V1__Ack, _ arena: inout Arena) {
    unsafe odcv__v1__ack__init(&c)
    unsafe write(ok, &c.has_ok, &c.ok)
    unsafe write(error, &c.error, &arena)
    unsafe write(status, &c.status, &arena)
    unsafe write(verdict, &c.verdict, &arena)
  }
}
