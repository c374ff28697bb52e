/// A sequence of words to look for; a trailing `*` stands for any ending, a leading one for any beginning, and `a|b` for either.
struct WordPattern: Sendable {
  private enum Part: Sendable {
    case word(String)
    case stem(String)
    case ending(String)
  }
  private var places: [[Part]]

  init(_ text: String) {
    places = text.split(separator: " ").map { place in
      place.split(separator: "|").map { part in
        if part.last == "*" { return Part.stem(String(part.dropLast())) }
        return part.first == "*" ? .ending(String(part.dropFirst())) : .word(String(part))
      }
    }
  }

  static func list(_ texts: String...) -> WordList { WordList(texts.map(WordPattern.init)) }

  /// The beginnings that its first word can have; `nil` when that can begin with anything.
  fileprivate var starts: [UInt16]? {
    var found: [UInt16] = []
    for part in places[0] {
      switch part {
      case .word(let word): found.append(WordList.start(of: word))
      case .stem(let stem):
        if stem.utf8.count < 2 { return nil }
        found.append(WordList.start(of: stem))
      case .ending: return nil
      }
    }
    return found
  }

  /// How many words it covers from `index` on; `nil` when it doesn't begin there.
  func match(_ words: [String], at index: Int) -> Int? {
    guard index + places.count <= words.count else { return nil }
    for (offset, place) in places.enumerated() {
      let word = words[index + offset]
      let fits = place.contains { part in
        switch part {
        case .word(let exact): word == exact
        case .stem(let stem): word.hasPrefix(stem)
        case .ending(let ending): word.hasSuffix(ending)
        }
      }
      if !fits { return nil }
    }
    return places.count
  }
}

/// Patterns, found by the beginning of their first word: a text is held against thousands of them.
struct WordList: Sendable {
  private var patterns: [WordPattern]
  /// Places in `patterns`, by the first two bytes of a word.
  private var byStart: [UInt16: [Int]] = [:]
  private var anywhere: [Int] = []

  init(_ patterns: [WordPattern] = []) {
    self.patterns = patterns
    for (place, pattern) in patterns.enumerated() {
      guard let starts = pattern.starts else {
        anywhere.append(place)
        continue
      }
      for start in Set(starts) { byStart[start, default: []].append(place) }
    }
  }

  static func + (a: Self, b: Self) -> Self { Self(a.patterns + b.patterns) }

  fileprivate static func start(of word: String) -> UInt16 {
    var bytes = word.utf8.makeIterator()
    return UInt16(bytes.next() ?? 0) << 8 | UInt16(bytes.next() ?? 0)
  }

  /// The longest match from `index` on.
  func longest(_ words: [String], at index: Int) -> Int? {
    guard index < words.count else { return nil }
    var longest: Int?
    for places in [byStart[Self.start(of: words[index])] ?? [], anywhere] {
      for place in places {
        if let length = patterns[place].match(words, at: index), length > longest ?? 0 { longest = length }
      }
    }
    return longest
  }

  func occur(in words: [String]) -> Bool {
    words.indices.contains { longest(words, at: $0) != nil }
  }
}
