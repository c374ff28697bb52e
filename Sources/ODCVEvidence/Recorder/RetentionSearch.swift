/// Finds the files of recordings that may go when space runs out, from what is on disk alone: names, metadata and the violation log.
///
/// - Of the run in force a file goes only when its newest began ten seconds after it ended, or as long as an excerpt reaches back: until
///   then a violation may still lock it. A file of a run before it goes only when twice that time has passed since it ended, for the same
///   reason. No file goes of a run that is prepared to follow.
/// - A file is locked while a violation of the log lies in its time, or so near that the file may hold what led there or what came of it.
/// - Nothing goes of a run whose part of the log is not whole: what is missing there may have been a violation.
/// - A file that can't be read, or whose times and numbers can't be, stays: nobody knows what is in it. So does one that has another
///   name: its space would not be free.
struct RetentionSearch: Sendable {
  /// A file that may go.
  struct Removable: Sendable {
    var file: RemovedFile
    var status: FileStatus
    var run: String { file.run }
    var name: String { file.name }
    var inputs: ClosedRange<UInt64>? { file.inputs }
  }

  struct Result: Sendable {
    /// Oldest first.
    var removable: [Removable] = []
    /// Files that surround violations.
    var locked = 0
    /// Files that ended so lately that nobody knows yet whether they surround a violation.
    var unsettled = 0
    /// Files that have another name.
    var linked = 0
    /// Why nothing goes of a run, by its name: what is wrong with its part of the log.
    var doubts: [(run: String, flaw: String)] = []
  }

  var root: String
  /// Of the run in force: hex digits, and ns.
  var bootID: String
  var monotonicStart: Int64
  /// ns of the same clock
  var monotonicNow: Int64
  /// ns for which a file that surrounds a violation stays; `nil`: for ever.
  var lock: Int64?
  /// Where the log stands; `nil`: nobody knows.
  var head: LogAnchor?

  /// - Parameter now: ns since 1970
  func run(now: Int64) throws(EvidenceError) -> Result {
    let runs = try RecordedRun.all(root: root)
    let anchors = runs.flatMap { $0.anchors.map(\.sequence) } + (head.map { [$0.sequence] } ?? [])
    let chain = try LogChain(LogVerifier.violations(root), anchors: Set(anchors))
    let flaws = runs.map { flaw($0, among: runs, chain) }
    var result = Result()
    for (place, run) in runs.enumerated() where !isToFollow(run) {
      guard let flaw = flaws[place] ?? neighbour(of: run, in: runs, flaws) else {
        search(run, following(run, runs), chain, now, &result)
        continue
      }
      if !run.files.isEmpty { result.doubts.append((run.name, flaw)) }
    }
    return result
  }

  private func search(_ run: RecordedRun, _ following: UInt64?, _ chain: LogChain, _ now: Int64, _ result: inout Result) {
    // Of the same clock: what was found just before a reload surrounds the beginning of the run behind it.
    let own = chain.events.filter { $0.bootID == run.bootID && !isExpired($0, now) }
    for (place, file) in run.files.enumerated() {
      let isSettled = isSettled(file, in: run)
      guard isSettled || file.ends != nil else { continue }
      let end = file.ends ?? (place + 1 < run.files.count ? run.files[place + 1].begins : nil)
      let (first, last) = (file.begins - run.after, end.map { max($0, file.begins) + run.before })
      let isLocked = own.contains { event in
        // Without an end, what a later run logged is not of this one.
        event.until >= first && (last.map { event.from <= $0 } ?? (event.sequence <= following ?? .max))
      }
      if isLocked {
        result.locked += 1
      } else if file.status.links > 1 {
        result.linked += 1
      } else if !isSettled {
        result.unsettled += 1
      } else {
        let removed = RemovedFile(run: run.name, name: file.name, bytes: file.status.size, inputs: file.inputs)
        result.removable.append(Removable(file: removed, status: file.status))
      }
    }
  }

  /// What is wrong with a run's part of the log.
  private func flaw(_ run: RecordedRun, among runs: [RecordedRun], _ chain: LogChain) -> String? {
    // Without an end in order: up to the next run's beginning, else as far as the log goes.
    let end = run.logLast ?? following(run, runs)
    let anchors = run.anchors + (end == nil ? [head].compactMap { $0 } : [])
    let last = max(anchors.map(\.sequence).max() ?? 0, end ?? chain.last)
    return chain.flaw(from: run.logFirst ?? 1, to: last, anchors: anchors, counts: run.counts)
  }

  /// What is wrong with that of a run which began when this one had hardly ended, or ended when this one began: its violations lock files
  /// of this one, too.
  private func neighbour(of run: RecordedRun, in runs: [RecordedRun], _ flaws: [String?]) -> String? {
    for (place, other) in runs.enumerated() where other.bootID == run.bootID && !isToFollow(other) {
      guard let flaw = flaws[place], reaches(other, run) || reaches(run, other) else { continue }
      return flaw
    }
    return nil
  }

  /// Whether the later of two runs began so soon after the earlier one's end that a violation there surrounds both.
  private func reaches(_ earlier: RecordedRun, _ later: RecordedRun) -> Bool {
    guard earlier.monotonicStart < later.monotonicStart, let end = earlier.files.last?.ends else { return false }
    return later.monotonicStart <= end || later.monotonicStart - end <= max(earlier.before, later.after)
  }

  /// Where the log stood when the next run came into force.
  private func following(_ run: RecordedRun, _ runs: [RecordedRun]) -> UInt64? {
    run.logFirst.flatMap { first in runs.compactMap(\.logFirst).filter { $0 > first }.min() }
  }

  private func isInForce(_ run: RecordedRun) -> Bool { run.bootID == bootID && run.monotonicStart == monotonicStart }

  /// Made to follow the run in force: by the clock that never goes back.
  private func isToFollow(_ run: RecordedRun) -> Bool { run.bootID == bootID && run.monotonicStart > monotonicStart }

  /// Whatever was logged near its end is in the log by now.
  private func isSettled(_ file: RecordedRun.File, in run: RecordedRun) -> Bool {
    guard run.bootID == bootID, let newest = run.files.last else { return true }
    guard let ends = file.ends else { return !isInForce(run) }
    // The log is written as far as the newest file has come; by the clock alone, it may be as far behind again.
    if isInForce(run) { return newest.number > file.number && newest.begins &- ends >= run.before }
    return max(monotonicNow, monotonicStart) - ends >= 2 * run.before
  }

  private func isExpired(_ event: LogChain.Event, _ now: Int64) -> Bool {
    guard let lock else { return false }
    // A clock that was set back makes nothing old.
    return now - event.wall > lock
  }
}
