import ODCVCore

/// A box, cylinder or sphere of a description, as a closed surface that holds it.
///
/// The round ones are circumscribed: every face touches the body or lies outside it, so the surface's hull contains it. They
/// reach at most 0.13 % (cylinder) and 0.6 % (sphere) of the radius beyond.
public enum PrimitiveMesh {
  /// Corners around a cylinder's circle.
  private static let sides = 64
  private static let meridians = 48
  private static let parallels = 24
  /// Covers the rounding of a corner's coordinates.
  private static let guardBand = 1 + 1e-12

  /// About the origin; whole edge lengths, m.
  public static func box(_ size: Vector3) -> TriangleMesh {
    let vertices = (0..<8).map { corner in
      Vector3(
        corner & 1 == 0 ? -size.x / 2 : size.x / 2, corner & 2 == 0 ? -size.y / 2 : size.y / 2,
        corner & 4 == 0 ? -size.z / 2 : size.z / 2)
    }
    var mesh = TriangleMesh(vertices: vertices, triangles: [])
    for face in [[0, 2, 3, 1], [4, 5, 7, 6], [0, 1, 5, 4], [2, 6, 7, 3], [0, 4, 6, 2], [1, 3, 7, 5]] {
      mesh.appendPolygon(face)
    }
    return mesh
  }

  /// About the origin, along z, m.
  public static func cylinder(radius: Double, length: Double) -> TriangleMesh {
    let step = Double.pi / Double(sides)
    // The middle of each side, its point nearest to the axis, is moved out to the radius.
    let outer = radius / sineAndCosine(step).cosine * guardBand
    var mesh = TriangleMesh(vertices: [], triangles: [])
    for side in 0..<sides {
      let (s, c) = sineAndCosine(2 * step * Double(side))
      mesh.vertices.append(Vector3(outer * c, outer * s, -length / 2))
      mesh.vertices.append(Vector3(outer * c, outer * s, length / 2))
    }
    for side in 0..<sides {
      let next = (side + 1) % sides
      mesh.appendPolygon([2 * side, 2 * next, 2 * next + 1, 2 * side + 1])
    }
    mesh.appendPolygon((0..<sides).reversed().map { 2 * $0 })
    mesh.appendPolygon((0..<sides).map { 2 * $0 + 1 })
    return mesh
  }

  /// About the origin, m.
  public static func sphere(radius: Double) -> TriangleMesh {
    var mesh = TriangleMesh(vertices: [Vector3(0, 0, 1)], triangles: [])
    for row in 1..<parallels {
      let (ring, height) = sineAndCosine(.pi * Double(row) / Double(parallels))
      for column in 0..<meridians {
        let (s, c) = sineAndCosine(2 * .pi * Double(column) / Double(meridians))
        mesh.vertices.append(Vector3(ring * c, ring * s, height))
      }
    }
    mesh.vertices.append(Vector3(0, 0, -1))
    let last = mesh.vertices.count - 1
    func place(_ row: Int, _ column: Int) -> Int { 1 + (row - 1) * meridians + column % meridians }
    for column in 0..<meridians {
      mesh.triangles.append(.init(0, place(1, column), place(1, column + 1)))
      for row in 1..<(parallels - 1) {
        mesh.appendPolygon([
          place(row, column), place(row + 1, column), place(row + 1, column + 1), place(row, column + 1),
        ])
      }
      mesh.triangles.append(.init(last, place(parallels - 1, column + 1), place(parallels - 1, column)))
    }
    // Every face's plane is moved out to the radius, by the face that is nearest to the centre.
    let nearest = mesh.triangles.map { triangle in
      let (a, b, c) = (mesh.vertices[triangle.a], mesh.vertices[triangle.b], mesh.vertices[triangle.c])
      let normal = (b - a).cross(c - a)
      return abs(normal.dot(a)) / normal.length
    }
    let scale = radius / (nearest.min() ?? 1) * guardBand
    return mesh.mapped { scale * $0 }
  }
}
