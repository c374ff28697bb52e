/// Sine and cosine of `angle` in rad, the same bits on every machine.
///
/// The platform's libm differs between versions in the last bit; a verdict must not. The angle is reduced by multiples
/// of π/2 with π/2 in three parts of 33, 33 and 53 bits (Cody and Waite), then both are Taylor polynomials on [-π/4, π/4].
/// There the first term left out is below (π/4)^19/19! < 1e-19 for the sine and (π/4)^18/18! < 2.1e-18 for the cosine.
/// Error: at most 2e-16 for |angle| <= 1000, which the tests hold against the C library. A revolute joint never reaches
/// that angle; beyond it, and for values that are not numbers, both results are NaN and the caller's checks refuse them.
public func sineAndCosine(_ angle: Double) -> (sine: Double, cosine: Double) {
  guard abs(angle) <= 1000 else { return (.nan, .nan) }
  let quarterTurns = (angle * 0.636_619_772_367_581_3).rounded(.toNearestOrEven)
  // The three parts of π/2; products with up to 10 bits of quarter turns are exact for the first two.
  let r = ((angle - quarterTurns * 0x1.921fb5440p+0) - quarterTurns * 0x1.0b4611a60p-34)
    - quarterTurns * 0x1.3198a2e037073p-69
  let r2 = r * r
  let sine = r + r * r2 * sineTail(r2)
  let cosine = 1 - 0.5 * r2 + r2 * r2 * cosineTail(r2)
  switch Int(quarterTurns) & 3 {
  case 0: return (sine, cosine)
  case 1: return (cosine, -sine)
  case 2: return (-sine, -cosine)
  default: return (-cosine, sine)
  }
}

/// (sin r - r) / r^3 as a polynomial in r².
@inline(__always)
private func sineTail(_ r2: Double) -> Double {
  var p = 1 / 355_687_428_096_000.0
  p = p * r2 - 1 / 1_307_674_368_000.0
  p = p * r2 + 1 / 6_227_020_800.0
  p = p * r2 - 1 / 39_916_800.0
  p = p * r2 + 1 / 362_880.0
  p = p * r2 - 1 / 5_040.0
  p = p * r2 + 1 / 120.0
  return p * r2 - 1 / 6.0
}

/// (cos r - 1 + r²/2) / r^4 as a polynomial in r².
@inline(__always)
private func cosineTail(_ r2: Double) -> Double {
  var p = 1 / 20_922_789_888_000.0
  p = p * r2 - 1 / 87_178_291_200.0
  p = p * r2 + 1 / 479_001_600.0
  p = p * r2 - 1 / 3_628_800.0
  p = p * r2 + 1 / 40_320.0
  p = p * r2 - 1 / 720.0
  return p * r2 + 1 / 24.0
}
