import ODCVCore

/// Boxes in boxes around a surface's triangles: how far is it, and is a point inside.
struct SurfaceTree {
  private struct Node {
    var low: Vector3
    var high: Vector3
    /// A leaf's triangles; empty for a branch, whose children are the next node and `second`.
    var range: Range<Int>
    var second: Int
  }
  private struct Corners {
    var a: Vector3
    var b: Vector3
    var c: Vector3
    var middle: Vector3 { (1.0 / 3) * (a + b + c) }
  }
  private var nodes: [Node] = []
  private var triangles: [Corners]
  /// One for each mesh, where there are several: they may overlap, and crossings count for each alone.
  private var parts: [SurfaceTree] = []

  init(_ surface: ElementSurface) {
    self.init(surface, surface.triangles.indices)
    if surface.parts.count > 1 { parts = surface.parts.map { SurfaceTree(surface, $0) } }
  }

  private init(_ surface: ElementSurface, _ range: Range<Int>) {
    triangles = surface.triangles[range].map {
      Corners(a: surface.vertices[$0.a], b: surface.vertices[$0.b], c: surface.vertices[$0.c])
    }
    if !triangles.isEmpty { build(0..<triangles.count) }
  }

  private mutating func build(_ range: Range<Int>) {
    var low = triangles[range.lowerBound].a
    var high = low
    for t in triangles[range] {
      for p in [t.a, t.b, t.c] {
        low = Vector3(min(low.x, p.x), min(low.y, p.y), min(low.z, p.z))
        high = Vector3(max(high.x, p.x), max(high.y, p.y), max(high.z, p.z))
      }
    }
    let node = nodes.count
    nodes.append(Node(low: low, high: high, range: range, second: 0))
    guard range.count > 4 else { return }
    let size = high - low
    let axis = size.x >= size.y && size.x >= size.z ? 0 : size.y >= size.z ? 1 : 2
    triangles[range].sort { $0.middle[axis] < $1.middle[axis] }
    let half = range.lowerBound + range.count / 2
    nodes[node].range = range.lowerBound..<range.lowerBound
    build(range.lowerBound..<half)
    nodes[node].second = nodes.count
    build(half..<range.upperBound)
  }

  /// The distance from `p` to the surface, m.
  func distance(to p: Vector3) -> Double {
    guard !nodes.isEmpty else { return .infinity }
    var best = Double.infinity
    search(0, p, &best)
    return best.squareRoot()
  }

  private func square(_ node: Node, _ p: Vector3) -> Double {
    let x = max(node.low.x - p.x, 0, p.x - node.high.x)
    let y = max(node.low.y - p.y, 0, p.y - node.high.y)
    let z = max(node.low.z - p.z, 0, p.z - node.high.z)
    return x * x + y * y + z * z
  }

  private func search(_ index: Int, _ p: Vector3, _ best: inout Double) {
    let node = nodes[index]
    if node.second == 0 {
      for t in triangles[node.range] { best = min(best, (p - nearestPoint(p, t.a, t.b, t.c)).lengthSquared) }
      return
    }
    let first = square(nodes[index + 1], p)
    let second = square(nodes[node.second], p)
    let order = first <= second ? [(index + 1, first), (node.second, second)] : [(node.second, second), (index + 1, first)]
    for (child, distance) in order where distance < best { search(child, p, &best) }
  }

  /// Whether rays in three generic directions all cross the surface an odd number of times. Where rounding near an edge
  /// makes them disagree, the point counts as outside: that only makes a gap look larger.
  func encloses(_ p: Vector3) -> Bool {
    if !parts.isEmpty { return parts.contains { $0.encloses(p) } }
    let rays = [Vector3(0.8361, 0.3719, 0.4033), Vector3(-0.2927, 0.7643, 0.5747), Vector3(0.1931, -0.5477, -0.8141)]
    return rays.allSatisfy { crossings(p, $0) % 2 == 1 }
  }

  private func crossings(_ p: Vector3, _ ray: Vector3) -> Int {
    var count = 0
    var open = nodes.isEmpty ? [] : [0]
    while let index = open.popLast() {
      let node = nodes[index]
      guard meets(node, p, ray) else { continue }
      if node.second == 0 {
        // Möller and Trumbore 1997.
        for t in triangles[node.range] {
          let ab = t.b - t.a
          let ac = t.c - t.a
          let normal = ray.cross(ac)
          let det = ab.dot(normal)
          guard det != 0 else { continue }
          let from = p - t.a
          let u = from.dot(normal) / det
          let side = from.cross(ab)
          let v = ray.dot(side) / det
          if u >= 0, v >= 0, u + v <= 1, ac.dot(side) / det > 0 { count += 1 }
        }
      } else {
        open += [index + 1, node.second]
      }
    }
    return count
  }

  private func meets(_ node: Node, _ p: Vector3, _ ray: Vector3) -> Bool {
    var enter = 0.0
    var leave = Double.infinity
    for axis in 0..<3 {
      let one = (node.low[axis] - p[axis]) / ray[axis]
      let other = (node.high[axis] - p[axis]) / ray[axis]
      enter = max(enter, min(one, other))
      leave = min(leave, max(one, other))
    }
    return enter <= leave + 1e-12
  }
}
