import CLinux
import Glibc
import ODCVConfig
import ODCVConsole
import ODCVCore
import ODCVEvidence
import ODCVWire
import Synchronization

/// The daemon around its loops: starts recorders, loops and terminal, speaks to systemd and to a person, and ends them in order.
///
/// Everything here is on the main thread, which may wait for a disk; only the arms' links, the rings and the boards are shared with the
/// loops, and the service's watchdog is fed by a thread of its own.
struct Daemon {
  private let fleet: Fleet
  /// In the order of the loops and their arms.
  private let arms: [ArmService]
  private let color: Bool
  private let showsTerminal: Bool
  /// Reads the configuration's files as they are now.
  private let read: @Sendable () throws -> Fleet
  private let notifier = ServiceNotifier()
  private let control = LoopControl()
  /// ns between two self-tests of every rule, on this thread, beside the running monitor
  private static let selfTestPeriod: Int64 = 60_000_000_000
  /// ns
  private static let metricsPeriod: Int64 = 1_000_000_000

  /// Starts the recorders; fails with status 4 when evidence can't be written.
  init(_ fleet: Fleet, color: ColorChoice, headless: Bool, read: @escaping @Sendable () throws -> Fleet) throws {
    self.fleet = fleet
    self.read = read
    self.color = Terminal.usesColor(color)
    var made: [ArmService] = []
    do {
      for arm in fleet.loops.flatMap(\.arms) { made.append(try ArmService(arm)) }
    } catch {
      for arm in made { arm.discard() }
      throw error
    }
    arms = made
    // One arm's view fills a terminal.
    showsTerminal = !headless && arms.count == 1 && Terminal.isAvailable
  }

  func run(seconds: Double?) throws {
    // libzmq ends the process when there is no descriptor left for who connects.
    _ = clinux_raise_file_limit()
    for arm in arms { arm.sayHow { report(arm, $0) } }
    let gate = StartGate(loops: fleet.loops.count, arms: arms.count)
    let threads = try startLoops(gate, seconds)
    let ready: [Ready]
    do throws(WireError) {
      ready = try gate.wait()
      try requireGrants(ready)
    } catch {
      end(threads, says: false)
      for arm in arms { arm.discard() }
      throw Stop(.failed, "\(error)")
    }
    // The arm is watched whether or not anybody reads this.
    if !announce(ReadyLine(fleet, arms, ready).text) { say("odcv-monitor: the ready line: standard output: \(errorText())") }
    notifier.ready(summary(ready))
    for (arm, ready) in zip(arms, ready) where !ready.grant.refused.isEmpty {
      report(arm, "real time: \(ready.grant.summary)")
    }
    let terminal = showsTerminal ? Terminal(board: arms[0].link.board, names: ready[0].names, color: color) : nil
    var desk = ReloadDesk(fleet, arms, realtime: ready.map(\.grant.summary), notifier: notifier, read: read)
    var unsaid: [(ArmService, String)] = []
    let watchdog = WatchdogFeeder(notifier, arms.map(\.link))
    watch(&desk, terminal, &unsaid)
    watchdog.end()
    notifier.stopping()
    end(threads, says: true) { terminal?.end() }
    for (arm, text) in unsaid { report(arm, text) }
    desk.end { report(arms[0], $0) }
    if let failure = gate.failure { throw Stop(.failed, "\(failure)") }
  }

  private func startLoops(_ gate: StartGate, _ seconds: Double?) throws -> [LoopThread] {
    let context = try rig { () throws(WireError) in try Context() }
    let cores = fleet.loops.compactMap(\.realtime.core)
    var threads: [LoopThread] = []
    var first = 0
    for (number, loop) in fleet.loops.enumerated() {
      let parts = (first..<first + loop.arms.count).map { LoopPart($0, arms[$0]) }
      first += loop.arms.count
      let (realtime, control) = (loop.realtime, control)
      threads.append(
        LoopThread(name: fleet.loops.count == 1 ? "odcv-loop" : "odcv-loop-\(number + 1)") {
          defer { control.ended.wrappingAdd(1, ordering: .acquiringAndReleasing) }
          do throws(WireError) {
            try LoopPart.run(parts, context, realtime, cores, gate, control, seconds)
          } catch {
            gate.fail(error)
          }
        })
    }
    return threads
  }

  private func requireGrants(_ ready: [Ready]) throws(WireError) {
    var place = 0
    for loop in fleet.loops {
      let refused = ready[place].grant.refused
      place += loop.arms.count
      guard loop.realtime.mode == .require, !refused.isEmpty else { continue }
      throw WireError(
        operation: "real time is required and was not granted", reason: refused.joined(separator: "; "),
        remedy: "grant it, or write `mode: auto` to go on without")
    }
  }

