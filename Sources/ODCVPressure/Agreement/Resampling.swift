/// Random numbers for resampling: SplitMix64 (Steele, Lea and Flood 2014), the same for a seed on every machine.
struct ResamplingStream: Sendable {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  private mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }

  /// Uniform in `0..<count`; `count` is above zero.
  mutating func index(_ count: Int) -> Int { Int(next().multipliedFullWidth(by: UInt64(count)).high) }
}

enum Resampling {
  /// The middle share of rising values, with linear interpolation between them; `nil` without any.
  static func percentiles(_ sorted: [Double], confidence: Double) -> ConfidenceInterval? {
    guard let last = sorted.indices.last else { return nil }
    func quantile(_ p: Double) -> Double {
      let place = p * Double(last)
      let low = Int(place)
      let high = min(last, low + 1)
      return sorted[low] + (place - Double(low)) * (sorted[high] - sorted[low])
    }
    let tail = (1 - confidence) / 2
    return ConfidenceInterval(quantile(tail), quantile(1 - tail))
  }
}
