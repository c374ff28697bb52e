import Glibc
import ODCVConfig
import ODCVCore
import ODCVWire
import Testing

@testable import ODCVMonitor

/// What waits while the monitor does not run is old when it runs again.
@Suite(.serialized) struct BacklogTests {
  @Test func commandsThatWaitedWhileTheMonitorStoodStillAreNotForwarded() throws {
    let daemon = try DaemonProcess(TestConfiguration(), mode: "enforce")
    let rig = try Rig(daemon)
    try rig.breathe(until: "an action is forwarded") {
      try rig.send(rig.action(Rig.home))
      return rig.driven.contains { (try? ActionMessage(decoding: $0))?.space == .jointPosition }
    }
    try rig.forget()
    daemon.signal(SIGSTOP)
    var waited: [[UInt8]] = []
    for _ in 0..<20 {
      try rig.sendState()
      try rig.sendPeople()
      let action = rig.action(Rig.home)
      waited.append(action.encoded())
      try rig.send(action)
      usleep(20_000)
    }
    daemon.signal(SIGCONT)
    try rig.breathe(until: "the loss is judged") { try (rig.status().lost ?? 0) > 0 }
    #expect(rig.driven.allSatisfy { !waited.contains($0) })
    #expect(rig.seen.contains { $0.findings.contains { $0.rule == "integrity.sequence" && $0.outcome == .violationCertain } })
    // And then it works again.
    try rig.breathe(until: "an action is forwarded again") {
      try rig.send(rig.action(Rig.home))
      return rig.driven.contains { (try? ActionMessage(decoding: $0))?.space == .jointPosition }
    }
    #expect(daemon.end() == 0)
  }

  /// What waited in its sender comes when the loop's own queues have long been emptied: faster than it was sent, as its stamps tell.
  @Test func whatWaitedInItsSenderIsNotForwardedEither() throws {
    let daemon = try DaemonProcess(TestConfiguration(), mode: "observe")
    let rig = try Rig(daemon)
    func send(stamp: Int64) throws {
      var header = rig.header("action")
      header.sourceNanoseconds = stamp
      try rig.send(ActionMessage(header: header, space: .jointPosition, position: Rig.home))
    }
    let begin = monotonicNow().nanoseconds
    try rig.breathe(until: "an action is forwarded") {
      try send(stamp: monotonicNow().nanoseconds - begin)
      return !rig.driven.isEmpty
    }
    daemon.signal(SIGSTOP)
    usleep(1_500_000)
    daemon.signal(SIGCONT)
    // Longer than its own queues are distrusted for.
    usleep(150_000)
    try rig.forget()
    let (resumed, stopped) = (monotonicNow().nanoseconds, monotonicNow().nanoseconds - begin - 1_600_000_000)
    for _ in 0..<100 where monotonicNow().nanoseconds - resumed < 300_000_000 {
      try send(stamp: stopped + 5 * (monotonicNow().nanoseconds - resumed))
      usleep(1000)
    }
    try rig.breathe()
    #expect(rig.driven.isEmpty, "\(rig.driven.count) were forwarded")
    try rig.breathe(until: "who keeps pace is believed") {
      try send(stamp: monotonicNow().nanoseconds - begin)
      return !rig.driven.isEmpty
    }
    #expect(daemon.end() == 0)
  }

  @Test func whatWasThrownAwayIsNotCountedAgainAsAGap() {
    var discarded = Discarded()
    func uncounted(_ gap: UInt64, _ endpoint: Endpoint, _ seconds: Double) -> UInt64 {
      discarded.uncounted(gap, endpoint, at: MonoInstant(nanoseconds: Int64(seconds * 1e9)))
    }
    let first = uncounted(5, .action, 9)
    discarded.add(7, .action, at: MonoInstant(nanoseconds: 10_000_000_000))
    let gaps = [uncounted(5, .state, 10.1), uncounted(4, .action, 10.2), uncounted(4, .action, 10.3), uncounted(4, .action, 10.4)]
    #expect(first == 5 && gaps == [5, 0, 1, 4], "of another endpoint; thrown away; one more than that; none of it")
    discarded.add(7, .action, at: MonoInstant(nanoseconds: 20_000_000_000))
    let late = uncounted(4, .action, 21.5)
    #expect(late == 4, "a later gap is one of its own")
  }

  @Test func nothingIsUsedThatWaitedForLongerThanALease() throws {
    var loaded = try LoadedConfiguration.load(path: Package.root + "/config/monitor.yaml")
    loaded.lease = 0.04
    #expect(Regime.patience(loaded) == 40_000_000)
    loaded.lease = 1
    #expect(Regime.patience(loaded) == Int64(loaded.core.cell.stateInput.maxAge * 1e9))
  }
}
