/// What sensors add to the truth, from the seed: bounded, so that a declared accuracy holds always.
struct MeasurementNoise {
  private var joints: Generator
  private var people: Generator

  init(seed: UInt64) {
    joints = Generator(seed: seed, stream: 1)
    people = Generator(seed: seed, stream: 2)
  }

  /// rad
  mutating func position() -> Double { joints.gaussian(sigma: 0.00005, bound: 0.00015) }
  /// rad/s
  mutating func velocity() -> Double { joints.gaussian(sigma: 0.0007, bound: 0.002) }
  /// m
  mutating func body() -> Vector {
    Vector(
      people.gaussian(sigma: 0.003, bound: 0.008), people.gaussian(sigma: 0.003, bound: 0.008),
      people.gaussian(sigma: 0.003, bound: 0.008))
  }
}
