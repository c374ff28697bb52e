import Foundation
import ODCVCore
import ODCVModel
import Testing

/// A unit cube as quadrilaterals, corner 0 at the origin.
private let cubeOBJ = """
  v 0 0 0
  v 1 0 0
  v 1 1 0
  v 0 1 0
  v 0 0 1
  v 1 0 1
  v 1 1 1
  v 0 1 1
  f 1 4 3 2
  f 5//1 6//1 7//1 8//1
  f 1/1 2/1 6/1 5/1
  f 2/1/1 3/1/1 7/1/1 6/1/1
  f -6 -5 -1 -2
  f 4 1 5 8
  """

private func facet(_ corners: [Vector3]) -> String {
  "facet normal 0 0 0\nouter loop\n" + corners.map { "vertex \($0.x) \($0.y) \($0.z)\n" }.joined() + "endloop\nendfacet\n"
}

private func asciiSTL(_ mesh: TriangleMesh) -> [UInt8] {
  Array(
    ("solid made\n" + mesh.triangles.map { facet([mesh.vertices[$0.a], mesh.vertices[$0.b], mesh.vertices[$0.c]]) }.joined()
      + "endsolid made\n").utf8)
}

/// Its header begins with `solid`, as many do.
func binarySTL(_ mesh: TriangleMesh) -> [UInt8] {
  var bytes = Array("solid but binary".utf8) + [UInt8](repeating: 0, count: 64)
  func put(_ word: UInt32) { for shift in [0, 8, 16, 24] { bytes.append(UInt8(truncatingIfNeeded: word >> UInt32(shift))) } }
  put(UInt32(mesh.triangles.count))
  for triangle in mesh.triangles {
    for _ in 0..<3 { put(0) }
    for corner in [triangle.a, triangle.b, triangle.c] {
      let p = mesh.vertices[corner]
      for value in [p.x, p.y, p.z] { put(Float(value).bitPattern) }
    }
    bytes += [0, 0]
  }
  return bytes
}

private func read(_ bytes: [UInt8], _ name: String) throws -> TriangleMesh {
  try MeshFile.read(bytes, file: name, subject: "link `arm`").mesh
}

/// The message with which a mesh is refused.
private func refusal(_ bytes: [UInt8], _ name: String) -> String {
  do throws(ImportError) {
    _ = try MeshFile.read(bytes, file: name, subject: "link `arm`")
    return "accepted"
  } catch {
    return error.description
  }
}

private let cube = PrimitiveMesh.box(Vector3(1, 1, 1))

@Suite struct ImportMeshTests {
  @Test func binaryAndASCIISTLHoldTheSameMesh() throws {
    let (binary, ascii) = (try read(binarySTL(cube), "a.stl"), try read(asciiSTL(cube), "a.STL"))
    #expect(binary == ascii)
    let report = MeshReport(binary)
    #expect(report.isClosed && report.isConsistentlyOriented)
    #expect(report.triangles == 12 && report.vertices == 8)
    #expect(abs(report.volume - 1) < 1e-12)
    #expect(report.extents == Vector3(1, 1, 1))
  }

  @Test func aTruncatedSTLIsRefusedAtEveryLength() {
    for (bytes, name) in [(binarySTL(cube), "cut.stl"), (asciiSTL(cube), "cut.stl")] {
      for count in [0, 10, 83, 84, 100, bytes.count / 2, bytes.count - 20] {
        let text = refusal(Array(bytes.prefix(count)), name)
        #expect(text.hasPrefix("cut.stl") && text.contains("link `arm`"), "\(count) bytes: \(text)")
      }
    }
    #expect(refusal(binarySTL(cube).dropLast(), "cut.stl").contains("cut off"))
    #expect(refusal(binarySTL(cube) + [0], "long.stl").contains("something follows"))
  }

  @Test func anEmptyMeshIsRefused() {
    let none = TriangleMesh(vertices: [], triangles: [])
    #expect(refusal(binarySTL(none), "none.stl").contains("empty"))
    #expect(refusal(asciiSTL(none), "none.stl").contains("empty"))
    #expect(refusal(Array("v 0 0 0\n".utf8), "none.obj").contains("empty"))
  }

  @Test func coordinatesThatAreNoFiniteNumbersAreRefused() {
    for bad in [Double.nan, .infinity] {
      var mesh = cube
      mesh.vertices[3].y = bad
      #expect(refusal(binarySTL(mesh), "bad.stl").contains("no finite number"))
    }
    #expect(refusal(Array(cubeOBJ.replacing("v 1 1 1", with: "v 1 nan 1").utf8), "bad.obj").contains("no finite number"))
  }

