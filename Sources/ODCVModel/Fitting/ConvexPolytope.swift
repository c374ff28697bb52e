import ODCVCore

/// The convex hull of points, with its outward faces. Metres.
///
/// Built on a lattice with exact signs, so it is right to the lattice's rounding: every point given lies within 2^-29 of
/// the points' extent of the hull (2 nm for 1 m). Coplanar, collinear, duplicate and few points are fine: a flat hull
/// has vertices but no faces.
public struct ConvexPolytope: Sendable {
  /// A triangle, counter-clockwise from outside, and its plane `normal`·p = `offset` that no vertex lies outside of.
  public struct Face: Equatable, Sendable {
    public var a: Int
    public var b: Int
    public var c: Int
    /// Unit length, outward.
    public var normal: Vector3
    public var offset: Double
  }

  /// The extreme points, as they were given.
  public private(set) var vertices: [Vector3]
  /// Empty where the hull is flat.
  public private(set) var faces: [Face]
  /// 3 for a solid, 2 flat, 1 a segment, 0 a point, -1 without points.
  public private(set) var dimension: Int
  /// m³
  public private(set) var volume: Double

  public init(_ points: [Vector3]) {
    let lattice = Lattice(points)
    var seen = Set<Lattice.Point>()
    var given: [Vector3] = []
    var grid: [Lattice.Point] = []
    for p in points where seen.insert(lattice(p)).inserted {
      given.append(p)
      grid.append(lattice(p))
    }
    vertices = []
    faces = []
    volume = 0
    dimension = min(given.count - 1, 0)
    guard given.count > 1 else {
      vertices = given
      return
    }
    switch LatticeHull(grid) {
    case .segment(let ends):
      dimension = 1
      vertices = ends.map { given[$0] }
    case .polygon(let corners):
      dimension = 2
      vertices = corners.map { given[$0] }
    case .solid(let triangles):
      dimension = 3
      fill(triangles, given, grid, lattice.step)
    }
  }

  private mutating func fill(
    _ triangles: [TriangleMesh.Triangle], _ given: [Vector3], _ grid: [Lattice.Point], _ step: Double
  ) {
    var index: [Int: Int] = [:]
    for t in triangles {
      for corner in [t.a, t.b, t.c] where index[corner] == nil {
        index[corner] = vertices.count
        vertices.append(given[corner])
      }
    }
    var sixfold = 0.0
    for t in triangles {
      // The exact plane of the lattice's points is a supporting plane, however thin the triangle.
      let exact = LatticePlane.exactNormal(grid[t.a], grid[t.b], grid[t.c])
      let from = grid[triangles[0].a]
      sixfold += Double(exact.dot(LatticeVector(from: from, to: grid[t.a])))
      let normal = (1 / exact.rounded.length) * exact.rounded
      let offset = vertices.reduce(-Double.infinity) { max($0, normal.dot($1)) }
      faces.append(Face(a: index[t.a]!, b: index[t.b]!, c: index[t.c]!, normal: normal, offset: offset))
    }
    volume = sixfold * step * step * step / 6
  }

  /// max n·v over the vertices.
  public func support(_ n: Vector3) -> Double { vertices.reduce(-Double.infinity) { max($0, n.dot($1)) } }

  /// How deep `p` lies under the nearest face plane, m; negative outside. A ball of that radius about `p` is inside.
  public func depth(of p: Vector3) -> Double { faces.reduce(Double.infinity) { min($0, $1.offset - $1.normal.dot(p)) } }

  /// The distance from `p` to the polytope, 0 inside; never below the true one by more than rounding.
  public func distance(to p: Vector3) -> Double {
    if dimension == 3 {
      var least = Double.infinity
      for face in faces where face.normal.dot(p) > face.offset {
        let nearest = nearestPoint(p, vertices[face.a], vertices[face.b], vertices[face.c])
        least = min(least, (p - nearest).lengthSquared)
      }
      return least == .infinity ? 0 : least.squareRoot()
    }
    guard let first = vertices.first, let last = vertices.last else { return .infinity }
    if dimension < 2 { return Along(first, last).distanceSquared(p).squareRoot() }
    // A flat hull is the fan of its corners.
    var least = (p - first).lengthSquared
    for i in vertices.indices.dropFirst(2) {
      let nearest = nearestPoint(p, first, vertices[i - 1], vertices[i])
      least = min(least, (p - nearest).lengthSquared)
    }
    return least.squareRoot()
  }

  /// Face normals without repetition: directions that differ by less than `tolerance` (a sine) count as one.
  public func faceNormals(tolerance: Double = 1e-6) -> [Vector3] {
    var kept: [Vector3] = []
    for face in faces where !kept.contains(where: { ($0 - face.normal).lengthSquared < tolerance * tolerance }) {
      kept.append(face.normal)
    }
    return kept
  }

  /// Unit directions of the edges between faces that are not coplanar, without repetition and regardless of sign.
  public func edgeDirections(tolerance: Double = 1e-6) -> [Vector3] {
    var normals: [Edge: Vector3] = [:]
    for face in faces {
      for edge in face.edges { normals[edge] = face.normal }
    }
    var kept: [Vector3] = []
    for face in faces {
      for edge in face.edges where edge.from < edge.to {
        guard let other = normals[edge.reversed], (other - face.normal).lengthSquared > tolerance * tolerance else {
          continue
        }
        let along = vertices[edge.to] - vertices[edge.from]
        let direction = (1 / along.length) * along
        if !kept.contains(where: { $0.cross(direction).lengthSquared < tolerance * tolerance }) {
          kept.append(direction)
        }
      }
    }
    return kept
  }
}

struct Edge: Hashable {
  var from: Int
  var to: Int

  var reversed: Edge { Edge(from: to, to: from) }
}

extension ConvexPolytope.Face {
  var edges: [Edge] { [Edge(from: a, to: b), Edge(from: b, to: c), Edge(from: c, to: a)] }
}

/// The point of triangle abc nearest to `p` (Ericson, Real-Time Collision Detection, 5.1.5: by Voronoi region).
func nearestPoint(_ p: Vector3, _ a: Vector3, _ b: Vector3, _ c: Vector3) -> Vector3 {
  let ab = b - a
  let ac = c - a
  let ap = p - a
  let d1 = ab.dot(ap)
  let d2 = ac.dot(ap)
  if d1 <= 0 && d2 <= 0 { return a }
  let bp = p - b
  let d3 = ab.dot(bp)
  let d4 = ac.dot(bp)
  if d3 >= 0 && d4 <= d3 { return b }
  let vc = d1 * d4 - d3 * d2
  if vc <= 0 && d1 >= 0 && d3 <= 0 { return a + (d1 / (d1 - d3)) * ab }
  let cp = p - c
  let d5 = ab.dot(cp)
  let d6 = ac.dot(cp)
  if d6 >= 0 && d5 <= d6 { return c }
  let vb = d5 * d2 - d1 * d6
  if vb <= 0 && d2 >= 0 && d6 <= 0 { return a + (d2 / (d2 - d6)) * ac }
  let va = d3 * d6 - d5 * d4
  if va <= 0 && d4 - d3 >= 0 && d5 - d6 >= 0 { return b + ((d4 - d3) / ((d4 - d3) + (d5 - d6))) * (c - b) }
  let scale = 1 / (va + vb + vc)
  return a + (vb * scale) * ab + (vc * scale) * ac
}
