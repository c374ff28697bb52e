import ODCVCore

/// Proves that a model's capsules and padded hulls hold the solids of its description, and that both move alike.
///
/// It shares no code with the fit and trusts nothing that the fit says. What it proves, for each collision element cut by the
/// planes d·p = o₁ < o₂ < ... of its cutting into slabs, cell k in the cutting's k-th capsule and that one's hull:
///
/// 1. **Edges are enough.** A triangle's part between two parallel planes is a polygon whose corners lie on the triangle's
///    edges. So its part lies in the hull of its edges' parts, and a convex body that holds both ends of each
///    edge's part holds the surface's part.
/// 2. **The surface is enough.** Take a point of the solid in a slab, and a line through it along the planes. The solid is
///    bounded, so the line leaves it on both sides, through the surface, inside the same slab: the point lies between two
///    points of the surface's part. That needs a closed surface. An element in one cell needs no such argument,
///    and an element with open edges is closed first, by fans (`closed`).
/// 3. **The slabs miss nothing**, because the first and the last have no end.
///
/// Rounding: all coordinates, offsets and radii are at most 100 m (`Vector3.reach`, checked), one operation rounds by u = 2⁻⁵³ of
/// its result. `clipped` and `inside` say what they need; it all fits into `rounding`, a picometre.
///
/// The gaps (how far shapes reach *beyond* the solid) are not proved here. They only move the upper end of a clearance.
public enum CertificateChecker {
  /// m
  static let rounding = 1e-12

  /// Every failure; none means proved.
  public static func failures(
    _ certificate: Certificate, of model: RobotModel, against description: DescribedRobot
  ) -> [CertificateFailure] {
    var found = kinematicFailures(of: model, against: description)
    for (index, link) in model.links.enumerated() {
      let described = description.links.first { $0.name == link.name }
      let entries = certificate.links.filter { $0.link == link.name }
      let capsules = model.capsules.filter { $0.link == index }
      let elements = described?.elements ?? []
      if entries.isEmpty && elements.isEmpty && capsules.isEmpty { continue }
      guard entries.count == 1 else {
        let what = "has \(entries.count) entries in the certificate instead of one"
        found.append(CertificateFailure(link: link.name, mesh: nil, what: what, amount: nil))
        continue
      }
      found += shapeFailures(entries[0], capsules, model.hulls, elements)
    }
    for entry in certificate.links where !model.links.contains(where: { $0.name == entry.link }) {
      let what = "is in the certificate but not in the model"
      found.append(CertificateFailure(link: entry.link, mesh: nil, what: what, amount: nil))
    }
    return found
  }

