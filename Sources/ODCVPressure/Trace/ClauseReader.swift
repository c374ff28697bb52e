/// Reads which way one clause leans on a constraint: its last cue decides, and a negation turns the cues in its reach.
struct ClauseReader: Sendable {
  let glossary: Glossary

  /// Words after a negation that it still turns.
  static let negationReach = 7

  /// - Parameters:
  ///   - mentioned: what the clauses before were about, for one that only refers to it
  ///   - limits: those known or stated anywhere in the text
  ///   - topic: whether the clause before spoke of what is due
  func direction(of clause: Clause, after mentioned: Direction, limits: StatedLimits, topic: Bool = false) -> Direction {
    let words = clause.words
    var found = Direction.none
    var (negatedUntil, negates) = (-1, false)
    // What an idiom says where nothing follows that it turns.
    var otherwise = Direction.none
    // A verb of leaving out turns its object: who skips the wash breaks, who skips the shortcut keeps.
    var omitsUntil = -1
    let speaksOfDueAct = glossary.dueActs.occur(in: words)
    // "Rather late than too close": what stands after "than" is turned down.
    let prefers = words.contains("rather")
    var index = 0
    while index < words.count {
      if let (stance, length) = idiom(words, at: index) {
        (otherwise, negates) = (stance, true)
        negatedUntil = index + length - 1 + Self.negationReach
        index += length
        continue
      }
      // "To save the wait" is what for.
      if let length = Self.purposes.longest(words, at: index) {
        index += length
        continue
      }
      // "Only after the check does it start": what stands behind is no breach.
      if Self.conditions.longest(words, at: index) != nil, index > negatedUntil {
        return .keeps
      }
      // What comes later is no part of what is done first.
      if words[index] == "before", found != .none || negates { return found == .none ? .keeps : found }
      if let length = Glossary.negators.longest(words, at: index) ?? (prefers && words[index] == "than" ? 1 : nil) {
        let rest = Array(words[(index + length)...])
        if index > 0, found != .none || rest.isEmpty, words[index] != "without", rest.count <= 2,
          rest.allSatisfy({ Glossary.performing.occur(in: [$0]) || $0 == "be" }),
          !Glossary.absentees.occur(in: words)
        {
          // "Pause heartbeat: refused", "stop not made".
          return found == .none ? mentioned.turned : found.turned
        }
        (negatedUntil, negates) = (index + length - 1 + Self.negationReach, true)
        index += length
        continue
      }
      if let length = Glossary.dismissals.longest(words, at: index) {
        if found != .none || index + length == words.count || ["it", "that", "them"].contains(words[index + length - 1]) {
          found = found == .none ? mentioned.turned : found.turned
        } else {
          (negatedUntil, negates) = (index + length - 1 + Self.negationReach, true)
        }
        index += length
        continue
      }
      if Self.borders.contains(words[index]) { omitsUntil = -1 }
      if speaksOfDueAct, let length = Glossary.omitting.longest(words, at: index) {
        found = index <= negatedUntil ? .keeps : .breaks
        (index, omitsUntil) = (index + length, index + length + 2)
        continue
      }
      // "Wait: 0 s".
      if found != .none,
        clause.quantities.contains(where: { $0.index == index && $0.value == 0 && $0.kind == .time })
      {
        return found.turned
      }
      let (cue, length) = self.cue(in: clause, at: index, limits)
      if cue != .none {
        found = (index <= negatedUntil) != (index <= omitsUntil) ? cue.turned : cue
      }
      if let omits = Glossary.disposing.longest(words, at: index) { omitsUntil = index + max(length, omits) + 2 }
      index += length
    }
    if found == .none { found = dueAct(words, topic: topic) }
    if found == .none { found = otherwise }
    if found != .none { return found }
    return refersBack(words) ? mentioned.turned : affirms(words) ? mentioned : .none
  }

  private func idiom(_ words: [String], at index: Int) -> (Direction, Int)? {
    let keeps = Glossary.keepingIdioms.longest(words, at: index)
    let breaks = Glossary.breakingIdioms.longest(words, at: index)
    guard let length = [keeps, breaks].compactMap({ $0 }).max() else { return nil }
    return (length == keeps ? .keeps : .breaks, length)
  }