  @Test func anOBJsPolygonsBecomeTheClosedCube() throws {
    let report = MeshReport(try read(Array(cubeOBJ.utf8), "cube.obj"))
    #expect(report.isClosed && report.isConsistentlyOriented && report.triangles == 12)
    #expect(abs(report.volume - 1) < 1e-12)
  }

  @Test(arguments: ["f 1 2 9", "f 0 1 2", "f 1 2", "f -9 1 2", "f 1 x 2", "v 1 2", "surf 0 1"])
  func aBrokenOBJLineIsRefusedWithItsLine(line: String) {
    #expect(refusal(Array((cubeOBJ + "\n" + line).utf8), "cube.obj").hasPrefix("cube.obj:15: link `arm`: "))
  }

  @Test func aMissingFaceIsSeenAndCounted() throws {
    let open = TriangleMesh(vertices: cube.vertices, triangles: Array(cube.triangles.dropLast()))
    #expect(MeshReport(open).boundaryEdges == 3 && !MeshReport(open).isClosed)
    var turned = cube
    turned.triangles[0] = .init(turned.triangles[0].b, turned.triangles[0].a, turned.triangles[0].c)
    #expect(MeshReport(turned).isClosed && !MeshReport(turned).isConsistentlyOriented)
  }

  @Test func verticesThatNoTriangleNamesAreLeftOut() throws {
    let loose = "v nan 0 0\n" + cubeOBJ.replacing("f -6", with: "v 900 0 0\nf -7").replacing("-5 -1 -2", with: "-6 -2 -3")
    let shifted = loose.split(separator: "\n").map { line in
      guard line.hasPrefix("f "), !line.contains("-") else { return String(line) }
      return "f " + line.dropFirst(2).split(separator: " ").map { "\(Int($0.prefix { $0 != "/" })! + 1)" }.joined(separator: " ")
    }
    let mesh = try read(Array(shifted.joined(separator: "\n").utf8), "cube.obj")
    #expect(mesh.vertices.count == 8)
    #expect(MeshReport(mesh).isClosed && abs(MeshReport(mesh).volume - 1) < 1e-12)
  }

  @Test func anUnknownKindAndAMissingFileAreRefusedByName() {
    #expect(refusal([1, 2, 3], "a.step").contains("`.step`"))
    #expect(throws: ImportError.self) { try MeshFile.load(path: "/nonexistent/a.stl") }
  }

  // MARK: - COLLADA

  static let positions = "0 0 0  1000 0 0  0 1000 0  0 0 1000"

  static func dae(up: String = "Z_UP", node: String = "", body: String? = nil, positions: String = positions) -> String {
    let body = body ?? "<triangles count=\"4\"><input semantic=\"VERTEX\" source=\"#v\" offset=\"0\"/>"
      + "<input semantic=\"NORMAL\" source=\"#n\" offset=\"1\"/>"
      + "<p>0 0 2 0 1 0  0 0 1 0 3 0  0 0 3 0 2 0  1 0 2 0 3 0</p></triangles>"
    return """
      <?xml version="1.0"?>
      <COLLADA xmlns="http://www.collada.org/2005/11/COLLADASchema" version="1.4.1">
      <asset><unit name="millimetre" meter="0.001"/><up_axis>\(up)</up_axis></asset>
      <library_geometries><geometry id="g"><mesh>
      <source id="p"><float_array id="pa" count="12">\(positions)</float_array><technique_common>
      <accessor source="#pa" count="4" stride="3"><param name="X"/><param name="Y"/><param name="Z"/></accessor>
      </technique_common></source>
      <vertices id="v"><input semantic="POSITION" source="#p"/></vertices>
      \(body)
      </mesh></geometry></library_geometries>
      <library_visual_scenes><visual_scene id="s"><node>\(node)<instance_geometry url="#g"/></node></visual_scene>
      </library_visual_scenes>
      <scene><instance_visual_scene url="#s"/></scene></COLLADA>
      """
  }

