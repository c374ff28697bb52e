/// Where every link, joint axis and capsule of an arm is at one joint configuration, in the base frame.
///
/// Its arrays are made once for a robot and filled in place, so that `place` allocates nothing.
public struct Posture: Sendable {
  /// Base-to-link transform of each link.
  public private(set) var links: [Pose]
  /// Direction of the axis about or along which each link moves against its parent; zero for a fixed link.
  public private(set) var axes: [Vector3]
  /// A point on that axis.
  public private(set) var anchors: [Vector3]
  /// Each of the robot's capsules.
  public private(set) var capsules: [Capsule]
  public private(set) var toolCentrePoint: Vector3

  public init(for robot: RobotModel) {
    links = Array(repeating: .identity, count: robot.links.count)
    axes = Array(repeating: .zero, count: robot.links.count)
    anchors = Array(repeating: .zero, count: robot.links.count)
    capsules = robot.capsules.map(\.capsule)
    toolCentrePoint = .zero
  }

  /// Forward kinematics: each link's transform is its parent's, times its origin, times its joint's motion.
  public mutating func place(_ robot: RobotModel, at position: JointVector) {
    for index in robot.links.indices {
      let parent = robot.links[index].parent.map { links[$0] } ?? .identity
      var pose = parent * robot.links[index].origin
      if let joint = robot.links[index].joint {
        let axis = pose.rotation * robot.joints[joint].axis
        axes[index] = axis
        anchors[index] = pose.translation
        let value = robot.links[index].ratio * position[joint] + robot.links[index].offset
        switch robot.joints[joint].kind {
        case .revolute:
          pose.rotation = pose.rotation * Rotation(angle: value, about: robot.joints[joint].axis)
        case .prismatic:
          pose.translation = pose.translation + value * axis
        }
      }
      links[index] = pose
    }
    for index in robot.capsules.indices {
      capsules[index] = links[robot.capsules[index].link] * robot.capsules[index].capsule
    }
    toolCentrePoint = links[robot.toolCentrePoint.link] * robot.toolCentrePoint.offset
  }
}
