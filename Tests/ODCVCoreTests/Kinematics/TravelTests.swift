import ODCVCore
import Testing
import TestSupport

private func varied(_ q: JointVector, by change: JointVector, _ random: inout SeededGenerator) -> JointVector {
  var other = q
  for joint in 0..<q.count {
    // Half of the cases at the corners, where the bound is tightest.
    let share = Bool.random(using: &random) ? (Bool.random(using: &random) ? 1.0 : -1) : random.uniform(-1...1)
    other[joint] += share * change[joint]
  }
  return other
}

private struct Case {
  var robot: RobotModel
  var here: Posture
  var there: Posture
  var change: JointVector

  init(_ random: inout SeededGenerator, widest: Double) {
    robot = Generate.arm(joints: Int.random(in: 2...9, using: &random), mixed: true, &random)
    let q = Generate.position(of: robot, &random)
    change = JointVector(robot.joints.map { _ in random.uniform(0...widest) })
    here = Posture(for: robot)
    there = Posture(for: robot)
    here.place(robot, at: q)
    there.place(robot, at: varied(q, by: change, &random))
  }
}

@Test func noPointOfALinkTravelsFartherThanTheBound() {
  var random = SeededGenerator(seed: 4)
  for _ in 0..<5_000 {
    let c = Case(&random, widest: 0.8)
    for index in c.robot.capsules.indices {
      let (a, b) = (c.here.capsules[index], c.there.capsules[index])
      let bound = c.here.travel(
        of: a.a, a.b, fixedIn: c.robot.capsules[index].link, change: c.change, robot: c.robot)
      for s in [0.0, 0.3, 1] {
        let moved = ((a.a + s * (a.b - a.a)) - (b.a + s * (b.b - b.a))).length
        guard moved <= bound + 1e-12 else {
          Issue.record("moved \(moved), bound \(bound)")
          return
        }
      }
    }
  }
}

@Test func travelSeenFromAnInnerLinkBoundsTheChangeOfDistanceBetweenTheTwo() {
  var random = SeededGenerator(seed: 5)
  for _ in 0..<5_000 {
    let c = Case(&random, widest: 0.5)
    let last = c.robot.capsules.count - 1
    let bound = c.here.travel(
      of: c.here.capsules[last].a, c.here.capsules[last].b, fixedIn: c.robot.capsules[last].link,
      change: c.change, robot: c.robot, asSeenFrom: c.robot.capsules[1].link)
    let before = nearest(c.here.capsules[last], to: c.here.capsules[1]).distance
    let after = nearest(c.there.capsules[last], to: c.there.capsules[1]).distance
    guard abs(before - after) <= bound + 1e-9 else {
      Issue.record("distance changed by \(before - after), bound \(bound)")
      return
    }
  }
}

@Test func noPointMovesFasterThanTheSpeedBound() {
  var random = SeededGenerator(seed: 6)
  for _ in 0..<5_000 {
    let c = Case(&random, widest: 0.2)
    let rate = JointVector(c.robot.joints.map { _ in random.uniform(-2...2) })
    let spread = JointVector(c.robot.joints.map { _ in random.uniform(0...0.3) })
    let link = c.robot.toolCentrePoint.link
    let bound = c.here.speedBound(
      of: c.here.toolCentrePoint, fixedIn: link, rate: rate, spread: spread, change: c.change, robot: c.robot)
    let speed = c.there.velocity(
      of: c.there.toolCentrePoint, fixedIn: link, rate: varied(rate, by: spread, &random), robot: c.robot
    ).length
    guard speed <= bound + 1e-12 else {
      Issue.record("speed \(speed), bound \(bound)")
      return
    }
  }
}

@Test func velocityIsTheDerivativeOfPosition() {
  var random = SeededGenerator(seed: 7)
  for _ in 0..<500 {
    let robot = Generate.arm(joints: 7, mixed: true, &random)
    let q = Generate.position(of: robot, &random)
    let rate = JointVector(robot.joints.map { _ in random.uniform(-1...1) })
    let h = 1e-6
    var before = Posture(for: robot)
    var after = Posture(for: robot)
    var middle = Posture(for: robot)
    middle.place(robot, at: q)
    before.place(robot, at: JointVector((0..<7).map { q[$0] - h * rate[$0] }))
    after.place(robot, at: JointVector((0..<7).map { q[$0] + h * rate[$0] }))
    let numeric = (0.5 / h) * (after.toolCentrePoint - before.toolCentrePoint)
    let analytic = middle.velocity(
      of: middle.toolCentrePoint, fixedIn: robot.toolCentrePoint.link, rate: rate, robot: robot)
    guard (numeric - analytic).length < 1e-7 else {
      Issue.record("\(numeric) against \(analytic)")
      return
    }
  }
}

@Test func aJointStepMovesTheToolAsAsked() {
  var random = SeededGenerator(seed: 8)
  var tried = 0
  for _ in 0..<200 {
    let robot = Generate.arm(joints: 7, &random)
    let q = Generate.position(of: robot, &random)
    var here = Posture(for: robot)
    here.place(robot, at: q)
    let wanted = Generate.vector(1e-4, &random)
    let step = here.jointStep(translation: wanted, rotation: .zero, damping: 1e-4, robot: robot)
    guard step.values.allSatisfy({ abs($0) < 0.01 }) else { continue }
    var there = Posture(for: robot)
    there.place(robot, at: JointVector((0..<7).map { q[$0] + step[$0] }))
    tried += 1
    #expect(((there.toolCentrePoint - here.toolCentrePoint) - wanted).length < 2e-5)
  }
  #expect(tried > 100)
}
