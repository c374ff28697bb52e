import CSodium
import Glibc
import ODCVConfig
import ODCVConsole
import ODCVCore
import ODCVEvidence
import ODCVWire
import Synchronization

/// The daemon around the loop: starts recorder, loop and terminal, speaks to systemd and to a person, and ends them in
/// order.
///
/// Everything here is on the main thread; only `LoopLink`, the rings and the board are shared with the loop.
struct Daemon {
  private let loaded: LoadedConfiguration
  private let directory: EvidenceDirectory
  private let recorder: Recorder
  private let ring: RecordRing
  private let confirmations: AckRing
  private let color: Bool
  private let showsTerminal: Bool
  private let notifier = ServiceNotifier()
  /// ns between two self-tests of every rule, on this thread, beside the running monitor
  private static let selfTestPeriod: Int64 = 60_000_000_000
  /// What a reset of this run must be signed over.
  private let resetNonce = UInt64.random(in: 1 ... .max)
  /// Keeps the latch for the next run; what the run before left.
  private let memory: LatchMemory
  private let page: LatchPage
  private let restored: RestoredLatch?

  /// Starts the recorder; fails with status 4 when evidence can't be written.
  init(_ loaded: LoadedConfiguration, color: ColorChoice, headless: Bool) throws {
    self.loaded = loaded
    self.color = Terminal.usesColor(color)
    showsTerminal = !headless && Terminal.isAvailable
    ring = RecordRing()
    confirmations = AckRing()
    do throws(EvidenceError) {
      directory = try EvidenceDirectory.create(root: loaded.evidence.directory)
      var configuration = RecorderConfiguration(
        directory: directory, endpoints: Endpoint.allCases.map(\.rawValue), robotID: loaded.robotID,
        configurationSHA256: Words.hex(loaded.core.digest), monotonicStart: monotonicNow().nanoseconds,
        wallStart: realtimeNow())
      configuration.attachments = loaded.attachments.map { ($0.name, $0.bytes) }
      configuration.metadata["mode"] = loaded.mode.rawValue
      configuration.metadata["reset_nonce"] = String(resetNonce)
      memory = LatchMemory(root: directory.root, robot: loaded.robotID)
      recorder = try Recorder(configuration, ring: ring, confirmations: confirmations)
      // The recorder holds the directory's lock: no other monitor has this page.
      page = LatchPage(directory, robot: loaded.robotID)
      restored = Daemon.restored(memory.read(), page)
    } catch {
      throw Stop(.failed, "\(error)")
    }
  }

  func run(seconds: Double?) throws {
    for loss in recorder.recovery.losses { say("odcv-monitor: violation log: \(loss)") }
    if let failure = page.failure {
      say("odcv-monitor: a latch is forgotten by a monitor that is killed within 20 ms of it: \(failure)")
    }
    let link = LoopLink(resetNonce: resetNonce, latch: page)
    // Until the loop has judged it, it is in force as it was.
    page.latch = restored?.number ?? 0
    let start = StartReport()
    let thread = loopThread(link, start, seconds)
    let ready: Ready
    do {
      ready = try start.wait(for: link)
    } catch {
      thread.join()
      recorder.stop()
      throw error
    }
    tell(readyLine(ready))
    notifier.ready("watching \(loaded.robotID), \(loaded.mode.rawValue); real time: \(ready.grant.summary)")
    if !ready.grant.refused.isEmpty { say("odcv-monitor: real time: \(ready.grant.summary)") }
    let terminal = showsTerminal ? Terminal(board: link.board, names: ready.names, color: color) : nil
    var kept = onDisk
    watch(link, &kept, quiet: terminal != nil)
    notifier.stopping()
    link.stopping.store(true, ordering: .relaxed)
    thread.join()
    keep(link, &kept, cause: nil)
    if kept == page.latch { page.remove() }
    terminal?.end()
    let summary = recorder.stop()
    report(summary)
    if let failure = start.failure { throw Stop(.failed, "\(failure)") }
  }

  private func loopThread(_ link: LoopLink, _ start: StartReport, _ seconds: Double?) -> LoopThread {
    let (loaded, ring, confirmations, recorder, root) = (loaded, ring, confirmations, recorder, directory.run)
    let restored = restored
    return LoopThread(name: "odcv-loop") {
      defer { link.ended.store(true, ordering: .releasing) }
      do throws(WireError) {
        // Sockets first: libzmq's threads must not inherit the loop's priority and core.
        let sockets = try LoopSockets(Context(), loaded.endpoints)
        let bound = sockets.bound
        let grant = Realtime.enter(loaded.realtime)
        let ledger = InputLedger(loaded, at: monotonicNow())
        let names = ConsoleNames(
          loaded.core, robot: loaded.robotID, realtime: grant.summary, evidence: root, inputs: ledger.names)
        let tap = EvidenceTap(ring: ring, confirmations: confirmations) {
          DiskState(recorder.state)
        }
        var loop = MonitorLoop(loaded, names: names, sockets: sockets, evidence: tap, link: link, restored: restored)
        start.succeed(Ready(bound: bound, grant: grant, names: names))
        if loaded.realtime.mode == .require, !grant.refused.isEmpty { return }
        let end = seconds.map { MonoInstant(nanoseconds: monotonicNow().nanoseconds + Int64($0 * 1e9)) }
        try loop.run(until: end)
      } catch {
        start.fail(error)
      }
    }
  }

