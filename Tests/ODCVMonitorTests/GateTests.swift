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

  /// A driver whose queue is full is not sent what comes then: a stop that no hold repeats must not be the one that is lost.
  @Test func aStopThatAnswersOneCommandIsSaidAgainUntilAnotherIsForwarded() throws {
    let daemon = try DaemonProcess(TestConfiguration(), mode: "enforce")
    let rig = try Rig(daemon)
    func spaces() throws -> [ActionMessage.Space?] { try rig.driven.map { try ActionMessage(decoding: $0).space } }
    func passes() throws {
      try rig.forget()
      try rig.breathe(until: "an action is forwarded") {
        try rig.send(rig.action(Rig.home))
        return try spaces().contains(.jointPosition)
      }
      try rig.breathe(8)
    }
    try passes()
    try rig.forget()
    // One command, beyond what a joint can do; the arm stands all the while.
    var far = Rig.home
    far[5] += 40
    try rig.send(rig.action(far))
    try rig.breathe(until: "the stop is repeated") { try spaces().count >= 1 + ArmLoop.Pace.repeatedStops }
    try rig.breathe(60)
    #expect(try spaces().allSatisfy { $0 == .stop })
    let holds = rig.seen.filter { $0.judged == .measuredMotion && $0.decision != .allow }.count
    // Where the host gave the loop no time the arm is held for that.
    if holds == 0 { #expect(try spaces().count == 1 + ArmLoop.Pace.repeatedStops) }
    try passes()
    let after = try spaces()
    #expect(after.last == .jointPosition, "what is forwarded ends it: \(after)")
    #expect(daemon.end() == 0)
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
