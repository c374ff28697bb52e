import Foundation
import ODCVEvidence
import Testing

/// Recordings that no monitor made: written by PyPI mcap-ros2-support, judged by joint name, and refused with words. Run when
/// ODCV_PYTHON names an interpreter with the oracles' packages.
@Suite(.serialized, .enabled(if: ProcessInfo.processInfo.environment["ODCV_PYTHON"] != nil)) struct ForeignTests {
  private let directory: TemporaryDirectory
  private let configuration: TestConfiguration

  init() throws {
    directory = try TemporaryDirectory()
    // A bag has joints alone: what it lacks is declared, so that the rest can pass.
    let missing = ["people", "contact", "force", "source_time", "heartbeat", "mode", "tool_pose"].map {
      "  \($0): {reason: not in the bag, by: the tests}\n"
    }.joined()
    configuration = try TestConfiguration { name, text in
      guard name == "cells/e01.yaml" else { return text }
      var text = text.replacingOccurrences(of: "not_measured:\n", with: "not_measured:\n" + missing)
      text = text.replacingOccurrences(
        of: "clocks: {state: simulated, cell-camera: simulated}", with: "clocks: {}")
      text = text.replacingOccurrences(of: "heartbeats:\n  driver: {max_age_s: 1.0}", with: "heartbeats: {}")
      text = text.replacingOccurrences(of: "automatic_modes: [1]", with: "automatic_modes: []")
      let lines = text.components(separatedBy: "\n").map { $0.hasPrefix("  cell-camera:") ? "" : $0 }
      text = lines.joined(separator: "\n").replacingOccurrences(of: "people_sensors:\n", with: "people_sensors: {}\n")
      return text
    }
  }

  private func bag(_ arguments: [String]) throws -> String {
    let path = directory.path + "/\(UUID().uuidString).mcap"
    let process = Process()
    process.executableURL = URL(fileURLWithPath: ProcessInfo.processInfo.environment["ODCV_PYTHON"] ?? "")
    process.arguments = [Package.root + "/Tests/oracles/ros2_recording.py", "arm", path] + arguments
    try process.run()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    return path
  }

  private func check(_ bag: String, _ arguments: [String] = []) throws -> (status: Int32, result: [String: Any], text: String) {
    let run = try odcvMonitor(["check", bag, "--config", configuration.path, "--json", "-"] + arguments)
    let result = run.status == 2 ? [:] : try RecordedRun.result(run.output)
    return (run.status, result, run.output + run.error)
  }

  private func count(_ result: [String: Any], _ rule: String, _ key: String) -> Int {
    ((result["rules"] as? [String: [String: Any]])?[rule]?[key] as? Int) ?? -1
  }

  @Test func aQuietArmPassesAndIsMarkedAsJudgedByNobodyLive() throws {
    let checked = try check(try bag([]), ["--digest"])
    #expect(checked.status == 0, "\(checked.text)")
    #expect(checked.result["judged_live"] as? Bool == false)
    let foreign = try #require(checked.result["foreign"] as? [String: Any])
    #expect(foreign["profile"] as? String == "ros2" && foreign["state_topic"] as? String == "/joint_states")
    #expect(foreign["states"] as? Int == 400 && foreign["trajectories"] as? Int == 1 && foreign["refused"] as? Int == 0)
    // Half a second of trajectory at the cell's 20 ms.
    #expect(foreign["commands"] as? Int == 25 && checked.result["commands"] as? Int == 25)
    #expect(count(checked.result, "clearance.static", "evaluated") > 400)
    #expect(count(checked.result, "motion.jump", "violation_certain") == 0, "a trajectory is no step")
    let again = try check(try bag([]), ["--digest"])
    let digest = try #require(checked.result["verdict_blake2b"] as? String)
    #expect(again.result["verdict_blake2b"] as? String == digest)
    let words = try odcvMonitor(["check", try bag([]), "--config", configuration.path])
    #expect(words.output.contains("FOREIGN: no monitor saw this"), "\(words.output)")
  }

  /// The joint that moves is found by its name: the same motion under another name breaks another joint's limit.
  @Test func aTrajectoryBeyondALimitIsAViolationOfThatJoint() throws {
    let checked = try check(try bag(["--target", "2.9"]))
    #expect(checked.status == 1, "\(checked.text)")
    #expect(count(checked.result, "motion.velocity", "violation_certain") > 0)
    let worst = (checked.result["rules"] as? [String: [String: Any]])?["motion.velocity"]?["worst_index"] as? Int
    #expect((worst ?? 0) > 100)
  }

  @Test(arguments: [
    ("nan", "not finite"), ("missing", "lacks `panda_joint7`"), ("lengths", "positions and"),
    ("duplicate", "names `panda_joint1` more than once"), ("no-velocity", "0 velocities; odcv needs both"),
  ])
  func whatCantBeBelievedIsUnknownAndSaidInWords(fault: String, part: String) throws {
    let checked = try check(try bag(["--fault", fault]))
    #expect(checked.status == 3 || checked.status == 1, "\(fault): \(checked.status)")
    let foreign = try #require(checked.result["foreign"] as? [String: Any])
    #expect((foreign["refused"] as? Int ?? 0) > 0)
    let remarks = (foreign["remarks"] as? [[String: Any]] ?? []).compactMap { $0["text"] as? String }
    #expect(remarks.contains { $0.contains(part) }, "\(fault): \(remarks)")
    #expect(count(checked.result, "integrity.schema", "unknown") + count(checked.result, "integrity.schema", "violation_certain") > 0
      || (checked.result["unknown_at_start"] as? Int ?? 0) > 0)
  }

  @Test func aGapIsStaleAndACutFileIncomplete() throws {
    let gap = try check(try bag(["--fault", "gap"]))
    #expect(gap.status == 3 && count(gap.result, "integrity.stale", "violation_certain") + count(gap.result, "integrity.stale", "unknown") > 0
      || gap.status == 1, "\(gap.text)")
    let cut = try check(try bag(["--fault", "cut"]))
    #expect(cut.status == 3 || cut.status == 1)
    #expect((cut.result["gaps"] as? [String] ?? []).contains { $0.contains("cut off") || $0.contains("not closed") }, "\(cut.text)")
  }

  @Test func whatIsAmbiguousOrUnnamedEndsWithTwoAndSaysHowToSayIt() throws {
    let two = try bag(["--fault", "two-topics"])
    let ambiguous = try check(two)
    #expect(ambiguous.status == 2 && ambiguous.text.contains("--state-topic"), "\(ambiguous.text)")
    let named = try check(two, ["--state-topic", "/joint_states", "--action-topic", "/commanded"])
    #expect((named.result["foreign"] as? [String: Any])?["commands"] as? Int == 400, "\(named.text)")
    #expect(try check(two, ["--state-topic", "/nothing"]).text.contains("has no topic /nothing"))
    #expect(try check(two, ["--state-topic", "/arm/joint_trajectory"]).status == 2)
    let unnamed = try bag(["--no-units"])
    let refused = try check(unnamed)
    #expect(refused.status == 2 && refused.text.contains("--units si"), "\(refused.text)")
    #expect(try check(unnamed, ["--units", "si"]).status == 0)
    let bare = try odcvMonitor(["check", unnamed])
    #expect(bare.status == 2 && bare.error.contains("--config"), "\(bare.error)")
  }
}
