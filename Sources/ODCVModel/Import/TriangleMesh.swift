import ODCVCore

/// A surface of triangles, in metres, in the frame of the link that carries it.
public struct TriangleMesh: Equatable, Sendable {
  /// Corners by their index in `vertices`.
  public struct Triangle: Equatable, Sendable {
    public var a: Int
    public var b: Int
    public var c: Int

    public init(_ a: Int, _ b: Int, _ c: Int) {
      self.a = a
      self.b = b
      self.c = c
    }
  }

  public var vertices: [Vector3]
  public var triangles: [Triangle]

  public init(vertices: [Vector3], triangles: [Triangle]) {
    self.vertices = vertices
    self.triangles = triangles
  }

  /// Without the vertices that no triangle names, the rest in their order.
  var withoutLooseVertices: TriangleMesh {
    var isUsed = [Bool](repeating: false, count: vertices.count)
    for triangle in triangles { (isUsed[triangle.a], isUsed[triangle.b], isUsed[triangle.c]) = (true, true, true) }
    guard isUsed.contains(false) else { return self }
    var places: [Int] = []
    var kept: [Vector3] = []
    for (vertex, used) in zip(vertices, isUsed) {
      places.append(kept.count)
      if used { kept.append(vertex) }
    }
    return TriangleMesh(
      vertices: kept, triangles: triangles.map { Triangle(places[$0.a], places[$0.b], places[$0.c]) })
  }
}
