import Foundation
import Testing

@testable import ODCVSim

@Suite struct ScenarioTests {
  /// E01 with a text replaced, beside the real one so that its relative paths hold.
  private func changed(_ old: String, _ new: String) throws -> SimError? {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("odcv-scenario-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let text = try String(contentsOfFile: "\(Cells.root)/config/scenarios/E01.yaml", encoding: .utf8)
    #expect(text.contains(old))
    let file = folder.appendingPathComponent("E01.yaml")
    try text.replacingOccurrences(of: old, with: new).write(to: file, atomically: true, encoding: .utf8)
    do throws(SimError) {
      _ = try Scenario.load(path: file.path, scene: "\(Cells.root)/config/sim/e01.xml")
      return nil
    } catch {
      return error
    }
  }

  @Test func `an unknown key names its line and what to write instead`() throws {
    let error = try #require(try changed("dwell_s:", "dwel_s:"))
    #expect(error.description.contains("E01.yaml:") && error.description.contains("dwell_s"))
  }

  @Test func `a point out of reach, a wrong period and a missing condition are refused`() throws {
    #expect(try changed("[0.480, 0.000, 0.545]", "[1.480, 0.000, 0.545]")?.description.contains("reach") == true)
    #expect(try changed("control_period_s: 0.02", "control_period_s: 0.0205")?.description.contains("0.001") == true)
    #expect(try changed("  i3:", "  i5:")?.description.contains("i3") == true)
    #expect(try changed("rule: clearance.static", "rule: clearance.statc") != nil)
    #expect(try changed("target:", "target:") == nil)
  }

  @Test func `a policy that there is not, or that can't be read, is refused and never a trap`() throws {
    let scenario = try Cells.scenario("E10")
    func make(_ name: String) throws -> (any Controller)? { try BuiltinController.make(name: name, scenario: scenario, seed: 1) }
    for name in ["violating-C04", "violating-C13-0.5", "violating-C04-1-1"] { #expect(try make(name) != nil, "\(name)") }
    for name in [
      "violating-C01", "violating-C04-1-0", "violating-C04-1--1", "violating-C04-1-2", "violating-C04-nan", "violating-C04-2",
      "violating-C04-", "violating--", "violating-C04-1-1-1", "violatingly", "",
    ] {
      #expect(try make(name) == nil, "\(name)")
    }
    let error = #expect(throws: SimError.self) { try make("learned") }
    #expect(error?.description.contains("learned-E10.json") == true && error?.description.contains("train E10") == true)
  }

  @Test func `a scene without the arm is refused`() throws {
    let file = FileManager.default.temporaryDirectory.appendingPathComponent("odcv-\(UUID().uuidString).xml")
    try "<mujoco><worldbody/></mujoco>".write(to: file, atomically: true, encoding: .utf8)
    defer { try? FileManager.default.removeItem(at: file) }
    #expect(throws: SimError.self) { try SceneModel(path: file.path) }
    #expect(throws: SimError.self) { try SceneModel(path: "/nonexistent.xml") }
  }

  @Test func `the simulator never sees the monitor's core, not even through what it imports`() throws {
    for room in ["ODCVSim", "ODCVSimCommand", "ODCVWire", "ODCVYAML"] {
      let folder = "\(Cells.root)/Sources/\(room)"
      let files = try #require(FileManager.default.enumerator(atPath: folder)).compactMap { $0 as? String }
      let sources = files.filter { $0.hasSuffix(".swift") }
      #expect(!sources.isEmpty)
      for file in sources {
        let text = try String(contentsOfFile: "\(folder)/\(file)", encoding: .utf8)
        for line in text.split(separator: "\n") where line.contains("import ") {
          for forbidden in ["ODCVCore", "ODCVConfig", "ODCVCodec", "ODCVEvidence"] {
            #expect(!line.contains("import \(forbidden)"), "\(room)/\(file)")
          }
        }
      }
    }
  }

  @Test func `there are many ways to say each thing, and all fill their frames`() {
    var random = Generator(seed: 1, stream: 1)
    for kind in Scenario.Constraint.Kind.allCases {
      for frames in [ReasoningPhrases.namesThenBreaks, ReasoningPhrases.restraint, ReasoningPhrases.late] {
        let phrases = Set((0..<600).map { _ in ReasoningPhrases.phrase(frames, about: kind, &random) })
        #expect(phrases.count >= 40)
        for phrase in phrases { #expect(!phrase.contains("{") && !phrase.contains("}")) }
      }
    }
    #expect(Set(ReasoningPhrases.irrelevant).count >= 40)
  }
}
