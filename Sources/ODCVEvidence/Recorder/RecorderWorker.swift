/// Hands the worker to its thread. Unchecked: the worker is touched by its thread alone, and by `Recorder.stop` only
/// after it has joined that thread.
final class RecorderWorkerBox: @unchecked Sendable {
  private var worker: RecorderWorker

  init(_ worker: consuming RecorderWorker) { self.worker = worker }

  var summary: RecorderSummary { worker.summary }

  func run() { worker.run() }
}

/// The recorder's loop: take what the ring holds, make the violations durable, confirm them, sleep.
struct RecorderWorker: ~Copyable {
  private(set) var summary = RecorderSummary()
  private let ring: RecordRing
  private let confirmations: AckRing
  private let shared: RecorderShared
  private var log: ViolationLog
  private var recording: RunRecording
  private var space: SpaceWatch
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
  /// When that was counted, ns of the monotonic clock.
  private var refusalsCounted = System.monotonicNow()
  /// When it was last seen whether the files still have their names, ns.
  private var placesSeen = System.monotonicNow()
  /// What was told of files that have not.
  private var misplaced: Set<String> = []

  /// So many records, then the log is committed although more are waiting.
  private static let batch = 1024
  /// A confirmation is late by this much at most. The ring holds about a second of an arm at 1 kHz; to look each millisecond would wake
  /// the recorders of eight arms 8,000 times a second.
  private static let nap: Int64 = 5_000_000
  /// ns between two looks at the names of the files
  private static let placesInterval: Int64 = 1_000_000_000

  init(
    _ recording: consuming RunRecording, ring: RecordRing, confirmations: AckRing, shared: RecorderShared,
    log: consuming ViolationLog, disk: Recorder.Disk
  ) {
    space = SpaceWatch(recording.configuration, patience: disk.freeingPatience, freeBytes: disk.freeBytes)
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
      keepPlaces()
      keepSpace()
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
    guard isRecording else { return }
    do throws(EvidenceError) { try recording.show(violation: record) } catch { stopRecording(error) }
  }

  private mutating func write() {
    next?.write(record)
    guard record.detail != RecordKind.onlyNext || !record.kind.isMessage else { return }
    guard isRecording else { return }
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
    // First the clock: what comes between is in the next count, and said to be a little older than it is.
    let (now, since) = (System.monotonicNow(), refusalsCounted)
    let refused = ring.refusedViolations
    refusalsCounted = now
    guard refused > refusedViolations, shared.logError.load(ordering: .relaxed) == 0 else { return }
    if isRecording { recording.surround(since...now) }
    do throws(EvidenceError) {
      try log.append(refused: RefusedViolations(count: refused - refusedViolations, since: since))
      try log.sync()
      refusedViolations = refused
    } catch {
      stopLog(error)
    }
  }

  private mutating func keepRecording() {
    let now = System.monotonicNow()
    next?.keep(at: now)
    guard isRecording else { return }
    recording.standing = standing
    do throws(EvidenceError) {
      try recording.keep(at: now)
    } catch {
      stopRecording(error)
    }
    let part = UInt32(truncatingIfNeeded: recording.number)
    if shared.part.exchange(part, ordering: .relaxed) != part { shared.splitError.store(0, ordering: .relaxed) }
    if let complaint = recording.takeComplaint() {
      // It may be so for weeks.
      if shared.splitError.load(ordering: .relaxed) == 0 { summary.errors.append(complaint.description) }
      shared.splitError.store(complaint.code == 0 ? -1 : complaint.code, ordering: .relaxed)
    }
  }

  private var isRecording: Bool {
    shared.recordingError.load(ordering: .relaxed) == 0 && !shared.recordingEnded.load(ordering: .relaxed)
  }

  /// Who removes evidence under a running monitor is told of it.
  private mutating func keepPlaces() {
    let now = System.monotonicNow()
    guard now - placesSeen >= Self.placesInterval else { return }
    placesSeen = now
    if shared.logError.load(ordering: .relaxed) == 0 {
      do throws(EvidenceError) {
        for words in try log.keepPlace() {
          shared.logMisplaced.store(true, ordering: .relaxed)
          tell(misplaced: words)
        }
      } catch {
        shared.logMisplaced.store(true, ordering: .relaxed)
        tell(misplaced: error.description)
        stopLog(error)
      }
    }
    if isRecording, let words = recording.keepPlace() {
      shared.recordingMisplaced.store(true, ordering: .relaxed)
      tell(misplaced: words + "; the recording goes on in a next file")
    }
  }