  /// One link: the meshes are the certificate's, and each cell lies in its capsule and hull.
  private static func shapeFailures(
    _ entry: LinkCertificate, _ capsules: [LinkCapsule], _ hulls: [ConvexHull], _ elements: [DescribedElement]
  ) -> [CertificateFailure] {
    var found: [CertificateFailure] = []
    func fail(_ what: String, _ amount: Double? = nil, mesh: String? = nil) {
      found.append(CertificateFailure(link: entry.link, mesh: mesh, what: what, amount: amount))
    }
    guard entry.elements.count == elements.count else {
      fail("the certificate has \(entry.elements.count) meshes, the description \(elements.count) collision elements")
      return found
    }
    let starts = entry.cutting.map(\.element)
    guard starts.first == 0, zip(starts, starts.dropFirst()).allSatisfy({ $0 < $1 }), starts[starts.count - 1] < elements.count
    else {
      fail("the cuttings do not start with the first element, or are out of order")
      return found
    }
    let cells = entry.cutting.reduce(0) { $0 + $1.offsets.count + 1 }
    guard cells == capsules.count else {
      fail("the certificate has \(cells) cells, the model \(capsules.count) capsules")
      return found
    }
    var (turn, first) = (0, 0)
    for (index, element) in elements.enumerated() {
      if starts.dropFirst(turn + 1).first == index {
        first += entry.cutting[turn].offsets.count + 1
        turn += 1
      }
      let (known, now, cutting) = (entry.elements[index], element.reference, entry.cutting[turn])
      if known.file != now.file { fail("the certificate names the mesh \(known.file)", mesh: now.file) }
      if known.sha256 != now.sha256 { fail("the file's SHA-256 is not the certificate's", mesh: now.file) }
      let moved = max(difference(known.scale, now.scale), difference(known.origin, now.origin))
      if !(moved <= kinematicTolerance) { fail("scale or origin differ (m, or of 1)", moved, mesh: now.file) }
      let corners = element.mesh.triangles.flatMap { [$0.a, $0.b, $0.c] }
      let d = cutting.direction
      guard !corners.isEmpty, corners.allSatisfy(element.mesh.vertices.indices.contains),
        element.mesh.vertices.allSatisfy(\.isPlaceable), d.isFinite, d.length > 0.5, d.length < 2,
        cutting.offsets.allSatisfy({ abs($0) <= Vector3.reach }),
        zip(cutting.offsets, cutting.offsets.dropFirst()).allSatisfy({ $0 < $1 })
      else {
        fail("no triangles, a number out of range, a direction not near unit length, or offsets out of order", mesh: now.file)
        continue
      }
      let (vertices, edges) = closed(element.mesh, cut: !cutting.offsets.isEmpty)
      let planes = [-Double.infinity] + cutting.offsets + [.infinity]
      for cell in 0...cutting.offsets.count {
        let points = clipped(vertices, edges, d, planes[cell], planes[cell + 1])
        let holder = capsules[first + cell]
        let outside = worst(points) { excess(of: $0, over: holder.capsule) }
        if !(outside <= 0) { fail("cell \(cell) reaches out of capsule \(first + cell) (m)", outside, mesh: now.file) }
        guard let name = holder.hull else { continue }
        guard hulls.indices.contains(name), hulls[name].vertices.allSatisfy(\.isPlaceable) else {
          fail("capsule \(first + cell) names a hull that is not there or out of range", mesh: now.file)
          continue
        }
        let beyond = worst(points) { excess(of: $0, over: hulls[name]) }
        if !(beyond <= 0) { fail("cell \(cell) reaches out of the hull of capsule \(first + cell) (m)", beyond, mesh: now.file) }
      }
    }
    return found
  }

  /// The largest value; a value that is no number counts as the largest.
  private static func worst(_ points: Set<Vector3>, _ value: (Vector3) -> Double) -> Double {
    points.reduce(-Double.infinity) { most, p in
      let v = value(p)
      return v <= most ? most : v.isNaN ? .infinity : v
    }
  }

  /// The surface's vertices, equal ones made one, and its edges (by index, lower first).
  ///
  /// For a cut element an open surface is closed. An edge is open when it bears an odd number of triangles. Every
  /// triangle adds two edges at each of its corners, so at every vertex the open edges are even in number. Each connected
  /// rim of them is closed by the fan from its vertex z of least index: a triangle z, v, w for each open edge vw. Then vw
  /// bears one more, and is even; zv, for v on the rim, bears as many more as there are open edges at v, without zv itself:
  /// even where zv was not open, odd where it was. So every edge is even, and the parity of crossings defines a solid.
  private static func closed(_ mesh: TriangleMesh, cut: Bool) -> ([Vector3], Set<SIMD2<Int>>) {
    var index: [Vector3: Int] = [:]
    var vertices: [Vector3] = []
    for p in mesh.vertices where index.updateValue(index[p] ?? vertices.count, forKey: p) == nil { vertices.append(p) }
    let own = mesh.vertices.map { index[$0, default: 0] }
    var edges = Set<SIMD2<Int>>()
    var open = Set<SIMD2<Int>>()
    func edge(_ a: Int, _ b: Int) -> SIMD2<Int> { SIMD2(min(a, b), max(a, b)) }
    for t in mesh.triangles {
      for side in [edge(own[t.a], own[t.b]), edge(own[t.b], own[t.c]), edge(own[t.c], own[t.a])] {
        edges.insert(side)
        if side.x != side.y, open.remove(side) == nil { open.insert(side) }
      }
    }
    guard cut else { return (vertices, edges) }
    var least: [Int: Int] = [:]
    var settled = false
    while !settled {
      settled = true
      for side in open {
        let lower = min(least[side.x] ?? side.x, least[side.y] ?? side.y)
        if least[side.x] != lower || least[side.y] != lower { settled = false }
        least[side.x] = lower
        least[side.y] = lower
      }
    }
    for (vertex, apex) in least { edges.insert(edge(vertex, apex)) }
    return (vertices, edges)
  }

