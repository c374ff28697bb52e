import Foundation
import ODCVCore
import TestSupport
import Testing

/// What the fuzzer kept: inputs that each reach something of their own, and those that once found a bug.
@Suite struct ReplayTests {
  private let cells: [FuzzCell]

  init() throws { cells = try FuzzCell.all(config: Python.root.appendingPathComponent("config").path) }

  private func corpus(_ target: String) throws -> [(name: String, bytes: [UInt8])] {
    let folder = Python.root.appendingPathComponent("Tests/ODCVFuzzTests/Corpus/\(target)")
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
    return try names.map { ($0, Array(try Data(contentsOf: folder.appendingPathComponent($0)))) }
  }

  @Test func everyKeptMessageIsTakenWholeOrRefused() throws {
    var target = DecodeTarget(cells)
    let inputs = try corpus("decode") + Seeds.decode(cells)
    try #require(inputs.count > 100)
    for (name, bytes) in inputs {
      do throws(FuzzFinding) { try target.run(bytes) } catch { Issue.record("\(name): \(error)") }
    }
  }

  @Test func everyKeptSequenceIsJudgedAsItMustBe() throws {
    for (name, bytes) in try corpus("step") {
      do throws(FuzzFinding) { _ = try Script.play(bytes, in: cells) } catch { Issue.record("\(name): \(error)") }
    }
  }

  /// A harness in which everything is held would find nothing.
  @Test func theFirstSequencesReachEveryDecisionOnEveryKindOfMotion() throws {
    var met = Set<String>()
    for (name, bytes) in Seeds.step() {
      do throws(FuzzFinding) {
        for answer in try Script.play(bytes, in: cells) {
          let row = answer.judged == .commanded && answer.row != nil ? "row" : "\(answer.judged)"
          met.insert("\(row) \(answer.decision.word)")
        }
      } catch { Issue.record("\(name): \(error)") }
    }
    for word in ["allow", "slow", "hold", "halt"] { #expect(met.contains("commanded \(word)"), "\(word)") }
    for what in ["row allow", "row slow", "predicted allow", "predicted hold", "measured allow", "measured halt"] {
      #expect(met.contains(what), "\(what)")
    }
  }

  /// Each bug that the harness can pretend to meet is one that it does meet.
  @Test(arguments: [Plant.refused, .incomplete, .difference, .late])
  func aPlantedBugIsCaught(plant: Plant) {
    var caught = 0
    for (_, bytes) in Seeds.step() {
      do throws(FuzzFinding) { _ = try Script.play(bytes, in: cells, plant: plant) } catch { caught += 1 }
    }
    #expect(caught > 0)
  }
}

extension Decision {
  fileprivate var word: String {
    switch self {
    case .allow: "allow"
    case .slow: "slow"
    case .hold: "hold"
    case .halt: "halt"
    }
  }
}
