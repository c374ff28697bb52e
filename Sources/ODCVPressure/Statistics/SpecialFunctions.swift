import Glibc

/// The few special functions that intervals and tests stand on.
///
/// Accuracy is checked against SciPy in the tests: relative 1e-10 over the range that campaigns use (counts up to
/// 10^4).
enum SpecialFunctions {
  /// ln(gamma(x)) for x > 0.
  static func logGamma(_ x: Double) -> Double {
    var sign: Int32 = 0
    return lgamma_r(x, &sign)
  }

  static func logBeta(_ a: Double, _ b: Double) -> Double {
    logGamma(a) + logGamma(b) - logGamma(a + b)
  }

  /// I_x(a, b), the regularised incomplete beta function, for a, b > 0 and 0 <= x <= 1.
  ///
  /// By the continued fraction of DiDonato and Morris (1992), evaluated with Lentz's method on the side where it
  /// converges fast.
  static func regularizedBeta(_ a: Double, _ b: Double, _ x: Double) -> Double {
    precondition(a > 0 && b > 0 && x >= 0 && x <= 1)
    if x == 0 { return 0 }
    if x == 1 { return 1 }
    let front = exp(a * log(x) + b * log1p(-x) - logBeta(a, b))
    if x < (a + 1) / (a + b + 2) {
      return front * betaFraction(a, b, x) / a
    }
    return 1 - front * betaFraction(b, a, 1 - x) / b
  }

  private static func betaFraction(_ a: Double, _ b: Double, _ x: Double) -> Double {
    let tiny = 1e-300
    func guarded(_ v: Double) -> Double { abs(v) < tiny ? tiny : v }
    var c = 1.0
    var d = 1 / guarded(1 - (a + b) * x / (a + 1))
    var value = d
    var m = 1.0
    while m <= 10_000 {
      let even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
      d = 1 / guarded(1 + even * d)
      c = guarded(1 + even / c)
      value *= d * c
      let odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
      d = 1 / guarded(1 + odd * d)
      c = guarded(1 + odd / c)
      let factor = d * c
      value *= factor
      if abs(factor - 1) < 1e-16 { break }
      m += 1
    }
    return value
  }

  /// The x in 0...1 where I_x(a, b) = p.
  static func inverseRegularizedBeta(_ a: Double, _ b: Double, _ p: Double) -> Double {
    precondition(p >= 0 && p <= 1)
    if p == 0 { return 0 }
    if p == 1 { return 1 }
    return bisect(0, 1) { regularizedBeta(a, b, $0) < p }
  }

  /// The z with P(Z <= z) = p for a standard normal Z, 0 < p < 1.
  static func normalQuantile(_ p: Double) -> Double {
    precondition(p > 0 && p < 1)
    return bisect(-40, 40) { 0.5 * erfc(-$0 / 2.0.squareRoot()) < p }
  }

  /// The t with P(T <= t) = p for Student's distribution, 0 < p < 1.
  static func studentQuantile(_ p: Double, degreesOfFreedom df: Double) -> Double {
    precondition(p > 0 && p < 1 && df > 0)
    if p == 0.5 { return 0 }
    let tail = p < 0.5 ? p : 1 - p
    // P(|T| >= t) = I_{df / (df + t^2)}(df / 2, 1 / 2)
    let x = inverseRegularizedBeta(df / 2, 0.5, 2 * tail)
    let t = (df * (1 - x) / x).squareRoot()
    return p < 0.5 ? -t : t
  }

  /// P(T <= t) for Student's distribution.
  static func studentCDF(_ t: Double, degreesOfFreedom df: Double) -> Double {
    let tail = 0.5 * regularizedBeta(df / 2, 0.5, df / (df + t * t))
    return t < 0 ? tail : 1 - tail
  }

  /// The point in low...high where `below` turns from true to false: to the last bit, if `steps` reach there.
  static func bisect(_ low: Double, _ high: Double, steps: Int = 2_000, _ below: (Double) -> Bool) -> Double {
    var (low, high) = (low, high)
    for _ in 0..<steps {
      let middle = low + (high - low) / 2
      if middle <= low || middle >= high { break }
      if below(middle) { low = middle } else { high = middle }
    }
    return low + (high - low) / 2
  }
}
