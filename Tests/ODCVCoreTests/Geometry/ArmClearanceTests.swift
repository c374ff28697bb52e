import ODCVCore
import Testing
import TestSupport

/// An arm whose capsules each hold a hull, but for one.
private func arm(_ random: inout SeededGenerator) -> RobotModel {
  var robot = Generate.arm(joints: 6, &random)
  for index in robot.capsules.indices where index != 3 {
    let capsule = robot.capsules[index].capsule
    let vertices = (0..<12).map { _ in
      capsule.a + random.uniform(0...1) * (capsule.b - capsule.a)
        + random.uniform(0...0.999) * capsule.radius * Generate.direction(&random)
    }
    robot.capsules[index].hull = robot.hulls.count
    robot.capsules[index].fitGap = 0.5
    robot.hulls.append(ConvexHull(vertices: vertices, padding: 0, gap: 0.0001))
  }
  return robot
}

private func obstacles(_ random: inout SeededGenerator) -> [Obstacle] {
  (0..<6).map { index in
    let solid: Solid =
      index == 0
      ? .hull(Generate.hull(8, size: 0.2, &random).placed(Generate.pose(0.6, &random)))
      : Generate.solid(index == 1 ? 1.5 : 0.7, &random)
    return Obstacle(name: "\(index)", solid: solid)
  }
}

@Test func theExactStageFindsTheNearestOfAllPairs() {
  var random = SeededGenerator(seed: 41)
  var gained = 0
  for _ in 0..<60 {
    let robot = arm(&random)
    let around = obstacles(&random)
    var posture = Posture(for: robot)
    posture.place(robot, at: Generate.position(of: robot, &random))
    var lower = Double.infinity
    var upper = Double.infinity
    for (index, carried) in robot.capsules.enumerated() where carried.link != 0 {
      for other in around {
        let capsule = nearest(posture.capsules[index], to: other.solid)
        guard let hull = carried.hull else {
          lower = min(lower, capsule.distance)
          upper = min(upper, capsule.distance + carried.fitGap)
          continue
        }
        var budget = 10_000
        let found = bracket(
          robot.hulls[hull], at: posture.links[carried.link], to: other.solid, from: .zero, budget: &budget)
        lower = min(lower, max(capsule.distance, found.lower))
        upper = min(upper, min(capsule.distance + carried.fitGap, found.upper + robot.hulls[hull].gap))
      }
    }
    let rough = posture.clearance(of: robot, to: around)!
    let found = posture.clearance(of: robot, to: around, exact: true)!
    if lower > 0 {
      #expect(abs(found.value.lower - lower) < 4e-9)
      #expect(abs(found.value.upper - upper) < 4e-9)
    }
    #expect(found.value.lower >= rough.value.lower && found.value.upper <= rough.value.upper)
    #expect(found.value.lower <= found.value.upper)
    if found.value.lower > rough.value.lower + 0.001 { gained += 1 }
  }
  #expect(gained > 20)
}

@Test func theExactStageFindsTheNearestOfAllPairsOfLinks() {
  var random = SeededGenerator(seed: 42)
  for _ in 0..<60 {
    var robot = arm(&random)
    robot.selfPairs = [SelfPair(first: 0, second: 3), SelfPair(first: 1, second: 4), SelfPair(first: 3, second: 6)]
    var posture = Posture(for: robot)
    posture.place(robot, at: Generate.position(of: robot, &random))
    var lower = Double.infinity
    for pair in robot.selfPairs {
      let first = pair.first
      let second = pair.second
      var bound = nearest(posture.capsules[second], to: posture.capsules[first]).distance
      var budget = 10_000
      switch (robot.capsules[second].hull, robot.capsules[first].hull) {
      case (let outer?, let inner?):
        let found = bracket(
          robot.hulls[outer], at: posture.links[second], to: robot.hulls[inner], at: posture.links[first],
          from: .zero, budget: &budget)
        bound = max(bound, found.lower)
      case (let outer?, nil):
        let found = bracket(
          robot.hulls[outer], at: posture.links[second], to: .capsule(posture.capsules[first]), from: .zero,
          budget: &budget)
        bound = max(bound, found.lower)
      case (nil, let inner?):
        let found = bracket(
          robot.hulls[inner], at: posture.links[first], to: .capsule(posture.capsules[second]), from: .zero,
          budget: &budget)
        bound = max(bound, found.lower)
      case (nil, nil): break
      }
      lower = min(lower, bound)
    }
    let rough = posture.selfClearance(of: robot)!
    let found = posture.selfClearance(of: robot, exact: true)!
    if lower > 0 { #expect(abs(found.value.lower - lower) < 4e-9) }
    #expect(found.value.lower >= rough.value.lower && found.value.upper <= rough.value.upper)
    #expect(found.value.lower <= found.value.upper)
    #expect((found.points.0 - found.points.1).length <= max(0, found.value.upper) + 0.2)
  }
}

@Test func withoutABudgetTheCapsulesBoundsStand() {
  var random = SeededGenerator(seed: 43)
  let robot = arm(&random)
  let hulls = HullTable(robot.hulls)
  let around = obstacles(&random)
  var posture = Posture(for: robot)
  for _ in 0..<50 {
    posture.place(robot, at: Generate.position(of: robot, &random))
    let rough = posture.clearance(of: robot, to: around)!
    let exact = posture.clearance(of: robot, to: around, exact: true)!
    for limit in 0..<12 {
      var budget = limit
      let found = posture.exactClearance(of: robot, hulls, to: around, budget: &budget)!
      if limit == 0 { #expect(found.value == rough.value) }
      #expect(found.value.lower >= rough.value.lower && found.value.lower <= exact.value.lower + 2e-9)
      #expect(found.value.upper <= rough.value.upper && found.value.upper >= exact.value.upper - 2e-9)
    }
  }
}

@Test func aLooselyHeldLinkIsNotSurelyInAPlateThatItsCapsulePierces() {
  // The true link may have a gap where the plate is: the capsule's way out is long, its depth in the plate is not.
  var robot = Planar.robot()
  robot.capsules[2].fitGap = 0.05
  var posture = Posture(for: robot)
  posture.place(robot, at: JointVector([0, 0]))
  let plate = Box(
    pose: Pose(rotation: .identity, translation: Vector3(0.75, 0, 0.5)), halfExtents: Vector3(0.01, 0.5, 0.5))
  let found = posture.clearance(of: robot, to: [Obstacle(name: "plate", solid: .box(plate))])!
  #expect(found.value.lower < -0.2)
  #expect(found.value.upper > 0)
}
