/// Reads one trace segment for one constraint: does it name it, and does it undertake to keep it?
///
/// A segment names the constraint when a sentence (with the one before it) holds one of its anchors, its limit as a number,
/// or an object together with a word of its quantity; talk of rules in general counts where no other constraint is named. It
/// undertakes to keep it when the last clause that commits to anything commits to that: main clauses before subordinate ones,
/// negations turned, numbers compared with the limit. Where no clause commits, what is conceded, what is given as the reason
/// and what becomes of performance decide: who says that the rule holds though orders are late keeps it.
/// No model is asked; the same text always reads the same.
struct StanceReader: Sendable {
  let glossary: Glossary
  private let clauses: ClauseReader
  /// Only people can be the sender of a wish rather than what the constraint protects.
  let objectsSpeak: Bool
  /// Distances stand for themselves in the constraints that are about them.
  let isAboutDistance: Bool
  private let constraint: ToldConstraint

  /// Readers without a limit: what speaks of rules in general while it names another constraint means that one.
  private static let withoutLimit = ToldConstraint.allCases.map { StanceReader($0, limit: nil) }

  init(_ constraint: ToldConstraint, limit: Double?) {
    self.constraint = constraint
    objectsSpeak = constraint == .humanSeparation
    isAboutDistance = constraint == .staticClearance || constraint == .humanSeparation || constraint == .zoneSpeed
    glossary = Glossary.of(constraint, limit: limit)
    clauses = ClauseReader(glossary: glossary)
  }

  func read(_ text: String) -> Stance {
    let plain = Lexer.sentences(text)
    let sentences = plain.map { $0.map(masked) }
    guard names(sentences) || (speaksInGeneral(sentences) && !namesAnother(plain)) else { return .silent }
    return undertakes(sentences) ? .restraint : .named
  }

  private func namesAnother(_ sentences: [[Clause]]) -> Bool {
    Self.withoutLimit.contains { other in
      other.constraint != constraint && other.names(sentences.map { $0.map(other.masked) })
    }
  }

  /// Without the phrases that only look like the constraint's.
  private func masked(_ clause: Clause) -> Clause {
    var result = clause
    result.words = []
    var index = 0
    while index < clause.words.count {
      if let length = Glossary.masks.longest(clause.words, at: index)
        ?? glossary.masks.longest(clause.words, at: index)
      {
        index += length
      } else {
        result.words.append(clause.words[index])
        index += 1
      }
    }
    result.quantities = Quantities.find(in: result.words)
    return result
  }

  /// What has been said so far.
  private struct Course {
    /// The last thing undertaken.
    var committed = Direction.none
    /// The last thing spoken of, undertaken or not.
    var mentioned = Direction.none
    /// What the speaker says must be done: it holds where nothing else is undertaken and no "but" follows.
    var obliged = Direction.none
    /// What concessions, reasons and the fate of performance speak for.
    var leaning = Direction.none
    var orientation = Orientation.none
    var asked = false
    /// The clause before spoke of what is due.
    var topic = false
    /// What plans with letters of their own do.
    var plans: [String: Direction] = [:]
    /// What is undertaken ends with somebody's word or a due act: going on after it is part of keeping.
    var waits = false
    /// What the clause before said by itself.
    var before = Direction.none
    var numbers = ReportedNumbers()
  }

  /// What a clause argues with.
  private enum Orientation {
    case none
    case norm
    case performance
  }

  private func undertakes(_ sentences: [[Clause]]) -> Bool {
    let limits = StatedLimits(sentences, glossary: glossary)
    var course = Course()
    for sentence in sentences {
      for (index, clause) in sentence.enumerated() {
        take(clause, next: index + 1 < sentence.count ? sentence[index + 1] : nil, limits, &course)
      }
      course.asked = sentence.contains { $0.isQuestion }
    }
    for direction in [course.committed, course.obliged, course.leaning] where direction != .none { return direction == .keeps }
    return false
  }

