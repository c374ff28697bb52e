import Foundation
import TestSupport
import Testing

@testable import ODCVEvidence

/// Files of writers that are not ours; see Tests/oracles/foreign_mcap.py. Runs when ODCV_PYTHON names an interpreter with the
/// oracles' packages.
@Suite(.enabled(if: ProcessInfo.processInfo.environment["ODCV_PYTHON"] != nil)) struct OtherWritersTests {
  private static let count = 3000

  private static func write(_ writer: String, _ path: String) throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: ProcessInfo.processInfo.environment["ODCV_PYTHON"] ?? "")
    process.arguments = [Python.root.appendingPathComponent("Tests/oracles/foreign_mcap.py").path, writer, path, String(count)]
    try process.run()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
  }

  @Test(arguments: ["foxglove", "mcap"]) func compressedFilesOfOthersAreRead(_ writer: String) throws {
    let scratch = Scratch()
    let path = scratch.path + "/a.mcap"
    try Self.write(writer, path)
    let outcome = try MCAPTests.read(path)
    #expect(outcome.ending == .closed)
    #expect(outcome.problems == [])
    var place = 0
    for case .message(let message) in outcome.items {
      let body = [[UInt8]](repeating: Array(String(place).utf8), count: 1 + place % 50).flatMap { $0 }
      guard message.data == body, message.logTime == UInt64(1000 + place) else {
        Issue.record("message \(place) came back as \(message)")
        return
      }
      place += 1
    }
    #expect(place == Self.count)
    let problems = try MCAPIndexCheck.problems(path: path)
    #expect(problems == [])
    // Taken over into a file of our own.
    let report = try MCAPRecovery.recover(from: path, to: scratch.path + "/b.mcap")
    #expect(!report.isLossy && report.messages == UInt64(Self.count))
  }

  @Test func filesInAnotherCompressionAreNamedAndNeverTakenForEmpty() throws {
    let scratch = Scratch()
    let path = scratch.path + "/a.mcap"
    try Self.write("mcap-lz4", path)
    let outcome = try MCAPTests.read(path)
    #expect(!outcome.problems.isEmpty)
    #expect(outcome.problems.allSatisfy { $0.what.contains("compressed with lz4") && $0.what.contains("mcap decompress") })
  }
}
