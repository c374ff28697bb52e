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

  /// Indices of an edge's two vertices and of the two faces that meet in it.
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
      let normal = (1 / outwards.length) * outwards
      let offset = vertices.reduce(-Double.infinity) { max($0, normal.dot($1)) }
      for (from, to) in [(a, b), (b, c), (c, a)] {
        sides.append(Side(low: min(from, to), high: max(from, to), face: faces.count))
      }
      faces.append(Face(normal: normal, offset: offset))
    }
    // Two sides with the same ends are one edge; a side that is left over has only its own face.
    sides.sort { ($0.low, $0.high, $0.face) < ($1.low, $1.high, $1.face) }
    var index = 0
    while index < sides.count {
      let side = sides[index]
      let next = index + 1 < sides.count ? sides[index + 1] : side
      let isPair = next.low == side.low && next.high == side.high && next.face != side.face
      edges.append(Edge(vertices: (side.low, side.high), faces: (side.face, isPair ? next.face : side.face)))
      index += isPair ? 2 : 1
    }
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
