/// Where every link, joint axis and capsule of an arm is at one joint configuration, in the base frame.
///
/// Its arrays are made once for a robot and filled in place, so that `place` allocates nothing.
public struct Posture: Sendable {
  /// Base-to-link transform of each link.
  public private(set) var links: [Pose]
  /// Direction of each joint's axis.
  public private(set) var axes: [Vector3]
  /// A point on each joint's axis.
  public private(set) var anchors: [Vector3]
  /// Each of the robot's capsules.
  public private(set) var capsules: [Capsule]
  public private(set) var toolCentrePoint: Vector3

  public init(for robot: RobotModel) {
    links = Array(repeating: .identity, count: robot.links.count)
    axes = Array(repeating: .zero, count: robot.joints.count)
    anchors = Array(repeating: .zero, count: robot.joints.count)
    capsules = robot.capsules.map(\.capsule)
    toolCentrePoint = .zero
  }

  /// Forward kinematics: each link's transform is its parent's, times its origin, times its joint's motion.
  public mutating func place(_ robot: RobotModel, at position: JointVector) {
    for index in robot.links.indices {
      let parent = robot.links[index].parent.map { links[$0] } ?? .identity
      var pose = parent * robot.links[index].origin
      if let joint = robot.links[index].joint {
        axes[joint] = pose.rotation * robot.joints[joint].axis
        anchors[joint] = pose.translation
        switch robot.joints[joint].kind {
        case .revolute:
          pose.rotation = pose.rotation * Rotation(angle: position[joint], about: robot.joints[joint].axis)
        case .prismatic:
          pose.translation = pose.translation + position[joint] * axes[joint]
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
