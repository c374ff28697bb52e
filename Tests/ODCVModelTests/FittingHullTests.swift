import ODCVCore
import ODCVModel
import TestSupport
import Testing

@Suite struct FittingHullTests {
  @Test func aBoxHasItsEightCornersSixPlanesAndVolume() {
    let hull = ConvexPolytope(GeneratedMeshes.box(Vector3(0.1, 0.2, 0.3), at: Vector3(1, 2, 3)).vertices)
    #expect(hull.dimension == 3 && hull.vertices.count == 8 && hull.faces.count == 12)
    #expect(abs(hull.volume - 0.006) < 1e-9)
    #expect(hull.faceNormals().count == 6)
    #expect(hull.edgeDirections().count == 3)
    #expect(abs(hull.depth(of: Vector3(1, 2, 3)) - 0.05) < 1e-8)
    #expect(abs(hull.distance(to: Vector3(1.05 + 0.3, 2.1 + 0.4, 3)) - 0.5) < 1e-8)
  }

  @Test func noPointLiesOutsideAnyPlane() {
    var generator = SeededGenerator(seed: 11)
    for round in 0..<200 {
      // Coarse coordinates on purpose: many coplanar, collinear and equal points.
      let grain = [1e-9, 0.01, 0.25, 0.5][round % 4]
      let points = (0..<(4 + round)).map { _ in
        func coordinate() -> Double { (generator.uniform(-1...1) / grain).rounded() * grain }
        return Vector3(coordinate(), coordinate(), coordinate())
      }
      let hull = ConvexPolytope(points)
      for face in hull.faces {
        for p in points { #expect(face.normal.dot(p) <= face.offset + 1e-8) }
      }
      for vertex in hull.vertices { #expect(points.contains(vertex)) }
      let edges = hull.faces.flatMap { [[$0.a, $0.b], [$0.b, $0.c], [$0.c, $0.a]] }
      #expect(Set(edges) == Set(edges.map { [$0[1], $0[0]] }), "closed")
    }
  }

  @Test func pointsInsideAFaceOrAnEdgeAreNoVertices() {
    var points: [Vector3] = []
    for x in 0...4 {
      for y in 0...4 {
        for z in 0...4 { points.append(Vector3(Double(x), Double(y), Double(z))) }
      }
    }
    #expect(Set(ConvexPolytope(points).vertices) == Set(points.filter { p in [p.x, p.y, p.z].allSatisfy { $0 == 0 || $0 == 4 } }))
  }

  @Test func flatAndFewPointsMakeNoSolid() {
    let square = [Vector3(0, 0, 1), Vector3(1, 0, 1), Vector3(1, 1, 1), Vector3(0, 1, 1), Vector3(0.5, 0.5, 1), Vector3(0.5, 0, 1)]
    #expect(ConvexPolytope(square).dimension == 2)
    #expect(ConvexPolytope(square).vertices.count == 4)
    let line = (0...5).map { Vector3(Double($0), 2 * Double($0), 0) }
    #expect(ConvexPolytope(line).dimension == 1)
    #expect(Set(ConvexPolytope(line).vertices) == [line[0], line[5]])
    #expect(ConvexPolytope([line[1], line[1]]).dimension == 0)
    #expect(ConvexPolytope([]).dimension == -1)
    #expect(ConvexPolytope([]).vertices.isEmpty)
    #expect(abs(ConvexPolytope(line).distance(to: Vector3(5, 10, 2)) - 2) < 1e-12)
    #expect(abs(ConvexPolytope(square).distance(to: Vector3(0.2, 0.7, 3)) - 2) < 1e-12)
  }

  @Test func tinyAndFarPointsDoNotCrash() {
    for scale in [1e-15, 1e-9, 1e-4, 50] {
      let hull = ConvexPolytope(GeneratedMeshes.box(scale * Vector3(1, 1, 1), at: Vector3(20, -30, 40)).vertices)
      #expect(!hull.vertices.isEmpty)
    }
  }
}
