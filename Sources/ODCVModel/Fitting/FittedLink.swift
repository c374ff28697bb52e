import ODCVCore

/// What a fit makes of one link: convex cells in the order of its elements and, within an element, along its slabs.
public struct FittedLink: Equatable, Sendable {
  /// Index of the link that the caller passed.
  public var link: Int
  public var cells: [FittedCell]
  /// In the order of the elements that were passed. One cutting has one cell more than offsets, and is for its own element
  /// and those after it up to the next cutting's: they are cut together.
  public var cutting: [ElementCutting]

  public init(link: Int, cells: [FittedCell], cutting: [ElementCutting]) {
    self.link = link
    self.cells = cells
    self.cutting = cutting
  }
}

/// One convex cell of a link, in the link's frame, metres. Every number of a capsule and every vertex is a whole number
/// of micrometres (`FitOptions.resolution`), so that writing six decimals and reading them back changes no bit.
public struct FittedCell: Equatable, Sendable {
  /// Holds the cell.
  public var capsule: Capsule
  /// How far, at most, the capsule reaches beyond the link's true shape, m.
  public var capsuleGap: Double
  /// Holds the cell once it is widened by its padding.
  public var hull: ConvexHull

  public init(capsule: Capsule, capsuleGap: Double, hull: ConvexHull) {
    self.capsule = capsule
    self.capsuleGap = capsuleGap
    self.hull = hull
  }
}

/// How a collision element, and those after it without a cutting of their own, are cut: cell k is their part with `offsets[k-1]` <= `direction`·p <= `offsets[k]`, the first
/// and the last cell without bound. No offsets: one cell, the whole.
public struct ElementCutting: Equatable, Sendable {
  /// Index of the first element.
  public var element: Int
  public var direction: Vector3
  /// Ascending, m times the length of `direction`.
  public var offsets: [Double]

  public init(element: Int, direction: Vector3, offsets: [Double]) {
    self.element = element
    self.direction = direction
    self.offsets = offsets
  }
}
