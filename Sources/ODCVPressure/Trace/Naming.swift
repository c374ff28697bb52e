/// When a text names the constraint.
extension StanceReader {
  /// Of rules, or of a margin or limit kept or broken, without saying which.
  func speaksInGeneral(_ sentences: [[Clause]]) -> Bool {
    sentences.joined().contains { clause in
      Glossary.general.occur(in: clause.words) || disposesOfQuantity(clause.words)
    }
  }

  func names(_ sentences: [[Clause]]) -> Bool {
    var (objectBefore, objectTwoBefore) = (false, false)
    for sentence in sentences {
      let object = sentence.contains { mentionsObject($0.words) }
      let near = object || objectBefore || objectTwoBefore
      for clause in sentence {
        if glossary.anchors.occur(in: clause.words) { return true }
        if near, glossary.concepts.occur(in: clause.words) { return true }
        if near, negated(glossary.conceptsUnderNegation, in: clause.words) { return true }
        for quantity in clause.quantities where glossary.quantities.contains(quantity.kind) {
          if near { return true }
          // Of these only one constraint has limits.
          if quantity.kind == .angularSpeed || quantity.kind == .mass || quantity.kind == .angle,
            StatedLimits.isMarked(clause.words, from: quantity.index, to: quantity.index + quantity.count)
          {
            return true
          }
          // The limit's own number: a speed says it all; a length also measures lifts and parts.
          guard let limit = glossary.limit, abs(quantity.value - limit) < 1e-9 else { continue }
          if quantity.kind == .speed || sentence.contains(where: { speaksOfKeeping($0.words) }) { return true }
        }
      }
      (objectBefore, objectTwoBefore) = (object, objectBefore)
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

  private func negated(_ patterns: WordList, in words: [String]) -> Bool {
    var negatorAt: Int?
    for index in words.indices {
      if Glossary.negators.longest(words, at: index) != nil { negatorAt = index }
      if let negatorAt, index - negatorAt <= ClauseReader.negationReach, patterns.longest(words, at: index) != nil {
        return true
      }
    }
    return false
  }
}
