import Glibc
import ODCVCodec
import ODCVCore

/// Numbers, times and lines, as explanations write them.
extension ExplanationText {
  /// `0.012 m`, or `0.010 to 0.012 m` where the ends differ.
  static func interval(_ interval: Interval, _ unit: String) -> String {
    if unit == "m" {
      if interval.upper < -absurd { return "below -\(Int(absurd)) m" }
      if interval.lower > absurd { return "above \(Int(absurd)) m" }
      if interval.lower < -absurd || interval.upper > absurd {
        let low = interval.lower < -absurd ? "below -\(Int(absurd))" : number(interval.lower)
        let high = interval.upper > absurd ? "above \(Int(absurd)) m" : "\(number(interval.upper)) m"
        return "\(low) to \(high)"
      }
    }
    let (low, high) = (number(interval.lower), number(interval.upper))
    return low == high ? "\(low) \(unit)" : "\(low) to \(high) \(unit)"
  }

  private static let absurd = AlarmWriter.absurdDistance

  /// To a tenth of a thousandth below 1: what a limit is missed by may be as little.
  static func number(_ value: Double) -> String {
    guard abs(value) < 1 else { return Words.rounded(value) }
    var text = fixed(value, 4)
    while text.hasSuffix("0") { text.removeLast() }
    if text.hasSuffix(".") { text.removeLast() }
    return text == "-0" ? "0" : text
  }

  /// With so many decimals, also where they are zeros.
  static func fixed(_ value: Double, _ decimals: Int) -> String {
    var scale = 1.0
    for _ in 0..<decimals { scale *= 10 }
    guard value.isFinite, abs(value) * scale < 9e15 else { return "\(value)" }
    let whole = Int64((value * scale).rounded())
    let digits = String(whole.magnitude)
    let padded = String(repeating: "0", count: max(0, decimals + 1 - digits.count)) + digits
    let sign = whole < 0 ? "-" : ""
    guard decimals > 0 else { return sign + padded }
    return "\(sign)\(padded.dropLast(decimals)).\(padded.suffix(decimals))"
  }

  /// ns since 1970 as `2026-11-23 17:41:10.123 UTC`.
  static func utc(_ wall: Int64) -> String {
    var seconds = time_t(wall / 1_000_000_000)
    var date = tm()
    gmtime_r(&seconds, &date)
    func digits(_ value: Int32, _ count: Int) -> String {
      let text = String(value)
      return String(repeating: "0", count: max(0, count - text.count)) + text
    }
    let day = "\(digits(date.tm_year + 1900, 4))-\(digits(date.tm_mon + 1, 2))-\(digits(date.tm_mday, 2))"
    let clock = "\(digits(date.tm_hour, 2)):\(digits(date.tm_min, 2)):\(digits(date.tm_sec, 2))"
    return "\(day) \(clock).\(digits(Int32(wall / 1_000_000 % 1000), 3)) UTC"
  }

  /// Lines of at most 100 characters, those after the first set in by two more; a longer word stays whole.
  static func wrapped(_ text: String, indent: Int) -> [String] {
    var lines: [String] = []
    var line = String(repeating: " ", count: indent)
    var isEmpty = true
    for word in text.split(separator: " ", omittingEmptySubsequences: false) {
      if !isEmpty, line.count + 1 + word.count > 100 {
        lines.append(line)
        line = String(repeating: " ", count: indent + 2)
        isEmpty = true
      }
      line += (isEmpty ? "" : " ") + word
      isEmpty = false
    }
    return lines + [line]
  }
}
