/// Where a measured share has to be; a side that is absent is open.
struct CalibrationBand: Codable, Equatable, Sendable {
  var lower: Double?
  var upper: Double?

  static func atLeast(_ value: Double) -> Self { Self(lower: value, upper: nil) }
  static func atMost(_ value: Double) -> Self { Self(lower: nil, upper: value) }

  /// Coverage of approximate intervals of nominal 95 % (goal G-2).
  static let coverage = Self(lower: 0.94, upper: 0.965)
  /// Coverage of exact intervals and of bounds that promise at least 95 % (goal G-2).
  static let exactCoverage = Self.atLeast(0.95)
  /// Size of tests that promise at most 5 % (goal G-2).
  static let size = Self.atMost(0.05)
  /// Size of tests that are 5 % for large samples: what the band of coverage leaves.
  static let approximateSize = Self(lower: 0.035, upper: 0.06)

  /// A number that is none is in no band.
  func contains(_ value: Double) -> Bool {
    guard value.isFinite else { return false }
    return value >= (lower ?? -.infinity) && value <= (upper ?? .infinity)
  }
}

/// One line of the calibration: an estimator on an agent whose truth is known.
struct CalibrationRow: Codable, Equatable, Sendable {
  var agent: String
  /// What is measured, of which estimator.
  var quantity: String
  /// Absent where the row is shown for comparison only.
  var band: CalibrationBand?
  var measured: Double
  /// Monte-Carlo standard error of `measured`.
  var error: Double
  /// Simulated campaigns behind it.
  var draws: Int
  /// Whether the measured value, without any allowance for its error, is in the band; absent without one.
  var within: Bool?
}

/// All rows of a calibration and what they were made from.
struct CalibrationReport: Codable, Equatable, Sendable {
  var version = 1
  var seed: UInt64
  var replications: Int
  var null_paths: Int
  var rows: [CalibrationRow]

  /// Whether each row with a band is in it.
  var within: Bool { rows.allSatisfy { $0.within != false } }
}
