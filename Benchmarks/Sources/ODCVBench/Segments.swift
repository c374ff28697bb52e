import ODCVCore

extension Scene {
  /// A lower bound of the clearance over the whole straight joint segment, to the obstacles and to itself: at the middle
  /// of each of `cells` equal cells, less what the capsules can travel inside the cell. The upper bound is the least of
  /// the middles'.
  mutating func segmentClearance(
    from: JointVector, to: JointVector, cells: Int
  ) -> (lower: (Double, Double), upper: (Double, Double)) {
    let count = robot.joints.count
    var change = JointVector(count: count)
    for joint in 0..<count { change[joint] = abs(to[joint] - from[joint]) / Double(2 * cells) }
    var lower = (Double.infinity, Double.infinity)
    var upper = (Double.infinity, Double.infinity)
    var middle = JointVector(count: count)
    for cell in 0..<cells {
      let s = (Double(cell) + 0.5) / Double(cells)
      for joint in 0..<count { middle[joint] = from[joint] + s * (to[joint] - from[joint]) }
      posture.place(robot, at: middle)
      for (index, body) in robot.capsules.enumerated() where body.link != 0 {
        let travel = posture.travel(
          of: posture.capsules[index].a, posture.capsules[index].b, fixedIn: body.link, change: change, robot: robot)
        for obstacle in obstacles {
          let distance = nearest(posture.capsules[index], to: obstacle.solid).distance
          lower.0 = min(lower.0, distance - travel)
          upper.0 = min(upper.0, distance + body.fitGap)
        }
      }
      for pair in robot.selfPairs {
        for (i, first) in robot.capsules.enumerated() where first.link == pair.first {
          for (j, second) in robot.capsules.enumerated() where second.link == pair.second {
            let travel = posture.travel(
              of: posture.capsules[j].a, posture.capsules[j].b, fixedIn: second.link, change: change, robot: robot,
              asSeenFrom: first.link)
            let distance = nearest(posture.capsules[j], to: posture.capsules[i]).distance
            lower.1 = min(lower.1, distance - travel)
            upper.1 = min(upper.1, distance + first.fitGap + second.fitGap)
          }
        }
      }
    }
    let rounding = 1e-9
    return ((lower.0 - rounding, lower.1 - rounding), (upper.0 + rounding, upper.1 + rounding))
  }
}

/// The same configurations as a batch: ns for all of them.
@_cdecl("odcv_batch")
public func batch(
  _ scene: Int32, _ count: Int32, _ q: UnsafePointer<Double>, _ answers: UnsafeMutablePointer<Double>
) -> Int64 {
  single(scene, count, q, answers)
}

/// Straight joint segments: a bound that holds at each of 16 samples, both ends among them. ns of each.
@_cdecl("odcv_path")
public func path(
  _ scene: Int32, _ count: Int32, _ from: UnsafePointer<Double>, _ to: UnsafePointer<Double>,
  _ answers: UnsafeMutablePointer<Double>, _ times: UnsafeMutablePointer<Int64>
) {
  segment(scene, count, from, to, answers, times)
}

/// Straight joint segments: a bound that holds all along. ns of each.
@_cdecl("odcv_segment")
public func segment(
  _ scene: Int32, _ count: Int32, _ from: UnsafePointer<Double>, _ to: UnsafePointer<Double>,
  _ answers: UnsafeMutablePointer<Double>, _ times: UnsafeMutablePointer<Int64>
) {
  let dof = scenes[Int(scene)].robot.joints.count
  for index in 0..<Int(count) {
    let start = nanoseconds()
    write(
      scenes[Int(scene)].segmentClearance(
        from: joints(from + dof * index, dof), to: joints(to + dof * index, dof), cells: 16),
      to: answers + answerStride * index)
    times[index] = nanoseconds() - start
  }
}

/// Each segment with one obstacle of its own, not timed.
@_cdecl("odcv_segment_own_obstacle")
public func segmentOwnObstacle(
  _ scene: Int32, _ count: Int32, _ from: UnsafePointer<Double>, _ to: UnsafePointer<Double>,
  _ kinds: UnsafePointer<Int32>, _ numbers: UnsafePointer<Double>, _ answers: UnsafeMutablePointer<Double>
) {
  let dof = scenes[Int(scene)].robot.joints.count
  scenes[Int(scene)].obstacles = [Obstacle(name: "obstacle", solid: .sphere(center: .zero, radius: 0))]
  for index in 0..<Int(count) {
    scenes[Int(scene)].obstacles[0].solid = solid(kind: kinds[index], numbers: numbers + solidStride * index)
    write(
      scenes[Int(scene)].segmentClearance(
        from: joints(from + dof * index, dof), to: joints(to + dof * index, dof), cells: 16),
      to: answers + answerStride * index)
  }
}

private func write(
  _ found: (lower: (Double, Double), upper: (Double, Double)), to answer: UnsafeMutablePointer<Double>
) {
  answer[0] = found.lower.0
  answer[1] = found.upper.0
  answer[2] = found.lower.1
  answer[3] = found.upper.1
}
