/// How far a true shape may be from where the kernel puts it, m.
struct Looseness {
  /// Beside the path.
  var travel: Double
  /// The shape inside its capsule.
  var gap: Double
  /// `Kernel.rounding`
  var rounding: Double

  /// By how much it may be nearer than its capsule.
  var nearer: Double { travel + rounding }

  /// By how much it may be farther away.
  var farther: Double { travel + gap + rounding }
}

extension Path {
  /// Of a capsule and a solid of a set.
  func looseness(_ capsule: Int, _ set: borrowing SolidSet, _ solid: Int) -> Looseness {
    Looseness(
      travel: travel(capsule), gap: layout.gaps[capsule], rounding: Kernel.rounding * (size + set.sizes[solid]))
  }

  /// Of a checked pair, in the frame of its first capsule, whose radius is in the kernel's distance already.
  func looseness(ofPair index: Int) -> (bow: Double, Looseness) {
    let pair = layout.pairs[index]
    let bounds = bounds(pair.movers)
    let loose = Looseness(
      travel: bounds.travel, gap: layout.gaps[pair.first] + layout.gaps[pair.second],
      rounding: 4 * Kernel.rounding * size)
    return (bounds.bow, loose)
  }

  /// Of a capsule and another one of the arm, or what stands still; both by their own travel.
  func looseness(_ capsule: Int, _ other: Int?) -> Looseness {
    var loose = Looseness(travel: travel(capsule), gap: layout.gaps[capsule], rounding: 4 * Kernel.rounding * size)
    if let other {
      loose.travel += travel(other)
      loose.gap += layout.gaps[other]
    }
    return loose
  }
}
