import Glibc

/// Hands the worker to its thread. Unchecked: the worker is touched by its thread alone, and by `Recorder.stop` only
/// after it has joined that thread.
final class RecorderWorkerBox: @unchecked Sendable {
  private var worker: RecorderWorker

  init(_ worker: consuming RecorderWorker) { self.worker = worker }

  var summary: RecorderSummary { worker.summary }

  func run() {
    // The process's signals are for the threads that wait for them.
    var all = sigset_t()
    sigfillset(&all)
    pthread_sigmask(SIG_BLOCK, &all, nil)
    System.nameThread("odcv-recorder")
    worker.run()
  }
}

/// The recorder's loop: take what the ring holds, make the violations durable, confirm them, sleep.
struct RecorderWorker: ~Copyable {
  private(set) var summary = RecorderSummary()
  private let ring: RecordRing
  private let confirmations: AckRing
  private let shared: RecorderShared
  private var log: ViolationLog
  private var recording: RunRecording
  private var next: NextRun?
  /// Runs that came before the one in force, and what was counted in them.
  private var runsBefore: UInt32 = 0
  private var before = (summary: RecorderSummary(), refusedRecords: UInt64(0), refusedInputs: UInt64(0))
  private var record = RingRecord()
  /// Appended to the log, not yet durable.
  private var uncommitted: [CommitConfirmation] = []
  /// Durable, but the way back is full.
  private var unconfirmed: [CommitConfirmation] = []
  private var refusedViolations: UInt64 = 0

  /// So many records, then the log is committed although more are waiting.
  private static let batch = 1024
  /// A confirmation is late by this much at most, and an idle recorder costs about nothing.
  private static let nap: Int64 = 1_000_000

  init(
    _ recording: consuming RunRecording, ring: RecordRing, confirmations: AckRing, shared: RecorderShared,
    log: consuming ViolationLog
  ) {
    self.recording = recording
    self.ring = ring
    self.confirmations = confirmations
    self.shared = shared
    self.log = log
  }

  mutating func run() {
    while true {
      // Read before draining: what was pushed before the stop is in the ring by now.
      let stopping = shared.stop.load(ordering: .acquiring)
      let taken = drain()
      commit()
      keepCheckpoints()
      keepRecording()
      shared.cameRound.store(System.monotonicNow(), ordering: .relaxed)
      if taken < Self.batch {
        if stopping { break }
        System.sleep(nanoseconds: Self.nap)
      }
    }
    finish()
  }

  private mutating func drain() -> Int {
    var taken = 0
    while taken < Self.batch, ring.pop(into: &record) {
      taken += 1
      switch record.kind {
      case .prepared: prepare()
      case .turned: turn()
      case .abandoned: abandon()
      case .violation:
        summary.records += 1
        logViolation()
        drawViolation()
      case .layout, .action, .state, .people, .obstacles, .reasoning, .heartbeat, .request, .instruction, .signal, .undecoded,
        .tick, .lost, .overrun, .restored, .handover, .verdict, .alarm, .sent:
        summary.records += 1
        write()
      }
    }
    return taken
  }

  private mutating func logViolation() {
    guard shared.logError.load(ordering: .relaxed) == 0 else {
      summary.violationsLost += 1
      return
    }
    do throws(EvidenceError) {
      let sequence = try log.append(index: record.index, monotonic: record.instant, payload: record.body)
      uncommitted.append(CommitConfirmation(arrivalIndex: record.index, logSequence: sequence, run: runsBefore))
    } catch {
      summary.violationsLost += 1
      stopLog(error)
    }
  }

  /// The log holds it; the recording holds what is drawn of it.
  private mutating func drawViolation() {
    guard shared.recordingError.load(ordering: .relaxed) == 0 else { return }
    do throws(EvidenceError) { try recording.draw(record, index: record.index) } catch { stopRecording(error) }
  }

  private mutating func write() {
    next?.write(record)
    guard record.detail != RecordKind.onlyNext || !record.kind.isMessage else { return }
    guard shared.recordingError.load(ordering: .relaxed) == 0 else { return }
    do throws(EvidenceError) {
      try recording.write(record, index: record.index)
    } catch {
      stopRecording(error)
    }
  }

