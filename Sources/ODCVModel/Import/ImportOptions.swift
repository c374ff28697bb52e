/// What a URDF leaves open: which part of it is the arm, and what becomes of the joints that are not.
public struct ImportOptions: Equatable, Sendable {
  /// The link that stands still; by default the first link with a shape, where nothing else hangs above it.
  public var base: String?
  /// The link at the arm's end; by default the arm ends where the tree of moving joints branches or ends.
  public var tip: String?
  /// Joints held at one position, rad or m.
  public var fixed: [String: Double]
  /// Prismatic joints whose links are widened to all that they sweep.
  public var swept: [String]
  /// Why a link that has no collision geometry needs none.
  public var withoutShape: [String: String]

  public init(
    base: String? = nil, tip: String? = nil, fixed: [String: Double] = [:], swept: [String] = [],
    withoutShape: [String: String] = [:]
  ) {
    self.base = base
    self.tip = tip
    self.fixed = fixed
    self.swept = swept
    self.withoutShape = withoutShape
  }
}
