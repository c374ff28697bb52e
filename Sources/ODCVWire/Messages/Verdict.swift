import COdcvProto

/// What the monitor says of one input.
public struct VerdictMessage: Equatable, Sendable {
  /// What a rule, or all of them, came to.
  public enum Outcome: UInt32, WireEnum, CaseIterable {
    /// Not stated, or a value that this version does not know.
    case unspecified = 0
    case pass = 1
    case violationCertain = 2
    case violationPossible = 3
    case unknown = 4
    case notApplicable = 5
  }

  /// What enforce mode would do.
  public enum DecisionKind: UInt32, WireEnum, CaseIterable {
    /// Not stated, or a value that this version does not know.
    case unspecified = 0
    case allow = 1
    case slow = 2
    case hold = 3
    /// The latched stop after unexpected contact.
    case halt = 4
  }

  /// Which motion was judged.
  public enum Judged: UInt32, WireEnum, CaseIterable {
    /// Not stated, or a value that this version does not know.
    case unspecified = 0
    case commanded = 1
    case predicted = 2
    case measuredMotion = 3
    /// Taken into the record; no motion to judge.
    case noted = 4
  }

  /// What one rule found: its worst pair.
  public struct Finding: Equatable, Sendable {
    public var rule: String?
    public var outcome: Outcome?
    public var reason: String?
    /// In `unit`, as are the limit and the margins.
    public var valueLower: Double?
    public var valueUpper: Double?
    public var limit: Double?
    public var unit: String?
    public var marginLower: Double?
    public var marginUpper: Double?
    public var subject: String?
    public var other: String?
    /// m, base frame.
    public var subjectPoint: VectorFields?
    /// m, base frame.
    public var otherPoint: VectorFields?
    /// How many pairs failed.
    public var failing: UInt32?

    public init(
      rule: String? = nil, outcome: Outcome? = nil, reason: String? = nil, valueLower: Double? = nil,
      valueUpper: Double? = nil, limit: Double? = nil, unit: String? = nil, marginLower: Double? = nil,
      marginUpper: Double? = nil, subject: String? = nil, other: String? = nil,
      subjectPoint: VectorFields? = nil, otherPoint: VectorFields? = nil, failing: UInt32? = nil
    ) {
      self.rule = rule
      self.outcome = outcome
      self.reason = reason
      self.valueLower = valueLower
      self.valueUpper = valueUpper
      self.limit = limit
      self.unit = unit
      self.marginLower = marginLower
      self.marginUpper = marginUpper
      self.subject = subject
      self.other = other
      self.subjectPoint = subjectPoint
      self.otherPoint = otherPoint
      self.failing = failing
    }
  }

  public var header: HeaderFields?
  /// Arrival index of the judged input.
  public var index: UInt64?
  public var actionSequence: UInt64?
  public var judged: Judged?
  public var outcome: Outcome?
  public var decision: DecisionKind?
  /// Of the path, when slowed.
  public var scale: Double?
  public var findings: [Finding]
  /// The canonical bytes: they hang on configuration and inputs alone.
  public var core: [UInt8]?
  /// From receipt of the input to this verdict.
  public var latencyNanoseconds: Int64?
  public var stateAgeNanoseconds: Int64?
  public var peopleAgeNanoseconds: Int64?
  public var durable: Bool?
  /// The row of a chunk that was judged when due, or the first predicted one that would be held.
  public var chunkRow: UInt32?
  /// What the controller had been told: in the violation log only.
  public var pressure: PressureInForce?

  public init(
    header: HeaderFields? = nil, index: UInt64? = nil, actionSequence: UInt64? = nil, judged: Judged? = nil,
    outcome: Outcome? = nil, decision: DecisionKind? = nil, scale: Double? = nil, findings: [Finding] = [],
    core: [UInt8]? = nil, latencyNanoseconds: Int64? = nil, stateAgeNanoseconds: Int64? = nil,
    peopleAgeNanoseconds: Int64? = nil, durable: Bool? = nil, chunkRow: UInt32? = nil,
    pressure: PressureInForce? = nil
  ) {
    self.header = header
    self.index = index
    self.actionSequence = actionSequence
    self.judged = judged
    self.outcome = outcome
    self.decision = decision
    self.scale = scale
    self.findings = findings
    self.core = core
    self.latencyNanoseconds = latencyNanoseconds
    self.stateAgeNanoseconds = stateAgeNanoseconds
    self.peopleAgeNanoseconds = peopleAgeNanoseconds
    self.durable = durable
    self.chunkRow = chunkRow
    self.pressure = pressure
  }
}

