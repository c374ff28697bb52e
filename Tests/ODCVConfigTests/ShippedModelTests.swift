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

  /// The arm with a shipped gripper on its flange and a tray in it, as a site would put it together.
  @Test(arguments: [
    ("ur5", "tool0", "robotiq-2f85", ["base_link", "shoulder_link", "upper_arm_link", "forearm_link"]),
    ("ur10", "tool0", "robotiq-2f85", ["base_link", "shoulder_link", "upper_arm_link", "forearm_link"]),
    ("iiwa14", "tool0", "robotiq-2f85", ["base_link", "link_1", "link_2", "link_3", "link_4"]),
    ("xarm7", "link_eef", "xarm-gripper", ["link_base", "link1", "link2", "link3", "link4"]),
  ])
  func aGripperAndATrayMountOnIt(name: String, flange: String, tool: String, clear: [String]) throws {
    let mount = """
      tool:
        file: ../tools/\(tool).yaml
        on: \(flange)
        xyz_m: [0, 0, 0]
        rpy_rad: [0, 0, 0]
        keep_clear_of: [\(clear.joined(separator: ", "))]
      self_pairs:
      """
    var arm = TwoJointArm()
    for part in ["\(name).yaml", "\(name).shapes.yaml"] {
      arm = arm.adding(try Shipped.text("robots/\(part)"), as: "robots/\(part)")
    }
    for part in ["\(tool).yaml", "\(tool).shapes.yaml"] {
      arm = arm.adding(try Shipped.text("tools/\(part)"), as: "tools/\(part)")
    }
    let fingers = tool == "robotiq-2f85" ? "robotiq_fingers" : "xarm_gripper_fingers"
    arm = try arm.replacing("robots/arm.yaml", with: "robots/\(name).yaml", in: "monitor.yaml")
      .replacing("\nself_pairs:", with: "\n\(mount)", in: "robots/\(name).yaml")
      .replacing("robot: two-joint", with: "robot: \(name)", in: "cells/cell.yaml")
      .replacing("  payload: {reason: light, by: J. Doe}\n", with: "", in: "cells/cell.yaml")
      .replacing("on: fingers", with: "on: \(fingers)", in: "cells/cell.yaml")
      .replacing("keep_clear_of: [base]", with: "keep_clear_of: [\(clear.joined(separator: ", "))]", in: "cells/cell.yaml")
      .replacing("center_m: [0, 0, 0.10]", with: "center_m: [0, 0, 0.20]", in: "cells/cell.yaml")
    let robot = try arm.load().core.robot
    #expect(robot.links.last?.name == "tray")
    #expect(robot.links[robot.toolCentrePoint.link].name == fingers)
    #expect(robot.capsules.allSatisfy { $0.hull != nil })
  }
}
