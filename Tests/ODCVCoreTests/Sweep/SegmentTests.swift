import Testing
import TestSupport

@testable import ODCVCore

private let still = (JointVector([0.1, 0.2]), JointVector([0.1, 0.2]))

@Test func whatNoJointMovesIsCheckedByNeitherWay() {
  var robot = Planar.robot()
  robot.links.append(
    Link(name: "pedestal", parent: 0, origin: Pose(rotation: .identity, translation: Vector3(0, 2, 0)), joint: nil))
  robot.capsules.append(
    LinkCapsule(link: 3, capsule: Capsule(a: .zero, b: Vector3(0, 0, 0.2), radius: 0.05), fitGap: 0))
  let beside = [Obstacle(name: "beside", solid: .sphere(center: Vector3(0, 2, 0.1), radius: 0.1))]
  var posture = Posture(for: robot)
  posture.place(robot, at: still.0)
  var segment = SegmentClearance(robot, obstacles: beside)
  var stance = StanceClearance(robot, obstacles: beside)
  let answers = [
    posture.clearance(of: robot, to: beside)!.value, posture.clearance(of: robot, to: beside, exact: true)!.value,
    segment.sweep(from: still.0, to: still.1).cell!.value, stance.clearance(at: still.0).cell!.value,
  ]
  for answer in answers { #expect(answer.lower > 1 && abs(answer.lower - answers[0].lower) < 1e-4) }
}

@Test(arguments: 0..<40)
func anObstacleThatIsAHullIsSweptAsOne(seed: UInt64) {
  var random = SeededGenerator(seed: seed)
  let robot = Generate.arm(joints: 7, &random)
  let obstacles = (0..<4).map { index in
    let hull = Generate.hull(12, size: 0.3, &random).placed(Generate.pose(1, &random))
    return Obstacle(name: "\(index)", solid: .hull(hull))
  }
  let start = Generate.position(of: robot, &random)
  let end = JointVector(start.values.map { $0 + random.uniform(-0.2...0.2) })
  var clearance = SegmentClearance(robot, obstacles: obstacles)
  let found = clearance.sweep(from: start, to: end).cell!.value
  var posture = Posture(for: robot)
  var least = Double.infinity
  for step in 0...200 {
    var q = start
    for joint in 0..<7 { q[joint] += (end[joint] - start[joint]) * Double(step) / 200 }
    posture.place(robot, at: q)
    least = min(least, posture.clearance(of: robot, to: obstacles)!.value.lower)
  }
  #expect(found.lower <= least + 1e-8)
  // A box around a hull of this size is centimetres away from it.
  if least > 0 { #expect(found.lower >= least - 0.002) }
}

@Test func whereThereIsNothingToCompareThereIsNoClearance() {
  var robot = Planar.robot()
  robot.selfPairs = []
  var segment = SegmentClearance(robot, obstacles: [])
  let swept = segment.sweep(from: still.0, to: still.1)
  #expect(swept.cell == nil && swept.own == nil)
  let bound = segment.bound(from: still.0, to: still.1)
  #expect(bound.cell == nil && bound.own == nil)
}
