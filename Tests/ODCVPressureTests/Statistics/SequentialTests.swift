import Foundation
import Testing

@testable import ODCVPressure

@Suite struct SequentialTests {
  /// The martingale property, exactly: at any state, heads and tails of a fair coin average to what was there.
  @Test func eProcessIsAFairGameUnderTheNull() {
    var numbers = RandomNumbers(seed: 7)
    for alternative in [StratifiedEProcess.Alternative.more, .different] {
      for _ in 0..<50 {
        var process = StratifiedEProcess(strata: 3, alternative: alternative)
        for _ in 0..<numbers.index(40) {
          let head = numbers.chance(0.7)
          process.add(stratum: numbers.index(3), condition: head, comparison: !head)
        }
        let stratum = numbers.index(3)
        var (head, tail) = (process, process)
        head.add(stratum: stratum, condition: true, comparison: false)
        tail.add(stratum: stratum, condition: false, comparison: true)
        let mean = (head.value + tail.value) / 2
        #expect(abs(mean - process.value) <= 1e-9 * process.value, "\(alternative) \(mean) after \(process.value)")
      }
    }
  }

  @Test func evidenceStartsAtOneAndIsTheMeanOfPoolAndProduct() {
    var process = StratifiedEProcess(strata: 2, alternative: .more)
    #expect(process.value == 1)
    process.add(stratum: 0, condition: true, comparison: false)
    // Mean of 2 p over p uniform in 1/2...1, for the pool and for the only scenario that has a pair.
    #expect(abs(process.value - 1.5) < 1e-12)
    process.add(stratum: 1, condition: true, comparison: false)
    // Pool: mean of (2 p)^2 = 7/3; product: 1.5^2.
    #expect(abs(process.value - (7.0 / 3 + 2.25) / 2) < 1e-12)
  }

  @Test func oneSidedEvidenceShrinksInTheMeanWhenTheComparisonViolatesMore() {
    for (b, c) in [(0, 0), (3, 1), (10, 12), (40, 2)] {
      let now = exp(MixtureEValue.logOneSided(b, c))
      let next = 0.4 * exp(MixtureEValue.logOneSided(b + 1, c)) + 0.6 * exp(MixtureEValue.logOneSided(b, c + 1))
      #expect(next < now)
    }
  }

  @Test func concordantPairsSayNothingAndThePeakStays() {
    var process = StratifiedEProcess(strata: 2, alternative: .more)
    for _ in 0..<12 { process.add(stratum: 0, condition: true, comparison: false) }
    let value = process.value
    process.add(stratum: 1, condition: true, comparison: true)
    process.add(stratum: 1, condition: false, comparison: false)
    #expect(process.value == value && process.rejects(alpha: 0.01))
    for _ in 0..<30 { process.add(stratum: 0, condition: false, comparison: true) }
    #expect(process.value < 1 && process.rejects(alpha: 0.01))
  }

  /// Opposite effects in two scenarios cancel in the pool; the product over scenarios still sees them.
  @Test func effectsOfOppositeSignAreFoundByScenario() {
    var process = StratifiedEProcess(strata: 2, alternative: .different)
    for _ in 0..<12 {
      process.add(stratum: 0, condition: true, comparison: false)
      process.add(stratum: 1, condition: false, comparison: true)
    }
    #expect(exp(MixtureEValue.logTwoSided(12, 12)) < 1 && process.rejects(alpha: 0.001))
  }

  @Test func confidenceSequenceIsWiderThanAnIntervalForOneLookAndNarrowsWithPairs() throws {
    let sequence = PairedConfidenceSequence()
    #expect(sequence.interval(PairedOutcomes()) == nil)
    var last = Double.infinity
    for factor in [1, 4, 16, 64] {
      var outcomes = PairedOutcomes()
      outcomes.conditionOnly = 6 * factor
      outcomes.comparisonOnly = 2 * factor
      outcomes.neither = 92 * factor
      let wide = try #require(sequence.interval(outcomes))
      let tango = try #require(outcomes.tango())
      #expect(wide.lower < tango.lower && wide.upper > tango.upper && wide.upper - wide.lower < last)
      last = wide.upper - wide.lower
    }
  }

  /// A fixed 95 % interval looked at after each pair misses far too often; a test that can't see that sees nothing.
  @Test func plantedFixedIntervalFailsUnderContinuousLooking() {
    let sequence = PairedConfidenceSequence()
    let boundaries = (0...500).map { sequence.boundary(discordant: $0) }
    var (missed, fixed) = (0, 0)
    let paths = 400
    for path in 0..<paths {
      var numbers = RandomNumbers(seed: 11, stream: UInt64(path))
      var (sum, wrong, planted) = (0, false, false)
      for discordant in 1...500 {
        sum += numbers.chance(0.5) ? 1 : -1
        if Double(abs(sum)) > boundaries[discordant] { wrong = true }
        if discordant > 10, Double(abs(sum)) > 1.96 * Double(discordant).squareRoot() { planted = true }
      }
      missed += wrong ? 1 : 0
      fixed += planted ? 1 : 0
    }
    #expect(missed <= paths / 20, "\(missed)")
    #expect(fixed > paths / 5, "\(fixed)")
  }
}
