import ODCVCore

/// A collision element's surface with its holes closed.
///
/// Equal vertices are made one and triangles without area by repetition dropped. Where edges bear an odd number of
/// triangles the surface is open: each connected rim of such edges is closed by the fan of triangles from its vertex
/// of least index. The edges of a surface's rim are even at every vertex, so the fans leave no odd edge. The solid is
/// what the closed surface encloses: the points from which a ray crosses it an odd number of times.
public struct ElementSurface: Sendable {
  public private(set) var vertices: [Vector3] = []
  /// The mesh's, then those of the fans.
  public private(set) var triangles: [TriangleMesh.Triangle] = []
  /// Edges that bore an odd number of triangles; 0 for a closed mesh.
  public private(set) var openEdges = 0
  /// The triangles of each mesh, where several are taken together; a solid each, and the whole their union.
  public private(set) var parts: [Range<Int>] = []
  /// The longest side of a fan's triangle, m: how wide a hole had to be closed.
  public private(set) var widestHole = 0.0

  public init(_ mesh: TriangleMesh) {
    var index: [Vector3: Int] = [:]
    let welded = mesh.vertices.map { vertex in
      if let known = index[vertex] { return known }
      index[vertex] = vertices.count
      vertices.append(vertex)
      return vertices.count - 1
    }
    var odd = Set<Edge>()
    for t in mesh.triangles {
      let (a, b, c) = (welded[t.a], welded[t.b], welded[t.c])
      guard a != b, b != c, c != a else { continue }
      triangles.append(.init(a, b, c))
      for (from, to) in [(a, b), (b, c), (c, a)] {
        let edge = Edge(from: min(from, to), to: max(from, to))
        if odd.remove(edge) == nil { odd.insert(edge) }
      }
    }
    openEdges = odd.count
    close(odd.sorted { ($0.from, $0.to) < ($1.from, $1.to) })
    parts = [0..<triangles.count]
  }

  /// Several meshes taken together, each with its own holes closed.
  public init(_ meshes: [TriangleMesh]) {
    for mesh in meshes {
      let own = ElementSurface(mesh)
      let (vertex, triangle) = (vertices.count, triangles.count)
      vertices += own.vertices
      triangles += own.triangles.map { .init($0.a + vertex, $0.b + vertex, $0.c + vertex) }
      parts.append(triangle..<triangles.count)
      openEdges += own.openEdges
      widestHole = max(widestHole, own.widestHole)
    }
  }

  private mutating func close(_ rim: [Edge]) {
    var root: [Int: Int] = [:]
    func find(_ vertex: Int) -> Int {
      var top = vertex
      while let next = root[top], next != top { top = next }
      return top
    }
    for edge in rim {
      let (a, b) = (find(edge.from), find(edge.to))
      root[max(a, b)] = min(a, b)
      root[min(a, b)] = min(a, b)
    }
    for edge in rim {
      let apex = find(edge.from)
      guard edge.from != apex, edge.to != apex else { continue }
      triangles.append(.init(apex, edge.from, edge.to))
      let sides = [(apex, edge.from), (apex, edge.to), (edge.from, edge.to)]
      widestHole = sides.reduce(widestHole) { max($0, (vertices[$1.0] - vertices[$1.1]).length) }
    }
  }

  /// Edges once each, lower index first, in order.
  var edges: [Edge] {
    var seen = Set<Edge>()
    var kept: [Edge] = []
    for t in triangles {
      for (from, to) in [(t.a, t.b), (t.b, t.c), (t.c, t.a)] {
        let edge = Edge(from: min(from, to), to: max(from, to))
        if seen.insert(edge).inserted { kept.append(edge) }
      }
    }
    return kept
  }
}

/// Clips a surface to slabs. The corners of a triangle's part between two parallel planes lie on the triangle's edges,
/// so the surface's part lies in the hull of its clipped edges.
struct SlabClipper {
  /// m (for a unit direction): slabs are taken this much wider, so that no rounding of a checker sees a point that
  /// was not seen here.
  static let margin = 1e-9

  let vertices: [Vector3]
  let edges: [Edge]

  init(_ surface: ElementSurface) {
    vertices = surface.vertices
    edges = surface.edges
  }

  /// Points whose hull holds the surface between the planes `direction`·p = `lower` and `upper`.
  func points(_ direction: Vector3, from lower: Double, to upper: Double) -> [Vector3] {
    let heights = vertices.map(direction.dot)
    let lower = lower - SlabClipper.margin
    let upper = upper + SlabClipper.margin
    var kept: [Vector3] = []
    for (vertex, height) in zip(vertices, heights) where height >= lower && height <= upper { kept.append(vertex) }
    for edge in edges {
      let (p, q) = (vertices[edge.from], vertices[edge.to])
      let (hp, hq) = (heights[edge.from], heights[edge.to])
      for plane in [lower, upper] where (hp < plane) != (hq < plane) {
        kept.append(p + ((plane - hp) / (hq - hp)) * (q - p))
      }
    }
    return kept
  }
}
