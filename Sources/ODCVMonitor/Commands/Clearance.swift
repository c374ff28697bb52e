import ArgumentParser
import ODCVConfig
import ODCVCore

/// Signed clearance of joint vectors on standard input.
struct Clearance: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Print the arm's clearance to the cell and to itself, for joint vectors on standard input.",
    discussion: "A CSV line of joint positions in rad each; a JSON line each. A part with nothing to check is null.")

  @Option(help: "The robot's file.")
  var robot: String

  @Option(help: "The cell's file.")
  var cell: String?

  func run() throws {
    var model = try loadRobot(robot)
    var obstacles: [Obstacle] = []
    if let cell {
      do throws(ConfigError) { obstacles = try CellFile.load(path: cell, robot: &model).obstacles } catch {
        throw Stop(.usage, "\(error)")
      }
    }
    var posture = Posture(for: model)
    try forEachJointVector(of: model) { position in
      posture.place(model, at: position)
      let toCell = posture.clearance(of: model, to: obstacles)
      let toSelf = posture.selfClearance(of: model)
      tell(
        JSON.object([
          ("static", part(toCell, model) { obstacles[$0].name }),
          ("self", part(toSelf, model) { model.links[$0].name }),
          ("human", .null),
        ]).line)
    }
  }

  private func part(_ found: ArmClearance?, _ model: RobotModel, _ other: (Int) -> String) -> JSON {
    guard let found else { return .null }
    return .object([
      ("lower", .number(found.value.lower)), ("upper", .number(found.value.upper)),
      ("link", .string(model.links[found.link].name)), ("other", .string(other(found.other))),
      ("points", .array([point(found.points.0), point(found.points.1)])),
    ])
  }

  private func point(_ p: Vector3) -> JSON { .array([.number(p.x), .number(p.y), .number(p.z)]) }
}
