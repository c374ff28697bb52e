import Foundation
import ODCVCore
import ODCVModel
import Testing

/// A two-joint arm with a parallel gripper, as text.
enum SmallRobot {
  static let base = "<link name=\"base\"><collision><geometry><box size=\"0.2 0.2 0.1\"/></geometry></collision></link>"
  static let upper =
    "<link name=\"upper\"><visual/><collision><origin xyz=\"0 0 0.2\"/><geometry><cylinder radius=\"0.05\" length=\"0.4\"/></geometry></collision><inertial><mass value=\"2\"/></inertial></link>"
  static let lower =
    "<link name=\"lower\"><collision><origin xyz=\"0 0 0.15\" rpy=\"0 0 0.3\"/><geometry><box size=\"0.06 0.06 0.3\"/></geometry></collision></link>"
  static let fingers =
    "<link name=\"left\"><collision><geometry><box size=\"0.01 0.01 0.05\"/></geometry></collision></link><link name=\"right\"><collision><geometry><box size=\"0.01 0.01 0.05\"/></geometry></collision></link><link name=\"tool\"/>"
  static let limit = "<limit lower=\"-2\" upper=\"2\" velocity=\"1.5\" effort=\"20\"/>"
  static let shoulder =
    "<joint name=\"shoulder\" type=\"revolute\"><parent link=\"base\"/><child link=\"upper\"/><origin xyz=\"0 0 0.1\"/><axis xyz=\"0 0 2\"/>\(limit)</joint>"
  static let elbow =
    "<joint name=\"elbow\" type=\"revolute\"><parent link=\"upper\"/><child link=\"lower\"/><origin xyz=\"0 0 0.4\" rpy=\"0 1.2 0\"/><axis xyz=\"0 1 0\"/>\(limit)</joint>"
  static let flange =
    "<joint name=\"flange\" type=\"fixed\"><parent link=\"lower\"/><child link=\"tool\"/><origin xyz=\"0 0 0.35\"/></joint>"
  static let grip =
    "<joint name=\"grip\" type=\"prismatic\"><parent link=\"lower\"/><child link=\"left\"/><origin xyz=\"0 0.01 0.3\"/><axis xyz=\"0 1 0\"/><limit lower=\"0\" upper=\"0.04\" velocity=\"0.1\" effort=\"10\"/></joint>"
  static let follow =
    "<joint name=\"follow\" type=\"prismatic\"><parent link=\"lower\"/><child link=\"right\"/><origin xyz=\"0 -0.01 0.3\"/><axis xyz=\"0 -1 0\"/><mimic joint=\"grip\" multiplier=\"1\" offset=\"0.005\"/><limit lower=\"0\" upper=\"0.05\" velocity=\"0.1\" effort=\"10\"/></joint>"

  static func text(_ parts: [String] = whole) -> String {
    "<robot name=\"small\">\n" + parts.joined(separator: "\n") + "\n</robot>\n"
  }

  static let whole = [base, upper, lower, fingers, shoulder, elbow, flange, grip, follow]

  static func read(_ text: String = text()) throws(ImportError) -> RobotDescription {
    try URDFReader.read(Array(text.utf8), file: "small.urdf")
  }

  static func build(
    _ text: String = text(), options: ImportOptions = ImportOptions(), srdf: String? = nil
  ) throws(ImportError) -> ImportedModel {
    let robot = try read(text)
    var matrix: CollisionMatrix?
    if let srdf { matrix = try SRDFReader.read(Array(srdf.utf8), file: "small.srdf", robot: robot) }
    return try ModelBuilder.build(
      robot, collisions: matrix, packages: PackagePaths(directories: [], urdf: "small.urdf"), options: options)
  }
}

private func refusal(_ text: String, options: ImportOptions = ImportOptions()) -> String {
  do throws(ImportError) {
    _ = try SmallRobot.build(text, options: options)
    return "accepted"
  } catch {
    return error.description
  }
}

/// A robot with one of its parts changed: what to look for, what to write instead, what the message says.
struct Defect: Sendable, CustomStringConvertible {
  var description: String
  var find: String
  var write: String
  var says: [String]

  init(_ description: String, _ find: String, _ write: String, _ says: String...) {
    (self.description, self.find, self.write, self.says) = (description, find, write, says)
  }
}

