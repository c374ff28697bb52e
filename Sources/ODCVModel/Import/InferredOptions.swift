import Glibc
import ODCVCore

extension ImportOptions {
  /// The options with which a model was imported, read from the model itself: which joints it moves, at which position it holds
  /// the others, and which of them it sweeps. Nothing is proved by this; the certificate's check compares the outcome.
  ///
  /// - Parameters:
  ///   - model: the robot file's own links, without a mounted tool.
  public init(
    of model: RobotModel, certificate: Certificate, description robot: RobotDescription
  ) throws(ImportError) {
    self.init()
    guard let first = model.links.first, robot.link(named: first.name) != nil else {
      throw ImportError(
        file: robot.file, problem: "the model's base `\(model.links.first?.name ?? "")` is no link of this URDF",
        remedy: "name the URDF that the model was imported from")
    }
    base = first.name
    for (index, joint) in model.joints.enumerated() {
      // The link that the joint moves itself hangs on the URDF's joint of the same name.
      guard let described = robot.joint(named: joint.name) else {
        throw ImportError(
          file: robot.file, problem: "the model's joint `\(joint.name)` is no joint of this URDF",
          remedy: "name the URDF that the model was imported from")
      }
      if index == model.joints.count - 1 { tip = robot.links[robot.joints[described].child].name }
    }
    var sweeps: [Int: Int] = [:]
    for certified in certificate.links {
      guard let link = robot.link(named: certified.link) else { continue }
      sweeps[link] = certified.elements.map(\.sweepCount).max() ?? 0
    }
    for joint in robot.joints where !joint.isFixed && joint.mimic == nil {
      guard let link = model.links.first(where: { $0.name == robot.links[joint.child].name }), link.parent != nil,
        link.joint == nil
      else { continue }
      let above = robot.joint(holding: joint.parent) == nil ? 0 : sweeps[joint.parent] ?? 0
      if joint.kind == .prismatic, Self.sweeps(below: joint.child, robot, sweeps) > above {
        swept.append(joint.name)
      } else {
        // Rounding must not carry it past the limit that it is held at.
        let position = Self.position(of: joint, holding: link.origin)
        fixed[joint.name] = joint.limits.map { min($0.upper, max($0.lower, position)) } ?? position
      }
    }
    for link in model.links where robot.link(named: link.name).map({ robot.links[$0].collisions.isEmpty }) ?? false {
      withoutShape[link.name] = "as the model says"
    }
  }

  /// Of the nearest links with shapes at or below `link`.
  private static func sweeps(below link: Int, _ robot: RobotDescription, _ sweeps: [Int: Int]) -> Int {
    if let own = sweeps[link] { return own }
    return robot.joints.filter { $0.parent == link }.map { Self.sweeps(below: $0.child, robot, sweeps) }.max() ?? 0
  }

  /// Where a joint stands whose link has the fixed `origin`; rad or m.
  private static func position(of joint: RobotDescription.Joint, holding origin: Pose) -> Double {
    let start = joint.origin.pose
    if joint.kind == .prismatic {
      return joint.axis.dot(start.rotation.transposed(origin.translation - start.translation))
    }
    let across = abs(joint.axis.x) < 0.9 ? Vector3(1, 0, 0) : Vector3(0, 1, 0)
    let u = joint.axis.cross(across)
    let turned = start.rotation.transposed(origin.rotation * u)
    return atan2(joint.axis.dot(u.cross(turned)), u.dot(turned))
  }
}
