import ODCVEvidence

/// Where a trajectory of points leads between them, as ROS 2's joint trajectory controller interpolates: linearly where points
/// state positions alone, by a cubic where they state velocities, by a quintic where they state accelerations too
/// (joint_trajectory_controller, `Trajectory::interpolate_between_points`). It begins where the arm is.
struct TrajectoryPath {
  /// In the robot's joint order.
  struct Point {
    /// s from the beginning
    var time: Double
    /// rad
    var position: [Double]
    /// rad/s; `nil`: not stated
    var velocity: [Double]?
    /// rad/s²; `nil`: not stated
    var acceleration: [Double]?
  }

  private let points: [Point]

  /// - Parameters:
  ///   - start: where the arm is when it begins; at time 0
  ///   - points: at least one, times rising
  init(from start: Point, through points: [Point]) {
    precondition(!points.isEmpty)
    // A point at once leaves the arm no way to it.
    self.points = points[0].time <= 0 ? points : [start] + points
  }

  /// s from the beginning until the last point
  var duration: Double { points[points.count - 1].time }

  /// rad, in the robot's joint order.
  func position(at time: Double) -> [Double] {
    guard let next = points.firstIndex(where: { $0.time > time }) else { return points[points.count - 1].position }
    guard next > 0 else { return points[0].position }
    let (a, b) = (points[next - 1], points[next])
    return a.position.indices.map { TrajectoryPath.value(a, b, $0, at: time - a.time) }
  }

  private static func value(_ a: Point, _ b: Point, _ joint: Int, at t: Double) -> Double {
    let (duration, p0, p1) = (b.time - a.time, a.position[joint], b.position[joint])
    guard let v0 = a.velocity?[joint], let v1 = b.velocity?[joint] else { return p0 + (p1 - p0) * t / duration }
    let s = t / duration
    guard let a0 = a.acceleration?[joint], let a1 = b.acceleration?[joint] else {
      // Hermite's cubic.
      let d0 = v0 * duration
      let d1 = v1 * duration
      return p0 + s * (d0 + s * ((3 * (p1 - p0) - 2 * d0 - d1) + s * (2 * (p0 - p1) + d0 + d1)))
    }
    // The quintic with the same ends, speeds and accelerations.
    let (d0, d1) = (v0 * duration, v1 * duration)
    let (e0, e1) = (a0 * duration * duration, a1 * duration * duration)
    let way = p1 - p0
    let c3 = 10 * way - 6 * d0 - 4 * d1 - 1.5 * e0 + 0.5 * e1
    let c4 = -15 * way + 8 * d0 + 7 * d1 + 1.5 * e0 - e1
    let c5 = 6 * way - 3 * d0 - 3 * d1 - 0.5 * e0 + 0.5 * e1
    return p0 + s * (d0 + s * (0.5 * e0 + s * (c3 + s * (c4 + s * c5))))
  }
}
