import ODCVCore

/// How hard to fit. Nothing here can make a fit unsound: `CertificateChecker` tests the result, whatever chose it.
public struct FitOptions: Equatable, Sendable {
  /// Most cells that one collision element is cut into.
  public var mostCells: Int
  /// A cut stays where it lowers the element's mean fit error by at least this share ...
  public var leastGain: Double
  /// ... and by at least this much in an element 0.2 m across, m; in proportion more in a smaller one, which is seldom the
  /// nearest to anything. Each capsule costs time in every check.
  public var leastSaving: Double
  /// m: a cut also stays where the uncut hull would reach further than this beyond the true shape.
  public var mostHullGap: Double
  /// m: a hull's vertex is left out when the others, widened by this much, still hold it. The padding pays for it.
  public var hullTolerance: Double
  /// From this many vertices on, four times `hullTolerance` will do: a distance looks at every vertex.
  public var manyVertices: Int
  /// Evaluations of a capsule's last optimisation; a search uses fewer. More fit better and take longer.
  public var evaluations: Int
  /// Places around an element where the fit error is taken.
  public var places: Int

  /// Vertices of a hull, at most.
  static var mostVertices: Int { 1024 }
  /// m: every written number is a whole multiple.
  public static var resolution: Double { 1e-6 }

  public init(
    mostCells: Int = 4, leastGain: Double = 0.1, leastSaving: Double = 1e-3, mostHullGap: Double = 0.02,
    hullTolerance: Double = 5e-5,
    manyVertices: Int = 96, evaluations: Int = 400, places: Int = 400
  ) {
    self.mostCells = mostCells
    self.leastGain = leastGain
    self.leastSaving = leastSaving
    self.mostHullGap = mostHullGap
    self.hullTolerance = hullTolerance
    self.manyVertices = manyVertices
    self.evaluations = evaluations
    self.places = places
  }
}

/// Why a link has no fit. `element` counts in the elements passed; the caller knows its link and file.
public enum FitError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The link has no collision element.
  case noElements
  /// No triangle: nothing to hold.
  case empty(element: Int)
  /// A corner of a triangle names no vertex.
  case cornerOutOfRange(element: Int, triangle: Int)
  /// A coordinate is no number or lies further than `Vector3.reach` from the link's frame.
  case outOfReach(element: Int, vertex: Int)
  /// Less than `least` m across: a scale of 0, or a unit that was read wrongly.
  case noSize(element: Int, extent: Double, least: Double)

  /// The element that is meant.
  public var element: Int? {
    switch self {
    case .noElements: nil
    case .empty(let element), .cornerOutOfRange(let element, _), .outOfReach(let element, _), .noSize(let element, _, _): element
    }
  }

  public var description: String {
    switch self {
    case .noElements: "it has no collision geometry"
    case .empty: "its shape has no triangle"
    case .cornerOutOfRange(_, let triangle): "triangle \(triangle + 1) names a vertex that is not there"
    case .outOfReach(_, let vertex):
      "vertex \(vertex + 1) is no number, or lies more than \(Vector3.reach) m from the link's frame"
    case .noSize(_, let extent, let least): "its shape is \(extent) m across, less than \(least) m"
    }
  }
}
