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
  private let configuration: RecorderConfiguration
  private let ring: RecordRing
  private let confirmations: AckRing
  private let shared: RecorderShared
  private var log: ViolationLog
  private var recording: MCAPWriter
  private var channels: RecordingChannels
  private var record = RingRecord()
  /// Appended to the log, not yet durable.
  private var uncommitted: [CommitConfirmation] = []
  /// Durable, but the way back is full.
  private var unconfirmed: [CommitConfirmation] = []
  private var refusedViolations: UInt64 = 0
  private var recordingSynced = System.monotonicNow()

  /// So many records, then the log is committed although more are waiting.
  private static let batch = 1024
  /// A confirmation is late by this much at most, and an idle recorder costs about nothing.
  private static let nap: Int64 = 1_000_000

  init(
    _ configuration: RecorderConfiguration, ring: RecordRing, confirmations: AckRing, shared: RecorderShared,
    log: consuming ViolationLog, recording: consuming MCAPWriter
  ) throws(EvidenceError) {
    var recording = recording
    var metadata = configuration.metadata
    metadata["mono_start_ns"] = String(configuration.monotonicStart)
    metadata["real_start_ns"] = String(configuration.wallStart)
    metadata["robot_id"] = configuration.robotID
    metadata["configuration_sha256"] = configuration.configurationSHA256
    metadata["boot_id"] = Hex.string(configuration.directory.bootID)
    metadata["log_first_sequence"] = String(log.lastSequence)
    metadata["log_first_sha256"] = Hex.string(log.headDigest)
    try recording.addMetadata(name: "odcv", metadata)
    for attachment in configuration.attachments {
      try recording.addAttachment(
        MCAPAttachment(
          name: attachment.name, mediaType: "application/yaml", logTime: UInt64(bitPattern: configuration.wallStart),
          createTime: 0, data: attachment.bytes))
    }
    try recording.sync()
    try System.synchronizeDirectory(configuration.directory.run)
    self.configuration = configuration
    self.ring = ring
    self.confirmations = confirmations
    self.shared = shared
    self.log = log
    self.recording = recording
    channels = RecordingChannels(endpoints: configuration.endpoints)
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
      summary.records += 1
      if record.kind == .violation { logViolation() } else { write() }
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
      uncommitted.append(CommitConfirmation(arrivalIndex: record.index, logSequence: sequence))
    } catch {
      summary.violationsLost += 1
      stopLog(error)
    }
  }

  private mutating func write() {
    guard shared.recordingError.load(ordering: .relaxed) == 0 else { return }
    do throws(EvidenceError) {
      try channels.write(
        record, to: &recording,
        time: UInt64(bitPattern: configuration.wallStart &+ (record.instant &- configuration.monotonicStart)))
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
    guard shared.recordingError.load(ordering: .relaxed) == 0 else { return }
    let now = System.monotonicNow()
    do throws(EvidenceError) {
      try recording.closeChunk(olderThan: configuration.chunkAge, now: now)
      if now - recordingSynced >= configuration.recordingSyncInterval {
        try recording.sync()
        recordingSynced = now
      }
    } catch {
      stopRecording(error)
    }
  }

  private mutating func finish() {
    if shared.logError.load(ordering: .relaxed) == 0 {
      do throws(EvidenceError) { try log.close() } catch { stopLog(error) }
    }
    summary.refusedRecords = ring.refusedRecords
    summary.logSequence = log.durableSequence
    guard shared.recordingError.load(ordering: .relaxed) == 0 else { return }
    do throws(EvidenceError) {
      try recording.addMetadata(
        name: "odcv.end",
        [
          "records": String(summary.records), "refused_records": String(summary.refusedRecords),
          "refused_inputs": String(ring.refusedInputs), "violations_logged": String(summary.violationsLogged),
          "violations_lost": String(summary.violationsLost), "log_last_sequence": String(log.lastSequence),
          "log_head_sha256": Hex.string(log.headDigest),
        ])
      try recording.finish()
    } catch {
      stopRecording(error)
    }
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
