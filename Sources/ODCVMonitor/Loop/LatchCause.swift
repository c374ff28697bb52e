import ODCVCore
import ODCVWire

/// A latch that the run before left in force, as it was kept beside the evidence.
struct RestoredLatch: Sendable, Equatable {
  var number: UInt64
  var cause: String
}

/// Why and when the latch in force came about.
struct LatchCause: Sendable {
  var contact: ContactCause
  var record: ContactRecord
  /// When its verdict was there.
  var decided: MonoInstant
  /// When the stop had been sent; `nil` when none was, as when the monitor only observes.
  var ordered: MonoInstant?

  /// From the first sign that there may be contact to the state that told of it, s.
  var suspected: Double { record.detected.seconds(since: record.firstSign) }

  /// `unexpected contact, tool - rack, 45 N (decided after 0.02 ms, stop sent after 0.05 ms)`
  var text: String {
    let words = contact.text.isEmpty ? contact.reason : "\(contact.reason), \(contact.text)"
    if case .restored = record.sign { return words }
    var times = ["decided after \(LatchCause.milliseconds(decided.seconds(since: record.detected)))"]
    if suspected > 0 { times.insert("suspected \(LatchCause.milliseconds(suspected)) before", at: 0) }
    if let ordered { times.append("stop sent after \(LatchCause.milliseconds(ordered.seconds(since: record.detected)))") }
    return "\(words) (\(times.joined(separator: ", ")))"
  }

  func message(at now: MonoInstant) -> StatusMessage.LatchCause {
    func since(_ instant: MonoInstant) -> Int64 { instant.nanoseconds - record.detected.nanoseconds }
    return StatusMessage.LatchCause(
      reason: contact.reason, link: contact.link, other: contact.other, force: contact.force, joint: contact.joint,
      torque: contact.torque, ageNanoseconds: since(now), suspectedNanoseconds: -since(record.firstSign),
      decidedNanoseconds: since(decided), orderedNanoseconds: ordered.map(since))
  }

  private static func milliseconds(_ seconds: Double) -> String { "\(Words.rounded(seconds * 1000)) ms" }
}

extension ContactCause {
  /// What a latch came about by, or is kept by: the core's own word for it, with the names that only the state as it came has.
  static func find(
    _ sign: ContactSign, _ last: LastState, _ restored: RestoredLatch?, _ configuration: Configuration
  ) -> ContactCause {
    switch sign {
    case .residual(let joint, let torque):
      ContactCause(
        reason: "contact told by what the joint's own torque leaves unexplained",
        joint: configuration.robot.joints[joint].name, torque: torque)
    case .restored:
      ContactCause(reason: "in force before this monitor was started: \(restored?.cause ?? "cause unknown")")
    case .budget(let expected):
      ContactCause(
        reason: "contact for longer, or with more impulse, than its window permits",
        link: expected.map { configuration.robot.links[configuration.cell.expectedContacts[$0].link].name },
        other: expected.map { configuration.cell.expectedContacts[$0].other } ?? "undeclared bodies")
    case .contact, .force, .effort:
      last.cause(configuration) ?? ContactCause(reason: "unexpected contact")
    }
  }
}
