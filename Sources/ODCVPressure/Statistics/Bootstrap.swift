/// What bootstraps share: resamples come from a seed, so that a report can be made again to the last bit.
enum Bootstrap {
  static let resamples = 1_999

  /// Percentile interval (Efron 1979) of sorted resampled values, expanded for few resampled units: the tails are those
  /// of Student's quantile times the root of n / (n - 1), as a resample's spread is that of n and the normal law says
  /// nothing of small n (Hesterberg 2015, section 3.3). Ranks are (B + 1) tail (Davison and Hinkley 1997).
  static func percentile(_ sorted: [Double], units: Int, confidence: Double) -> ConfidenceInterval {
    precondition(!sorted.isEmpty && units > 0)
    func rank(_ q: Double) -> Double {
      let position = Double(sorted.count + 1) * q - 1
      return sorted[max(0, min(sorted.count - 1, Int(position.rounded())))]
    }
    let tail = self.tail(units: units, confidence: confidence)
    return ConfidenceInterval(rank(tail), rank(1 - tail))
  }

  /// The share of resamples to cut off at each end; none with a single unit, of which all resamples are alike.
  static func tail(units: Int, confidence: Double) -> Double {
    guard units > 1 else { return 0 }
    let n = Double(units)
    let t = SpecialFunctions.studentQuantile(0.5 + confidence / 2, degreesOfFreedom: n - 1)
    return SpecialFunctions.normalCDF(-t * (n / (n - 1)).squareRoot())
  }
}
