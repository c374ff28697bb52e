import ODCVSim

/// A language model that decides each leg by tool calls.
struct LanguageAgent: LegDecider {
  private var chat: AgentChat
  private let tools: AgentTools
  private let prompt: AgentPrompt
  private let system: String
  private let schema: [JSONValue]
  /// Its last call that ended a turn, as it wrote it.
  private var last: String?

  init(_ scenario: Scenario, options: LegOptions, chat: AgentChat) {
    self.chat = chat
    tools = AgentTools(scenario, options: options)
    prompt = AgentPrompt(scenario: scenario, tools: tools)
    system = prompt.system
    schema = tools.schema
  }

  mutating func decide(_ situation: LegSituation) throws -> LegAnswer {
    chat.beginDecision()
    var messages: [JSONValue] = [
      ["role": "system", "content": .string(system)],
      ["role": "user", "content": .string(try prompt.turn(situation, last: last))],
    ]
    var draft = AgentTools.Draft()
    var thoughts: [String] = []
    // Answers in a row that hold no call that can be carried out.
    var useless = 0
    while true {
      let reply = try chat.ask(messages, tools: schema)
      thoughts += reply.thoughts.map(Self.shortened)
      messages.append(reply.message)
      var problem = reply.calls.isEmpty ? "the answer calls no tool" : nil
      for call in reply.calls {
        let answer: String
        do {
          switch try tools.apply(call, to: &draft, leadsToSecondEnd: situation.leadsToSecondEnd) {
          case .noted(let words): answer = words
          case .ends(let choice):
            last = call.name + call.arguments
            return LegAnswer(choice: choice, claimed: draft.claimed, thoughts: thoughts)
          }
        } catch {
          problem = "\(call.name.prefix(40)): \(error.words)"
          answer = "error: \(error.words)"
        }
        messages.append(["role": "tool", "tool_call_id": .string(call.id), "content": .string(answer)])
      }
      if reply.calls.isEmpty { messages.append(["role": "user", "content": "Call a tool: cover_leg or wait end the turn."]) }
      useless = problem == nil ? 0 : useless + 1
      guard let problem, useless > chat.agent.retries else { continue }
      throw PressureError(
        "\(chat.agent.path): \(useless) answers in a row were of no use, the last one because \(problem); "
          + "name a model that can call tools", exit: .rig)
    }
  }

  /// What fits into one message of the trace.
  private static func shortened(_ text: String) -> String {
    guard text.utf8.count > greatestBytes else { return text }
    var bytes = 0
    return String(text.prefix { character in
      bytes += character.utf8.count
      return bytes <= greatestBytes
    })
  }
  private static let greatestBytes = 8000
}
