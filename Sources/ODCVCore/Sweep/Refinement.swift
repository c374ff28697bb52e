import CClearance

/// The second stage of a sweep: one capsule's exact body against one solid, interval by interval, the nearest first.
///
/// It works as the first one does (`Path`), in double precision and with the convex hull inside the capsule: a supporting
/// plane at both samples of an interval, from `bracket`, and the chords of their values in between. The hull's points are
/// up to the capsule's radius farther from the axes than the capsule's own axis, which widens bow and travel.
///
/// It ends when nothing is below what is needed any more, when the nearest interval has been looked at and is still below,
/// or when the counted work is spent: each leaves bounds that hold.
struct Refinement {
  /// Lower bound of the distance over each interval, m: the better of the two stages.
  private(set) var intervals = SIMD16<Double>(repeating: .infinity)
  /// Upper bound of the distance at the samples looked at that the arm passes for certain, m.
  private(set) var upper = Double.infinity
  private var looked = SIMDMask<SIMD16<Int64>>(repeating: false)
  private var measured = SIMDMask<SIMD16<Int64>>(repeating: false)
  private var duals = SIMD16<Double>()
  private var normals = InlineArray<16, Vector3>(repeating: .zero)

  /// - `frame`: the link in whose frame the solid stands; `nil` for the base.
  /// - `coarse`: the first stage's bounds per interval, travel and radius taken off.
  /// - `needed`: m
  mutating func run(
    _ capsule: Int, _ movers: ArmLayout.Movers, in frame: Int?, against solid: Solid, coarse: SIMD16<Double>, needed: Double,
    _ motion: borrowing Motion, budget: inout Int
  ) {
    intervals = coarse
    let bounds = motion.path.bounds(movers, farther: motion.path.layout.radii[capsule])
    while budget > 0 {
      let interval = intervals.leastInterval
      guard intervals[interval] < needed, !looked[interval] else { return }
      looked[interval] = true
      for sample in interval...(interval + 1) where !measured[sample] {
        measure(sample, capsule, frame, solid, bounds.travel, motion, &budget)
      }
      let bow = bounds.bow * motion.path.weight(interval) + bounds.travel + distanceRounding
      let found = between(interval, capsule, frame, solid, motion) - bow
      intervals[interval] = max(intervals[interval], found)
    }
  }

  private mutating func measure(
    _ sample: Int, _ capsule: Int, _ frame: Int?, _ solid: Solid, _ travel: Double, _ motion: borrowing Motion,
    _ budget: inout Int
  ) {
    measured[sample] = true
    let pose = motion.path.pose(of: capsule, in: frame, at: sample)
    let body = motion.path.layout.bodies[capsule]
    let axis = pose * motion.path.layout.local(capsule)
    let found = bracket(body, at: pose, to: solid, from: nearest(axis, to: solid).normal, budget: &budget)
    duals[sample] = found.lower
    normals[sample] = found.normal
    if sample == motion.path.startSample || motion.path.passed.contains(sample) {
      upper = min(upper, max(found.upper, 0) + body.gap + travel + distanceRounding)
    }
  }

  /// The planes of both samples, kept between them; as `between` in the kernel.
  private func between(
    _ interval: Int, _ capsule: Int, _ frame: Int?, _ solid: Solid, _ motion: borrowing Motion
  ) -> Double {
    let body = motion.path.layout.bodies[capsule]
    let here = duals[interval]
    let there = duals[interval + 1]
    let forward = supportPlane(
      of: body, at: motion.path.pose(of: capsule, in: frame, at: interval + 1), along: normals[interval])
      - supportPlane(of: solid, along: normals[interval])
    let back = supportPlane(
      of: body, at: motion.path.pose(of: capsule, in: frame, at: interval), along: normals[interval + 1])
      - supportPlane(of: solid, along: normals[interval + 1])
    let bound = max(min(here, forward), min(back, there))
    let lead = here - back
    let follow = there - forward
    guard forward <= here, back <= there, lead >= 0, follow >= 0, lead + follow > 0 else { return bound }
    return max(bound, here + lead / (lead + follow) * (forward - here))
  }
}

extension SIMD16<Double> {
  /// The first of the intervals between sixteen samples with the least value; one that is no number is less than any other.
  var leastInterval: Int {
    var least = 0
    for interval in 1..<Path.samples - 1 where !self[least].isNaN && !(self[interval] >= self[least]) {
      least = interval
    }
    return least
  }
}
