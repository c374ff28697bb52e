/// What bootstraps share: resamples come from a seed, so that a report can be made again to the last bit.
enum Bootstrap {
  static let resamples = 1_999

  /// Percentile interval (Efron 1979) of sorted resampled values, at ranks (B + 1) alpha / 2 as Davison and Hinkley (1997)
  /// have them.
  static func percentile(_ sorted: [Double], confidence: Double) -> ConfidenceInterval {
    precondition(!sorted.isEmpty)
    func rank(_ q: Double) -> Double {
      let position = Double(sorted.count + 1) * q - 1
      return sorted[max(0, min(sorted.count - 1, Int(position.rounded())))]
    }
    return ConfidenceInterval(rank((1 - confidence) / 2), rank((1 + confidence) / 2))
  }
}
