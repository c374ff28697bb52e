import Glibc

extension SpecialFunctions {
  /// P(a, x), the regularised lower incomplete gamma function, for a > 0 and x >= 0.
  ///
  /// Power series below a + 1, Lentz's continued fraction above (Abramowitz and Stegun 6.5.29 and 6.5.31).
  static func regularizedGamma(_ a: Double, _ x: Double) -> Double {
    precondition(a > 0 && x >= 0)
    if x == 0 { return 0 }
    let front = exp(a * log(x) - x - logGamma(a))
    if x < a + 1 {
      var (term, sum, k) = (1 / a, 1 / a, a)
      while term > sum * 1e-17 {
        k += 1
        term *= x / k
        sum += term
      }
      return front * sum
    }
    var b = x + 1 - a
    var c = 1e300
    var d = 1 / b
    var value = d
    for i in 1..<100_000 {
      let step = -Double(i) * (Double(i) - a)
      b += 2
      d = 1 / guarded(step * d + b)
      c = guarded(b + step / c)
      let factor = d * c
      value *= factor
      if abs(factor - 1) < 1e-16 { break }
    }
    return 1 - front * value
  }

  /// P(Z <= z) for a standard normal Z.
  static func normalCDF(_ z: Double) -> Double { 0.5 * erfc(-z / 2.0.squareRoot()) }

  /// The x with P(a, x) = p, 0 <= p < 1.
  static func inverseRegularizedGamma(_ a: Double, _ p: Double) -> Double {
    precondition(p >= 0 && p < 1)
    if p == 0 { return 0 }
    var high = a + 1
    while regularizedGamma(a, high) < p { high *= 2 }
    return bisect(0, high) { regularizedGamma(a, $0) < p }
  }

  private static func guarded(_ v: Double) -> Double { abs(v) < 1e-300 ? 1e-300 : v }
}
