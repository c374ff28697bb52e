import Glibc
import ODCVConfig
import ODCVCore
import ODCVEvidence
import ODCVWire
import Synchronization

/// All that the daemon keeps for one arm beside the loop: its recorder, its latch's memory, and the main thread's end of its link.
///
/// On the main thread alone; `link`, the rings and the page are shared with the loop.
final class ArmService {
  /// The configuration in force.
  private(set) var loaded: LoadedConfiguration
  let link: LoopLink
  let ring = RecordRing()
  let confirmations = AckRing()
  private(set) var directory: EvidenceDirectory
  let recorder: Recorder
  let restored: RestoredLatch?
  /// What a reset of this run must be signed over.
  let resetNonce = UInt64.random(in: 1 ... .max)
  /// Keeps the latch for the next run; what the run before left.
  private let memory: LatchMemory
  private let page: LatchPage
  /// Number of the latch that the file beside the evidence speaks of.
  private var kept: UInt64 = 0
  private var metricsError: Int32 = 0
  private var saidCheckpointError = false
  private var saidSplitError = false

  /// Starts the recorder; fails with status 4 when evidence can't be written.
  init(_ loaded: LoadedConfiguration) throws {
    self.loaded = loaded
    do throws(EvidenceError) {
      try loaded.evidence.retention.map(Retention.init)?.check(root: loaded.evidence.directory)
    } catch {
      throw Stop(.usage, "\(error)")
    }
    do throws(EvidenceError) {
      let directory = try EvidenceDirectory.create(root: loaded.evidence.directory)
      var configuration = RecorderConfiguration(loaded, directory, resetNonce: resetNonce)
      let memory = LatchMemory(root: directory.root, robot: loaded.robotID)
      let recorder: Recorder
      do throws(EvidenceError) {
        if let other = try memory.others().first {
          throw EvidenceError(
            "\(directory.root)/\(other): an arm of another name is latched here, and this is `\(loaded.robotID)`: start it under its old "
              + "name and reset the latch, or name another `evidence` directory")
        }
        configuration.key = try ArmService.key(loaded.evidence)
        recorder = try Recorder(configuration, ring: ring, confirmations: confirmations)
      } catch {
        directory.removeRun()
        throw error
      }
      // The recorder holds the directory's lock: no other monitor has this page.
      let page = LatchPage(directory)
      self.recorder = recorder
      restored = ArmService.restored(memory.read(), page)
      link = LoopLink(latch: page)
      self.directory = directory
      self.memory = memory
      self.page = page
    } catch {
      throw Stop(.failed, "\(error)")
    }
    // Until the loop has judged it, it is in force as it was.
    page.latch = restored?.number ?? 0
    kept = onDisk
  }

  private static func key(_ settings: EvidenceSettings) throws(EvidenceError) -> LogKeyFile? {
    guard let path = settings.key else { return nil }
    guard let name = settings.keyCredential else { return LogKeyFile(path: path) }
    return LogKeyFile(path: path, credential: try LogKeyFile.credentialPath(name))
  }

  /// What went wrong before and what can't be done now, for a person.
  func sayHow(_ say: (String) -> Void) {
    if loaded.evidence.key == nil {
      say("violation log: not signed: nobody can tell whether all of it was replaced; name a key with `evidence.key`")
    }
    for loss in recorder.recovery.losses { say("violation log: \(loss)") }
    if let failure = page.failure {
      say("a latch is forgotten by a monitor that is killed within 20 ms of it: \(failure)")
    }
  }

  /// Another configuration is in force.
  func follow(_ next: PreparedRun) {
    // What nobody writes any more is not to be read as if it were new.
    if let file = loaded.metricsFile, file != next.loaded.metricsFile { unlink(file) }
    loaded = next.loaded
    directory = next.directory
    page.follow(next.directory)
  }

  /// Says what the loop noticed, and keeps the latch for the next start.
  func attend(_ say: (String) -> Void) {
    let checkpointError = recorder.state.checkpointError
    if checkpointError != 0, !saidCheckpointError {
      saidCheckpointError = true
      say(
        "violation log: NO MORE CHECKPOINTS are signed (error \(checkpointError)); the log itself goes on: look "
          + "at its disk and start again")
    }
    let splitError = recorder.state.splitError
    defer { saidSplitError = splitError != 0 }
    if splitError != 0, !saidSplitError {
      say(
        "recording: can't go on in a next file (error \(splitError)), so this one grows; it is tried again every 10 s: look at "
          + "its disk")
    }
    for note in recorder.takeNotes() { say("evidence: \(note)") }
    while let notice = link.notices.pop() {
      if case .latched(let latch, let cause) = notice, latch == page.latch {
        // The number may be on disk already, without its cause.
        kept = 0
        keep(cause: cause, say)
      }
      say(text(notice))
    }
    keep(cause: nil, say)
  }