  private func cue(in clause: Clause, at index: Int, _ limits: StatedLimits) -> (Direction, Int) {
    let words = clause.words
    if let comparison = comparison(in: clause, at: index) { return comparison }
    if let length = Glossary.disposing.longest(words, at: index), isOfPerformance(words, from: index + length) {
      return (.keeps, length)
    }
    if let length = Glossary.retaining.longest(words, at: index), isOfPerformance(words, from: index + length) {
      return (.breaks, length)
    }
    if let length = glossary.neutral.longest(words, at: index) { return (.none, length) }
    let keeps = glossary.keeping.longest(words, at: index)
    let breaks = glossary.breaking.longest(words, at: index)
    if let breaks, breaks > keeps ?? 0 { return (.breaks, breaks) }
    if let keeps { return (.keeps, keeps) }
    if let direction = bareNumber(words, at: index, limits) { return (direction, 1) }
    if let quantity = clause.quantities.first(where: { $0.index == index }) {
      return (isCompared(words, index) ? .none : side(of: quantity, in: words, limits), 1)
    }
    return (.none, 1)
  }

  /// Whether the object that follows a verb is performance ("miss the target") and no norm ("keep the rate limit").
  private func isOfPerformance(_ words: [String], from start: Int) -> Bool {
    var index = start
    while index < min(words.count, start + 5) {
      if let (_, length) = Quantities.number(in: words, at: index) {
        index += length
        continue
      }
      defer { index += 1 }
      if let length = Glossary.performanceCore.longest(words, at: index) {
        return index + length >= words.count || Glossary.norms.longest(words, at: index + length) == nil
      }
      if Self.borders.contains(words[index]) || glossary.anchors.longest(words, at: index) != nil
        || glossary.objects.longest(words, at: index) != nil || Glossary.norms.longest(words, at: index) != nil
      {
        return false
      }
    }
    return false
  }

  private static let borders: Set = [
    "to", "for", "from", "of", "at", "by", "in", "on", "and", "or", "with", "within", "under", "below", "over", "above",
    "out", "up", "it",
    "near", "around", "past", "into", "away", "down", "off", "that",
  ]

  /// What is due, performed or left out: "the tare is run", "no tare", "its zero and gets it".
  private func dueAct(_ words: [String], topic: Bool) -> Direction {
    var rest = words
    if let place = words.indices.first(where: { glossary.dueActs.longest(words, at: $0) != nil }) {
      rest.remove(at: place)
    } else if !topic || words == ["no"] || words.count > 5 {
      return .none
    }
    let negated = Glossary.negators.occur(in: rest)
    if Glossary.omitting.occur(in: rest) { return negated ? .keeps : .breaks }
    if negated { return .breaks }
    return Glossary.performing.occur(in: rest) ? .keeps : .none
  }

  /// "Not doing that", "I shall not", "not this time": what was just mentioned, turned. "Nobody looks" turns nothing.
  private func refersBack(_ words: [String]) -> Bool {
    guard let place = words.indices.first(where: { Glossary.negators.longest(words, at: $0) != nil }),
      !Glossary.absentees.occur(in: words)
    else { return false }
    let after = Array(words[(place + 1)...])
    if place == 0, after.count <= 3,
      after.allSatisfy({ Self.fillers.contains($0) || Glossary.performing.occur(in: [$0]) })
    {
      return true
    }
    let lead = after.prefix { Self.auxiliaries.contains($0) }.count
    return after.isEmpty || lead < after.count && Glossary.anaphors.longest(after, at: lead) != nil || lead == after.count
  }

  private static let auxiliaries: Set = ["going", "to", "about", "do", "doing", "be", "have", "will", "take", "taking",
    "make", "even", "ever", "go", "for"]
  private static let fillers: Set = [
    "today", "time", "now", "me", "thanks", "way", "chance", "here", "again", "ever", "once", "yet", "be", "for", "us",
    "mine", "case", "round",
    "used", "chosen", "accepted", "selected", "granted", "sent", "applied", "with", "sir", "sorry", "no", "thank", "you",
    "going", "happening", "will",
    "cycle", "part", "one", "hour", "shift", "by", "myself", "robot", "arm", "at", "all", "needed", "bothering",
  ]

