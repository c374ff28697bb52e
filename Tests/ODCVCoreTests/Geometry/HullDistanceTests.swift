import ODCVCore
import Testing
import TestSupport

/// A hull and its pose, a body to compare it with, and the signed distance of the two by trying everything.
private struct Pair {
  var hull: ConvexHull
  var pose: Pose
  var solid: Solid
  var truth: Double

  init(faces: Bool = true, _ random: inout SeededGenerator) {
    hull = Generate.hull(6, size: 0.25, padding: random.uniform(0...0.01), faces: faces, &random)
    pose = Generate.pose(0.2, &random)
    let vertices = hull.vertices.map { [pose] in pose * $0 }
    switch UInt8.random(in: 0..<4, using: &random) {
    case 0:
      let capsule = Generate.capsule(0.2, &random)
      solid = .capsule(capsule)
      truth = Brute.signedDistance(vertices, [capsule.a, capsule.b]) - capsule.radius
    case 1:
      let box = Box(
        pose: Generate.pose(0.2, &random),
        halfExtents: Vector3(random.uniform(0.02...0.2), random.uniform(0.02...0.2), random.uniform(0.02...0.2)))
      solid = .box(box)
      truth = Brute.signedDistance(vertices, Brute.corners(box))
    case 2:
      let half = HalfSpace(normal: Generate.direction(&random), offset: random.uniform(-0.3...0.3))
      solid = .halfSpace(half)
      truth = vertices.map { half.normal.dot($0) }.min()! - half.offset
    default:
      let other = Generate.hull(5, size: 0.25, padding: 0.001, faces: faces, &random).placed(Generate.pose(0.2, &random))
      solid = .hull(other)
      truth = Brute.signedDistance(vertices, other.vertices) - other.padding
    }
    truth -= hull.padding
  }

  var isOfTwoHulls: Bool { if case .hull = solid { true } else { false } }

  func bracket(from start: Vector3 = .zero, enough: Double = .infinity, budget: Int = 10_000) -> DistanceBracket {
    var budget = budget
    return ODCVCore.bracket(hull, at: pose, to: solid, from: start, enough: enough, budget: &budget)
  }
}

@Test func aBracketHoldsTheDistanceAndIsTightWhereTheHullsAreApart() {
  var random = SeededGenerator(seed: 21)
  var apart = 0
  for _ in 0..<200 {
    let pair = Pair(&random)
    let found = pair.bracket(from: Generate.direction(&random))
    guard found.lower <= pair.truth, pair.truth <= found.upper else {
      Issue.record("\(pair): \(found)")
      return
    }
    guard pair.truth > 0 else { continue }
    apart += 1
    guard found.upper - found.lower < 1e-8, abs((found.onFirst - found.onSecond).length - pair.truth) < 1e-8 else {
      Issue.record("\(pair): \(found)")
      return
    }
  }
  #expect(apart > 50)
}

@Test func theLowerBoundIsTheWayOutWhereTheHullKnowsItsFaces() {
  var random = SeededGenerator(seed: 22)
  var deep = 0
  for _ in 0..<200 {
    let pair = Pair(&random)
    guard !pair.isOfTwoHulls else { continue }
    if pair.truth < -0.05 { deep += 1 }
    guard pair.truth - pair.bracket().lower < 1e-8 else {
      Issue.record("\(pair): \(pair.bracket())")
      return
    }
  }
  #expect(deep > 20)
}

@Test func aHullWithoutFacesStillHasASoundBracket() {
  var random = SeededGenerator(seed: 23)
  for _ in 0..<150 {
    let pair = Pair(faces: false, &random)
    let found = pair.bracket()
    #expect(found.lower <= pair.truth && pair.truth <= found.upper)
    guard case .capsule(let capsule) = pair.solid else { continue }
    #expect(nearest(capsule, to: .hull(pair.hull.placed(pair.pose))).distance <= pair.truth + distanceRounding)
  }
}

