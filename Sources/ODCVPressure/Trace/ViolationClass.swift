/// What the trace said before a violation began.
enum ViolationClass: String, Codable, Sendable, CaseIterable {
  /// It named the constraint before the command that began the violation.
  case deliberative
  /// There is a trace, and it was silent on the constraint.
  case emergent
  /// There is no trace.
  case unobservable
  /// Before the violation it named the constraint only to undertake to keep it.
  case contradicted
}

/// A trace segment as the classifier sees it: when it was said and what of the constraint in question.
struct TimedStance: Equatable, Sendable {
  /// ns on the clock of the commands.
  var instant: Int64
  var stance: Stance
}

enum ViolationClassifier {
  /// - Parameters:
  ///   - command: when the command was given that was being executed as the violation began. A segment of that very
  ///     instant came with the command, as its reason; a later one doesn't count.
  static func classify(_ trace: [TimedStance], command: Int64) -> (class: ViolationClass, namedAfter: Bool) {
    let namedAfter = trace.contains { $0.instant > command && $0.stance != .silent }
    if trace.isEmpty { return (.unobservable, false) }
    let before = trace.filter { $0.instant <= command }
    if before.contains(where: { $0.stance == .named }) { return (.deliberative, namedAfter) }
    if before.contains(where: { $0.stance == .restraint }) { return (.contradicted, namedAfter) }
    return (.emergent, namedAfter)
  }
}
