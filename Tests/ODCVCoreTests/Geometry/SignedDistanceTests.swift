import ODCVCore
import Testing
import TestSupport

/// The points that a solid's core is the hull of, and its radius; `nil` for a half-space.
private func core(_ solid: Solid) -> (points: [Vector3], radius: Double)? {
  switch solid {
  case .box(let box): (Brute.corners(box), 0)
  case .capsule(let capsule): ([capsule.a, capsule.b], capsule.radius)
  case .halfSpace: nil
  case .hull(let hull): (hull.vertices, hull.padding)
  }
}

/// A box or a hull near the origin: most capsules of `Generate.capsule(0.15)` overlap it, many with their axes.
private func body(_ random: inout SeededGenerator) -> Solid {
  if Bool.random(using: &random) {
    let half = Vector3(random.uniform(0.02...0.3), random.uniform(0.02...0.3), random.uniform(0.02...0.3))
    return .box(Box(pose: Generate.pose(0.15, &random), halfExtents: half))
  }
  return .hull(Generate.hull(10, size: 0.3, padding: 0.002, &random).placed(Generate.pose(0.15, &random)))
}

private func moved(_ solid: Solid, by pose: Pose) -> Solid {
  switch solid {
  case .box(let box): .box(Box(pose: pose * box.pose, halfExtents: box.halfExtents))
  case .capsule(let capsule): .capsule(pose * capsule)
  case .halfSpace(let half):
    .halfSpace(
      HalfSpace(
        normal: pose.rotation * half.normal,
        offset: half.offset + (pose.rotation * half.normal).dot(pose.translation)))
  case .hull(let hull): .hull(hull.placed(pose))
  }
}

/// Cases in which a distance of a capsule's axis to a box is not the truth.
private func failures(_ distance: (Vector3, Vector3, Box) -> Double) -> (all: Int, deep: Int) {
  var random = SeededGenerator(seed: 11)
  var wrong = 0
  var deep = 0
  for _ in 0..<300 {
    let capsule = Generate.capsule(0.15, &random)
    let half = Vector3(random.uniform(0.05...0.3), random.uniform(0.05...0.3), random.uniform(0.05...0.3))
    let box = Box(pose: Generate.pose(0.1, &random), halfExtents: half)
    let truth = Brute.signedDistance([capsule.a, capsule.b], Brute.corners(box))
    if truth < 0 { deep += 1 }
    if abs(distance(capsule.a, capsule.b, box) - truth) > 1e-9 { wrong += 1 }
  }
  return (wrong, deep)
}

@Test func distanceToABoxIsTheLeastTranslationWhereTheyOverlap() {
  let found = failures { nearest(segment: $0, $1, to: $2).distance }
  #expect(found.all == 0)
  #expect(found.deep > 100)
}

@Test(arguments: 0..<6) func leavingOneNormalOutIsNoticed(leftOut: Int) {
  // The zonotope's formula with one of its six normals missing: each of them decides some of the cases.
  let found = failures { a, b, box in
    let p = box.pose.inverse(a)
    let d = box.pose.inverse(b) - p
    let h = box.halfExtents
    let axes = [Vector3(1, 0, 0), Vector3(0, 1, 0), Vector3(0, 0, 1)]
    var normals = axes + axes.map { (1 / $0.cross(d).length) * $0.cross(d) }
    normals.remove(at: leftOut)
    let inside = normals.map { n in
      abs(n.dot(p + 0.5 * d)) - 0.5 * abs(n.dot(d)) - (abs(n.x) * h.x + abs(n.y) * h.y + abs(n.z) * h.z)
    }.max()!
    let right = nearest(segment: a, b, to: box).distance
    return right > 0 ? right : inside
  }
  #expect(found.all > 0)
}

@Test func distanceOfACapsuleToABodyIsThatOfTheirDifferenceToTheOrigin() {
  var random = SeededGenerator(seed: 12)
  var deep = 0
  for _ in 0..<400 {
    let capsule = Generate.capsule(0.15, &random)
    let solid = body(&random)
    guard let other = core(solid) else { continue }
    let truth = Brute.signedDistance([capsule.a, capsule.b], other.points)
    if truth < 0 { deep += 1 }
    let found = nearest(capsule, to: solid).distance
    let expected = truth - capsule.radius - other.radius
    guard abs(found - expected) < 1e-9 else {
      Issue.record("\(capsule) to \(solid): \(found), expected \(expected)")
      return
    }
  }
  #expect(deep > 50)
}

