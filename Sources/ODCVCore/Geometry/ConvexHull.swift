/// The convex hull of some points, widened by `padding` all around. Metres.
///
/// Widening keeps it sound where the points were rounded when they were written down. Faces and edges are optional and
/// made at load: with them the depth of a penetration is exact, without them it is bracketed. No bound depends on them
/// being right: whatever normal they propose is held against the vertices.
public struct ConvexHull: Equatable, Sendable {
  public var vertices: [Vector3]
  public var padding: Double
  /// How far, at most, the padded hull reaches beyond the true shape that it holds, m.
  public var gap: Double
  /// The planes that bound the hull of the vertices; empty when they are not known.
  public private(set) var faces: [Face]
  /// The edges between those faces.
  public private(set) var edges: [Edge]

  /// All points p of the hull have `normal`·p <= `offset`, with equality on the face; `normal` is a unit vector outwards.
  public struct Face: Equatable, Sendable {
    public var normal: Vector3
    public var offset: Double
  }

  /// Indices of an edge's two vertices and of the two faces that meet in it; twice the same where only one is known.
  public struct Edge: Equatable, Sendable {
    public var vertices: (Int, Int)
    public var faces: (Int, Int)

    public static func == (a: Self, b: Self) -> Bool { a.vertices == b.vertices && a.faces == b.faces }
  }

  /// From vertices alone.
  public init(vertices: [Vector3], padding: Double, gap: Double) {
    self.vertices = vertices
    self.padding = padding
    self.gap = gap
    faces = []
    edges = []
  }

  /// From vertices and the triangles (indices of three vertices, in either order of turning) that bound their hull.
  ///
  /// A triangle of no area is left out. The offset of a face is the greatest over all vertices, so that the plane holds
  /// the hull even where the triangle does not lie on its surface.
  public init(vertices: [Vector3], triangles: [(Int, Int, Int)], padding: Double, gap: Double) {
    self.init(vertices: vertices, padding: padding, gap: gap)
    let middle = (1 / Double(max(vertices.count, 1))) * vertices.reduce(.zero, +)
    var sides: [Side] = []
    for (a, b, c) in triangles {
      let turn = (vertices[b] - vertices[a]).cross(vertices[c] - vertices[a])
      guard turn.length > 1e-18 else { continue }
      let outwards = turn.dot(vertices[a] - middle) < 0 ? -turn : turn
      for (from, to) in [(a, b), (b, c), (c, a)] {
        sides.append(Side(low: min(from, to), high: max(from, to), face: faces.count))
      }
      let normal = (1 / outwards.length) * outwards
      faces.append(face(normal))
      // A hull without thickness is bounded by the same triangle from its other side.
      let other = face(-normal)
      if faces[faces.count - 1].offset + other.offset < 1e-12 { faces.append(other) }
    }
    sides.sort { ($0.low, $0.high, $0.face) < ($1.low, $1.high, $1.face) }
    var start = 0
    while start < sides.count {
      var end = start
      while end < sides.count, sides[end].low == sides[start].low, sides[end].high == sides[start].high { end += 1 }
      edges.append(Edge(vertices: (sides[start].low, sides[start].high), faces: widest(sides[start..<end])))
      start = end
    }
  }

  /// The plane of a normal that holds all vertices.
  private func face(_ normal: Vector3) -> Face {
    Face(normal: normal, offset: vertices.reduce(-Double.infinity) { max($0, normal.dot($1)) })
  }

  /// The two faces of sides with the same ends whose normals differ most: of a flat face in several triangles, more than
  /// two may share a side.
  private func widest(_ sides: ArraySlice<Side>) -> (Int, Int) {
    let first = sides[sides.startIndex].face
    var found = (first, first)
    var least = Double.infinity
    for a in sides {
      for b in sides where b.face > a.face {
        let cosine = faces[a.face].normal.dot(faces[b.face].normal)
        if cosine < least {
          least = cosine
          found = (a.face, b.face)
        }
      }
    }
    return found
  }

  private struct Side {
    var low: Int
    var high: Int
    var face: Int
  }

  /// It has a vertex, its numbers are finite, its padding is not negative and it lies within `Vector3.reach`.
  public var isPlaceable: Bool {
    !vertices.isEmpty && vertices.allSatisfy(\.isPlaceable) && padding >= 0 && padding <= Vector3.reach
  }
}
