import ArgumentParser
import ODCVCore

/// Least clearance over whole joint segments on standard input.
struct Sweep: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Print the arm's least clearance over straight joint segments on standard input.",
    discussion: """
      A CSV line of two joint vectors in rad each, start then end; a JSON line each, with the fields of `clearance`. The \
      bounds hold for every configuration in between, not only for samples: no obstacle is stepped over.
      """)

  @Option(help: "The robot's file.")
  var robot: String

  @Option(help: "The cell's file.")
  var cell: String?

  @Flag(help: "Refine with the convex hulls in the robot's file, for the pairs that can be the nearest.")
  var exact = false

  @Option(help: "Cut a segment until its bounds are within this of each other, beyond what the model leaves open, m.")
  var tolerance = 0.0001

  func run() throws {
    guard tolerance > 0 else { throw Stop(.usage, "--tolerance \(tolerance): write a length above 0 in m") }
    let (model, obstacles) = try loadScene(robot, cell, exact: exact)
    var clearance = SegmentClearance(model, obstacles: obstacles, exact: exact)
    try forEachJointVectors(2, of: model) { ends in
      let found = clearance.sweep(from: ends[0], to: ends[1], tolerance: tolerance)
      tell(clearanceLine(found.cell, found.own, model, obstacles))
    }
  }
}
