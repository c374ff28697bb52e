/// What the arm carries and may carry, from the files of robot, tool and cell.
public struct Payload: Sendable {
  /// The rated load at the flange, tool included, kg.
  public var greatest: Double
  /// What is mounted always, kg.
  public var tool: Double
  /// The heaviest that the gripper may hold: the declared held object, or a part that the cell says it picks up, kg; `nil` when
  /// neither is declared, so that whatever is grasped has a mass that nobody knows. 0: nothing is ever picked up.
  public var object: Double?

  public init(greatest: Double, tool: Double, object: Double?) {
    self.greatest = greatest
    self.tool = tool
    self.object = object
  }
}

/// How hard the gripper may close, N.
public struct Grip: Sendable {
  public var greatest: Double
  /// What it closes with when a command does not state it; `nil`: not declared.
  public var standard: Double?

  public init(greatest: Double, standard: Double?) {
    self.greatest = greatest
    self.standard = standard
  }
}

/// A tool that people must keep farther from than from the arm itself.
public struct ToolHazard: Sendable {
  /// Indices of its links.
  public var links: [Int]
  /// m
  public var least: Double
  /// It is a hazard only while it is on, and for `lasts` s after that: it cools, or runs down.
  public var onlyWhenActive: Bool
  public var lasts: Double

  public init(links: [Int], least: Double, onlyWhenActive: Bool, lasts: Double) {
    self.links = links
    self.least = least
    self.onlyWhenActive = onlyWhenActive
    self.lasts = lasts
  }
}
