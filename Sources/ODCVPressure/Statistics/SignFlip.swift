/// A p-value; `error` is the Monte-Carlo standard error, 0 when it is exact.
struct PValue: Codable, Equatable, Sendable {
  var value: Double
  var error: Double
}

/// Which effects a test is to find.
enum Alternative: String, Codable, Sendable {
  case twoSided = "two_sided"
  case greater
}

/// The sign-flip permutation test: under "no effect in any cluster" each cluster's mean difference is as likely as its
/// negative (Fisher 1935, section 21). All assignments up to twenty clusters, seeded draws above.
enum SignFlip {
  /// Above 2^20 assignments are drawn.
  static let exactClusters = 20

  /// Drawn p-values count the observed assignment as one of the draws, so they are valid and never 0 (Phipson and Smyth
  /// 2010).
  static func test(
    _ values: [Double], alternative: Alternative = .twoSided, draws: Int = 99_999, seed: UInt64 = 1
  ) -> PValue {
    precondition(!values.isEmpty && draws > 0)
    let sums = FlippedSums(values)
    let observed = values.reduce(0, +)
    let scale = values.reduce(0) { $0 + abs($1) }
    // Sums of the same values in another order differ in the last bits; those ties count.
    let threshold = (alternative == .twoSided ? abs(observed) : observed) - 1e-12 * max(1, scale)
    func reaches(_ sum: Double) -> Bool {
      switch alternative {
      case .twoSided: abs(sum) >= threshold
      case .greater: sum >= threshold
      }
    }
    var atLeast = 0
    if values.count <= exactClusters {
      let all = 1 << values.count
      for signs in 0..<all where reaches(sums.sum { _ in UInt64(signs) }) { atLeast += 1 }
      return PValue(value: Double(atLeast) / Double(all), error: 0)
    }
    var numbers = RandomNumbers(seed: seed)
    for _ in 0..<draws where reaches(sums.sum { _ in numbers.next() }) { atLeast += 1 }
    let p = Double(atLeast + 1) / Double(draws + 1)
    return PValue(value: p, error: (p * (1 - p) / Double(draws)).squareRoot())
  }
}

/// Sums under any signs, eight values at a time from tables.
private struct FlippedSums {
  private var tables: [Double] = []
  private let groups: Int

  init(_ values: [Double]) {
    groups = (values.count + 7) / 8
    for group in 0..<groups {
      let part = values[(group * 8)..<min(values.count, group * 8 + 8)]
      for signs in 0..<256 {
        var sum = 0.0
        for (index, value) in part.enumerated() { sum += signs >> index & 1 == 0 ? value : -value }
        tables.append(sum)
      }
    }
  }

  /// `word`: 64 signs, asked for once for each 64 values.
  func sum(_ word: (Int) -> UInt64) -> Double {
    var sum = 0.0
    var signs: UInt64 = 0
    for group in 0..<groups {
      signs = group % 8 == 0 ? word(group / 8) : signs >> 8
      sum += tables[group * 256 + Int(signs & 255)]
    }
    return sum
  }
}
