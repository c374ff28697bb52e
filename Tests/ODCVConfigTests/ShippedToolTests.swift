import ODCVConfig
import ODCVCore
import Testing

/// The tools in config/tools.
@Suite struct ShippedToolTests {
  private static let tools = ["robotiq-2f85", "xarm-gripper"]

  /// The small arm with a shipped tool in place of its own.
  private func arm(_ tool: String) throws -> RobotModel {
    var arm = TwoJointArm()
    for part in ["\(tool).yaml", "\(tool).shapes.yaml"] { arm = arm.adding(try Shipped.text("tools/\(part)"), as: "tools/\(part)") }
    arm = try arm.replacing("../tools/gripper.yaml", with: "../tools/\(tool).yaml", in: "robots/arm.yaml")
      .replacing("on: fingers", with: "on: ram", in: "cells/cell.yaml")
    return try arm.load().core.robot
  }

  @Test(arguments: tools) func aShippedToolMountsWithAHullForEachCapsule(tool: String) throws {
    let robot = try arm(tool)
    let ram = try #require(robot.links.firstIndex { $0.name == "ram" })
    let own = robot.capsules.filter { $0.link > ram + 1 && $0.link < robot.links.count - 1 }
    #expect(own.count >= 4)
    #expect(own.allSatisfy { $0.hull != nil })
    #expect(robot.selfPairs.count > 3)
  }

  /// Grippers of this kind are 9 to 18 cm long and open to 8 to 9 cm: no decimal point is lost.
  @Test(arguments: tools) func aShippedToolHasTheSizeOfAGripper(tool: String) throws {
    let robot = try arm(tool)
    let ram = try #require(robot.links.firstIndex { $0.name == "ram" })
    let points = robot.capsules.filter { $0.link > ram + 1 && $0.link < robot.links.count - 1 }
      .compactMap(\.hull).flatMap { robot.hulls[$0].vertices }
    let reach = (0..<3).map { axis in (points.map { $0[axis] }.min() ?? 0, points.map { $0[axis] }.max() ?? 0) }
    #expect(reach[2].1 > 0.14 && reach[2].1 < 0.19)
    #expect(reach[1].1 > 0.05 && reach[1].1 < 0.10 && reach[1].0 < -0.05)
    #expect(reach[0].1 > 0.03 && reach[0].1 < 0.05)
    let tip = robot.toolCentrePoint.offset
    #expect(tip.z > 0.12 && tip.z < reach[2].1)
  }
}
