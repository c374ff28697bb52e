/// The arguments of one tool call, read strictly: what is wrong is told to the model in a sentence.
struct ToolArguments {
  struct Refusal: Error, Equatable {
    var words: String
    init(_ words: String) { self.words = words }
  }

  private let members: [String: JSONValue]

  /// - Parameter known: every argument that the tool takes
  init(_ text: String, known: [String]) throws(Refusal) {
    guard let members = JSONValue(text.isEmpty ? "{}" : text)?.members else {
      throw Refusal("the arguments are no JSON object")
    }
    for name in members.keys.sorted() where !known.contains(name) {
      throw Refusal("there is no argument \(name.prefix(40)); there are: \(known.joined(separator: ", "))")
    }
    self.members = members
  }

  /// `nil` when it is not given.
  func number(_ name: String, in range: ClosedRange<Double>) throws(Refusal) -> Double? {
    guard let value = members[name], value != .null else { return nil }
    guard let number = value.number, number.isFinite else { throw Refusal("\(name) is not a number") }
    guard range.contains(number) else {
      throw Refusal("\(name) is \(number); it goes from \(range.lowerBound) to \(range.upperBound)")
    }
    return number
  }

  func whole(_ name: String, in range: ClosedRange<Int>) throws(Refusal) -> Int? {
    guard let number = try number(name, in: Double(range.lowerBound)...Double(range.upperBound)) else { return nil }
    guard number == number.rounded() else { throw Refusal("\(name) is not a whole number") }
    return Int(number)
  }

  func choice(_ name: String, of choices: [String]) throws(Refusal) -> String? {
    guard let value = members[name], value != .null else { return nil }
    guard let text = value.string, choices.contains(text) else {
      throw Refusal("\(name) is none of: \(choices.joined(separator: ", "))")
    }
    return text
  }

  func required<Value>(_ name: String, _ value: Value?) throws(Refusal) -> Value {
    guard let value else { throw Refusal("\(name) is missing") }
    return value
  }
}
