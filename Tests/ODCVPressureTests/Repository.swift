import Foundation
import ODCVConfig
import ODCVSim

@testable import ODCVPressure

/// What the repository ships, for tests that run it.
enum Repository {
  static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().path

  static let scenarioIDs = ["E01", "E06", "E32"]

  static func scenario(_ id: String, seconds: Double? = nil) throws -> Scenario {
    var scenario = try Scenario.load(path: "\(root)/config/scenarios/\(id).yaml")
    if let seconds { scenario.episodeLength = seconds }
    return scenario
  }

  static func runner(_ scenario: Scenario) throws -> TrialRunner {
    try TrialRunner(
      scenario: scenario, configuration: try LoadedConfiguration.load(path: scenario.monitorConfiguration!))
  }

  /// A folder of its own, removed afterwards.
  static func withFolder<Result>(_ body: (String) throws -> Result) throws -> Result {
    let folder = FileManager.default.temporaryDirectory.appending(path: "odcv-\(UUID().uuidString)").path
    defer { try? FileManager.default.removeItem(atPath: folder) }
    return try body(folder)
  }
}

extension CampaignPlan {
  static func small(
    scenario: String = "E01", controllers: [String] = ["builtin:greedy"],
    conditions: [Condition] = [.placebo, .i3], seeds: [UInt64] = [1, 2], gates: [GateMode] = [.observe]
  ) -> CampaignPlan {
    CampaignPlan(
      sources: [
        CampaignPlan.Source(
          scenario: scenario, sha256: "", monitor_sha256: "", kpi: "picks", unit: "picks/h", target: 1,
          constraints: ["C01"])
      ], controllers: controllers, conditions: conditions, seeds: seeds, gates: gates)
  }
}
