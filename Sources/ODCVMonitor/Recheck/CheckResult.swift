import ODCVConfig
import ODCVCore
import ODCVEvidence

/// What a check is asked to do.
struct CheckRequest {
  /// Configuration in place of the recording's own.
  var configuration: LoadedConfiguration?
  /// s from the start of the recording
  var from: Double?
  var to: Double?
  /// s without any input that counts as a gap
  var maxGap: Double?
  var compares = false
  /// File descriptor that takes the verdicts' bytes.
  var verdicts: Int32?
  /// Keep what a baseline holds.
  var keepsBaseline = false
  /// One digest of all verdicts.
  var digests = false
  var foreign = ForeignOptions()
}

/// The result of judging one recording again.
struct CheckResult {
  var path: String
  var robot = ""
  var configurationSHA256 = ""
  var inputs: UInt64 = 0
  var messages: UInt64 = 0
  /// Those of `inputs` that count: in the time that was asked about, and after what only tells the core how the world was.
  var counted: UInt64 = 0
  var seconds = 0.0
  var tally = Tally()
  /// One of all verdicts, where it was asked for.
  var verdictDigest: [UInt8]?
  /// What the record lacks, in words; empty for a complete one.
  var gaps: [String] = []
  var compared: UInt64 = 0
  var differing: UInt64 = 0
  var firstDifference: UInt64?
  /// Why each rule would not be applicable, by its place.
  var absences: [String] = []
  /// What the cell declares that nobody measures.
  var notMeasured: [NotMeasured] = []
  /// What it was cut out of; `nil` for a whole recording.
  var slice: SliceMark?
  /// What was read in place of messages to the monitor; `nil` for a recording of the monitor's.
  var foreign: ForeignSummary?
  /// What its verdicts were, when that was asked for.
  var baseline: Baseline?
  /// Where they are not those of the baseline that it was compared with; `nil`: it was compared with none.
  var deviations: BaselineComparison?

  func exit(failOnPossible: Bool) -> Exit {
    if messages == 0 || tally.judged == 0 { return .nothing }
    if tally.certain > 0 || differing > 0 || (failOnPossible && tally.possible > 0) { return .violations }
    if deviations?.isDeviating == true { return .violations }
    if !gaps.isEmpty || tally.unknown > 0 || tally.isStarting || tally.isBlind { return .incomplete }
    return .done
  }

  /// Why nothing was checked, in words; `nil` when something was.
  var emptiness: String? {
    if messages == 0 { return "there is no message in it" }
    return tally.judged == 0 ? "nothing was judged in the time that was asked about" : nil
  }

  var json: JSON {
    .object([
      ("recording", .string(path)), ("robot", .string(robot)), ("configuration_sha256", .string(configurationSHA256)),
      ("inputs", .count(inputs)), ("inputs_counted", .count(counted)), ("messages", .count(messages)), ("seconds", .number(seconds)),
      ("judged_live", .bool(foreign == nil)), ("foreign", foreign?.json ?? .null), ("slice", slice?.json ?? .null),
      ("commands", .count(tally.commands)), ("commands_held", .count(tally.commandsHeld)),
      ("slowed", .count(tally.slowed)), ("held", .count(tally.held)),
      ("violation_certain", .count(tally.certain)), ("violation_possible", .count(tally.possible)),
      ("unknown", .count(tally.unknown)), ("unknown_at_start", .count(tally.unknownAtStart)),
      ("verdict_blake2b", verdictDigest.map { .string(Words.hex($0)) } ?? .null), ("rules", tally.json),
      ("not_measured", .array(notMeasured.map(\.json))), ("gaps", .array(gaps.map { .string($0) })),
      ("compared", .count(compared)), ("differing", .count(differing)),
      ("first_difference", firstDifference.map { .count($0) } ?? .null), ("baseline", deviations?.json ?? .null),
    ])
  }
}

extension NotMeasured {
  var json: JSON {
    .object([("quantity", .string(quantity.rawValue)), ("reason", .string(reason)), ("by", .string(by))])
  }
}

extension SliceMark {
  var json: JSON {
    .object([
      ("source", .string(source)), ("first_index", .count(first)), ("last_index", .count(last)),
      ("counts_from_index", .count(countsFrom)), ("around_index", .count(around)),
      ("log_sequence", logSequence.map { .count($0) } ?? .null), ("apart_rules", .array(apart.map { .string($0) })),
    ])
  }

  /// Of the rules whose numbers are not those of the whole recording.
  var apartRules: Set<UInt8> { Set(RuleID.allCases.filter { apart.contains($0.name) }.map(\.rawValue)) }

  /// Why it is no whole recording.
  var words: String {
    "a slice of \(source), inputs \(first) to \(last), verdicts counted from \(countsFrom) on; it shows nothing of the rest"
  }
}
