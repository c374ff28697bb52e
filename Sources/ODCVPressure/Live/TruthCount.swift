import ODCVWire

/// Violations by the arm's own motion, as a simulator's truth tells of them: each once, however often it is told.
struct TruthCount: Sendable {
  private var last: [String: Int64] = [:]
  private(set) var violations: UInt64 = 0

  mutating func take(_ truth: TruthMessage) {
    for violation in truth.violations where violation.byArm == true {
      let id = violation.constraint ?? "?"
      let from = violation.fromNanoseconds ?? 0
      if last[id].map({ from > $0 }) ?? true { violations += 1 }
      last[id] = max(last[id] ?? from, violation.toNanoseconds ?? from)
    }
  }
}