  /// Both ends of each edge's part between two planes, by their heights d·p.
  ///
  /// A height rounds by at most 4u · 2 · 3 · 100 m < 3e-13 m = e, |d| being below 2. The planes are taken w = 1e-11 m further
  /// apart. An edge with both ends beyond a widened plane is beyond the true one. Where the edge crosses a widened plane at the
  /// computed parameter t, the quotient's rounding moves the height there by at most 4u · 1200 m < 6e-13 m, the plane's own by 2e-14 m
  /// and the ends' by e: less than w, so the true height at t is still outside the slab, and the edge's part in it lies
  /// between the points taken. With t in [0, 1] the real point at t is on the edge; the computed one is off by at most 5u · 100 m
  /// along an axis, 1e-13 m in all.
  private static func clipped(
    _ vertices: [Vector3], _ edges: Set<SIMD2<Int>>, _ d: Vector3, _ lower: Double, _ upper: Double
  ) -> Set<Vector3> {
    let heights = vertices.map { d.x * $0.x + d.y * $0.y + d.z * $0.z }
    let (lower, upper) = (lower - 1e-11, upper + 1e-11)
    var points = Set<Vector3>()
    for edge in edges {
      for (from, to) in [(edge.x, edge.y), (edge.y, edge.x)] {
        let (p, q, h, g) = (vertices[from], vertices[to], heights[from], heights[to])
        if h >= lower && h <= upper { points.insert(p) }
        for plane in [lower, upper] where h < plane && plane < g {
          let t = min(max((plane - h) / (g - h), 0), 1)
          points.insert(p + t * (q - p))
        }
      }
    }
    return points
  }

  /// How far `p` is outside `capsule`, m, not less than the true value: the distance to *any* point of the segment
  /// is enough, so the choice of t need not be right. The point and the distance round by less than 20u · 200 m = 5e-13 m.
  private static func excess(of p: Vector3, over capsule: Capsule) -> Double {
    guard capsule.isPlaceable else { return .infinity }
    let along = capsule.b - capsule.a
    let t = min(max((p - capsule.a).dot(along) / max(along.lengthSquared, 1e-300), 0), 1)
    return (p - (capsule.a + t * along)).length + rounding - capsule.radius
  }

  /// How far `p` is outside the padded `hull`, m, not less than the true value: the distance to *any* convex combination of its
  /// vertices is enough, so the search for a near one need not be right. Four weights of at least 0, divided by their sum,
  /// round by less than 12u · 100 m along an axis, 3e-13 m in all.
  private static func excess(of p: Vector3, over hull: ConvexHull) -> Double {
    let combination = nearCombination(of: hull.vertices, to: p, within: hull.padding - 2 * rounding)
    guard !combination.isEmpty, combination.count <= 4, combination.allSatisfy({ $0.weight >= 0 }) else { return .infinity }
    let sum = combination.reduce(0) { $0 + $1.weight }
    let q = (1 / sum) * combination.reduce(.zero) { $0 + $1.weight * hull.vertices[$1.vertex] }
    return (p - q).length + rounding - hull.padding
  }
}
