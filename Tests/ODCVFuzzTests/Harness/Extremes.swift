/// Numbers that break arithmetic, or that it must not mistake for ordinary ones.
enum Extremes {
  static let doubles: [Double] = [
    .nan, .infinity, -.infinity, 0, -0.0, 1, -1, .greatestFiniteMagnitude, -.greatestFiniteMagnitude,
    .leastNonzeroMagnitude, .leastNormalMagnitude, 1e300, -1e300, 1e154, 1e39, 1e19, -1e19, 1e9, 1e6, 1000, -1000, 100, 10,
    3.2, -3.2, 0.5, -0.5, 0.1, 0.01, 1e-3, 1e-6, 1e-9, 1e-300, Double(Int64.max), Double(Int64.min), 0x1p53,
  ]

  static let integers: [UInt64] = [
    0, 1, 2, 3, 4, 5, 8, 10, 16, 31, 32, 63, 64, 65, 100, 127, 128, 255, 256, 1 << 16, 1 << 31, (1 << 31) - 1, 1 << 32,
    (1 << 32) - 1, 1 << 53, 1 << 62, 1 << 63, (1 << 63) - 1, .max, .max - 1, 20_000_000, 1_000_000_000,
    3_600_000_000_000, 3_600_000_000_001,
  ]

  /// How time goes on, ns: none, a control period, longer than anything may be old, further than a clock goes, and back, as a
  /// recording that was written by somebody else may have it.
  static let times: [Int64] = [
    0, 1, 1_000, 1_000_000, 5_000_000, 20_000_000, 20_000_000, 20_000_000, 21_000_000, 50_000_000, 99_000_000, 100_000_000,
    150_000_000, 199_000_000, 250_000_000, 500_000_000, 1_000_000_000, 2_000_000_000, 10_000_000_000, 3_600_000_000_000,
    86_400_000_000_000, 1 << 53, 1 << 62, .max, -1, -1_000_000, -20_000_000, -1_000_000_000, -3_600_000_000_000,
    -(1 << 62), .min,
  ]
}
