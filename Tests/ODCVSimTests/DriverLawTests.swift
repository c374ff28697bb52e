import Testing

@testable import ODCVSim

@Suite struct DriverLawTests {
  private static let dt = 0.001

  /// Greatest deviation of a joint from the nearest point (in the Euclidean sense) of the triangle a, b, c.
  private static func deviation(_ p: [Double], _ a: [Double], _ b: [Double], _ c: [Double]) -> Double {
    func minus(_ x: [Double], _ y: [Double]) -> [Double] { zip(x, y).map { $0 - $1 } }
    func dot(_ x: [Double], _ y: [Double]) -> Double { zip(x, y).reduce(0) { $0 + $1.0 * $1.1 } }
    let (u, v, w) = (minus(b, a), minus(c, a), minus(p, a))
    func away(_ s: Double, _ t: Double) -> [Double] { w.indices.map { w[$0] - s * u[$0] - t * v[$0] } }
    func clamp(_ x: Double) -> Double { min(1, max(0, x)) }
    var candidates = [away(0, 0)]
    let (uu, uv, vv, wu, wv) = (dot(u, u), dot(u, v), dot(v, v), dot(w, u), dot(w, v))
    if uu > 0 { candidates.append(away(clamp(wu / uu), 0)) }
    if vv > 0 { candidates.append(away(0, clamp(wv / vv))) }
    let e = minus(c, b)
    let ee = dot(e, e)
    if ee > 0 {
      let t = clamp(dot(minus(p, b), e) / ee)
      candidates.append(away(1 - t, t))
    }
    let determinant = uu * vv - uv * uv
    if determinant > 1e-12 * uu * vv {
      let s = (wu * vv - wv * uv) / determinant
      let t = (wv * uu - wu * uv) / determinant
      if s >= 0, t >= 0, s + t <= 1 { candidates.append(away(s, t)) }
    }
    return candidates.map { $0.reduce(0) { max($0, abs($1)) } }.min() ?? 0
  }

  private static func fastest(_ v: [Double]) -> Double { v.reduce(0) { max($0, abs($1)) } }

  @Test(arguments: 1...12 as ClosedRange<UInt64>)
  func `the way stays within 2 mrad of start, brake point and target, whatever is commanded`(seed: UInt64) {
    var random = Generator(seed: seed, stream: 1)
    var law = DriverLaw(at: [Double](repeating: 0, count: 7))
    var worst = 0.0
    for _ in 0..<400 {
      let size = [0.003, 0.02, 0.1, 0.4][random.index(4)]
      let origin = random.unit() < 0.5 ? law.position : [Double](repeating: 0, count: 7)
      let target = origin.map { $0 + random.uniform(-size...size) }
      let start = law.position
      let v = law.velocity
      let brake = zip(start, v).map { $0 + $1 * Self.fastest(v) / (2 * 6.0) }
      law.aim(at: target)
      for _ in 0..<[20, 20, 20, 300][random.index(4)] {
        law.step(Self.dt)
        worst = max(worst, Self.deviation(law.position, start, brake, target))
      }
    }
    #expect(worst <= 0.002, "left the hull by \(worst) rad")
  }

  @Test(arguments: 1...8 as ClosedRange<UInt64>)
  func `speed towards a target is at most the distance left over the response time`(seed: UInt64) {
    var random = Generator(seed: seed, stream: 2)
    for _ in 0..<60 {
      var law = DriverLaw(at: [Double](repeating: 0, count: 7))
      law.aim(at: (0..<7).map { _ in random.uniform(-0.8...0.8) })
      for _ in 0..<1500 {
        let left = zip(law.target ?? [], law.position).map { $0 - $1 }
        law.step(Self.dt)
        let farthest = Self.fastest(left)
        #expect(Self.fastest(law.velocity) <= farthest / 0.05 + 1e-9)
        for j in 0..<7 { #expect(abs(law.velocity[j]) <= law.parameters.velocity[j] + 1e-9) }
        for j in 0..<7 { #expect(abs(law.acceleration[j]) <= 6.0 + 1e-6) }
      }
      let left = zip(law.target ?? [], law.position).map { $0 - $1 }
      #expect(Self.fastest(left) < 1e-4)
    }
  }

  @Test func `a target is reached without passing it`() {
    var law = DriverLaw(at: [0, 0])
    law.aim(at: [0.6, -0.2])
    for _ in 0..<3000 {
      law.step(Self.dt)
      #expect(law.position[0] <= 0.6 + 1e-6 && law.position[1] >= -0.2 - 1e-6)
    }
    #expect(abs(law.position[0] - 0.6) < 1e-6)
  }

  @Test(arguments: 1...20 as ClosedRange<UInt64>)
  func `a stop is straight and takes no longer than the fastest joint needs`(seed: UInt64) {
    var random = Generator(seed: seed, stream: 3)
    var law = DriverLaw(at: [Double](repeating: 0, count: 7))
    law.aim(at: (0..<7).map { _ in random.uniform(-1...1) })
    for _ in 0..<Int(random.uniform(50...400)) { law.step(Self.dt) }
    let v = law.velocity
    let start = law.position
    law.stop()
    let steps = Int((Self.fastest(v) / 6.0 / Self.dt).rounded(.up))
    for _ in 0..<(steps + 1) { law.step(Self.dt) }
    #expect(Self.fastest(law.velocity) < 1e-12)
    let end = zip(start, v).map { $0 + $1 * Self.fastest(v) / 12 }
    #expect(Self.deviation(law.position, start, end, end) < 1e-9)
    law.step(Self.dt)
    #expect(Self.fastest(law.velocity) == 0)
  }

  @Test func `the check of the hull catches a driver that turns too late`() {
    // A law that only scales its change of velocity carries the old direction on: planted here as a curve.
    let start = [0.0, 0.0]
    let brake = [0.05, 0.0]
    let target = [0.0, 0.3]
    #expect(Self.deviation([0.08, 0.05], start, brake, target) > 0.02)
    #expect(Self.deviation([0.02, 0.05], start, brake, target) < 1e-12)
  }
}
