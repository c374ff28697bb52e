/// Raises the lower bound where a hull and a box (or a segment) overlap or touch, by the normals that the faces of their
/// difference can have: those of the hull's faces, the box's axes, and the common perpendiculars of an edge of the hull and
/// an axis of the box.
///
/// The origin's distance to the surface of a polytope is that to one of its faces' planes, so with all of them the bound
/// is the signed distance. An edge and an axis span a face only if the axis' great circle passes between the normals of
/// the edge's two faces (the arc of the edge on the Gauss map); the edge then lies on the supporting plane. Without faces
/// and edges the axes and a few guesses remain, and the bound is one.
///
/// The stored offset of a face and the edge itself give a value that is not below the true plane distance of their normal;
/// only one that would raise the bound is put to the vertices. So wrong faces can make the bound loose and never wrong.
func raise(_ found: inout CoreBracket, _ hull: HullView, _ box: Box, budget: inout Int) {
  let vertices = hull.vertices
  let core = Core.box(box)
  raiseBySearch(&found, vertices, core, budget: &budget)
  for axis in 0..<3 {
    let direction = box.pose.rotation[axis]
    raise(&found, vertices, core, direction, budget: &budget)
    raise(&found, vertices, core, -direction, budget: &budget)
  }
  budget -= hull.faces.isEmpty ? 0 : 1
  for index in hull.faces.indices {
    guard budget > 0 else { return }
    let n = -hull.faces[index].normal
    if -hull.faces[index].offset - n.dot(core.farthest(along: n)) > found.lower {
      raise(&found, vertices, core, n, budget: &budget)
    }
  }
  for axis in 0..<3 where box.halfExtents[axis] > 0 {
    guard budget > 0 else { return }
    budget -= hull.edges.isEmpty ? 0 : 1
    raiseByEdges(&found, hull, core, box.pose.rotation[axis], budget: &budget)
  }
}

/// m: how far bodies are moved apart to see in which direction they are nearest.
private let clearing = 1e-3

/// Where nothing is known of faces: the normals of the simplex' faces and the way from middle to middle, and from the
/// best of them uphill.
///
/// A step moves the hull out along the best normal n so far, by the depth h there and `clearing` more. The planes across n
/// are then `clearing` apart, so GJK finds a distance D of at least that, with a normal m, and before the move the planes
/// across m were at D - (h + clearing) n·m, which is not less than -h. So no step is downhill. Where it ends no normal
/// near by is better; it need not be the best of all.
func raiseBySearch(
  _ found: inout CoreBracket, _ vertices: UnsafeBufferPointer<Vector3>, _ second: Core, budget: inout Int
) {
  let simplex = found.simplex
  for left in 0..<4 {
    guard let n = simplex.faceNormal(left == 0 ? 1 : 0, left <= 1 ? 2 : 1, left <= 2 ? 3 : 2) else { continue }
    raise(&found, vertices, second, n, budget: &budget)
    raise(&found, vertices, second, -n, budget: &budget)
  }
  let way = middle(of: vertices) - second.middle
  let length = way.length
  if length > 0 { raise(&found, vertices, second, (1 / length) * way, budget: &budget) }
  for _ in 0..<8 {
    guard budget > 0, found.lower > -.infinity else { return }
    let before = found.lower
    let moved = second.moved(by: (before - clearing) * found.normal)
    let apart = coreBracket(vertices, moved, from: found.normal, enough: .infinity, budget: &budget)
    raise(&found, vertices, second, apart.normal, budget: &budget)
    guard found.lower > before + convergence else { return }
  }
}

private func raiseByEdges(
  _ found: inout CoreBracket, _ hull: HullView, _ core: Core, _ direction: Vector3, budget: inout Int
) {
  let vertices = hull.vertices
  for index in hull.edges.indices {
    guard budget > 0 else { return }
    let edge = hull.edges[index]
    let left = hull.faces[edge.faces.0].normal.dot(direction)
    let right = hull.faces[edge.faces.1].normal.dot(direction)
    guard left * right <= 1e-12 || edge.faces.0 == edge.faces.1 else { continue }
    let from = vertices[edge.vertices.0]
    let across = perpendicular(vertices[edge.vertices.1] - from, direction)
    for side in 0..<2 {
      let n = side == 0 ? across : -across
      if n.dot(from - core.farthest(along: n)) > found.lower {
        raise(&found, vertices, core, n, budget: &budget)
      }
    }
  }
}

/// Takes the plane distance across `n` in, by the vertices.
@inline(__always)
private func raise(
  _ found: inout CoreBracket, _ vertices: UnsafeBufferPointer<Vector3>, _ second: Core, _ n: Vector3,
  budget: inout Int
) {
  guard budget > 0 else { return }
  budget -= 1
  found.raise(n.dot(extreme(of: vertices, along: n) - second.farthest(along: n)), n)
}
