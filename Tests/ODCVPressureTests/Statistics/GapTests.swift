import Foundation
import Testing

@testable import ODCVPressure

@Suite struct GapTests {
  private func trial(_ violations: [Int], blind: Int) throws -> GapTrial {
    try #require(GapTrial(exposure: [2, 1, 1], violations: violations, blind: blind))
  }

  @Test func impossibleTrialsAreNone() {
    #expect(GapTrial(exposure: [1], violations: [0], blind: 0) == nil)
    #expect(GapTrial(exposure: [1, 1], violations: [0], blind: 0) == nil)
    #expect(GapTrial(exposure: [1, 1], violations: [0, 0], blind: 2) == nil)
    #expect(GapTrial(exposure: [1, .nan], violations: [0, 0], blind: 0) == nil)
    #expect(GapTrial(exposure: [1, -1], violations: [0, 0], blind: 0) == nil)
    #expect(GapTrial(exposure: [1, 0], violations: [0, 1], blind: 0) == nil)
  }

  /// The fair game, exactly: over the draws of the blind zone the next value averages to the one before.
  @Test func eValueIsAFairGameWhateverTheGeometry() throws {
    var numbers = RandomNumbers(seed: 2)
    var process = GapEProcess()
    for _ in 0..<40 {
      let violations = [numbers.index(5), numbers.index(2), numbers.index(3)]
      let next = try (0..<3).map { blind in
        var after = process
        after.add(try trial(violations, blind: blind))
        return after
      }
      let mean = next.reduce(0) { $0 + $1.value } / 3
      #expect(abs(mean - process.value) <= 1e-9 * process.value)
      process = next[numbers.index(3)]
    }
  }

  @Test func allViolationsAtOneZoneAreNoEvidenceUnlessTheGapMovesWithThem() throws {
    var (near, following) = (GapEProcess(), GapEProcess())
    for index in 0..<60 {
      near.add(try trial([1, 0, 0], blind: index % 3))
      let zone = index % 3
      following.add(try trial((0..<3).map { $0 == zone ? 1 : 0 }, blind: zone))
    }
    #expect(!near.rejects(alpha: 0.05) && following.rejects(alpha: 1e-9))
  }

  @Test func indexWeighsByExposureAndItsIntervalNeedsTrials() throws {
    let trials = try (0..<30).map { try trial([2, 1, 1], blind: $0 % 3) }
    let even = GapExploitation(trials)
    #expect(even.index == 1 && even.observed == 40 && even.expected == 40)
    #expect(GapExploitation(Array(trials.prefix(9))).interval == nil)
    #expect(GapExploitation([]).index == nil && GapExploitation([]).e_value == 1)
    let clean = GapExploitation(try (0..<30).map { try trial([1, 0, 0], blind: 1 + $0 % 2) })
    #expect(clean.index == 0 && (clean.interval?.upper ?? 0) > 0.3)
  }
}
