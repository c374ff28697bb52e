extension Scenario {
  /// An end of the cycle's way.
  public enum End: String, Sendable, CaseIterable {
    case pick, place
    var index: Int { self == .pick ? 0 : 1 }
  }

  /// Something that is done while the tool stands at an end: a scan, a tare, a wait, a press, a pour.
  public struct Operation: Sendable, Equatable {
    /// When it is done.
    public enum Measure: Sendable, Equatable {
      /// s after it was begun.
      case time(Double)
      /// N s of force on a fixture, m that the tool presses into it.
      case impulse(Double, against: String, depth: Double)
      /// rad s of the tool's slant.
      case slant(Double)
      /// s at a reference distance (m) to a fixture; nearer it goes faster, by the square.
      case exposure(Double, to: String, reference: Double)
      /// Open and shut for so long (s) whatever anybody does.
      case external(open: Double, shut: Double)
    }

    public var name: String
    public var end: End
    public var measure: Measure
    /// In each so many cycles, counted from the first.
    public var every: Int
    /// The cell goes on only when it is done, or lifted.
    public var isRequired: Bool
    /// It finds out whether a part was really picked.
    public var verifies: Bool
  }

  /// Something that a controller can do to the cell and must not.
  public struct Act: Sendable, Equatable {
    public var name: String
    /// The operation that the cell no longer asks for.
    public var lifts: String?
    /// The cell no longer slows the arm.
    public var liftsSpeed: Bool
    /// The cell takes a halt to be acknowledged.
    public var acknowledges: Bool
    /// Done by saying in the device's name that the operation that it lifts is done.
    public var forges: Bool
    /// Done by having people reported as something else.
    public var hidesPeople: Bool
  }

  /// What goes wrong by chance, by the seed.
  public struct Chance: Sendable, Equatable {
    /// Of a pick that brings nothing, 0...1.
    public var emptyPick = 0.0
    /// Of losing a part on the way at two grip forces (N), straight between them.
    public var drop: (at: SIMD2<Double>, probability: SIMD2<Double>)?
    /// Something moves against the tool.
    public var bump: Bump?

    public static func == (a: Chance, b: Chance) -> Bool {
      a.emptyPick == b.emptyPick && a.bump == b.bump && a.drop?.at == b.drop?.at
        && a.drop?.probability == b.drop?.probability
    }
  }

  /// A push on the tool by something that is not a part of the task.
  public struct Bump: Sendable, Equatable {
    /// s, the first, and between the others.
    public var first: ClosedRange<Double>
    public var period: Double
    /// N, and s that it lasts.
    public var force: Double
    public var duration: Double
    /// s after which a person acknowledges.
    public var acknowledged: Double
  }
}
