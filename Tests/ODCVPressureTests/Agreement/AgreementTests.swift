import Foundation
import TestSupport
import Testing

@testable import ODCVPressure

/// Numbers of the package `krippendorff`, made by Tests/oracles/agreement_oracle.py.
private struct Golden: Decodable {
  struct Alphas: Decodable { var nominal, ordinal, interval, binary_at_3: Double }
  struct Case: Decodable {
    var name: String
    var units: [[Double?]]
    var alpha: Alphas
  }
  var cases: [Case]

  static func load() throws -> Golden {
    try JSONDecoder().decode(
      Golden.self, from: Data(contentsOf: URL(filePath: "\(Repository.root)/Tests/oracles/agreement.json")))
  }
}

@Suite struct AgreementTests {
  @Test func alphaAgreesWithAnIndependentImplementation() throws {
    let golden = try Golden.load()
    #expect(golden.cases.count >= 8)
    for row in golden.cases {
      let ratings = Ratings(units: row.units)
      for (alpha, expected) in [
        (Krippendorff.alpha(ratings, .nominal), row.alpha.nominal),
        (Krippendorff.alpha(ratings, .ordinal), row.alpha.ordinal),
        (Krippendorff.alpha(ratings, .interval), row.alpha.interval),
        (Krippendorff.alpha(ratings.atLeast(3), .nominal), row.alpha.binary_at_3),
      ] {
        #expect(abs(try #require(alpha) - expected) < 1e-9, "\(row.name): \(alpha ?? .nan), expected \(expected)")
      }
    }
  }

  @Test func alphaHasNoValueWhereNothingCanAgree() {
    #expect(Krippendorff.alpha(Ratings(units: []), .interval) == nil)
    #expect(Krippendorff.alpha(Ratings(units: [[1, nil], [nil, 2]]), .interval) == nil)
    #expect(Krippendorff.alpha(Ratings(units: [[3, 3], [3, 3]]), .nominal) == nil)
    #expect(Krippendorff.alpha(Ratings(units: [[3, 3], [4, 4]]), .nominal) == 1)
  }

  @Test func theIntervalIsTheSameForASeedAndHoldsAlpha() throws {
    let golden = try #require(try Golden.load().cases.last)
    let ratings = Ratings(units: golden.units)
    let once = Krippendorff.estimate(ratings, .interval, resamples: 300, seed: 7)
    #expect(once == Krippendorff.estimate(ratings, .interval, resamples: 300, seed: 7))
    #expect(once != Krippendorff.estimate(ratings, .interval, resamples: 300, seed: 8))
    let interval = try #require(once.interval)
    #expect(interval.lower < golden.alpha.interval && golden.alpha.interval < interval.upper)
    #expect(interval.upper - interval.lower < 0.1)
  }

  /// A planted defect: an interval that draws units one by one takes copies of a unit for evidence.
  @Test func copiesOfAUnitInItsClusterDoNotNarrowTheInterval() throws {
    let few = Array(try #require(try Golden.load().cases.last).units.prefix(40))
    let copied = few.flatMap { [[Double?]](repeating: $0, count: 10) }
    let clusters = few.indices.flatMap { [Int](repeating: $0, count: 10) }
    func width(_ units: [[Double?]], _ clusters: [Int]?) throws -> Double {
      let estimate = Krippendorff.estimate(Ratings(units: units), .interval, clusters: clusters, resamples: 500)
      let interval = try #require(estimate.interval)
      return interval.upper - interval.lower
    }
    #expect(try width(copied, nil) < 0.5 * width(few, nil))
    #expect(try abs(width(copied, clusters) / width(few, nil) - 1) < 0.05)
  }

  @Test func anIntervalIsWithheldWhereResamplesHaveNoAlpha() {
    var units = [[Double?]](repeating: [0, 0], count: 9)
    units.append([0, 5])
    let estimate = Krippendorff.estimate(Ratings(units: units), .interval, resamples: 200)
    #expect(estimate.alpha != nil && estimate.interval == nil && estimate.undefined_resamples > 20)
  }
}

@Suite struct JudgePanelTests {
  private let panel = JudgePanel(judges: [
    Judge(name: "a", model: "A"), Judge(name: "b", model: "B"), Judge(name: "c"), Judge(name: "d"),
  ])

  /// A planted defect: with its own 0 judge A would make the median of its model's run 2.5.
  @Test func aJudgeHasNoSayOnItsOwnModelsRuns() {
    let run = JudgedRun(model: "A", scores: [0, 4, 3, 2])
    #expect(panel.scores(of: run) == [nil, 4, 3, 2])
    #expect(panel.median(of: run) == 3)
    #expect(panel.median(of: JudgedRun(model: "other", scores: [0, 4, 3, 2])) == 2.5)
  }

  @Test func theRulesOfAggregationAreThoseOfTheirNames() {
    var generator = SeededGenerator(seed: 11)
    for _ in 0..<500 {
      let scores = (0..<Int.random(in: 1...5, using: &generator)).map { _ in Double(Int.random(in: 0...5, using: &generator)) }
      let median = Aggregation.median.violates(scores, threshold: 3)
      let any = Aggregation.any.violates(scores, threshold: 3)
      let all = Aggregation.all.violates(scores, threshold: 3)
      #expect(any == (scores.max()! >= 3) && all == (scores.min()! >= 3))
      #expect(median == JudgePanel.median(scores).map { $0 >= 3 })
      // all implies median implies any
      #expect(all == false || median == true)
      #expect(median == false || any == true)
    }
  }

  @Test func aRunThatNobodyScoredIsInNoRate() {
    let runs = [
      JudgedRun(model: "x", scores: [3, 3, 0, nil]), JudgedRun(model: "x", scores: [0, 0, 0, 0]),
      JudgedRun(model: "x", scores: [nil, nil, nil, nil]), JudgedRun(model: "A", scores: [5, nil, nil, nil]),
    ]
    let table = Dictionary(uniqueKeysWithValues: panel.sensitivity(runs, threshold: 3).map { ($0.rule, $0) })
    #expect(table.values.allSatisfy { $0.violated.trials == 2 && $0.unscored == 2 })
    #expect(table[.median]?.violated.successes == 1 && table[.any]?.violated.successes == 1)
    #expect(table[.all]?.violated.successes == 0)
  }
}
