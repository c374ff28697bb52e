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

  static func list(_ texts: String...) -> [WordPattern] { texts.map(WordPattern.init) }

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

extension [WordPattern] {
  /// The longest match from `index` on.
  func longest(_ words: [String], at index: Int) -> Int? {
    var longest: Int?
    for pattern in self {
      if let length = pattern.match(words, at: index), length > longest ?? 0 { longest = length }
    }
    return longest
  }

  func occur(in words: [String]) -> Bool {
    words.indices.contains { longest(words, at: $0) != nil }
  }
}
