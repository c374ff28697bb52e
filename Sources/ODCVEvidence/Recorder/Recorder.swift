import Synchronization

/// What a recorder needs to know before it starts.
public struct RecorderConfiguration: Sendable {
  public var directory: EvidenceDirectory
  /// Names by `channel` of a record: the endpoints, in their own order.
  public var endpoints: [String]
  public var robotID: String
  /// Hex digits.
  public var configurationSHA256: String
  /// The configuration's files: name relative to its root, and bytes.
  public var attachments: [(name: String, bytes: [UInt8])] = []
  /// Further entries of the recording's `odcv` metadata.
  public var metadata: [String: String] = [:]
  /// Draws what is recorded; `nil`: nothing is drawn.
  public var artist: (any RecordingArtist)?
  /// The instant that the recording's times count from, ns: the monotonic clock at start, 0 for simulated time.
  public var monotonicStart: Int64
  /// The wall clock at that instant, ns since 1970.
  public var wallStart: Int64
  /// A chunk closes when it holds this many bytes.
  public var chunkBytes = 1 << 20
  /// Of the recording's chunks, on the recorder's thread.
  public var compression = MCAPCompression.zstd(level: -1)
  /// A chunk closes when its first message is this old, ns: with the recorder's nap before and its write, a kill takes 100 ms at most.
  public var chunkAge: Int64 = 90_000_000
  /// The recording goes on in a next file when this one has so many bytes; `nil`: however large it is.
  public var splitBytes: UInt64?
  /// The recording goes on in a next file after this time, ns; `nil`: however long it lasts.
  public var splitInterval: Int64?
  /// Only what surrounds violations is recorded; `nil`: everything.
  public var excerpts: Excerpts?
  /// Memory for what may yet surround one: a power of two. When it is full, an excerpt begins later than was asked for.
  public var excerptBytes = 64 << 20
  /// What is done when space runs out; `nil`: nothing before it has.
  public var retention: Retention?
  /// The recording is made durable this often, ns. The log has no such interval: it is durable before it confirms.
  public var recordingSyncInterval: Int64 = 1_000_000_000
  /// Preallocated for each segment of the log.
  public var segmentBytes = 4 << 20
  /// What the log's checkpoints are signed with; `nil`: it has none.
  public var key: LogKeyFile?
  /// New records of the log wait at most about this long for their checkpoint, ns.
  public var checkpointInterval: Int64 = 1_000_000_000

  public init(
    directory: EvidenceDirectory, endpoints: [String], robotID: String, configurationSHA256: String,
    monotonicStart: Int64, wallStart: Int64
  ) {
    self.directory = directory
    self.endpoints = endpoints
    self.robotID = robotID
    self.configurationSHA256 = configurationSHA256
    self.monotonicStart = monotonicStart
    self.wallStart = wallStart
  }
}

/// How the recorder is, for the loop to alarm on.
public struct RecorderState: Sendable, Equatable {
  /// The error number that stopped the log (-1 when it was no system call); nothing is confirmed any more. 0: fine.
  public var logError: Int32
  /// The error number that stopped the recording (-1 when it was no system call); the log goes on. 0: fine.
  public var recordingError: Int32
  /// The recording has ended, so that space is left; the log goes on.
  public var recordingEnded: Bool
  /// The file of the recording that is written, from 1.
  public var part: UInt32
  /// The error number that keeps the recording from going on in a next file (-1 when it was no system call): this one grows. 0: fine.
  public var splitError: Int32
  /// Bytes that the file system has left for this user; `nil`: not known.
  public var freeBytes: UInt64?
  /// A file of the violation log lost its name while it was written, since the start.
  public var logMisplaced = false
  /// A file of the recording did, since this run began.
  public var recordingMisplaced = false
  /// Runs of which nothing is removed when space runs out, because the violation log can't say what they hold.
  public var doubtfulRuns = 0
  /// The error number that stopped the signing of checkpoints (-1 when it was no system call); the log goes on. 0: fine.
  public var checkpointError: Int32
  /// ns since the recorder last came round: a stalled disk shows here, and nowhere in the loop.
  public var stalled: Int64
  /// Records refused because the ring was full; inputs among them, violations among them.
  public var refusedRecords: UInt64
  public var refusedInputs: UInt64
  public var refusedViolations: UInt64
}

/// What a recorder did, when it has stopped.
public struct RecorderSummary: Sendable, Equatable {
  public var records: UInt64 = 0
  public var violationsLogged: UInt64 = 0
  /// Violations taken from the ring that are not known to be on disk.
  public var violationsLost: UInt64 = 0
  public var refusedRecords: UInt64 = 0
  /// The log's last durable record.
  public var logSequence: UInt64 = 0
  /// What went wrong, in words.
  public var errors: [String] = []
}

/// The thread that drains the ring into the recording and the violation log, so that the loop never waits for a disk.
///
/// A violation is confirmed through the `AckRing` only after its record is on disk. After any error of the log nothing
/// more is confirmed; the ring is drained all the same, so the loop never finds it full for that reason.
public final class Recorder: Sendable {
  public let configuration: RecorderConfiguration
  /// What the log found from the last run.
  public let recovery: LogRecovery
  private let ring: RecordRing
  private let disk: Disk
  private let shared = RecorderShared()
  // Written before the thread starts; then only read by `stop`, once.
  private nonisolated(unsafe) var thread: OrdinaryThread?
  private let worker: RecorderWorkerBox
  private let stopped = Atomic<Bool>(false)

  /// Creates recording and log and starts the thread. Start it before the loop pins itself and raises its priority:
  /// a thread inherits its creator's cores.
  public convenience init(
    _ configuration: RecorderConfiguration, ring: RecordRing, confirmations: AckRing
  ) throws(EvidenceError) {
    try self.init(configuration, ring: ring, confirmations: confirmations, disk: Disk())
  }

