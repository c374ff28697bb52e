/// Alpha with what resampling says of its uncertainty.
struct AlphaEstimate: Codable, Equatable, Sendable {
  var metric: String
  /// Absent where it isn't defined.
  var alpha: Double?
  /// Percentile bootstrap over whole units; absent where alpha or too many resamples have none.
  var interval: ConfidenceInterval?
  /// Units with two ratings or more.
  var units: Int
  var resamples: Int
  /// Resamples with one value only, where alpha isn't defined: they are left out of the interval.
  var undefined_resamples: Int
}

extension Krippendorff {
  /// Alpha with a percentile interval: whole units, or whole clusters of units, are drawn with replacement.
  ///
  /// Units of one cluster (the runs of one scenario) are not independent, and an interval that draws units one by one is
  /// too narrow for them. Ratings that belong to one unit always stay together.
  ///
  /// - Parameter clusters: for each unit the cluster that it belongs to; `nil`: each is its own.
  static func estimate(
    _ ratings: Ratings, _ metric: Metric, clusters: [Int]? = nil, resamples: Int = 2_000, seed: UInt64 = 1,
    confidence: Double = 0.95, named name: String? = nil
  ) -> AlphaEstimate {
    precondition(clusters.map { $0.count == ratings.units.count } ?? true)
    var groups: [Int: [[Double]]] = [:]
    for (index, unit) in ratings.units.enumerated() {
      let rated = unit.compactMap(\.self)
      if rated.count > 1 { groups[clusters?[index] ?? index, default: []].append(rated) }
    }
    let scale = Set(groups.values.joined().joined()).sorted()
    let pools = groups.sorted { $0.key < $1.key }.map { Coincidences($0.value, over: scale) }
    var numbers = RandomNumbers(seed: seed)
    var values: [Double] = []
    for _ in 0..<(pools.count > 1 ? resamples : 0) {
      var drawn = Coincidences([], over: scale)
      for _ in pools { drawn.add(pools[numbers.index(pools.count)]) }
      if let alpha = drawn.alpha(metric) { values.append(alpha) }
    }
    values.sort()
    return AlphaEstimate(
      metric: name ?? metric.rawValue, alpha: alpha(ratings, metric),
      interval: interval(values, of: resamples, units: pools.count, confidence: confidence), units: ratings.pairable.count,
      resamples: resamples, undefined_resamples: resamples - values.count)
  }

  /// With a tenth of the resamples undefined the rest says nothing of the tails.
  private static func interval(_ sorted: [Double], of resamples: Int, units: Int, confidence: Double) -> ConfidenceInterval? {
    guard !sorted.isEmpty, sorted.count * 10 > resamples * 9 else { return nil }
    return Bootstrap.percentile(sorted, units: units, confidence: confidence)
  }
}
