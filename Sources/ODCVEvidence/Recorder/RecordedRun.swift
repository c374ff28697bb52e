/// A run as its files say it was, for whoever decides which of them may go.
struct RecordedRun: Sendable {
  struct File: Sendable {
    var name: String
    var number: Int
    var status: FileStatus
    /// ns of the monotonic clock
    var begins: Int64
    /// `nil` where its recorder did not live to say so.
    var ends: Int64?
    var inputs: ClosedRange<UInt64>?
  }

  var name: String
  /// Hex digits.
  var bootID: String
  var monotonicStart: Int64
  var wallStart: Int64
  /// Where the log stood when it came into force; `nil` where no file that is left says so: what was logged in its time is then its own.
  var logFirst: UInt64?
  /// Where the log stood at its end; `nil` where it did not end in order.
  var logLast: UInt64?
  /// Where the log stood for the oldest file that says so: runs follow each other as their records do.
  private var logNear: UInt64?
  /// What its files know of the log.
  var anchors: [LogAnchor] = []
  /// Violations that it had logged when the log stood there.
  var counts: [(upTo: UInt64, violations: UInt64)] = []
  /// ns before and after a violation that belong to it.
  var before = RecordedRun.leastMargin
  var after = RecordedRun.leastMargin
  var files: [File] = []

  /// What led to a violation and what came of it is often in the file beside, ns.
  static let leastMargin: Int64 = 10_000_000_000
  /// No excerpt is longer, ns.
  private static let greatestMargin: Int64 = 86_400_000_000_000

  /// The runs under a root, oldest first. A directory or file that is a symbolic link is none.
  static func all(root: String) throws(EvidenceError) -> [RecordedRun] {
    var runs: [RecordedRun] = []
    for name in try EvidenceDirectory.runs(root: root) where FileStatus(root + "/" + name)?.isDirectory == true {
      var run: RecordedRun?
      for (number, file) in try EvidenceDirectory.parts(of: root + "/" + name) {
        let path = root + "/" + name + "/" + file
        guard let status = FileStatus(path), status.isRegular, let metadata = try? MCAPReader.sidecars(path: path).metadata,
          let values = metadata.first(where: { $0.name == "odcv" })?.values, let new = run ?? RecordedRun(name, values)
        else { continue }
        run = new
        run?.add(file, number, status, metadata)
      }
      if let run { runs.append(run) }
    }
    return sorted(runs)
  }

  private init?(_ name: String, _ values: [String: String]) {
    guard let monotonic = values["mono_start_ns"].flatMap({ Int64($0) }), let boot = values["boot_id"] else { return nil }
    self.name = name
    bootID = boot
    monotonicStart = monotonic
    wallStart = values["real_start_ns"].flatMap { Int64($0) } ?? 0
    if let excerpts = Excerpts(values) {
      before = min(max(excerpts.before, Self.leastMargin), Self.greatestMargin)
      after = min(max(excerpts.after, Self.leastMargin), Self.greatestMargin)
    }
  }

  private mutating func add(_ file: String, _ number: Int, _ status: FileStatus, _ metadata: [MCAPMetadata]) {
    func values(_ record: String) -> [String: String] { metadata.last { $0.name == record }?.values ?? [:] }
    func number64(_ record: String, _ key: String) -> UInt64? { values(record)[key].flatMap { UInt64($0) } }
    for (record, sequence, digest) in [
      ("odcv", "log_first_sequence", "log_first_sha256"), ("odcv.in_force", "log_first_sequence", "log_first_sha256"),
      (PartMark.name, "log_first_sequence", "log_first_sha256"), (EndMark.name, "log_last_sequence", "log_head_sha256"),
    ] {
      guard let place = number64(record, sequence) else { continue }
      anchors.append(LogAnchor(sequence: place, digest: values(record)[digest] ?? ""))
      if record == "odcv" || record == "odcv.in_force", logFirst == nil { logFirst = place }
      if logNear == nil { logNear = place }
    }
    if let upTo = number64(EndMark.name, "log_last_sequence") {
      if let violations = number64(EndMark.name, "violations_logged") { counts.append((upTo, violations)) }
      if values(EndMark.name)[EndMark.nextPart] == nil { logLast = upTo }
    }
    let mark = PartMark(values(PartMark.name))
    let begins = mark?.begins ?? monotonicStart
    let ends = values(EndMark.name)[EndMark.end].flatMap { Int64($0) }
    let (first, overflows) = (mark?.previousLast ?? 0).addingReportingOverflow(1)
    guard Self.isTime(begins), ends.map(Self.isTime) ?? true, !overflows else { return }
    let last = number64(EndMark.name, EndMark.lastIndex)
    files.append(
      File(
        name: file, number: number, status: status, begins: begins, ends: ends,
        inputs: last.flatMap { first <= $0 ? first...$0 : nil }))
  }

  /// ns of a clock that began when the machine did; within two hundred years.
  static func isTime(_ instant: Int64) -> Bool { (0...200 * 365 * 86_400 * 1_000_000_000).contains(instant) }

  /// By the log, which goes through all starts of machine and monitor. A run whose files say nothing of it comes behind the last that
  /// began before it: of the same start of the machine by the clock that never goes back, else by the clock on the wall.
  private static func sorted(_ runs: [RecordedRun]) -> [RecordedRun] {
    let known = runs.filter { $0.logNear != nil }
    func place(_ run: RecordedRun) -> (log: UInt64, derived: Int, wall: Int64, name: String) {
      if let near = run.logNear { return (near, 0, run.wallStart, run.name) }
      let sameBoot = known.filter { $0.bootID == run.bootID }
      let before =
        sameBoot.isEmpty
        ? known.filter { $0.wallStart <= run.wallStart } : sameBoot.filter { $0.monotonicStart <= run.monotonicStart }
      return (before.compactMap(\.logNear).max() ?? 0, 1, run.wallStart, run.name)
    }
    return runs.map { (place($0), $0) }.sorted { $0.0 < $1.0 }.map(\.1)
  }
}