@Suite struct ImportURDFTests {
  static let defects = [
    Defect("no limits", "<axis xyz=\"0 1 0\"/>\(SmallRobot.limit)", "<axis xyz=\"0 1 0\"/>", "small.urdf:7: joint `elbow`", "without limits"),
    Defect("crossed limits", "lower=\"-2\" upper=\"2\"", "lower=\"2\" upper=\"-2\"", "joint `shoulder`", "no range"),
    Defect("limits in degrees", "lower=\"-2\" upper=\"2\"", "lower=\"-170\" upper=\"170\"", "joint `shoulder`", "degrees"),
    Defect("zero axis", "<axis xyz=\"0 0 2\"/>", "<axis xyz=\"0 0 0\"/>", "joint `shoulder`", "axis is zero"),
    Defect("not a number", "<origin xyz=\"0 0 0.4\"", "<origin xyz=\"0 0 nan\"", "joint `elbow`", "`0 0 nan`"),
    Defect("two numbers", "<origin xyz=\"0 0 0.4\"", "<origin xyz=\"0 0.4\"", "joint `elbow`", "three"),
    Defect("origin in millimetres", "<origin xyz=\"0 0 0.4\"", "<origin xyz=\"0 0 400\"", "joint `elbow`", "millimetres"),
    Defect("angle in degrees", "rpy=\"0 1.2 0\"", "rpy=\"0 90 0\"", "joint `elbow`", "degrees"),
    Defect("unknown parent", "<parent link=\"upper\"/>", "<parent link=\"uper\"/>", "joint `elbow`", "`uper` is no link"),
    Defect("loop", "<child link=\"tool\"/>", "<child link=\"upper\"/>", "link `upper`", "two parents", "loop"),
    Defect("two roots", SmallRobot.elbow, "", "small.urdf:4: link `lower`", "no parent"),
    Defect("duplicate link", "<link name=\"tool\"/>", "<link name=\"tool\"/><link name=\"tool\"/>", "link `tool`", "taken"),
    Defect("duplicate joint", "name=\"elbow\"", "name=\"shoulder\"", "joint `shoulder`", "taken"),
    Defect("floating", "name=\"elbow\" type=\"revolute\"", "name=\"elbow\" type=\"floating\"", "joint `elbow`", "`floating`"),
    Defect("mimic of nobody", "joint=\"grip\"", "joint=\"gripp\"", "joint `follow`", "`gripp`"),
    Defect("mimic of itself", "joint=\"grip\"", "joint=\"follow\"", "joint `follow`", "itself"),
    Defect("negative box", "size=\"0.2 0.2 0.1\"", "size=\"0.2 -0.2 0.1\"", "link `base`", "edge"),
    Defect("visual alone", "<link name=\"tool\"/>", "<link name=\"tool\"><visual/></link>", "link `tool`", "--no-shape"),
    Defect("negative scale", "<box size=\"0.2 0.2 0.1\"/>", "<mesh filename=\"a.stl\" scale=\"1 -1 1\"/>", "link `base`", "greater than 0"),
    Defect("missing mesh", "<box size=\"0.2 0.2 0.1\"/>", "<mesh filename=\"package://none/a.stl\"/>", "small.urdf:2: link `base`", "missing", "--package-path"),
    Defect("unknown shape", "<box size=\"0.2 0.2 0.1\"/>", "<capsule radius=\"1\" length=\"1\"/>", "link `base`", "<capsule>"),
    Defect("its own parent", "<child link=\"lower\"/>", "<child link=\"upper\"/>", "joint `elbow`", "to itself"),
    Defect("something behind", "</robot>", "</robot> and <", "not well-formed"),
    Defect("speed in degrees", "velocity=\"1.5\"", "velocity=\"180\"", "joint `shoulder`", "degrees a second"),
    Defect("slide in millimetres", "velocity=\"0.1\"", "velocity=\"100\"", "joint `grip`", "millimetres a second"),
    Defect("collision misspelled", "<link name=\"tool\"/>", "<link name=\"tool\"><colision/></link>", "link `tool`", "<colision>"),
    Defect("collision in capitals", "<link name=\"tool\"/>", "<link name=\"tool\"><Collision/></link>", "link `tool`", "<Collision>"),
    Defect("a box that is a film", "size=\"0.06 0.06 0.3\"", "size=\"0.06 1e-9 0.3\"", "link `lower`", "one plane"),
    Defect("a tiny box", "size=\"0.01 0.01 0.05\"", "size=\"1e-5 1e-5 5e-5\"", "link `left`", "less than 0.001 m"),
    Defect("a box larger than the arm", "size=\"0.06 0.06 0.3\"", "size=\"0.3 0.3 3\"", "link `lower`", "the arm's joints are"),
    Defect("a link that is a speck on its way", "radius=\"0.05\" length=\"0.4\"", "radius=\"0.0005\" length=\"0.004\"", "link `upper`", "the next joint is 0.4 m away"),
    Defect("xacro", "<link name=\"tool\"/>", "<xacro:include filename=\"a\"/>", "xacro"),
  ]

