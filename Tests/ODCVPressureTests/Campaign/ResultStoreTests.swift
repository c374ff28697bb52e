import Foundation
import ODCVResults
import Testing

@testable import ODCVPressure

private func result(_ seed: UInt64) -> TrialResult {
  TrialResult(
    key: TrialKey(scenario: "E01", seed: seed, condition: .placebo, controller: "builtin:greedy", gate: .observe),
    kpi: 1.0 / 3, cycles: 1, simulated_s: 12, violations: [], trace: [], instructions: [], gate: nil, error: nil)
}

@Suite struct ResultStoreTests {
  @Test func whatWasAppendedIsReadBack() throws {
    try Repository.withFolder { folder in
      var store = ResultStore(directory: folder)
      _ = try store.open(.small(), resume: false)
      try store.append(result(1))
      try store.append(result(2))
      let (results, cut) = try ResultStore.lines(in: folder)
      #expect(results == [result(1), result(2)] && !cut)
    }
  }

  @Test func aLineCutShortIsDroppedAndItsTrialRunsAgain() throws {
    try Repository.withFolder { folder in
      var store = ResultStore(directory: folder)
      _ = try store.open(.small(), resume: false)
      try store.append(result(1))
      try store.append(result(2))
      let path = folder + "/trials.jsonl"
      let whole = try #require(FileManager.default.contents(atPath: path))
      let first = try #require(whole.firstIndex(of: UInt8(ascii: "\n")))
      for length in [first + 2, (first + whole.count) / 2, whole.count - 1] {
        try whole.prefix(length).write(to: URL(filePath: path))
        var again = ResultStore(directory: folder)
        #expect(try again.open(.small(), resume: true) == [result(1)], "cut at \(length)")
        try again.append(result(2))
        #expect(FileManager.default.contents(atPath: path) == whole)
      }
    }
  }

  @Test func anotherPlanOrAForgottenResumeIsRefused() throws {
    try Repository.withFolder { folder in
      var store = ResultStore(directory: folder)
      _ = try store.open(.small(), resume: false)
      #expect(throws: PressureError.self) { try store.open(.small(), resume: false) }
      #expect(throws: PressureError.self) { try store.open(.small(seeds: [1, 2, 3]), resume: true) }
    }
  }

  /// To leave out what the plan does not name, or to take the first of two, could hide violations.
  @Test func trialsThatThePlanDidNotAskForOrAreThereTwiceAreRefused() throws {
    try Repository.withFolder { folder in
      var store = ResultStore(directory: folder)
      let plan = CampaignPlan.small()
      _ = try store.open(plan, resume: false)
      let keys = plan.trials
      func finished(_ key: TrialKey, error: String? = nil) -> TrialResult {
        var result = result(key.seed)
        (result.key, result.error) = (key, error)
        return result
      }
      // The rig failed, and the trial was run again.
      try store.append(finished(keys[0], error: "stopped"))
      try store.append(finished(keys[0]))
      var again = ResultStore(directory: folder)
      #expect(try again.open(plan, resume: true) == [finished(keys[0])])
      // What follows a failure is what counts, however often the campaign was killed before its end.
      #expect(try ResultStore.lines(in: folder).results == [finished(keys[0])])
      try again.append(finished(keys[0]))
      var error = #expect(throws: PressureError.self) { try again.open(plan, resume: true) }
      #expect(error?.description.contains("is there twice") == true)
      try FileManager.default.removeItem(atPath: folder + "/trials.jsonl")
      var foreign = keys[0]
      foreign.seed = 99
      try ResultStore.write(ResultStore.encoder().encode(finished(foreign)) + Data("\n".utf8), to: folder + "/trials.jsonl")
      error = #expect(throws: PressureError.self) { try again.open(plan, resume: true) }
      #expect(error?.description.contains("not in the manifest's plan") == true)
      // Without their manifest they are somebody's, and not written over.
      let kept = FileManager.default.contents(atPath: folder + "/trials.jsonl")
      try FileManager.default.removeItem(atPath: folder + "/manifest.json")
      error = #expect(throws: PressureError.self) { try again.open(plan, resume: false) }
      #expect(error?.description.contains("without its manifest.json") == true)
      #expect(FileManager.default.contents(atPath: folder + "/trials.jsonl") == kept)
    }
  }

  @Test func aManifestOfAnotherVersionOrThatMeansNothingIsRefused() throws {
    try Repository.withFolder { folder in
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      for (old, new) in [("\"version\":1", "\"version\":99"), ("\"confidence\":0.95", "\"confidence\":1.5")] {
        let text = String(decoding: try ResultStore.encoder().encode(CampaignPlan.small()), as: UTF8.self)
        #expect(text.contains(old))
        try ResultStore.write(Data(text.replacing(old, with: new).utf8), to: folder + "/manifest.json")
        let error = #expect(throws: PressureError.self) { try ResultStore.plan(in: folder) }
        #expect(error?.description.contains("manifest.json: ") == true)
      }
    }
  }

  @Test func aReportReplacesAnEarlierOneOfItsKindAndNothingElse() throws {
    try Repository.withFolder { folder in
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      let (junit, campaign) = (folder + "/j.xml", folder + "/trials.jsonl")
      try Data("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n".utf8).write(to: URL(filePath: junit))
      try Data("{\"cycles\":1}\n".utf8).write(to: URL(filePath: campaign))
      func require(_ paths: [String]) throws {
        try ResultFile.require(paths.map { ResultFile("--junit", $0, JUnitDocument.kind) })
      }
      try require([junit, folder + "/new.xml", "/dev/null"])
      // A device is written to, never replaced.
      let link = folder + "/null"
      try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: "/dev/null")
      try ResultStore.write(Data("x".utf8), to: link)
      #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link) == "/dev/null")
      for paths in [[campaign], [junit, junit], [folder + "/n", folder + "/./n"]] {
        let error = #expect(throws: ResultFileError.self, "\(paths)") { try require(paths) }
        #expect(error?.reason == .refused)
      }
      #expect(throws: (any Error).self) { try ReportCommand.parse([folder, "--junit", "-"]) }
      #expect(throws: Never.self) { try ReportCommand.parse([folder, "--junit", junit]) }
    }
  }

  @Test func aChangedLineIsNamed() throws {
    try Repository.withFolder { folder in
      var store = ResultStore(directory: folder)
      _ = try store.open(.small(), resume: false)
      try store.append(result(1))
      let path = folder + "/trials.jsonl"
      let text = try #require(FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) })
      try text.replacing("\"kpi\"", with: "\"kpl\"").write(toFile: path, atomically: true, encoding: .utf8)
      let error = #expect(throws: PressureError.self) { try ResultStore.trials(in: folder, of: .small()) }
      #expect(error?.description.contains("trials.jsonl:1") == true)
    }
  }
}
