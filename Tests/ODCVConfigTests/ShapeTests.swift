import Foundation
import ODCVConfig
import ODCVCore
import Testing
import TestSupport

private let robot = "robots/arm.yaml"
private let shapes = "robots/arm.shapes.yaml"
private let tool = "tools/gripper.yaml"
private let cell = "cells/cell.yaml"

private let mistakes: [Mistake] = [
  // Shapes
  Mistake(robot, "shapes: arm.shapes.yaml", "shapes: other.shapes.yaml", "attached"),
  Mistake(robot, "shapes: arm.shapes.yaml", "shapes: ../../arm.shapes.yaml", "outside the directory"),
  Mistake(robot, "shapes: arm.shapes.yaml", "shapes: /arm.shapes.yaml", "outside the directory"),
  Mistake(robot, "shapes: arm.shapes.yaml\n", "# none\n", at: "hull: slab", "`slab` is no hull", "names no `shapes`"),
  Mistake(robot, "hull: slab", "hull: slob", "`slob` is no hull of robots/arm.shapes.yaml"),
  Mistake(robot, "radius_m: 0.18", "radius_m: 0.12", "`slab` reaches 0.02", "fitted to"),
  Mistake(
    robot, "radius_m: 0.05, fit_gap_m: 0.02}]\n  ram", "radius_m: 0.05, fit_gap_m: 0.02, hull: slab}]\n  ram",
    "of link `upper`", "`cover`"),
  Mistake(
    robot, "hull: slab}\n",
    "hull: slab}\n      - {from_m: [0, 0, 0], to_m: [0, 0, 0], radius_m: 1, fit_gap_m: 0, hull: slab}\n", at: "  cover:\n",
    "has a capsule already"),
  // Mimic joints
  Mistake(robot, "mimic: {ratio: -0.5, offset_rad: 0.1}", "mimic: {ratio: 0, offset_rad: 0.1}", "not 0"),
  Mistake(robot, "mimic: {ratio: -0.5, offset_rad: 0.1}", "mimic: {ratio: -0.5, offset_m: 0.1}", "another unit", "`offset_rad`"),
  Mistake(robot, "mimic: {ratio: 0.5, offset_m: 0.05}", "mimic: {ratio: 0.5, offset_rad: 0.05}", "another unit", "`offset_m`"),
  Mistake(robot, "mimic: {ratio: -0.5, offset_rad: 0.1}", "mimic: {ratio: -0.5}", "`offset_rad` is missing"),
  Mistake(robot, "    mimic: {ratio: -0.5, offset_rad: 0.1}\n", "", at: "    joint: shoulder\n    mimic", "moves `upper` already", "`mimic`"),
  Mistake(robot, "    joint: shoulder\n    mimic", "    mimic", "without a `joint`"),
  // Certificate
  Mistake(robot, "  upper:\n    - {mesh", "  uper:\n    - {mesh", "`uper` is no link"),
  Mistake(robot, "offsets_m: []", "offsets_m: [0.1]", at: "  upper:\n    - {mesh", "into 2 cells", "1 capsules"),
  Mistake(robot, "offsets_m: []", "offsets_m: [0.1, 0.1]", "ascending"),
  Mistake(robot, "direction: [0, 0, 1], ", "direction: [0, 0, 0], ", "length 0"),
  Mistake(robot, "scale: [0.001, 0.001, 0.001]", "scale: [0.001, -0.001, 0.001]", "0 or less"),
  Mistake(robot, "sha256: 9a8a", "sha256: 9A8A", "no SHA-256", "lower-case"),
  Mistake(robot, "sha256: 9a8a", "sha256: 9a8", "no SHA-256"),
  Mistake(robot, "{mesh: meshes", "{file: meshes", "`mesh` is missing"),
  // The tool
  Mistake(robot, "file: ../tools/gripper.yaml", "file: ../tools/hand.yaml", "attached"),
  Mistake(robot, "file: ../tools/gripper.yaml", "file: ../../gripper.yaml", "outside the directory"),
  Mistake(robot, "on: ram", "on: rem", "`rem` is no link", "base, upper, cover, ram"),
  Mistake(robot, "keep_clear_of: [base, cover]", "keep_clear_of: [base, palm]", "`palm`", "is no link"),
  Mistake(robot, "keep_clear_of: [base, cover]", "keep_clear_of: [base, base]", "twice"),
  Mistake(robot, "keep_clear_of: [base, cover]", "keep_clear_of: [base, ram]", "`ram`", "`palm`", "every pose"),
  Mistake(robot, "rpy_rad: [0, 1.5707963267948966, 0]", "rpy_rad: [0, 90, 0]", "degrees"),
  Mistake(robot, "  keep_clear_of: [base, cover]\n", "", at: "tool:", "`keep_clear_of` is missing"),
  Mistake(robot, "  cover:\n", "  palm:\n", at: "tool:", "has a link `palm` already"),
  Mistake(tool, "    parent: palm\n", "    parent: palm\n    joint: shoulder\n", at: "    origin:", "tool are fixed"),
  Mistake(tool, "tcp: {link: fingers", "tcp: {link: ram", "no link"),
  Mistake(tool, "version: 1\n", "version: 1\ncolour: 3\n", at: "name: gripper", "unknown key `colour`"),
  // The held object
  Mistake(cell, "on: fingers", "on: finger", "`finger` is no link"),
  Mistake(cell, "name: tray", "name: palm", at: "held_object:", "has a link `palm` already"),
  Mistake(cell, "size_m: [0.40, 0.20, 0.05]", "size_m: [0.40, 0, 0.05]", "edge of 0"),
  Mistake(cell, "  box: {center_m: [0, 0, 0.10]", "  weight: 3\n  box: {center_m: [0, 0, 0.10]", "unknown key `weight`"),
  Mistake(cell, "  box: {center_m: [0, 0, 0.10], size_m: [0.40, 0.20, 0.05]}\n", "", at: "held_object:", "not exactly one shape"),
  Mistake(
    cell, "  box: {center", "  capsules: []\n  box: {center", at: "held_object:", "not exactly one shape"),
  Mistake(cell, "keep_clear_of: [base]", "keep_clear_of: [base, fingers]", "`tray`", "every pose"),
]

