import COdcvProto

/// Start and end of a trial. A reset clears sequences and the last command; it never clears a contact latch.
public struct EpisodeMessage: Equatable, Sendable {
  /// Where a trial stands.
  public enum Phase: UInt32, WireEnum, CaseIterable {
    /// Not stated, or a value that this version does not know.
    case unspecified = 0
    case reset = 1
    case start = 2
    case end = 3
  }

  public var header: HeaderFields?
  public var phase: Phase?
  public var trial: UInt64?
  public var scenario: String?

  public init(
    header: HeaderFields? = nil, phase: Phase? = nil, trial: UInt64? = nil, scenario: String? = nil
  ) {
    self.header = header
    self.phase = phase
    self.trial = trial
    self.scenario = scenario
  }
}

extension EpisodeMessage: @unsafe WireMessage {
  public static let schema = unsafe Schema(odcv__v1__episode__init)

  public init(_ c: Odcv__V1__Episode) {
    header = unsafe read(c.header)
    phase = unsafe read(c.has_phase, c.phase)
    trial = unsafe read(c.has_trial, c.trial)
    scenario = unsafe read(c.scenario)
  }

  public func fill(_ c: inout Odcv__V1__Episode, _ arena: inout Arena) {
    unsafe odcv__v1__episode__init(&c)
    unsafe write(header, &c.header, &arena)
    unsafe write(phase, &c.has_phase, &c.phase)
    unsafe write(trial, &c.has_trial, &c.trial)
    unsafe write(scenario, &c.scenario, &arena)
  }
}
