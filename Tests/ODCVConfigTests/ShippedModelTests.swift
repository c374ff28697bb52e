import ODCVConfig
import ODCVCore
import ODCVModel
import ODCVYAML
import Testing
import TestSupport

/// The models in config/robots that were fitted to public meshes.
@Suite struct ShippedModelTests {
  static let names = ["panda", "ur5", "ur10", "xarm7", "iiwa14"]

  private func contents(_ name: String) throws -> RobotFile.Contents {
    try RobotFile.contents(path: Shipped.path("robots/\(name).yaml"))
  }

  @Test(arguments: names) func everyCapsuleHoldsTheHullThatItWasFittedWith(name: String) throws {
    let robot = try contents(name).model
    for capsule in robot.capsules {
      let hull = robot.hulls[try #require(capsule.hull)]
      for vertex in hull.vertices {
        let point = Capsule(a: vertex, b: vertex, radius: 0)
        // A hull's padding pays for the vertices that it leaves out; the capsule was fitted to all of them.
        #expect(room(in: capsule.capsule, around: point) >= -1e-6, "\(robot.links[capsule.link].name)")
      }
      #expect(hull.padding < 0.001 && hull.gap >= hull.padding && hull.gap <= capsule.fitGap + 0.001)
    }
  }

  @Test(arguments: names) func everyLinkWithCapsulesIsCertified(name: String) throws {
    let (robot, certificate) = (try contents(name).model, try #require(try contents(name).certificate))
    let shaped = robot.links.indices.filter { link in robot.capsules.contains { $0.link == link } }
    #expect(certificate.links.map(\.link) == shaped.map { robot.links[$0].name })
    // The base and every joint move something with a shape.
    #expect(shaped.count > robot.joints.count)
  }

  /// Stretched out, an arm reaches as far as its data sheet says (m, from its base to its flange or a little beyond).
  @Test(arguments: [("panda", 0.855), ("ur5", 0.85), ("ur10", 1.3), ("xarm7", 0.7), ("iiwa14", 0.82)])
  func anArmReachesAsFarAsItsDataSheetSays(name: String, reach: Double) throws {
    let robot = try contents(name).model
    var posture = Posture(for: robot)
    var farthest = 0.0
    var random = SeededGenerator(seed: 5)
    let tip = robot.toolCentrePoint
    for _ in 0..<4000 {
      posture.place(robot, at: JointVector(robot.joints.map { random.uniform($0.limits.lower...$0.limits.upper) }))
      let shoulder = posture.links[2].translation
      farthest = max(farthest, (posture.links[tip.link] * tip.offset - shoulder).length)
    }
    #expect(farthest > 0.85 * reach && farthest < 1.35 * reach, "\(farthest) m")
  }

  @Test(arguments: names) func aShapesFileStaysSmallAndSaysWhereItComesFrom(name: String) throws {
    let bytes = try YAMLFile.bytes(path: Shipped.path("robots/\(name).shapes.yaml"))
    #expect(bytes.count < 300_000)
    for part in ["\(name).yaml", "\(name).shapes.yaml"] {
      let map = try YAMLMap.load(path: Shipped.path("robots/\(part)"))
      #expect(try map.string("source").contains("PyPI"))
      #expect(try map.string("licence").contains { $0.isUppercase })
    }
  }

  /// A monitor that watches the fitted arm in place of the simulated one loads, and its recording carries the shapes.
  @Test func theFittedPandaStandsInTheShippedCell() throws {
    var files = try Shipped.files()
    for part in ["panda.yaml", "panda.shapes.yaml"] {
      files.append(ConfigurationFile(name: "robots/\(part)", bytes: Array(try Shipped.text("robots/\(part)").utf8)))
    }
    for index in files.indices {
      let text = String(decoding: files[index].bytes, as: UTF8.self)
      switch files[index].name {
      case "monitor.yaml": files[index].bytes = Array(text.replacing("panda-sim.yaml", with: "panda.yaml").utf8)
      case "cells/e01.yaml": files[index].bytes = Array(text.replacing("robot: panda-sim", with: "robot: panda").utf8)
      case _: break
      }
    }
    let loaded = try LoadedConfiguration.load(attachments: files)
    #expect(loaded.attachments.map(\.name).contains("robots/panda.shapes.yaml"))
    #expect(loaded.jointNames == (1...7).map { "panda_joint\($0)" })
  }
}
