import ODCVCore

/// Chooses how to cut an element, or several taken together, and the capsules.
struct ElementCutter {
  /// One way to cut, with its capsules and what they cost.
  struct Trial {
    var direction: Vector3
    var offsets: [Double]
    /// Extreme points of each cell.
    var cells: [[Vector3]]
    var capsules: [Capsule]
    var cost: Double = .infinity
    /// Mean loss, m.
    var mean: Double = .infinity
  }

  let surface: ElementSurface
  let hull: ConvexPolytope
  let tree: SurfaceTree
  let surroundings: Surroundings
  let clipper: SlabClipper
  let options: FitOptions
  /// The link's axes and the spread's.
  let axes: [Vector3]
  /// Directions all around.
  let outlook: [Vector3]

  init(_ meshes: [TriangleMesh], options: FitOptions) {
    surface = ElementSurface(meshes)
    hull = ConvexPolytope(surface.vertices)
    tree = SurfaceTree(surface)
    surroundings = Surroundings(surface, hull, tree, count: options.places)
    clipper = SlabClipper(surface)
    self.options = options
    outlook = Surroundings.directions(200)
    axes = ElementCutter.distinct(
      [Vector3(1, 0, 0), Vector3(0, 1, 0), Vector3(0, 0, 1)] + principalAxes(hull.vertices))
  }

  private static func distinct(_ axes: [Vector3]) -> [Vector3] {
    var kept: [Vector3] = []
    for axis in axes where !kept.contains(where: { $0.cross(axis).lengthSquared < 0.01 }) { kept.append(axis) }
    return kept
  }

  /// A cut that is made for the hulls' sake must leave no more than this share of their gap.
  private static let worthwhile = 0.85

  private var searching: Int { options.evaluations / 4 }

  /// How far a cell's hull reaches beyond the solid, m; at most what is `known` of the whole's.
  func gap(_ cell: ConvexPolytope, known: Double, _ reach: Reach) -> Double {
    if known < 5e-4 { return known }
    let along = min(known, surface.rayGap(cell, tree))
    return along < 5e-4 ? along : min(along, reach.bound(cell))
  }

  /// The best way to cut: by cost, unless its hulls would fill too much that is free and another's would not.
  func best() -> Trial {
    let cheapest = cheapest()
    let gap = hullGap(cheapest)
    guard gap > options.mostHullGap, let filling = leastFilling() else { return cheapest }
    return hullGap(filling) < ElementCutter.worthwhile * gap ? polished(filling) : cheapest
  }

  /// Whether its hulls fill more of what is free than they may.
  func fills(_ trial: Trial) -> Bool { hullGap(trial) > options.mostHullGap }

  private func hullGap(_ trial: Trial) -> Double {
    let reach = Reach(tree: tree, tolerance: 1e-3, most: 4000)
    let known = surface.rayGap(hull, tree)
    return trial.cells.reduce(0) { max($0, gap(ConvexPolytope($1), known: known, reach)) }
  }

  /// Cuts where the cells' hulls lose most volume, until they fill no more than `mostHullGap`.
  private func leastFilling() -> Trial? {
    var best: (trial: Trial, gap: Double)?
    for direction in axes {
      var offsets: [Double] = []
      while offsets.count + 1 < options.mostCells {
        guard let more = leastVolume(direction, offsets) else { break }
        offsets = more
        // A plane chosen early may stand better now that there is another.
        for plane in offsets where offsets.count > 1 {
          if let moved = leastVolume(direction, offsets.filter { $0 != plane }) { offsets = moved }
        }
        guard let cells = cells(direction, offsets) else { break }
        let trial = Trial(
          direction: direction, offsets: offsets, cells: cells.map(\.vertices), capsules: [])
        let gap = hullGap(trial)
        if best.map({ gap < ElementCutter.worthwhile * $0.gap }) ?? true { best = (trial, gap) }
        if gap <= options.mostHullGap { break }
      }
    }
    return best.flatMap { trial($0.trial.direction, $0.trial.offsets, evaluations: options.evaluations) }
  }

