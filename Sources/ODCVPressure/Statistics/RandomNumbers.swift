import Glibc

/// Random numbers for bootstraps, permutations and simulations: SplitMix64 (Steele, Lea and Flood 2014).
///
/// The same seed and stream give the same numbers for ever, on every machine and with any number of threads.
struct RandomNumbers: RandomNumberGenerator, Sendable {
  private var state: UInt64

  /// `stream` separates the users of one seed (replications, tests), so that none shifts another's numbers.
  init(seed: UInt64, stream: UInt64 = 0) {
    state = Self.mixed(Self.mixed(seed) ^ Self.mixed(stream &+ 0x632B_E59B_D9B4_E019))
  }

  /// A stream by name (FNV-1a): what one user draws shifts no other's numbers.
  static func stream(named name: String) -> UInt64 {
    name.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
  }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    return Self.mixed(state)
  }

  /// Uniform in `0..<1`.
  mutating func unit() -> Double { Double(next() >> 11) * 0x1p-53 }

  /// Uniform in `0..<count`.
  mutating func index(_ count: Int) -> Int { min(count - 1, Int(unit() * Double(count))) }

  /// True with the probability given.
  mutating func chance(_ probability: Double) -> Bool { unit() < probability }

  /// Standard normal (Box and Muller 1958).
  mutating func normal() -> Double {
    (-2 * log(1 - unit())).squareRoot() * cos(2 * .pi * unit())
  }

  /// How many of `trials` independent ones come out true.
  mutating func binomial(_ trials: Int, _ probability: Double) -> Int {
    var count = 0
    for _ in 0..<trials where chance(probability) { count += 1 }
    return count
  }

  private static func mixed(_ value: UInt64) -> UInt64 {
    var z = value
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
