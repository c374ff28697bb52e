/// A clause: words without articles, lower case, contractions spelt out.
struct Clause {
  /// How a clause that is not subordinate goes on from the one before.
  enum Connector {
    case none
    /// "But", "however", "yet", "nonetheless".
    case contrast
    /// "So", "therefore", "hence".
    case result
    /// "Then".
    case sequence
  }
  var words: [String] = []
  /// "Although", "because", "if" and the like, where it begins with one: the main clause decides.
  var subordinator: String?
  /// "Which I accept" says what the speaker does, not what something is.
  var isSubordinate: Bool {
    subordinator == "which" ? words.first != "i" && words.first != "we" : subordinator != nil
  }
  var connector = Connector.none
  /// It stands after a colon, as the value of what stands before.
  var isValue = false
  /// It stands in a sentence that ends with a question mark.
  var isQuestion = false
  var quantities: [StatedQuantity] = []
}

/// Splits text into sentences, and these into clauses.
enum Lexer {
  private static let articles: Set = ["the", "a", "an", "my", "our", "its", "their", "this", "these", "any"]
  private static let contrasts: [String: Clause.Connector] = [
    "but": .contrast, "however": .contrast, "yet": .contrast, "nevertheless": .contrast, "nonetheless": .contrast,
    "still": .contrast, "so": .result, "therefore": .result, "hence": .result, "thus": .result, "then": .sequence,
  ]
  private static let posture: Set = ["stand", "standing", "stands", "hold", "holding", "stay", "staying", "sit"]
  private static let subordinators: Set = [
    "although", "though", "despite", "while", "because", "since", "until", "till", "unless", "whatever", "whereas", "as",
    "which", "when", "whenever", "if", "albeit",
  ]
  /// Before a colon they open a justification: what follows commits to nothing.
  private static let justifiers: Set = ["reason", "reasons", "rationale", "justification", "motive", "why", "because"]
  private static let manners: Set = [
    "told", "asked", "instructed", "required", "prescribed", "agreed", "measured", "recorded", "seen", "specified", "stated",
    "planned", "usual", "before", "ordered", "directed", "permitted", "allowed",
    "missing", "taken", "passed", "pass", "failed", "fail", "ok", "real", "done", "good", "complete", "verified",
    "unverified", "defective",
    "nominal", "late", "noise", "found", "scrap", "clean", "intended", "normal", "usual", "always", "ever",
  ]
  /// After "and" they open a clause of their own.
  private static let subjects: Set = [
    "i", "we", "it", "he", "she", "they", "robot", "arm", "controller", "planner", "cell", "you",
  ]
  private static let pronouns: Set = ["i", "we", "it", "he", "she", "they", "you", "there"]
  private static let replacements = Replacements([
    ("can't", "can not"), ("cannot", "can not"), ("won't", "will not"), ("shan't", "shall not"), ("n't", " not"),
    ("i'm", "i am"), ("i'll", "i will"), ("we'll", "we will"), ("'ll", " will"), ("'re", " are"), ("'s", " is"),
    ("'ve", " have"), ("'d", " would"), ("\u{2019}", "'"), ("\u{2212}", "-"), ("\u{2014}", ", "), ("\u{2013}", ", "),
    ("km/h", " kph "), ("mm/s", " mmps "), ("cm/s", " cmps "), ("m/s", " mps "), ("rad/s", " radps "),
    ("deg/s", " degps "), ("\u{B0}/s", " degps "), ("\u{B0}", " deg "), ("rad per second", " radps "),
    ("radians per second", " radps "), ("degrees per second", " degps "), ("->", " to "), ("\u{2192}", " to "),
    (">=", " at least "), ("\u{2265}", " at least "), ("<=", " at most "), ("\u{2264}", " at most "), ("<", " under "),
    (">", " over "), ("hand over", "handover"), ("handing over", "handover"), ("hand-over", "handover"),
    ("stand-off", "standoff"), ("keep-out", "keepout"), ("e-stop", "estop"), ("pre-move", "premove"),
    ("re-scan", "rescan"), ("re-tare", "tare"), ("near-miss", "near miss"), ("%", " percent "), (" +", " plus "), ("(+",
      "(plus "),
    (" - ", ", "), ("so that", "sothat"), ("so as to", "sothat"), ("in order to", "sothat"),
    ("until then", "until that"), ("till then", "until that"), ("even if", "although"), ("in spite of",
      "despite"), ("as long as", "while"), ("as soon as", "when"),
  ] + (0...9).flatMap { [(" -\($0)", " minus \($0)"), ("(-\($0)", "(minus \($0)")] })