  /// Waits for the end, feeding the watchdog with the loop's progress and saying what the loop noticed.
  private func watch(_ link: LoopLink, _ kept: inout UInt64, quiet: Bool) {
    var seen: UInt64 = 0
    var told = monotonicNow().nanoseconds
    var tested = told
    while !link.ended.load(ordering: .acquiring) {
      if Signals.wait(milliseconds: 20) { return }
      let now = monotonicNow().nanoseconds
      let progress = link.progress.load(ordering: .relaxed)
      if let allowed = notifier.watchdogTime, progress != seen, now - told >= allowed / 4 {
        notifier.progress()
        told = now
        seen = progress
      }
      if now - tested >= Daemon.selfTestPeriod {
        tested = now
        link.silentRules.store(SelfTest(loaded.core).silentRules, ordering: .relaxed)
      }
      while let notice = link.notices.pop() {
        if case .latched(let latch, let cause) = notice, latch == page.latch {
          // The number may be on disk already, without its cause.
          kept = 0
          keep(link, &kept, cause: cause)
        }
        if !quiet { say("odcv-monitor: \(text(notice))") }
      }
      keep(link, &kept, cause: nil)
    }
  }

  /// Writes the latch that is in force, or that none is, beside the evidence when that has changed.
  private func keep(_ link: LoopLink, _ kept: inout UInt64, cause: String?) {
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
      say("odcv-monitor: the latch could not be kept for the next start: \(error)")
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

  private func readyLine(_ ready: Ready) -> String {
    JSON.object([
      ("ready", .bool(true)), ("robot", .string(loaded.robotID)), ("mode", .string(loaded.mode.rawValue)),
      ("endpoints", .object(ready.bound.map { ($0.endpoint.rawValue, .string($0.address)) })),
      (
        "realtime",
        .object([
          ("mode", .string(loaded.realtime.mode.rawValue)), ("fifo", .bool(ready.grant.scheduled)),
          ("core", ready.grant.core.map { .integer(Int64($0)) } ?? .null), ("locked", .bool(ready.grant.locked)),
          ("refused", .array(ready.grant.refused.map { .string($0) })),
        ])
      ),
      ("recording", .string(directory.recording)), ("violations", .string(directory.violations)),
      ("configuration_sha256", .string(Words.hex(loaded.core.digest))), ("pid", .integer(Int64(getpid()))),
    ]).line
  }

  private func report(_ summary: RecorderSummary) {
    for error in summary.errors { say("odcv-monitor: evidence: \(error)") }
    if summary.refusedRecords > 0 {
      say("odcv-monitor: evidence: \(summary.refusedRecords) records are missing: the ring was full")
    }
    say("odcv-monitor: ended; \(summary.records) records, \(summary.violationsLogged) log entries, in \(directory.run)")
  }
}

/// What the loop says when its endpoints are bound.
struct Ready: Sendable {
  var bound: [(endpoint: Endpoint, address: String)]
  var grant: RealtimeGrant
  var names: ConsoleNames
}

/// The loop's one message to the main thread: ready, or why not.
final class StartReport: Sendable {
  private struct Content {
    var ready: Ready?
    var failure: WireError?
  }
  private let content = Mutex(Content())

  func succeed(_ ready: Ready) { content.withLock { $0.ready = ready } }
  func fail(_ error: WireError) { content.withLock { $0.failure = error } }
  var failure: WireError? { content.withLock { $0.failure } }

  /// Waits until the loop is ready; throws what stopped it.
  func wait(for link: LoopLink) throws -> Ready {
    while true {
      let ended = link.ended.load(ordering: .acquiring)
      let (ready, failure) = content.withLock { ($0.ready, $0.failure) }
      if let failure { throw Stop(.failed, "\(failure)") }
      if let ready {
        if ended, !ready.grant.refused.isEmpty {
          throw Stop(
            .failed, "real time is required and was not granted: \(ready.grant.refused.joined(separator: "; "))")
        }
        return ready
      }
      precondition(!ended, "the loop ended without a word")
      usleep(1000)
    }
  }
}
