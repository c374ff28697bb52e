/// Looks at the space that is left, once a second, on the recorder's thread. What takes time, reading what there is and removing it, is
/// done on threads of their own.
struct SpaceWatch: ~Copyable {
  enum Order {
    case none
    /// The recording is to end, for this reason.
    case end(String)
    /// These files are to be removed, once the log says so.
    case remove([RetentionSearch.Removable])
    /// These were to be removed and are still there; with a reason the recording is to end.
    case kept([RemovedFile], String?)
  }

  /// Bytes; `nil`: not known.
  private(set) var free: UInt64?
  /// Runs of which nothing is removed because the log is not whole, as last searched.
  private(set) var doubtfulRuns = 0
  private let root: String
  private let retention: Retention?
  private let freeBytes: @Sendable (String) -> UInt64?
  private let patience: Int64
  private var looked = Int64.min
  private var search: Errand<RetentionSearch.Result>?
  private var removal: (work: FileRemoval, errand: Errand<FileRemoval.Outcome>)?
  /// Runs whose doubt was said.
  private var said: Set<String> = []
  /// When it looks again for what may go; while it goes on with less than it should have left, because something may go soon.
  private var waitsUntil: Int64?
  private var words: [String] = []

  /// ns
  private static let interval: Int64 = 1_000_000_000
  private static let wait: Int64 = 5_000_000_000

  /// - Parameters:
  ///   - patience: ns that the file system may take to give back what a file had
  init(_ configuration: RecorderConfiguration, patience: Int64, freeBytes: @escaping @Sendable (String) -> UInt64?) {
    root = configuration.directory.root
    retention = configuration.retention
    self.patience = patience
    self.freeBytes = freeBytes
  }

  /// What a person should know, each once.
  mutating func takeWords() -> [String] {
    defer { words.removeAll() }
    return words
  }

  /// - Parameters:
  ///   - now: ns of the monotonic clock
  ///   - run: the one in force
  ///   - head: where the log stands
  mutating func look(at now: Int64, beside run: RecorderConfiguration, isRecording: Bool, head: LogPosition) -> Order {
    // What a search came to is acted on at once; after a removal the file system gets its time, or too much would go.
    guard search?.isDone == true || looked == .min || now - looked >= Self.interval else { return .none }
    looked = now
    free = freeBytes(root)
    if let removal {
      guard removal.errand.isDone else { return .none }
      self.removal = nil
      let outcome = (try? removal.errand.take()) ?? FileRemoval.Outcome()
      if outcome.failure != nil || !outcome.kept.isEmpty {
        return .kept(outcome.kept, outcome.failure.map { "space runs out, and \($0)" })
      }
    }
    guard isRecording, let retention, let free, free < retention.minFree else {
      if search?.isDone == true { search = nil }
      waitsUntil = nil
      return .none
    }
    let lack = "\(free / 1_000_000) MB are left and evidence.min_free_mb is \(retention.minFree / 1_000_000)"
    switch retention.policy {
    case .stop: return .end(lack)
    case .oldest: return searched(lack, retention.minFree - free, beside: run, at: now, head, retention)
    }
  }

  private mutating func searched(
    _ lack: String, _ missing: UInt64, beside run: RecorderConfiguration, at now: Int64, _ head: LogPosition, _ retention: Retention
  ) -> Order {
    // Half of what it should have left is there to wait with.
    let mayWait = missing <= retention.minFree / 2
    guard let found = search else {
      if mayWait, let waitsUntil, now < waitsUntil { return .none }
      let search = RetentionSearch(
        root: root, bootID: Hex.string(run.directory.bootID), monotonicStart: run.monotonicStart, monotonicNow: now, lock: retention.lock,
        head: LogAnchor(sequence: head.sequence, digest: Hex.string(head.digest)))
      self.search = Errand("odcv-space") { () throws(EvidenceError) in try search.run(now: System.wallNow()) }
      return .none
    }
    guard found.isDone else { return .none }
    self.search = nil
    let result: RetentionSearch.Result
    do throws(EvidenceError) { result = try found.take() } catch { return .end("\(lack); what may be removed is not known: \(error)") }
    doubtfulRuns = result.doubts.count
    for doubt in result.doubts where said.insert(doubt.run).inserted {
      words.append(
        "nothing of \(doubt.run) is removed, because the violation log can't say what it surrounds: \(doubt.flaw); run `odcv-monitor "
          + "verify`, and take the run away yourself when you have what you need of it")
    }
    guard !result.removable.isEmpty else {
      if mayWait, result.unsettled > 0 {
        if waitsUntil == nil {
          words.append(
            "\(lack); of \(result.unsettled) files that ended a moment ago it is not known yet what they surround: the recording goes on "
              + "until half of that is left")
        }
        waitsUntil = now + SpaceWatch.wait
        return .none
      }
      return .end(
        "\(lack); nothing may be removed: \(result.locked) files surround violations, \(result.linked) have another name, "
          + "\(result.doubts.count) runs are not whole in the violation log, the others are written now or were a moment ago")
    }
    var (files, bytes): ([RetentionSearch.Removable], UInt64) = ([], 0)
    for file in result.removable where bytes < missing {
      files.append(file)
      bytes += file.status.frees
    }
    return .remove(files)
  }

  /// Removes what the log says is removed.
  mutating func remove(_ files: [RetentionSearch.Removable]) {
    let work = FileRemoval(root: root, patience: patience, freeBytes: freeBytes)
    removal = (work, Errand("odcv-space") { work.run(files) })
  }

  /// Ends what is under way; the files that were to be removed and are still there.
  mutating func finish() -> [RemovedFile] {
    if let search = search.take() { _ = try? search.take() }
    guard let removal = removal.take() else { return [] }
    removal.work.cancel()
    return (try? removal.errand.take())?.kept ?? []
  }
}