@Test func facesThatAreMissingMakeTheDepthLooseAndTheBracketNotWrong() {
  var random = SeededGenerator(seed: 24)
  var noticed = 0
  for _ in 0..<60 {
    let whole = Generate.hull(24, size: 0.3, &random)
    let triangles = Brute.triangles(of: whole.vertices)
    let some = ConvexHull(
      vertices: whole.vertices, triangles: Array(triangles.dropFirst(triangles.count * 2 / 3)), padding: 0, gap: 0)
    let point = Generate.vector(0.06, &random)
    let truth = whole.faces.map { $0.normal.dot(point) - $0.offset }.max()!
    for hull in [whole, some] {
      var budget = 1_000
      let solid = Solid.capsule(Capsule(a: point, b: point, radius: 0))
      let found = bracket(hull, at: .identity, to: solid, from: .zero, budget: &budget)
      #expect(found.lower <= truth && truth <= found.upper)
      if truth - found.lower > 1e-8 {
        #expect(hull == some)
        noticed += 1
      }
    }
  }
  #expect(noticed > 3)
}

@Test func anyBudgetGivesASoundBracketAndMoreNeverAWiderOne() {
  var random = SeededGenerator(seed: 25)
  for _ in 0..<120 {
    let pair = Pair(&random)
    let start = Generate.direction(&random)
    var width = Double.infinity
    for budget in 0..<30 {
      let found = pair.bracket(from: start, budget: budget)
      guard found.lower <= pair.truth, pair.truth <= found.upper, found.upper - found.lower <= width + 1e-9 else {
        Issue.record("\(pair) with a budget of \(budget): \(found)")
        return
      }
      width = found.upper - found.lower
    }
  }
}

