import Testing

@testable import ODCVSim

/// The oracle's distances against a search that shares nothing with them: nested golden sections over the axes.
@Suite struct DistanceTests {
  /// Least value of a convex function on 0...1.
  private static func least(_ f: (Double) -> Double) -> Double {
    let ratio = 0.618_033_988_749_894_9
    var (low, high) = (0.0, 1.0)
    for _ in 0..<80 {
      let a = high - ratio * (high - low)
      let b = low + ratio * (high - low)
      if f(a) < f(b) { high = b } else { low = a }
    }
    return min(f(0), f(1), f(0.5 * (low + high)))
  }

  private static func vector(_ random: inout Generator, _ size: Double) -> Vector {
    Vector(random.uniform(-size...size), random.uniform(-size...size), random.uniform(-size...size))
  }

  @Test func `capsule to capsule agrees with a nested search`() {
    var random = Generator(seed: 1, stream: 1)
    for round in 0..<400 {
      let p = SimCapsule(a: Self.vector(&random, 1), b: Self.vector(&random, 1), radius: random.uniform(0.01...0.2))
      var q = SimCapsule(a: Self.vector(&random, 1), b: Self.vector(&random, 1), radius: random.uniform(0.01...0.2))
      if round % 10 == 0 { q.b = q.a }
      if round % 10 == 1 { q.b = q.a + (p.b - p.a) }
      let searched = Self.least { s in
        let x = p.a + (p.b - p.a) * s
        return Self.least { t in length(x - q.a - (q.b - q.a) * t) }
      }
      let found = Distance.between(p, q)
      #expect(abs(found.distance - (searched - p.radius - q.radius)) < 1e-6)
      #expect(abs(length(found.onP - found.onQ) - p.radius - q.radius - found.distance) < 1e-12)
    }
  }

  @Test func `capsule to box agrees with a search along the axis`() {
    var random = Generator(seed: 2, stream: 1)
    for round in 0..<3000 {
      var capsule = SimCapsule(
        a: Self.vector(&random, 1), b: Self.vector(&random, 1), radius: random.uniform(0.01...0.1))
      if round % 10 == 0 { capsule.b = capsule.a }
      if round % 10 == 1 { capsule.b = capsule.a + Vector(0, 0, 0.4) }
      let box = SimBox(
        center: Self.vector(&random, 0.5),
        halfExtents: Vector(random.uniform(0.01...0.4), random.uniform(0.01...0.4), random.uniform(0.01...0.4)))
      let searched = Self.least { box.distance(capsule.a + (capsule.b - capsule.a) * $0) } - capsule.radius
      let found = Distance.between(capsule, box)
      #expect(abs(found - searched) < 1e-6)
      #expect(Distance.lowerBound(capsule, box) <= found + 1e-12)
    }
  }
}