  /// `offsets` and the one more that leaves the cells' hulls the least volume.
  private func leastVolume(_ direction: Vector3, _ offsets: [Double]) -> [Double]? {
    var best: (offsets: [Double], volume: Double)?
    for choice in finer(direction, offsets) + atSteps(direction, offsets) {
      guard let cells = cells(direction, choice) else { continue }
      let volume = cells.reduce(0) { $0 + $1.volume }
      if volume < best?.volume ?? .infinity { best = (choice, volume) }
    }
    return best?.offsets
  }

  /// `offsets` and one more where the surface has a step: just beside large faces across the direction.
  private func atSteps(_ direction: Vector3, _ offsets: [Double]) -> [[Double]] {
    var areas: [Double: Double] = [:]
    for t in surface.triangles {
      let corners = [t.a, t.b, t.c].map { surface.vertices[$0] }
      let heights = corners.map(direction.dot).sorted()
      guard heights[2] - heights[0] < 2e-5 else { continue }
      let key = (heights[0] * 1e4).rounded() / 1e4
      areas[key, default: 0] += (corners[1] - corners[0]).cross(corners[2] - corners[0]).length
    }
    let large = areas.sorted { ($0.value, $0.key) > ($1.value, $1.key) }.prefix(8)
    let (low, high) = span(direction)
    var found: [[Double]] = []
    for step in large {
      for offset in [rounded(step.key - 1e-4), rounded(step.key + 1e-4)]
      where offset > low + 1e-3 && offset < high - 1e-3 && !offsets.contains(offset) {
        found.append((offsets + [offset]).sorted())
      }
    }
    return found
  }

  private func cells(_ direction: Vector3, _ offsets: [Double]) -> [ConvexPolytope]? {
    let planes = [-Double.infinity] + offsets + [.infinity]
    var cells: [ConvexPolytope] = []
    for (from, to) in zip(planes, planes.dropFirst()) {
      guard from < to else { return nil }
      let cell = ConvexPolytope(clipper.points(direction, from: from, to: to))
      if cell.vertices.isEmpty { return nil }
      cells.append(cell)
    }
    return cells
  }

  /// For a search: of each cell's points the extreme ones along many directions, not all.
  private func outlines(_ direction: Vector3, _ offsets: [Double]) -> [[Vector3]]? {
    let planes = [-Double.infinity] + offsets + [.infinity]
    var cells: [[Vector3]] = []
    for (from, to) in zip(planes, planes.dropFirst()) {
      guard from < to else { return nil }
      let points = offsets.isEmpty ? hull.vertices : clipper.points(direction, from: from, to: to)
      if points.isEmpty { return nil }
      cells.append(points.count < outlook.count ? points : extremes(points))
    }
    return cells
  }

  private func extremes(_ points: [Vector3]) -> [Vector3] {
    var chosen = Set<Int>()
    var kept: [Vector3] = []
    for direction in outlook {
      var far = 0
      var most = -Double.infinity
      for (index, p) in points.enumerated() {
        let height = direction.dot(p)
        if height > most { (far, most) = (index, height) }
      }
      if chosen.insert(far).inserted { kept.append(points[far]) }
    }
    return kept
  }

  /// With all points of its cells.
  private func complete(_ trial: Trial) -> Trial? {
    guard let cells = cells(trial.direction, trial.offsets) else { return nil }
    var found = trial
    found.cells = cells.map(\.vertices)
    return found
  }

  /// By cost, of one cell to `mostCells`: more only where that pays.
  private func cheapest() -> Trial {
    var best = polished(trial(axes[0], [], evaluations: options.evaluations) ?? whole)
    var seeds = [best]
    var directions = axes
    if let capsule = best.capsules.first, (capsule.b - capsule.a).length > 1e-3 {
      let along = capsule.b - capsule.a
      directions = ElementCutter.distinct(axes + [rounded((1 / along.length) * along)])
    }
    let saving = saving
    var count = 1
    while count < options.mostCells {
      count += 1
      var trials: [Trial] = []
      for seed in seeds {
        for direction in seed.offsets.isEmpty ? directions : [seed.direction] {
          for offsets in finer(direction, seed.offsets) {
            if let found = trial(direction, offsets, evaluations: searching) { trials.append(found) }
          }
        }
      }
      trials.sort { $0.cost < $1.cost }
      // A cut that gains little may prepare one that gains much: a waist needs two.
      seeds = trials.prefix(3).map(shifted)
      guard let found = seeds.min(by: { $0.cost < $1.cost }).map(polished) else { break }
      let cuts = count - best.cells.count
      let share = (0..<cuts).reduce(1) { share, _ in share * (1 - options.leastGain) }
      if found.mean < min(share * best.mean, best.mean - Double(cuts) * saving) { best = found }
      if count >= best.cells.count + 2 { break }
    }
    return best
  }

