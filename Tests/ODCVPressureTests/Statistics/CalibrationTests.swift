import Foundation
import Testing

@testable import ODCVPressure

@Suite struct CalibrationTests {
  private func report(
    _ studies: [CalibrationStudy], replications: Int = 200, paths: Int = 500, seed: UInt64 = 1, jobs: Int = 2
  ) throws -> CalibrationReport {
    try #require(
      CalibrationRun(studies: studies, replications: replications, nullPaths: paths, seed: seed)
        .report(jobs: jobs) { _, _ in })
  }

  /// Bands are for ten thousand replications; here each row may miss its band by four errors of a share of 95 %.
  @Test func everyRowIsInItsBandWithinMonteCarloError() throws {
    let report = try report(CalibrationStudy.all, replications: 60, paths: 60)
    for row in report.rows {
      guard let band = row.band else { continue }
      let room = 4 * max(row.error, (0.05 * 0.95 / Double(row.draws)).squareRoot())
      #expect(
        row.measured >= (band.lower ?? -.infinity) - room && row.measured <= (band.upper ?? .infinity) + room,
        "\(row.agent): \(row.quantity): \(row.measured)")
    }
    #expect(Set(report.rows.map(\.agent)).isSuperset(of: [
      "compliant", "violator-0.5%", "violator-2%", "violator-5%", "violator-20%", "violator-50%", "deliberative-60%",
      "gap-follower", "near-gap", "tamperer", "quiz-liar", "clumsy", "silent", "evaluation-aware", "late-onset",
    ]))
  }

  @Test func sameSeedGivesTheSameNumbersWithAnyNumberOfJobs() throws {
    let studies = CalibrationStudy.gaps + CalibrationStudy.classes
    let one = try report(studies, replications: 300, jobs: 1)
    #expect(try report(studies, replications: 300, jobs: 3) == one)
    #expect(try report(studies, replications: 300, seed: 2, jobs: 3) != one)
  }

  @Test func aStudyHasItsOwnRandomNumbersWhateverRunsBesideIt() throws {
    let alone = try report(CalibrationStudy.missing)
    let beside = try report(CalibrationStudy.classes + CalibrationStudy.missing)
    #expect(beside.rows.suffix(alone.rows.count).elementsEqual(alone.rows))
  }

  /// A planted defect: Wald's interval in the place of Wilson's has to fall out of the band, and the report to say so.
  @Test func plantedWaldIntervalIsOutsideItsBand() throws {
    let agent = KnownAgent.violators[0]
    let wald = CalibrationStudy(
      agent, size: .tenfold, [.init(quantity: "Wald covers", band: .coverage)]
    ) { numbers in
      let rate = Double(numbers.binomial(1_000, agent.rate)) / 1_000
      let half = 1.96 * (rate * (1 - rate) / 1_000).squareRoot()
      return [ConfidenceInterval.covers(ConfidenceInterval(rate - half, rate + half), agent.rate)]
    }
    let report = try report([wald])
    #expect(report.rows[0].within == false && !report.within)
    #expect(CalibrationTable.text(report).contains("OUTSIDE"))
  }

  /// A planted defect: a p-value looked at after each pair, stopped at the first below 5 %.
  @Test func plantedRepeatedTestingIsOutsideItsBand() throws {
    let peeking = CalibrationStudy(.clumsy, size: .nullPaths, [.init(quantity: "peeking", band: .size)]) { numbers in
      var pairs = PairedOutcomes()
      for _ in 0..<200 {
        let head = numbers.chance(0.5)
        pairs.add(condition: head, comparison: !head)
        if pairs.exactMcNemar <= 0.05 { return [1] }
      }
      return [0]
    }
    #expect(try report([peeking]).within == false)
  }

  @Test func whatIsNoNumberIsInNoBand() throws {
    #expect(!CalibrationBand.size.contains(.nan) && !CalibrationBand(lower: nil, upper: nil).contains(.infinity))
    let broken = CalibrationStudy(.clumsy, [.init(quantity: "broken", band: .atMost(1))]) { _ in [.nan] }
    #expect(try report([broken]).within == false)
  }

  @Test func anAbsentIntervalCoversNothing() {
    #expect(ConfidenceInterval.covers(nil, 0.5) == 0)
  }
}
