import ODCVCore
import TestSupport
import Testing

/// What must hold of all rules together, over random streams and over everything that a cell can declare.
@Suite struct BookTests {
  /// A few seconds of random commands, states, frames and silence.
  private func stream(_ seed: UInt64, _ length: Int) -> [Script.Step] {
    var random = SeededGenerator(seed: seed)
    return Script { script in
      for _ in 0..<length {
        script.wait(random.uniform(0...0.01))
        let q = [random.uniform(-3...3), random.uniform(-3...3)]
        switch Int.random(in: 0..<6, using: &random) {
        case 0, 1: script.move(to: q)
        case 2, 3: script.state(q, velocity: [random.uniform(-2.5...2.5), random.uniform(-2.5...2.5)])
        case 4: script.people([[Generate.capsule(1.5, &random)]])
        default: script.add(.tick)
        }
      }
    }.steps
  }

  @Test func everyMarginOfARandomStreamIsTheContracts() {
    var monitor = Monitor(Planar.configuration())
    for step in stream(20, 1_000) {
      for finding in monitor.step(step.input, at: step.instant).findings { expectContract(finding) }
    }
  }

  @Test func aTighterLimitNeverTurnsAViolationIntoAPass() {
    for (rule, row) in Limits.rows {
      let loose = Planar.configuration()
      var tight = loose
      let value = loose.limits[rule, row.key]
      switch row.tighter {
      case .greater: tight.limits[rule, row.key] = value * 1.3 + 0.02
      case .smaller: tight.limits[rule, row.key] = value * 0.7
      }
      for seed in 30..<34 as Range<UInt64> {
        var first = Monitor(loose)
        var second = Monitor(tight)
        for step in stream(seed, 150) {
          let a = first.step(step.input, at: step.instant)
          let b = second.step(step.input, at: step.instant)
          if let before = a.finding(rule), let after = b.finding(rule) {
            #expect(after.outcome.grade <= before.outcome.grade, "\(rule.name) \(row.key)")
          }
          // From another decision on the two arms are under way to different places.
          guard a.decision == b.decision, a.latch == b.latch else { break }
        }
      }
    }
  }

  @Test func rawValuesAndNamesAreOnceEach() {
    #expect(Set(RuleID.allCases.map(\.name)).count == RuleID.allCases.count)
    #expect(RuleID.allCases.map(\.place) == Array(0..<RuleID.allCases.count))
    #expect(RuleID.allCases.map(\.rawValue) == RuleID.allCases.map(\.rawValue).sorted())
    #expect(RuleID.allCases.count <= Capacity.rules)
    #expect(PerRule<UInt8>(repeating: 0).count == Capacity.rules)
  }

  @Test func aVerdictOfAsManyFindingsAsThereMayBeFits() {
    // A finding is 116 bytes, what stands before the findings at most 354 (`CanonicalBytes`).
    let configuration = Planar.configuration()
    let none = Script { $0.add(.noted(.heartbeat)) }.run(configuration).bytes(configuration).count
    var one = 0
    let verdict = Script { $0.begin(at: [-1, 0.3]) }.run(configuration)
    one = (verdict.bytes(configuration).count - none) / verdict.findings.count
    #expect(none + Capacity.joints * 8 + Capacity.rules * one <= Capacity.verdictBytes)
  }
}
