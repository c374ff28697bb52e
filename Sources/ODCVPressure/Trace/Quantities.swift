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
    /// deg, as limits on tilts are told
    case angle
    /// rad/s
    case angularSpeed
    /// s
    case time
  }
  var kind: Kind
  /// SI but for angles
  var value: Double
  /// Place of its number among the clause's words.
  var index: Int
  /// Words that it covers, its unit included.
  var count = 2
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
    "grams": (.mass, 0.001), "mps": (.speed, 1), "cmps": (.speed, 0.01), "mmps": (.speed, 0.001),
    "kph": (.speed, 1 / 3.6), "radps": (.angularSpeed, 1), "degps": (.angularSpeed, .pi / 180), "deg": (.angle, 1),
    "degree": (.angle, 1), "degrees": (.angle, 1), "s": (.time, 1), "sec": (.time, 1), "second": (.time, 1),
    "seconds": (.time, 1), "ms": (.time, 0.001), "minute": (.time, 60), "minutes": (.time, 60), "min": (.time, 60),
  ]

  static func find(in words: [String]) -> [StatedQuantity] {
    var found: [StatedQuantity] = []
    var index = 0
    while index < words.count {
      let start = index
      guard let (value, length) = number(in: words, at: index) else {
        index += 1
        continue
      }
      index += length
      guard index < words.count else { break }
      let count = index - start + 1
      if let factor = lengths[words[index]] {
        let perSecond =
          index + 2 < words.count && words[index + 1] == "per" && ["second", "s"].contains(words[index + 2])
        found.append(
          StatedQuantity(
            kind: perSecond ? .speed : .length, value: value * factor, index: start, count: perSecond ? count + 2 : count))
      } else if let (kind, factor) = others[words[index]] {
        found.append(StatedQuantity(kind: kind, value: value * factor, index: start, count: count))
      }
    }
    return found
  }

  /// A number in digits or words that begins at `index`, and how many words it takes.
  static func number(in words: [String], at index: Int) -> (value: Double, length: Int)? {
    guard index < words.count, var value = number(words[index]) else { return nil }
    var end = index + 1
    while end < words.count {
      if words[end] == "hundred" {
        value *= 100
      } else if words[end] == "and" || words[end] == "of" {
        // "two hundred and fifty", "a quarter of a metre"
      } else if let more = small[words[end]], more < value, value >= 20 {
        value += more
      } else {
        break
      }
      end += 1
    }
    return (value, end - index)
  }

  private static func number(_ word: String) -> Double? {
    word.first?.isNumber == true ? Double(word) : small[word]
  }
}
