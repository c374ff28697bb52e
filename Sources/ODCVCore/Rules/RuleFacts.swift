/// What a rule is, for all who list rules, read their limits or word their findings: declared in the rule's own file.
public struct RuleFacts: Sendable {
  /// What the rule finds when its requirement is broken for certain.
  public enum Objection: Sendable {
    case violation
    /// It can't tell, and says so: what a refused message meant is not known to be bad.
    case unknown
  }

  /// What it asks, in one sentence.
  public let requirement: String
  /// Its limits in rules files.
  public let limits: [LimitRow]
  /// Its limits in the cell's file; `nil` when it has none there.
  public let cellLimits: CellLimits?
  /// The rule is not applicable in a cell that declares this quantity as not measured.
  public let quantity: NotMeasured.Quantity?
  /// Less of the commanded way, and so a slower motion, may pass where all of it fails.
  public let yieldsToSlowing: Bool
  public let objection: Objection
  /// It judges what may not come for hours: that it looked at nothing for a while says nothing.
  public let isOccasional: Bool
  /// What it finds rests on what happened long before, and not on its limits alone: who has not seen it does not find it.
  public let remembers: Bool

  init(
    _ requirement: String, limits: [LimitRow] = [], cellLimits: CellLimits? = nil,
    quantity: NotMeasured.Quantity? = nil, yieldsToSlowing: Bool, objection: Objection = .violation,
    isOccasional: Bool = false, remembers: Bool = false
  ) {
    self.requirement = requirement
    self.limits = limits
    self.cellLimits = cellLimits
    self.quantity = quantity
    self.yieldsToSlowing = yieldsToSlowing
    self.objection = objection
    self.isOccasional = isOccasional
    self.remembers = remembers
  }
}

/// The limits of a rule that a cell's file holds.
public struct CellLimits: Sendable {
  /// One of them, as this cell sets it.
  public struct Limit: Sendable {
    /// A zone, an input, an event.
    public var name: String
    /// `nil`: not compared, only named.
    public var sense: Sense?
    public var value: Double
    public var unit: String

    init(_ name: String, _ sense: Sense?, _ value: Double, _ unit: String) {
      self.name = name
      self.sense = sense
      self.value = value
      self.unit = unit
    }
  }

  /// The file's key that they stand under.
  public let key: String
  /// Where to write them, for a person who looks for them in a rules file.
  public let remedy: String
  /// What a cell without any says.
  public let absence: String
  public let list: @Sendable (Cell) -> [Limit]
}