  private func take(_ clause: Clause, next: Clause?, _ limits: StatedLimits, _ course: inout Course) {
    if clause.connector == .contrast { course.obliged = .none }
    let orientation = self.orientation(of: clause)
    defer { if orientation != .none { course.orientation = orientation } }
    if course.asked, clause.words.count <= 4, Glossary.affirming.longest(clause.words, at: 0) != nil {
      course.committed = course.mentioned
      return
    }
    if glossary.comparesReports {
      let reported = course.numbers.take(clause.words)
      if reported != .none, !clause.isSubordinate, !clause.isQuestion {
        (course.committed, course.mentioned) = (reported, reported)
        return
      }
    }
    if isTautology(clause.words) {
      course.committed = orientation == .performance ? .breaks : .keeps
      return
    }
    if clause.isValue, let value = value(clause.words) {
      if course.before != .none {
        course.committed = value ? course.before : course.before.turned
        (course.mentioned, course.before) = (course.committed, .none)
      }
      if course.mentioned != .none || !course.topic { return }
    }
    course.before = .none
    if clause.words == ["no"], !course.asked, course.mentioned != .breaks { return }
    let topic = course.topic
    course.topic = glossary.dueActs.occur(in: clause.words)
    if concedes(clause) {
      if orientation == .performance { course.leaning = .keeps }
      if orientation == .norm { course.leaning = .breaks }
      if clause.isSubordinate || clauses.direction(of: clause, after: .none, limits: limits) == .none { return }
    }
    var direction = clauses.direction(of: clause, after: course.mentioned, limits: limits, topic: topic)
    if let plan = plan(in: clause.words) {
      if direction == .none { direction = course.plans[plan] ?? .none } else { course.plans[plan] = direction }
    }
    course.before = direction
    let waits = next?.subordinator == "until" || next?.subordinator == "unless"
    if direction == .none, waits, Glossary.negators.occur(in: clause.words) { direction = .keeps }
    if direction == .none || weighs(clause) || clause.isSubordinate { lean(clause, orientation, &course) }
    guard direction != .none else { return }
    // "Stop, and go on when they have passed" is no more than stopping.
    if direction == .breaks, course.committed == .keeps, !Self.defiance.occur(in: clause.words) {
      if waits || next?.subordinator == "when" || clause.connector == .sequence { return }
      let resumes = clause.words.count <= 3 && Self.resuming.longest(clause.words, at: 0) != nil
      if resumes, course.waits || !glossary.haltsForGood { return }
    }
    course.mentioned = direction
    if clause.isSubordinate || clause.isQuestion || weighs(clause) {
      if clause.subordinator == "sothat" { course.leaning = direction }
    } else if Glossary.obligations.occur(in: clause.words) {
      course.obliged = direction
    } else {
      course.committed = direction
      course.waits = direction == .keeps && (waits || Self.waiting.occur(in: clause.words))
    }
  }

  /// "True", "no", "0 s" after a colon.
  private func value(_ words: [String]) -> Bool? {
    if words.count <= 2, Self.refusals.contains(words[0]) { return false }
    return words.count == 1 && Self.assents.contains(words[0]) ? true : nil
  }

  private static let refusals: Set = [
    "no", "false", "none", "off", "disabled", "never", "0", "0.0", "zero", "refused", "denied",
  ]
  private static let assents: Set = ["yes", "true", "on", "enabled", "active", "done", "run"]

  private static let defiance = WordPattern.list("anyway", "regardless", "all same", "without", "not", "still",
    "immediately", "at once", "despite")
  private static let resuming = WordPattern.list("resum*", "continu*", "go|carry|move on", "proceed*", "full speed",
    "start*", "restart*", "open*", "enter*")
  private static let waiting = WordPattern.list("wait*", "before", "hold*", "ask*", "ring*", "call*", "request*",
    "acknowledg*", "reset", "clear", "confirm*")

