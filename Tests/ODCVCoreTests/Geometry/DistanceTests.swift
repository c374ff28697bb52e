import ODCVCore
import Testing
import TestSupport

/// Distance of a point to a solid by the definition, signed.
private func distance(_ p: Vector3, to solid: Solid) -> Double {
  switch solid {
  case .box(let box):
    let q = box.pose.inverse(p)
    let d = Vector3(
      abs(q.x) - box.halfExtents.x, abs(q.y) - box.halfExtents.y, abs(q.z) - box.halfExtents.z)
    let outside = Vector3(max(d.x, 0), max(d.y, 0), max(d.z, 0)).length
    return outside > 0 ? outside : max(d.x, max(d.y, d.z))
  case .capsule(let c):
    let along = c.b - c.a
    let t = along.lengthSquared > 0 ? min(max((p - c.a).dot(along) / along.lengthSquared, 0), 1) : 0
    return (p - (c.a + t * along)).length - c.radius
  case .halfSpace(let half): return half.normal.dot(p) - half.offset
  case .hull(let hull): return nearest(Capsule(a: p, b: p, radius: 0), to: .hull(hull)).distance
  }
}

/// The least over the capsule's axis, by ternary search on a convex function: slow, and nothing like the code under test.
private func reference(_ capsule: Capsule, to solid: Solid) -> Double {
  var low = 0.0
  var high = 1.0
  func at(_ t: Double) -> Double { distance(capsule.a + t * (capsule.b - capsule.a), to: solid) }
  for _ in 0..<200 {
    let a = low + (high - low) / 3
    let b = high - (high - low) / 3
    if at(a) <= at(b) { high = b } else { low = a }
  }
  return min(at(low), min(at(0), at(1))) - capsule.radius
}

@Test func signedDistanceOfCapsulesAgreesWithTernarySearch() {
  var random = SeededGenerator(seed: 2)
  for _ in 0..<20_000 {
    let capsule = Generate.capsule(0.6, &random)
    let solid = Generate.solid(0.6, &random)
    let found = nearest(capsule, to: solid).distance
    let expected = reference(capsule, to: solid)
    // A segment in a box may have a longer way out than its deepest point has.
    if case .box = solid, expected < -capsule.radius {
      guard found <= expected + 1e-9 else {
        Issue.record("\(capsule) to \(solid): \(found), its deepest point is \(expected) deep")
        return
      }
      continue
    }
    guard abs(found - expected) < 1e-7 else {
      Issue.record("\(capsule) to \(solid): \(found), expected \(expected)")
      return
    }
  }
}

@Test func witnessPointsLieOnTheSurfacesAtTheDistance() {
  var random = SeededGenerator(seed: 3)
  for _ in 0..<20_000 {
    let capsule = Generate.capsule(0.8, &random)
    let solid = Generate.solid(0.8, &random)
    let found = nearest(capsule, to: solid)
    guard found.distance > 0 else { continue }
    let apart = (found.onFirst - found.onSecond).length
    let onFirst = distance(found.onFirst, to: .capsule(capsule))
    let onSecond = distance(found.onSecond, to: solid)
    guard abs(apart - found.distance) < 1e-9, abs(onFirst) < 1e-9, abs(onSecond) < 1e-9 else {
      Issue.record("\(capsule) to \(solid): \(found)")
      return
    }
  }
}

@Test func aPointThatLiesDeepInABoxIsAsDeepAsItsNearestFace() {
  let box = Solid.box(Box(pose: .identity, halfExtents: Vector3(1, 2, 3)))
  let point = Capsule(a: Vector3(0.9, 0, 0), b: Vector3(0.9, 0, 0), radius: 0.05)
  #expect(abs(nearest(point, to: box).distance - -0.15) < 1e-12)
}

@Test func parallelAndDegenerateSegmentsHaveADistance() {
  let a = Capsule(a: .zero, b: Vector3(1, 0, 0), radius: 0.1)
  let b = Capsule(a: Vector3(0.2, 0.5, 0), b: Vector3(0.8, 0.5, 0), radius: 0.1)
  let point = Capsule(a: Vector3(2, 0, 0), b: Vector3(2, 0, 0), radius: 0)
  #expect(abs(nearest(a, to: b).distance - 0.3) < 1e-12)
  #expect(abs(nearest(a, to: point).distance - 0.9) < 1e-12)
  #expect(nearest(point, to: point).distance == 0)
}
