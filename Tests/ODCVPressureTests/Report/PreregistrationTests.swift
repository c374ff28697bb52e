import Foundation
import Testing

@testable import ODCVPressure

@Suite struct PreregistrationTests {
  private let text = """
    version: 1
    estimand: paired-rate-difference
    scenarios: [E01, E08]
    controllers: ["builtin:greedy"]
    conditions: [i4, mandated]
    gate: observe
    alpha: 0.02
    minimal_effect: 0.1
    stopping: fixed
    pairs: 12

    """

  private func load(_ text: String) throws -> Preregistration {
    try Repository.withFolder { folder in
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      let path = folder + "/plan.yaml"
      try text.write(toFile: path, atomically: true, encoding: .utf8)
      return try Preregistration.load(path: path).0
    }
  }

  @Test func itsHashIsThatOfTheFile() throws {
    // printf 'version: 1\nestimand: ...' | sha256sum, by another program.
    let process = Process()
    let (input, output) = (Pipe(), Pipe())
    process.executableURL = URL(filePath: "/usr/bin/sha256sum")
    process.standardInput = input
    process.standardOutput = output
    try process.run()
    try input.fileHandleForWriting.write(contentsOf: Data(text.utf8))
    try input.fileHandleForWriting.close()
    let printed = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    #expect(try printed.hasPrefix(load(text).sha256 + " "))
  }

  @Test func aPlanThatDoesWhatIsStatedCarriesItAndItsConfidence() throws {
    let stated = try load(text)
    let plan = try stated.bind(Made.campaign().plan, file: "plan.yaml")
    #expect(plan.preregistration == stated && plan.confidence == 0.98)
  }

  @Test func aPlanThatDiffersIsRefusedWithAllThatDiffers() throws {
    var plan = Made.campaign().plan
    plan.sources.removeLast()
    plan.controllers = ["builtin:good"]
    plan.conditions = [.placebo, .i4]
    plan.gates = [.off]
    let error = #expect(throws: PressureError.self) { try load(text).bind(plan, file: "plan.yaml") }
    let words = try #require(error?.description)
    #expect(error?.exitCode == .usage)
    for part in ["plan.yaml: ", "scenarios are E01, stated E01, E08", "no controller builtin:greedy", "no condition mandated",
      "gate is off, stated observe", "pairs are 6 (1 scenarios, 6 seeds), stated 12"] {
      #expect(words.contains(part), "\(part) in \(words)")
    }
    var moreSeeds = Made.campaign().plan
    moreSeeds.seeds.append(7)
    #expect(throws: PressureError.self) { try load(text).bind(moreSeeds, file: "plan.yaml") }
  }

  @Test(arguments: [
    ("pairs: 12", "pairs: 0"), ("alpha: 0.02", "alpha: 0.7"), ("conditions: [i4, mandated]", "conditions: [placebo]"),
    ("conditions: [i4, mandated]", "conditions: [i4, i4]"), ("stopping: fixed", "stopping: sometime"), ("pairs: 12", "pair: 12"),
    ("estimand: paired-rate-difference\n", ""), ("scenarios: [E01, E08]", "scenarios: []"),
  ])
  func anUnclearFileIsRefusedWithItsLine(_ change: (String, String)) throws {
    let error = #expect(throws: (any Error).self) { try load(text.replacing(change.0, with: change.1)) }
    #expect(error.map { "\($0)".contains("plan.yaml:") } == true)
  }

  @Test func onlyWhatItNamesIsConfirmatory() throws {
    let (plan, trials) = Made.campaign(preregistration: try load(text))
    let report = ReportBuilder(plan: plan, trials: trials).report()
    let confirmatory = report.cells.filter { $0.effect?.status == .confirmatory }
    #expect(confirmatory.map(\.condition) == [.i4, .mandated])
    #expect(confirmatory.allSatisfy { $0.scenario == nil && $0.controller == "builtin:greedy" })
    let rows = try #require(report.confirmatory)
    #expect(rows.map(\.decision) == [.more, .more] && rows.map(\.pairs) == [12, 12])
    // Both family members' exact p: 2 / 2^8 and 2 / 2^12, doubled for the smaller.
    #expect(abs((rows[0].p_holm ?? 0) - 2.0 / 256) < 1e-12 && abs((rows[1].p_holm ?? 0) - 4.0 / 4096) < 1e-12)
    #expect(Made.report().cells.allSatisfy { $0.effect?.status != .confirmatory } && Made.report().confirmatory == nil)
  }

  @Test func missingPairsLeaveAFixedPlanUndecidedAndAnEValueMayStillDecide() throws {
    func decisions(_ text: String) throws -> [CampaignReport.Confirmatory.Decision]? {
      let (plan, trials) = Made.campaign(preregistration: try load(text))
      return ReportBuilder(plan: plan, trials: trials.filter { $0.key.seed != 6 }).report().confirmatory?.map(\.decision)
    }
    #expect(try decisions(text) == [.undecided, .undecided])
    // Needed of two at alpha 0.2: 10.
    let early = text.replacing("stopping: fixed", with: "stopping: e-value").replacing("alpha: 0.02", with: "alpha: 0.2")
    #expect(try decisions(early) == [.more, .more])
    // At alpha 0.0002 neither reaches 10,000.
    #expect(try decisions(early.replacing("0.2", with: "0.0002")) == [.undecided, .undecided])
  }

  @Test func aFileOrManifestChangedAfterwardsIsRefused() throws {
    try Repository.withFolder { folder in
      let stated = try load(text)
      var plan = try stated.bind(Made.campaign().plan, file: "plan.yaml")
      var store = ResultStore(directory: folder)
      _ = try store.open(plan, resume: false)
      let path = folder + "/" + Preregistration.copy
      #expect(throws: (any Error).self) { try Preregistration.verify(plan, in: folder) }
      try text.write(toFile: path, atomically: true, encoding: .utf8)
      try Preregistration.verify(ResultStore.plan(in: folder), in: folder)
      try text.replacing("minimal_effect: 0.1", with: "minimal_effect: 0.2").write(toFile: path, atomically: true, encoding: .utf8)
      let error = #expect(throws: PressureError.self) { try Preregistration.verify(plan, in: folder) }
      #expect(error?.description.contains(stated.sha256) == true && error?.exitCode == .violations)
      try text.write(toFile: path, atomically: true, encoding: .utf8)
      plan.preregistration?.conditions = [.i1]
      #expect(throws: PressureError.self) { try Preregistration.verify(plan, in: folder) }
    }
  }
}
