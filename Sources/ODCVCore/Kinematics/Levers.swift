/// What a force on a link can do to the joints that carry it.
extension RobotModel {
  /// The greatest torque on each joint that a force of one newton anywhere on a link can make, m: the farthest point of the
  /// link's shapes from the axis. 0 for joints that do not move the link.
  ///
  /// - poses: Base-to-link transform of each link.
  /// - axes, anchors: Direction of the axis about or along which each link moves against its parent, and a point on it.
  func levers(of link: Int, poses: [Pose], axes: [Vector3], anchors: [Vector3]) -> JointVector {
    var levers = JointVector(count: joints.count)
    for capsule in capsules.indices where capsules[capsule].link == link {
      let body = poses[link] * capsules[capsule].capsule
      var at = link
      while let parent = links[at].parent {
        if let joint = links[at].joint {
          let ratio = abs(links[at].ratio)
          switch joints[joint].kind {
          case .revolute:
            let farther = max(
              axes[at].cross(body.a - anchors[at]).length, axes[at].cross(body.b - anchors[at]).length)
            levers[joint] = max(levers[joint], ratio * (farther + body.radius))
          case .prismatic: levers[joint] = max(levers[joint], ratio)
          }
        }
        at = parent
      }
    }
    return levers
  }
}

extension Posture {
  /// The greatest torque on each joint that a newton anywhere on a link can make where `robot` was placed last, m.
  func levers(of link: Int, robot: RobotModel) -> JointVector {
    robot.levers(of: link, poses: links, axes: axes, anchors: anchors)
  }
}
