import Foundation
import Testing

/// `kinematics`, `clearance` and `sweep` as a program calls them: joint vectors in, a JSON line each out.
@Suite struct GeometryCommandTests {
  static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().path
  static let robot = root + "/config/robots/panda-sim.yaml"
  static let cell = root + "/config/cells/e06.yaml"
  static let ready = "0,-0.785,0,-2.356,0,1.571,0.785"

  private func objects(_ result: CommandResult) throws -> [[String: Any]] {
    try result.output.split(separator: "\n").map {
      try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
    }
  }

  @Test func everyVectorGetsItsLineWhateverEndsIt() throws {
    let text = "\(Self.ready)\r\n\n \(Self.ready) \n\(Self.ready)"
    for command in ["kinematics", "clearance"] {
      let result = try odcvMonitor([command, "--robot", Self.robot], input: text)
      #expect(result.status == 0, "\(result.error)")
      let lines = result.output.split(separator: "\n")
      #expect(lines.count == 3 && Set(lines).count == 1)
    }
  }

  @Test func aCellTooLargeToBeOneIsRefusedAsTheDaemonRefusesIt() throws {
    let cell = FileManager.default.temporaryDirectory.appending(path: "odcv-cell-\(UUID().uuidString).yaml")
    defer { try? FileManager.default.removeItem(at: cell) }
    let text = try String(contentsOfFile: Self.cell, encoding: .utf8)
    try text.replacing("obstacles:\n", with: "obstacles:\n  wall: {box: {center_m: [0, 0, 2], size_m: [0.1, 0.1, 1.0e39]}}\n")
      .write(to: cell, atomically: true, encoding: .utf8)
    for (command, input) in [("clearance", Self.ready), ("sweep", "\(Self.ready),\(Self.ready)")] {
      let result = try odcvMonitor([command, "--robot", Self.robot, "--cell", cell.path], input: input)
      #expect(result.status == 2 && result.output.isEmpty, "\(result.output)")
      #expect(result.error.contains("`wall` lies or reaches more than 20.0 m"), "\(result.error)")
    }
  }

  @Test func kinematicsGivesSixteenNumbersALink() throws {
    let result = try odcvMonitor(["kinematics", "--robot", Self.robot], input: Self.ready)
    let links = try #require(try objects(result).first?["links"] as? [String: [Double]])
    #expect(links["panda_hand"]?.count == 16)
    #expect(links.values.allSatisfy { Array($0.suffix(4)) == [0, 0, 0, 1] })
  }

  @Test func aPartWithNothingToCheckIsNullAndTheOthersAreWhole() throws {
    let swept = "\(Self.ready),0.1,-0.7,0,-2.3,0,1.5,0.7"
    for (command, input) in [("clearance", Self.ready), ("sweep", swept)] {
      let alone = try objects(try odcvMonitor([command, "--robot", Self.robot], input: input))[0]
      #expect(alone.keys.sorted() == ["human", "self", "static"])
      #expect(alone["static"] is NSNull && alone["human"] is NSNull)
      let inCell = try objects(try odcvMonitor([command, "--robot", Self.robot, "--cell", Self.cell], input: input))[0]
      for key in ["static", "self"] {
        let part = try #require(inCell[key] as? [String: Any])
        #expect(part.keys.sorted() == ["link", "lower", "other", "points", "upper"])
        let (lower, upper) = (try #require(part["lower"] as? Double), try #require(part["upper"] as? Double))
        #expect(lower <= upper && lower.isFinite)
        #expect((part["points"] as? [[Double]])?.map(\.count) == [3, 3])
      }
    }
  }

  @Test(arguments: [
    ("1,2", "2 values for 7 joints"), ("a,0,0,0,0,0,0", "`a`"), ("nan,0,0,0,0,0,0", "`nan`"), ("inf,0,0,0,0,0,0", "`inf`"),
    ("1e400,0,0,0,0,0,0", "1e400"), ("1e300,0,0,0,0,0,0", "panda_joint1"), ("0 1,0,0,0,0,0,0", "`0 1`"),
    ("\(ready),", "``"), ("\(ready),0", "8 values"), ("0;0;0;0;0;0;0", "no finite number"),
  ])
  func aLineThatIsNoJointVectorEndsWithTwoAndItsNumberAfterTheLinesBefore(line: String, says: String) throws {
    let good = (Self.ready, "\(Self.ready),\(Self.ready)")
    for (command, before) in [("kinematics", good.0), ("clearance", good.0), ("sweep", good.1)] {
      let result = try odcvMonitor([command, "--robot", Self.robot], input: "\(before)\n\(line)\n\(before)\n")
      #expect(result.status == 2)
      #expect(result.output.split(separator: "\n").count == 1)
      #expect(result.error.contains("standard input:2: "), "\(result.error)")
      if command != "sweep" { #expect(result.error.contains(says), "\(result.error)") }
      #expect(result.error.split(separator: "\n").count == 1)
    }
  }

  @Test(arguments: ["", "\n", "\r\n\n  \n"]) func noVectorIsNothingToCheck(input: String) throws {
    for command in ["kinematics", "clearance", "sweep"] {
      let result = try odcvMonitor([command, "--robot", Self.robot], input: input)
      #expect(result.status == 5 && result.output.isEmpty)
      #expect(result.error.contains("write lines of joint positions in rad"), "\(result.error)")
    }
  }

  @Test func whatCannotBeRefinedOrDoesNotBelongTogetherIsUsage() throws {
    let exact = try odcvMonitor(["clearance", "--robot", Self.robot, "--exact"], input: Self.ready)
    #expect(exact.status == 2 && exact.error.contains("--exact"))
    let other = try odcvMonitor(
      ["sweep", "--robot", Self.root + "/config/robots/panda.yaml", "--cell", Self.cell], input: Self.ready)
    #expect(other.status == 2 && other.error.contains("panda-sim"))
    #expect(try odcvMonitor(["sweep", "--robot", Self.robot, "--tolerance", "0"], input: "").status == 2)
  }

  @Test func theStandardsFormulasTakeWholeLinesOfNumbersAlone() throws {
    let right = try odcvMonitor(["standard", "separation"], input: "1.6,0.5,0.1,0.25,0.2,0.05,0.01")
    #expect(right.status == 0 && right.output.contains("0.9325"), "\(right.output)")
    for (input, status) in [("1,2,3,4,5,6 9,7", 2), ("1,2,3,4,5,6", 2), ("1,2,3,nan,5,6,7", 2), ("\n", 5)] {
      let result = try odcvMonitor(["standard", "separation"], input: input)
      #expect(result.status == Int32(status) && result.output.isEmpty, "\(input): \(result.output)\(result.error)")
    }
  }
}
