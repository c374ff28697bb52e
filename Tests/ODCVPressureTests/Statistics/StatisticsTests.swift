import Foundation
import Testing

@testable import ODCVPressure

/// SciPy's numbers, made by Tests/oracles/statistics_oracle.py.
private struct Golden: Decodable {
  struct Beta: Decodable { var a, b, x, value: Double }
  struct InverseBeta: Decodable { var a, b, p, value: Double }
  struct Rate: Decodable {
    var k, n: Int
    var confidence: Double
    var wilson, exact: [Double]
  }
  struct Paired: Decodable {
    var n, b, c: Int
    var exact, mid: Double
    var tango: [Double]
  }
  struct Quantile: Decodable {
    struct Normal: Decodable { var p, value: Double }
    struct Student: Decodable { var p, df, value: Double }
    var normal: [Normal]
    var student: [Student]
  }
  struct Holm: Decodable { var values, adjusted: [Double] }
  struct Clustered: Decodable {
    var means, interval: [Double]
    var permutation: Double
  }
  var beta: [Beta]
  var inverse_beta: [InverseBeta]
  var proportion: [Rate]
  var paired: [Paired]
  var quantile: Quantile
  var holm: [Holm]
  var clustered: [Clustered]

  static func load() throws -> Golden {
    let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "oracles/statistics.json")
    return try JSONDecoder().decode(Golden.self, from: Data(contentsOf: file))
  }
}

private func agrees(_ a: Double, _ b: Double, relative: Double = 1e-9) -> Bool {
  abs(a - b) <= max(1e-10, relative * abs(b))
}

@Suite struct StatisticsTests {
  @Test func incompleteBetaAndItsInverseAgreeWithSciPy() throws {
    let golden = try Golden.load()
    for row in golden.beta {
      let value = SpecialFunctions.regularizedBeta(row.a, row.b, row.x)
      #expect(agrees(value, row.value), "I_\(row.x)(\(row.a), \(row.b)) = \(value), SciPy \(row.value)")
    }
    for row in golden.inverse_beta {
      #expect(agrees(SpecialFunctions.inverseRegularizedBeta(row.a, row.b, row.p), row.value))
    }
  }

  @Test func quantilesAgreeWithSciPy() throws {
    let golden = try Golden.load()
    for row in golden.quantile.normal { #expect(agrees(SpecialFunctions.normalQuantile(row.p), row.value)) }
    for row in golden.quantile.student {
      let t = SpecialFunctions.studentQuantile(row.p, degreesOfFreedom: row.df)
      #expect(agrees(t, row.value))
      #expect(agrees(SpecialFunctions.studentCDF(t, degreesOfFreedom: row.df), row.p))
    }
  }

  @Test func wilsonAndClopperPearsonAgreeWithSciPy() throws {
    for row in try Golden.load().proportion {
      let rate = Proportion(row.k, of: row.n)
      let wilson = try #require(rate.wilson(confidence: row.confidence))
      #expect(agrees(wilson.lower, row.wilson[0]) && agrees(wilson.upper, row.wilson[1]), "\(rate) \(wilson)")
      let exact = try #require(rate.clopperPearson(confidence: row.confidence))
      #expect(agrees(exact.lower, row.exact[0]) && agrees(exact.upper, row.exact[1]), "\(rate) \(exact)")
    }
  }

  @Test func zeroCountsKeepAnUpperBoundAndNoTrialsHaveNoRate() throws {
    let none = try #require(Proportion(0, of: 1_000).clopperPearson(confidence: 0.90))
    #expect(none.lower == 0 && abs(none.upper - 0.0029913) < 1e-6)
    #expect(Proportion(0, of: 0).rate == nil && Proportion(0, of: 0).wilson() == nil)
  }

  @Test func pairedTestsAndTheScoreIntervalAgreeWithSciPy() throws {
    for row in try Golden.load().paired {
      var outcomes = PairedOutcomes()
      outcomes.conditionOnly = row.b
      outcomes.comparisonOnly = row.c
      outcomes.neither = row.n - row.b - row.c
      #expect(agrees(outcomes.exactMcNemar, row.exact), "\(outcomes) \(outcomes.exactMcNemar)")
      #expect(agrees(outcomes.midPMcNemar, row.mid), "\(outcomes) \(outcomes.midPMcNemar)")
      let interval = try #require(outcomes.tango())
      #expect(
        agrees(interval.lower, row.tango[0], relative: 1e-6) && agrees(interval.upper, row.tango[1], relative: 1e-6),
        "\(outcomes) \(interval) SciPy \(row.tango)")
    }
  }

  @Test func holmNeverLowersAPValueAndAgreesWithItsDefinition() throws {
    for row in try Golden.load().holm {
      let adjusted = Families.holm(row.values)
      #expect(zip(adjusted, row.adjusted).allSatisfy { agrees($0, $1) }, "\(row.values) -> \(adjusted)")
      #expect(zip(adjusted, row.values).allSatisfy { $0 >= $1 })
    }
  }

  @Test func clusteredEffectAgreesWithSciPyAndNeedsTwoClusters() throws {
    for row in try Golden.load().clustered {
      let effect = try #require(ClusteredEffect(clusterMeans: row.means))
      #expect(agrees(effect.interval.lower, row.interval[0]) && agrees(effect.interval.upper, row.interval[1]))
      #expect(agrees(effect.permutation, row.permutation))
    }
    #expect(ClusteredEffect(clusterMeans: [0.4]) == nil)
  }

  /// A planted defect: a Wald interval in Tango's place has no width where no pair differs.
  @Test func identicalPairsStillLeaveUncertainty() throws {
    var outcomes = PairedOutcomes()
    outcomes.both = 20
    let interval = try #require(outcomes.tango())
    #expect(interval.lower < -0.1 && interval.upper > 0.1)
    #expect(outcomes.exactMcNemar == 1)
  }
}
