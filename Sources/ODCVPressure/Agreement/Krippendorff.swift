/// Ratings of the same units by several raters, some of them missing.
struct Ratings: Equatable, Sendable {
  /// One row per unit with one place per rater; `nil` where that rater gave none.
  var units: [[Double?]]

  /// Yes or no at a threshold (1 from it upwards, else 0); what is missing stays missing.
  func atLeast(_ threshold: Double) -> Ratings {
    Ratings(units: units.map { $0.map { $0.map { $0 >= threshold ? 1 : 0 } } })
  }

  /// Units with two ratings or more: only these can show agreement.
  var pairable: [[Double]] { units.map { $0.compactMap(\.self) }.filter { $0.count > 1 } }
}

/// Krippendorff's alpha, agreement corrected for chance: 1 when all raters agree, 0 when they agree as chance would have it.
///
/// By the coincidence matrix (Krippendorff 2011, "Computing Krippendorff's alpha-reliability"): each pair of ratings of one
/// unit counts 1 / (ratings of that unit - 1), so missing ratings need no filling in.
enum Krippendorff {
  /// How far apart two values are.
  enum Metric: String, Codable, Sendable, CaseIterable {
    /// The same or not.
    case nominal
    /// By the number of ratings between them.
    case ordinal
    /// By their squared difference.
    case interval
  }

  /// `nil` when no unit has two ratings, or when all pairable ratings are one value: agreement by chance is then complete.
  static func alpha(_ ratings: Ratings, _ metric: Metric) -> Double? {
    Coincidences(ratings.pairable).alpha(metric)
  }
}

/// How often each two values met in one unit.
struct Coincidences {
  /// Rising; every value that may occur.
  private let values: [Double]
  /// Row-major over `values`.
  private var counts: [Double]

  init(_ units: [[Double]]) { self.init(units, over: Set(units.joined()).sorted()) }

  /// - Parameter values: rising, and holding every rating.
  init(_ units: [[Double]], over values: [Double]) {
    self.values = values
    counts = [Double](repeating: 0, count: values.count * values.count)
    let places = Dictionary(uniqueKeysWithValues: zip(values, values.indices))
    for unit in units where unit.count > 1 { add(unit.compactMap { places[$0] }) }
  }

  private mutating func add(_ unit: [Int]) {
    let weight = 1 / Double(unit.count - 1)
    for (i, a) in unit.enumerated() {
      for (j, b) in unit.enumerated() where i != j { counts[a * values.count + b] += weight }
    }
  }

  /// Adds those of other units over the same values.
  mutating func add(_ other: Coincidences) {
    precondition(values.count == other.values.count)
    for index in counts.indices { counts[index] += other.counts[index] }
  }

  func alpha(_ metric: Krippendorff.Metric) -> Double? {
    let k = values.count
    let totals = (0..<k).map { row in (0..<k).reduce(0) { $0 + counts[row * k + $1] } }
    let all = totals.reduce(0, +)
    var (observed, expected) = (0.0, 0.0)
    for a in 0..<k {
      for b in (a + 1)..<k {
        let distance = squaredDistance(a, b, totals, metric)
        observed += counts[a * k + b] * distance
        expected += totals[a] * totals[b] * distance
      }
    }
    return expected > 0 ? 1 - (all - 1) * observed / expected : nil
  }

  private func squaredDistance(_ a: Int, _ b: Int, _ totals: [Double], _ metric: Krippendorff.Metric) -> Double {
    switch metric {
    case .nominal: return 1
    case .interval: return (values[a] - values[b]) * (values[a] - values[b])
    case .ordinal:
      let between = totals[a...b].reduce(0, +) - (totals[a] + totals[b]) / 2
      return between * between
    }
  }
}
