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

  /// One line on one finding: what, how far, between which two.
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

  /// m: beyond what any arm reaches. A distance of kilometres says only that nobody knows where the arm is by then.
  static let absurd = 10.0

  /// With its unit; a distance beyond what any arm reaches is only said to be that.
  static func measure(_ value: Double, _ unit: String) -> String {
    if unit == "m", abs(value) > absurd { return "\(value < 0 ? "below -" : "above ")\(Int(absurd)) m" }
    return "\(rounded(value)) \(unit)"
  }

  /// Three decimals.
  static func rounded(_ value: Double) -> String {
    guard value.isFinite, abs(value) < 1e12 else { return "\(value)" }
    return "\((value * 1000).rounded() / 1000)"
  }
}