  @Test(arguments: defects) func aDefectIsRefusedWhereItStands(defect: Defect) {
    let text = SmallRobot.text()
    #expect(text.contains(defect.find))
    let changed = text.replacing(defect.find, with: defect.write, maxReplacements: 1)
    let message = refusal(changed)
    for part in defect.says { #expect(message.contains(part), "\(message)") }
    #expect(message.hasPrefix("small.urdf"))
  }

  @Test func aMimicOfAMimicIsRefusedInEitherOrder() {
    let chained = SmallRobot.grip.replacing("<limit", with: "<mimic joint=\"follow\"/><limit")
    for order in [[chained, SmallRobot.follow], [SmallRobot.follow, chained]] {
      #expect(refusal(SmallRobot.text(Array(SmallRobot.whole.dropLast(2)) + order)).contains("mimics another joint itself"))
    }
  }

  @Test func aLoopWithoutARootIsRefused() {
    let back =
      "<joint name=\"back\" type=\"fixed\"><parent link=\"lower\"/><child link=\"base\"/></joint>"
    #expect(refusal(SmallRobot.text(SmallRobot.whole + [back])).contains("loop"))
  }

  @Test func anArmWithoutAShapeThatMovesIsRefused() {
    let bare = SmallRobot.text([
      SmallRobot.base, "<link name=\"upper\"/>", "<link name=\"lower\"/>", SmallRobot.shoulder, SmallRobot.elbow,
    ])
    #expect(refusal(bare).contains("no link that moves has collision geometry"))
  }

  @Test func elementsNestedWithoutEndAreRefused() {
    let depth = 100_000
    let deep = String(repeating: "<a>", count: depth) + String(repeating: "</a>", count: depth)
    #expect(refusal(SmallRobot.text(SmallRobot.whole + [deep])).contains("nested more than 256 deep"))
  }

  @Test func extensionsWithUndeclaredPrefixesArePassedOver() throws {
    let robot = try SmallRobot.read(SmallRobot.text(SmallRobot.whole + ["<gazebo><sensor:camera name=\"c\"/></gazebo>"]))
    #expect(robot.links.count == 6)
  }

  @Test func aFileThatIsCutOffIsRefusedAtEveryLine() {
    let lines = SmallRobot.text().split(separator: "\n")
    for count in 0..<lines.count {
      let message = refusal(lines.prefix(count).joined(separator: "\n"))
      #expect(message.hasPrefix("small.urdf") && (message.contains("well-formed") || message.contains("empty")), "\(message)")
    }
  }

  // MARK: - Meshes

  @Test(arguments: [
    (100.0, "millimetres"), (0.001, "its scale"), (30.0, "its scale"), (1000.0, "millimetres"),
  ])
  func aMeshOfAnotherSizeNamesItsLinkAndFile(scale: Double, reason: String) throws {
    let directory = FileManager.default.temporaryDirectory.appendingPathComponent("odcv-import-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: directory) }
    let box = PrimitiveMesh.box(Vector3(0.2, 0.2, 0.1))
    try Data(binarySTL(box)).write(to: directory.appendingPathComponent("base.stl"))
    let urdf = directory.appendingPathComponent("small.urdf").path
    func build(_ scale: String) throws(ImportError) -> ImportedModel {
      let text = SmallRobot.text().replacing(
        "<box size=\"0.2 0.2 0.1\"/>", with: "<mesh filename=\"base.stl\" scale=\"\(scale)\"/>")
      return try ModelBuilder.build(
        URDFReader.read(Array(text.utf8), file: urdf), collisions: nil,
        packages: PackagePaths(directories: [], urdf: urdf), options: ImportOptions())
    }
    let model = try build("1 1 1")
    #expect(model.links[0].elements[0].report.isClosed)
    #expect(model.links[0].elements[0].reference.file == "base.stl")
    do throws(ImportError) {
      _ = try build("\(scale) \(scale) \(scale)")
      Issue.record("accepted")
    } catch {
      #expect(error.description.contains("base.stl") && error.description.contains("link `base`"))
      #expect(error.description.contains(reason))
    }
  }

  @Test func packagesAreFoundThroughTheirPathAndAboveTheURDF() throws {
    let root = FileManager.default.temporaryDirectory.appendingPathComponent("odcv-import-\(UUID().uuidString)")
    let meshes = root.appendingPathComponent("arm_description/meshes")
    for folder in [meshes, root.appendingPathComponent("arm_description/urdf")] {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }
    defer { try? FileManager.default.removeItem(at: root) }
    try Data([0]).write(to: meshes.appendingPathComponent("a.stl"))
    let wanted = root.path + "/arm_description/meshes/a.stl"
    let beside = PackagePaths(directories: [], urdf: root.path + "/arm_description/urdf/arm.urdf")
    let given = PackagePaths(directories: [root.path], urdf: "/elsewhere/arm.urdf")
    let itself = PackagePaths(directories: [root.path + "/arm_description"], urdf: "/elsewhere/arm.urdf")
    for paths in [beside, given, itself] {
      let found = try paths.resolve("package://arm_description/meshes/a.stl", file: "f", line: 1, subject: "s")
      #expect(URL(fileURLWithPath: found).standardizedFileURL.path == URL(fileURLWithPath: wanted).standardizedFileURL.path)
    }
    #expect(try beside.resolve("../meshes/a.stl", file: "f", line: 1, subject: "s").hasSuffix("meshes/a.stl"))
    #expect(try given.resolve("file://" + wanted, file: "f", line: 1, subject: "s") == wanted)
  }
}
