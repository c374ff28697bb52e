#if canImport(Glibc)
  import Glibc
#endif

/// Random numbers from a seed: SplitMix64 (Steele, Lea, Flood 2014). The same seed gives the same numbers for ever.
struct Generator: Sendable {
  private var state: UInt64

  /// `stream` separates the users of one seed (noise, person, controller), so that none shifts another's numbers.
  init(seed: UInt64, stream: UInt64) {
    state = seed &* 0x9E37_79B9_7F4A_7C15 ^ stream &* 0xD1B5_4A32_D192_ED03
    _ = next()
    _ = next()
  }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// Uniform in `0..<1`.
  mutating func unit() -> Double { Double(next() >> 11) * 0x1p-53 }

  mutating func uniform(_ range: ClosedRange<Double>) -> Double {
    range.lowerBound + (range.upperBound - range.lowerBound) * unit()
  }

  /// Uniform in `0..<count`.
  mutating func index(_ count: Int) -> Int { min(count - 1, Int(unit() * Double(count))) }

  /// Gaussian with mean 0, cut at `bound` on both sides.
  mutating func gaussian(sigma: Double, bound: Double) -> Double {
    let u = 1 - unit()
    let value = sigma * (-2 * log(u)).squareRoot() * cos(2 * .pi * unit())
    return min(bound, max(-bound, value))
  }
}