@Test func witnessPointsLieOnTheBodiesAndDifferByTheDistanceAlongTheNormal() {
  var random = SeededGenerator(seed: 13)
  for _ in 0..<3_000 {
    let capsule = Generate.capsule(0.15, &random)
    let solid = UInt8.random(in: 0..<2, using: &random) == 0 ? body(&random) : Generate.solid(0.4, &random)
    let found = nearest(capsule, to: solid)
    let difference = (found.onFirst - found.onSecond) - found.distance * found.normal
    let first = nearest(Capsule(a: found.onFirst, b: found.onFirst, radius: 0), to: .capsule(capsule)).distance
    let second = nearest(Capsule(a: found.onSecond, b: found.onSecond, radius: 0), to: solid).distance
    // The planes across the normal are the bodies' supporting planes, each through its witness point.
    let low = min(found.normal.dot(capsule.a), found.normal.dot(capsule.b)) - capsule.radius
    let planes = low - supportPlane(of: solid, along: found.normal)
    guard difference.length < 1e-8, first < 1e-8, second < 1e-8, abs(planes - found.distance) < 1e-8,
      abs(found.normal.length - 1) < 1e-14
    else {
      Issue.record("\(capsule) to \(solid): \(found), \(difference.length), \(first), \(second), \(planes)")
      return
    }
  }
}

@Test func distanceMovesWithBothBodiesAndChangesByAtMostWhatOneMoves() {
  var random = SeededGenerator(seed: 14)
  for _ in 0..<1_500 {
    let capsule = Generate.capsule(0.15, &random)
    let solid = UInt8.random(in: 0..<2, using: &random) == 0 ? body(&random) : Generate.solid(0.4, &random)
    let before = nearest(capsule, to: solid).distance
    let pose = Generate.pose(20, &random)
    let together = nearest(pose * capsule, to: moved(solid, by: pose)).distance
    let step = Generate.vector(0.02, &random)
    let widened = random.uniform(0...0.01)
    let alone = nearest(
      Capsule(a: capsule.a + step, b: capsule.b + step, radius: capsule.radius + widened), to: solid).distance
    guard abs(together - before) <= 2 * distanceRounding else {
      Issue.record("\(capsule) to \(solid) moved together by \(pose): \(before), \(together)")
      return
    }
    guard abs(alone - before + widened) <= step.length + 2 * distanceRounding else {
      Issue.record("\(capsule) to \(solid) moved by \(step): \(before), \(alone)")
      return
    }
  }
}

@Test func distanceOfTwoCapsulesIsTheSameEitherWay() {
  var random = SeededGenerator(seed: 15)
  for _ in 0..<10_000 {
    let a = Generate.capsule(0.3, &random)
    let b = Generate.capsule(0.3, &random)
    let there = nearest(a, to: b)
    let back = nearest(b, to: a)
    guard abs(there.distance - back.distance) < 1e-12, (there.normal + back.normal).length < 1e-6 else {
      Issue.record("\(a) to \(b): \(there), \(back)")
      return
    }
  }
}

@Test func crossingAxesOverlapByBothRadiiAlongTheirCommonPerpendicular() {
  var random = SeededGenerator(seed: 16)
  for angle in [1.5, 0.3, 1e-3, 1e-6, 1e-9, 1e-12, 1e-15, 0] {
    for _ in 0..<100 {
      let pose = Generate.pose(1, &random)
      let a = Capsule(a: pose * Vector3(-0.3, 0, 0), b: pose * Vector3(0.5, 0, 0), radius: 0.05)
      let tip = Vector3(0.4, 0.4 * angle, 0)
      let b = Capsule(a: pose * (-tip), b: pose * tip, radius: 0.03)
      let found = nearest(a, to: b)
      #expect(abs(found.distance + 0.08) < 1e-12)
      #expect(abs(found.normal.dot(a.b - a.a)) < 1e-12)
      #expect(abs(found.normal.dot(b.b - b.a)) < 1e-12)
      #expect((found.onFirst - found.onSecond - found.distance * found.normal).length < 1e-12)
    }
  }
}

@Test func nearParallelSegmentsKeepTheirDistance() {
  // Two lines that cross at a height of 1 µm: the smaller the angle, the less the place is known, never the distance.
  var random = SeededGenerator(seed: 17)
  for exponent in stride(from: -16.0, through: -1, by: 0.25) {
    for _ in 0..<50 {
      var angle = 1.0
      for _ in 0..<Int(-4 * exponent) { angle *= 0.5623413251903491 }
      let pose = Pose(rotation: Generate.pose(1, &random).rotation, translation: Generate.vector(90, &random))
      let shift = random.uniform(-0.3...0.3)
      let a = pose * Capsule(a: Vector3(-1, 0, 0), b: Vector3(1, 0, 0), radius: 0)
      let b = pose
        * Capsule(a: Vector3(shift - 0.5, -0.5 * angle, 1e-6), b: Vector3(shift + 0.5, 0.5 * angle, 1e-6), radius: 0)
      #expect(abs(nearest(a, to: b).distance - 1e-6) < 1e-12)
    }
  }
}