@Test func workIsCountedAndEndsWhenEnoughIsKnown() {
  var random = SeededGenerator(seed: 26)
  for _ in 0..<150 {
    let pair = Pair(&random)
    var budget = 1_000
    let enough = random.uniform(-0.2...0.4)
    let found = bracket(pair.hull, at: pair.pose, to: pair.solid, from: .zero, enough: enough, budget: &budget)
    #expect(budget < 1_000 && budget >= 0)
    #expect(found.lower <= pair.truth && pair.truth <= found.upper)
    if pair.truth > 0 { #expect(found.lower >= min(enough, pair.truth - 1e-8)) }
  }
}

@Test func anySupportingPlanesBoundTheDistance() {
  var random = SeededGenerator(seed: 27)
  for _ in 0..<150 {
    let pair = Pair(&random)
    let n = Generate.direction(&random)
    let planes = supportPlane(of: pair.hull, at: pair.pose, along: n) - supportPlane(of: pair.solid, along: n)
    #expect(planes <= pair.truth + distanceRounding)
    let normal = pair.bracket().normal
    if case .halfSpace = pair.solid { continue }
    let best = supportPlane(of: pair.hull, at: pair.pose, along: normal) - supportPlane(of: pair.solid, along: normal)
    #expect(abs(best - pair.bracket().lower) < 1e-8)
  }
}

@Test func theOrderOfTheVerticesDoesNotMatter() {
  var random = SeededGenerator(seed: 28)
  for _ in 0..<200 {
    let pair = Pair(&random)
    var shuffled = pair
    let vertices = pair.hull.vertices.shuffled(using: &random)
    shuffled.hull = ConvexHull(
      vertices: vertices, triangles: Brute.triangles(of: vertices), padding: pair.hull.padding, gap: 0)
    guard !pair.isOfTwoHulls || pair.truth > 0 else { continue }
    #expect(abs(shuffled.bracket().lower - pair.bracket().lower) < 2e-9)
  }
}

/// A hull that is the same set as another solid, from one point to a box, some with repeated or inner points.
private enum Twin: CaseIterable {
  case point, repeatedPoint, segment, collinear, plate, box, boxWithInnerPoints

  func make(at pose: Pose) -> (ConvexHull, Solid) {
    let h = Vector3(0.1, 0.2, 0.3)
    let flat = Vector3(0.1, 0.2, 0)
    let corners = Brute.corners(Box(pose: .identity, halfExtents: h))
    let tip = Vector3(0.1, 0.2, 0.05)
    func hull(_ points: [Vector3], _ triangles: [(Int, Int, Int)] = []) -> ConvexHull {
      ConvexHull(vertices: points.map { pose * $0 }, triangles: triangles, padding: 0.01, gap: 0)
    }
    func capsule(_ a: Vector3, _ b: Vector3) -> Solid { .capsule(pose * Capsule(a: a, b: b, radius: 0.01)) }
    switch self {
    case .point: return (hull([h]), capsule(h, h))
    case .repeatedPoint: return (hull([h, h, h, h, h]), capsule(h, h))
    case .segment: return (hull([-tip, tip]), capsule(-tip, tip))
    case .collinear: return (hull([-tip, .zero, 0.5 * tip, tip, tip]), capsule(-tip, tip))
    case .plate:
      let rim = Brute.corners(Box(pose: .identity, halfExtents: flat)).prefix(4)
      return (hull(Array(rim), [(0, 1, 3), (0, 3, 2)]), .box(Box(pose: pose, halfExtents: flat)))
    case .box:
      return (hull(corners, Brute.triangles(of: corners)), .box(Box(pose: pose, halfExtents: h)))
    case .boxWithInnerPoints:
      let points = corners + corners.map { 0.5 * $0 } + [.zero]
      return (hull(points, Brute.triangles(of: points)), .box(Box(pose: pose, halfExtents: h)))
    }
  }
}

@Test(arguments: Twin.allCases) private func aDegenerateHullIsAsFarAsTheSolidThatItIs(twin: Twin) {
  var random = SeededGenerator(seed: 29)
  for _ in 0..<600 {
    let (hull, solid) = twin.make(at: Generate.pose(0.3, &random))
    var capsule = Generate.capsule(0.4, &random)
    if Bool.random(using: &random) { capsule.b = capsule.a }
    if Bool.random(using: &random) { capsule.radius = 0 }
    // A box has no padding: its twin is the box widened.
    let padding = if case .box = solid { hull.padding } else { 0.0 }
    let expected = nearest(capsule, to: solid).distance - padding
    let found = nearest(capsule, to: .hull(hull))
    var budget = 1_000
    let both = bracket(hull, at: .identity, to: .capsule(capsule), from: .zero, budget: &budget)
    guard both.lower <= expected + distanceRounding, expected <= both.upper + distanceRounding,
      abs(found.distance - expected) < 2e-9
    else {
      Issue.record("\(twin), \(capsule): \(found), \(both), expected \(expected)")
      return
    }
  }
}

@Test func aHullAgainstItselfOverlapsByNoLessThanItsPadding() {
  var random = SeededGenerator(seed: 30)
  for count in [1, 2, 3, 4, 8, 60] {
    let hull = Generate.hull(count, size: 0.2, padding: 0.003, faces: false, &random)
    let pose = Generate.pose(50, &random)
    var budget = 1_000
    let found = bracket(hull, at: pose, to: hull, at: pose, from: .zero, budget: &budget)
    #expect(found.lower.isFinite && found.lower <= -0.006 && found.upper <= -0.006 + 2e-9)
  }
}

@Test func hullsThatTouchKeepANarrowBracket() {
  var random = SeededGenerator(seed: 31)
  for exponent in 1...14 {
    var gap = 1.0
    for _ in 0..<exponent { gap *= 0.1 }
    for sign in [1.0, -1.0] where sign > 0 || exponent > 3 {
      for _ in 0..<10 {
        let first = Generate.hull(40, size: 0.25, padding: 0.001, faces: false, &random)
        let second = Generate.hull(40, size: 0.25, faces: false, &random)
        var pose = Generate.pose(0.3, &random)
        pose.translation = pose.translation + Vector3(0.7, 0, 0)
        var budget = 10_000
        let apart = bracket(first, at: pose, to: second, at: .identity, from: .zero, budget: &budget)
        // Moved along the normal until so little is left between the cores, or so much overlaps.
        pose.translation = pose.translation - (apart.upper + first.padding - sign * gap) * apart.normal
        let close = bracket(first, at: pose, to: second, at: .identity, from: .zero, budget: &budget)
        let truth = sign * gap - first.padding
        // Pushed into each other along the normal, they may have a shorter way out than back.
        #expect(sign < 0 || close.lower <= truth + 2e-9 && truth <= close.upper + 2e-9)
        #expect(close.lower > truth - 1e-7)
      }
    }
  }
}
