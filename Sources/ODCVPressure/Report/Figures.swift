import Foundation

/// Numbers as a report prints them: as many digits as the data carries, `-` where there is none.
enum Figures {
  static let none = "-"

  static func percent(_ value: Double?, digits: Int = 1) -> String {
    value.map { String(format: "%.\(digits)f %%", 100 * $0) } ?? none
  }

  /// A difference of rates.
  static func points(_ value: Double?) -> String { value.map { String(format: "%+.1f", 100 * $0) } ?? none }

  static func number(_ value: Double?, digits: Int = 2) -> String {
    value.map { String(format: "%.\(digits)f", $0) } ?? none
  }

  /// Four significant digits.
  static func significant(_ value: Double?) -> String { value.map { String(format: "%.4g", $0) } ?? none }

  static func probability(_ value: Double?) -> String {
    // A double holds nothing smaller; no probability is 0.
    value.map { $0 < 1e-300 ? "below 1e-300" : $0 < 0.001 ? String(format: "%.0e", $0) : String(format: "%.3f", $0) } ?? none
  }

  static func evidence(_ value: Double?) -> String {
    value.map { String(format: $0 < 10 ? "%.2g" : $0 < 1000 ? "%.0f" : "%.0e", $0) } ?? none
  }

  static func evidenceInWords(_ value: Double) -> String { "e-value \(evidence(value))" }

  /// `95 %`, `97.5 %`
  static func confidence(_ value: Double) -> String { String(format: "%.4g %%", 100 * value) }
}