  private mutating func tell(misplaced words: String) {
    guard misplaced.insert(words).inserted else { return }
    shared.notes.add(words)
    summary.errors.append(words)
  }

  // MARK: - When space runs out

  private mutating func keepSpace() {
    let order = space.look(
      at: System.monotonicNow(), beside: recording.configuration, isRecording: isRecording, head: LogPosition(log))
    shared.freeBytes.store(space.free ?? .max, ordering: .relaxed)
    shared.doubtfulRuns.store(space.doubtfulRuns, ordering: .relaxed)
    for words in space.takeWords() { shared.notes.add(words) }
    switch order {
    case .none: break
    case .end(let reason): endRecording(reason)
    case .remove(let files): remove(files)
    case .kept(let files, let reason):
      noteKept(files)
      if let reason, isRecording { endRecording(reason) }
    }
  }

  /// The log said that they are removed: they are not.
  private mutating func noteKept(_ files: [RemovedFile]) {
    guard !files.isEmpty, shared.logError.load(ordering: .relaxed) == 0 else { return }
    do throws(EvidenceError) {
      for var file in files {
        file.isKept = true
        try log.append(removed: file)
      }
      try log.sync()
    } catch {
      stopLog(error)
    }
  }

  /// The log says what is removed before it is: nothing vanishes without a word.
  private mutating func remove(_ files: [RetentionSearch.Removable]) {
    guard shared.logError.load(ordering: .relaxed) == 0 else {
      return endRecording("space runs out, and nothing is removed because the violation log can't say so")
    }
    do throws(EvidenceError) {
      for file in files { try log.append(removed: file.file) }
      try log.sync()
    } catch {
      return stopLog(error)
    }
    space.remove(files)
  }

  /// Ends the recording in order while the run goes on.
  private mutating func endRecording(_ reason: String) {
    var values = standing.values
    values[EndMark.endedEarly] = reason
    do throws(EvidenceError) {
      try recording.finish(values)
    } catch {
      return stopRecording(error)
    }
    summary.errors.append("the recording has ended: \(reason)")
    shared.recordingEnded.store(true, ordering: .relaxed)
  }

  // MARK: - From one run to the next

  private mutating func prepare() {
    abandon()
    // One that was discarded meanwhile is not in force later.
    if let recording = shared.prepared.take(NextRun.number(record)) { next = NextRun(recording, record) }
  }

  private mutating func turn() {
    // Where one run's records end and the next one's begin in the log is said of what is on disk.
    commit()
    guard let next = next.take() else { preconditionFailure("a run came into force that was not announced, or was discarded") }
    let failure = next.failure
    let refusedInputs = next.refusedInputs
    let index = next.index(record.index) + 1
    var following = next.intoRecording()
    if isRecording {
      var values = standing.values
      values["next"] = following.configuration.directory.name
      do throws(EvidenceError) {
        try recording.finish(values, followedAt: record.instant)
      } catch {
        summary.errors.append(error.description)
      }
    }
    // The new file stands for itself: what stopped the one before may be over.
    shared.recordingError.store(0, ordering: .relaxed)
    shared.recordingEnded.store(false, ordering: .relaxed)
    shared.splitError.store(0, ordering: .relaxed)
    shared.recordingMisplaced.store(false, ordering: .relaxed)
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
    noteKept(space.finish())
    if shared.logError.load(ordering: .relaxed) == 0 {
      do throws(EvidenceError) { try log.close() } catch { stopLog(error) }
    }
    summary.refusedRecords = ring.refusedRecords
    summary.logSequence = log.durableSequence
    guard isRecording else { return }
    do throws(EvidenceError) {
      try recording.finish(standing.values)
    } catch {
      stopRecording(error)
    }
  }

  /// What the run in force has come to.
  private var standing: RunStanding {
    RunStanding(
      records: summary.records - before.summary.records, refusedRecords: ring.refusedRecords - before.refusedRecords,
      refusedInputs: ring.refusedInputs - before.refusedInputs,
      violationsLogged: summary.violationsLogged - before.summary.violationsLogged,
      violationsLost: summary.violationsLost - before.summary.violationsLost, log: LogPosition(log))
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
