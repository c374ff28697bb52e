import ODCVCore
import ODCVModel
import Testing

@Test func aTriangleNamesItsCornersByIndex() {
  let mesh = TriangleMesh(vertices: [.zero, Vector3(1, 0, 0), Vector3(0, 1, 0)], triangles: [.init(0, 1, 2)])
  #expect(mesh.vertices[mesh.triangles[0].c] == Vector3(0, 1, 0))
}
