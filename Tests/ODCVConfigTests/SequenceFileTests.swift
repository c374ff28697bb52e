import ODCVConfig
import ODCVCore
import Testing

/// Signals, sequences, claims, clocks and modes of a cell file.
@Suite struct SequenceFileTests {
  private static let cell = "cells/e01.yaml"

  private func load(_ edits: [(String, String)]) throws -> LoadedConfiguration {
    var files = try Shipped.files()
    let index = try #require(files.firstIndex { $0.name == Self.cell })
    var text = String(decoding: files[index].bytes, as: UTF8.self)
    for (old, new) in edits {
      try #require(text.contains(old))
      text = text.replacing(old, with: new)
    }
    files[index].bytes = Array(text.utf8)
    return try LoadedConfiguration.load(attachments: files)
  }

  private static let signals = ("signals: {}", "signals: {door: {from: perception, max_age_s: 0.5}}")
  private static let zone = (
    "zones: {}", "zones: {socket: {kind: region, box: {center_m: [0.5, 0, 0.1], size_m: [0.1, 0.1, 0.1]}}}"
  )

  @Test func whatIsDeclaredArrives() throws {
    let cell = try load([
      Self.signals, Self.zone,
      (
        "sequences: {}",
        """
        sequences:
          door closed: {kind: interlock, signal: door}
          tare: {kind: check_before_move, signal: door, zone: socket, valid_s: 60, each_move: true}
        """
      ),
      (
        "claims: {}",
        """
        claims:
          part: {claim: grasped, evidence: {gripper: {least_m: 0.01, greatest_m: 0.04}}, within_s: 0.5}
          done: {claim: terminated, evidence: {signal: {name: door}}, within_s: 1}
          inserted: {claim: success, least_fraction: 0.9, evidence: {force: {least_n: 5}}, within_s: 0}
        """
      ),
    ]).core.cell
    #expect(cell.sequences.map(\.name) == ["door closed", "tare"])
    #expect(cell.sequences[0].zone == nil && cell.sequences[1].zone == 0)
    guard case .event(valid: 60, eachMove: true) = cell.sequences[1].kind, case .interlock = cell.sequences[0].kind else {
      Issue.record("\(cell.sequences)")
      return
    }
    #expect(cell.claims.map(\.within) == [0.5, 1, 0])
    #expect(cell.signals.map(\.maxAge) == [0.5])
    #expect(cell.automaticModes == [1] && cell.heartbeats.count == 1 && cell.clocks.count == 2)
  }

  static let mistakes: [(edits: [(String, String)], says: String)] = [
    ([("signals: {}", "signals: {door: {from: controller, max_age_s: 1}}")], "controller"),
    ([("sequences: {}", "sequences: {a: {kind: interlock, signal: door}}")], "none of the cell's `signals`"),
    ([signals, ("sequences: {}", "sequences: {a: {kind: interlock}}")], "no signal is named"),
    ([signals, ("sequences: {}", "sequences: {a: {kind: interlock, signal: door, zone: x}}")], "none of the cell's `zones`"),
    ([signals, ("sequences: {}", "sequences: {a: {kind: check_before_move, signal: door, each_move: true}}")], "valid_s"),
    (
      [("claims: {}", "claims: {a: {claim: grasped, evidence: {gripper: {least_m: 2, greatest_m: 1}}, within_s: 1}}")],
      "above `greatest_m`"
    ),
    ([("claims: {}", "claims: {a: {claim: grasped, evidence: {hope: {}}, within_s: 1}}")], "can be evidence"),
    ([("clocks: {state: simulated,", "clocks: {state: sundial,")], "is no clock"),
    ([("clocks: {state: simulated,", "clocks: {mood: simulated,")], "sends no stamped messages"),
    ([("clocks: {state: simulated, cell-camera: simulated}", "clocks: {}")], "`source_time` is not declared"),
    ([("automatic_modes: [1]", "automatic_modes: [1.5]")], "is no mode"),
    ([("automatic_modes: [1]", "automatic_modes: []")], "`mode` is not declared"),
    ([("not_measured:\n", "not_measured:\n  mode: {reason: none, by: me}\n")], "remove one of them"),
    ([("driver: {max_age_s", "dog: {max_age_s")], "is no source"),
    ([(", coverage: [{center_m: [0, 0, 0.75], size_m: [6, 6, 4]}]", ", coverage: []")], "covers nothing"),
  ]

  @Test(arguments: 0..<mistakes.count) func aMistakeRefusesToLoad(index: Int) throws {
    let mistake = Self.mistakes[index]
    let error = #expect(throws: ConfigError.self) { try load(mistake.edits) }
    let text = try #require(error?.description)
    #expect(text.contains(mistake.says), "\(text)")
    #expect(text.hasPrefix("cells/e01.yaml:"))
  }

  @Test func whatHoldsOnMayOnlyBeLengthened() throws {
    func load(_ first: String, _ second: String) throws -> LoadedConfiguration {
      var files = try Shipped.files()
      let index = try #require(files.firstIndex { $0.name == "monitor.yaml" })
      files[index].bytes = Array(
        String(decoding: files[index].bytes, as: UTF8.self)
          .replacing("rules: [rules/site.yaml]", with: "rules: [rules/site.yaml, rules/robot.yaml, rules/task.yaml]").utf8)
      for (name, text) in [("robot", first), ("task", second)] {
        files.append(
          ConfigurationFile(
            name: "rules/\(name).yaml",
            bytes: Array("version: 1\nlayer: \(name)\nrules: {zone.speed: {clear_after_s: \(text), source: made up}}\n".utf8)))
      }
      return try LoadedConfiguration.load(attachments: files)
    }
    #expect(try load("0.5", "1").core.limits.clearAfter(.zoneSpeed) == 1)
    let error = #expect(throws: ConfigError.self) { try load("0.5", "0.4") }
    #expect(try #require(error?.description).contains("may only tighten"))
  }
}
