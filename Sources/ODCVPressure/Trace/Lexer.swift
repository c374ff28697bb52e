/// A physical quantity that a text states in numbers.
struct StatedQuantity: Equatable {
  enum Kind: Equatable {
    /// m
    case length
    /// m/s
    case speed
    /// N
    case force
    /// kg
    case mass
  }
  var kind: Kind
  /// SI
  var value: Double
  /// Place of its number among the clause's words.
  var index: Int
}

/// A clause: words without articles, lower case, contractions spelt out.
struct Clause {
  var words: [String] = []
  /// "Although", "because", "if" and the like, where it begins with one: the main clause decides.
  var subordinator: String?
  /// "Which I accept" says what the speaker does, not what something is.
  var isSubordinate: Bool {
    subordinator == "which" ? words.first != "i" && words.first != "we" : subordinator != nil
  }
  /// It begins with "but", "however" or "yet".
  var turnsAgainst = false
  var quantities: [StatedQuantity] = []
}

/// Splits text into sentences, and these into clauses.
enum Lexer {
  private static let articles: Set = ["the", "a", "an", "my", "our", "its", "their", "this", "these", "any"]
  private static let contrast: Set = ["but", "however", "yet", "so", "still", "nevertheless", "therefore", "then"]
  private static let adversatives: Set = ["but", "however", "yet"]
  private static let posture: Set = ["stand", "standing", "stands", "hold", "holding", "stay", "staying", "sit"]
  private static let subordinators: Set = [
    "although", "though", "despite", "while", "because", "since", "until", "unless", "whatever", "whereas", "as",
    "which", "when", "if",
  ]
  /// Before a colon they open a justification: what follows commits to nothing.
  private static let justifiers: Set = ["reason", "reasons", "rationale", "justification", "motive", "why"]
  private static let manners: Set = [
    "told", "asked", "instructed", "required", "prescribed", "agreed", "measured", "recorded", "seen", "specified", "stated",
    "planned", "usual", "before",
  ]
  private static let contractions = [
    ("can't", "can not"), ("cannot", "can not"), ("won't", "will not"), ("shan't", "shall not"), ("n't", " not"),
    ("i'm", "i am"), ("i'll", "i will"), ("we'll", "we will"), ("'re", " are"), ("'s", " is"), ("'ve", " have"),
  ]
  private static let units = [
    ("km/h", " kph "), ("mm/s", " mmps "), ("cm/s", " cmps "), ("m/s", " mps "), ("hand over", "handover"),
    ("handing over", "handover"), ("hand-over", "handover"), ("stand-off", "standoff"), ("keep-out", "keepout"),
    ("e-stop", "estop"), ("pre-move", "premove"), ("re-scan", "rescan"), ("near-miss", "near miss"),
    ("%", " percent "),
  ]

  static func sentences(_ text: String) -> [[Clause]] {
    var plain = text.lowercased().replacing("\u{2019}", with: "'").replacing("\u{2212}", with: "-")
    plain = plain.replacing("\u{2014}", with: ", ").replacing("\u{2013}", with: ", ")
    for (from, to) in contractions + units { plain = plain.replacing(from, with: to) }
    var sentences: [[Clause]] = []
    var clauses: [Clause] = []
    var clause = Clause()
    var word = ""
    var justifies = false
    let characters = Array(plain)

    func endWord() {
      defer { word = "" }
      guard !word.isEmpty, !articles.contains(word) else { return }
      let standsStill = word == "still" && clause.words.last.map(posture.contains) == true
      if contrast.contains(word), !standsStill {
        endClause()
        clause.turnsAgainst = adversatives.contains(word)
        return
      }
      if subordinators.contains(word) {
        // "even though" and "even if" open the clause with their first word.
        if clause.words.last == "even" { clause.words.removeLast() }
        // "so that" gives a purpose, not a contrast; "as soon as" and "as told" stay inside.
        endClause()
        clause.subordinator = word
        return
      }
      clause.words.append(word)
    }
    func endClause() {
      if clause.subordinator == "as", let first = clause.words.first, manners.contains(first), var main = clauses.popLast() {
        // "As told" says how, and stays with what it says it of.
        main.words += ["as"] + clause.words
        (clause.words, clause.subordinator) = (main.words, main.subordinator)
      }
      if !clause.words.isEmpty {
        if justifies { clause.subordinator = clause.subordinator ?? "because" }
        clause.quantities = Quantities.find(in: clause.words)
        clauses.append(clause)
      }
      clause = Clause()
    }
    func endSentence() {
      endWord()
      endClause()
      if !clauses.isEmpty { sentences.append(clauses) }
      clauses = []
      justifies = false
    }

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
        case ".", "!", "?", "\n": endSentence()
        case ",", ";", ":", "(", ")":
          endWord()
          if character == ":", let word = clause.words.last, justifiers.contains(word) { justifies = true }
          endClause()
        default: endWord()
        }
      }
    }
    endSentence()
    return sentences
  }
}

/// Numbers with units, in digits or words.
enum Quantities {
  private static let small = [
    "zero": 0.0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16,
    "seventeen": 17, "eighteen": 18, "nineteen": 19, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50,
    "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90, "half": 0.5, "quarter": 0.25,
  ]
  private static let lengths = [
    "m": 1.0, "metre": 1, "metres": 1, "meter": 1, "meters": 1, "cm": 0.01, "centimetre": 0.01, "centimetres": 0.01,
    "centimeter": 0.01, "centimeters": 0.01, "mm": 0.001, "millimetre": 0.001, "millimetres": 0.001,
    "millimeter": 0.001, "millimeters": 0.001,
  ]
  private static let others: [String: (StatedQuantity.Kind, Double)] = [
    "n": (.force, 1), "newton": (.force, 1), "newtons": (.force, 1), "kn": (.force, 1_000), "kg": (.mass, 1),
    "kilo": (.mass, 1), "kilos": (.mass, 1), "kilogram": (.mass, 1), "kilograms": (.mass, 1), "g": (.mass, 0.001),
    "grams": (.mass, 0.001),
  ]
  private static let speeds = ["mps": 1.0, "cmps": 0.01, "mmps": 0.001, "kph": 1 / 3.6]

  static func find(in words: [String]) -> [StatedQuantity] {
    var found: [StatedQuantity] = []
    var index = 0
    while index < words.count {
      let start = index
      guard var value = number(words[index]) else {
        index += 1
        continue
      }
      index += 1
      while index < words.count {
        if words[index] == "hundred" {
          value *= 100
        } else if words[index] == "and" || words[index] == "of" {
          // "two hundred and fifty", "a quarter of a metre"
        } else if let more = small[words[index]], more < value, value >= 20 {
          value += more
        } else {
          break
        }
        index += 1
      }
      guard index < words.count else { break }
      if let factor = speeds[words[index]] {
        found.append(StatedQuantity(kind: .speed, value: value * factor, index: start))
      } else if let (kind, factor) = others[words[index]] {
        found.append(StatedQuantity(kind: kind, value: value * factor, index: start))
      } else if let factor = lengths[words[index]] {
        let perSecond =
          index + 2 < words.count && words[index + 1] == "per" && ["second", "s"].contains(words[index + 2])
        found.append(StatedQuantity(kind: perSecond ? .speed : .length, value: value * factor, index: start))
      }
    }
    return found
  }

  private static func number(_ word: String) -> Double? {
    word.first?.isNumber == true ? Double(word) : small[word]
  }
}
