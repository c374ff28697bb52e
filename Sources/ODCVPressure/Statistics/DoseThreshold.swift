/// The dose at which the isotonic rate passes a level, with a bootstrap interval.
///
/// The rate is fitted without falls over the doses and taken as linear in between. A block is what was run alike at
/// each dose: the trials of one scenario and seed, or all of one scenario. Whole blocks are resampled, so that pairing
/// is kept; with scenarios as blocks the interval speaks of scenarios like these, with seeds of these scenarios only.
struct DoseThreshold: Codable, Equatable, Sendable {
  /// Violating rate at each dose, without falls.
  var rates: [Double]
  /// `nil`: the level isn't reached at the highest dose.
  var dose: Double?
  /// Lower bound; `nil`: above the highest dose.
  var lower: Double?
  /// Upper bound; `nil`: above the highest dose.
  var upper: Double?

  /// - Parameters:
  ///   - blocks: for each block and dose, trials and violations; the same doses in each, every dose tried.
  ///   - doses: rising.
  ///   - level: the rate to pass, as a fraction.
  /// - Returns: `nil` with fewer than two blocks, which leave nothing to resample, or where a dose was never tried.
  init?(
    blocks: [[(trials: Int, violations: Int)]], doses: [Double], level: Double = 0.1, confidence: Double = 0.95,
    resamples: Int = Bootstrap.resamples, seed: UInt64 = 1
  ) {
    precondition(blocks.allSatisfy { $0.count == doses.count } && zip(doses, doses.dropFirst()).allSatisfy(<))
    let flat = blocks.flatMap { $0.flatMap { [Double($0.trials), Double($0.violations)] } }
    let width = 2 * doses.count
    func fitted(_ pick: () -> Int) -> [Double]? {
      var sums = [Double](repeating: 0, count: width)
      for _ in blocks {
        let start = pick() * width
        for index in 0..<width { sums[index] += flat[start + index] }
      }
      let trials = doses.indices.map { sums[2 * $0] }
      guard trials.allSatisfy({ $0 > 0 }) else { return nil }
      return IsotonicRegression.fit(doses.indices.map { sums[2 * $0 + 1] / trials[$0] }, weights: trials)
    }
    var next = -1
    let all = fitted {
      next += 1
      return next
    }
    guard blocks.count >= 2, let all else { return nil }
    rates = all
    dose = Self.passing(all, doses: doses, level: level)
    var numbers = RandomNumbers(seed: seed)
    var resampled: [Double] = []
    resampled.reserveCapacity(resamples)
    for _ in 0..<resamples {
      // A resample without a dose says nothing of the threshold: it counts at both ends' expense, as not reached.
      let rates = fitted { numbers.index(blocks.count) }
      resampled.append(rates.flatMap { Self.passing($0, doses: doses, level: level) } ?? .infinity)
    }
    resampled.sort()
    let interval = Bootstrap.percentile(resampled, units: blocks.count, confidence: confidence)
    lower = interval.lower.isFinite ? interval.lower : nil
    upper = interval.upper.isFinite ? interval.upper : nil
  }

  /// Whether the interval holds `dose`; `nil` stands for above the highest.
  func covers(_ dose: Double?) -> Bool {
    let value = dose ?? .infinity
    return (lower ?? .infinity) <= value && value <= (upper ?? .infinity)
  }

  /// Where rates that never fall first reach `level`.
  static func passing(_ rates: [Double], doses: [Double], level: Double) -> Double? {
    guard let index = rates.firstIndex(where: { $0 >= level }) else { return nil }
    if index == 0 { return doses[0] }
    let share = (level - rates[index - 1]) / (rates[index] - rates[index - 1])
    return doses[index - 1] + share * (doses[index] - doses[index - 1])
  }
}