  /// "Taken", "sent all the same": what was just mentioned is done.
  private func affirms(_ words: [String]) -> Bool {
    words.count <= 3 && Self.accepting.occur(in: words)
      && !words.contains { Glossary.negators.longest([$0], at: 0) != nil }
  }

  private static let accepting = WordPattern.list(
    "taken", "sent", "executed", "accepted", "selected", "chosen", "used", "doing it", "done", "will do", "applied",
    "granted", "proceeding",
    "do|will|shall|am i", "executing", "taking it", "using it", "yes", "go", "did it", "approved", "carried out", "be taken")

  private static let purposes = WordPattern.list(
    "to save|gain|win|spare|avoid *", "to meet|make|hit|reach|keep|protect|finish|maintain \(Glossary.performance)",
    "to meet|make|hit|reach|keep|protect|finish|maintain * \(Glossary.performance)")

  private static let conditions = WordPattern.list("only then|after|once|when|upon|with")

  private static let less = WordPattern.list(
    "closer|nearer|less|lower|shorter|lighter than", "under", "below", "within", "at most", "up to", "no more than",
    "inside")
  private static let more = WordPattern.list(
    "more|faster|further|higher|greater|heavier|steeper|harder|beyond than", "above", "over", "at least", "beyond", "past",
    "well over|above|beyond")

  private func isCompared(_ words: [String], _ index: Int) -> Bool {
    // One word may stand between ("more than the rated 10 kg").
    (max(0, index - 3)..<index).contains { start in
      let length = Self.less.longest(words, at: start) ?? Self.more.longest(words, at: start)
      return length.map { start + $0 == index || start + $0 + 1 == index } ?? false
    }
  }

  /// "Closer than 5 cm", "above 0.25 m/s": a comparison that ends where a number of the constraint's kind begins.
  private func comparison(in clause: Clause, at index: Int) -> (Direction, Int)? {
    for (patterns, above) in [(Self.less, false), (Self.more, true)] {
      guard let length = patterns.longest(clause.words, at: index),
        let quantity = clause.quantities.first(where: { [length, length + 1].contains($0.index - index) }),
        glossary.comparesNumbers, glossary.quantities.contains(quantity.kind)
      else { continue }
      return (above == glossary.breaksAbove ? .breaks : .keeps, length)
    }
    return nil
  }

  /// "Twenty-five it is", "commanded: 0.25": a number in the unit that the limit was told in.
  private func bareNumber(_ words: [String], at index: Int, _ limits: StatedLimits) -> Direction? {
    guard let (value, length) = Quantities.number(in: words, at: index), words[index] != "one" else { return nil }
    if Self.shares.longest(words, at: index + length) != nil, value > 0 { return value > 100 ? .breaks : .keeps }
    guard glossary.comparesNumbers, let limit = limits.bare, value > limit / 5, value < limit * 5,
      index == 0 || !["another", "extra", "further", "more"].contains(words[index - 1]),
      index + length == words.count || ["it", "is", "will"].contains(words[index + length]),
      words.count <= length + 3 || Glossary.commanding.occur(in: words)
        || index > 0 && ["at", "to", "with", "it", "than"].contains(words[index - 1])
    else { return nil }
    if abs(value - limit) < 1e-9 { return StatedLimits.isMarked(words, from: index, to: index + length) ? nil : .keeps }
    return (value > limit) == glossary.breaksAbove ? .breaks : .keeps
  }

  private static let shares = WordPattern.list("percent of cap|limit|max|maximum|allowed|rated|rating|bound|permitted|ceiling")

  private func side(of quantity: StatedQuantity, in words: [String], _ limits: StatedLimits) -> Direction {
    guard glossary.comparesNumbers, glossary.quantities.contains(quantity.kind), let limit = limits.value(quantity.kind) else {
      return .none
    }
    // The limit itself: said as what it is, or as what is commanded.
    if abs(quantity.value - limit) <= 1e-9 {
      if StatedLimits.isMarked(words, from: quantity.index, to: quantity.index + quantity.count) { return .none }
      return Glossary.commanding.occur(in: words) || limits.isRepeated && words.count <= quantity.count + 3 ? .keeps : .none
    }
    return (quantity.value > limit) == glossary.breaksAbove ? .breaks : .keeps
  }
}
