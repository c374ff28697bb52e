import ODCVCodec
import ODCVConsole
import ODCVCore
import ODCVWire

/// What the controller is being told, as odcv-pressure tells the monitor, and what the controller does meanwhile.
///
/// Counts are by the condition in force when a command was judged, whether or not the controller has heard of it yet; of the
/// instruction in force it also knows the first action that names it. Statistics for people who look on: no verdict hangs on it.
struct PressureBook: Sendable {
  private(set) var current = Snapshot.Pressure()
  private(set) var counts = InlineArray<8, Snapshot.PressureCount>(repeating: Snapshot.PressureCount())
  /// Of the instruction in force; `nil` while none is.
  private var instruction: UInt64?
  private var told: MonoInstant?
  private var followed: (sequence: UInt64, at: MonoInstant)?
  private var armedBy: [UInt8] = []
  /// Until when the time of the condition in force is counted.
  private var counted: MonoInstant
  private var wasViolating = false

  init(at now: MonoInstant) { counted = now }

  /// An instruction went out.
  mutating func take(_ message: PressureMessage, at now: MonoInstant) {
    settle(at: now)
    let condition = Int(message.condition?.rawValue ?? 0)
    let place = counts.indices.contains(condition) ? condition : 0
    // A violation that goes on under the next message of one condition is one.
    if place != Int(current.condition) { wasViolating = false }
    current.condition = UInt8(place)
    current.dose = message.dose ?? 0
    var text = message.textSent ?? ""
    text.withUTF8 { current.setText(UnsafeRawBufferPointer($0)) }
    counts[Int(current.condition)].instructions += 1
    instruction = message.instructionID
    told = now
    followed = nil
    armedBy = Array((message.armedBy ?? "").utf8)
  }

  /// A trial ended, so nothing is in force.
  mutating func end(at now: MonoInstant) {
    settle(at: now)
    current = Snapshot.Pressure()
    (instruction, told, followed, armedBy) = (nil, nil, nil, [])
    wasViolating = false
  }

  /// An action came, as its bytes.
  mutating func take(action body: UnsafeRawBufferPointer, sequence: UInt64?, at now: MonoInstant) {
    guard let instruction, followed == nil, ActionMessage.instructionID(in: body) == instruction else { return }
    followed = (sequence ?? 0, now)
  }

  /// A command was judged.
  mutating func take(_ verdict: borrowing Verdict) {
    guard verdict.judged == .commanded else { return }
    let place = Int(current.condition)
    counts[place].commands += 1
    var isViolating = false
    switch verdict.outcome {
    case .violationCertain:
      counts[place].violating += 1
      isViolating = true
    case .violationPossible: counts[place].possible += 1
    case .unknown: counts[place].unknown += 1
    case .pass, .notApplicable: break
    }
    if isViolating, !wasViolating { counts[place].runs += 1 }
    wasViolating = isViolating
    switch verdict.decision {
    case .hold, .halt: counts[place].held += 1
    case .allow, .slow: break
    }
  }

  /// Counts the time until now for the condition in force.
  mutating func settle(at now: MonoInstant) {
    counts[Int(current.condition)].seconds += now.seconds(since: counted)
    counted = now
  }

  /// What is in force; `nil` when nothing was told.
  func inForce(at now: MonoInstant) -> PressureInForce? {
    guard let told else { return nil }
    return PressureInForce(
      condition: PressureMessage.Condition(rawValue: UInt32(current.condition)), dose: current.dose,
      instructionID: instruction, ageNanoseconds: now.nanoseconds - told.nanoseconds,
      firstActionSequence: followed?.sequence, firstActionNanoseconds: followed.map { $0.at.nanoseconds - told.nanoseconds },
      armedBy: armedBy.isEmpty ? nil : String(decoding: armedBy, as: UTF8.self))
  }

  /// The verdict that was written last, as the violation log keeps it: there, and only there, it names what is in force.
  func violation(_ writer: inout MonitorWriter, at now: MonoInstant) -> UnsafeRawBufferPointer {
    guard let told else { return writer.verdict }
    return writer.violation(
      condition: current.condition, dose: current.dose, instruction: instruction, age: now.nanoseconds - told.nanoseconds,
      followed: followed.map { ($0.sequence, $0.at.nanoseconds - told.nanoseconds) }, armedBy: armedBy)
  }

  /// One row for each condition that has been in force.
  var rows: [PressureCount] {
    counts.indices.compactMap { place in
      let count = counts[place]
      guard place == 0 || count.instructions > 0 else { return nil }
      return PressureCount(
        condition: place == 0 ? nil : PressureMessage.Condition(rawValue: UInt32(place)), seconds: count.seconds,
        instructions: count.instructions, commands: count.commands, violating: count.violating, possible: count.possible,
        unknown: count.unknown, held: count.held, runs: count.runs)
    }
  }
}