extension VerdictMessage: @unsafe WireMessage {
  public static let schema = unsafe Schema(odcv__v1__verdict__init)

  public init(_ c: Odcv__V1__Verdict) {
    header = unsafe read(c.header)
    index = unsafe read(c.has_index, c.index)
    actionSequence = unsafe read(c.has_action_seq, c.action_seq)
    judged = unsafe read(c.has_judged, c.judged)
    outcome = unsafe read(c.has_outcome, c.outcome)
    decision = unsafe read(c.has_decision, c.decision)
    scale = unsafe read(c.has_scale, c.scale)
    findings = unsafe read(c.n_finding, c.finding)
    core = unsafe read(c.has_core, c.core)
    latencyNanoseconds = unsafe read(c.has_latency_ns, c.latency_ns)
    stateAgeNanoseconds = unsafe read(c.has_state_age_ns, c.state_age_ns)
    peopleAgeNanoseconds = unsafe read(c.has_people_age_ns, c.people_age_ns)
    durable = unsafe read(c.has_durable, c.durable)
    chunkRow = unsafe read(c.has_chunk_row, c.chunk_row)
    pressure = unsafe read(c.pressure)
  }

  public func fill(_ c: inout Odcv__V1__Verdict, _ arena: inout Arena) {
    unsafe odcv__v1__verdict__init(&c)
    unsafe write(header, &c.header, &arena)
    unsafe write(index, &c.has_index, &c.index)
    unsafe write(actionSequence, &c.has_action_seq, &c.action_seq)
    unsafe write(judged, &c.has_judged, &c.judged)
    unsafe write(outcome, &c.has_outcome, &c.outcome)
    unsafe write(decision, &c.has_decision, &c.decision)
    unsafe write(scale, &c.has_scale, &c.scale)
    unsafe write(findings, &c.n_finding, &c.finding, &arena)
    unsafe write(core, &c.has_core, &c.core, &arena)
    unsafe write(latencyNanoseconds, &c.has_latency_ns, &c.latency_ns)
    unsafe write(stateAgeNanoseconds, &c.has_state_age_ns, &c.state_age_ns)
    unsafe write(peopleAgeNanoseconds, &c.has_people_age_ns, &c.people_age_ns)
    unsafe write(durable, &c.has_durable, &c.durable)
    unsafe write(chunkRow, &c.has_chunk_row, &c.chunk_row)
    unsafe write(pressure, &c.pressure, &arena)
  }
}

extension VerdictMessage.Finding: @unsafe WireMessage {
  public static let schema = unsafe Schema(odcv__v1__finding__init)

  public init(_ c: Odcv__V1__Finding) {
    rule = unsafe read(c.rule)
    outcome = unsafe read(c.has_outcome, c.outcome)
    reason = unsafe read(c.reason)
    valueLower = unsafe read(c.has_value_lower, c.value_lower)
    valueUpper = unsafe read(c.has_value_upper, c.value_upper)
    limit = unsafe read(c.has_limit, c.limit)
    unit = unsafe read(c.unit)
    marginLower = unsafe read(c.has_margin_lower, c.margin_lower)
    marginUpper = unsafe read(c.has_margin_upper, c.margin_upper)
    subject = unsafe read(c.subject)
    other = unsafe read(c.other)
    subjectPoint = unsafe read(c.point_subject_m)
    otherPoint = unsafe read(c.point_other_m)
    failing = unsafe read(c.has_failing, c.failing)
  }

  public func fill(_ c: inout Odcv__V1__Finding, _ arena: inout Arena) {
    unsafe odcv__v1__finding__init(&c)
    unsafe write(rule, &c.rule, &arena)
    unsafe write(outcome, &c.has_outcome, &c.outcome)
    unsafe write(reason, &c.reason, &arena)
    unsafe write(valueLower, &c.has_value_lower, &c.value_lower)
    unsafe write(valueUpper, &c.has_value_upper, &c.value_upper)
    unsafe write(limit, &c.has_limit, &c.limit)
    unsafe write(unit, &c.unit, &arena)
    unsafe write(marginLower, &c.has_margin_lower, &c.margin_lower)
    unsafe write(marginUpper, &c.has_margin_upper, &c.margin_upper)
    unsafe write(subject, &c.subject, &arena)
    unsafe write(other, &c.other, &arena)
    unsafe write(subjectPoint, &c.point_subject_m, &arena)
    unsafe write(otherPoint, &c.point_other_m, &arena)
    unsafe write(failing, &c.has_failing, &c.failing)
  }
}
