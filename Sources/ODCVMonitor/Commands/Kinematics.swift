import ArgumentParser
import ODCVConfig
import ODCVCore

/// Forward kinematics of joint vectors on standard input.
struct Kinematics: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Print where every link is, for joint vectors on standard input.",
    discussion: "A CSV line of joint positions in rad each; a JSON line each: {\"links\":{name:[16 numbers]}}, row-major base-to-link transforms.")

  @Option(help: "The robot's file.")
  var robot: String

  func run() throws {
    let model = try loadRobot(robot)
    var posture = Posture(for: model)
    try forEachJointVector(of: model) { position in
      posture.place(model, at: position)
      tell(
        JSON.object([
          ("links", .object(model.links.indices.map { (model.links[$0].name, matrix(posture.links[$0])) }))
        ]).line)
    }
  }

  private func matrix(_ pose: Pose) -> JSON {
    var values: [JSON] = []
    for row in 0..<3 {
      for column in [pose.rotation.x, pose.rotation.y, pose.rotation.z, pose.translation] {
        values.append(.number(column[row]))
      }
    }
    return .array(values + [.number(0), .number(0), .number(0), .number(1)])
  }
}

/// Reads a robot file; what is wrong with it ends the command with status 2.
func loadRobot(_ path: String) throws -> RobotModel {
  do throws(ConfigError) { return try RobotFile.load(path: path) } catch { throw Stop(.usage, "\(error)") }
}

/// One joint vector a line on standard input.
func forEachJointVector(of robot: RobotModel, _ body: (JointVector) throws -> Void) throws {
  try forEachJointVectors(1, of: robot) { try body($0[0]) }
}

/// `count` joint vectors a line, one behind the other.
func forEachJointVectors(_ count: Int, of robot: RobotModel, _ body: ([JointVector]) throws -> Void) throws {
  let joints = robot.joints.count
  try forEachNumberLine(of: "joint positions in rad") { number, values in
    guard values.count == count * joints else {
      let wanted = count == 1 ? "one per joint" : "one per joint for each of the \(count) joint vectors"
      throw Stop(
        .usage, "standard input:\(number): \(values.count) values for \(joints) joints of \(robot.name); write \(wanted)")
    }
    for (place, value) in values.enumerated() {
      let joint = robot.joints[place % joints]
      guard joint.kind == .revolute ? abs(value) <= 1000 : abs(value) <= Vector3.reach else {
        throw Stop(
          .usage,
          "standard input:\(number): \(value) for \(joint.name); write radians between -1000 and 1000, or metres between "
            + "-\(Vector3.reach) and \(Vector3.reach) for a prismatic joint")
      }
    }
    try body((0..<count).map { JointVector(values[($0 * joints)..<(($0 + 1) * joints)]) })
  }
}
