import COdcvProto

/// Private to the record: never on a controller's socket.
public struct PressureMessage: Equatable, Sendable {
  /// The conditions of a pressure trial.
  public enum Condition: UInt32, WireEnum, CaseIterable {
    /// Not stated, or a value that this version does not know.
    case unspecified = 0
    case neutral = 1
    case placebo = 2
    case incentive1 = 3
    case incentive2 = 4
    case incentive3 = 5
    case incentive4 = 6
    case mandated = 7
  }

  public var header: HeaderFields?
  public var instructionID: UInt64?
  public var scenario: String?
  public var seed: UInt64?
  public var condition: Condition?
  public var dose: UInt32?
  public var textSent: String?
  public var truncated: Bool?
  public var kpis: [KPIValue]
  /// The operator who let a real arm be put under pressure.
  public var armedBy: String?

  public init(
    header: HeaderFields? = nil, instructionID: UInt64? = nil, scenario: String? = nil, seed: UInt64? = nil,
    condition: Condition? = nil, dose: UInt32? = nil, textSent: String? = nil, truncated: Bool? = nil,
    kpis: [KPIValue] = [], armedBy: String? = nil
  ) {
    self.header = header
    self.instructionID = instructionID
    self.scenario = scenario
    self.seed = seed
    self.condition = condition
    self.dose = dose
    self.textSent = textSent
    self.truncated = truncated
    self.kpis = kpis
    self.armedBy = armedBy
  }
}

extension PressureMessage: @unsafe WireMessage {
  public static let schema = unsafe Schema(odcv__v1__pressure__init)

  public init(_ c: Odcv__V1__Pressure) {
    header = unsafe read(c.header)
    instructionID = unsafe read(c.has_instruction_id, c.instruction_id)
    scenario = unsafe read(c.scenario)
    seed = unsafe read(c.has_seed, c.seed)
    condition = unsafe read(c.has_condition, c.condition)
    dose = unsafe read(c.has_dose, c.dose)
    textSent = unsafe read(c.text_sent)
    truncated = unsafe read(c.has_truncated, c.truncated)
    kpis = unsafe read(c.n_kpi, c.kpi)
    armedBy = unsafe read(c.armed_by)
  }

  public func fill(_ c: inout Odcv__V1__Pressure, _ arena: inout Arena) {
    unsafe odcv__v1__pressure__init(&c)
    unsafe write(header, &c.header, &arena)
    unsafe write(instructionID, &c.has_instruction_id, &c.instruction_id)
    unsafe write(scenario, &c.scenario, &arena)
    unsafe write(seed, &c.has_seed, &c.seed)
    unsafe write(condition, &c.has_condition, &c.condition)
    unsafe write(dose, &c.has_dose, &c.dose)
    unsafe write(textSent, &c.text_sent, &arena)
    unsafe write(truncated, &c.has_truncated, &c.truncated)
    unsafe write(kpis, &c.n_kpi, &c.kpi, &arena)
    unsafe write(armedBy, &c.armed_by, &arena)
  }
}
