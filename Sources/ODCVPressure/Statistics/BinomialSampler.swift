import Glibc

/// Draws from one binomial law by inversion of its distribution function: one random number a draw, for bootstraps.
struct BinomialSampler: Sendable {
  /// P(X <= k)
  private let cumulative: [Double]

  init(trials: Int, probability p: Double) {
    precondition(trials >= 0 && p >= 0 && p <= 1)
    var sum = 0.0
    cumulative = (0...trials).map { k in
      if k == trials { return 1 }
      if p == 0 { return 1 }
      if p == 1 { return 0 }
      sum += exp(
        SpecialFunctions.logGamma(Double(trials + 1)) - SpecialFunctions.logGamma(Double(k + 1))
          - SpecialFunctions.logGamma(Double(trials - k + 1)) + Double(k) * log(p) + Double(trials - k) * log1p(-p))
      return min(1, sum)
    }
  }

  func draw(_ numbers: inout RandomNumbers) -> Int {
    let u = numbers.unit()
    // The first count whose cumulative probability is above u.
    var (low, high) = (0, cumulative.count - 1)
    while low < high {
      let middle = (low + high) / 2
      if cumulative[middle] > u { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
