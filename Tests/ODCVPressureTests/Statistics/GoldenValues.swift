import Foundation

/// SciPy's numbers of the newer statistics, made by Tests/oracles/statistics_oracle.py.
struct GoldenValues: Decodable {
  struct Gamma: Decodable {
    struct Lower: Decodable { var a, x, value: Double }
    struct Inverse: Decodable { var a, p, value: Double }
    var lower: [Lower]
    var inverse: [Inverse]
  }
  struct EValue: Decodable {
    var b, c: Int
    var concentration, two_sided, one_sided: Double
  }
  struct Sequence: Decodable {
    var alpha, tightest, boundary: Double
    var discordant: Int
  }
  struct Adjusted: Decodable { var values, adjusted: [Double] }
  struct Equivalences: Decodable {
    struct Pairs: Decodable {
      var n, b, c: Int
      var margin, p: Double
    }
    struct Clusters: Decodable {
      var means: [Double]
      var margin, p: Double
    }
    var pairs: [Pairs]
    var clusters: [Clusters]
  }
  struct Trend: Decodable {
    /// Strata of dose, trials, violations.
    var strata: [[[Double]]]
    var z, p, rising: Double
  }
  struct Isotonic: Decodable { var values, weights, fit: [Double] }
  struct Power: Decodable {
    var pairs: Int
    var comparison, condition, coupling, power: Double
  }
  struct UpperBound: Decodable {
    var k, n: Int
    var confidence, value: Double
  }
  struct Poisson: Decodable {
    var observed: Int
    var expected: Double
    var interval: [Double]
  }
  var gamma: Gamma
  var e_value: [EValue]
  var sequence: [Sequence]
  var benjamini_hochberg: [Adjusted]
  var equivalence: Equivalences
  var trend: [Trend]
  var isotonic: [Isotonic]
  var power: [Power]
  var upper_bound: [UpperBound]
  var poisson: [Poisson]

  static func load() throws -> GoldenValues {
    let file = URL(filePath: Repository.root).appending(path: "Tests/oracles/statistics.json")
    return try JSONDecoder().decode(GoldenValues.self, from: Data(contentsOf: file))
  }

  /// Within 1e-9, of the value or of one thousandth of it absolutely.
  static func agrees(_ a: Double, _ b: Double) -> Bool { abs(a - b) <= 1e-9 * max(1e-3, abs(b)) }
}

extension Double {
  func agrees(_ golden: Double) -> Bool { GoldenValues.agrees(self, golden) }
}
