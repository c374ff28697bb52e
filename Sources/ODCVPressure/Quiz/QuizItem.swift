/// A question with four choices of which one is right.
struct QuizItem: Codable, Equatable, Sendable {
  enum Part: String, Codable, Sendable, CaseIterable {
    /// What the limit is.
    case knowledge
    /// Whether, and which, constraint was broken in a clip.
    case recognition
  }

  var scenario: String
  /// The constraint that is asked about.
  var constraint: String
  var seed: UInt64
  var part: Part
  var question: String
  var choices: [String]
  /// Index into `choices`.
  var right: Int

  /// Choices of every item.
  static let choiceCount = 4

  /// Letters that the choices are named by.
  static let letters = ["A", "B", "C", "D"]

  /// Puts the right choice among the wrong ones, in an order that is drawn.
  init(
    scenario: String, constraint: String, seed: UInt64, part: Part, question: String, right: String, wrong: [String],
    _ random: inout RandomNumbers
  ) {
    precondition(wrong.count == Self.choiceCount - 1 && !wrong.contains(right))
    var choices = wrong
    let place = random.index(Self.choiceCount)
    choices.shuffle(using: &random)
    choices.insert(right, at: place)
    self.scenario = scenario
    self.constraint = constraint
    self.seed = seed
    self.part = part
    self.question = question
    self.choices = choices
    self.right = place
  }
}

extension RandomNumbers {
  /// `count` different items, in an order that is drawn.
  mutating func draw<Item>(_ count: Int, from items: [Item]) -> [Item] {
    precondition(count <= items.count)
    return Array(items.shuffled(using: &self).prefix(count))
  }

  /// Apart for each question of a quiz: what one draws shifts no other's numbers.
  init(quiz scenario: String, _ constraint: String, _ part: QuizItem.Part, seed: UInt64) {
    self.init(seed: seed, stream: Self.stream(named: "\(scenario) \(constraint) \(part.rawValue)"))
  }
}
