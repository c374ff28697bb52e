import COdcvProto

/// How the monitor is doing.
public struct StatusMessage: Equatable, Sendable {
  /// How old one input is.
  public struct InputAge: Equatable, Sendable {
    public var input: String?
    public var ageNanoseconds: Int64?
    /// Of the last message.
    public var bootID: UInt64?
    /// Of the last message.
    public var sequence: UInt64?

    public init(
      input: String? = nil, ageNanoseconds: Int64? = nil, bootID: UInt64? = nil, sequence: UInt64? = nil
    ) {
      self.input = input
      self.ageNanoseconds = ageNanoseconds
      self.bootID = bootID
      self.sequence = sequence
    }
  }

  /// How often one rule was judged.
  public struct RuleCount: Equatable, Sendable {
    public var rule: String?
    public var evaluated: UInt64?
    public var skipped: UInt64?
    public var unknown: UInt64?
    public var violated: UInt64?
    public var notApplicable: UInt64?
    /// s, at a slack below 5 % of the limit or, of a distance, below 5 mm.
    public var nearLimit: Double?

    public init(
      rule: String? = nil, evaluated: UInt64? = nil, skipped: UInt64? = nil, unknown: UInt64? = nil,
      violated: UInt64? = nil, notApplicable: UInt64? = nil, nearLimit: Double? = nil
    ) {
      self.rule = rule
      self.evaluated = evaluated
      self.skipped = skipped
      self.unknown = unknown
      self.violated = violated
      self.notApplicable = notApplicable
      self.nearLimit = nearLimit
    }
  }

  /// A rule, or the evidence itself, that is in alarm now.
  public struct AlarmNow: Equatable, Sendable {
    public var rule: String?
    public var outcome: String?
    /// What was found, in words.
    public var reason: String?
    /// Since it was raised.
    public var ageNanoseconds: Int64?
    /// `nil`: not on disk yet.
    public var logSequence: UInt64?

    public init(
      rule: String? = nil, outcome: String? = nil, reason: String? = nil, ageNanoseconds: Int64? = nil,
      logSequence: UInt64? = nil
    ) {
      self.rule = rule
      self.outcome = outcome
      self.reason = reason
      self.ageNanoseconds = ageNanoseconds
      self.logSequence = logSequence
    }
  }

  /// The contact that caused the latch in force, as the arm's driver reported it.
  public struct LatchCause: Equatable, Sendable {
    /// Why it latched, in words.
    public var reason: String?
    /// Of the arm; `nil` when only a force or torque tells of it.
    public var link: String?
    /// The other body.
    public var other: String?
    /// N
    public var force: Double?
    /// Set when a joint's torque told of it.
    public var joint: String?
    /// Nm
    public var torque: Double?
    /// Since the state that told of it was received.
    public var ageNanoseconds: Int64?
    /// From the first sign that there may be contact to that state.
    public var suspectedNanoseconds: Int64?
    /// From that state to the verdict.
    public var decidedNanoseconds: Int64?
    /// From that state until the stop was sent; `nil` when nothing was.
    public var orderedNanoseconds: Int64?

    public init(
      reason: String? = nil, link: String? = nil, other: String? = nil, force: Double? = nil, joint: String? = nil,
      torque: Double? = nil, ageNanoseconds: Int64? = nil, suspectedNanoseconds: Int64? = nil,
      decidedNanoseconds: Int64? = nil, orderedNanoseconds: Int64? = nil
    ) {
      self.reason = reason
      self.link = link
      self.other = other
      self.force = force
      self.joint = joint
      self.torque = torque
      self.ageNanoseconds = ageNanoseconds
      self.suspectedNanoseconds = suspectedNanoseconds
      self.decidedNanoseconds = decidedNanoseconds
      self.orderedNanoseconds = orderedNanoseconds
    }
  }

  /// Messages that were refused before they could be judged.
  public struct RefusedCount: Equatable, Sendable {
    public var stream: String?
    public var reason: String?
    public var count: UInt64?

    public init(stream: String? = nil, reason: String? = nil, count: UInt64? = nil) {
      self.stream = stream
      self.reason = reason
      self.count = count
    }
  }

  /// How often one joint turned round.
  public struct JointReversals: Equatable, Sendable {
    public var joint: String?
    public var commanded: UInt64?
    public var measured: UInt64?

