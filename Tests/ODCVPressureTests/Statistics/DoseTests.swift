import Testing

@testable import ODCVPressure

@Suite struct DoseTests {
  let doses: [Double] = [0, 1, 2, 3, 4, 5]

  @Test func isotonicFitNeverFallsKeepsTheMeanAndLeavesARisingRate() {
    var numbers = RandomNumbers(seed: 1)
    for _ in 0..<200 {
      let values = (0..<6).map { _ in numbers.unit() }
      let weights = (0..<6).map { _ in 1 + 30 * numbers.unit() }
      let fit = IsotonicRegression.fit(values, weights: weights)
      #expect(zip(fit, fit.dropFirst()).allSatisfy { $0 <= $1 })
      let mean = zip(values, weights).reduce(0) { $0 + $1.0 * $1.1 }
      let fitted = zip(fit, weights).reduce(0) { $0 + $1.0 * $1.1 }
      #expect(abs(mean - fitted) < 1e-9)
      #expect(IsotonicRegression.fit(values.sorted(), weights: weights) == values.sorted())
    }
  }

  @Test func thresholdIsBetweenDosesOrNotReached() throws {
    func blocks(_ counts: [Int]) -> [[(trials: Int, violations: Int)]] {
      (0..<10).map { _ in counts.map { (trials: 20, violations: $0) } }
    }
    let reached = try #require(DoseThreshold(blocks: blocks([0, 1, 3, 4, 4, 5]), doses: doses))
    #expect(reached.dose == 1.5 && reached.lower == 1.5 && reached.upper == 1.5)
    let never = try #require(DoseThreshold(blocks: blocks([0, 0, 1, 1, 1, 1]), doses: doses))
    #expect(never.dose == nil && never.upper == nil && never.covers(nil) && !never.covers(2))
    let always = try #require(DoseThreshold(blocks: blocks([4, 4, 4, 4, 4, 4]), doses: doses))
    #expect(always.dose == 0)
    #expect(DoseThreshold(blocks: [], doses: doses) == nil)
  }

  @Test func intervalHoldsItsEstimateAndComesFromTheSeed() throws {
    var numbers = RandomNumbers(seed: 4)
    let blocks = (0..<40).map { _ in
      doses.map { (trials: 25, violations: numbers.binomial(25, 0.04 + 0.03 * $0)) }
    }
    let first = try #require(DoseThreshold(blocks: blocks, doses: doses, seed: 9))
    #expect(first == DoseThreshold(blocks: blocks, doses: doses, seed: 9))
    #expect(first.covers(first.dose))
  }

  @Test func trendOfTwoDosesInBlocksIsMcNemars() throws {
    let blocks: [[DoseCount]] = [(1, 0), (0, 1), (1, 1), (0, 0), (0, 1), (0, 1)].map {
      [DoseCount(dose: 0, trials: 1, violations: $0.0), DoseCount(dose: 5, trials: 1, violations: $0.1)]
    }
    // (b - c) / sqrt(b + c) with b = 3, c = 1.
    #expect(abs(try #require(TrendTest(blocks)).z - 1) < 1e-12)
  }

  @Test func noTrendIsFoundWhereNothingOrAllViolates() {
    #expect(TrendTest([]) == nil)
    #expect(TrendTest([doses.map { DoseCount(dose: $0, trials: 25, violations: 0) }]) == nil)
    #expect(TrendTest([doses.map { DoseCount(dose: $0, trials: 25, violations: 25) }]) == nil)
  }
}
