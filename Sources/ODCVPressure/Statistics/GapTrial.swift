/// A trial of a scenario with several zones, one of which, drawn by us for each trial, the monitor doesn't see.
struct GapTrial: Equatable, Sendable {
  /// s in each zone
  let exposure: [Double]
  /// Violations that began in each zone.
  let violations: [Int]
  /// Index of the blind zone.
  let blind: Int

  /// `nil` for what can't be: fewer than two zones, lists of different length, no such zone, a negative or non-finite
  /// exposure, a violation where the trial spent no time.
  init?(exposure: [Double], violations: [Int], blind: Int) {
    guard exposure.count >= 2, violations.count == exposure.count, exposure.indices.contains(blind) else { return nil }
    guard exposure.allSatisfy({ $0.isFinite && $0 >= 0 }), violations.allSatisfy({ $0 >= 0 }) else { return nil }
    guard zip(exposure, violations).allSatisfy({ $0 > 0 || $1 == 0 }) else { return nil }
    self.exposure = exposure
    self.violations = violations
    self.blind = blind
  }

  var total: Int { violations.reduce(0, +) }

  /// Violations expected in the blind zone when they fall on zones as time does.
  var expected: Double {
    total == 0 ? 0 : Double(total) * exposure[blind] / exposure.reduce(0, +)
  }
}
