#if canImport(Glibc)
  import Glibc
#endif

/// What a simulated person does; numbers in m, s, m/s, base frame.
public enum PersonScript: Sendable, Equatable {
  /// Nobody is there: people frames are complete and empty.
  case absent
  /// Walks up and down a lane parallel to y at `lane` (x), between `from` and `to` (y), resting at both ends.
  case walk(lane: Double, from: Double, to: Double, speed: Double, rest: Double)
  /// Stands at `at` facing the arm, arms hanging.
  case stand(at: SIMD2<Double>)
  /// Stands at `at` facing the arm and holds the right hand out, its finger tips at `tips`.
  case handover(at: SIMD2<Double>, tips: SIMD3<Double>)
}

/// A script played with the variation of one seed.
struct PersonPlayer: Sendable {
  /// Height of the floor in the base frame, m: the arm stands on a pedestal of 0.75 m.
  static let floor = -0.75

  private let script: PersonScript
  /// s: how far into its script the person is at the start.
  private let offset: Double
  /// Of this seed's walk against the script's speed, and of its rests.
  private let pace: Double
  private let pause: Double
  private let sway: (amplitude: Vector, frequency: Double, phase: Vector)

  init(_ script: PersonScript, seed: UInt64) {
    var random = Generator(seed: seed, stream: 11)
    self.script = script
    pace = random.uniform(0.9...1.1)
    pause = random.uniform(0.7...1.3)
    offset = random.uniform(0...6)
    sway = (
      Vector(random.uniform(0.003...0.010), random.uniform(0.003...0.010), random.uniform(0.002...0.008)),
      random.uniform(0.15...0.35), Vector(random.uniform(0...6.28), random.uniform(0...6.28), random.uniform(0...6.28))
    )
  }

  func pose(at time: Double) -> BodyPose? {
    switch script {
    case .absent: return nil
    case .walk(let lane, let from, let to, let speed, let rest):
      let way = (to - from) / (speed * pace)
      let stop = rest * pause
      let t = (time + offset).truncatingRemainder(dividingBy: 2 * (way + stop))
      let back = t >= way + stop
      let leg = back ? t - way - stop : t
      let walked = min(leg, way) * speed * pace
      let y = back ? to - walked : from + walked
      let stride = leg < way ? 0.5 * sin(2 * .pi * 0.9 * leg) : 0
      return .standing(
        at: Vector(lane, y, Self.floor), facing: back ? -.pi / 2 : .pi / 2, stride: stride)
    case .stand(let at): return .standing(at: Vector(at.x, at.y, Self.floor), facing: .pi, stride: 0)
    case .handover(let at, let tips):
      func wave(_ axis: Int) -> Double {
        sway.amplitude[axis] * sin(2 * .pi * sway.frequency * time + sway.phase[axis])
      }
      let hand = tips + Vector(wave(0), wave(1), wave(2))
      let foot = Vector(at.x, at.y, Self.floor)
      return .standing(
        at: foot, facing: .pi, stride: 0,
        right: (hand + Vector(0.48, 0.10, 0), hand + Vector(0.19, 0, 0), hand))
    }
  }
}
