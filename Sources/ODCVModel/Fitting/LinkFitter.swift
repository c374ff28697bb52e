import ODCVCore

/// Fits capsules and convex hulls that hold a link.
///
/// Each collision element is cut by parallel planes into cells, and each cell gets a hull and a capsule that hold it.
/// The part of a solid between two parallel planes lies in the hull of its surface between them: a line through one of
/// its points along the planes leaves the solid on both sides, through the surface. So the cells' shapes hold the link.
/// Neighbouring elements are cut together where that costs less than the capsules it saves.
public enum LinkFitter {
  /// The least extent of an element, m.
  public static var leastExtent: Double { 1e-5 }

  /// Cuts each element into convex cells and fits one capsule and one hull to each. Deterministic.
  ///
  /// - Parameters:
  ///   - elements: the link's collision elements in the link's frame, metres.
  ///   - link: index of the link, handed back.
  public static func fit(
    _ elements: [TriangleMesh], link: Int, options: FitOptions = FitOptions()
  ) throws(FitError) -> FittedLink {
    guard !elements.isEmpty else { throw .noElements }
    for (index, mesh) in elements.enumerated() { try check(mesh, index) }
    var fitted = FittedLink(link: link, cells: [], cutting: [])
    for group in grouped(elements, options) {
      let best = group.trial
      fitted.cells += written(best, group.cutter, options)
      fitted.cutting.append(
        ElementCutting(element: group.range.lowerBound, direction: best.direction, offsets: best.offsets))
    }
    return fitted
  }

  /// Elements that are cut together.
  private struct Group {
    var range: Range<Int>
    var cutter: ElementCutter
    var trial: ElementCutter.Trial

    init(_ range: Range<Int>, _ elements: [TriangleMesh], _ options: FitOptions) {
      self.range = range
      cutter = ElementCutter(Array(elements[range]), options: options)
      trial = cutter.best()
    }
  }

  /// Runs of elements: joins the two neighbours that gain most, again and again.
  private static func grouped(_ elements: [TriangleMesh], _ options: FitOptions) -> [Group] {
    var groups = elements.indices.map { Group($0..<$0 + 1, elements, options) }
    var joined: [Range<Int>: Group] = [:]
    while groups.count > 1 {
      var best: (place: Int, gain: Double)?
      for place in groups.indices.dropLast() {
        let (one, other) = (groups[place], groups[place + 1])
        let range = one.range.lowerBound..<other.range.upperBound
        let both = joined[range] ?? Group(range, elements, options)
        joined[range] = both
        let apart = both.cutter.surroundings.mean(one.trial.capsules + other.trial.capsules)
        let saved = one.trial.capsules.count + other.trial.capsules.count - both.trial.capsules.count
        let gain = apart - both.trial.mean + Double(saved) * both.cutter.saving
        if gain > 0, saved > 0, gain > best?.gain ?? 0, both.cutter.fills(both.trial) == false { best = (place, gain) }
      }
      guard let best else { break }
      let range = groups[best.place].range.lowerBound..<groups[best.place + 1].range.upperBound
      groups[best.place...best.place + 1] = [joined[range]!]
    }
    return groups
  }

  private static func check(_ mesh: TriangleMesh, _ element: Int) throws(FitError) {
    guard !mesh.triangles.isEmpty else { throw .empty(element: element) }
    for (index, t) in mesh.triangles.enumerated() {
      for corner in [t.a, t.b, t.c] where !mesh.vertices.indices.contains(corner) {
        throw .cornerOutOfRange(element: element, triangle: index)
      }
    }
    for (index, vertex) in mesh.vertices.enumerated() where !vertex.isPlaceable {
      throw .outOfReach(element: element, vertex: index)
    }
    let corners = mesh.triangles.flatMap { [mesh.vertices[$0.a], mesh.vertices[$0.b], mesh.vertices[$0.c]] }
    var extent = 0.0
    for axis in 0..<3 {
      let along = corners.map { $0[axis] }
      extent = max(extent, (along.max() ?? 0) - (along.min() ?? 0))
    }
    guard extent >= leastExtent else { throw .noSize(element: element, extent: extent, least: leastExtent) }
  }

  /// The capsules and hulls on whole micrometres, grown by what that rounding needs, with their gaps.
  private static func written(
    _ trial: ElementCutter.Trial, _ cutter: ElementCutter, _ options: FitOptions
  ) -> [FittedCell] {
    let reach = Reach(tree: cutter.tree)
    let wholeGap = cutter.surface.rayGap(cutter.hull, cutter.tree)
    return zip(trial.cells, trial.capsules).map { points, capsule in
      let (a, b) = (rounded(capsule.a), rounded(capsule.b))
      let along = Along(a, b)
      let radius = points.reduce(0) { max($0, along.distanceSquared($1)) }.squareRoot()
      let final = Capsule(a: a, b: b, radius: roundedUp(radius + fitRounding))
      let cell = ConvexPolytope(points)
      var hull = cell.written(tolerance: options.hullTolerance, many: options.manyVertices)
      // The kept vertices were rounded outwards by at most half a micrometre along each axis.
      let beyondCell = hull.padding + 0.87 * FitOptions.resolution + fitRounding
      let cellGap = cutter.gap(cell, known: wholeGap, reach)
      hull.gap = roundedUp(cellGap + beyondCell)
      // Against the whole element's hull where that is nearly the solid: it holds what reaches into the next slab.
      let againstHull = wholeGap + beyond(final, cutter.hull)
      let gap = wholeGap < 5e-4 ? againstHull : min(againstHull, reach.bound(final))
      return FittedCell(capsule: final, capsuleGap: roundedUp(gap + fitRounding), hull: hull)
    }
  }

  /// How far `capsule` reaches beyond `solid`. The distance to a convex set is convex, so it is largest at a sphere's end:
  /// radius minus the depth of the end, or plus its distance.
  private static func beyond(_ capsule: Capsule, _ solid: ConvexPolytope) -> Double {
    [capsule.a, capsule.b].reduce(0) { most, end in
      let depth = solid.depth(of: end)
      return max(most, depth >= 0 ? capsule.radius - depth : capsule.radius + solid.distance(to: end))
    }
  }
}
