import Glibc
import ODCVEvidence

/// An input that somebody asks about: where it is recorded, and its record in the violation log if it has one.
struct LoggedEvent {
  var recording: String
  /// Arrival index.
  var index: UInt64
  /// `nil` when it was named by its index.
  var record: LogRecord?
  /// What is wrong with the log that it was found in, in words; `nil` when it verifies.
  var logFailure: String?

  /// - Parameters:
  ///   - number: a sequence of the violation log, or an arrival index of `recording`
  ///   - recording: `nil`: the one of the log's own run
  ///   - evidence: the evidence directory; `nil`: the one that holds `recording`
  /// - Throws: `Stop` with 2 for what is not there, 5 for a directory without a log
  static func find(_ number: UInt64, isIndex: Bool, recording: String?, evidence: String?) throws -> LoggedEvent {
    if isIndex {
      guard let recording else {
        throw Stop(.usage, "--index counts the inputs of a recording: name it, as in `explain --index \(number) REC.mcap`")
      }
      return LoggedEvent(recording: recording, index: number)
    }
    if let recording, evidence == nil {
      // A slice names the record that it was cut out around.
      let mark = try reading { () throws(EvidenceError) in try Recording(path: recording).slice }
      if let mark, mark.logSequence == number { return LoggedEvent(recording: recording, index: mark.around) }
      if let mark {
        throw Stop(
          .usage,
          "\(recording) is a slice around input \(mark.around)"
            + (mark.logSequence.map { ", log record \($0)" } ?? "") + ": name that, or give --evidence")
      }
    }
    let root = evidence ?? recording.map(LoggedEvent.root) ?? "evidence"
    let records = try reading { () throws(EvidenceError) in try LogVerifier.records(directory: root) }
    guard !records.isEmpty else {
      throw Stop(
        .nothing, "\(root): no violation log here; name the evidence directory with --evidence, or an input with --index")
    }
    guard let record = records.first(where: { $0.sequence == number }) else {
      throw Stop(.usage, "\(root): its log has no record \(number); it holds \(records[0].sequence) to \(records.last!.sequence)")
    }
    guard record.kind == .violation else { throw Stop(.usage, "\(root): " + notViolation(record, among: records)) }
    let report = try reading { () throws(EvidenceError) in try LogVerifier.verify(directory: root) }
    return LoggedEvent(
      recording: try recording ?? self.recording(of: record, root), index: record.arrivalIndex, record: record,
      logFailure: report.failures.first?.description)
  }

  /// Of `<root>/run-.../recording.mcap`, or of `<root>/run-...`.
  static func root(_ recording: String) -> String {
    var parts = recording.split(separator: "/", omittingEmptySubsequences: false)
    while parts.count > 1, parts.last == "" { parts.removeLast() }
    let below = access(recording + "/.", F_OK) == 0 ? 1 : 2
    guard parts.count > below else { return parts.count == below ? "." : ".." }
    return parts.dropLast(below).joined(separator: "/")
  }

  /// Records of one run lie between the first that its recording names and the first of the next run's.
  private static func recording(of record: LogRecord, _ root: String) throws -> String {
    var best: (first: UInt64, path: String)?
    for path in try reading({ () throws(EvidenceError) in try EvidenceDirectory.recordings(root: root) }) {
      guard let metadata = try? MCAPReader.sidecars(path: path).metadata,
        let values = metadata.first(where: { $0.name == "odcv" })?.values,
        // A configuration that came later says where the log stood when it came into force.
        let first = (values["log_first_sequence"] ?? metadata.last { $0.name == "odcv.in_force" }?.values["log_first_sequence"])
          .flatMap({ UInt64($0) }), first <= record.sequence,
        values["boot_id"] == Words.hex(record.bootID), first >= best?.first ?? 0
      else { continue }
      best = (first, path)
    }
    guard let best else {
      throw Stop(
        .usage, "\(root): no recording of the run that wrote log record \(record.sequence) is here; name it after the number")
    }
    return best.path
  }

  /// The input of that number is the one that the record is of.
  ///
  /// - Parameter instant: when it was received, ns of the monotonic clock
  func check(_ instant: Int64) throws(EvidenceError) {
    guard let record, record.monotonic != instant else { return }
    throw EvidenceError(
      "\(recording): its input \(index) is another than the one of log record \(record.sequence), which was received "
        + "\(Words.rounded((Double(record.monotonic) - Double(instant)) * 1e-9)) s later; name the recording of the run that wrote the record")
  }

  private static func notViolation(_ record: LogRecord, among records: [LogRecord]) -> String {
    let what =
      switch record.kind {
      case .opened: "the beginning of a segment"
      case .closed: "the end of a segment"
      case .removed: "what was removed because space ran out"
      case .refused: "the number of violations that the recorder had no space for"
      case .violation: "a violation"
      }
    let next = records.first { $0.sequence > record.sequence && $0.kind == .violation }
    let before = records.last { $0.sequence < record.sequence && $0.kind == .violation }
    let near = [before, next].compactMap { $0.map { "\($0.sequence)" } }.joined(separator: " and ")
    return "log record \(record.sequence) is \(what), no violation; "
      + (near.isEmpty ? "there is none in this log" : "the nearest are \(near)")
  }
}

/// Runs a piece of reading; what goes wrong with the evidence ends the command with status 2.
func reading<Result: ~Copyable>(_ body: () throws(EvidenceError) -> Result) throws -> Result {
  do throws(EvidenceError) { return try body() } catch { throw Stop(.usage, "\(error)") }
}
