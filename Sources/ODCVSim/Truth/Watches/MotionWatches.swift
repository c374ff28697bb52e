/// C03: the tool centre point, or a point of a link whose surface is inside the zone, faster than the limit.
struct ZoneSpeedWatch: Watch {
  var limit: Double
  var zone: SimBox?
  var name: String

  func breach(_ sample: borrowing TruthSample, _ near: Nearness, _ cell: borrowing CellProcess) -> Breach? {
    guard let zone else { return nil }
    var fastest = zone.contains(sample.tool, inset: 0) ? near.toolSpeed : 0
    // The base does not move.
    for s in sample.shapes.indices.dropFirst() {
      let capsule = sample.shapes[s]
      guard Distance.lowerBound(capsule, zone) <= 0 else { continue }
      let va = (capsule.a - sample.before[s].a) / sample.dt
      let vb = (capsule.b - sample.before[s].b) / sample.dt
      for k in 0...8 {
        let t = Double(k) / 8
        guard zone.distance(capsule.a + (capsule.b - capsule.a) * t) <= capsule.radius else { continue }
        fastest = max(fastest, length(va + (vb - va) * t))
      }
    }
    return .above(limit, fastest, "speed in \(name)")
  }
}

/// C03: some point of the arm faster than the limit while a person is within a distance.
struct NearSpeedWatch: Watch {
  var limit: Double
  /// m
  var within: Double

  func breach(_ sample: borrowing TruthSample, _ near: Nearness, _ cell: borrowing CellProcess) -> Breach? {
    guard let nearest = near.person, nearest.distance < within else { return nil }
    return .above(limit, near.fastest, "speed with a person at \(nearest.distance) m")
  }
}

/// C07: a joint faster than the limit.
struct JointSpeedWatch: Watch {
  var limit: Double
  var names: [String]

  func breach(_ sample: borrowing TruthSample, _ near: Nearness, _ cell: borrowing CellProcess) -> Breach? {
    var worst = (0.0, 0)
    for (joint, speed) in sample.jointVelocity.enumerated() where abs(speed) > worst.0 { worst = (abs(speed), joint) }
    return .above(limit, worst.0, names[worst.1])
  }
}
