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

/// One joint vector a line on standard input; the first line that is none ends the command with status 2, no line at all
/// with status 5.
func forEachJointVector(of robot: RobotModel, _ body: (JointVector) throws -> Void) throws {
  try forEachJointVectors(1, of: robot) { try body($0[0]) }
}

/// `count` joint vectors a line, one behind the other.
func forEachJointVectors(_ count: Int, of robot: RobotModel, _ body: ([JointVector]) throws -> Void) throws {
  let joints = robot.joints.count
  var number = 0
  var isEmpty = true
  while let line = readLine() {
    number += 1
    let fields = line.split(separator: ",", omittingEmptySubsequences: false)
    if fields.count == 1, line.allSatisfy(\.isWhitespace) { continue }
    var values: [Double] = []
    for field in fields {
      let words = field.split(whereSeparator: \.isWhitespace)
      guard words.count == 1, let value = Double(words[0]), value.isFinite else {
        throw Stop(.usage, "standard input:\(number): `\(field)` is no finite number; write joint positions in rad, comma-separated")
      }
      values.append(value)
    }
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
    isEmpty = false
    try body((0..<count).map { JointVector(values[($0 * joints)..<(($0 + 1) * joints)]) })
  }
  if isEmpty { throw Stop(.nothing, "standard input: no joint vector; write one a line, joint positions in rad, comma-separated") }
}
