import ArgumentParser
import Glibc
import ODCVConfig
import ODCVCore
import ODCVEvidence
import ODCVResults

/// What makes a check fail.
enum FailOn: String, ExpressibleByArgument, CaseIterable {
  case possible
  case certain
}

/// Judges recordings again.
struct Check: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Judge recordings again from their raw inputs.",
    discussion: """
      Stored verdicts are not read. A ROS 2 recording is judged with the robot and cell that --config names. Ends with 0 when every rule held on complete data, 1 when one was violated, 3 when \
      inputs were missing or a rule could not be judged, 5 when there is nothing to check. What was unknown before every \
      declared input had been there once is counted apart.
      """)

  @Argument(help: "Recordings: a file, or the directory of a run.")
  var recordings: [String]

  @Option(help: "Configuration to judge with, instead of each recording's own.")
  var config: String?

  @Option(help: "File for the result as one JSON object; - for standard output.")
  var json: String?

  @Option(help: "File for the result as JUnit XML.")
  var junit: String?

  @Option(help: "Count only what came this many seconds after the start of the recording, or later.")
  var from: Double?

  @Option(help: "Count only what came this many seconds after the start of the recording, or earlier.")
  var to: Double?

  @Option(help: "What fails: possible or certain violations.")
  var failOn: FailOn = .possible

  @Option(help: "Milliseconds without any input that count as a gap.")
  var maxGap: Double?

  @Flag(help: "Compare with the verdicts that were stored live; a difference fails.")
  var compare = false

  @Flag(help: "Tell one digest of all verdicts, to compare two checks by; the check takes a fourth longer.")
  var digest = false

  @Option(help: "File for the verdicts' canonical bytes, each with its length in front as 4 little-endian bytes.")
  var verdicts: String?

  @Option(help: "Golden verdicts to compare with, one recording after the other; a difference fails.")
  var baseline: String?

  @Option(help: "File for golden verdicts of these recordings.")
  var writeBaseline: String?

  @Option(help: "Of a ROS 2 recording, the topic of sensor_msgs/JointState that tells where the arm is.")
  var stateTopic: String?

  @Option(help: "Of a ROS 2 recording, the topic of commands: trajectory_msgs/JointTrajectory, or sensor_msgs/JointState.")
  var actionTopic: String?

  @Option(help: "Of a ROS 2 recording whose schemas name no units: si says that its numbers are radians and metres.")
  var units: ForeignOptions.Units?

  func validate() throws {
    if baseline != nil, writeBaseline != nil {
      throw ValidationError("--baseline compares and --write-baseline writes: give one of them")
    }
    if let maxGap, !(maxGap > 0 && maxGap.isFinite) { throw ValidationError("--max-gap \(maxGap): give milliseconds above 0") }
    for (option, seconds) in [("--from", from), ("--to", to)] {
      if let seconds, !(seconds >= 0 && seconds.isFinite) { throw ValidationError("\(option) \(seconds): give seconds from 0 on") }
    }
    if let from, let to, from > to { throw ValidationError("--from \(from) is after --to \(to)") }
  }

  func run() throws {
    var request = CheckRequest(
      configuration: try config.map { try loadConfiguration($0) }, from: from, to: to, maxGap: maxGap.map { $0 / 1000 },
      compares: compare)
    request.digests = digest
    request.keepsBaseline = baseline != nil || writeBaseline != nil
    request.foreign = ForeignOptions(stateTopic: stateTopic, actionTopic: actionTopic, units: units)
    let (jsonFile, junitFile) = (try resultFile("--json", json, .json), try resultFile("--junit", junit, JUnitDocument.kind))
    let verdictFile = try resultFile("--verdicts", verdicts, .verdicts)
    let goldenFile = try resultFile("--write-baseline", writeBaseline, .baseline)
    try ResultFile.require(
      [jsonFile, junitFile, verdictFile, goldenFile], inputs: [("--baseline", baseline), ("--config", config)])
    let golden = try baseline.map { try Check.baselines($0, count: recordings.count) }
    request.verdicts = try verdictFile?.open()
    var results: [CheckResult] = []
    for (place, path) in recordings.enumerated() {
      var result = try RecordingCheck.run(path, request)
      if let golden, let now = result.baseline { result.deviations = BaselineComparison(of: now, with: golden[place]) }
      results.append(result)
    }
    let exits = results.map { $0.exit(failOnPossible: failOn == .possible) }
    let exit = Check.combined(exits)
    let object = JSON.object([
      ("recordings", .array(results.map(\.json))), ("fail_on", .string(failOn.rawValue)), ("exit", .integer(Int64(exit.rawValue))),
    ]).line
    // All files, and before anything is told: none that can't be written leaves an earlier result in another's place.
    let texts = [
      (jsonFile, object + "\n"), (junitFile, JUnit.document(results, request, failOnPossible: failOn == .possible)),
      (goldenFile, results.compactMap { $0.baseline?.text }.joined()),
    ]
    let failures = texts.compactMap { file, text -> Stop? in
      do throws(ResultFileError) { try file?.write(text) } catch { return Stop(error) }
      return nil
    }
    for failure in failures { say("odcv-monitor: \(failure)") }
    if json == "-" { tell(object) } else { for result in results { Check.lines(result).forEach(tell) } }
    if let failure = failures.first { throw Stop(failure.exit, "") }
    if exit != .done { throw Stop(exit, "") }
  }

  private static func baselines(_ path: String, count: Int) throws -> [Baseline] {
    guard let bytes = readFile(path) else {
      throw Stop(.usage, "\(path): \(errorText()); write a baseline with --write-baseline")
    }
    let baselines = try Baseline.parse(bytes, file: path)
    guard baselines.count == count else {
      throw Stop(
        .usage,
        "\(path): holds \(baselines.count) recordings (\(baselines.map(\.recording).joined(separator: ", "))) and \(count) are checked; name the same ones in the same order")
    }
    return baselines
  }

  /// 5 before 1 before 3, as the command line's contract has it.
  private static func combined(_ exits: [Exit]) -> Exit {
    for exit in [Exit.nothing, .violations, .incomplete] where exits.contains(exit) { return exit }
    return .done
  }

  /// What enforcing would have made of the commands; verdicts of the measured motion are not among them.
  static func headline(_ tally: Tally) -> String {
    "\(tally.commands) commands judged: \(tally.commandsHeld) would be held, \(tally.slowed) slowed"
  }

  private static func apart(_ slice: SliceMark?) -> String {
    guard let slice, !slice.apart.isEmpty else { return "" }
    return ", apart from the numbers of \(slice.apart.joined(separator: ", "))"
  }

  private static func lines(_ result: CheckResult) -> [String] {
    let tally = result.tally
    var lines = [
      "\(result.path): "
        + (result.counted == result.inputs ? "" : "\(result.counted) inputs counted of ")
        + "\(result.inputs) inputs in \(Words.rounded(result.seconds)) s",
      headline(tally),
    ]
    if let digest = result.verdictDigest { lines.append("verdicts blake2b \(Words.hex(digest))") }
    for rule in RuleID.allCases {
      let line = tally[rule]
      var text = "  " + rule.name + String(repeating: " ", count: max(1, 20 - rule.name.count))
      text += "\(line.evaluated) evaluated, \(line.certain) certain, \(line.possible) possible, \(line.unknown) unknown"
      if line.unknownAtStart > 0 { text += ", \(line.unknownAtStart) unknown at start" }
      if line.evaluated == 0, line.notApplicable > 0 { text += ", NOT MEASURED OR NOT PRESENT: \(result.absences[rule.place])" }
      if let worst = line.worst {
        text += "; worst margin \(Words.measure(worst.finding.margin.lower, rule.unit)) at input \(worst.index)"
      }
      lines.append(text)
    }
    for gap in result.notMeasured { lines.append("NOT MEASURED: \(gap.words)") }
    if let foreign = result.foreign { lines += foreign.lines }
    if let deviations = result.deviations { lines += deviations.lines }
    if result.compared > 0 {
      lines.append(
        result.differing == 0
          ? "\(result.compared) stored verdicts are the same, byte for byte" + apart(result.slice)
          : "\(result.differing) of \(result.compared) stored verdicts DIFFER, the first is of input \(result.firstDifference ?? 0)"
      )
    }
    if let emptiness = result.emptiness { lines.append("NOTHING TO CHECK: \(emptiness)") }
    if tally.isStarting { lines.append("INCOMPLETE: the declared inputs were never all there") }
    for rule in RuleID.allCases where tally[rule].isBlind { lines.append("INCOMPLETE: \(rule.name) was unknown from the start to the end") }
    for gap in result.gaps { lines.append("INCOMPLETE: \(gap)") }
    return lines
  }
}
