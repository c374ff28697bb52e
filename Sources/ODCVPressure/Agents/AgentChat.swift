import Foundation
import ODCVConfig

/// Asks an endpoint for a model's next message, or takes the answer from the trial's log; within bounds.
struct AgentChat {
  /// What the model said.
  struct Reply: Equatable {
    struct Call: Equatable {
      var id: String
      var name: String
      /// As the model wrote them; maybe no JSON.
      var arguments: String
    }
    /// What it thought, then what it said; each may be absent.
    var thoughts: [String]
    var calls: [Call]
    /// The message itself, to be sent back in the conversation.
    var message: JSONValue
  }

  let agent: AgentFile
  private let client: EndpointClient?
  private var log: AgentLog
  private(set) var decision = -1

  /// Longest wait before another attempt, s, unless the endpoint asks for more; never more than the agent's `timeout_s`.
  private static let firstPause = 0.25

  /// - Parameter client: `nil`: only what is in the log is answered
  init(_ agent: AgentFile, client: EndpointClient?, log: AgentLog) {
    self.agent = agent
    self.client = client
    self.log = log
  }

  mutating func beginDecision() { decision += 1 }

  /// Drops what was recorded of the running decision.
  mutating func forgetDecision() throws { try log.drop(decision: decision) }

  /// - Parameter tool: the tool that the model has to call; `nil`: as it likes
  mutating func ask(_ messages: [JSONValue], tools: [JSONValue], tool: String? = nil) throws -> Reply {
    let choice: JSONValue = tool.map { ["type": "function", "function": ["name": .string($0)]] } ?? "auto"
    let request: JSONValue = [
      "model": .string(agent.model), "messages": .array(messages), "tools": .array(tools), "tool_choice": choice,
      "temperature": .number(agent.temperature), "max_tokens": .number(Double(agent.greatestTokens)), "stream": false,
    ]
    let body = try request.bytes()
    let hash = ScenarioFolder.hex(ConfigurationFile.sha256(body))
    var attempt = 0
    while true {
      let (entry, pause) = try exchange(body, hash, attempt)
      let problem: Problem
      do { return try Self.read(entry) } catch { problem = error }
      attempt += 1
      guard problem.mayPass, attempt <= agent.retries else {
        throw PressureError(
          "\(agent.path): \(problem.words) (attempt \(attempt), \(log.path):\(log.count)); \(problem.remedy)", exit: .rig)
      }
      if let pause { Thread.sleep(forTimeInterval: min(agent.timeout, pause)) }
    }
  }

  /// One exchange, and the s to wait before another: `nil` when it was replayed.
  private mutating func exchange(
    _ body: [UInt8], _ hash: String, _ attempt: Int
  ) throws -> (AgentLog.Entry, pause: Double?) {
    guard log.count < agent.greatestCalls else {
      throw PressureError(
        "\(agent.path): all \(agent.greatestCalls) requests of the trial are used; raise greatest_calls", exit: .rig)
    }
    if let entry = try log.replay(hash) { return (entry, nil) }
    guard let client else {
      throw PressureError("\(log.path): ends before the trial does; give the agent's endpoint to go on", exit: .rig)
    }
    let answer = try client.post(body)
    let entry = AgentLog.Entry(
      decision: decision, request_sha256: hash, status: answer.status, body: answer.failure == nil ? answer.body : nil,
      failure: answer.failure)
    try log.append(entry)
    return (entry, answer.retryAfter ?? Self.firstPause * Double(1 << min(attempt, 8)))
  }

  // MARK: - What came back

  /// Why an exchange gives no reply.
  struct Problem: Error {
    var words: String
    var remedy: String
    /// Another attempt may go better.
    var mayPass = true
  }

  /// The reply of an exchange, by what was recorded of it alone.
  static func read(_ entry: AgentLog.Entry) throws(Problem) -> Reply {
    if let failure = entry.failure {
      throw Problem(words: failure, remedy: "check that the endpoint runs and answers, then run again with --resume")
    }
    let body = entry.body ?? ""
    switch entry.status ?? 0 {
    case 200: break
    case 429:
      throw Problem(words: "the endpoint limits the rate (429)", remedy: "run fewer --jobs, or raise retries, and --resume")
    case 408, 500...599:
      throw Problem(
        words: "the endpoint answered \(entry.status ?? 0)\(excerpt(body))",
        remedy: "see the endpoint's own log, then run again with --resume")
    case 401, 403:
      throw Problem(
        words: "the endpoint refuses the key (\(entry.status ?? 0))",
        remedy: "put the right key into the variable that api_key_environment names", mayPass: false)
    case _:
      throw Problem(
        words: "the endpoint answered \(entry.status ?? 0)\(excerpt(body))", remedy: "check url and model", mayPass: false)
    }
    guard let value = JSONValue(body) else {
      throw nonsense("the answer is no JSON\(excerpt(body))")
    }
    guard let message = value["choices"]?[0]?["message"], message.members != nil else {
      throw nonsense("the answer has no choices[0].message\(excerpt(body))")
    }
    let thoughts = ["reasoning_content", "content"].compactMap { message[$0]?.string }.filter {
      !$0.trimmingPrefix(while: \.isWhitespace).isEmpty
    }
    let calls = try calls(message)
    return Reply(thoughts: thoughts, calls: calls, message: sent(message, calls))
  }

  private static func calls(_ message: JSONValue) throws(Problem) -> [Reply.Call] {
    guard let listed = message["tool_calls"], listed != .null else { return [] }
    guard let items = listed.items else { throw nonsense("tool_calls is no list") }
    var calls: [Reply.Call] = []
    for item in items {
      guard let id = item["id"]?.string, let name = item["function"]?["name"]?.string,
        let arguments = item["function"]?["arguments"]?.string
      else { throw nonsense("a tool call lacks its id, name or arguments as texts") }
      calls.append(Reply.Call(id: id, name: name, arguments: arguments))
    }
    return calls
  }

  /// Only what the interface knows goes back to the endpoint.
  private static func sent(_ message: JSONValue, _ calls: [Reply.Call]) -> JSONValue {
    var members: [String: JSONValue] = ["role": "assistant", "content": message["content"]?.string.map { .string($0) } ?? ""]
    if !calls.isEmpty {
      members["tool_calls"] = .array(
        calls.map { call in
          [
            "id": .string(call.id), "type": "function",
            "function": ["name": .string(call.name), "arguments": .string(call.arguments)],
          ]
        })
    }
    return .object(members)
  }

  private static func nonsense(_ words: String) -> Problem {
    Problem(words: words, remedy: "check that url and model name a chat model with tools, then run again with --resume")
  }

  private static func excerpt(_ body: String) -> String {
    body.isEmpty ? "" : ": " + body.prefix(160).replacing("\n", with: " ")
  }
}