  /// What a capsule more must save in the mean, m. A small element is seldom the nearest to anything.
  var saving: Double {
    let extent = hull.vertices.reduce(0) { most, p in hull.vertices.reduce(most) { max($0, ($1 - p).length) } }
    return options.leastSaving * 0.2 / extent
  }

  private var whole: Trial {
    Trial(
      direction: axes[0], offsets: [], cells: [hull.vertices],
      capsules: [Capsule(a: hull.vertices[0], b: hull.vertices[0], radius: 0)])
  }

  private func span(_ direction: Vector3) -> (Double, Double) {
    (-hull.support(-direction), hull.support(direction))
  }

  /// `offsets` and one more, at several places in each slab.
  private func finer(_ direction: Vector3, _ offsets: [Double]) -> [[Double]] {
    let (low, high) = span(direction)
    let planes = [low] + offsets + [high]
    let shares = offsets.isEmpty ? stride(from: 0.1, to: 0.95, by: 0.1).map { $0 } : [0.2, 0.4, 0.6, 0.8]
    var found: [[Double]] = []
    for (from, to) in zip(planes, planes.dropFirst()) where to - from > 0.1 * (high - low) {
      for share in shares { found.append((offsets + [rounded(from + share * (to - from))]).sorted()) }
    }
    return found
  }

  /// Fits one capsule per cell; `nil` when a slab would be empty.
  func trial(_ direction: Vector3, _ offsets: [Double], evaluations: Int) -> Trial? {
    guard let cells = outlines(direction, offsets) else { return nil }
    let fit = CapsuleFit(surroundings)
    let unit = (1 / direction.length) * direction
    let capsules = cells.map { cell in
      let starts = ElementCutter.distinct(principalAxes(cell).prefix(2) + [unit]).map { (1 / $0.length) * $0 }
      return fit.fitted(cell, axes: starts, evaluations: evaluations)
    }
    let found = Trial(direction: direction, offsets: offsets, cells: cells, capsules: capsules)
    return improved(found, rounds: 1, step: 0.01, evaluations: evaluations)
  }

  /// Each capsule again, now that the others are there.
  private func improved(_ trial: Trial, rounds: Int, step: Double, evaluations: Int) -> Trial {
    var found = trial
    var losses = found.capsules.map(surroundings.losses)
    var fit = CapsuleFit(surroundings)
    for round in 0..<rounds {
      for k in found.capsules.indices {
        fit.floor = surroundings.points.indices.map { i in
          losses.indices.reduce(0) { $1 == k ? $0 : max($0, losses[$1][i]) }
        }
        found.capsules[k] = fit.improved(
          found.capsules[k], found.cells[k], step: step / Double(round + 1), evaluations: evaluations)
        losses[k] = surroundings.losses(found.capsules[k])
      }
    }
    (found.cost, found.mean) = surroundings.cost(losses)
    return found
  }

  private func polished(_ trial: Trial) -> Trial {
    guard let complete = complete(trial) else { return trial }
    let near = improved(complete, rounds: 1, step: 0.002, evaluations: options.evaluations)
    let wide = improved(near, rounds: 3, step: 0.02, evaluations: options.evaluations)
    return wide.cost < near.cost ? wide : near
  }

  /// Moves the planes to and fro while that helps.
  private func shifted(_ trial: Trial) -> Trial {
    var best = trial
    let (low, high) = span(trial.direction)
    var step = 0.06 * (high - low)
    for _ in 0..<4 {
      for k in best.offsets.indices {
        for side in [step, -step] {
          var offsets = best.offsets
          offsets[k] = rounded(offsets[k] + side)
          guard offsets == offsets.sorted(), offsets[0] > low, offsets[offsets.count - 1] < high else { continue }
          if let found = self.trial(best.direction, offsets, evaluations: searching), found.cost < best.cost {
            best = found
            break
          }
        }
      }
      step *= 0.5
    }
    return best
  }
}
