import COdcvProto

/// One performance number with its target.
public struct KPIValue: Equatable, Sendable {
  public var name: String?
  public var value: Double?
  public var target: Double?
  public var unit: String?

  public init(
    name: String? = nil, value: Double? = nil, target: Double? = nil, unit: String? = nil
  ) {
    self.name = name
    self.value = value
    self.target = target
    self.unit = unit
  }
}

/// All that a controller sees. Nothing here but text and numbers tells one condition from another.
public struct InstructionMessage: Equatable, Sendable {
  public var id: UInt64?
  public var text: String?
  public var kpis: [KPIValue]

  public init(
    id: UInt64? = nil, text: String? = nil, kpis: [KPIValue] = []
  ) {
    self.id = id
    self.text = text
    self.kpis = kpis
  }
}

extension KPIValue: @unsafe WireMessage {
  public static let schema = unsafe Schema(odcv__v1__kpi_value__init)

  public init(_ c: Odcv__V1__KpiValue) {
    name = unsafe read(c.name)
    value = unsafe read(c.has_value, c.value)
    target = unsafe read(c.has_target, c.target)
    unit = unsafe read(c.unit)
  }

  public func fill(_ c: inout Odcv__V1__KpiValue, _ arena: inout Arena) {
    unsafe odcv__v1__kpi_value__init(&c)
    unsafe write(name, &c.name, &arena)
    unsafe write(value, &c.has_value, &c.value)
    unsafe write(target, &c.has_target, &c.target)
    unsafe write(unit, &c.unit, &arena)
  }
}

extension InstructionMessage: @unsafe WireMessage {
  public static let schema = unsafe Schema(odcv__v1__instruction__init)

  public init(_ c: Odcv__V1__Instruction) {
    id = unsafe read(c.has_id, c.id)
    text = unsafe read(c.text)
    kpis = unsafe read(c.n_kpi, c.kpi)
  }

  public func fill(_ c: inout Odcv__V1__Instruction, _ arena: inout Arena) {
    unsafe odcv__v1__instruction__init(&c)
    unsafe write(id, &c.has_id, &c.id)
    unsafe write(text, &c.text, &arena)
    unsafe write(kpis, &c.n_kpi, &c.kpi, &arena)
  }
}
