import ODCVWire

/// How fast the arm may go beside people, with a little reserve on what separation monitoring asks.
struct SeparationGuard: Sendable {
  private let arm: ArmModel
  private let forceZone: SimBox?

  /// s: age of what the camera saw, its latency, the control period, and the time to decide and begin to brake.
  private static let reaction = 0.04 + 0.02 + 0.02 + 0.025
  /// m: reach into the field, errors of camera and arm, and the reserve.
  private static let reserve = 0.10 + 0.02 + 0.01 + 0.04
  /// rad/s: how much faster a joint could become before the next command.
  private static let surge = 0.75

  init(_ scenario: Scenario) {
    arm = scenario.scene.arm
    forceZone = scenario.zone(scenario.forceZone)
  }

  /// Distance that the arm keeps while its fastest joint moves at `speed` rad/s.
  private func required(_ speed: Double) -> Double {
    let driven = DriverModel.lookahead(speed) / DriverModel.responseTime
    let fastest = speed + min(Self.surge, max(0, driven - speed))
    return 1.6 * (Self.reaction + fastest / DriverModel.deceleration) + Self.reserve
  }

  func parts(_ people: PeopleMessage) -> [SimCapsule] {
    people.tracks.flatMap(\.parts).compactMap { part in
      guard let a = part.a, let b = part.b, let radius = part.radius else { return nil }
      let capsule = SimCapsule(
        a: Vector(a.x ?? 0, a.y ?? 0, a.z ?? 0), b: Vector(b.x ?? 0, b.y ?? 0, b.z ?? 0), radius: radius)
      if let zone = forceZone, zone.contains(capsule.a, inset: radius), zone.contains(capsule.b, inset: radius) {
        return nil
      }
      return capsule
    }
  }

  func gap(_ q: [Double], to parts: [SimCapsule]) -> Double {
    var best = Double.infinity
    for (index, shape) in arm.capsules(in: arm.frames(q)).enumerated() where arm.shapes[index].link > 0 {
      for part in parts {
        let bound = length((shape.a + shape.b - part.a - part.b) * 0.5) - shape.radius - part.radius
          - (length(shape.b - shape.a) + length(part.b - part.a)) * 0.5
        if bound < best { best = min(best, Distance.between(shape, part).distance) }
      }
    }
    return best
  }

  /// The greatest speed of the fastest joint, at most `speed`, at `q` and on to `ahead(speed)`, rad/s; 0: stand still.
  func limit(
    _ speed: Double, at q: [Double], share: Double, people: PeopleMessage, ahead: (Double) -> [Double]
  ) -> Double {
    guard share > 0 else { return speed }
    let parts = parts(people)
    guard !parts.isEmpty else { return speed }
    let here = gap(q, to: parts)
    func holds(_ v: Double) -> Bool {
      let needed = share * required(v)
      return here >= needed && gap(ahead(v), to: parts) >= needed
    }
    if here < share * required(0) { return 0 }
    if holds(speed) { return speed }
    var low = 0.0
    var high = speed
    for _ in 0..<6 {
      let middle = 0.5 * (low + high)
      if holds(middle) { low = middle } else { high = middle }
    }
    return low
  }
}
