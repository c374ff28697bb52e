/// The convex hull of some points, widened by `padding` all around. Metres.
///
/// Widening keeps it sound where the points were rounded when they were written down.
public struct ConvexHull: Equatable, Sendable {
  public var vertices: [Vector3]
  public var padding: Double
  /// How far, at most, the padded hull reaches beyond the true shape that it holds, m.
  public var gap: Double

  public init(vertices: [Vector3], padding: Double, gap: Double) {
    self.vertices = vertices
    self.padding = padding
    self.gap = gap
  }
}
