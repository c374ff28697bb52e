import CClearance

/// Whether a motion leads into a zone.
struct ZoneEntry {
  /// Some of the arm may be inside during the motion, the stop included.
  var isPossible = false
  /// Some of it is, now or at a place that the arm passes if it follows its command.
  var isCertain = false

  init(_ motion: borrowing Motion, in world: borrowing World, zone: Int) {
    let path = motion.path.layout
    let box = Solid.box(world.configuration.cell.zones[zone].box)
    var sweep = odcv_sweep()
    for capsule in 0..<path.toolCentrePoint where path.moves[capsule] {
      let loose = motion.path.looseness(capsule, world.solids.zones, zone)
      guard ZoneEntry.mayReach(motion.path.ball(capsule), box, loose.rounding) else { continue }
      motion.path.sweep(capsule, world.solids.zones, zone, into: &sweep)
      guard sweep.isWithin(path.radii[capsule] + loose.nearer) else { continue }
      isPossible = true
      let first = motion.path.startSample
      for sample in [first, motion.path.passed.last ?? first] {
        let axis = motion.path.capsule(capsule, at: sample)
        // A point of the true shape is that near to each end of the axis.
        if min(ZoneEntry.depth(axis.a, box), ZoneEntry.depth(axis.b, box)) < -loose.farther { isCertain = true }
      }
    }
  }

  /// Whether anything of a ball may be in a zone, or as near to it as the kernel rounds, m.
  @inline(__always)
  static func mayReach(_ ball: Capsule, _ zone: Solid, _ rounding: Double) -> Bool { farBound(ball, to: zone) <= rounding }

  /// Signed distance of a point to a zone.
  private static func depth(_ p: Vector3, _ zone: Solid) -> Double {
    nearest(Capsule(a: p, b: p, radius: 0), to: zone).distance
  }
}

extension odcv_sweep {
  /// Whether a capsule's axis comes as near to what it was swept against as this, m.
  @inline(__always)
  func isWithin(_ near: Double) -> Bool { Double(low) <= near }
}

extension Precedence {
  /// What the rule finds of a motion for which the signal vouches another `remaining` seconds; below zero, it does not.
  func finding(
    _ rule: RuleID, _ index: Int, remaining: Double, _ motion: borrowing Motion, in world: borrowing World
  ) -> Finding {
    let subject = Subject.sequence(index)
    let other = zone.map { Subject.zone($0) } ?? .none
    let nothingAsked = Finding(rule, value: Interval(exactly: 0), .atLeast, -.infinity, subject: subject, other: other)
    if motion.isStill { return nothingAsked }
    var value = Interval(exactly: remaining)
    if let zone {
      let entry = ZoneEntry(motion, in: world, zone: zone)
      if !entry.isPossible { return nothingAsked }
      // Perhaps it does not get there.
      if !entry.isCertain { value.upper = max(remaining, 0) }
    }
    return Finding(rule, value: value, .atLeast, 0, subject: subject, other: other)
  }
}
