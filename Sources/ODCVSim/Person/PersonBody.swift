/// A person's parts as moving bodies: each follows the script and recoils from contact by the spring-damper model.
struct PersonBody: Sendable {
  private let player: PersonPlayer
  /// How far each part is pushed from its scripted place, m, and how fast that changes.
  private var offset: [Vector]
  private var rate: [Vector]
  private(set) var capsules: [SimCapsule] = []
  private var before: [SimCapsule] = []
  private(set) var time = 0.0

  /// Muscles bring a pushed part back: natural frequency 2 Hz, well damped. The contact itself has the region's spring
  /// and mass, and a damping ratio of 0.1.
  private static let muscle = 2 * Double.pi * 2.0
  private static let contactDamping = 0.1

  init(_ script: PersonScript, seed: UInt64) {
    player = PersonPlayer(script, seed: seed)
    offset = [Vector](repeating: Vector(0, 0, 0), count: BodyPart.all.count)
    rate = offset
    place()
    before = capsules
  }

  private mutating func place() {
    guard let pose = player.pose(at: time) else {
      capsules = []
      return
    }
    capsules = pose.ends.indices.map { i in
      SimCapsule(a: pose.ends[i].a + offset[i], b: pose.ends[i].b + offset[i], radius: BodyPart.all[i].radius)
    }
  }

  /// Velocity of a part, m/s, over the last step.
  func velocity(of part: Int, dt: Double) -> Vector {
    guard before.count == capsules.count else { return Vector(0, 0, 0) }
    return ((capsules[part].a - before[part].a) + (capsules[part].b - before[part].b)) / (2 * dt)
  }

  /// Force on the part while something presses `depth` m into it and moves `approach` m/s further in.
  static func force(part: BodyPart, depth: Double, approach: Double) -> Double {
    guard depth > 0 else { return 0 }
    let damping = 2 * contactDamping * (part.stiffness * part.mass).squareRoot()
    return max(0, part.stiffness * depth + damping * approach)
  }

  /// One step of `dt` with the contact force on each part, N.
  mutating func step(_ dt: Double, forces: [Vector]) {
    guard !capsules.isEmpty else { return }
    before = capsules
    for i in offset.indices {
      let pull = offset[i] * (-Self.muscle * Self.muscle) - rate[i] * (2 * Self.muscle)
      rate[i] += (forces[i] / BodyPart.all[i].mass + pull) * dt
      offset[i] += rate[i] * dt
    }
    time += dt
    place()
  }
}
