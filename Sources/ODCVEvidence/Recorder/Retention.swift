/// What is done with recordings when space runs out. The violation log is never touched.
public struct Retention: Sendable, Equatable {
  public enum Policy: String, Sendable, CaseIterable {
    /// The recording ends, in order.
    case stop
    /// The oldest files are removed, also of the run in force where it has several; where nothing may be, the recording ends.
    case oldest
  }

  /// Bytes that the file system is to have left.
  public var minFree: UInt64
  public var policy: Policy
  /// ns for which a file that surrounds a violation stays; `nil`: for ever.
  public var lock: Int64?

  public init(minFree: UInt64, policy: Policy, lock: Int64? = nil) {
    self.minFree = minFree
    self.policy = policy
    self.lock = lock
  }
}

/// Looks at the space that is left, once a second, on the recorder's thread. What takes time, reading what there is and removing it, is
/// done on threads of their own.
struct SpaceWatch: ~Copyable {
  enum Order {
    case none
    /// The recording is to end, for this reason.
    case end(String)
    /// These files are to be removed, once the log says so.
    case remove([RemovedFile])
  }

  /// Bytes; `nil`: not known.
  private(set) var free: UInt64?
  private let root: String
  private let retention: Retention?
  private let freeBytes: @Sendable (String) -> UInt64?
  private var looked = Int64.min
  private var search: Errand<RetentionSearch.Result>?
  private var removal: Errand<Void>?

  /// ns
  private static let interval: Int64 = 1_000_000_000

  init(_ configuration: RecorderConfiguration, freeBytes: @escaping @Sendable (String) -> UInt64?) {
    root = configuration.directory.root
    retention = configuration.retention
    self.freeBytes = freeBytes
  }

  /// - Parameters:
  ///   - now: ns of the monotonic clock
  ///   - run: the one in force
  mutating func look(at now: Int64, beside run: RecorderConfiguration, isRecording: Bool) -> Order {
    // What a search came to is acted on at once; after a removal the file system gets its time, or too much would go.
    guard search?.isDone == true || looked == .min || now - looked >= Self.interval else { return .none }
    looked = now
    free = freeBytes(root)
    guard isRecording, let retention, let free else {
      if search?.isDone == true { search = nil }
      if removal?.isDone == true { removal = nil }
      return .none
    }
    if removal != nil {
      guard removal?.isDone == true else { return .none }
      let done = removal.take()
      do throws(EvidenceError) { try done?.take() } catch { return .end("space runs out, and \(error)") }
    }
    guard free < retention.minFree else {
      if search?.isDone == true { search = nil }
      return .none
    }
    let lack = "\(free / 1_000_000) MB are left and evidence.min_free_mb is \(retention.minFree / 1_000_000)"
    switch retention.policy {
    case .stop: return .end(lack)
    case .oldest: return searched(lack, retention.minFree - free, beside: run, retention)
    }
  }

  private mutating func searched(
    _ lack: String, _ missing: UInt64, beside run: RecorderConfiguration, _ retention: Retention
  ) -> Order {
    guard let found = search else {
      let search = RetentionSearch(
        root: root, bootID: Hex.string(run.directory.bootID), monotonicStart: run.monotonicStart, lock: retention.lock)
      self.search = Errand("odcv-space") { () throws(EvidenceError) in try search.run(now: System.wallNow()) }
      return .none
    }
    guard found.isDone else { return .none }
    self.search = nil
    let result: RetentionSearch.Result
    do throws(EvidenceError) { result = try found.take() } catch { return .end("\(lack); what may be removed is not known: \(error)") }
    guard !result.removable.isEmpty else {
      return .end(
        "\(lack); nothing may be removed: \(result.locked) files surround violations, the others are written now or were a moment ago")
    }
    var (files, bytes): ([RemovedFile], UInt64) = ([], 0)
    for file in result.removable where bytes < missing {
      files.append(file)
      bytes += file.bytes
    }
    return .remove(files)
  }

  /// Removes what the log says is removed.
  mutating func remove(_ files: [RemovedFile]) {
    let root = root
    removal = Errand("odcv-space") { () throws(EvidenceError) in
      for file in files {
        let run = root + "/" + file.run
        try System.remove(run + "/" + file.name, in: run)
        // Only when it is empty now: what else somebody put there stays.
        try? System.removeDirectory(run)
      }
    }
  }

  /// Waits for what is under way.
  mutating func finish() {
    if let search = search.take() { _ = try? search.take() }
    if let removal = removal.take() { try? removal.take() }
  }
}