  private mutating func commit() {
    noteRefusals()
    if !uncommitted.isEmpty {
      do throws(EvidenceError) {
        try log.sync()
        summary.violationsLogged += UInt64(uncommitted.count)
        unconfirmed += uncommitted
        uncommitted.removeAll(keepingCapacity: true)
      } catch {
        stopLog(error)
      }
    }
    var confirmed = 0
    while confirmed < unconfirmed.count, confirmations.push(unconfirmed[confirmed]) { confirmed += 1 }
    unconfirmed.removeFirst(confirmed)
  }

  private mutating func noteRefusals() {
    let refused = ring.refusedViolations
    guard refused > refusedViolations, shared.logError.load(ordering: .relaxed) == 0 else { return }
    do throws(EvidenceError) {
      try log.append(refused: refused - refusedViolations)
      try log.sync()
      refusedViolations = refused
    } catch {
      stopLog(error)
    }
  }

  private mutating func keepRecording() {
    let now = System.monotonicNow()
    next?.keep(at: now)
    guard shared.recordingError.load(ordering: .relaxed) == 0 else { return }
    do throws(EvidenceError) {
      try recording.keep(at: now)
    } catch {
      stopRecording(error)
    }
  }

  // MARK: - From one run to the next

  private mutating func prepare() {
    abandon()
    // One that was discarded meanwhile is not in force later.
    if let recording = shared.prepared.take(NextRun.number(record)) { next = NextRun(recording, record) }
  }

  private mutating func turn() {
    guard let next = next.take() else { preconditionFailure("a run came into force that was not announced, or was discarded") }
    let failure = next.failure
    let refusedInputs = next.refusedInputs
    let index = next.index(record.index) + 1
    var following = next.intoRecording()
    if shared.recordingError.load(ordering: .relaxed) == 0 {
      var values = closing
      values["next"] = following.configuration.directory.name
      do throws(EvidenceError) { try recording.finish(values) } catch { summary.errors.append(error.description) }
    }
    // The new file stands for itself: what stopped the one before may be over.
    shared.recordingError.store(0, ordering: .relaxed)
    do throws(EvidenceError) {
      if let failure { throw failure }
      try following.begin(at: index, after: recording.configuration.directory, log: LogPosition(log))
    } catch {
      stopRecording(error)
    }
    recording = following
    runsBefore += 1
    before = (summary, ring.refusedRecords, refusedInputs)
  }

  private mutating func abandon() {
    guard let next = next.take() else { return }
    do throws(EvidenceError) { try next.intoRecording().remove() } catch { summary.errors.append(error.description) }
  }

  // MARK: -

  private mutating func finish() {
    abandon()
    if shared.logError.load(ordering: .relaxed) == 0 {
      do throws(EvidenceError) { try log.close() } catch { stopLog(error) }
    }
    summary.refusedRecords = ring.refusedRecords
    summary.logSequence = log.durableSequence
    guard shared.recordingError.load(ordering: .relaxed) == 0 else { return }
    do throws(EvidenceError) {
      try recording.finish(closing)
    } catch {
      stopRecording(error)
    }
  }

  /// What the recording ends with.
  private var closing: [String: String] {
    [
      "records": String(summary.records - before.summary.records),
      "refused_records": String(ring.refusedRecords - before.refusedRecords),
      "refused_inputs": String(ring.refusedInputs - before.refusedInputs),
      "violations_logged": String(summary.violationsLogged - before.summary.violationsLogged),
      "violations_lost": String(summary.violationsLost - before.summary.violationsLost), "log_last_sequence": String(log.lastSequence),
      "log_head_sha256": Hex.string(log.headDigest),
    ]
  }

  private mutating func keepCheckpoints() {
    do throws(EvidenceError) { try log.checkpointIfDue() } catch {
      summary.errors.append(error.description)
      shared.checkpointError.store(error.code == 0 ? -1 : error.code, ordering: .relaxed)
    }
  }

  private mutating func stopLog(_ error: EvidenceError) {
    summary.violationsLost += UInt64(uncommitted.count)
    uncommitted.removeAll()
    summary.errors.append(error.description)
    shared.logError.store(error.code == 0 ? -1 : error.code, ordering: .relaxed)
  }

  private mutating func stopRecording(_ error: EvidenceError) {
    summary.errors.append(error.description)
    shared.recordingError.store(error.code == 0 ? -1 : error.code, ordering: .relaxed)
  }
}