@Suite struct ShapeTests {
  private let arm = TwoJointArm()

  @Test func hullsMimicsToolAndHeldObjectBecomePartOfTheRobot() throws {
    let robot = try arm.load().core.robot
    #expect(robot.links.map(\.name) == ["base", "upper", "cover", "ram", "trail", "palm", "fingers", "tray"])
    #expect(robot.links.map(\.joint) == [nil, 0, 0, 1, 1, nil, nil, nil])
    #expect(robot.links[2].ratio == -0.5 && robot.links[2].offset == 0.1)
    #expect(robot.links[4].ratio == 0.5 && robot.links[4].offset == 0.05)
    #expect(robot.links[5].parent == 3 && robot.links[6].parent == 5 && robot.links[7].parent == 6)
    #expect(robot.links[5].origin.translation == Vector3(0.2, 0, 0))
    #expect(robot.capsules.map(\.link) == [0, 1, 2, 3, 5, 6, 7, 7, 7, 7])
    #expect(robot.capsules.map(\.hull) == [nil, 0, nil, nil, 1, nil, 2, 3, 4, 5])
    #expect(robot.hulls[0].vertices.count == 4 && robot.hulls[0].padding == 0.000002 && robot.hulls[0].gap == 0.000004)
    #expect(robot.selfPairs.map(\.first) == [0, 0, 2, 0, 2, 0])
    #expect(robot.selfPairs.map(\.second) == [3, 5, 5, 6, 6, 7])
    #expect(robot.toolCentrePoint.link == 6)
  }

  @Test func whatARecordingCarriesHoldsShapesAndTools() throws {
    let loaded = try arm.load()
    #expect(loaded.attachments == arm.files)
    let again = try LoadedConfiguration.load(attachments: loaded.attachments)
    #expect(again.core.digest == loaded.core.digest)
    for name in [shapes, tool, "tools/gripper.shapes.yaml"] {
      #expect(throws: ConfigError.self, "\(name)") { try arm.without(name).load() }
      let changed = try arm.replacing("made up", with: "made down", in: name).load()
      #expect(changed.core.digest != loaded.core.digest, "\(name)")
    }
  }

