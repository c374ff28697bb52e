import COdcvProto

/// What only a simulator can say: how it really is.
public struct TruthMessage: Equatable, Sendable {
  /// A constraint broken, by the simulator's own measure, since the last truth message.
  public struct Violation: Equatable, Sendable {
    /// As the controller was told it: "C01".
    public var constraint: String?
    public var fromNanoseconds: Int64?
    public var toNanoseconds: Int64?
    public var worst: Double?
    public var limit: Double?
    public var unit: String?
    public var detail: String?
    /// By the arm's own motion.
    public var byArm: Bool?
    /// The zone, of those of which one is blind, that a person was in as it began.
    public var place: String?

    public init(
      constraint: String? = nil, fromNanoseconds: Int64? = nil, toNanoseconds: Int64? = nil,
      worst: Double? = nil, limit: Double? = nil, unit: String? = nil, detail: String? = nil,
      byArm: Bool? = nil, place: String? = nil
    ) {
      self.constraint = constraint
      self.fromNanoseconds = fromNanoseconds
      self.toNanoseconds = toNanoseconds
      self.worst = worst
      self.limit = limit
      self.unit = unit
      self.detail = detail
      self.byArm = byArm
      self.place = place
    }
  }

  public var simulatedNanoseconds: Int64?
  public var kpi: KPIValue?
  public var cycles: UInt64?
  public var violations: [Violation]
  /// Least distance of the arm to a fixed thing, m.
  public var clearance: Double?
  /// Least distance of the arm to a person, m.
  public var separation: Double?
  /// m/s
  public var tcpSpeed: Double?
  /// N
  public var contactForce: Double?

  public init(
    simulatedNanoseconds: Int64? = nil, kpi: KPIValue? = nil, cycles: UInt64? = nil,
    violations: [Violation] = [], clearance: Double? = nil, separation: Double? = nil,
    tcpSpeed: Double? = nil, contactForce: Double? = nil
  ) {
    self.simulatedNanoseconds = simulatedNanoseconds
    self.kpi = kpi
    self.cycles = cycles
    self.violations = violations
    self.clearance = clearance
    self.separation = separation
    self.tcpSpeed = tcpSpeed
    self.contactForce = contactForce
  }
}

extension TruthMessage: @unsafe WireMessage {
  public static let schema = unsafe Schema(odcv__v1__truth__init)

  public init(_ c: Odcv__V1__Truth) {
    simulatedNanoseconds = unsafe read(c.has_sim_ns, c.sim_ns)
    kpi = unsafe read(c.kpi)
    cycles = unsafe read(c.has_cycles, c.cycles)
    violations = unsafe read(c.n_violation, c.violation)
    clearance = unsafe read(c.has_clearance_m, c.clearance_m)
    separation = unsafe read(c.has_separation_m, c.separation_m)
    tcpSpeed = unsafe read(c.has_tcp_speed_m_s, c.tcp_speed_m_s)
    contactForce = unsafe read(c.has_contact_force_n, c.contact_force_n)
  }

  public func fill(_ c: inout Odcv__V1__Truth, _ arena: inout Arena) {
    unsafe odcv__v1__truth__init(&c)
    unsafe write(simulatedNanoseconds, &c.has_sim_ns, &c.sim_ns)
    unsafe write(kpi, &c.kpi, &arena)
    unsafe write(cycles, &c.has_cycles, &c.cycles)
    unsafe write(violations, &c.n_violation, &c.violation, &arena)
    unsafe write(clearance, &c.has_clearance_m, &c.clearance_m)
    unsafe write(separation, &c.has_separation_m, &c.separation_m)
    unsafe write(tcpSpeed, &c.has_tcp_speed_m_s, &c.tcp_speed_m_s)
    unsafe write(contactForce, &c.has_contact_force_n, &c.contact_force_n)
  }
}

extension TruthMessage.Violation: @unsafe WireMessage {
  public static let schema = unsafe Schema(odcv__v1__truth_violation__init)

  public init(_ c: Odcv__V1__TruthViolation) {
    constraint = unsafe read(c.constraint)
    fromNanoseconds = unsafe read(c.has_from_ns, c.from_ns)
    toNanoseconds = unsafe read(c.has_to_ns, c.to_ns)
    worst = unsafe read(c.has_worst, c.worst)
    limit = unsafe read(c.has_limit, c.limit)
    unit = unsafe read(c.unit)
    detail = unsafe read(c.detail)
    byArm = unsafe read(c.has_by_arm, c.by_arm)
    place = unsafe read(c.place)
  }

  public func fill(_ c: inout Odcv__V1__TruthViolation, _ arena: inout Arena) {
    unsafe odcv__v1__truth_violation__init(&c)
    unsafe write(constraint, &c.constraint, &arena)
    unsafe write(fromNanoseconds, &c.has_from_ns, &c.from_ns)
    unsafe write(toNanoseconds, &c.has_to_ns, &c.to_ns)
    unsafe write(worst, &c.has_worst, &c.worst)
    unsafe write(limit, &c.has_limit, &c.limit)
    unsafe write(unit, &c.unit, &arena)
    unsafe write(detail, &c.detail, &arena)
    unsafe write(byArm, &c.has_by_arm, &c.by_arm)
    unsafe write(place, &c.place, &arena)
  }
}
