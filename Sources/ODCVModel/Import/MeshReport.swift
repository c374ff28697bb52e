import ODCVCore

/// What a surface is like, once equal vertices are one.
public struct MeshReport: Equatable, Sendable {
  public var triangles: Int
  public var vertices: Int
  /// Every edge belongs to an even number of triangles: every plane cuts the surface in closed curves, so it encloses a
  /// solid. Only then may the solid be cut into slabs by its surface alone.
  public var isClosed: Bool { boundaryEdges == 0 }
  /// Neighbouring triangles run around in the same sense.
  public var isConsistentlyOriented: Bool
  /// Edges with an odd number of triangles.
  public var boundaryEdges: Int
  /// Edges with more than two triangles.
  public var sharedEdges: Int
  /// m³; of a surface that is not closed or not consistently oriented it says little.
  public var volume: Double
  /// Edge lengths of the box along the axes that holds the mesh, m.
  public var extents: Vector3

  public init(_ mesh: TriangleMesh) {
    var places: [Vector3: Int] = [:]
    var welded: [Int] = []
    welded.reserveCapacity(mesh.vertices.count)
    for point in mesh.vertices {
      let place = places[point] ?? places.count
      places[point] = place
      welded.append(place)
    }
    vertices = places.count
    var edges: [Edge: Uses] = [:]
    var count = 0
    var sixfold = 0.0
    let middle = mesh.vertices.first ?? .zero
    for triangle in mesh.triangles {
      let corners = [welded[triangle.a], welded[triangle.b], welded[triangle.c]]
      // A triangle whose corners coincide has no area, and its edges cancel.
      guard Set(corners).count == 3 else { continue }
      count += 1
      for place in 0..<3 {
        let (from, to) = (corners[place], corners[(place + 1) % 3])
        edges[Edge(low: min(from, to), high: max(from, to)), default: Uses()].add(rising: from < to)
      }
      let (a, b, c) = (mesh.vertices[triangle.a] - middle, mesh.vertices[triangle.b] - middle, mesh.vertices[triangle.c] - middle)
      sixfold += a.dot(b.cross(c))
    }
    triangles = count
    boundaryEdges = edges.values.count { $0.total % 2 != 0 }
    sharedEdges = edges.values.count { $0.total > 2 }
    isConsistentlyOriented = edges.values.allSatisfy { $0.rising * 2 == $0.total }
    volume = abs(sixfold) / 6
    extents = mesh.bounds.map { $0.upper - $0.lower } ?? .zero
  }

  private struct Edge: Hashable {
    var low: Int
    var high: Int
  }

  private struct Uses {
    var total = 0
    var rising = 0

    mutating func add(rising up: Bool) {
      total += 1
      rising += up ? 1 : 0
    }
  }
}

extension TriangleMesh {
  /// The box along the axes that holds every vertex; `nil` when there is none.
  public var bounds: (lower: Vector3, upper: Vector3)? {
    guard var lower = vertices.first else { return nil }
    var upper = lower
    for point in vertices {
      lower = Vector3(min(lower.x, point.x), min(lower.y, point.y), min(lower.z, point.z))
      upper = Vector3(max(upper.x, point.x), max(upper.y, point.y), max(upper.z, point.z))
    }
    return (lower, upper)
  }

  /// The mesh with every vertex sent through `transform`.
  public func mapped(_ transform: (Vector3) -> Vector3) -> TriangleMesh {
    TriangleMesh(vertices: vertices.map(transform), triangles: triangles)
  }
}
