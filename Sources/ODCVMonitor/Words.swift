import ODCVCodec
import ODCVConfig
import ODCVConsole
import ODCVCore

/// How results are worded, the same in every command.
enum Words {
  static func outcome(_ outcome: Outcome) -> String {
    switch outcome {
    case .pass: "pass"
    case .violationCertain: "violation.certain"
    case .violationPossible: "violation.possible"
    case .unknown: "unknown"
    case .notApplicable: "notApplicable"
    }
  }

  static func decision(_ decision: Decision) -> String {
    switch decision {
    case .allow: "allow"
    case .slow: "slow"
    case .hold: "hold"
    case .halt: "halt"
    }
  }

  static func hex(_ bytes: some Collection<UInt8>) -> String {
    var text = ""
    for byte in bytes {
      let digits = String(byte, radix: 16)
      text += digits.count == 1 ? "0" + digits : digits
    }
    return text
  }

  /// One line on one finding: what, how far, between which two. The words of its alarm, see `AlarmWriter`.
  static func finding(_ finding: Finding, _ names: ConsoleNames) -> String {
    let pair = [names.text(finding.subject), names.text(finding.other)].compactMap { $0 }.joined(separator: " - ")
    switch finding.outcome {
    case .pass, .violationCertain, .violationPossible:
      let value = finding.sense == .atLeast ? finding.value.lower : finding.value.upper
      let word = finding.sense == .atLeast ? "at least" : "at most"
      let text = "\(measure(value, finding.rule.unit)), \(word) \(rounded(finding.limit))"
      return pair.isEmpty ? text : "\(pair): \(text)"
    case .unknown(let reason):
      let text = reason.words
      return pair.isEmpty ? text : "\(pair): \(text)"
    case .notApplicable:
      return "not measured or not present in this cell"
    }
  }

  /// With its unit; a distance beyond what any arm reaches is only said to be that.
  static func measure(_ value: Double, _ unit: String) -> String {
    let absurd = AlarmWriter.absurdDistance
    if unit == "m", abs(value) > absurd { return "\(value < 0 ? "below -" : "above ")\(Int(absurd)) m" }
    return "\(rounded(value)) \(unit)"
  }

  /// At most three decimals, and at least one.
  static func rounded(_ value: Double) -> String {
    if value.isNaN { return "nan" }
    guard value.isFinite else { return value < 0 ? "-inf" : "inf" }
    guard abs(value) < 1e12 else { return value < 0 ? "below -1e12" : "above 1e12" }
    // Not -0.0.
    return "\((value * 1000).rounded() / 1000 + 0)"
  }
}
