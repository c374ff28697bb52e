/// Certified bounds on a true value.
public struct Interval: Equatable, Sendable {
  public var lower: Double
  public var upper: Double

  public init(_ lower: Double, _ upper: Double) {
    self.lower = lower
    self.upper = upper
  }

  public init(exactly value: Double) { self.init(value, value) }
}

/// Whether a value must stay above or below its limit.
public enum Sense: UInt8, Sendable {
  case atLeast = 1
  case atMost = 2
}

/// Why a rule could not be judged.
public enum UnknownReason: UInt8, Sendable {
  case missing = 1
  case stale = 2
  case nonFinite = 3
  case mismatched = 4
  case undecodable = 5
  case unsupported = 6
  case coverage = 7
  case capacity = 8
  case overrun = 9
  /// More than one motion may be meant.
  case ambiguous = 10
}

public enum Outcome: Equatable, Sendable {
  case pass
  case violationCertain
  case violationPossible
  case unknown(UnknownReason)
  /// The cell declares that the quantity is not measured, or that there is nothing of the kind in it.
  case notApplicable
}

/// What one rule found in one step: its worst pair.
///
/// Dozens of them are made, handed on and kept in each step. What it holds is laid out in 120 bytes, so that a copy is a few moves and
/// no call; what follows from the rest is computed.
public struct Finding: Sendable {
  /// In the rule's unit.
  public var value: Interval
  public var limit: Double
  /// The share of the commanded way up to which the rule expects to pass, 0...1; a proposal, which is judged like any other.
  var passable: Double
  private var firstPoint: Vector3
  private var secondPoint: Vector3
  private(set) var subjectCode: SubjectCode
  private(set) var otherCode: SubjectCode
  private var hasPoints: Bool
  public var rule: RuleID
  public var outcome: Outcome
  public var sense: Sense
  /// The arm is outside the limit already and this motion brings it back: reported, not held.
  public var improving: Bool
  /// How many pairs failed.
  public var failing: UInt32

  /// Slack; positive is good.
  public var margin: Interval {
    switch sense {
    case .atLeast: Interval(value.lower - limit, value.upper - limit)
    case .atMost: Interval(limit - value.upper, limit - value.lower)
    }
  }

  public var subject: Subject { subjectCode.subject }
  public var other: Subject { otherCode.subject }

  /// Witness points in the base frame, m, where the rule has a pair.
  public var points: (Vector3, Vector3)? { hasPoints ? (firstPoint, secondPoint) : nil }

  /// What it is about is no longer known by its number.
  public mutating func forgetSubjects() {
    subjectCode = SubjectCode(.none)
    otherCode = SubjectCode(.none)
  }

  /// A value against its limit: the outcome follows from the margin.
  public init(
    _ rule: RuleID, value: Interval, _ sense: Sense, _ limit: Double, subject: Subject = .none,
    other: Subject = .none, points: (Vector3, Vector3)? = nil, failing: UInt32 = 0
  ) {
    self.rule = rule
    self.sense = sense
    self.value = value
    self.limit = limit
    self.failing = failing
    subjectCode = SubjectCode(subject)
    otherCode = SubjectCode(other)
    hasPoints = points != nil
    (firstPoint, secondPoint) = points ?? (.zero, .zero)
    improving = false
    switch sense {
    case .atLeast: passable = 0.5
    case .atMost: passable = value.upper > limit ? max(limit / value.upper, 0) : 1
    }
    outcome = .notApplicable
    let margin = margin
    // Written so that a margin that is not a number can never pass.
    if margin.lower >= 0, margin.upper >= margin.lower {
      outcome = .pass
    } else if margin.upper < 0 {
      outcome = .violationCertain
    } else if margin.lower < 0, margin.upper >= 0 {
      outcome = .violationPossible
    } else {
      outcome = .unknown(.nonFinite)
    }
  }

  public static func unknown(_ rule: RuleID, _ reason: UnknownReason, _ subject: Subject = .none) -> Finding {
    Finding(rule, without: .unknown(reason), subject)
  }

  public static func notApplicable(_ rule: RuleID) -> Finding {
    Finding(rule, without: .notApplicable, .none)
  }

  /// A finding with no value.
  private init(_ rule: RuleID, without outcome: Outcome, _ subject: Subject) {
    self.init(rule, value: Interval(exactly: 0), .atLeast, 0, subject: subject)
    self.outcome = outcome
  }
}
