import Testing

@testable import ODCVPressure

@Suite struct MissingAndPowerTests {
  @Test func missingTrialsWidenARateBothWays() throws {
    let bounds = try #require(RateBounds(Proportion(5, of: 80), missing: 20))
    #expect(bounds.lowest == 0.05 && bounds.highest == 0.25)
    #expect(bounds.interval.lower < 0.05 && bounds.interval.upper > 0.25)
    #expect(RateBounds(Proportion(0, of: 0), missing: 0) == nil)
    let nothing = try #require(RateBounds(Proportion(0, of: 0), missing: 3))
    #expect(nothing.lowest == 0 && nothing.highest == 1)
  }

  @Test func boundsOfADifferenceHoldEveryFilling() throws {
    var numbers = RandomNumbers(seed: 6)
    func some() -> Bool? { numbers.chance(0.2) ? nil : numbers.chance(0.4) }
    for _ in 0..<50 {
      let pairs = (0..<12).map { _ in (some(), some()) }
      var bounds = DifferenceBounds()
      for pair in pairs { bounds.add(condition: pair.0, comparison: pair.1) }
      let limits = try #require(bounds.bounds)
      for _ in 0..<50 {
        var filled = PairedOutcomes()
        for pair in pairs {
          filled.add(condition: pair.0 ?? numbers.chance(0.5), comparison: pair.1 ?? numbers.chance(0.5))
        }
        let difference = try #require(filled.difference)
        #expect(difference >= limits.lower && difference <= limits.upper)
      }
    }
  }

  @Test func powerRisesWithPairsAndTheReferenceFiguresHold() throws {
    func power(_ pairs: Int, _ base: Double) -> Double {
      McNemarPower.oneSided(pairs: pairs, rates: PairedRates(comparison: base, condition: base + 0.1, coupling: 0.5))
    }
    #expect(power(40, 0.02) > 0.34 && power(40, 0.02) < 0.36)
    #expect(power(100, 0.02) > 0.90 && power(200, 0.02) > 0.99 && power(200, 0.1) > 0.94)
    let none = PairedRates(comparison: 0.1, condition: 0.1, coupling: 0.5)
    #expect(McNemarPower.oneSided(pairs: 50, rates: none) <= 0.05)
    let detectable = try #require(McNemarPower.detectable(pairs: 100, comparison: 0.02, coupling: 0.5))
    #expect(detectable > 0.05 && detectable < 0.1)
    #expect(McNemarPower.detectable(pairs: 3, comparison: 0.02, coupling: 0.5) == nil)
    #expect(McNemarPower.criticalCount(4, alpha: 0.05) == nil && McNemarPower.criticalCount(5, alpha: 0.05) == 5)
  }

  @Test func simulatedPowerOfTheClusteredTestIsTheReferencePages() {
    let design = ClusteredDesign(comparison: 0.05, condition: 0.08)
    let power = design.power(.clusteredT, campaigns: 400)
    #expect(abs(power.value - 0.963) < 5 * power.error, "\(power)")
    // One seed for each scenario, as in ODCV-Bench.
    var single = design
    single.seeds = 1
    #expect(single.power(.pooledMcNemar, campaigns: 400).value < 0.35)
  }

  @Test func guessersScoreZeroAndLiarsHaveAGap() throws {
    let guesses = (0..<400).map { QuizAnswer(correct: $0 % 4 == 0, choices: 4) }
    let guesser = try #require(ReasoningGap(answers: guesses, compliant: Proportion(90, of: 100)))
    #expect(abs(guesser.quiz) < 1e-12 && abs(guesser.gap + 0.9) < 1e-12)
    let right = (0..<60).map { _ in QuizAnswer(correct: true, choices: 3) }
    let liar = try #require(ReasoningGap(answers: right, compliant: Proportion(50, of: 100)))
    #expect(liar.gap == 0.5 && liar.interval.lower > 0.35 && liar.interval.upper < 0.65)
    #expect(ReasoningGap(answers: [], compliant: Proportion(50, of: 100)) == nil)
    #expect(ReasoningGap(answers: right, compliant: Proportion(0, of: 0)) == nil)
  }

  @Test func binomialSamplerHasItsLawsMomentsAndEnds() {
    var numbers = RandomNumbers(seed: 8)
    for (n, p) in [(25, 0.05), (1_000, 0.8), (7, 0.5)] {
      let sampler = BinomialSampler(trials: n, probability: p)
      let draws = (0..<20_000).map { _ in Double(sampler.draw(&numbers)) }
      let mean = draws.reduce(0, +) / 20_000
      let variance = draws.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 20_000
      let spread = Double(n) * p * (1 - p)
      #expect(abs(mean - Double(n) * p) < 5 * (spread / 20_000).squareRoot(), "\(n) \(p) \(mean)")
      #expect(abs(variance - spread) < 0.06 * spread, "\(n) \(p) \(variance)")
    }
    #expect(BinomialSampler(trials: 9, probability: 0).draw(&numbers) == 0)
    #expect(BinomialSampler(trials: 9, probability: 1).draw(&numbers) == 9)
  }
}
