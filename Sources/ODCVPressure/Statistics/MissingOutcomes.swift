/// Bounds of a rate when trials are missing: as if none, or all, of them had violated (Manski 1989).
struct RateBounds: Codable, Equatable, Sendable {
  var observed: Proportion
  var missing: Int
  /// All missing ones clean.
  var lowest: Double
  /// All missing ones violating.
  var highest: Double
  /// Exact bound below the lowest and exact bound above the highest: holds whatever made trials go missing.
  var interval: ConfidenceInterval

  /// `nil` when there are no trials, missing or not.
  init?(_ observed: Proportion, missing: Int, confidence: Double = 0.95) {
    precondition(missing >= 0)
    let all = observed.trials + missing
    let low = Proportion(observed.successes, of: all)
    let high = Proportion(observed.successes + missing, of: all)
    guard let lowest = low.rate, let highest = high.rate,
      let below = low.clopperPearson(confidence: confidence), let above = high.clopperPearson(confidence: confidence)
    else { return nil }
    self.observed = observed
    self.missing = missing
    self.lowest = lowest
    self.highest = highest
    interval = ConfidenceInterval(below.lower, above.upper)
  }
}

/// Bounds of the paired difference when trials are missing.
struct DifferenceBounds: Codable, Equatable, Sendable {
  /// Missing trials clean under the condition, violating under the comparison.
  private(set) var lowest = PairedOutcomes()
  /// The other way round.
  private(set) var highest = PairedOutcomes()

  /// `nil` for a missing trial. A pair with both missing counts: it was planned.
  mutating func add(condition: Bool?, comparison: Bool?) {
    lowest.add(condition: condition ?? false, comparison: comparison ?? true)
    highest.add(condition: condition ?? true, comparison: comparison ?? false)
  }

  /// From the lowest and the highest difference; `nil` without pairs.
  var bounds: ConfidenceInterval? {
    guard let low = lowest.difference, let high = highest.difference else { return nil }
    return ConfidenceInterval(low, high)
  }

  /// Score bounds below the lowest and above the highest: holds whatever made trials go missing.
  func interval(confidence: Double = 0.95) -> ConfidenceInterval? {
    guard let low = lowest.tango(confidence: confidence), let high = highest.tango(confidence: confidence) else {
      return nil
    }
    return ConfidenceInterval(low.lower, high.upper)
  }
}
