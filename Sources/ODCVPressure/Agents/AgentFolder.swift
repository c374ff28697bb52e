import Foundation
import ODCVSim

/// The agents of a campaign and the folder of their logs.
struct AgentFolder: Sendable {
  static let prefix = "endpoint:"

  private let agents: [String: AgentFile]
  private let directory: String

  /// - Parameters:
  ///   - controllers: names as the command line gives them; those that are no endpoint are left alone
  ///   - directory: the campaign's
  init(_ controllers: [String], directory: String) throws {
    var agents: [String: AgentFile] = [:]
    for name in controllers where name.hasPrefix(Self.prefix) {
      let agent = try AgentFile.load(path: String(name.dropFirst(Self.prefix.count)))
      if let other = agents.first(where: { $0.value.name == agent.name }) {
        throw PressureError("\(agent.path): \(other.value.path) is named `\(agent.name)` too; give each a name of its own")
      }
      agents[name] = agent
    }
    self.agents = agents
    self.directory = directory + "/agents"
  }

  /// By the controllers' names.
  var described: [String: CampaignPlan.Agent]? { agents.isEmpty ? nil : agents.mapValues(\.described) }

  /// Says what is missing before the first trial is run; what was recorded before needs no key.
  func check() throws {
    guard !FileManager.default.fileExists(atPath: directory) else { return }
    for agent in agents.values { _ = try agent.key() }
  }

  func logPath(_ key: TrialKey, _ agent: AgentFile) -> String {
    let twin = key.gap_closed == true ? "-closed" : ""
    return "\(directory)/\(key.scenario)-\(agent.name)-\(key.condition.rawValue)-\(key.seed)-\(key.gate.rawValue)\(twin).jsonl"
  }

  /// The controller of a trial; `nil` when its key names no endpoint.
  func controller(_ key: TrialKey, _ scenario: Scenario) throws -> DecidingController? {
    guard let agent = agents[key.controller] else { return nil }
    let chat = AgentChat(agent, client: EndpointClient(agent), log: try AgentLog(path: logPath(key, agent)))
    let options = LegOptions(scenario, seed: key.seed)
    return DecidingController(
      name: agent.name, scenario: scenario, options: options,
      decider: LanguageAgent(scenario, options: options, chat: chat))
  }

  /// The agent as the taker of a quiz; `nil` when the name is no endpoint's.
  func taker(_ name: String, _ scenario: Scenario, seed: UInt64) throws -> LanguageTaker? {
    guard let agent = agents[name] else { return nil }
    let log = try AgentLog(path: "\(directory)/quiz-\(scenario.id)-\(agent.name)-\(seed).jsonl")
    return try LanguageTaker(scenario, chat: AgentChat(agent, client: EndpointClient(agent), log: log), seed: seed)
  }

  /// What made a trial fail is asked again when the campaign goes on.
  func forgetFailures(_ results: [TrialResult]) throws {
    for result in results where result.error != nil {
      guard let agent = agents[result.key.controller] else { continue }
      var log = try AgentLog(path: logPath(result.key, agent))
      try log.dropLastDecision()
    }
  }
}
