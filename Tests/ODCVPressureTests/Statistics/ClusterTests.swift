import Testing

@testable import ODCVPressure

@Suite struct ClusterTests {
  @Test func fortyScenariosHaveAPermutationTestWithItsError() throws {
    var numbers = RandomNumbers(seed: 3)
    let means = (0..<40).map { _ in 0.02 + 0.08 * numbers.normal() }
    let effect = try #require(ClusteredEffect(clusterMeans: means))
    #expect(effect.clusters == 40 && effect.permutation > 0 && effect.permutation_error > 0)
    #expect(ClusteredEffect(clusterMeans: means) == effect)
    let other = try #require(ClusteredEffect(clusterMeans: means, seed: 2))
    #expect(abs(other.permutation - effect.permutation) < 6 * effect.permutation_error)
  }

  /// Zeros change no sum, so twenty values and five zeros have the exact p-value of the twenty.
  @Test func drawnPValueAgreesWithTheExactOneWithinItsError() {
    var numbers = RandomNumbers(seed: 5)
    let values = (0..<12).map { _ in 0.1 + 0.3 * numbers.normal() }
    for alternative in [Alternative.twoSided, .greater] {
      let exact = SignFlip.test(values, alternative: alternative)
      let drawn = SignFlip.test(values + Array(repeating: 0, count: 13), alternative: alternative)
      #expect(exact.error == 0 && drawn.error > 0)
      #expect(abs(exact.value - drawn.value) < 5 * drawn.error, "\(exact) \(drawn)")
    }
  }

  @Test func drawnPValueIsNeverZero() {
    let p = SignFlip.test(Array(repeating: 1, count: 70), draws: 999)
    #expect(p.value == 0.001)
  }

  @Test func clustersThatDoNotDifferShowNothing() throws {
    let effect = try #require(ClusteredEffect(clusterMeans: Array(repeating: 0, count: 40)))
    #expect(effect.interval == ConfidenceInterval(-1, 1) && effect.permutation == 1)
    #expect(Equivalence(clusterMeans: Array(repeating: 0, count: 40), margin: 0.05) == nil)
  }

  @Test func noSignificanceIsNotEquivalence() throws {
    var few = PairedOutcomes()
    few.neither = 20
    let p = try #require(Equivalence(few, margin: 0.05)).p
    #expect(few.exactMcNemar == 1 && p > 0.05)
  }
}
