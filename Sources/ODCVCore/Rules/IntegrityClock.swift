/// `integrity.clock`: sources' clocks run as the receiver's does.
///
/// - Requirement: the stamp of each message of a declared clock lies after the one before. Unless it is simulated time, its
///   distance from the instant of receipt changes by at most `greatest_step_s` from one message to the next, and since the
///   first of this boot by at most that and `drift_fraction` of the time that has passed.
/// - Formula: the change of (stamp - receipt), s; for a stamp before the last one, how far it lies back, at most zero.
/// - Unit: s. Error: none of its own; how long messages travel is part of the change, and the limit must leave room for it.
/// - Source: contracts, "Time and determinism". No age or deadline counts these stamps: a jump is only told.
/// - Unknown: a stamp that is missing or of another clock than the cell declares.
/// - Not applicable: the cell declares source times as not measured. Skipped where the step brings no stamped message.
struct IntegrityClock: Rule {
  static let id = RuleID.integrityClock
  static let facts = RuleFacts(
    "the clocks of sources neither jump, drift nor run back",
    limits: [
      LimitRow("greatest_step_s", .atMost, .positive, of: "change from one message to the next"),
      LimitRow(
        term: "drift_fraction", tighter: .smaller, .fraction, of: "and since the source's start", unit: "of the time since"),
    ], quantity: .sourceTime, yieldsToSlowing: false)
  private let greatestStep: Double
  private let drift: Double

  init(_ configuration: Configuration) {
    greatestStep = configuration.limits[Self.id, "greatest_step_s"]
    drift = configuration.limits[Self.id, "drift_fraction"]
  }

  static func provoke(_ scene: inout Provocation) {
    guard let source = scene.configuration.cell.clocks.first else { return }
    scene.configuration.cell.clocks = [SourceClock(stream: .state, clock: source.clock)]
    for stamp in [1_000_000_000_000, 0] as [Int64] {
      scene.state(sequenced: { $0.time = SourceTime(clock: source.clock, nanoseconds: stamp) })
    }
  }

  func judge(_ motion: borrowing Motion, in world: borrowing World) -> Finding? {
    if world.configuration.cell.clocks.isEmpty { return .notApplicable(Self.id) }
    guard let reading = world.clockReading else { return nil }
    let subject = Subject.stream(reading.stream)
    if let reason = reading.unknown { return .unknown(Self.id, reason, subject) }
    if reading.back > 0 { return finding(reading.back, 0, subject) }
    let step = finding(abs(reading.step), greatestStep, subject)
    let drifted = finding(abs(reading.drift), greatestStep + drift * reading.elapsed, subject)
    return step.margin.lower <= drifted.margin.lower ? step : drifted
  }

  private func finding(_ value: Double, _ limit: Double, _ subject: Subject) -> Finding {
    Finding(Self.id, value: Interval(exactly: value), .atMost, limit, subject: subject)
  }
}
