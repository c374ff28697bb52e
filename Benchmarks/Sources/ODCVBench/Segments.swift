import ODCVCore

/// What a scene holds that can't be copied.
final class Held {
  let hulls: HullTable
  var clearance: SegmentClearance
  var stance: StanceClearance

  init(_ robot: RobotModel, obstacles: [Obstacle], exact: Bool) {
    hulls = HullTable(robot.hulls)
    stance = StanceClearance(robot, obstacles: obstacles)
    clearance = SegmentClearance(robot, obstacles: obstacles, exact: exact)
  }

  /// Single configuration, to the obstacles and to itself.
  @inline(__always)
  func clearance(at position: JointVector) -> (environment: Interval?, itself: Interval?) {
    let found = stance.clearance(at: position)
    return (found.cell?.value, found.own?.value)
  }
}

/// Straight joint segments, each bounded as a motion of the monitor is: sixteen samples and what lies between them, not
/// cut further. Returns the ns of all; with `times` those of each, the clock's own cost in every one of them.
@_cdecl("odcv_segment")
public func segment(
  _ scene: Int32, _ count: Int32, _ from: UnsafePointer<Double>, _ to: UnsafePointer<Double>,
  _ answers: UnsafeMutablePointer<Double>, _ times: UnsafeMutablePointer<Int64>?
) -> Int64 {
  let dof = scenes[Int(scene)].robot.joints.count
  let held = scenes[Int(scene)].held
  let begin = nanoseconds()
  for index in 0..<Int(count) {
    let start = times == nil ? 0 : nanoseconds()
    let found = held.clearance.bound(from: joints(from + dof * index, dof), to: joints(to + dof * index, dof))
    if let times { times[index] = nanoseconds() - start }
    write((found.cell?.value, found.own?.value), to: answers + answerStride * index)
  }
  return nanoseconds() - begin
}

/// Each segment with one obstacle of its own, not timed. `cut`: refined by halving, as `odcv-monitor sweep` does; else as
/// the loop does. `exact`: with hulls too.
@_cdecl("odcv_segment_own_obstacle")
public func segmentOwnObstacle(
  _ scene: Int32, _ count: Int32, _ from: UnsafePointer<Double>, _ to: UnsafePointer<Double>,
  _ kinds: UnsafePointer<Int32>, _ numbers: UnsafePointer<Double>, _ cut: Int32, _ exact: Int32,
  _ answers: UnsafeMutablePointer<Double>
) {
  let robot = scenes[Int(scene)].robot
  let dof = robot.joints.count
  for index in 0..<Int(count) {
    let obstacle = Obstacle(name: "obstacle", solid: solid(kind: kinds[index], numbers: numbers + solidStride * index))
    let held = Held(robot, obstacles: [obstacle], exact: exact != 0)
    let (start, end) = (joints(from + dof * index, dof), joints(to + dof * index, dof))
    if cut != 0 {
      let found = held.clearance.sweep(from: start, to: end)
      write((found.cell?.value, found.own?.value), to: answers + answerStride * index)
    } else {
      let found = held.clearance.bound(from: start, to: end)
      write((found.cell?.value, found.own?.value), to: answers + answerStride * index)
    }
  }
}
