import Foundation
import FoundationXML
import ODCVEvidence
import TestSupport
import Testing

/// What `check`, `recover`, `verify` and `strip` end with, for every kind of file; and JUnit XML as CI servers take it.
@Suite(.serialized) struct OfflineExitTests {
  private let run: RecordedRun
  private let directory: TemporaryDirectory

  init() throws {
    run = try RecordedRun.shared.get()
    directory = try TemporaryDirectory()
  }

  private func check(_ arguments: [String]) throws -> Int32 { try odcvMonitor(["check"] + arguments).status }

  @Test func aWindowsCountIsThatOfTheWindow() throws {
    let window = try odcvMonitor(["check", run.recording, "--from", "1", "--to", "2", "--json", directory.path + "/window.json"])
    let bytes = try #require(FileManager.default.contents(atPath: directory.path + "/window.json"))
    let object = try #require(try JSONSerialization.jsonObject(with: bytes) as? [String: Any])
    let result = try #require((object["recordings"] as? [[String: Any]])?.first)
    let (all, counted) = (try #require(result["inputs"] as? Int), try #require(result["inputs_counted"] as? Int))
    #expect(counted > 0 && counted < all)
    #expect(window.output.contains(": \(counted) inputs counted of \(all) inputs in "), "\(window.output)")
  }

  @Test func theLogsViolationsAreListed() throws {
    let listed = try odcvMonitor(["verify", run.evidence, "--list"])
    #expect(listed.status == 0, "\(listed.error)")
    let line = try #require(listed.output.split(separator: "\n").first { $0.hasPrefix("\(run.sequence)  ") }, "\(listed.output)")
    #expect(line.contains(" UTC  panda  clearance.static  -") && line.hasSuffix(" m  violation.certain"), "\(line)")
    let lines = try odcvMonitor(["verify", run.evidence, "--list", "--json"])
    let object = try #require(try JSONSerialization.jsonObject(with: Data(lines.output.utf8)) as? [String: Any])
    let all = try #require(object["list"] as? [[String: Any]])
    #expect(all.count == object["violations"] as? Int)
    let one = try #require(all.first { $0["sequence"] as? UInt64 == run.sequence })
    #expect(one["rule"] as? String == "clearance.static" && one["robot"] as? String == "panda" && one["kind"] as? String == "violation.certain")
    #expect((one["margin"] as? Double ?? 1) < 0 && one["unit"] as? String == "m" && one["time_ns"] is Int)
    #expect(try odcvMonitor(["verify", run.evidence, "--json"]).output.contains("\"list\":null"))
  }

  @Test func checkEndsWithWhatTheCommandLinesContractSays() throws {
    let quiet = ["--from", "1", "--to", "2"]
    #expect(try check([run.recording] + quiet) == 0)
    #expect(try check([run.recording]) == 1)
    #expect(try check([directory.path + "/none.mcap"]) == 2)
    #expect(try check([run.recording, "--config", "/nowhere.yaml"]) == 2)
    let gappy = directory.path + "/gappy.mcap"
    // A tick: a message's own number would be missed, too, which is a violation.
    var isGone = false
    try rewrite(run.recording, to: gappy) { message, schema in
      guard schema == "odcv.v1.Tick", message.sequence > 500, !isGone else { return true }
      isGone = true
      return false
    }
    #expect(try check([gappy] + quiet) == 3)
    #expect(try check([run.recording, "--max-gap", "0.001"] + quiet) == 3)
    #expect(try check([run.recording, "--verdicts", "/dev/full"]) == 4)
    // A result that can't be written, whatever was found.
    for option in ["--junit", "--json", "--verdicts", "--write-baseline"] {
      #expect(try check([run.recording, option, "/nowhere/result"]) == 4, "\(option)")
    }
    // A time in which nothing was judged shows nothing.
    #expect(try check([run.recording, "--from", "100000"]) == 5)
    // Only the start, in which things were unknown: nothing is known of those rules.
    var blind: CommandResult?
    for step in 1...40 where blind == nil {
      let checked = try odcvMonitor(["check", run.recording, "--to", "\(Double(step) * 0.025)"])
      if checked.status != 5 { blind = checked }
    }
    #expect(blind?.status ?? 0 != 0 && blind?.output.contains(" was unknown from the start to the end") == true, "\(blind?.output ?? "")")
    let empty = directory.path + "/empty.mcap"
    try rewrite(run.recording, to: empty) { _, _ in false }
    #expect(try check([empty]) == 5)
    // 5 before 1 before 3, over several recordings.
    #expect(try check([empty, run.recording]) == 5)
    #expect(try check([gappy, run.recording]) == 1)
  }

  @Test func aStoredVerdictThatIsMissingIsNoVerdictThatIsTheSame() throws {
    let thinned = directory.path + "/thinned.mcap"
    var left = 3
    try rewrite(run.recording, to: thinned) { message, schema in
      guard schema == "odcv.v1.Verdict", message.sequence > 500, left > 0 else { return true }
      left -= 1
      return false
    }
    let compared = try odcvMonitor(["check", thinned, "--compare", "--from", "1", "--to", "2"])
    #expect(compared.status == 3 && compared.output.contains("3 inputs have no stored verdict"), "\(compared.output)")
    #expect(try check([thinned, "--from", "1", "--to", "2"]) == 0)
  }

  @Test func aStoredVerdictThatIsThereTwiceAndAnEndThatWasTakenOutAreGaps() throws {
    let twice = directory.path + "/twice.mcap"
    var inputs: UInt32 = 0
    try rewrite(run.recording, to: twice, times: { message, schema in
      inputs = max(inputs, message.sequence)
      return schema == "odcv.v1.Verdict" && message.sequence == 500 ? 2 : 1
    })
    let compared = try odcvMonitor(["check", twice, "--compare", "--from", "1", "--to", "2"])
    #expect(compared.status == 3 && compared.output.contains("has a second stored verdict"), "\(compared.output)")
    let short = directory.path + "/short.mcap"
    try rewrite(run.recording, to: short) { message, _ in message.sequence <= inputs - 5 }
    let checked = try odcvMonitor(["check", short, "--from", "1", "--to", "2"])
    #expect(checked.status == 3 && checked.output.contains("its end was taken out"), "\(checked.output)")
  }

  /// What a recording must say of itself and does not, or says wrongly, is no reason to pass.
  @Test func metadataThatIsMissingOrWrongNeverPasses() throws {
    let changes: [(record: String, key: String, value: String?, status: Int32, said: String)] = [
      ("odcv.end", "last_index", nil, 3, "does not say which input was the last"), ("odcv.end", "last_index", "x", 3, "does not say which input was"),
      ("odcv.end", "last_index", "7", 3, "and there are more"), ("odcv.end", "refused_inputs", nil, 3, "does not say how many inputs were not"),
      ("odcv.end", "refused_inputs", "4", 3, "4 inputs were judged live but not recorded"),
      ("odcv", "robot_id", "other", 3, "names the arm `other`, and its configuration is of `panda`"),
      ("odcv", "mono_start_ns", "9223372036854775807", 2, "is no time since a machine's start"),
      ("odcv", "real_start_ns", "-9223372036854775807", 5, "its time lies before the machine's start"),
    ]
    for (record, key, value, status, said) in changes {
      let changed = directory.path + "/changed.mcap"
      try? FileManager.default.removeItem(atPath: changed)
      try rewrite(
        run.recording, to: changed, metadata: { name, values in
          guard name == record else { return values }
          return values.merging([key: value ?? ""]) { $1 }.filter { value != nil || $0.key != key }
        }, times: { _, _ in 1 })
      let checked = try odcvMonitor(["check", changed, "--from", "1", "--to", "2"])
      let text = checked.output + checked.error
      #expect(checked.status == status && text.contains(said), "\(key) \(value ?? "-"): \(text)")
    }
  }

  @Test func numbersThatAreNoneAreWrongUsage() throws {
    for arguments in [
      ["--max-gap", "nan"], ["--max-gap", "0"], ["--max-gap=-1"], ["--from", "nan"], ["--to", "inf"], ["--from=-1"],
      ["--from", "2", "--to", "1"],
    ] {
      #expect(try check([run.recording] + arguments) == 2, "\(arguments)")
    }
  }

  @Test func aResultThatStandardOutputDoesNotTakeIsAnError() throws {
    let program = try Package.executable("odcv-monitor")
    let junit = directory.path + "/full.xml"
    for arguments in ["check \(run.recording) --from 1 --to 2 --junit \(junit)", "check \(run.recording) --json -", "verify \(run.evidence)"] {
      let process = Process()
      process.executableURL = URL(fileURLWithPath: "/bin/sh")
      process.arguments = ["-c", "exec \(program) \(arguments) > /dev/full 2> \(directory.path)/said"]
      try process.run()
      process.waitUntilExit()
      #expect(process.terminationStatus == 4)
      #expect(try String(contentsOfFile: directory.path + "/said", encoding: .utf8).contains("standard output: No space left"))
    }
    let document = try String(contentsOfFile: junit, encoding: .utf8)
    #expect(document.contains("<testsuites") && document.hasSuffix("</testsuites>\n"), "an earlier result would have stayed in its place")
    // One file that can't be written keeps no other from being written.
    try FileManager.default.removeItem(atPath: junit)
    #expect(try check([run.recording, "--json", "/nowhere/result", "--junit", junit]) == 4)
    #expect(FileManager.default.fileExists(atPath: junit))
  }

  /// A gap in time is no gap in what is known: what was judged live is compared behind it, too.
  @Test func aSilenceEndsNoComparison() throws {
    let output = try odcvMonitor(["check", run.recording, "--max-gap", "0.001", "--compare"]).output
    let all = try odcvMonitor(["check", run.recording, "--compare"]).output
    let same = try #require(all.split(separator: "\n").first { $0.contains("are the same, byte for byte") })
    #expect(output.contains(same) && output.contains("nothing arrived for"), "\(output)")
  }

  @Test func whatJudgedLiveIsInTheRecording() throws {
    let metadata = try Recording(path: run.recording).metadata
    let version = try #require(metadata["odcv_version"])
    #expect(try odcvMonitor(["--version"]).output == "odcv-monitor \(version)\n")
    for key in ["zeromq_version", "protobuf_c_version", "libsodium_version", "linux_release", "clearance_kernel"] {
      #expect(metadata[key]?.isEmpty == false, "\(key)")
    }
    #expect(metadata["program_sha256"]?.count == 64)
  }

  @Test func noResultIsWrittenOverEvidence() throws {
    let evidence = directory.path + "/evidence"
    try FileManager.default.copyItem(atPath: run.evidence, toPath: evidence)
    let recording = try #require(try EvidenceDirectory.recordings(root: evidence).first)
    let segment = evidence + "/violations/violations-00000001.odcvlog"
    let linked = directory.path + "/result"
    try FileManager.default.createSymbolicLink(atPath: linked, withDestinationPath: recording)
    // What only looks like somebody's own file, by its content or under another name.
    let checkpoints = evidence + "/violations/checkpoints-00000001.notes"
    try Data("odcv.example/log\n4\n".utf8).write(to: URL(fileURLWithPath: checkpoints))
    let named = directory.path + "/named"
    #expect(link(checkpoints, named) == 0)
    let key = directory.path + "/log.key"
    try Data("secret".utf8).write(to: URL(fileURLWithPath: key))
    let kept = [recording, segment, named, key]
    let before = try kept.map { try Data(contentsOf: URL(fileURLWithPath: $0)) }
    for path in kept + [linked, directory.path + "/new.mcap", directory.path + "/latch-panda", directory.path + "/recording-2.mcap.next"] {
      for option in ["--junit", "--json", "--verdicts", "--write-baseline"] { #expect(try check([recording, option, path]) == 2, "\(option) \(path)") }
      #expect(try odcvMonitor(["explain", "--index", "100", recording, "--svg", path]).status == 2)
    }
    #expect(try kept.map { try Data(contentsOf: URL(fileURLWithPath: $0)) } == before)
    for name in ["new.mcap", "latch-panda", "recording-2.mcap.next"] {
      #expect(!FileManager.default.fileExists(atPath: directory.path + "/" + name))
    }
  }

  @Test func aResultReplacesAnEarlierOneOfItsKindAndNothingElse() throws {
    func path(_ name: String) -> String { directory.path + "/" + name }
    let results = ["--json", path("a.json"), "--junit", path("a.xml"), "--verdicts", path("a.verdicts"), "--write-baseline", path("a.golden")]
    for _ in 0..<2 { #expect(try check([run.recording] + results) == 1) }
    let picture = ["explain", "--index", "100", run.recording, "--svg", path("a.svg")]
    for _ in 0..<2 { #expect(try odcvMonitor(picture).status == 0) }
    // Of another kind; a golden file that is compared with; one file for two results.
    let golden = try Data(contentsOf: URL(fileURLWithPath: path("a.golden")))
    for arguments in [
      ["--json", path("a.xml")], ["--junit", path("a.json")], ["--write-baseline", path("a.verdicts")],
      ["--baseline", path("a.golden"), "--json", path("a.golden")], ["--json", path("b"), "--junit", path("b")],
      ["--verdicts", path("./c"), "--json", path("c")],
      ["--junit", path("d"), "--json", path("../\(directory.path.split(separator: "/").last!)/d")],
    ] {
      let refused = try odcvMonitor(["check", run.recording] + arguments)
      #expect(refused.status == 2 && refused.error.contains(arguments[arguments.count - 2]), "\(arguments): \(refused.error)")
    }
    for name in ["b", "c", "d"] { #expect(!FileManager.default.fileExists(atPath: path(name)), "\(name)") }
    #expect(try Data(contentsOf: URL(fileURLWithPath: path("a.golden"))) == golden)
    #expect(mkfifo(path("pipe"), 0o600) == 0)
    #expect(try check([run.recording, "--json", path("pipe")]) == 4, "a pipe that nobody reads")
    // A link that points nowhere is still somebody's.
    try FileManager.default.createSymbolicLink(atPath: path("dangling"), withDestinationPath: "/nowhere")
    #expect(try odcvMonitor(["slice", run.recording, "--index", "100", "--out", path("dangling")]).status == 2)
    #expect(try FileManager.default.destinationOfSymbolicLink(atPath: path("dangling")) == "/nowhere")
  }

  /// Observing, the driver has all rows of a chunk at once; the run may end before the monitor has judged them.
  @Test func rowsThatWereForeseenToBreakARuleAndNeverJudgedAreAGap() throws {
    // Slowly into the post, and at once, which no joint can.
    let slow = (0..<64).map { step in zip(Rig.home, RecordedRun.target).map { $0 + ($1 - $0) * Double(step) / 63 } }
    let jump = (0..<64).map { $0 < 32 ? Rig.home : RecordedRun.target.map { $0 + 3 } }
    for (rows, rule) in [(slow, "clearance.static"), (jump, "motion.jump")] {
      let output = try check(chunk: rows).output
      #expect(output.contains("INCOMPLETE: 63 rows of the chunk") && output.contains("a violation was foreseen in them"), "\(output)")
      #expect(output.split(separator: "\n").contains { $0.contains(rule) && $0.contains(" 0 certain") }, "\(output)")
    }
  }

  /// Of a chunk that is not believed no row comes due: what was foreseen of it is all that there is to count.
  @Test func aChunkThatIsNotTakenCountsAsItWasForeseen() throws {
    let slow = (0..<64).map { step in zip(Rig.home, RecordedRun.target).map { $0 + ($1 - $0) * Double(step) / 63 } }
    let output = try check(chunk: slow, missing: 5).output
    #expect(!output.contains("rows of the chunk"), "\(output)")
    #expect(output.split(separator: "\n").contains { $0.contains("clearance.static") && $0.contains(" 1 certain") }, "\(output)")
  }

  /// - Parameter missing: commands that are not there before it
  private func check(chunk rows: [[Double]], missing: Int = 0) throws -> CommandResult {
    let configuration = try TestConfiguration()
    let daemon = try DaemonProcess(configuration, mode: "observe")
    let rig = try Rig(daemon)
    for _ in 0..<30 {
      try rig.send(rig.action(Rig.home))
      try rig.breathe(2)
    }
    for _ in 0..<missing { _ = rig.action([]) }
    var chunk = rig.action([])
    chunk.chunkID = 1
    chunk.chunkLength = UInt32(rows.count)
    chunk.chunkPeriodNanoseconds = 2_000_000_000
    chunk.horizonPosition = rows.flatMap { $0 }
    try rig.forget()
    try rig.send(chunk)
    try rig.breathe(until: "the chunk is judged ahead") {
      rig.seen.contains { $0.judged == .predicted && $0.outcome == .violationCertain }
    }
    #expect(daemon.end() == 0)
    return try odcvMonitor(["check", daemon.recording])
  }

  @Test func aFileThatIsCutCorruptEmptyForeignOrOfTheFutureIsNamedAndStaysAsItIs() throws {
    let original = try #require(FileManager.default.contents(atPath: run.recording))
    let cut = try changedCopy(run.recording, in: directory) { $0.removeLast($0.count / 3) }
    let checked = try odcvMonitor(["check", cut, "--from", "1", "--to", "2"])
    #expect(checked.status == 3 && checked.output.contains("run recover"), "\(checked.output)")
    let recovered = try odcvMonitor(["recover", cut])
    #expect(recovered.status == 3 && recovered.error.contains("offset"), "\(recovered.error)")
    // What was saved of it is closed in order, and still no whole recording.
    let saved = cut.replacingOccurrences(of: ".mcap", with: ".recovered.mcap")
    let again = try odcvMonitor(["check", saved, "--from", "1", "--to", "2"])
    #expect(again.status == 3 && again.output.contains("recovered with loss"), "\(again.output)")
    #expect(try odcvMonitor(["recover", cut]).status == 2, "what was saved before was replaced")
    #expect(try odcvMonitor(["recover", run.recording, "--out", directory.path + "/same.mcap"]).status == 0)
    #expect(try odcvMonitor(["recover"]).status == 2)
    #expect(try odcvMonitor(["strip", cut, "--out", directory.path + "/s.mcap"]).status == 2, "a closed copy of a cut file")
    #expect(!FileManager.default.fileExists(atPath: directory.path + "/s.mcap"))
    for (name, bytes, part) in [
      ("empty", [], "is empty"), ("text", Array("hello world, this is text".utf8), "is not MCAP"),
      ("future", [0x89, 0x4D, 0x43, 0x41, 0x50, 0x31, 0x0D, 0x0A], "major version 1"),
    ] as [(String, [UInt8], String)] {
      let file = "\(directory.path)/\(name).mcap"
      try Data(bytes).write(to: URL(fileURLWithPath: file))
      for command in [["check", file], ["replay", file], ["slice", file, "--index", "1", "--out", file + ".x"], ["explain", "--index", "1", file]] {
        let result = try odcvMonitor(command)
        #expect(result.status == 2 && result.error.contains(part), "\(command): \(result.error)")
      }
      #expect(try odcvMonitor(["recover", file]).status == 1)
      #expect([UInt8](FileManager.default.contents(atPath: file) ?? Data()) == bytes)
    }
    #expect(FileManager.default.contents(atPath: run.recording) == original)
  }

  @Test func verifyEndsWithZeroOneTwoAndFive() throws {
    #expect(try odcvMonitor(["verify", run.evidence]).status == 0)
    let copy = directory.path + "/evidence"
    try FileManager.default.copyItem(atPath: run.evidence, toPath: copy)
    let segment = copy + "/violations/violations-00000001.odcvlog"
    var bytes = try Data(contentsOf: URL(fileURLWithPath: segment))
    bytes[120] ^= 1
    try bytes.write(to: URL(fileURLWithPath: segment))
    #expect(try odcvMonitor(["verify", copy]).status == 1)
    #expect(try odcvMonitor(["verify", "/nowhere"]).status == 2)
    #expect(try odcvMonitor(["verify", directory.path]).status == 5)
  }

  @Test func everyRuleIsACaseAndAGapOrAnEmptyRecordingIsAnError() throws {
    let junit = directory.path + "/junit.xml"
    func cases(_ recording: String, _ arguments: [String] = []) throws -> [String: String] {
      _ = try odcvMonitor(["check", recording, "--junit", junit] + arguments)
      let collector = Cases()
      let parser = XMLParser(data: try #require(FileManager.default.contents(atPath: junit)))
      parser.delegate = collector
      #expect(parser.parse())
      #expect(try JUnitOracle.problems(String(contentsOfFile: junit, encoding: .utf8)) == [])
      return collector.found
    }
    let whole = try cases(run.recording)
    #expect(whole.count == 36 && whole["clearance.static"] == "failure" && whole["recording.complete"] == "passed")
    #expect(whole["contact.pressure"] == "skipped" && whole["motion.position"] == "passed", "\(whole)")
    let gappy = directory.path + "/<gappy> & \"quoted\".mcap"
    try rewrite(run.recording, to: gappy) { message, _ in message.sequence != 500 }
    #expect(try cases(gappy)["recording.complete"] == "error")
    let empty = directory.path + "/empty.mcap"
    try rewrite(run.recording, to: empty) { _, _ in false }
    let nothing = try cases(empty)
    #expect(nothing["recording.complete"] == "error" && !nothing.values.contains("passed"), "\(nothing)")
    // Without people nobody knows: an error, not a pass.
    let blind = directory.path + "/blind.mcap"
    try rewrite(run.recording, to: blind) { _, schema in schema != "odcv.v1.People" }
    let unseen = try cases(blind)
    #expect(unseen["clearance.human"] == "error" && unseen["recording.complete"] == "error", "\(unseen)")
    #expect(try cases(run.recording, ["--compare"])["recording.stored-verdicts"] == "passed")
  }

  /// Each case by name, and what it came to.
  private final class Cases: NSObject, XMLParserDelegate {
    var found: [String: String] = [:]
    private var name = ""

    func parser(
      _ parser: XMLParser, didStartElement element: String, namespaceURI: String?, qualifiedName: String?,
      attributes: [String: String]
    ) {
      switch element {
      case "testcase":
        name = attributes["name"] ?? ""
        found[name] = "passed"
      case "failure", "error", "skipped": found[name] = element
      default: break
      }
    }
  }
}
