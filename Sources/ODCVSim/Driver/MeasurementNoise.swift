/// What sensors add to the truth, from the seed: bounded, so that a declared accuracy holds always.
struct MeasurementNoise {
  private var joints: Generator
  private var people: Generator

  private let isLarge: Bool

  /// - Parameter isLarge: up to what config/ declares of the sensors, 0.2 mrad, 2.5 mrad/s and 2 cm
  init(seed: UInt64, isLarge: Bool = false) {
    self.isLarge = isLarge
    joints = Generator(seed: seed, stream: 1)
    people = Generator(seed: seed, stream: 2)
  }

  /// rad
  mutating func position() -> Double {
    isLarge ? joints.gaussian(sigma: 0.0001, bound: 0.00019) : joints.gaussian(sigma: 0.00005, bound: 0.00015)
  }
  /// rad/s
  mutating func velocity() -> Double {
    isLarge ? joints.gaussian(sigma: 0.0012, bound: 0.0024) : joints.gaussian(sigma: 0.0007, bound: 0.002)
  }
  /// m
  mutating func body() -> Vector {
    // Along each axis, so that the whole of it stays below 2 cm.
    let (sigma, bound) = isLarge ? (0.006, 0.011) : (0.003, 0.008)
    return Vector(
      people.gaussian(sigma: sigma, bound: bound), people.gaussian(sigma: sigma, bound: bound),
      people.gaussian(sigma: sigma, bound: bound))
  }
}
