import Glibc
import ODCVConfig
import ODCVCore
import ODCVWire
import Testing

@testable import ODCVMonitor

/// The real daemon between a controller and a driver.
@Suite(.serialized) struct GateTests {
  @Test func enforceForwardsAnActionThatPassesWithItsBytesUnchanged() throws {
    let configuration = try TestConfiguration()
    let daemon = try DaemonProcess(configuration, mode: "enforce")
    let rig = try Rig(daemon)
    var sent: [[UInt8]] = []
    try rig.breathe(until: "an action is forwarded") {
      let action = rig.action(Rig.home)
      sent.append(action.encoded())
      try rig.send(action)
      return rig.driven.contains { sent.contains($0) }
    }
    #expect(daemon.end() == 0)
  }

  @Test func enforceSubstitutesAnActionIntoThePostAndObserveForwardsIt() throws {
    // Joint 4 out and joint 2 down: the tool reaches forward through the post.
    let target: [Double] = [0, 0.3, 0, -1.9, 0, 1.9, 0.785]
    let steps = (1...10).map { step in zip(Rig.home, target).map { $0 + ($1 - $0) * Double(step) / 10 } }
    for mode in ["enforce", "observe"] {
      let daemon = try DaemonProcess(TestConfiguration(), mode: mode)
      let rig = try Rig(daemon)
      var sent: [[UInt8]] = []
      try rig.breathe(until: "a commanded violation") {
        for step in steps {
          rig.joints = step
          try rig.breathe(2)
          let action = rig.action(target)
          sent.append(action.encoded())
          try rig.send(action)
        }
        rig.joints = Rig.home
        return rig.seen.contains { $0.judged == .commanded && $0.outcome == .violationCertain }
      }
      if mode == "observe" {
        // A daemon that was kept from its core throws away what waited, and says so.
        try rig.breathe(until: "everything is forwarded") {
          try rig.driven.filter { sent.contains($0) } == sent || (rig.status().lost ?? 0) > 0
        }
      } else {
        try rig.breathe(until: "everything is answered") {
          try rig.driven.count + Int(rig.status().lost ?? 0) >= sent.count
        }
        #expect(rig.driven.filter { sent.contains($0) }.count < sent.count)
        #expect(rig.driven.contains { (try? ActionMessage(decoding: $0))?.space == .stop })
      }
      #expect(daemon.end() == 0)
    }
  }

  @Test func aStateThatViolatesHoldsTheArmWithoutAnyAction() throws {
    let daemon = try DaemonProcess(TestConfiguration(), mode: "enforce")
    let rig = try Rig(daemon)
    rig.joints = Rig.home
    rig.velocity = [2.4, 0, 0, 0, 0, 0, 0]
    try rig.forget()
    try rig.breathe(until: "a stop is sent") {
      rig.driven.contains { (try? ActionMessage(decoding: $0))?.space == .stop }
    }
    #expect(daemon.end() == 0)
  }

  @Test func anEmptyFrameOfPeoplePassesAndNoFrameIsUnknownAndHolds() throws {
    let daemon = try DaemonProcess(TestConfiguration(), mode: "enforce")
    let rig = try Rig(daemon)
    try rig.breathe(until: "all rules pass") {
      rig.seen.contains { $0.judged == .measuredMotion && $0.outcome == .pass }
    }
    try rig.forget()
    try waitUntil("people are stale") {
      try rig.sendState()
      let action = rig.action(Rig.home)
      try rig.send(action)
      try rig.listen()
      return rig.seen.contains { verdict in
        verdict.judged == .commanded && verdict.decision == .hold
          && verdict.findings.contains {
            $0.outcome == .unknown && $0.subject == "cell-camera"
              || $0.rule == "clearance.human" && $0.outcome == .unknown
          }
      }
    }
    #expect(daemon.end() == 0)
  }

  @Test func leasesAndHeartbeatsComeWithoutAnyInput() throws {
    let daemon = try DaemonProcess(TestConfiguration(), mode: "observe")
    let rig = try Rig(daemon)
    let leases = rig.leases
    let heartbeats = rig.heartbeats
    try waitUntil("more leases and heartbeats") {
      try rig.listen()
      return rig.leases > leases + 5 && rig.heartbeats > heartbeats + 2
    }
    #expect(daemon.end() == 0)
  }
}

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
