/// Finds the files of recordings that may go when space runs out, from what is on disk alone: names, metadata and the violation log.
///
/// - Of the run in force a file goes only when its newest began ten seconds after it ended: until then a violation may still lock it. No
///   file goes of a run that is prepared to follow.
/// - A file is locked while a violation of the log lies in its time, or within ten seconds of it: what led there and what came of it is
///   often in the file beside.
/// - A file that can't be read, or whose times and numbers can't be, stays: nobody knows what is in it.
struct RetentionSearch: Sendable {
  struct Result: Sendable {
    /// Oldest first.
    var removable: [RemovedFile] = []
    /// Files that surround violations.
    var locked = 0
  }

  var root: String
  /// Of the run in force: hex digits, and ns.
  var bootID: String
  var monotonicStart: Int64
  /// ns for which a file that surrounds a violation stays; `nil`: for ever.
  var lock: Int64?

  /// ns
  private static let margin: Int64 = 10_000_000_000

  private struct Run {
    var name: String
    var bootID: String
    var monotonicStart: Int64
    var wallStart: Int64
    /// Where the log stood when it came into force; `nil` where no file that is left says so: what was logged in its time is then its own.
    var logFirst: UInt64?
    var files: [File] = []
  }

  private struct File {
    var name: String
    var number: Int
    var bytes: UInt64
    /// ns of the monotonic clock
    var begins: Int64
    /// `nil` where its recorder did not live to say so.
    var ends: Int64?
    var inputs: ClosedRange<UInt64>?
  }

  /// - Parameter now: ns since 1970
  func run(now: Int64) throws(EvidenceError) -> Result {
    let runs = try self.runs()
    let violations = try LogVerifier.records(directory: root).filter { $0.kind == .violation }
    var result = Result()
    for run in runs.sorted(by: { ($0.wallStart, $0.name) < ($1.wallStart, $1.name) }) where !isToFollow(run) {
      // What a later run logged is not of this one.
      let logFirst = run.logFirst ?? 0
      let logLast = run.logFirst.flatMap { first in runs.compactMap(\.logFirst).filter { $0 > first }.min() } ?? .max
      let own = violations.filter {
        Hex.string($0.bootID) == run.bootID && ($0.sequence > logFirst && $0.sequence <= logLast) && !isExpired($0, now)
      }
      for (place, file) in run.files.enumerated() where !isInForce(run) || isSettled(file, in: run) {
        let next = place + 1 < run.files.count ? run.files[place + 1].begins : nil
        let (first, last) = (file.begins - Self.margin, (file.ends ?? next).map { max($0, file.begins) + Self.margin } ?? .max)
        if own.contains(where: { $0.monotonic >= first && $0.monotonic <= last }) {
          result.locked += 1
        } else {
          result.removable.append(RemovedFile(run: run.name, name: file.name, bytes: file.bytes, inputs: file.inputs))
        }
      }
    }
    return result
  }

  private func isInForce(_ run: Run) -> Bool { run.bootID == bootID && run.monotonicStart == monotonicStart }

  /// Made to follow the run in force: by the clock that never goes back.
  private func isToFollow(_ run: Run) -> Bool { run.bootID == bootID && run.monotonicStart > monotonicStart }

  /// Whatever was logged near its end is in the log by now.
  private func isSettled(_ file: File, in run: Run) -> Bool {
    guard let ends = file.ends, let newest = run.files.last else { return false }
    return newest.number > file.number && newest.begins &- ends >= Self.margin
  }

  private func isExpired(_ violation: LogRecord, _ now: Int64) -> Bool {
    guard let lock else { return false }
    // A clock that was set back makes nothing old.
    return now - violation.wall > lock
  }

  /// ns of a clock that began when the machine did; within two hundred years.
  private static func isTime(_ instant: Int64) -> Bool { (0...200 * 365 * 86_400 * 1_000_000_000).contains(instant) }

  private func runs() throws(EvidenceError) -> [Run] {
    var runs: [Run] = []
    for name in try EvidenceDirectory.runs(root: root) {
      var run: Run?
      for (number, file) in try EvidenceDirectory.parts(of: root + "/" + name) {
        let path = root + "/" + name + "/" + file
        guard let metadata = try? MCAPReader.sidecars(path: path).metadata,
          let values = metadata.first(where: { $0.name == "odcv" })?.values,
          let monotonic = values["mono_start_ns"].flatMap({ Int64($0) }), let boot = values["boot_id"],
          let bytes = try? System.size(path)
        else { continue }
        func value(_ record: String, _ key: String) -> UInt64? {
          metadata.last { $0.name == record }?.values[key].flatMap { UInt64($0) }
        }
        let mark = metadata.last { $0.name == PartMark.name }.flatMap { PartMark($0.values) }
        if run == nil {
          run = Run(
            name: name, bootID: boot, monotonicStart: monotonic, wallStart: values["real_start_ns"].flatMap { Int64($0) } ?? 0,
            logFirst: nil)
        }
        let logFirst = value("odcv", "log_first_sequence") ?? value("odcv.in_force", "log_first_sequence")
        if run?.logFirst == nil { run?.logFirst = logFirst }
        let last = value(EndMark.name, EndMark.lastIndex)
        let ends = metadata.last { $0.name == EndMark.name }?.values[EndMark.end].flatMap { Int64($0) }
        let begins = mark?.begins ?? monotonic
        let (first, overflows) = (mark?.previousLast ?? 0).addingReportingOverflow(1)
        guard Self.isTime(begins), ends.map(Self.isTime) ?? true, !overflows else { continue }
        run?.files.append(
          File(
            name: file, number: number, bytes: bytes, begins: begins, ends: ends,
            inputs: last.flatMap { first <= $0 ? first...$0 : nil }))
      }
      if let run { runs.append(run) }
    }
    return runs
  }
}
