/// The limits that a text states itself ("cap 2.6 rad/s", "25 N is what I may use"), beside the one that is known.
struct StatedLimits {
  /// The number that the limit was told with, whatever its unit.
  private(set) var bare: Double?
  /// The limit's value stands in the text more than once.
  private(set) var isRepeated = false
  private var values: [(kind: StatedQuantity.Kind, value: Double)] = []

  /// - Parameter known: the scenario's limit, in the unit of the constraint's only quantity or of none
  init(_ sentences: [[Clause]], glossary: Glossary) {
    if let known = glossary.limit, glossary.quantities.count == 1, let kind = glossary.quantities.first {
      values.append((kind, known))
    }
    guard !glossary.quantities.isEmpty, glossary.comparesNumbers else { return }
    for clause in sentences.joined() {
      for quantity in clause.quantities where glossary.quantities.contains(quantity.kind) && value(quantity.kind) == nil {
        if Self.isMarked(clause.words, from: quantity.index, to: quantity.index + quantity.count) {
          values.append((quantity.kind, quantity.value))
        }
      }
    }
    var mentions = 0
    for clause in sentences.joined() {
      for quantity in clause.quantities where value(quantity.kind).map({ abs($0 - quantity.value) < 1e-9 }) == true {
        mentions += 1
        bare = bare ?? Quantities.number(in: clause.words, at: quantity.index)?.value
      }
      // Without a unit, as in a list of parameters.
      for index in clause.words.indices where bare == nil {
        guard let (number, length) = Quantities.number(in: clause.words, at: index),
          !clause.quantities.contains(where: { $0.index == index }) else { continue }
        if number == glossary.limit, Self.isMarked(clause.words, from: index, to: index + length) { bare = number }
      }
    }
    isRepeated = mentions > 1
  }

  /// SI, as stated quantities are.
  func value(_ kind: StatedQuantity.Kind) -> Double? { values.first { $0.kind == kind }?.value }

  /// Whether a word for a limit stands next to the number.
  static func isMarked(_ words: [String], from start: Int, to end: Int) -> Bool {
    let ahead = words[max(0, start - 4)..<start]
    let behind = words[end..<min(words.count, end + 4)].prefix { !borders.contains($0) }
    return before.occur(in: ahead.split(whereSeparator: { borders.contains($0) }).last.map(Array.init) ?? [])
      || after.occur(in: Array(behind))
  }

  private static let borders: Set = ["and", "but", "with", "while", "against", "so"]
  private static let before = WordPattern.list(
    "limit*", "cap", "caps", "capped", "max", "maximum", "min", "minimum", "rated", "rating", "allow*", "permit*", "floor",
    "ceiling", "bound",
    "spec*", "require*", "rule*", "may", "must", "threshold", "told", "says", "allowance", "supposed", "should", "ought",
    "instead of", "budget", "good for")
  private static let after = WordPattern.list(
    "limit*", "cap", "max", "maximum", "min", "minimum", "ceiling", "floor", "allow*", "permit*", "required",
    "is what|all i|we|it|they", "is most",
    "is least", "is its|limit", "agreed", "were agreed", "rule", "they allow", "i am allowed|told|given", "may", "at most",
    "rating")
}