  static func sentences(_ text: String) -> [[Clause]] {
    let plain = replacements.apply(telegramStopsAsFullStops(text).lowercased().replacing("\u{2019}", with: "'"))
    var sentences: [[Clause]] = []
    var clauses: [Clause] = []
    var clause = Clause()
    var word = ""
    var justifies = false
    // The word before was an article, or "however" whose kind the next word tells.
    var (articleBefore, howeverBefore) = (false, false)
    let characters = Array(plain)

    func endWord() {
      defer { word = "" }
      guard !word.isEmpty else { return }
      if articles.contains(word) {
        (articleBefore, howeverBefore) = (true, false)
        return
      }
      defer { articleBefore = false }
      if howeverBefore {
        // "However late the truck" concedes; "however, the truck" goes on.
        howeverBefore = false
        if !articleBefore, !pronouns.contains(word) { (clause.subordinator, clause.connector) = ("whatever", .none) }
      }
      let standsStill = word == "still" && clause.words.last.map(posture.contains) == true
      if let connector = contrasts[word], !standsStill {
        endClause()
        clause.connector = connector
        howeverBefore = word == "however"
        return
      }
      let dates = word == "once" && !["for", "just", "only", "this", "at", "more", "than"].contains(clause.words.last ?? "")
      if subordinators.contains(word) || word == "sothat" || dates {
        // "even though" opens the clause with its first word.
        if clause.words.last == "even" { clause.words.removeLast() }
        // "as told" stays inside.
        endClause()
        clause.subordinator = word == "till" ? "until" : word == "whenever" || word == "once" ? "when" : word
        return
      }
      if subjects.contains(word), clause.words.last == "and" {
        clause.words.removeLast()
        endClause()
      } else if word.allSatisfy(\.isNumber), clause.words.last == "step" {
        clause.words.removeLast()
        endClause()
        return
      }
      clause.words.append(word)
    }
    func endClause() {
      howeverBefore = false
      if clause.subordinator == "as", let first = clause.words.first,
        manners.contains(first) || first.first?.isNumber == true || clause.words.count == 2 && ["it", "they"].contains(first)
          || clause.words.count <= 3 && clauses.last?.words.contains(where: namesThings) == true, var main = clauses.popLast() {
        // "As told" says how, and stays with what it says it of.
        main.words += ["as"] + clause.words
        (clause.words, clause.subordinator, clause.connector) = (main.words, main.subordinator, main.connector)
      }
      // "Over" ends a radio message.
      if !clause.words.isEmpty, clause.words != ["over"] {
        if justifies { clause.subordinator = clause.subordinator ?? "because" }
        clause.quantities = Quantities.find(in: clause.words)
        clauses.append(clause)
      }
      clause = Clause()
    }
    func endSentence(question: Bool = false) {
      endWord()
      if isMarker(clause.words), clauses.isEmpty { clause.words = [] }
      endClause()
      if question {
        for index in clauses.indices { clauses[index].isQuestion = true }
      }
      if !clauses.isEmpty { sentences.append(clauses) }
      clauses = []
      justifies = false
    }

    var inParentheses = false
    for (index, character) in characters.enumerated() {
      let next = index + 1 < characters.count ? characters[index + 1] : " "
      if character.isLetter || character.isNumber {
        // "5cm" is two words.
        if let last = word.last, last.isNumber != character.isNumber, last != "." { endWord() }
        word.append(character)
      } else if character == "." || character == ",", next.isNumber, word.last?.isNumber == true {
        word.append(".")
      } else {
        switch character {
        case ".", "!", "\n": endSentence()
        case "?": endSentence(question: true)
        case ")" where !inParentheses && (isMarker([word]) || ["a", "b", "c", "d", "e"].contains(word)):
          // "b)" begins a step.
          word = ""
          endSentence()
        case ",", ";", ":", "(", ")":
          inParentheses = character == "("
          endWord()
          if character == ":", let word = clause.words.last, justifiers.contains(word) { justifies = true }
          if character == ":", isMarker(clause.words), clauses.isEmpty { clause.words = [] }
          // "Max force: 25 N" is one clause.
          let next = characters[(index + 1)...].first { $0 != " " }
          if character == ":", next?.isNumber == true, !justifies, (1...4).contains(clause.words.count) { break }
          let connector = clause.words.isEmpty ? clause.connector : .none
          endClause()
          (clause.connector, clause.isValue) = (connector, character == ":")
        default: endWord()
        }
      }
    }
    endSentence()
    return sentences
  }

  /// Verbs that take a name with "as": "recorded as planned contact".
  private static func namesThings(_ word: String) -> Bool {
    ["record", "report", "log", "book", "count", "label", "enter", "file", "register", "mark", "declare", "treat", "note",
      "write", "list"]
      .contains { word.hasPrefix($0) }
  }

  /// "3", "b", "ii": the number of a step, and no sentence.
  private static func isMarker(_ words: [String]) -> Bool {
    guard words.count == 1, let word = words.first, !word.isEmpty else { return false }
    return word.count <= 2 && word.allSatisfy(\.isNumber) || word.count == 1 && word.first!.isLetter
      || ["ii", "iii", "iv", "vi"].contains(word)
  }

  /// In telegrams "STOP" ends sentences: in capitals, after a word, and more than once.
  private static func telegramStopsAsFullStops(_ text: String) -> String {
    let words = text.split(separator: " ")
    let stops = words.indices.filter {
      words[$0].hasPrefix("STOP") && words[$0].count <= 5 && $0 > 0 && words[$0 - 1].last?.isPunctuation == false
    }
    guard stops.count >= 2 else { return text }
    return words.enumerated().map { stops.contains($0.offset) ? "." : String($0.element) }.joined(separator: " ")
  }
}

/// Strings put in place of others, in one pass over the bytes; the longest that fits wins.
private struct Replacements: Sendable {
  private var byFirst: [UInt8: [(from: [UInt8], to: [UInt8])]] = [:]

  init(_ pairs: [(String, String)]) {
    for (from, to) in pairs { byFirst[from.utf8.first!, default: []].append((Array(from.utf8), Array(to.utf8))) }
    for key in byFirst.keys { byFirst[key]!.sort { $0.from.count > $1.from.count } }
  }

  func apply(_ text: String) -> String {
    let bytes = Array(text.utf8)
    var result: [UInt8] = []
    var index = 0
    while index < bytes.count {
      if let pair = byFirst[bytes[index]]?.first(where: { bytes[index...].starts(with: $0.from) }) {
        result += pair.to
        index += pair.from.count
      } else {
        result.append(bytes[index])
        index += 1
      }
    }
    return String(decoding: result, as: UTF8.self)
  }
}
