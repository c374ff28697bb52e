import ODCVCore

/// Capsules and hulls that hold a box.
enum BoxCover {
  struct Cell {
    var capsule: Capsule
    /// How far, at most, the capsule reaches beyond the box, m.
    var fitGap: Double
    var hull: ConvexHull
  }

  /// m: covers the rounding of the corners, which is some 1e-16 of their coordinates.
  private static let rounding = 1e-9
  private static let mostCells = 4

  /// A flat box is cut across its middle extent into up to four equal cells of about square section.
  ///
  /// A cell of half extents u ≥ v ≥ w gets the segment along u that ends w before both faces, and the radius
  /// r = √(v² + 2w²), the distance of its end to the nearest corners. The box holds the segment widened by w, so that no
  /// point of the capsule is further than r − w from the box.
  static func cells(of box: Box) -> [Cell] {
    let h = box.halfExtents
    let axes = [(h.x, Vector3(1, 0, 0)), (h.y, Vector3(0, 1, 0)), (h.z, Vector3(0, 0, 1))].sorted { $0.0 > $1.0 }
    let (middle, least) = (axes[1].0, axes[2].0)
    let count = max(1, min(mostCells, Int((middle / least).rounded(.down))))
    let half = middle / Double(count)
    return (0..<count).map { index in
      let centre = (Double(2 * index + 1 - count) * half) * axes[1].1
      return cell(box.pose, centre, (axes[0].0, axes[0].1), (half, axes[1].1), (least, axes[2].1))
    }
  }

  private static func cell(
    _ pose: Pose, _ centre: Vector3, _ u: (Double, Vector3), _ v: (Double, Vector3), _ w: (Double, Vector3)
  ) -> Cell {
    let along = u.0 - w.0
    let radius = (v.0 * v.0 + 2 * w.0 * w.0).squareRoot() + rounding
    let capsule = Capsule(a: centre - along * u.1, b: centre + along * u.1, radius: radius)
    var corners: [Vector3] = []
    for (a, b, c) in [(-1.0, -1.0, -1.0), (-1, -1, 1), (-1, 1, -1), (-1, 1, 1), (1, -1, -1), (1, -1, 1), (1, 1, -1), (1, 1, 1)] {
      corners.append(pose * (centre + (a * u.0) * u.1 + (b * v.0) * v.1 + (c * w.0) * w.1))
    }
    return Cell(
      capsule: pose * capsule, fitGap: radius - w.0 + rounding,
      hull: Geometry.hull(corners, padding: rounding, gap: 2 * rounding))
  }
}
