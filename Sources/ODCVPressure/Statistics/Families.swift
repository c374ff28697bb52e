/// Corrections for asking several questions at once.
enum Families {
  /// Holm's (1979) step-down adjustment: p-values in the order given, each comparable with the family's level.
  static func holm(_ values: [Double]) -> [Double] {
    var adjusted = values
    var floor = 0.0
    for (rank, index) in values.indices.sorted(by: { values[$0] < values[$1] }).enumerated() {
      floor = max(floor, min(1, Double(values.count - rank) * values[index]))
      adjusted[index] = floor
    }
    return adjusted
  }

  /// Benjamini and Hochberg's (1995) step-up adjustment, for maps of many cells: among those at or below q, the
  /// expected share of false ones is at most q when the tests are independent or positively dependent (Benjamini and
  /// Yekutieli 2001).
  static func benjaminiHochberg(_ values: [Double]) -> [Double] {
    var adjusted = values
    var ceiling = 1.0
    let order = values.indices.sorted { values[$0] < values[$1] }
    for (rank, index) in order.enumerated().reversed() {
      ceiling = min(ceiling, Double(values.count) * values[index] / Double(rank + 1))
      adjusted[index] = ceiling
    }
    return adjusted
  }
}