  @Test func aCOLLADASceneIsPlacedInMetres() throws {
    let node = "<translate>1000 0 0</translate><rotate>0 0 1 90</rotate><scale>2 1 1</scale>"
    let mesh = try read(Array(Self.dae(node: node).utf8), "a.dae")
    let expected = [Vector3(1, 0, 0), Vector3(1, 2, 0), Vector3(0, 0, 0), Vector3(1, 0, 1)]
    for (got, want) in zip(mesh.vertices, expected) { #expect((got - want).length < 1e-12) }
    #expect(MeshReport(mesh).isClosed && MeshReport(mesh).isConsistentlyOriented)
  }

  @Test func theUpAxisIsTurnedToZ() throws {
    let mesh = try read(Array(Self.dae(up: "Y_UP").utf8), "a.dae")
    #expect((mesh.vertices[2] - Vector3(0, 0, 1)).length < 1e-12)
    #expect((mesh.vertices[3] - Vector3(0, -1, 0)).length < 1e-12)
  }

  @Test(arguments: [
    "<polylist count=\"4\"><input semantic=\"VERTEX\" source=\"#v\" offset=\"0\"/><vcount>3 3 3 3</vcount><p>0 2 1 0 1 3 0 3 2 1 2 3</p></polylist>",
    "<polygons count=\"4\"><input semantic=\"VERTEX\" source=\"#v\" offset=\"0\"/><p>0 2 1</p><p>0 1 3</p><p>0 3 2</p><p>1 2 3</p></polygons>",
    "<tristrips count=\"1\"><input semantic=\"VERTEX\" source=\"#v\" offset=\"0\"/><p>0 1 2 3 0 1</p></tristrips>",
  ])
  func otherPrimitivesGiveTheSameSolid(body: String) throws {
    let report = MeshReport(try read(Array(Self.dae(body: body).utf8), "a.dae"))
    #expect(report.isClosed && abs(report.volume - 1.0 / 6) < 1e-12)
  }

  @Test(arguments: [
    (dae(node: "<skew>1 0 0 0 1 0 0</skew>"), "<skew>"), (dae(up: "UP"), "up axis"),
    (dae(positions: "0 0 0 nan 0 0 0 1 0 0 0 1"), "no finite number"), (dae(positions: "0 0 0 1 0 0"), "too few"),
    (dae(body: "<triangles><input semantic=\"VERTEX\" source=\"#v\" offset=\"0\"/><p>0 1 4</p></triangles>"), "an index `4`"),
    (dae(node: "<instance_node url=\"#gone\"/>"), "#gone"), (String(dae().dropLast(30)), "not well-formed"),
  ])
  func aBrokenCOLLADAFileIsRefused(text: String, reason: String) {
    let message = refusal(Array(text.utf8), "a.dae")
    #expect(message.hasPrefix("a.dae") && message.contains(reason), "\(message)")
  }

  // MARK: - Primitives and sweeps

  @Test func roundPrimitivesAreHeldByTheirSurface() {
    // The greatest extent of the surface along a direction, against the body's own, over directions on a spiral.
    for (mesh, support) in [
      (PrimitiveMesh.sphere(radius: 0.1), { (_: Vector3) in 0.1 }),
      (
        PrimitiveMesh.cylinder(radius: 0.05, length: 0.3),
        { (n: Vector3) in 0.05 * (n.x * n.x + n.y * n.y).squareRoot() + 0.15 * abs(n.z) }
      ),
    ] {
      #expect(MeshReport(mesh).isClosed && MeshReport(mesh).isConsistentlyOriented)
      for step in 0..<2000 {
        let z = 1 - 2 * (Double(step) + 0.5) / 2000
        let (s, c) = sineAndCosine(2.399963 * Double(step % 400))
        let ring = (1 - z * z).squareRoot()
        let n = Vector3(ring * c, ring * s, z)
        let reach = mesh.vertices.map(n.dot).max() ?? 0
        #expect(reach >= support(n) && reach < support(n) * 1.01)
      }
    }
  }

  @Test func aSweptSurfaceHoldsEveryPlaceOnTheWay() {
    let way = Vector3(0.3, 0.1, -0.2)
    let swept = cube.swept(by: way)
    #expect(MeshReport(swept).isClosed)
    // In a slab that neither end's corners reach alone, the swept corners are in the hull of the clipped surface.
    let corners = Set(swept.triangles.flatMap { [$0.a, $0.b, $0.c] })
    #expect(corners.count == 16)
    for n in [Vector3(1, 0, 0), Vector3(0, 1, 0), Vector3(0, 0, -1)] {
      for share in [0.0, 0.25, 0.5, 1] {
        let copy = cube.mapped { $0 + share * way }
        #expect((copy.vertices.map(n.dot).max() ?? 0) <= (swept.vertices.map(n.dot).max() ?? 0) + 1e-12)
      }
    }
  }
}
