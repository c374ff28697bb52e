import Foundation
import ODCVCore
import ODCVEvidence
import Testing

@testable import ODCVMonitor

/// A slice judges as the whole does, and never passes for it.
@Suite(.serialized) struct SliceTests {
  private let run: RecordedRun
  private let directory: TemporaryDirectory
  private var slice: String { directory.path + "/slice.mcap" }
  /// Around the violation, cut once for all tests that only read it.
  nonisolated(unsafe) private static let made = Result {
    let run = try RecordedRun.shared.get()
    let folder = try TemporaryDirectory()
    let file = folder.path + "/slice.mcap"
    let result = try odcvMonitor([
      "slice", run.recording, "--around", "\(run.sequence)", "--out", file, "--before", "0.3", "--after", "0.2",
    ])
    #expect(result.status == 0, "\(result.error)")
    return (folder: folder, file: file)
  }

  init() throws {
    run = try RecordedRun.shared.get()
    directory = try TemporaryDirectory()
  }

  private func cut(_ arguments: [String]) throws -> CommandResult {
    try odcvMonitor(["slice", run.recording, "--out", slice, "--before", "0.3", "--after", "0.2"] + arguments)
  }

  /// Core bytes by index.
  private func verdicts(_ path: String) throws -> [UInt64: [UInt8]] {
    let file = directory.path + "/verdicts-\(UUID().uuidString)"
    _ = try odcvMonitor(["check", path, "--verdicts", file])
    let bytes = [UInt8](try #require(FileManager.default.contents(atPath: file)))
    var found: [UInt64: [UInt8]] = [:]
    var offset = 0
    while offset < bytes.count {
      let count = Int(bytes[offset..<offset + 4].enumerated().reduce(UInt32(0)) { $0 | UInt32($1.element) << (8 * UInt32($1.offset)) })
      let core = Array(bytes[offset + 4..<offset + 4 + count])
      let index = core[38..<46].enumerated().reduce(UInt64(0)) { $0 | UInt64($1.element) << (8 * UInt64($1.offset)) }
      found[index] = core
      offset += 4 + count
    }
    return found
  }

  @Test func theLogIsLookedForAboveARunsFolderAsAboveItsFile() {
    let run = directory.path + "/run-1"
    mkdir(run, 0o700)
    for recording in [run, run + "/", run + "/recording.mcap"] {
      #expect(LoggedEvent.root(recording) == directory.path, "\(recording)")
    }
    #expect(LoggedEvent.root("run-1/recording.mcap") == "." && LoggedEvent.root("recording.mcap") == "..")
  }

  @Test func aSliceJudgesItsSecondsAsTheWholeRecordingByteForByte() throws {
    let slice = try Self.made.get().file
    let mark = try #require(try Recording(path: slice).slice)
    #expect(mark.around == run.index && mark.logSequence == run.sequence && mark.countsFrom < run.index)
    #expect(mark.first > 1, "the recording is long enough to be cut")
    let (whole, part) = (try verdicts(run.recording), try verdicts(slice))
    #expect(part.count < whole.count)
    let apart = mark.apart.compactMap { name in RuleID.allCases.first { $0.name == name }?.rawValue }
    func masked(_ core: [UInt8]?) -> [UInt8]? { core.map { VerdictBytes.masked($0, apart: Set(apart)) } }
    for index in mark.countsFrom...mark.last { #expect(masked(part[index]) == masked(whole[index]), "input \(index)") }
    #expect(apart.isEmpty || mark.apart == ["integrity.truth"], "\(mark.apart)")
    // A test of the test: with too little before it, the same inputs are judged otherwise.
    let bare = directory.path + "/bare.mcap"
    try rewrite(slice, to: bare) { message, _ in UInt64(message.sequence) >= mark.countsFrom }
    let short = try verdicts(bare)
    #expect((mark.countsFrom...mark.last).contains { masked(short[$0]) != masked(whole[$0]) }, "what comes before would not matter")
    #expect(try MCAPIndexCheck.problems(path: slice).isEmpty)
  }

  @Test func checkKnowsASliceAndCountsFromWhereItCounts() throws {
    let slice = try Self.made.get().file
    let check = try odcvMonitor(["check", slice, "--compare", "--json", "-"])
    let result = try RecordedRun.result(check.output)
    #expect(check.status == 1, "the violation is in it")
    #expect((result["slice"] as? [String: Any])?["around_index"] as? UInt64 == run.index)
    #expect((result["gaps"] as? [String])?.count == 1, "\(result["gaps"] ?? "")")
    #expect(result["differing"] as? Int == 0 && (result["compared"] as? Int ?? 0) > 10)
    #expect(result["unknown"] as? Int == 0)
    // Seconds in which nothing was violated: never a pass all the same.
    let quiet = directory.path + "/quiet.mcap"
    let cut = try odcvMonitor([
      "slice", run.recording, "--index", "\(run.index - 200)", "--before", "0.2", "--after", "0.1", "--out", quiet,
    ])
    #expect(cut.status == 0, "\(cut.error)")
    let passed = try odcvMonitor(["check", quiet])
    #expect(passed.status == 3 && passed.output.contains("INCOMPLETE: a slice of recording.mcap"), "\(passed.output)")
    // Cut short behind that, it says so.
    let mark = try #require(try Recording(path: quiet).slice)
    let shorter = directory.path + "/shorter.mcap"
    try rewrite(quiet, to: shorter) { message, _ in UInt64(message.sequence) < mark.last }
    #expect(try odcvMonitor(["check", shorter]).output.contains("should go on to input \(mark.last)"))
  }

  @Test func aSliceIsExplainedByTheNumberItWasCutAroundAndCanBeCutAgain() throws {
    let slice = try Self.made.get().file
    let explained = try odcvMonitor(["explain", "\(run.sequence)", slice])
    #expect(explained.status == 0, "\(explained.output) \(explained.error)")
    #expect(explained.output.contains("a slice of recording.mcap"))
    #expect(try odcvMonitor(["explain", "\(run.sequence + 1)", slice]).status == 2)
    let again = directory.path + "/again.mcap"
    let result = try odcvMonitor(["slice", slice, "--around", "\(run.sequence)", "--before", "0.05", "--after", "0.05", "--out", again])
    #expect(result.status == 0, "\(result.error)")
    #expect(try Recording(path: again).slice?.source == "recording.mcap")
    let outside = try #require(try Recording(path: slice).slice).countsFrom - 1
    #expect(try odcvMonitor(["slice", slice, "--index", "\(outside)", "--out", directory.path + "/no.mcap"]).status == 2)
  }

  /// Readers that are not ours accept what is written here, checksums on: PyPI mcap, both ways of reading. Runs when ODCV_PYTHON
  /// names an interpreter with the oracle's packages.
  @Test(.enabled(if: ProcessInfo.processInfo.environment["ODCV_PYTHON"] != nil))
  func otherReadersAcceptASliceAndWhatWasRecoveredOfIt() throws {
    let slice = try Self.made.get().file
    let cut = try changedCopy(slice, in: directory) { $0.removeLast($0.count / 4) }
    #expect(try odcvMonitor(["recover", cut]).status == 3)
    func oracle(_ file: String) throws -> Int32 {
      let process = Process()
      process.executableURL = URL(fileURLWithPath: ProcessInfo.processInfo.environment["ODCV_PYTHON"] ?? "")
      process.arguments = [Package.root + "/Tests/oracles/mcap_oracle.py", file]
      process.standardOutput = FileHandle.nullDevice
      process.standardError = FileHandle.nullDevice
      try process.run()
      process.waitUntilExit()
      return process.terminationStatus
    }
    #expect(try oracle(slice) == 0)
    #expect(try oracle(cut.replacingOccurrences(of: ".mcap", with: ".recovered.mcap")) == 0)
    #expect(try oracle(cut) != 0, "a cut file was accepted")
  }

  @Test func whatCantBeCutEndsWithTwoAndWritesNothing() throws {
    let missing = try cut(["--index", "99999999"])
    #expect(missing.status == 2 && missing.error.contains("has no input 99999999; it holds 1 to"), "\(missing.error)")
    #expect(!FileManager.default.fileExists(atPath: slice))
    #expect(try cut([]).status == 2)
    #expect(try cut(["--around", "1"]).status == 2)
    _ = try cut(["--index", "\(run.index)"])
    let before = FileManager.default.contents(atPath: slice)
    #expect(try cut(["--index", "\(run.index)"]).status == 2, "a file was replaced")
    #expect(FileManager.default.contents(atPath: slice) == before)
    let garbage = directory.path + "/garbage.mcap"
    try Data("no recording".utf8).write(to: URL(fileURLWithPath: garbage))
    #expect(try odcvMonitor(["slice", garbage, "--index", "1", "--out", directory.path + "/x.mcap"]).status == 2)
  }

  @Test func aRecordingWithInputsMissingEndsWithThree() throws {
    let gappy = directory.path + "/gappy.mcap"
    try rewrite(run.recording, to: gappy) { message, _ in message.sequence != UInt32(run.index) - 100 }
    let result = try odcvMonitor(["slice", gappy, "--index", "\(run.index)", "--out", slice])
    #expect(result.status == 3 && result.error.contains("inputs are missing"), "\(result.error)")
  }

  @Test func aDirectoryWithoutALogEndsWithFive() throws {
    #expect(try cut(["--around", "3", "--evidence", directory.path]).status == 5)
  }
}
