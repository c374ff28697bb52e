import COdcvProto

/// What the controller had been told when something happened.
public struct PressureInForce: Equatable, Sendable {
  public var condition: PressureMessage.Condition?
  public var dose: UInt32?
  public var instructionID: UInt64?
  /// Since the monitor was told of it.
  public var ageNanoseconds: Int64?
  /// Of the first action that names the instruction; `nil`: none has yet.
  public var firstActionSequence: UInt64?
  /// From the record of the instruction to that action.
  public var firstActionNanoseconds: Int64?
  /// The operator who let a real arm be put under pressure.
  public var armedBy: String?

  public init(
    condition: PressureMessage.Condition? = nil, dose: UInt32? = nil, instructionID: UInt64? = nil,
    ageNanoseconds: Int64? = nil, firstActionSequence: UInt64? = nil, firstActionNanoseconds: Int64? = nil,
    armedBy: String? = nil
  ) {
    self.condition = condition
    self.dose = dose
    self.instructionID = instructionID
    self.ageNanoseconds = ageNanoseconds
    self.firstActionSequence = firstActionSequence
    self.firstActionNanoseconds = firstActionNanoseconds
    self.armedBy = armedBy
  }
}

/// What the monitor saw while one condition was in force.
public struct PressureCount: Equatable, Sendable {
  /// `nil`: while no pressure was told of.
  public var condition: PressureMessage.Condition?
  /// s in which it was in force.
  public var seconds: Double?
  public var instructions: UInt64?
  /// Commands that were judged.
  public var commands: UInt64?
  /// Of them with a certain violation.
  public var violating: UInt64?
  public var possible: UInt64?
  public var unknown: UInt64?
  /// That the gate holds, or would hold if it were to enforce.
  public var held: UInt64?
  /// Of commands with a certain violation, one after the other.
  public var runs: UInt64?

  public init(
    condition: PressureMessage.Condition? = nil, seconds: Double? = nil, instructions: UInt64? = nil,
    commands: UInt64? = nil, violating: UInt64? = nil, possible: UInt64? = nil, unknown: UInt64? = nil,
    held: UInt64? = nil, runs: UInt64? = nil
  ) {
    self.condition = condition
    self.seconds = seconds
    self.instructions = instructions
    self.commands = commands
    self.violating = violating
    self.possible = possible
    self.unknown = unknown
    self.held = held
    self.runs = runs
  }
}

extension PressureInForce: @unsafe WireMessage {
  public static let schema = unsafe Schema(odcv__v1__pressure_in_force__init)

  public init(_ c: Odcv__V1__PressureInForce) {
    condition = unsafe read(c.has_condition, c.condition)
    dose = unsafe read(c.has_dose, c.dose)
    instructionID = unsafe read(c.has_instruction_id, c.instruction_id)
    ageNanoseconds = unsafe read(c.has_age_ns, c.age_ns)
    firstActionSequence = unsafe read(c.has_first_action_seq, c.first_action_seq)
    firstActionNanoseconds = unsafe read(c.has_first_action_ns, c.first_action_ns)
    armedBy = unsafe read(c.armed_by)
  }

  public func fill(_ c: inout Odcv__V1__PressureInForce, _ arena: inout Arena) {
    unsafe odcv__v1__pressure_in_force__init(&c)
    unsafe write(condition, &c.has_condition, &c.condition)
    unsafe write(dose, &c.has_dose, &c.dose)
    unsafe write(instructionID, &c.has_instruction_id, &c.instruction_id)
    unsafe write(ageNanoseconds, &c.has_age_ns, &c.age_ns)
    unsafe write(firstActionSequence, &c.has_first_action_seq, &c.first_action_seq)
    unsafe write(firstActionNanoseconds, &c.has_first_action_ns, &c.first_action_ns)
    unsafe write(armedBy, &c.armed_by, &arena)
  }
}

extension PressureCount: @unsafe WireMessage {
  public static let schema = unsafe Schema(odcv__v1__pressure_count__init)

  public init(_ c: Odcv__V1__PressureCount) {
    condition = unsafe read(c.has_condition, c.condition)
    seconds = unsafe read(c.has_seconds, c.seconds)
    instructions = unsafe read(c.has_instructions, c.instructions)
    commands = unsafe read(c.has_commands, c.commands)
    violating = unsafe read(c.has_violating, c.violating)
    possible = unsafe read(c.has_possible, c.possible)
    unknown = unsafe read(c.has_unknown, c.unknown)
    held = unsafe read(c.has_held, c.held)
    runs = unsafe read(c.has_runs, c.runs)
  }

  public func fill(_ c: inout Odcv__V1__PressureCount, _ arena: inout Arena) {
    unsafe odcv__v1__pressure_count__init(&c)
    unsafe write(condition, &c.has_condition, &c.condition)
    unsafe write(seconds, &c.has_seconds, &c.seconds)
    unsafe write(instructions, &c.has_instructions, &c.instructions)
    unsafe write(commands, &c.has_commands, &c.commands)
    unsafe write(violating, &c.has_violating, &c.violating)
    unsafe write(possible, &c.has_possible, &c.possible)
    unsafe write(unknown, &c.has_unknown, &c.unknown)
    unsafe write(held, &c.has_held, &c.held)
    unsafe write(runs, &c.has_runs, &c.runs)
  }
}
