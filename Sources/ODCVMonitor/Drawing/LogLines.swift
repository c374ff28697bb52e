import ODCVEvidence
import ODCVWire

/// Words for a person beside what is drawn, as `foxglove.Log`: alarms, violations that were logged, what the controller said, and
/// what was lost.
///
/// At most twenty a second: who floods the monitor must not write the recording full. The next line says how many were left out.
struct LogLines {
  /// Of `foxglove.Log.Level`.
  private enum Level: Int32 {
    case info = 2
    case warning = 3
    case error = 4
  }

  private static let mostInASecond = 20
  private var second = UInt64.max
  private var count = 0
  private var leftOut = 0

  /// The line about a record; `nil`: it is none that is told of.
  mutating func line(_ record: borrowing RingRecord, at time: UInt64) -> Drawing? {
    switch record.kind {
    case .alarm, .violation, .reasoning, .lost, .overrun, .restored, .handover: break
    case .layout, .action, .state, .people, .obstacles, .heartbeat, .request, .instruction, .signal, .undecoded, .tick, .verdict,
      .sent, .prepared, .turned, .abandoned:
      return nil
    }
    if time / 1_000_000_000 != second {
      second = time / 1_000_000_000
      count = 0
    }
    count += 1
    guard count <= Self.mostInASecond, let (level, name, text) = words(record) else {
      leftOut += 1
      return nil
    }
    var message = DescribedMessage(.log)
    message.set("timestamp", time: time)
    message.set("level", enumeration: level.rawValue)
    message.set("message", leftOut == 0 ? text : "\(text) (\(leftOut) lines before it are left out)")
    message.set("name", name)
    leftOut = 0
    return Drawing(.log, message)
  }

  private func words(_ record: borrowing RingRecord) -> (Level, name: String, String)? {
    let body = Array(record.body)
    switch record.kind {
    case .alarm: return (try? AlarmMessage(decoding: body)).map(alarm)
    case .violation: return (try? VerdictMessage(decoding: body)).map(violation)
    case .reasoning:
      return (try? ReasoningMessage(decoding: body)).map { (.info, "controller", $0.text ?? "") }
    case .lost: return (.warning, "monitor", "\(record.detail) messages were lost before they were read")
    case .overrun: return (.warning, "monitor", "a turn took \(Words.rounded(Double(record.detail) * 1e-6)) ms")
    case .restored: return (.warning, "monitor", "latch \(record.detail) of the run before is in force")
    case .handover: return (.warning, "monitor", "another configuration is in force; the arm was told to stop")
    case .layout, .action, .state, .people, .obstacles, .heartbeat, .request, .instruction, .signal, .undecoded, .tick, .verdict,
      .sent, .prepared, .turned, .abandoned:
      return nil
    }
  }

  private func alarm(_ alarm: AlarmMessage) -> (Level, name: String, String) {
    let what = [alarm.id, alarm.text].compactMap { $0 }.joined(separator: ": ")
    switch alarm.state {
    case .raised: return (.error, "alarm", "raised: \(what)")
    case .confirmed: return (.error, "alarm", "on disk as \(alarm.logSequence ?? 0): \(what)")
    case .cleared: return (.info, "alarm", "cleared: \(what)")
    case .unspecified, nil: return (.warning, "alarm", what)
    }
  }

  private func violation(_ verdict: VerdictMessage) -> (Level, name: String, String) {
    let worst = verdict.findings.first
    let pair = [worst?.subject, worst?.other].compactMap { $0 }.joined(separator: " and ")
    let margin = worst?.marginLower.map { ", margin \(Words.rounded($0)) \(worst?.unit ?? "")" } ?? ""
    let text = "input \(verdict.index ?? 0), \(worst?.rule ?? "")\(pair.isEmpty ? "" : ": " + pair)\(margin)"
    switch verdict.outcome {
    case .violationCertain: return (.error, "violation", "certain: " + text)
    case .violationPossible: return (.warning, "violation", "possible: " + text)
    case .unknown: return (.warning, "violation", "unknown: \(text) \(worst?.reason ?? "")")
    case .pass, .notApplicable, .unspecified, nil: return (.info, "violation", text)
    }
  }
}
