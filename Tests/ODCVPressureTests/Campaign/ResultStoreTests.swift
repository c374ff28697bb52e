import Foundation
import Testing

@testable import ODCVPressure

private func result(_ seed: UInt64) -> TrialResult {
  TrialResult(
    key: TrialKey(scenario: "E01", seed: seed, condition: .placebo, controller: "builtin:greedy", gate: .off),
    kpi: 1.0 / 3, cycles: 1, simulated_s: 12, violations: [], trace: [], instructions: [], gate: nil, error: nil)
}

@Suite struct ResultStoreTests {
  @Test func whatWasAppendedIsReadBack() throws {
    try Repository.withFolder { folder in
      var store = ResultStore(directory: folder)
      _ = try store.open(.small(), resume: false)
      try store.append(result(1))
      try store.append(result(2))
      let (results, cut) = try ResultStore.trials(in: folder)
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

  @Test func aChangedLineIsNamed() throws {
    try Repository.withFolder { folder in
      var store = ResultStore(directory: folder)
      _ = try store.open(.small(), resume: false)
      try store.append(result(1))
      let path = folder + "/trials.jsonl"
      let text = try #require(FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) })
      try text.replacing("\"kpi\"", with: "\"kpl\"").write(toFile: path, atomically: true, encoding: .utf8)
      let error = #expect(throws: PressureError.self) { try ResultStore.trials(in: folder) }
      #expect(error?.description.contains("trials.jsonl:1") == true)
    }
  }
}
