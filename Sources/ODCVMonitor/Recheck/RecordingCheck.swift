import Glibc
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
}

/// The result of judging one recording again.
struct CheckResult {
  var path: String
  var robot = ""
  var configurationSHA256 = ""
  var inputs: UInt64 = 0
  var messages: UInt64 = 0
  var seconds = 0.0
  var tally = Tally()
  var verdictSHA256: [UInt8] = []
  /// What the record lacks, in words; empty for a complete one.
  var gaps: [String] = []
  var compared: UInt64 = 0
  var differing: UInt64 = 0
  var firstDifference: UInt64?
  /// Why each rule would not be applicable, by its place.
  var absences: [String] = []
  /// What the cell declares that nobody measures.
  var notMeasured: [NotMeasured] = []

  func exit(failOnPossible: Bool) -> Exit {
    if messages == 0 { return .nothing }
    if tally.certain > 0 || differing > 0 || (failOnPossible && tally.possible > 0) { return .violations }
    if !gaps.isEmpty || tally.unknown > 0 || tally.isStarting { return .incomplete }
    return .done
  }

  var json: JSON {
    .object([
      ("recording", .string(path)), ("robot", .string(robot)), ("configuration_sha256", .string(configurationSHA256)),
      ("inputs", .count(inputs)), ("messages", .count(messages)), ("seconds", .number(seconds)),
      ("commands", .count(tally.commands)), ("commands_held", .count(tally.commandsHeld)),
      ("slowed", .count(tally.slowed)), ("held", .count(tally.held)),
      ("violation_certain", .count(tally.certain)), ("violation_possible", .count(tally.possible)),
      ("unknown", .count(tally.unknown)), ("unknown_at_start", .count(tally.unknownAtStart)),
      ("verdict_sha256", .string(Words.hex(verdictSHA256))), ("rules", tally.json),
      ("not_measured", .array(notMeasured.map(\.json))), ("gaps", .array(gaps.map { .string($0) })), ("compared", .count(compared)), ("differing", .count(differing)),
      ("first_difference", firstDifference.map { .count($0) } ?? .null),
    ])
  }
}

extension NotMeasured {
  var json: JSON {
    .object([("quantity", .string(quantity.rawValue)), ("reason", .string(reason)), ("by", .string(by))])
  }
}

/// Judges one recording again from its raw inputs. Stored verdicts decide nothing; they can be compared with.
enum RecordingCheck {
  static func run(_ path: String, _ request: CheckRequest) throws -> CheckResult {
    do {
      return try judge(path, request)
    } catch let error as EvidenceError {
      throw Stop(.usage, "\(error)")
    }
  }

  private static func judge(_ path: String, _ request: CheckRequest) throws -> CheckResult {
    var recording = try Recording(path: path)
    let loaded = try request.configuration ?? attached(recording)
    var result = CheckResult(path: path, robot: recording.robotID, configurationSHA256: Words.hex(loaded.core.digest))
    result.absences = RuleID.allCases.map { loaded.core.absence(of: $0) }
    result.notMeasured = loaded.core.cell.notMeasured
    if result.configurationSHA256 != recording.configurationSHA256 {
      result.gaps.append(
        request.configuration == nil
          ? "the attached configuration is not the one that the recording names"
          : "judged with another configuration than the recording's own")
    }
    var judge = Judge(loaded, resetNonce: recording.metadata["reset_nonce"].flatMap { UInt64($0) })
    let inForceFrom = recording.inForceFrom ?? .max
    var last: (index: UInt64, core: [UInt8])?
    var previous: Int64?
    var progress = Progress()
    while let item = try recording.next() {
      switch item {
      case .input(let input):
        if result.inputs == 0, input.index > 1 {
          result.gaps.append("\(input.index - 1) inputs before the first are missing")
        }
        guard let (verdict, core) = judge.judge(input) else {
          result.gaps.append("input \(input.index) came from an endpoint that this version does not know")
          continue
        }
        result.inputs += 1
        if case .message = input.event { result.messages += 1 }
        result.seconds = Double(input.instant - recording.monotonicStart) * 1e-9
        if let maxGap = request.maxGap, let previous, Double(input.instant - previous) * 1e-9 > maxGap {
          result.gaps.append(
            "nothing arrived for \(Words.rounded(Double(input.instant - previous) * 1e-9)) s before input \(input.index)"
          )
        }
        previous = input.instant
        let isInWindow = result.seconds >= request.from ?? -.infinity && result.seconds <= request.to ?? .infinity
          && input.index >= inForceFrom
        result.tally.take(verdict, isInWindow: isInWindow)
        if let file = request.verdicts { try write(core, to: file) }
        last = (input.index, core)
        progress.show(result.inputs)
      case .verdict(let index, let core, _):
        // Behind a gap the core has another past than it had live: there is nothing to compare.
        guard request.compares, result.gaps.isEmpty, recording.missingInputs == 0 else { continue }
        result.compared += 1
        if last?.index != index || last?.core != core {
          result.differing += 1
          if result.firstDifference == nil { result.firstDifference = index }
        }
      case .alarm, .sent: break
      }
    }
    progress.end()
    result.verdictSHA256 = judge.sha256()
    if recording.missingInputs > 0 {
      result.gaps.append("\(recording.missingInputs) inputs are missing between others")
    }
    if let refused = recording.closing?["refused_inputs"], refused != "0" {
      result.gaps.append("\(refused) inputs were judged live but not recorded: the ring was full")
    }
    if recording.foreignMessages > 0 {
      result.gaps.append("\(recording.foreignMessages) messages are on channels of another program")
    }
    if recording.inForceFrom == nil {
      result.gaps.append("its configuration was tried beside another and never in force: no verdict of it decided anything")
    }
    result.gaps += recording.problems.map(\.description)
    if let ending = recording.ending, ending != .closed { result.gaps.append(ending.description) }
    if request.compares, result.compared == 0 { result.gaps.append("there were no stored verdicts to compare with") }
    return result
  }

  private static func attached(_ recording: borrowing Recording) throws -> LoadedConfiguration {
    let files = recording.attachments.map { ConfigurationFile(name: $0.name, bytes: $0.bytes) }
    do throws(ConfigError) {
      return try LoadedConfiguration.load(attachments: files)
    } catch {
      throw Stop(.usage, "\(recording.path): its attached configuration: \(error); or give one with --config")
    }
  }

  private static func write(_ core: [UInt8], to file: Int32) throws {
    let bytes = Judge.prefix(core) + core
    var offset = 0
    while offset < bytes.count {
      let count = bytes.withUnsafeBytes { Glibc.write(file, $0.baseAddress! + offset, bytes.count - offset) }
      guard count > 0 else { throw Stop(.failed, "--verdicts: \(errorText())") }
      offset += count
    }
  }
}

/// One line on a terminal for a person who waits longer than two seconds.
private struct Progress {
  private let started = monotonicNow()
  private let isTerminal = isatty(STDERR_FILENO) == 1
  private var shown = false

  mutating func show(_ inputs: UInt64) {
    guard isTerminal, inputs % 4096 == 0, monotonicNow().seconds(since: started) > 2 else { return }
    shown = true
    put("\r\(inputs) inputs judged")
  }

  func end() {
    if shown { put("\r\u{1b}[K") }
  }

  private func put(_ text: String) {
    var text = text
    text.withUTF8 { _ = Glibc.write(STDERR_FILENO, $0.baseAddress, $0.count) }
  }
}
