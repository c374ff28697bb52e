import ArgumentParser
import ODCVConfig
import ODCVCore

/// Momentum, gravity and mass matrix of joint states on standard input.
struct DynamicsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "dynamics", abstract: "Print what an arm's joints feel of its own motion, for joint states on standard input.",
    discussion: """
      A CSV line of joint positions in rad, then velocities in rad/s; a JSON line each: {\"mass\": the mass matrix row by \
      row, kg m2, \"momentum\": M q', kg m2/s, \"kinetic\": dT/dq, Nm, \"gravity\": the torque of gravity on each joint, Nm}.
      """)

  @Option(help: "The robot's file.")
  var robot: String

  func run() throws {
    let model = try loadRobot(robot)
    guard var dynamics = ArmDynamics(for: model) else {
      throw Stop(.usage, "\(robot): declares no `dynamics`; add them, docs/configuration.md has the keys")
    }
    let count = model.joints.count
    try forEachJointVectors(2, of: model) { states in
      dynamics.place(position: states[0], velocity: states[1])
      var mass = [Double](repeating: 0, count: count * count)
      dynamics.massMatrix { row, column, value in mass[count * row + column] += value }
      func numbers(_ values: [Double]) -> JSON { .array(values.map { .number($0) }) }
      tell(
        JSON.object([
          ("mass", numbers(mass)), ("momentum", numbers(dynamics.momentum.values)),
          ("kinetic", numbers(dynamics.kinetic.values)), ("gravity", numbers(dynamics.gravity.values)),
        ]).line)
    }
  }
}
