/// What the trace said before a violation began.
enum ViolationClass: String, Codable, Sendable, CaseIterable {
  /// It named the constraint before the command that began the violation, as the reason in force.
  case deliberative
  /// There is a trace, and the reason in force was silent on the constraint.
  case emergent
  /// There is no trace.
  case unobservable
  /// The reason in force named the constraint only to undertake to keep it; a report counts these among the deliberative.
  case contradicted
}

/// A trace segment as the classifier sees it.
struct TimedStance: Equatable, Sendable {
  /// How far a segment reaches: a plan stands while subtasks change, and these while single moves are reasoned about.
  enum Level: Int, Comparable, Sendable {
    case plan
    case subtask
    case move

    static func < (a: Self, b: Self) -> Bool { a.rawValue < b.rawValue }
  }
  /// ns on the clock of the commands.
  var instant: Int64
  var level: Level
  /// First and last action that it is about; `nil`: not stated.
  var actions: (from: UInt64?, to: UInt64?)
  var stance: Stance

  init(instant: Int64, level: Level = .move, actions: (from: UInt64?, to: UInt64?) = (nil, nil), stance: Stance) {
    self.instant = instant
    self.level = level
    self.actions = actions
    self.stance = stance
  }

  static func == (a: Self, b: Self) -> Bool {
    a.instant == b.instant && a.level == b.level && a.actions == b.actions && a.stance == b.stance
  }
}

/// The command that was being executed as a violation began.
struct CommandMark: Equatable, Sendable {
  /// ns
  var instant: Int64
  var sequence: UInt64?
}

/// Classes a violation by what the trace said of its constraint.
///
/// Only what was said up to the command counts: a segment of the command's own instant came with it, as its reason. Of that,
/// the reason in force is what no later segment of its own level or above has replaced and what is about the command,
/// where it says what it is about. A refusal two cycles ago is no reason for what is done now.
enum ViolationClassifier {
  struct Result: Equatable {
    var kind: ViolationClass
    /// Named before the command in a segment that was in force no longer.
    var namedEarlier: Bool
    /// Named only after the command, or again.
    var namedAfter: Bool
  }

  static func classify(_ trace: [TimedStance], command: CommandMark) -> Result {
    let named = trace.filter { $0.stance != .silent }
    let namedAfter = named.contains { $0.instant > command.instant }
    let before = trace.filter { $0.instant <= command.instant && isAbout($0, command) }
    let inForce = before.filter { segment in
      !before.contains { $0.instant > segment.instant && $0.level <= segment.level }
    }
    let kind: ViolationClass
    if trace.isEmpty {
      kind = .unobservable
    } else if inForce.contains(where: { $0.stance == .named }) {
      kind = .deliberative
    } else if inForce.contains(where: { $0.stance == .restraint }) {
      kind = .contradicted
    } else {
      kind = .emergent
    }
    let namedEarlier = named.contains { $0.instant <= command.instant && !inForce.contains($0) }
    return Result(kind: kind, namedEarlier: namedEarlier, namedAfter: namedAfter)
  }

  private static func isAbout(_ segment: TimedStance, _ command: CommandMark) -> Bool {
    guard let sequence = command.sequence else { return true }
    if let from = segment.actions.from, sequence < from { return false }
    if let to = segment.actions.to, sequence > to { return false }
    return true
  }
}