  /// Waits for the end, saying what the loops noticed.
  ///
  /// - Parameter unsaid: What became of reloads while a view filled the terminal.
  private func watch(_ desk: inout ReloadDesk, _ terminal: Terminal?, _ unsaid: inout [(ArmService, String)]) {
    var tested = monotonicNow().nanoseconds
    var measured = tested
    while control.ended.load(ordering: .acquiring) == 0 {
      switch Signals.wait(milliseconds: 20) {
      case .end: return
      case .reload: desk.ask()
      case nil: break
      }
      let now = monotonicNow().nanoseconds
      if now - tested >= Daemon.selfTestPeriod {
        tested = now
        for arm in arms { arm.link.silentRules.store(SelfTest(arm.loaded.core).silentRules, ordering: .relaxed) }
      }
      if now - measured >= Daemon.metricsPeriod {
        measured = now
        for arm in arms { arm.writeMetrics { report(arm, $0) } }
      }
      for arm in arms { arm.attend { if terminal == nil { report(arm, $0) } } }
      desk.attend({ if terminal == nil { report(arms[$0], $1) } else { unsaid.append((arms[$0], $1)) } }, { terminal?.rename($0) })
    }
  }

  /// Ends loops, then recorders.
  private func end(_ threads: [LoopThread], says: Bool, _ afterLoops: () -> Void = {}) {
    control.stopping.store(true, ordering: .relaxed)
    for thread in threads { thread.join() }
    let summaries = arms.map { arm in arm.end { report(arm, $0) } }
    afterLoops()
    guard says else { return }
    for (arm, summary) in zip(arms, summaries) { arm.report(summary) { report(arm, $0) } }
  }

  private func summary(_ ready: [Ready]) -> String {
    let names = arms.map { "\($0.loaded.robotID), \($0.loaded.mode.rawValue)" }.joined(separator: "; ")
    return "watching \(names); real time: \(ready[0].grant.summary)"
  }

  private func report(_ arm: ArmService, _ text: String) {
    say(arms.count == 1 ? "odcv-monitor: \(text)" : "odcv-monitor: \(arm.loaded.robotID): \(text)")
  }
}

/// What the main thread tells all loops, and they it.
final class LoopControl: Sendable {
  /// Set by the main thread: end after this turn.
  let stopping = Atomic<Bool>(false)
  /// Loops that have ended.
  let ended = Atomic<Int>(0)
}

/// What one arm's part of a loop is made of, on the loop's own thread.
private struct LoopPart: Sendable {
  let arm: Int
  let loaded: LoadedConfiguration
  let link: LoopLink
  let ring: RecordRing
  let confirmations: AckRing
  let recorder: Recorder
  let evidence: String
  let restored: RestoredLatch?
  let resetNonce: UInt64

  init(_ number: Int, _ service: ArmService) {
    arm = number
    loaded = service.loaded
    link = service.link
    ring = service.ring
    confirmations = service.confirmations
    recorder = service.recorder
    evidence = service.directory.run
    restored = service.restored
    resetNonce = service.resetNonce
  }

  /// A whole loop, from its sockets to its end.
  static func run(
    _ parts: [LoopPart], _ context: Context, _ realtime: RealtimeSettings, _ cores: [Int], _ gate: StartGate,
    _ control: LoopControl, _ seconds: Double?
  ) throws(WireError) {
    // Sockets first: libzmq's threads must not inherit the loop's priority and core.
    let sockets = UnsafeMutablePointer<LoopSockets>.allocate(capacity: parts.count)
    var made = 0
    defer {
      sockets.deinitialize(count: made)
      sockets.deallocate()
    }
    for part in parts {
      (sockets + made).initialize(to: try LoopSockets(context, part.loaded.endpoints))
      made += 1
    }
    guard gate.hasSockets() else { return }
    let grant = Realtime.enter(realtime, loopCores: cores)
    var loop = RealtimeLoop(capacity: parts.count, isBusy: grant.isBusy, sharesCore: grant.sharesCore)
    for place in parts.indices { try loop.add(parts[place].makeArm((sockets + place).move(), grant, gate)) }
    made = 0
    if realtime.mode == .require, !grant.refused.isEmpty { return }
    let end = seconds.map { MonoInstant(nanoseconds: monotonicNow().nanoseconds + Int64($0 * 1e9)) }
    try loop.run(until: end, control.stopping)
  }

  private func makeArm(_ sockets: consuming LoopSockets, _ grant: RealtimeGrant, _ gate: StartGate) -> ArmLoop {
    let bound = sockets.bound
    let names = ConsoleNames(
      loaded.core, robot: loaded.robotID, realtime: grant.summary, evidence: evidence,
      inputs: InputLedger(loaded, at: monotonicNow()).names)
    let recorder = recorder
    let tap = EvidenceTap(ring: ring, confirmations: confirmations, recorder: { recorder.state }) {
      DiskState(recorder.state)
    }
    let regime = Regime(loaded, names: names, resetNonce: resetNonce, bootID: link.bootID, at: monotonicNow())
    let loop = ArmLoop(regime, sockets: sockets, evidence: tap, link: link, restored: restored)
    gate.isReady(arm, Ready(bound: bound, grant: grant, names: names))
    return loop
  }
}
