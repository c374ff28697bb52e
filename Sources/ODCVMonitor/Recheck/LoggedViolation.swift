import ODCVEvidence
import ODCVWire

/// One violation of the log as a line: `explain` says more of it, by its sequence.
struct LoggedViolation {
  var sequence: UInt64
  /// ns since 1970
  var wall: Int64
  /// `nil` where the record can't be read.
  var robot: String?
  /// Its worst finding.
  var finding: VerdictMessage.Finding?

  static func all(_ directory: String) throws(EvidenceError) -> [LoggedViolation] {
    try LogVerifier.records(directory: directory).filter { $0.kind == .violation }.map { LoggedViolation($0) }
  }

  private init(_ record: LogRecord) {
    (sequence, wall) = (record.sequence, record.wall)
    let message = try? VerdictMessage(decoding: record.payload)
    robot = message?.header?.robotID
    finding = message?.findings.first
  }

  private var kind: String {
    switch finding?.outcome {
    case .violationCertain: "violation.certain"
    case .violationPossible: "violation.possible"
    case .unknown: "unknown"
    case .pass: "pass"
    case .notApplicable: "notApplicable"
    case .unspecified, nil: "unreadable"
    }
  }

  var text: String {
    let margin = finding?.marginLower.map { Words.measure($0, finding?.unit ?? "") } ?? finding?.reason ?? "no number"
    return "\(sequence)  \(ExplanationText.utc(wall))  \(robot ?? "?")  \(finding?.rule ?? "?")  \(margin)  \(kind)"
  }

  var json: JSON {
    .object([
      ("sequence", .count(sequence)), ("time_ns", .integer(wall)), ("robot", robot.map { .string($0) } ?? .null),
      ("rule", finding?.rule.map { .string($0) } ?? .null), ("margin", .optional(finding?.marginLower)),
      ("unit", finding?.unit.map { .string($0) } ?? .null), ("kind", .string(kind)),
    ])
  }
}
