import Foundation
import Testing

/// `model import` and `model verify` as a person types them.
@Suite struct ModelCommandTests {
  static let urdf = """
    <robot name="hinge">
    <link name="base"/>
    <link name="arm"><collision><origin xyz="0.3 0 0"/><geometry><mesh filename="arm.obj"/></geometry></collision></link>
    <joint name="hinge" type="revolute"><parent link="base"/><child link="arm"/><origin xyz="0 0 0.2"/><axis xyz="0 0 1"/>
    <limit lower="-1" upper="1" velocity="2" effort="10"/></joint>
    </robot>
    """
  /// A bar of the given half thickness, along x.
  static func bar(_ half: Double) -> String {
    let corners = [-0.25, 0.25].flatMap { x in [-half, half].flatMap { y in [-half, half].map { "v \(x) \(y) \($0)" } } }
    return (corners + ["f 1 2 4 3", "f 5 7 8 6", "f 1 5 6 2", "f 3 4 8 7", "f 1 3 7 5", "f 2 6 8 4"]).joined(separator: "\n")
  }

  private func folder(urdf: String = urdf, mesh: String? = bar(0.02)) throws -> TemporaryDirectory {
    let directory = try TemporaryDirectory()
    try urdf.write(toFile: directory.path + "/hinge.urdf", atomically: true, encoding: .utf8)
    try mesh?.write(toFile: directory.path + "/arm.obj", atomically: true, encoding: .utf8)
    return directory
  }

  @Test func aModelIsImportedAndProvedUntilItsMeshChanges() throws {
    let directory = try folder()
    let (urdf, out) = (directory.path + "/hinge.urdf", directory.path + "/hinge.yaml")
    let made = try odcvMonitor(["model", "import", "--urdf", urdf, "--out", out, "--json"])
    #expect(made.status == 0, "\(made.error)")
    let report = try #require(try JSONSerialization.jsonObject(with: Data(made.output.utf8)) as? [String: Any])
    #expect(report["verified"] as? Bool == true)
    #expect((report["links"] as? [[String: Any]])?.allSatisfy { $0["gap_mm"] is Double } == true)
    #expect((report["assumed"] as? [String])?.contains("stopping") == true)
    #expect(try odcvMonitor(["model", "verify", out, "--urdf", urdf]).status == 0)
    let files = try FileManager.default.contentsOfDirectory(atPath: directory.path).sorted()
    #expect(files == ["arm.obj", "hinge.shapes.yaml", "hinge.urdf", "hinge.yaml"])
    try Self.bar(0.025).write(toFile: directory.path + "/arm.obj", atomically: true, encoding: .utf8)
    let changed = try odcvMonitor(["model", "verify", out, "--urdf", urdf])
    #expect(changed.status == 1)
    #expect(changed.output.contains("link arm") && changed.output.contains("arm.obj"), "\(changed.output)")
  }

  @Test func aFileThatIsThereIsReplacedOnlyWhenToldTo() throws {
    let directory = try folder()
    let out = directory.path + "/hinge.yaml"
    try "edited by hand\n".write(toFile: out, atomically: true, encoding: .utf8)
    let arguments = ["model", "import", "--urdf", directory.path + "/hinge.urdf", "--out", out]
    let refused = try odcvMonitor(arguments)
    #expect(refused.status == 2 && refused.error.contains("--force"), "\(refused.error)")
    #expect(try String(contentsOfFile: out, encoding: .utf8) == "edited by hand\n")
    let replaced = try odcvMonitor(arguments + ["--force"])
    #expect(replaced.status == 0, "\(replaced.error)")
    #expect(try String(contentsOfFile: out, encoding: .utf8).contains("version: 1"))
  }

  /// What a mesh may not be, and what the error says of it.
  @Test(arguments: [
    (bar(0.02).split(separator: "\n").dropLast().joined(separator: "\n"), "is open"),
    (bar(0.02).split(separator: "\n").prefix(10).joined(separator: "\n"), "is open"),
    ("v 0 0 0\nv 0.1 0 0\nv 0 0.1 0\nf 1 2 3", "one plane"), (bar(0), "one line"), ("", "empty"), (bar(.nan), "no finite number"),
    (bar(3), "6.0 m across"), (bar(0.02).replacing("v -0.25", with: "v 19.75").replacing("v 0.25", with: "v 20.25"), "from the link's frame"),
  ])
  func aBadMeshEndsWithTwoNamesItsLinkAndFileAndWritesNothing(mesh: String, says: String) throws {
    let directory = try folder(mesh: mesh)
    let made = try odcvMonitor([
      "model", "import", "--urdf", directory.path + "/hinge.urdf", "--out", directory.path + "/hinge.yaml",
    ])
    #expect(made.status == 2)
    #expect(made.error.contains("arm.obj") && made.error.contains("link `arm`") && made.error.contains(says), "\(made.error)")
    #expect(made.error.split(separator: "\n").count == 1)
    #expect(try FileManager.default.contentsOfDirectory(atPath: directory.path).sorted() == ["arm.obj", "hinge.urdf"])
  }

  @Test(arguments: [
    (urdf.replacing("<limit lower=\"-1\" upper=\"1\" velocity=\"2\" effort=\"10\"/>", with: ""), "joint `hinge`"),
    (urdf.replacing("arm.obj", with: "leg.obj"), "link `arm`"),
    (urdf.replacing("<mesh filename=\"arm.obj\"/>", with: "<mesh filename=\"arm.obj\" scale=\"100 100 100\"/>"), "arm.obj"),
    (urdf.replacing("<mesh filename=\"arm.obj\"/>", with: "<mesh filename=\"arm.obj\" scale=\"1 1 -1\"/>"), "link `arm`"),
    (urdf.replacing("velocity=\"2\"", with: ""), "velocity_rad_s"), (String(urdf.dropLast(5)), "well-formed"),
  ])
  func aBadDescriptionEndsWithTwoAndOneLineAndWritesNothing(urdf: String, named: String) throws {
    let directory = try folder(urdf: urdf)
    let before = try FileManager.default.contentsOfDirectory(atPath: directory.path).sorted()
    let made = try odcvMonitor([
      "model", "import", "--urdf", directory.path + "/hinge.urdf", "--out", directory.path + "/hinge.yaml",
    ])
    #expect(made.status == 2)
    #expect(made.error.split(separator: "\n").count == 1 && made.error.contains(named), "\(made.error)")
    #expect(try FileManager.default.contentsOfDirectory(atPath: directory.path).sorted() == before)
  }
}
