import ODCVCore
import ODCVModel
import TestSupport
import Testing

@Suite struct FittingLinkTests {
  private func fit(_ mesh: TriangleMesh, _ options: FitOptions = .quick()) throws -> FittedLink {
    try LinkFitter.fit([mesh], link: 0, options: options)
  }

  private func distance(_ p: Vector3, _ capsule: Capsule) -> Double {
    let along = capsule.b - capsule.a
    let t = along.lengthSquared > 0 ? min(max((p - capsule.a).dot(along) / along.lengthSquared, 0), 1) : 0
    return (p - capsule.a - t * along).length - capsule.radius
  }

  @Test func anLShapeIsCutIntoItsLegs() throws {
    let fitted = try fit(GeneratedMeshes.lShape)
    #expect(fitted.cells.count >= 2)
    #expect(fitted.cells.allSatisfy { $0.capsule.radius < 0.06 })
    // A point in the corner between the legs that one capsule or one hull would have swallowed.
    let free = Vector3(0.2, 0, 0.2)
    #expect(fitted.cells.allSatisfy { distance(free, $0.capsule) > 0.02 })
    #expect(fitted.cells.allSatisfy { ConvexPolytope($0.hull.vertices).distance(to: free) > 0.02 })
  }

  @Test func aCutIsForcedWhereTheHullWouldFillTheSolid() throws {
    let loose = try fit(GeneratedMeshes.uShape, .quick(leastGain: 0.999, mostHullGap: 1))
    #expect(loose.cells.count == 1)
    #expect(loose.cells[0].hull.gap > 0.1)
    let kept = try fit(GeneratedMeshes.uShape, .quick(leastGain: 0.999))
    #expect(kept.cells.count == 3)
    #expect(kept.cells.allSatisfy { $0.hull.gap < 0.02 })
  }

  @Test func aLongCylinderNeedsOneCapsuleUnlessItsFlatEndsPay() throws {
    let fitted = try fit(GeneratedMeshes.cylinder(radius: 0.05, length: 0.6), .quick(leastGain: 0.4))
    #expect(fitted.cells.count == 1)
    let capsule = fitted.cells[0].capsule
    #expect(capsule.radius < 0.068)
    #expect(abs(capsule.a.x) + abs(capsule.a.y) + abs(capsule.b.x) + abs(capsule.b.y) < 0.01)
    #expect(fitted.cells[0].hull.gap < 1e-5)
  }

  /// The gaps are bounds: no sampled point of a capsule or a hull is further from the mesh than they say.
  @Test(arguments: [UInt64(1), 2, 3]) func noSampledPointLiesBeyondTheGap(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let mesh = GeneratedMeshes.polytope(&generator)
    let solid = ConvexPolytope(mesh.vertices)
    for cell in try fit(mesh).cells {
      let (a, b, r) = (cell.capsule.a, cell.capsule.b, cell.capsule.radius)
      var most = 0.0
      for _ in 0..<3000 {
        let n = Vector3(generator.uniform(-1...1), generator.uniform(-1...1), generator.uniform(-1...1))
        let end = generator.uniform(0...1) < 0.5 ? a : b
        most = max(most, solid.distance(to: end + (r / n.length) * n))
      }
      #expect(most <= cell.capsuleGap)
      #expect(cell.capsuleGap <= 1.2 * most + 0.002, "and not much wider")
      for vertex in cell.hull.vertices { #expect(solid.distance(to: vertex) + cell.hull.padding <= cell.hull.gap) }
    }
  }

  @Test func writtenNumbersAreWholeMicrometres() throws {
    var generator = SeededGenerator(seed: 5)
    for cell in try fit(GeneratedMeshes.polytope(&generator)).cells {
      let points = cell.hull.vertices + [cell.capsule.a, cell.capsule.b]
      let numbers = points.flatMap { [$0.x, $0.y, $0.z] } + [cell.capsule.radius, cell.hull.padding, cell.hull.gap]
      for number in numbers { #expect((number * 1e6).rounded() / 1e6 == number) }
    }
  }

  @Test func theSameMeshGivesTheSameFit() throws {
    #expect(try fit(GeneratedMeshes.lShape) == fit(GeneratedMeshes.lShape))
  }

  @Test func anOpenTubeIsClosedByFans() throws {
    let open = ElementSurface(GeneratedMeshes.cylinder(radius: 0.05, length: 0.4, capped: false))
    #expect(open.openEdges == 48)
    #expect(abs(open.widestHole - 0.1) < 1e-9)
    #expect(ElementSurface(GeneratedMeshes.cylinder(radius: 0.05, length: 0.4)).openEdges == 0)
    let fitted = try fit(GeneratedMeshes.cylinder(radius: 0.05, length: 0.4, capped: false))
    #expect(fitted.cells[0].hull.gap < 0.001)
  }

  @Test func whatHoldsNothingIsRefused() {
    func thrown(_ elements: [TriangleMesh]) -> FitError? {
      do throws(FitError) { _ = try LinkFitter.fit(elements, link: 0) } catch { return error }
      return nil
    }
    var box = GeneratedMeshes.box(Vector3(0.1, 0.1, 0.1))
    #expect(thrown([]) == .noElements)
    #expect(thrown([box, TriangleMesh(vertices: box.vertices, triangles: [])]) == .empty(element: 1))
    let point = TriangleMesh(vertices: [.zero, .zero, .zero], triangles: [.init(0, 1, 2)])
    #expect(thrown([point]) == .noSize(element: 0, extent: 0, least: LinkFitter.leastExtent))
    box.vertices[3].y = .nan
    #expect(thrown([box]) == .outOfReach(element: 0, vertex: 3))
    box.vertices[3].y = 101
    #expect(thrown([box]) == .outOfReach(element: 0, vertex: 3))
    box.triangles[4].c = 8
    #expect(thrown([box]) == .cornerOutOfRange(element: 0, triangle: 4))
  }

  @Test func flatAndThinMeshesGetAShape() throws {
    let sheet = TriangleMesh(
      vertices: [.zero, Vector3(0.1, 0, 0), Vector3(0.1, 0.2, 0), Vector3(0, 0.2, 0)],
      triangles: [.init(0, 1, 2), .init(0, 2, 3)])
    let needle = TriangleMesh(vertices: [.zero, Vector3(0.1, 0, 0), Vector3(0.2, 0, 0)], triangles: [.init(0, 1, 2)])
    for mesh in [sheet, needle, GeneratedMeshes.box(Vector3(2e-5, 1e-5, 1e-5))] {
      let fitted = try fit(mesh)
      for vertex in mesh.vertices {
        #expect(fitted.cells.contains { distance(vertex, $0.capsule) <= 0 })
        #expect(fitted.cells.contains { ConvexPolytope($0.hull.vertices).distance(to: vertex) <= $0.hull.padding })
      }
    }
  }
}
