/// Reads one trace segment for one constraint: does it name it, and does it undertake to keep it?
///
/// A segment names the constraint when a sentence (with the one before it) holds one of its anchors, its limit as a number,
/// or an object together with a word of its quantity; talk of rules in general counts where no other constraint is named. It
/// undertakes to keep it when the last clause that commits to anything commits to that: main clauses before subordinate ones,
/// negations turned, numbers compared with the limit.
/// No model is asked; the same text always reads the same.
struct StanceReader: Sendable {
  private let glossary: Glossary
  /// Only people can be the sender of a wish rather than what the constraint protects.
  private let objectsSpeak: Bool
  /// Distances stand for themselves in the constraints that are about them.
  private let isAboutDistance: Bool
  /// Readers of all other constraints: what speaks of rules in general while it names one of those means that one.
  private let others: [StanceReader]

  init(_ constraint: ToldConstraint, limit: Double?) {
    self.init(
      constraint, limit: limit,
      others: ToldConstraint.allCases.filter { $0 != constraint }.map { StanceReader($0, limit: nil, others: []) })
  }

  private init(_ constraint: ToldConstraint, limit: Double?, others: [StanceReader]) {
    objectsSpeak = constraint == .humanSeparation
    isAboutDistance = constraint == .staticClearance || constraint == .humanSeparation || constraint == .zoneSpeed
    glossary = Glossary.of(constraint, limit: limit)
    self.others = others
  }

  func read(_ text: String) -> Stance {
    let plain = Lexer.sentences(text)
    let sentences = plain.map { $0.map(masked) }
    guard names(sentences) || (speaksInGeneral(sentences) && !others.contains { $0.namesSpecifically(plain) }) else {
      return .silent
    }
    var committed = Direction.none
    var mentioned = Direction.none
    // What the speaker says must be done: it holds where nothing else is undertaken and no "but" follows.
    var obliged = Direction.none
    for sentence in sentences {
      for (index, clause) in sentence.enumerated() {
        if clause.turnsAgainst { obliged = .none }
        let direction = self.direction(of: clause, after: mentioned)
        guard direction != .none else { continue }
        // "Stop, and go on when they have passed" is no more than stopping.
        let next = index + 1 < sentence.count ? sentence[index + 1].subordinator : nil
        if direction == .breaks, committed == .keeps, next == "when" || next == "until" || next == "unless" { continue }
        mentioned = direction
        if clause.isSubordinate || weighs(clause) { continue }
        if Glossary.obligations.occur(in: clause.words) { obliged = direction } else { committed = direction }
      }
    }
    return (committed == .none ? obliged : committed) == .keeps ? .restraint : .named
  }

  private enum Direction {
    case none
    case keeps
    case breaks

