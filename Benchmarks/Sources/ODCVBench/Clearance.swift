import Glibc
import ODCVCore

/// A robot among obstacles, with all that a query writes to.
struct Scene {
  var robot: RobotModel
  var obstacles: [Obstacle]
  var posture: Posture
  let held: Held

  init(_ robot: RobotModel, obstacles: [Obstacle]) {
    self.robot = robot
    self.obstacles = obstacles
    posture = Posture(for: robot)
    held = Held(robot, obstacles: obstacles, exact: false)
  }

  /// The same in two stages: what the capsules leave open is refined with the hulls inside them, by at most `budget` units
  /// of work.
  @inline(__always)
  mutating func exactClearance(
    at position: JointVector, budget: Int
  ) -> (environment: Interval?, itself: Interval?) {
    posture.place(robot, at: position)
    var left = budget
    let environment = posture.exactClearance(of: robot, held.hulls, to: obstacles, budget: &left)
    return (environment?.value, posture.exactSelfClearance(of: robot, held.hulls, budget: &left)?.value)
  }
}

/// Doubles of one answer: lower and upper bound to the obstacles, the same to itself. +inf where there is nothing.
let answerStride = 4

@inline(__always)
func write(_ found: (environment: Interval?, itself: Interval?), to answer: UnsafeMutablePointer<Double>) {
  answer[0] = found.environment?.lower ?? .infinity
  answer[1] = found.environment?.upper ?? .infinity
  answer[2] = found.itself?.lower ?? .infinity
  answer[3] = found.itself?.upper ?? .infinity
}

@inline(__always)
func nanoseconds() -> Int64 {
  var now = timespec()
  clock_gettime(CLOCK_MONOTONIC, &now)
  return Int64(now.tv_sec) * 1_000_000_000 + Int64(now.tv_nsec)
}

/// A robot and obstacles as flat arrays.
@_cdecl("odcv_scene")
public func scene(
  _ robot: Int32, _ count: Int32, _ kinds: UnsafePointer<Int32>, _ numbers: UnsafePointer<Double>
) -> Int32 {
  let obstacles = (0..<Int(count)).map {
    Obstacle(name: "obstacle\($0)", solid: solid(kind: kinds[$0], numbers: numbers + solidStride * $0))
  }
  scenes.append(Scene(robots[Int(robot)], obstacles: obstacles))
  return Int32(scenes.count - 1)
}

/// One query after the other, timed as a whole: ns for all of them.
@_cdecl("odcv_single")
public func single(
  _ scene: Int32, _ count: Int32, _ q: UnsafePointer<Double>, _ answers: UnsafeMutablePointer<Double>
) -> Int64 {
  let dof = scenes[Int(scene)].robot.joints.count
  let held = scenes[Int(scene)].held
  let start = nanoseconds()
  for index in 0..<Int(count) {
    write(held.clearance(at: joints(q + dof * index, dof)), to: answers + answerStride * index)
  }
  return nanoseconds() - start
}

/// The same, each timed alone; with the clock's own cost in every one of them.
@_cdecl("odcv_single_each")
public func singleEach(
  _ scene: Int32, _ count: Int32, _ q: UnsafePointer<Double>, _ answers: UnsafeMutablePointer<Double>,
  _ times: UnsafeMutablePointer<Int64>
) {
  let dof = scenes[Int(scene)].robot.joints.count
  let held = scenes[Int(scene)].held
  for index in 0..<Int(count) {
    let start = nanoseconds()
    write(held.clearance(at: joints(q + dof * index, dof)), to: answers + answerStride * index)
    times[index] = nanoseconds() - start
  }
}

/// The same in two stages: ns for all of them.
@_cdecl("odcv_exact")
public func exact(
  _ scene: Int32, _ count: Int32, _ q: UnsafePointer<Double>, _ budget: Int32, _ answers: UnsafeMutablePointer<Double>
) -> Int64 {
  let dof = scenes[Int(scene)].robot.joints.count
  let start = nanoseconds()
  for index in 0..<Int(count) {
    write(
      scenes[Int(scene)].exactClearance(at: joints(q + dof * index, dof), budget: Int(budget)),
      to: answers + answerStride * index)
  }
  return nanoseconds() - start
}

/// Each configuration with one obstacle of its own, not timed; in two stages where `budget` is above zero.
@_cdecl("odcv_single_own_obstacle")
public func singleOwnObstacle(
  _ scene: Int32, _ count: Int32, _ q: UnsafePointer<Double>, _ kinds: UnsafePointer<Int32>,
  _ numbers: UnsafePointer<Double>, _ budget: Int32, _ answers: UnsafeMutablePointer<Double>
) {
  let dof = scenes[Int(scene)].robot.joints.count
  scenes[Int(scene)].obstacles = [Obstacle(name: "obstacle", solid: .sphere(center: .zero, radius: 0))]
  let held = scenes[Int(scene)].held
  held.stance = StanceClearance(scenes[Int(scene)].robot, obstacles: scenes[Int(scene)].obstacles)
  for index in 0..<Int(count) {
    scenes[Int(scene)].obstacles[0].solid = solid(kind: kinds[index], numbers: numbers + solidStride * index)
    held.stance.place(scenes[Int(scene)].obstacles)
    let position = joints(q + dof * index, dof)
    let found =
      budget > 0
      ? scenes[Int(scene)].exactClearance(at: position, budget: Int(budget)) : held.clearance(at: position)
    write(found, to: answers + answerStride * index)
  }
}

/// What the clock costs: `count` readings, ns for all.
@_cdecl("odcv_clock")
public func clock(_ count: Int32) -> Int64 {
  let start = nanoseconds()
  var last = start
  for _ in 0..<count { last = nanoseconds() }
  return last - start
}
