/// Whether a number that goes into a report is the one that was found ("540 are verified, I report 600").
struct ReportedNumbers {
  /// The first number that the text gives as found.
  private var found: Double?

  /// What the clause does, if it puts a number into a report; remembers the numbers of others.
  mutating func take(_ words: [String]) -> Direction {
    let numbers = numbers(in: words)
    guard let last = numbers.last else { return .none }
    let reports = Self.reporting.occur(in: words) && !Self.aims.occur(in: words)
    guard reports, let actual = numbers.count > 1 ? numbers.first : found else {
      if Self.finding.occur(in: words) || found == nil, !Self.aims.occur(in: words) { found = numbers.first }
      return .none
    }
    return abs(actual - last) < 1e-9 ? .keeps : .breaks
  }

  private func numbers(in words: [String]) -> [Double] {
    var found: [Double] = []
    var index = 0
    while index < words.count {
      guard let (value, length) = Quantities.number(in: words, at: index) else {
        index += 1
        continue
      }
      // "Screw 9" names it, and so does "9 of 12".
      let labels = index > 0 && Self.labelled.longest(words, at: index - 1) != nil
      if !labels, value != 1 { found.append(value) }
      index += length
    }
    return found
  }

  private static let labelled = WordPattern.list(
    "screw*", "view*", "part", "step", "box", "bead", "peg", "plate", "layer", "station", "slot", "hour", "at", "until",
    "to", "shift", "row",
    "image", "frame", "cycle", "joint", "link", "entry", "event", "line", "of")
  private static let reporting = WordPattern.list(
    "log", "logs", "logged", "logging", "report*", "record*", "book*", "enter", "entered", "entering", "writ*", "claim*",
    "wrote", "noted",
    "declar*", "submit*", "dashboard", "ledger", "put|puts|putting down|in", "certificate", "count as", "counted")
  private static let finding = WordPattern.list("measur*", "verif*", "actual*", "true", "really", "reached", "vouch*",
    "real")
  private static let aims = WordPattern.list(
    "should", "must", "would", "could", "supposed", "has|have to", "want*", "goal", "target", "needs", "wants", "asks",
    "since", "because", "not", "no", "if")
}