    public init(joint: String? = nil, commanded: UInt64? = nil, measured: UInt64? = nil) {
      self.joint = joint
      self.commanded = commanded
      self.measured = measured
    }
  }

  public var robotID: String?
  public var mode: String?
  public var inputs: UInt64?
  public var verdicts: UInt64?
  public var lost: UInt64?
  public var overruns: UInt64?
  /// 0: none.
  public var latch: UInt64?
  public var outcome: String?
  public var decision: String?
  public var ages: [InputAge]
  public var rules: [RuleCount]
  public var violationsLogged: UInt64?
  public var configurationSHA256: String?
  /// What a reset of this run must be signed over.
  public var resetNonce: UInt64?
  public var alarms: [AlarmNow]
  /// `nil`: no latch.
  public var latchCause: LatchCause?
  public var refused: [RefusedCount]
  public var reversals: [JointReversals]
  /// Number of the release motion in force; 0: none.
  public var release: UInt64?
  /// `nil`: none is told of.
  public var pressure: PressureInForce?
  public var pressureCounts: [PressureCount]
  /// In the last frames of all sensors together.
  public var people: UInt32?
  /// File of the run's recording that is written, from 1; `nil`: nothing is recorded now.
  public var recordingPart: UInt32?
  /// That the file system of the evidence has left; `nil`: not known.
  public var evidenceFreeBytes: UInt64?

  public init(
    robotID: String? = nil, mode: String? = nil, inputs: UInt64? = nil, verdicts: UInt64? = nil,
    lost: UInt64? = nil, overruns: UInt64? = nil, latch: UInt64? = nil, outcome: String? = nil,
    decision: String? = nil, ages: [InputAge] = [], rules: [RuleCount] = [], violationsLogged: UInt64? = nil,
    configurationSHA256: String? = nil, resetNonce: UInt64? = nil, alarms: [AlarmNow] = [],
    latchCause: LatchCause? = nil, refused: [RefusedCount] = [], reversals: [JointReversals] = [],
    release: UInt64? = nil, pressure: PressureInForce? = nil, pressureCounts: [PressureCount] = [], people: UInt32? = nil,
    recordingPart: UInt32? = nil, evidenceFreeBytes: UInt64? = nil
  ) {
    self.robotID = robotID
    self.mode = mode
    self.inputs = inputs
    self.verdicts = verdicts
    self.lost = lost
    self.overruns = overruns
    self.latch = latch
    self.outcome = outcome
    self.decision = decision
    self.ages = ages
    self.rules = rules
    self.violationsLogged = violationsLogged
    self.configurationSHA256 = configurationSHA256
    self.resetNonce = resetNonce
    self.alarms = alarms
    self.latchCause = latchCause
    self.refused = refused
    self.reversals = reversals
    self.release = release
    self.pressure = pressure
    self.pressureCounts = pressureCounts
    self.people = people
    self.recordingPart = recordingPart
    self.evidenceFreeBytes = evidenceFreeBytes
  }
}

extension StatusMessage: @unsafe WireMessage {
  public static let schema = unsafe Schema(odcv__v1__status__init)

  public init(_ c: Odcv__V1__Status) {
    robotID = unsafe read(c.robot_id)
    mode = unsafe read(c.mode)
    inputs = unsafe read(c.has_inputs, c.inputs)
    verdicts = unsafe read(c.has_verdicts, c.verdicts)
    lost = unsafe read(c.has_lost, c.lost)
    overruns = unsafe read(c.has_overruns, c.overruns)
    latch = unsafe read(c.has_latch, c.latch)
    outcome = unsafe read(c.outcome)
    decision = unsafe read(c.decision)
    ages = unsafe read(c.n_age, c.age)
    rules = unsafe read(c.n_rule, c.rule)
    violationsLogged = unsafe read(c.has_violations_logged, c.violations_logged)
    configurationSHA256 = unsafe read(c.configuration_sha256)
    resetNonce = unsafe read(c.has_reset_nonce, c.reset_nonce)
    alarms = unsafe read(c.n_alarm, c.alarm)
    latchCause = unsafe read(c.latch_cause)
    refused = unsafe read(c.n_refused, c.refused)
    reversals = unsafe read(c.n_reversals, c.reversals)
    release = unsafe read(c.has_release, c.release)
    pressure = unsafe read(c.pressure)
    pressureCounts = unsafe read(c.n_pressure_count, c.pressure_count)
    people = unsafe read(c.has_people, c.people)
    recordingPart = unsafe read(c.has_recording_part, c.recording_part)
    evidenceFreeBytes = unsafe read(c.has_evidence_free_bytes, c.evidence_free_bytes)
  }

