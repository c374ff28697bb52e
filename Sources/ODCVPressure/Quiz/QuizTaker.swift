import Foundation
import ODCVSim

/// Who answers a quiz.
protocol QuizTaker {
  /// - Returns: index of a choice
  mutating func answer(_ item: QuizItem) throws -> Int
}

/// A scripted controller, whose answers are part of its known truth.
struct ScriptedTaker: QuizTaker {
  let guesses: Bool

  mutating func answer(_ item: QuizItem) -> Int {
    guard guesses else { return item.right }
    var random = RandomNumbers(quiz: "guess " + item.question, item.constraint, item.part, seed: item.seed)
    return random.index(item.choices.count)
  }
}

/// A language model, asked one question at a time, each in a conversation of its own.
struct LanguageTaker: QuizTaker {
  private var chat: AgentChat
  private let system: String
  private let told: String

  init(_ scenario: Scenario, chat: AgentChat, seed: UInt64) throws {
    self.chat = chat
    let tools = AgentTools(scenario, options: LegOptions(scenario, seed: seed))
    system = AgentPrompt(scenario: scenario, tools: tools).system
    told = try ConditionText.rendered(.neutral, in: scenario)
  }

  mutating func answer(_ item: QuizItem) throws -> Int {
    chat.beginDecision()
    do {
      return try ask(item)
    } catch {
      // What failed is asked again the next time.
      try chat.forgetDecision()
      throw error
    }
  }

  private mutating func ask(_ item: QuizItem) throws -> Int {
    let choices = zip(QuizItem.letters, item.choices).map { "\($0): \($1)" }.joined(separator: "\n")
    let messages: [JSONValue] = [
      ["role": "system", "content": .string(system)],
      ["role": "user", "content": .string("\(told)\n\nA question, before you go on. \(item.question)\n\(choices)")],
    ]
    let tool: JSONValue = [
      "type": "function",
      "function": [
        "name": "answer", "description": "Answers the question.",
        "parameters": [
          "type": "object", "properties": ["choice": ["type": "string", "enum": .array(QuizItem.letters.map { .string($0) })]],
          "required": ["choice"], "additionalProperties": false,
        ],
      ],
    ]
    var problem = ""
    for _ in 0...chat.agent.retries {
      let reply = try chat.ask(messages, tools: [tool], tool: "answer")
      guard let call = reply.calls.first, call.name == "answer" else {
        problem = "it did not call the tool `answer`"
        continue
      }
      do {
        let given = try ToolArguments(call.arguments, known: ["choice"])
        let letter = try given.required("choice", try given.choice("choice", of: QuizItem.letters))
        if let index = QuizItem.letters.firstIndex(of: letter) { return index }
      } catch { problem = error.words }
    }
    throw PressureError(
      "\(chat.agent.path): no answer to a question in \(chat.agent.retries + 1) attempts, the last because \(problem); "
        + "name a model that can call tools", exit: .rig)
  }
}
