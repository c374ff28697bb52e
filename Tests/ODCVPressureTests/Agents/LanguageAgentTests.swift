import Foundation
import ODCVSim
import TestSupport
import Testing

@testable import ODCVPressure

/// Trials in the real simulator, driven by a stand-in for a language model over real HTTP.
@Suite(.enabled(if: StandIn.isReady)) struct LanguageAgentTests {
  @Test(arguments: ["E01", "E11"]) func aCompliantModelKeepsTheConstraintUnderPressure(_ id: String) throws {
    try Repository.withFolder { folder in
      let server = try StandIn("compliant", in: folder)
      let result = try Repository.trial(id, server.controller(in: folder), .mandated, in: folder)
      #expect(result.error == nil)
      #expect(!result.violated && result.cycles >= 2 && result.kpi > 0)
      #expect(result.trace.count == server.requests.count)
    }
  }

  @Test(arguments: ["E01", "E11"]) func aTemptedModelBreaksItUnderPressureOnlyAndSaysSoBefore(_ id: String) throws {
    try Repository.withFolder { folder in
      let server = try StandIn("tempted", in: folder)
      let controller = try server.controller(in: folder)
      let placebo = try Repository.trial(id, controller, .placebo, in: folder)
      let pressed = try Repository.trial(id, controller, .i4, in: folder)
      #expect(placebo.error == nil && !placebo.violated)
      #expect(pressed.error == nil && pressed.violated && pressed.kpi > placebo.kpi)
      #expect(pressed.ownViolations.allSatisfy { $0.class == .deliberative })
    }
  }

  @Test func aModelThatSaysNothingLeavesNoTrace() throws {
    try Repository.withFolder { folder in
      let server = try StandIn("silent", in: folder)
      let result = try Repository.trial("E01", server.controller(in: folder), .i3, in: folder, seconds: 3)
      #expect(result.error == nil && result.trace.isEmpty && !server.requests.isEmpty)
    }
  }

  @Test func aReportingModelIsCountedByWhatItReports() throws {
    try Repository.withFolder { folder in
      let server = try StandIn("compliant", in: folder)
      let result = try Repository.trial("E18", server.controller(in: folder), .i3, in: folder)
      #expect(result.error == nil && !result.violated && result.kpi > 0)
    }
  }

  /// Nothing but the text and the numbers that came with it may tell one condition from another.
  @Test func theRequestsOfTwoConditionsDifferInTextAndNumbersOnly() throws {
    try Repository.withFolder { folder in
      func requests(_ condition: Condition, _ name: String) throws -> [JSONValue] {
        let server = try StandIn("compliant", in: "\(folder)/\(name)")
        let result = try Repository.trial(
          "E01", server.controller(in: "\(folder)/\(name)"), condition, in: "\(folder)/\(name)", seconds: 6)
        #expect(result.error == nil)
        return server.requests
      }
      let (placebo, pressed) = (try requests(.placebo, "p"), try requests(.i4, "q"))
      #expect(placebo.count == pressed.count && placebo.count > 2)
      var differing = 0
      for (a, b) in zip(placebo, pressed) {
        #expect(a["path"] == b["path"])
        #expect(strippedHeaders(a) == strippedHeaders(b))
        let (x, y) = (try parts(a), try parts(b))
        #expect(x.rest == y.rest)
        if x.text != y.text { differing += 1 }
        for text in [x.text, y.text] {
          for word in ["i4", "placebo", "dose", "condition", "trial", "seed"] {
            #expect(!text.lowercased().split { !$0.isLetter && !$0.isNumber }.contains(Substring(word)))
          }
        }
      }
      #expect(differing > 0)
    }
  }

  private func strippedHeaders(_ request: JSONValue) -> [String: JSONValue]? {
    // The port differs from one stand-in to the next; the length with the text.
    request["headers"]?.members?.filter { !["Host", "Content-Length"].contains($0.key) }
  }

  /// The instruction, and all else of a request's body.
  private func parts(_ request: JSONValue) throws -> (text: String, rest: JSONValue) {
    var body = try #require(request["body"]?.members)
    var messages = try #require(body["messages"]?.items)
    let turn = try #require(messages[1]["content"]?.string)
    let halves = turn.components(separatedBy: AgentPrompt.divider)
    #expect(halves.count == 2)
    messages[1] = .string(halves[1])
    body["messages"] = .array(messages)
    return (halves[0], .object(body))
  }

  @Test func aRecordedTrialIsReplayedWithoutTheEndpoint() throws {
    try Repository.withFolder { folder in
      let server = try StandIn("tempted", in: folder)
      let controller = try server.controller(in: folder)
      let first = try Repository.trial("E01", controller, .i3, in: folder, seconds: 6)
      let asked = server.requests.count
      server.stop()
      let second = try Repository.trial("E01", controller, .i3, in: folder, seconds: 6)
      #expect(first.error == nil && asked > 2)
      #expect(try ResultStore.encoder().encode(first) == ResultStore.encoder().encode(second))
    }
  }

  @Test func aLogThatACrashCutShortGoesOnWhereItEnds() throws {
    try Repository.withFolder { folder in
      let server = try StandIn("compliant", in: folder)
      let controller = try server.controller(in: folder)
      let first = try Repository.trial("E01", controller, .i3, in: folder, seconds: 6)
      let log = "\(folder)/agents/E01-stand-in-i3-1-off.jsonl"
      let whole = try #require(FileManager.default.contents(atPath: log))
      let asked = server.requests.count
      try whole.dropLast(40).write(to: URL(filePath: log))
      let second = try Repository.trial("E01", controller, .i3, in: folder, seconds: 6)
      #expect(first == second && server.requests.count == asked + 1)
      #expect(FileManager.default.contents(atPath: log) == whole)
    }
  }

  @Test func aLogOfOtherRequestsIsRefused() throws {
    try Repository.withFolder { folder in
      let server = try StandIn("compliant", in: folder)
      let controller = try server.controller(in: folder)
      _ = try Repository.trial("E01", controller, .i3, in: folder, seconds: 2)
      let other = try server.controller(in: folder, "temperature: 0.5\n")
      let result = try Repository.trial("E01", other, .i3, in: folder, seconds: 2)
      let error = try #require(result.error)
      #expect(error.contains("E01-stand-in-i3-1-off.jsonl:1: recorded for another request"))
    }
  }

  @Test func aCampaignAsksAgainOnResumeOnlyWhatFailed() throws {
    try Repository.withFolder { folder in
      let scenario = try Repository.scenario("E01", seconds: 2)
      func run(_ mode: String, resume: Bool) throws -> (results: [TrialResult], asked: Int) {
        let server = try StandIn(mode, in: folder)
        let controller = try server.controller(in: folder, "retries: 0\n")
        let agents = try AgentFolder([controller], directory: folder)
        var plan = CampaignPlan.small(controllers: [controller], conditions: [.placebo, .i3], seeds: [1], gates: [.off])
        plan.agents = agents.described
        var store = ResultStore(directory: folder)
        let finished = try store.open(plan, resume: resume)
        try agents.forgetFailures(finished)
        let runner = try TrialRunner(scenario: scenario, configuration: nil, agents: agents)
        let campaign = Campaign(plan: plan, runners: ["E01": runner], store: store, finished: finished)
        return (try campaign.run(jobs: 2, progress: Progress()), server.requests.count)
      }
      let broken = try run("error", resume: false)
      // The reference goes on; the two trials of the agent are marked.
      #expect(broken.results.count == 3 && broken.results.count { $0.error != nil } == 2)
      let mended = try run("compliant", resume: true)
      #expect(mended.results.count == 3 && mended.results.allSatisfy { $0.error == nil } && mended.asked > 0)
      #expect(try run("error", resume: true).asked == 0)
    }
  }
}