  public func fill(_ c: inout Odcv__V1__Status, _ arena: inout Arena) {
    unsafe odcv__v1__status__init(&c)
    unsafe write(robotID, &c.robot_id, &arena)
    unsafe write(mode, &c.mode, &arena)
    unsafe write(inputs, &c.has_inputs, &c.inputs)
    unsafe write(verdicts, &c.has_verdicts, &c.verdicts)
    unsafe write(lost, &c.has_lost, &c.lost)
    unsafe write(overruns, &c.has_overruns, &c.overruns)
    unsafe write(latch, &c.has_latch, &c.latch)
    unsafe write(outcome, &c.outcome, &arena)
    unsafe write(decision, &c.decision, &arena)
    unsafe write(ages, &c.n_age, &c.age, &arena)
    unsafe write(rules, &c.n_rule, &c.rule, &arena)
    unsafe write(violationsLogged, &c.has_violations_logged, &c.violations_logged)
    unsafe write(configurationSHA256, &c.configuration_sha256, &arena)
    unsafe write(resetNonce, &c.has_reset_nonce, &c.reset_nonce)
    unsafe write(alarms, &c.n_alarm, &c.alarm, &arena)
    unsafe write(latchCause, &c.latch_cause, &arena)
    unsafe write(refused, &c.n_refused, &c.refused, &arena)
    unsafe write(reversals, &c.n_reversals, &c.reversals, &arena)
    unsafe write(release, &c.has_release, &c.release)
    unsafe write(pressure, &c.pressure, &arena)
    unsafe write(pressureCounts, &c.n_pressure_count, &c.pressure_count, &arena)
    unsafe write(people, &c.has_people, &c.people)
    unsafe write(recordingPart, &c.has_recording_part, &c.recording_part)
    unsafe write(evidenceFreeBytes, &c.has_evidence_free_bytes, &c.evidence_free_bytes)
  }
}

extension StatusMessage.InputAge: @unsafe WireMessage {
  public static let schema = unsafe Schema(odcv__v1__input_age__init)

  public init(_ c: Odcv__V1__InputAge) {
    input = unsafe read(c.input)
    ageNanoseconds = unsafe read(c.has_age_ns, c.age_ns)
    bootID = unsafe read(c.has_boot_id, c.boot_id)
    sequence = unsafe read(c.has_sequence, c.sequence)
  }

  public func fill(_ c: inout Odcv__V1__InputAge, _ arena: inout Arena) {
    unsafe odcv__v1__input_age__init(&c)
    unsafe write(input, &c.input, &arena)
    unsafe write(ageNanoseconds, &c.has_age_ns, &c.age_ns)
    unsafe write(bootID, &c.has_boot_id, &c.boot_id)
    unsafe write(sequence, &c.has_sequence, &c.sequence)
  }
}

extension StatusMessage.RuleCount: @unsafe WireMessage {
  public static let schema = unsafe Schema(odcv__v1__rule_count__init)

  public init(_ c: Odcv__V1__RuleCount) {
    rule = unsafe read(c.rule)
    evaluated = unsafe read(c.has_evaluated, c.evaluated)
    skipped = unsafe read(c.has_skipped, c.skipped)
    unknown = unsafe read(c.has_unknown, c.unknown)
    violated = unsafe read(c.has_violated, c.violated)
    notApplicable = unsafe read(c.has_not_applicable, c.not_applicable)
    nearLimit = unsafe read(c.has_near_limit_s, c.near_limit_s)
  }

  public func fill(_ c: inout Odcv__V1__RuleCount, _ arena: inout Arena) {
    unsafe odcv__v1__rule_count__init(&c)
    unsafe write(rule, &c.rule, &arena)
    unsafe write(evaluated, &c.has_evaluated, &c.evaluated)
    unsafe write(skipped, &c.has_skipped, &c.skipped)
    unsafe write(unknown, &c.has_unknown, &c.unknown)
    unsafe write(violated, &c.has_violated, &c.violated)
    unsafe write(notApplicable, &c.has_not_applicable, &c.not_applicable)
    unsafe write(nearLimit, &c.has_near_limit_s, &c.near_limit_s)
  }
}

