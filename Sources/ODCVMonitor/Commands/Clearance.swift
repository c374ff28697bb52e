import ArgumentParser
import ODCVConfig
import ODCVCore

/// Signed clearance of joint vectors on standard input.
struct Clearance: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Print the arm's clearance to the cell and to itself, for joint vectors on standard input.",
    discussion: """
      A CSV line of joint positions in rad each; a JSON line each. A part with nothing to check is null. Empty lines are \
      passed over; status 5 when there is no other. Links that no joint moves are not checked. `points` are the nearest of \
      the two shapes; where those overlap, points of the overlap.
      """)

  @Option(help: "The robot's file.")
  var robot: String

  @Option(help: "The cell's file.")
  var cell: String?

  @Flag(help: "Refine with the convex hulls in the robot's file, for the pairs that can be the nearest.")
  var exact = false

  func run() throws {
    let (model, obstacles) = try loadScene(robot, cell, exact: exact)
    var posture = Posture(for: model)
    try forEachJointVector(of: model) { position in
      posture.place(model, at: position)
      let toCell = posture.clearance(of: model, to: obstacles, exact: exact)
      let toSelf = posture.selfClearance(of: model, exact: exact)
      tell(clearanceLine(toCell, toSelf, model, obstacles))
    }
  }
}

/// The robot and what stands in the cell; what is wrong with either ends the command with status 2.
func loadScene(_ robot: String, _ cell: String?, exact: Bool) throws -> (RobotModel, [Obstacle]) {
  var model = try loadRobot(robot)
  if exact, !model.capsules.contains(where: { $0.hull != nil }) {
    throw Stop(
      .usage, "\(robot): no capsule names a hull to refine with; leave --exact out, or take a robot file with `shapes`")
  }
  guard let cell else { return (model, []) }
  do throws(ConfigError) { return (model, try CellFile.load(path: cell, robot: &model).obstacles) } catch {
    throw Stop(.usage, "\(error)")
  }
}

/// One answer: a part with nothing to check is null.
func clearanceLine(
  _ toCell: ArmClearance?, _ toSelf: ArmClearance?, _ model: RobotModel, _ obstacles: [Obstacle]
) -> String {
  JSON.object([
    ("static", part(toCell, model) { obstacles[$0].name }), ("self", part(toSelf, model) { model.links[$0].name }),
    ("human", .null),
  ]).line
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