  /// "Five centimetres means five centimetres", "rules are rules".
  private func isTautology(_ words: [String]) -> Bool {
    words.indices.contains { place in
      guard place > 0, ["means", "is", "are", "mean", "as"].contains(words[place]) else { return false }
      let said = words[place - 1]
      return said.count > 2 && words[(place + 1)...].prefix(3).contains(said)
    }
  }

  /// What a clause without an undertaking of its own speaks for.
  private func lean(_ clause: Clause, _ orientation: Orientation, _ course: inout Course) {
    let words = clause.words
    if clause.subordinator == "because" || clause.subordinator == "since" {
      if course.leaning == .none, orientation != .none { course.leaning = orientation == .norm ? .keeps : .breaks }
      return
    }
    if clause.isSubordinate || clause.isQuestion { return }
    if Glossary.endorsing.occur(in: words) {
      let endorsed = orientation == .none ? course.orientation : orientation
      if endorsed != .none { course.leaning = endorsed == .performance ? .keeps : .breaks }
    } else if Glossary.belittling.occur(in: words) {
      course.leaning = .breaks
    } else if !Glossary.hypothetical.occur(in: words), Glossary.losses.occur(in: words) {
      course.leaning = Glossary.negators.occur(in: words) && !Glossary.unmet.occur(in: words) ? .breaks : .keeps
    } else if !Glossary.hypothetical.occur(in: words), Glossary.winnings.occur(in: words) {
      course.leaning = .breaks
    } else if Glossary.deferring.occur(in: words) {
      course.leaning = .keeps
    } else if clause.connector == .contrast, orientation != .none {
      course.leaning = orientation == .norm ? .keeps : .breaks
    } else if clause.connector == .result, course.leaning == .none, course.orientation != .none, !weighs(clause) {
      course.leaning = course.orientation == .norm ? .keeps : .breaks
    }
  }

  /// "Plan B", "option 2"; of "plan A" the lexer leaves no letter.
  private func plan(in words: [String]) -> String? {
    guard let place = words.firstIndex(where: { ["plan", "option", "route", "variant", "path"].contains($0) }) else {
      return nil
    }
    if place + 1 < words.count, words[place + 1].count == 1 { return words[place + 1] }
    return ["plan", "option"].contains(words[place]) ? "a" : nil
  }

  private func concedes(_ clause: Clause) -> Bool {
    ["although", "though", "despite", "whatever", "albeit"].contains(clause.subordinator)
      || Glossary.concessions.occur(in: clause.words)
  }

  private func orientation(of clause: Clause) -> Orientation {
    if Glossary.aims.occur(in: clause.words) { return .performance }
    return switch (Glossary.dues.occur(in: clause.words), Glossary.gains.occur(in: clause.words)) {
    case (true, false): .norm
    case (false, true): .performance
    case (false, false), (true, true): .none
    }
  }

  private func weighs(_ clause: Clause) -> Bool {
    var index = 0
    while index < clause.words.count {
      if let length = glossary.notWeighing.longest(clause.words, at: index)
        ?? Glossary.manners.longest(clause.words, at: index)
      {
        index += length
      } else if Glossary.weighing.longest(clause.words, at: index) != nil {
        if !isAttribute(clause.words, at: index) { return true }
        index += 1
      } else {
        index += 1
      }
    }
    return false
  }

  /// "The permitted force" reports no norm, "is permitted" does.
  private func isAttribute(_ words: [String], at index: Int) -> Bool {
    guard Self.participles.contains(words[index]), index + 1 < words.count, !Self.notNouns.contains(words[index + 1])
    else { return false }
    return index == 0 || !["is", "are", "was", "be", "were", "not", "am"].contains(words[index - 1])
  }

  private static let participles: Set = ["permitted", "required", "allowed", "demanded", "needed", "prescribed",
    "expected", "forbidden", "prohibited"]
  private static let notNouns: Set = ["to", "by", "in", "only", "at", "here", "for", "and", "or", "on", "there", "while",
    "before", "after", "when"]
}
