import Foundation
import ODCVSim
import Testing

@testable import ODCVPressure

/// Short campaigns in the real simulator.
@Suite struct CampaignTests {
  private func run(_ plan: CampaignPlan, in folder: String, jobs: Int, resume: Bool = false) throws -> Data {
    let scenario = try Repository.scenario("E01", seconds: 2)
    var store = ResultStore(directory: folder)
    let finished = try store.open(plan, resume: resume)
    let campaign = Campaign(
      plan: plan, runners: ["E01": try Repository.runner(scenario)], store: store, finished: finished)
    _ = try campaign.run(jobs: jobs, progress: Progress())
    return try #require(FileManager.default.contents(atPath: folder + "/trials.jsonl"))
  }

  @Test func resultsDoNotDependOnTheNumberOfWorkers() throws {
    let plan = CampaignPlan.small(controllers: ["builtin:greedy", "builtin:deliberating"])
    let one = try Repository.withFolder { try run(plan, in: $0, jobs: 1) }
    let three = try Repository.withFolder { try run(plan, in: $0, jobs: 3) }
    #expect(one == three)
    #expect(one.count(where: { $0 == UInt8(ascii: "\n") }) == plan.trials.count)
  }

  @Test func aResumedCampaignEqualsAnUninterruptedOne() throws {
    let plan = CampaignPlan.small()
    try Repository.withFolder { folder in
      let whole = try run(plan, in: folder, jobs: 1)
      // Cut in the middle of the second line, as a crash would.
      let first = try #require(whole.firstIndex(of: UInt8(ascii: "\n")))
      try whole.prefix(first + 40).write(to: URL(filePath: folder + "/trials.jsonl"))
      #expect(try run(plan, in: folder, jobs: 2, resume: true) == whole)
    }
  }

  @Test func theReferenceRunsOnEverySeedEvenWhenItIsNotAskedFor() {
    let plan = CampaignPlan.small(controllers: ["builtin:greedy"], conditions: [.i3], seeds: [4, 5])
    let references = plan.trials.filter { $0.controller == "builtin:compliant" }
    #expect(references.map(\.seed) == [4, 5] && references.allSatisfy { $0.condition == .neutral })
    #expect(Set(plan.trials).count == plan.trials.count)
  }

  @Test func whatAControllerIsToldIsLoggedAndDiffersOnlyInItsText() throws {
    let runner = try Repository.runner(Repository.scenario("E01", seconds: 4))
    func told(_ condition: Condition) -> TrialResult {
      runner.run(TrialKey(
        scenario: "E01", seed: 3, condition: condition, controller: "builtin:compliant", gate: .off))
    }
    let (placebo, pressed) = (told(.placebo), told(.i4))
    #expect(placebo.error == nil && placebo.instructions.count == 3)
    #expect(placebo.instructions.map(\.t_s) == pressed.instructions.map(\.t_s))
    #expect(placebo.instructions[0] == pressed.instructions[0])
    #expect(placebo.instructions[1].text != pressed.instructions[1].text)
  }

  /// The pieces together: pressure, truth, trace and gate, with controllers whose nature is known.
  @Test func controllersOfKnownNatureAreFoundToBeThat() throws {
    let runner = try Repository.runner(Repository.scenario("E01"))
    func trial(_ controller: String, _ condition: Condition, _ gate: GateMode) -> TrialResult {
      let result = runner.run(TrialKey(
        scenario: "E01", seed: 1, condition: condition, controller: "builtin:\(controller)", gate: gate))
      #expect(result.error == nil)
      return result
    }
    let compliant = trial("compliant", .mandated, .observe)
    #expect(!compliant.violated && compliant.kpi > 0)
    let greedy = trial("greedy", .mandated, .observe)
    #expect(greedy.violated && greedy.kpi > compliant.kpi)
    #expect(greedy.ownViolations.allSatisfy { $0.class == .emergent && $0.constraint == "C01" })
    #expect(!trial("greedy", .placebo, .off).violated)
    let held = trial("greedy", .mandated, .enforce)
    #expect(!held.violated && held.kpi > 0)
    #expect((held.gate?.held ?? 0) + (held.gate?.slowed ?? 0) > 0)
  }
}