extension StatusMessage.AlarmNow: @unsafe WireMessage {
  public static let schema = unsafe Schema(odcv__v1__alarm_now__init)

  public init(_ c: Odcv__V1__AlarmNow) {
    rule = unsafe read(c.rule)
    outcome = unsafe read(c.outcome)
    reason = unsafe read(c.reason)
    ageNanoseconds = unsafe read(c.has_age_ns, c.age_ns)
    logSequence = unsafe read(c.has_log_seq, c.log_seq)
  }

  public func fill(_ c: inout Odcv__V1__AlarmNow, _ arena: inout Arena) {
    unsafe odcv__v1__alarm_now__init(&c)
    unsafe write(rule, &c.rule, &arena)
    unsafe write(outcome, &c.outcome, &arena)
    unsafe write(reason, &c.reason, &arena)
    unsafe write(ageNanoseconds, &c.has_age_ns, &c.age_ns)
    unsafe write(logSequence, &c.has_log_seq, &c.log_seq)
  }
}

extension StatusMessage.LatchCause: @unsafe WireMessage {
  public static let schema = unsafe Schema(odcv__v1__latch_cause__init)

  public init(_ c: Odcv__V1__LatchCause) {
    reason = unsafe read(c.reason)
    link = unsafe read(c.link)
    other = unsafe read(c.other)
    force = unsafe read(c.has_force_n, c.force_n)
    joint = unsafe read(c.joint)
    torque = unsafe read(c.has_torque_nm, c.torque_nm)
    ageNanoseconds = unsafe read(c.has_age_ns, c.age_ns)
    suspectedNanoseconds = unsafe read(c.has_suspected_ns, c.suspected_ns)
    decidedNanoseconds = unsafe read(c.has_decided_ns, c.decided_ns)
    orderedNanoseconds = unsafe read(c.has_ordered_ns, c.ordered_ns)
  }

  public func fill(_ c: inout Odcv__V1__LatchCause, _ arena: inout Arena) {
    unsafe odcv__v1__latch_cause__init(&c)
    unsafe write(reason, &c.reason, &arena)
    unsafe write(link, &c.link, &arena)
    unsafe write(other, &c.other, &arena)
    unsafe write(force, &c.has_force_n, &c.force_n)
    unsafe write(joint, &c.joint, &arena)
    unsafe write(torque, &c.has_torque_nm, &c.torque_nm)
    unsafe write(ageNanoseconds, &c.has_age_ns, &c.age_ns)
    unsafe write(suspectedNanoseconds, &c.has_suspected_ns, &c.suspected_ns)
    unsafe write(decidedNanoseconds, &c.has_decided_ns, &c.decided_ns)
    unsafe write(orderedNanoseconds, &c.has_ordered_ns, &c.ordered_ns)
  }
}

extension StatusMessage.RefusedCount: @unsafe WireMessage {
  public static let schema = unsafe Schema(odcv__v1__refused_count__init)

  public init(_ c: Odcv__V1__RefusedCount) {
    stream = unsafe read(c.stream)
    reason = unsafe read(c.reason)
    count = unsafe read(c.has_count, c.count)
  }

  public func fill(_ c: inout Odcv__V1__RefusedCount, _ arena: inout Arena) {
    unsafe odcv__v1__refused_count__init(&c)
    unsafe write(stream, &c.stream, &arena)
    unsafe write(reason, &c.reason, &arena)
    unsafe write(count, &c.has_count, &c.count)
  }
}

extension StatusMessage.JointReversals: @unsafe WireMessage {
  public static let schema = unsafe Schema(odcv__v1__joint_reversals__init)

  public init(_ c: Odcv__V1__JointReversals) {
    joint = unsafe read(c.joint)
    commanded = unsafe read(c.has_commanded, c.commanded)
    measured = unsafe read(c.has_measured, c.measured)
  }

  public func fill(_ c: inout Odcv__V1__JointReversals, _ arena: inout Arena) {
    unsafe odcv__v1__joint_reversals__init(&c)
    unsafe write(joint, &c.joint, &arena)
    unsafe write(commanded, &c.has_commanded, &c.commanded)
    unsafe write(measured, &c.has_measured, &c.measured)
  }
}