  /// What stands for the disk; a test puts a failing or stalling one here.
  struct Disk: Sendable {
    var synchronizeLog: @Sendable (Int32) -> Int32 = System.synchronizeData
    var synchronizeRecording: @Sendable (Int32) -> Int32 = System.synchronizeData
    /// Of the recording, in place of the system's and of `synchronizeRecording`.
    var recording: (any FileCalls)?
    /// Bytes that are left where a directory is; `nil`: nobody knows.
    var freeBytes: @Sendable (String) -> UInt64? = System.freeBytes
    /// ns that it may take to give back what a file had
    var freeingPatience: Int64 = 40_000_000_000

    var recordingCalls: any FileCalls { recording ?? LinuxCalls(synchronizeData: synchronizeRecording) }
  }

  init(
    _ configuration: RecorderConfiguration, ring: RecordRing, confirmations: AckRing, disk: Disk
  ) throws(EvidenceError) {
    let log = try ViolationLog(
      directory: configuration.directory.violations, bootID: configuration.directory.bootID,
      segmentBytes: configuration.segmentBytes, key: configuration.key,
      checkpointInterval: configuration.checkpointInterval,
      calls: LinuxCalls(synchronizeData: disk.synchronizeLog))
    let recovery = log.recovery
    let recording = try RunRecording(configuration, log: LogPosition(log), calls: disk.recordingCalls)
    let worker = RecorderWorker(
      recording, ring: ring, confirmations: confirmations, shared: shared, log: log, disk: disk)
    self.configuration = configuration
    self.recovery = recovery
    self.ring = ring
    self.disk = disk
    self.worker = RecorderWorkerBox(worker)
    try start()
  }

  deinit { if !stopped.load(ordering: .relaxed) { _ = stop() } }

  public var state: RecorderState {
    RecorderState(
      logError: shared.logError.load(ordering: .relaxed),
      recordingError: shared.recordingError.load(ordering: .relaxed),
      recordingEnded: shared.recordingEnded.load(ordering: .relaxed), part: shared.part.load(ordering: .relaxed),
      splitError: shared.splitError.load(ordering: .relaxed), freeBytes: shared.knownFreeBytes,
      logMisplaced: shared.logMisplaced.load(ordering: .relaxed),
      recordingMisplaced: shared.recordingMisplaced.load(ordering: .relaxed),
      doubtfulRuns: shared.doubtfulRuns.load(ordering: .relaxed),
      checkpointError: shared.checkpointError.load(ordering: .relaxed),
      stalled: max(0, System.monotonicNow() - shared.cameRound.load(ordering: .relaxed)),
      refusedRecords: ring.refusedRecords, refusedInputs: ring.refusedInputs,
      refusedViolations: ring.refusedViolations)
  }

  /// What a person should know, each once.
  public func takeNotes() -> [String] { shared.notes.take() }

  /// Makes the recording of a run that may follow, and numbers it; see `NextRun` for what the ring is then told. Nothing is left of
  /// one that can't be made.
  public func prepare(_ configuration: RecorderConfiguration) throws(EvidenceError) -> UInt64 {
    do throws(EvidenceError) {
      return shared.prepared.keep(try RunRecording(configuration, log: nil, calls: disk.recordingCalls))
    } catch {
      configuration.directory.removeRun()
      throw error
    }
  }

  /// Removes a recording that was prepared, unless it was announced.
  public func discardPrepared(_ number: UInt64) {
    if let recording = shared.prepared.take(number) { try? recording.remove() }
  }

  /// Records what is still in the ring, ends the recording with its summary and the log in order, and joins the
  /// thread. The loop must not push any more.
  @discardableResult
  public func stop() -> RecorderSummary {
    if !stopped.exchange(true, ordering: .relaxed) {
      shared.stop.store(true, ordering: .releasing)
      thread?.join()
      shared.prepared.removeAll()
    }
    return worker.summary
  }

  /// Removes what was made for a run that took nothing in, because it never began; after `stop`.
  public func removeUnused() { if worker.summary.records == 0 { configuration.directory.removeRun() } }

  private func start() throws(EvidenceError) {
    let worker = worker
    do throws(EvidenceError) {
      thread = try OrdinaryThread("odcv-recorder") { worker.run() }
    } catch {
      stopped.store(true, ordering: .relaxed)
      throw error
    }
  }
}

/// What both threads touch.
final class RecorderShared: Sendable {
  let stop = Atomic<Bool>(false)
  let logError = Atomic<Int32>(0)
  let recordingError = Atomic<Int32>(0)
  let checkpointError = Atomic<Int32>(0)
  let recordingEnded = Atomic<Bool>(false)
  let part = Atomic<UInt32>(1)
  let splitError = Atomic<Int32>(0)
  let logMisplaced = Atomic<Bool>(false)
  let recordingMisplaced = Atomic<Bool>(false)
  let doubtfulRuns = Atomic<Int>(0)
  let notes = RecorderNotes()
  /// `UInt64.max`: not known
  let freeBytes = Atomic<UInt64>(.max)
  /// ns of the monotonic clock
  let cameRound = Atomic<Int64>(System.monotonicNow())
  let prepared = PreparedRuns()

  var knownFreeBytes: UInt64? {
    let bytes = freeBytes.load(ordering: .relaxed)
    return bytes == .max ? nil : bytes
  }
}

/// What the recorder has to say to a person while it runs.
final class RecorderNotes: Sendable {
  private let words = Mutex<[String]>([])

  func add(_ text: String) { words.withLock { $0.append(text) } }

  func take() -> [String] {
    words.withLock { words in
      defer { words.removeAll() }
      return words
    }
  }
}