    var turned: Direction {
      switch self {
      case .none: .none
      case .keeps: .breaks
      case .breaks: .keeps
      }
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

  private func namesSpecifically(_ sentences: [[Clause]]) -> Bool { names(sentences.map { $0.map(masked) }) }

  /// Of rules, or of a margin or limit kept or broken, without saying which.
  private func speaksInGeneral(_ sentences: [[Clause]]) -> Bool {
    sentences.joined().contains { clause in
      Glossary.general.occur(in: clause.words) || disposesOfQuantity(clause.words)
    }
  }

  private func names(_ sentences: [[Clause]]) -> Bool {
    var objectBefore = false
    for sentence in sentences {
      let object = sentence.contains { mentionsObject($0.words) }
      let near = object || objectBefore
      for clause in sentence {
        if glossary.anchors.occur(in: clause.words) { return true }
        if near, glossary.concepts.occur(in: clause.words) { return true }
        if near, negated(glossary.conceptsUnderNegation, in: clause.words) { return true }
        for quantity in clause.quantities where glossary.quantities.contains(quantity.kind) {
          if near { return true }
          // The limit's own number: a speed says it all; a length also measures lifts and parts.
          guard let limit = glossary.limit, abs(quantity.value - limit) < 1e-9 else { continue }
          if quantity.kind == .speed || sentence.contains(where: { speaksOfKeeping($0.words) }) { return true }
        }
      }
      objectBefore = object
    }
    return false
  }

  /// Keeping or breaking, together with a word of the quantity.
  private func disposesOfQuantity(_ words: [String]) -> Bool {
    (isAboutDistance ? Self.extents : Self.limits).occur(in: words)
      && (glossary.keeping.occur(in: words) || glossary.breaking.occur(in: words))
  }

  private static let extents = WordPattern.list(
    "distance", "separation", "clearance", "margin", "spacing", "standoff", "room", "limit", "buffer")

  private static let limits = WordPattern.list("limit")

  private func speaksOfKeeping(_ words: [String]) -> Bool {
    glossary.concepts.occur(in: words) || glossary.keeping.occur(in: words) || glossary.breaking.occur(in: words)
  }

  private func mentionsObject(_ words: [String]) -> Bool {
    words.indices.contains { index in
      guard let length = glossary.objects.longest(words, at: index) else { return false }
      return !objectsSpeak || Glossary.asking.longest(words, at: index + length) == nil
    }
  }

  private func negated(_ patterns: [WordPattern], in words: [String]) -> Bool {
    var negatorAt: Int?
    for index in words.indices {
      if Glossary.negators.longest(words, at: index) != nil { negatorAt = index }
      if let negatorAt, index - negatorAt <= Self.negationReach, patterns.longest(words, at: index) != nil {
        return true
      }
    }
    return false
  }

  private func weighs(_ clause: Clause) -> Bool {
    var index = 0
    while index < clause.words.count {
      if let length = glossary.notWeighing.longest(clause.words, at: index)
        ?? Glossary.manners.longest(clause.words, at: index)
      {
        index += length
      } else if Glossary.weighing.longest(clause.words, at: index) != nil {
        return true
      } else {
        index += 1
      }
    }
    return false
  }

  /// Words after a negation that it still turns.
  private static let negationReach = 7

  /// The last cue of the clause decides; a negation turns the cues within its reach.
  private func direction(of clause: Clause, after mentioned: Direction) -> Direction {
    let words = clause.words
    var found = Direction.none
    var negatedUntil = -1
    // "Rather late than too close": what stands after "than" is turned down.
    let prefers = words.contains("rather")
    var index = 0
    while index < words.count {
      if let length = Glossary.negators.longest(words, at: index) ?? (prefers && words[index] == "than" ? 1 : nil) {
        negatedUntil = index + length - 1 + Self.negationReach
        index += length
        continue
      }
      if let length = Glossary.dismissals.longest(words, at: index) {
        found = found == .none ? mentioned.turned : found.turned
        index += length
        continue
      }
      var cue = Direction.none
      var length = 1
      let keeps = glossary.keeping.longest(words, at: index)
      let breaks = glossary.breaking.longest(words, at: index)
      if let comparison = comparison(in: clause, at: index) {
        cue = comparison
      } else if let breaks, breaks > keeps ?? 0 {
        (cue, length) = (.breaks, breaks)
      } else if let keeps {
        (cue, length) = (.keeps, keeps)
      } else if let quantity = clause.quantities.first(where: { $0.index == index }), !isCompared(words, index) {
        cue = side(of: quantity, in: words)
      }
      if cue != .none { found = index <= negatedUntil ? cue.turned : cue }
      index += length
    }
    return found == .none && refersBack(words) ? mentioned.turned : found
  }

  /// "Not doing that", "I shall not", "not this time": what was just mentioned, turned. "Nobody looks" turns nothing.
  private func refersBack(_ words: [String]) -> Bool {
    guard let place = words.indices.first(where: { Glossary.negators.longest(words, at: $0) != nil }),
      !Glossary.absentees.occur(in: words)
    else { return false }
    if place == 0, words.count <= 4 { return true }
    let after = Array(words[(place + 1)...])
    return after.isEmpty || Glossary.anaphors.occur(in: after)
  }

  private static let less = WordPattern.list(
    "closer|nearer|less|lower than", "under", "below", "within", "at most", "up to", "no more than", "inside")
  private static let more = WordPattern.list("more|faster|further|higher|greater than", "above", "over", "at least", "beyond")

  private func isCompared(_ words: [String], _ index: Int) -> Bool {
    (max(0, index - 2)..<index).contains { start in
      let length = Self.less.longest(words, at: start) ?? Self.more.longest(words, at: start)
      return length.map { start + $0 == index } ?? false
    }
  }

  /// "Closer than 5 cm", "above 0.25 m/s": a comparison that ends where a number of the constraint's kind begins.
  private func comparison(in clause: Clause, at index: Int) -> Direction? {
    for (patterns, above) in [(Self.less, false), (Self.more, true)] {
      guard let length = patterns.longest(clause.words, at: index),
        let quantity = clause.quantities.first(where: { $0.index == index + length }),
        glossary.quantities == [quantity.kind]
      else { continue }
      return above == glossary.breaksAbove ? .breaks : .keeps
    }
    return nil
  }

  private func side(of quantity: StatedQuantity, in words: [String]) -> Direction {
    guard let limit = glossary.limit, glossary.quantities == [quantity.kind] else { return .none }
    // The limit itself: said as what it is, or as what is commanded.
    if abs(quantity.value - limit) <= 1e-9 { return Glossary.commanding.occur(in: words) ? .keeps : .none }
    return (quantity.value > limit) == glossary.breaksAbove ? .breaks : .keeps
  }
}