  /// Writes the metrics where a collector reads them; what goes wrong is said once.
  func writeMetrics(_ say: (String) -> Void) {
    guard let file = loaded.metricsFile else { return }
    let state = recorder.state
    let code = replaceFile(
      file,
      link.metrics.text(robot: loaded.robotID, latch: link.latch.latch, recorder: state))
    if code != 0, code != metricsError { say("metrics can't be written to \(file): \(String(cString: strerror(code)))") }
    metricsError = code
  }

  /// Ends the recorder after the loop has ended.
  func end(_ say: (String) -> Void) -> RecorderSummary {
    keep(cause: nil, say)
    if kept == page.latch { page.remove() }
    return recorder.stop()
  }

  /// Ends the recorder of a run that never began, and leaves nothing of it.
  func discard() {
    _ = end { _ in }
    recorder.removeUnused()
  }

  /// Writes the latch that is in force, or that none is, beside the evidence when that has changed.
  private func keep(cause: String?, _ say: (String) -> Void) {
    let latch = link.latch.latch
    guard latch != kept else { return }
    do throws(EvidenceError) {
      let before = restored.flatMap { $0.number == latch ? $0.cause : nil }
      if latch == 0 {
        try memory.clear()
      } else {
        try memory.write(number: latch, cause: cause ?? before ?? "cause unknown")
      }
      kept = latch
    } catch {
      say("the latch could not be kept for the next start: \(error)")
    }
  }

  /// Number of the latch that a file speaks of; of the one in force when nobody can read it.
  private var onDisk: UInt64 {
    switch memory.read() {
    case .none: 0
    case .latch(let number, _): number
    case .unreadable: restored?.number ?? 0
    }
  }

  /// A latch is in force when either says so: the page is newer, the file outlives the machine.
  private static func restored(_ file: LatchMemory.Found, _ page: LatchPage) -> RestoredLatch? {
    let newer = page.left == 0 ? nil : RestoredLatch(
      number: page.left, cause: "the monitor was killed before it could write the cause; see the violation log")
    switch file {
    case .none: return newer
    case .latch(let number, let cause):
      return page.left == 0 || page.left == number ? RestoredLatch(number: number, cause: cause) : newer
    case .unreadable: return newer ?? RestoredLatch(number: 1, cause: "its file beside the evidence is damaged")
    }
  }

  private func text(_ notice: Notice) -> String {
    switch notice {
    case .joinedLate(let stream, let missed):
      "\(stream.words): joined late, \(missed) earlier messages were never seen"
    case .lateListener(let inputs): "a listener joined the verdicts after \(inputs) inputs"
    case .disconnected(let endpoint): "\(endpoint.rawValue): a source disconnected"
    case .latched(let latch, let cause):
      "LATCHED #\(latch): \(cause); see `odcv-monitor alarms list`, clear it with `odcv-monitor alarms reset`"
    case .latchCleared: "the latch was cleared by an operator"
    case .evidence(let text), .itself(let text): text
    case .refused(let stream, let reason):
      "\(stream.words): message refused, \(reason.words): "
        + RefusalAdvice(configuration: loaded).text(stream, reason) + " (told once; `odcv-monitor status` counts)"
    case .replyRefused: "an answer on the control endpoint could not be sent"
    }
  }

  func report(_ summary: RecorderSummary, _ say: (String) -> Void) {
    for error in summary.errors { say("evidence: \(error)") }
    if summary.refusedRecords > 0 {
      say("evidence: \(summary.refusedRecords) records are missing: the ring was full")
    }
    say("ended; \(summary.records) records, \(summary.violationsLogged) log entries, in \(directory.run)")
  }
}

extension RecorderConfiguration {
  /// Of a run that begins now.
  init(_ loaded: LoadedConfiguration, _ directory: EvidenceDirectory, resetNonce: UInt64) {
    self.init(
      directory: directory, endpoints: Endpoint.allCases.map(\.rawValue), robotID: loaded.robotID,
      configurationSHA256: Words.hex(loaded.core.digest), monotonicStart: monotonicNow().nanoseconds, wallStart: realtimeNow())
    attachments = loaded.attachments.map { ($0.name, $0.bytes) }
    switch loaded.evidence.compression {
    case .zstd: break  // the recorder's own level
    case .none: compression = .none
    }
    splitBytes = loaded.evidence.split.megabytes.map { UInt64($0 * 1e6) }
    splitInterval = loaded.evidence.split.time.map { Int64($0 * 1e9) }
    excerpts = loaded.evidence.excerpts.map { Excerpts(before: Int64($0.before * 1e9), after: Int64($0.after * 1e9)) }
    retention = loaded.evidence.retention.map(Retention.init)
    artist = loaded.evidence.draws ? RunArtist(loaded) : nil
    metadata = Versions.metadata
    metadata["mode"] = loaded.mode.rawValue
    metadata["reset_nonce"] = String(resetNonce)
  }
}

extension Retention {
  init(_ settings: RetentionSettings) {
    let policy: Policy =
      switch settings.policy {
      case .stop: .stop
      case .oldest: .oldest
      }
    self.init(
      minFree: UInt64(settings.minFreeMegabytes * 1e6), policy: policy, lock: settings.lockDays.map { Int64($0 * 86_400e9) })
  }
}
