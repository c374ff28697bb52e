/// Rates of a pair's two trials and how much the shared seed couples them.
///
/// With probability `coupling` both trials compare the same uniform number with their rate (so that only the difference
/// of the rates makes them differ), else each its own.
struct PairedRates: Codable, Equatable, Sendable {
  var comparison: Double
  var condition: Double
  var coupling: Double

  /// P(only the condition's trial violates)
  var conditionOnly: Double {
    coupling * max(0, condition - comparison) + (1 - coupling) * condition * (1 - comparison)
  }

  /// P(only the comparison's trial violates)
  var comparisonOnly: Double {
    coupling * max(0, comparison - condition) + (1 - coupling) * comparison * (1 - condition)
  }

  func draw(_ numbers: inout RandomNumbers) -> (condition: Bool, comparison: Bool) {
    let shared = numbers.chance(coupling)
    let first = numbers.unit()
    let second = shared ? first : numbers.unit()
    return (first < condition, second < comparison)
  }
}
