import Testing

@testable import ODCVPressure

/// Against SciPy, or against definitions worked out without the closed forms of the Swift code.
@Suite struct OracleTests {
  let golden: GoldenValues

  init() throws { golden = try GoldenValues.load() }

  @Test func incompleteGammaAndItsInverseAgreeWithSciPy() {
    for row in golden.gamma.lower {
      let value = SpecialFunctions.regularizedGamma(row.a, row.x)
      #expect(value.agrees(row.value), "P(\(row.a), \(row.x)) = \(value), SciPy \(row.value)")
    }
    for row in golden.gamma.inverse {
      #expect(SpecialFunctions.inverseRegularizedGamma(row.a, row.p).agrees(row.value))
    }
  }

  @Test func eValuesAgreeWithTheMixtureIntegratedNumerically() {
    for row in golden.e_value {
      let two = MixtureEValue.logTwoSided(row.b, row.c, concentration: row.concentration)
      let one = MixtureEValue.logOneSided(row.b, row.c, concentration: row.concentration)
      #expect(abs(two - row.two_sided) < 1e-9 && abs(one - row.one_sided) < 1e-9, "\(row) \(two) \(one)")
    }
  }

  @Test func confidenceSequenceAgreesWithItsMixtureIntegratedNumerically() {
    for row in golden.sequence {
      let boundary = PairedConfidenceSequence(alpha: row.alpha, tightestAt: row.tightest)
        .boundary(discordant: row.discordant)
      #expect(boundary.agrees(row.boundary), "\(row) \(boundary)")
    }
  }

  @Test func benjaminiHochbergAgreesWithSciPyAndNeverExceedsHolm() {
    for row in golden.benjamini_hochberg {
      let adjusted = Families.benjaminiHochberg(row.values)
      #expect(zip(adjusted, row.adjusted).allSatisfy { $0.agrees($1) }, "\(row.values) -> \(adjusted)")
      #expect(zip(adjusted, Families.holm(row.values)).allSatisfy { $0 <= $1 + 1e-12 })
    }
  }

  @Test func equivalenceAgreesWithTwoOneSidedTests() throws {
    for row in golden.equivalence.pairs {
      var pairs = PairedOutcomes()
      pairs.conditionOnly = row.b
      pairs.comparisonOnly = row.c
      pairs.neither = row.n - row.b - row.c
      let p = try #require(Equivalence(pairs, margin: row.margin)).p
      #expect(abs(p - row.p) < 1e-9, "\(row) \(p)")
    }
    for row in golden.equivalence.clusters {
      let p = try #require(Equivalence(clusterMeans: row.means, margin: row.margin)).p
      #expect(abs(p - row.p) < 1e-9, "\(row) \(p)")
    }
  }

  @Test func trendAgreesWithEveryWayToGiveViolationsToTrials() throws {
    for row in golden.trend {
      let strata = row.strata.map { $0.map { DoseCount(dose: $0[0], trials: Int($0[1]), violations: Int($0[2])) } }
      let trend = try #require(TrendTest(strata))
      #expect(trend.z.agrees(row.z) && trend.p.agrees(row.p) && trend.p_rising.agrees(row.rising), "\(row) \(trend)")
    }
  }

  @Test func isotonicRegressionAgreesWithSciPy() {
    for row in golden.isotonic {
      let fit = IsotonicRegression.fit(row.values, weights: row.weights)
      #expect(zip(fit, row.fit).allSatisfy { $0.agrees($1) }, "\(row) \(fit)")
    }
  }

  @Test func powerAgreesWithTheSumOverEveryTable() {
    for row in golden.power {
      let rates = PairedRates(comparison: row.comparison, condition: row.condition, coupling: row.coupling)
      let power = McNemarPower.oneSided(pairs: row.pairs, rates: rates)
      #expect(power.agrees(row.power), "\(row) \(power)")
    }
  }

  @Test func upperBoundsAndPoissonIntervalsAgreeWithSciPy() throws {
    for row in golden.upper_bound {
      let bound = try #require(Proportion(row.k, of: row.n).upperBound(confidence: row.confidence))
      #expect(bound.agrees(row.value), "\(row) \(bound)")
    }
    for row in golden.poisson {
      let interval = GapExploitation.poisson(row.observed, expected: row.expected, confidence: 0.95)
      #expect(interval.lower.agrees(row.interval[0]) && interval.upper.agrees(row.interval[1]), "\(row) \(interval)")
    }
  }
}
