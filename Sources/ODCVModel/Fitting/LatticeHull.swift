import ODCVCore

/// The exact convex hull of distinct lattice points (at least two), by their indices.
enum LatticeHull {
  case segment([Int])
  /// Corners in order around.
  case polygon([Int])
  case solid([TriangleMesh.Triangle])

  init(_ points: [Lattice.Point]) {
    guard let start = LatticeHull.tetrahedron(points) else {
      self = LatticeHull.flat(points)
      return
    }
    let triangles = LatticeHull.triangles(points, start)
    // A point that later ones turned into a point of a face or of an edge has fewer than three sharp edges.
    var opposite: [Edge: Int] = [:]
    for t in triangles {
      opposite[Edge(from: t.a, to: t.b)] = t.c
      opposite[Edge(from: t.b, to: t.c)] = t.a
      opposite[Edge(from: t.c, to: t.a)] = t.b
    }
    var sharp: [Int: Int] = [:]
    for (edge, apex) in opposite {
      guard let other = opposite[edge.reversed] else { preconditionFailure("a hull is closed") }
      if LatticePlane(points[edge.from], points[edge.to], points[apex]).side(of: points[other]) != 0 {
        sharp[edge.from, default: 0] += 1
      }
    }
    let extreme = points.indices.filter { sharp[$0, default: 0] >= 3 }
    let used = Set(opposite.keys.map(\.from))
    if extreme.count == used.count {
      self = .solid(triangles)
      return
    }
    let kept = extreme.map { points[$0] }
    guard let restart = LatticeHull.tetrahedron(kept) else { preconditionFailure("a solid's extreme points are not flat") }
    self = .solid(
      LatticeHull.triangles(kept, restart).map { .init(extreme[$0.a], extreme[$0.b], extreme[$0.c]) })
  }

  /// Four points that are not in one plane, as far apart as is cheap to find.
  private static func tetrahedron(_ points: [Lattice.Point]) -> [Int]? {
    let a = 0
    guard let b = points.indices.max(by: { square(points[a], points[$0]) < square(points[a], points[$1]) }),
      square(points[a], points[b]) > 0
    else { return nil }
    let ab = LatticeVector(from: points[a], to: points[b])
    func area(_ i: Int) -> Double { ab.cross(LatticeVector(from: points[a], to: points[i])).rounded.lengthSquared }
    guard let c = points.indices.max(by: { area($0) < area($1) }), area(c) > 0 else { return nil }
    let normal = LatticePlane.exactNormal(points[a], points[b], points[c])
    func height(_ i: Int) -> Int128 { normal.dot(LatticeVector(from: points[a], to: points[i])) }
    guard let d = points.indices.max(by: { height($0).magnitude < height($1).magnitude }) else { return nil }
    let side = height(d)
    if side == 0 { return nil }
    return side < 0 ? [a, b, c, d] : [a, c, b, d]
  }

  private static func square(_ a: Lattice.Point, _ b: Lattice.Point) -> Double {
    LatticeVector(from: a, to: b).rounded.lengthSquared
  }

  /// Point after point: the faces that see it go, and the rim they leave is joined to it. A face sees only what is
  /// strictly outside its plane, so no new face is degenerate: a point in line with a rim's edge lies in the plane of
  /// the face that went.
  private static func triangles(_ points: [Lattice.Point], _ start: [Int]) -> [TriangleMesh.Triangle] {
    struct Open {
      var triangle: TriangleMesh.Triangle
      var plane: LatticePlane
    }
    func face(_ a: Int, _ b: Int, _ c: Int) -> Open {
      Open(triangle: .init(a, b, c), plane: LatticePlane(points[a], points[b], points[c]))
    }
    let (a, b, c, d) = (start[0], start[1], start[2], start[3])
    var faces = [face(a, b, c), face(a, d, b), face(b, d, c), face(c, d, a)]
    for index in insertionOrder(points) {
      guard faces.contains(where: { $0.plane.side(of: points[index]) > 0 }) else { continue }
      var kept: [Open] = []
      var rim: [Edge] = []
      for open in faces {
        if open.plane.side(of: points[index]) > 0 {
          let t = open.triangle
          rim += [Edge(from: t.a, to: t.b), Edge(from: t.b, to: t.c), Edge(from: t.c, to: t.a)]
        } else {
          kept.append(open)
        }
      }
      let gone = Set(rim)
      for edge in rim where !gone.contains(edge.reversed) { kept.append(face(edge.from, edge.to, index)) }
      faces = kept
    }
    return faces.map(\.triangle)
  }

  /// Far points first, so that most others are inside soon.
  private static func insertionOrder(_ points: [Lattice.Point]) -> [Int] {
    var first: [Int] = []
    for x in -2...2 {
      for y in -2...2 {
        for z in -2...2 where (x, y, z) != (0, 0, 0) {
          func height(_ p: Lattice.Point) -> Int64 { Int64(x) * p.x + Int64(y) * p.y + Int64(z) * p.z }
          if let far = points.indices.max(by: { height(points[$0]) < height(points[$1]) }) { first.append(far) }
        }
      }
    }
    var seen = Set<Int>()
    return (first + Array(points.indices)).filter { seen.insert($0).inserted }
  }

  /// All points are in one plane or on one line.
  private static func flat(_ points: [Lattice.Point]) -> LatticeHull {
    let a = points[0]
    let far = points.indices.max { square(a, points[$0]) < square(a, points[$1]) }!
    let along = LatticeVector(from: a, to: points[far])
    guard let apex = points.indices.first(where: { !along.cross(LatticeVector(from: a, to: points[$0])).isZero }) else {
      let ordered = points.indices.sorted {
        along.dot(LatticeVector(from: a, to: points[$0])) < along.dot(LatticeVector(from: a, to: points[$1]))
      }
      return .segment([ordered.first!, ordered.last!])
    }
    // Seen along the axis nearest to the normal, the points keep their order around.
    let normal = along.cross(LatticeVector(from: a, to: points[apex]))
    let most = max(normal.x.magnitude, normal.y.magnitude, normal.z.magnitude)
    func flatten(_ p: Lattice.Point) -> (Int64, Int64) {
      if normal.x.magnitude == most { return (p.y, p.z) }
      return normal.y.magnitude == most ? (p.x, p.z) : (p.x, p.y)
    }
    // Andrew's monotone chain.
    let ordered = points.indices.sorted { flatten(points[$0]) < flatten(points[$1]) }
    func turnsLeft(_ i: Int, _ j: Int, _ k: Int) -> Bool {
      let (o, p, q) = (flatten(points[i]), flatten(points[j]), flatten(points[k]))
      return Int128(p.0 - o.0) * Int128(q.1 - o.1) > Int128(p.1 - o.1) * Int128(q.0 - o.0)
    }
    func chain(_ order: [Int]) -> [Int] {
      var corners: [Int] = []
      for i in order {
        while corners.count > 1, !turnsLeft(corners[corners.count - 2], corners[corners.count - 1], i) {
          corners.removeLast()
        }
        corners.append(i)
      }
      return Array(corners.dropLast())
    }
    return .polygon(chain(ordered) + chain(ordered.reversed()))
  }
}