  @Test func theFilesLoadFromDiskAloneAndTogether() throws {
    let directory = FileManager.default.temporaryDirectory.appending(path: "odcv-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: directory) }
    for file in arm.files {
      let path = directory.appending(path: file.name)
      try FileManager.default.createDirectory(at: path.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(file.bytes).write(to: path)
    }
    let loaded = try LoadedConfiguration.load(path: directory.appending(path: "monitor.yaml").path)
    #expect(try loaded.core.digest == arm.load().core.digest)
    let contents = try RobotFile.contents(path: directory.appending(path: robot).path)
    #expect(contents.ownLinkCount == 5)
    #expect(contents.model.links.count == 7)
    #expect(contents.certificate?.links.map(\.link) == ["upper"])
    #expect(contents.certificate?.links.first?.elements.first?.file == "meshes/upper.stl")
    var model = contents.model
    _ = try CellFile.load(path: directory.appending(path: cell).path, robot: &model)
    #expect(model.links.map(\.name) == loaded.linkNames)
    #expect(model.capsules.map(\.capsule) == loaded.core.robot.capsules.map(\.capsule))
  }

  @Test func aCellCanMountTheToolInTheRobotsPlace() throws {
    var text = try #require(arm.texts[robot])
    let start = try #require(text.firstRange(of: "tool:\n")).lowerBound
    let end = try #require(text.firstRange(of: "self_pairs:")).lowerBound
    let mount = String(text[start..<end])
    text.removeSubrange(start..<end)
    let moved = try arm.replacing(mount, with: "", in: robot)
      .replacing("held_object:\n", with: mount + "held_object:\n", in: cell)
    #expect(try moved.load().linkNames == arm.load().linkNames)
    let twice = try arm.replacing("held_object:\n", with: mount + "held_object:\n", in: cell)
    let error = #expect(throws: ConfigError.self) { try twice.load() }
    #expect(error?.description.contains("has a link `palm` already") == true)
  }

  @Test func aHeldObjectCanBeOfCapsules() throws {
    let capsules = "capsules: [{from_m: [0, 0, 0.1], to_m: [0, 0, 0.3], radius_m: 0.04, fit_gap_m: 0.01}]"
    let held = try arm.replacing("box: {center_m: [0, 0, 0.10], size_m: [0.40, 0.20, 0.05]}", with: capsules, in: cell).load()
    let capsule = try #require(held.core.robot.capsules.last)
    #expect(capsule.link == 7 && capsule.fitGap == 0.01 && capsule.hull == nil)
  }

  @Test(arguments: mistakes) func aMistakeStopsTheLoadWithItsLineAndItsRemedy(mistake: Mistake) throws {
    let changed = try arm.replacing(mistake.old, with: mistake.new, in: mistake.file)
    let error = try #require(throws: ConfigError.self) { try changed.load() }
    let text = error.description
    for part in mistake.says { #expect(text.contains(part), "\(text)") }
    #expect(!text.contains("\n"))
    #expect(error.line != nil || text.contains("attached"), "\(text)")
    if error.file == mistake.file {
      #expect(try error.line == arm.line(of: mistake.at ?? mistake.old, in: mistake.file), "\(text)")
    }
  }
}

@Suite struct ShapeBoundTests {
  private let arm = TwoJointArm()

  private func error(_ old: String, _ new: String, in file: String = shapes) throws -> ConfigError {
    let changed = try arm.replacing(old, with: new, in: file)
    return try #require(throws: ConfigError.self) { try changed.load() }
  }

  @Test func aVertexFarAwayIsRefusedOnItsOwnLine() throws {
    let old = "- [-0.1, 0.1, 0.1]"
    let refused = try error(old, "- [-0.1, 100, 0.1]")
    #expect(refused.description.contains("more than 5.0 m"), "\(refused)")
    #expect(try refused.line == arm.line(of: old, in: shapes))
  }

  @Test(arguments: [".nan", ".inf", "1e999", "\"1\"", "0x1"]) func whatIsNoFiniteNumberIsNoVertex(text: String) throws {
    let refused = try error("- [-0.1, 0.1, 0.1]", "- [-0.1, \(text), 0.1]")
    #expect(refused.description.contains("`vertices_m` is"), "\(refused)")
  }

  @Test func verticesAndHullsAreCounted() throws {
    #expect(try error("      - [0.2, 0, 0]\n", "").description.contains("has 3 vertices; write 4 to 1024"))
    let more = (0..<1021).map { "      - [0.1, 0.0\($0), 0]\n" }.joined()
    #expect(try error("      - [0.2, 0, 0]\n", more + "      - [0.2, 0, 0]\n").description.contains("has 1025 vertices"))
    #expect(try error("- [-0.1, 0.1, 0.1]", "- [-0.1, 0.1]").description.contains("has 2 numbers"))
    let hull = "{link: upper, padding_m: 0, gap_m: 0, vertices_m: [[0, 0, 0], [0, 0, 0], [0, 0, 0], [0, 0, 0]]}"
    let hulls = (0..<256).map { "  more\($0): \(hull)\n" }.joined()
    #expect(try error("hulls:\n", "hulls:\n" + hulls).description.contains("257 hulls; write 1 to 256"))
    #expect(try error("hulls:\n", "hulls:\n  idle: \(hull)\n").description.contains("`idle` belongs to no capsule"))
  }

  @Test(arguments: ["padding_m: 0.000002", "gap_m: 0.000004", "vertices_m:\n", "link: upper", "licence: none", "source: made up"])
  func everyKeyOfAShapesFileIsNeededAndSpeltRight(key: String) throws {
    let name = String(key.prefix { $0 != ":" })
    let refused = try error(key, key.replacing(name, with: name.prefix(1) + name))
    #expect(refused.description.contains("`\(name)`"), "\(refused)")
  }

  @Test func negativeOrHugePaddingIsRefused() throws {
    #expect(try error("padding_m: 0.000002", "padding_m: -0.1").description.contains("0 or a greater"))
    #expect(try error("padding_m: 0.000002", "padding_m: 20").description.contains("not millimetres"))
    #expect(try error("gap_m: 0.000004", "gap_m: 20").description.contains("not millimetres"))
  }
}

@Suite struct HullObstacleTests {
  private let ramp = "hull: {vertices_m: [[1, 1, 0], [2, 1, 0], [1, 2, 0], [2, 2, 0], [1, 1, 1], [1, 2, 1]], padding_m: 0.01}"

  private func arm(_ obstacle: String) throws -> TwoJointArm {
    try TwoJointArm().replacing("wall: {", with: "ramp: {\(obstacle)}\n  wall: {", in: cell)
  }

  @Test func anObstacleCanBeTheHullOfItsVertices() throws {
    let obstacle = try #require(try arm(ramp).load().core.cell.obstacles.first)
    guard case .hull(let hull) = obstacle.solid else { throw Shipped.Missing(text: "hull") }
    #expect(hull.vertices.count == 6 && hull.padding == 0.01 && hull.gap == 0)
    #expect(hull.vertices[4] == Vector3(1, 1, 1))
    // A wedge: two triangles, and three quadrilaterals of two triangles each.
    #expect(hull.faces.count == 8)
    #expect(hull.faces.contains { abs($0.normal.z + 1) < 1e-9 && abs($0.offset) < 1e-9 })
    let bare = try #require(try arm(ramp.replacing(", padding_m: 0.01", with: "")).load().core.cell.obstacles.first)
    guard case .hull(let sharp) = bare.solid else { throw Shipped.Missing(text: "hull") }
    #expect(sharp.padding == 0)
  }

  @Test(arguments: [
    (", [1, 1, 1], [1, 2, 1]], padding_m: 0.01", ", [1, 1, 1], [1, 2, 1]], padding: 0.01", "`padding_m`"),
    ("padding_m: 0.01", "padding_m: -0.01", "0 or a greater"), ("[1, 1, 0], [2, 1, 0], [1, 2, 0], ", "", "3 vertices"),
    ("[1, 1, 0]", "[1000, 1, 0]", "not millimetres"), ("[1, 1, 0]", "[30, 1, 0]", "more than 20.0 m"),
    ("[1, 1, 0]", "[.nan, 1, 0]", "not a number"), ("[1, 1, 0]", "[1, 1]", "has 2 numbers"),
  ])
  func aMistakeInAHullIsRefused(old: String, new: String, says: String) throws {
    let changed = try arm(ramp.replacing(old, with: new))
    let error = try #require(throws: ConfigError.self) { try changed.load() }
    #expect(error.description.contains(says), "\(error)")
    #expect(error.file == cell && error.line != nil)
  }

  @Test func aHullThatTheArmIsAlwaysInIsRefused() throws {
    let around = "hull: {vertices_m: [[-1, -1, 0], [1, -1, 0], [0, 1, 0], [0, 0, 1]]}"
    let error = try #require(throws: ConfigError.self) { try arm(around).load() }
    #expect(error.description.contains("`ramp` is nearer than"), "\(error)")
  }
}

/// What holds a held box.
@Suite struct HeldBoxTests {
  private func tray(_ size: Vector3, at pose: (Vector3, Vector3)) throws -> RobotModel {
    let box = "box: {center_m: \(list(pose.0)), size_m: \(list(size)), rpy_rad: \(list(pose.1))}"
    let arm = try TwoJointArm()
      .replacing("box: {center_m: [0, 0, 0.10], size_m: [0.40, 0.20, 0.05]}", with: box, in: cell)
      .replacing("keep_clear_of: [base]", with: "keep_clear_of: []", in: cell)
    return try arm.load().core.robot
  }

  private func list(_ v: Vector3) -> String { "[\(v.x), \(v.y), \(v.z)]" }

  @Test func everyPointOfTheBoxIsHeldByACapsuleAndItsHullAndNoCapsuleReachesBeyondItsGap() throws {
    var random = SeededGenerator(seed: 21)
    for _ in 0..<40 {
      let size = Vector3(random.uniform(0.01...0.5), random.uniform(0.01...0.5), random.uniform(0.01...0.5))
      let pose = (Generate.vector(0.3, &random), Generate.vector(3, &random))
      let robot = try tray(size, at: pose)
      let own = robot.capsules.filter { $0.link == robot.links.count - 1 }
      let frame = Pose(rotation: Rotation(roll: pose.1.x, pitch: pose.1.y, yaw: pose.1.z), translation: pose.0)
      #expect(!own.isEmpty && own.allSatisfy { $0.hull != nil })
      for _ in 0..<200 {
        let local = Vector3(
          random.uniform(-0.5...0.5) * size.x, random.uniform(-0.5...0.5) * size.y, random.uniform(-0.5...0.5) * size.z)
        let p = frame * local
        let holding = own.filter { room(in: $0.capsule, around: Capsule(a: p, b: p, radius: 0)) >= 0 }
        #expect(!holding.isEmpty, "\(p) of \(size)")
        // A cell is a box: its hull holds what its corners' extents hold.
        #expect(holding.contains { isIn(local, robot.hulls[$0.hull ?? 0].vertices.map { frame.inverse($0) }) })
      }
      for capsule in own {
        for _ in 0..<50 {
          let end = random.uniform(0...1) < 0.5 ? capsule.capsule.a : capsule.capsule.b
          let local = frame.inverse(end + capsule.capsule.radius * Generate.direction(&random))
          let outside = Vector3(
            max(0, abs(local.x) - size.x / 2), max(0, abs(local.y) - size.y / 2), max(0, abs(local.z) - size.z / 2))
          #expect(outside.length <= capsule.fitGap)
        }
      }
    }
  }

  @Test func aFlatTrayIsCutSoThatItsCapsulesAreThin() throws {
    let robot = try tray(Vector3(0.4, 0.3, 0.05), at: (Vector3(0, 0, 0.1), .zero))
    let own = robot.capsules.filter { $0.link == robot.links.count - 1 }
    #expect(own.count == 4)
    #expect(own.allSatisfy { $0.fitGap < 0.03 })
  }

  private func isIn(_ p: Vector3, _ corners: [Vector3]) -> Bool {
    (0..<3).allSatisfy { axis in
      let values = corners.map { $0[axis] }
      guard let low = values.min(), let high = values.max() else { return false }
      return p[axis] >= low - 2e-9 && p[axis] <= high + 2e-9
    }
  }
}
