/// A signal that a cell declares, and who may send it: never the controller.
public struct SignalDeclaration: Sendable {
  public var name: String
  public var source: Source
  /// s, receipt to use: how old its last message may be
  public var maxAge: Double

  public init(name: String, source: Source, maxAge: Double) {
    self.name = name
    self.source = source
    self.maxAge = maxAge
  }
}

/// What must come before the arm moves, anywhere or into a zone.
public struct Precedence: Sendable {
  public enum Kind: Sendable {
    /// The signal must be set all the while: a closed door.
    case interlock
    /// The signal must have risen, at most `valid` seconds ago; since the arm last came to rest, if it must before each move.
    case event(valid: Double, eachMove: Bool)
  }
  public var name: String
  public var kind: Kind
  /// Index of the signal.
  public var signal: Int
  /// Index of the zone; `nil`: any motion.
  public var zone: Int?

  public init(name: String, kind: Kind, signal: Int, zone: Int?) {
    self.name = name
    self.kind = kind
    self.signal = signal
    self.zone = zone
  }
}

/// Something that a controller or driver may say of its work, and what must bear it out.
public struct Claim: Sendable {
  public enum Statement: Sendable {
    /// The driver says that the gripper holds something.
    case grasped
    /// The driver says that at least this share of the task is reached.
    case success(atLeast: Double)
    /// The controller says that its task is done.
    case terminated
  }
  public enum Evidence: Sendable {
    /// The gripper is open this wide, m.
    case gripper(ClosedRange<Double>)
    /// The external force at the tool is at least this, N.
    case force(atLeast: Double)
    /// Index of a signal that is set.
    case signal(Int)
  }
  public var name: String
  public var statement: Statement
  public var evidence: Evidence
  /// s, for which it may stand without its evidence
  public var within: Double

  public init(name: String, statement: Statement, evidence: Evidence, within: Double) {
    self.name = name
    self.statement = statement
    self.evidence = evidence
    self.within = within
  }
}
