import Foundation
import ODCVEvidence
import ODCVWire
import Testing

/// Every kind of bad message: counted, reported as its integrity finding, never forwarded in enforce mode; the daemon
/// stays up and goes on.
@Suite(.serialized) struct BadInputTests {
  /// What goes wrong, how it is sent, and which rule must say so.
  struct Case: Sendable, CustomStringConvertible {
    var description: String
    var rule: String
    var send: @Sendable (Rig) throws -> Void
  }

  static let cases: [Case] = [
    Case(description: "garbled", rule: "integrity.schema") {
      try $0.send(action: "odcv/2/action/panda", [0xff, 0x13, 0x37, 0x00, 0x9c])
    },
    Case(description: "garbled topic", rule: "integrity.schema") { rig in
      try rig.send(action: "odcv/2/act\u{1}on/panda", rig.action(Rig.home).encoded())
    },
    Case(description: "truncated", rule: "integrity.schema") { rig in
      try rig.send(action: "odcv/2/action/panda", rig.action(Rig.home).encoded().dropLast(9))
    },
    Case(description: "oversized", rule: "integrity.schema") { rig in
      try rig.send(
        action: "odcv/2/action/panda", rig.action(Rig.home).encoded() + [UInt8](repeating: 0, count: 300_000))
    },
    Case(description: "too many joints", rule: "integrity.schema") { rig in
      try rig.send(rig.action([Double](repeating: 0, count: 9)))
    },
    Case(description: "not a number", rule: "integrity.schema") { rig in
      try rig.send(rig.action([0, -0.785, 0, .nan, 0, 1.571, 0.785]))
    },
    Case(description: "wrong arm in the header", rule: "integrity.schema") { rig in
      var action = rig.action(Rig.home)
      action.header?.robotID = "other"
      try rig.send(action)
    },
    Case(description: "wrong arm in the topic", rule: "integrity.schema") { rig in
      try rig.send(action: "odcv/2/action/other", rig.action(Rig.home).encoded())
    },
    Case(description: "a state on the controller's endpoint", rule: "integrity.schema") { rig in
      try rig.send(
        action: "odcv/2/state/panda", StateMessage(header: rig.header("forged"), position: Rig.home).encoded())
    },
    Case(description: "one frame", rule: "integrity.schema") { rig in
      try rig.send(parts: [rig.action(Rig.home).encoded()])
    },
    Case(description: "three frames", rule: "integrity.schema") { rig in
      try rig.send(parts: [Array("odcv/2/action/panda".utf8), rig.action(Rig.home).encoded(), [1, 2, 3]])
    },
    Case(description: "replayed", rule: "integrity.sequence") { rig in
      let action = rig.action(Rig.home)
      try rig.send(action)
      try rig.send(action)
    },
    Case(description: "out of order", rule: "integrity.sequence") { rig in
      let earlier = rig.action(Rig.home)
      try rig.send(rig.action(Rig.home))
      try rig.send(earlier)
    },
  ]

  @Test(arguments: ["enforce", "observe"]) func badMessagesAreCountedReportedAndNeverForwardedInEnforce(mode: String)
    throws
  {
    let daemon = try DaemonProcess(TestConfiguration(), mode: mode)
    let rig = try Rig(daemon)
    for bad in BadInputTests.cases {
      try rig.breathe(until: "all rules pass before: \(bad)") {
        try rig.request(RequestMessage(episode: EpisodeMessage(phase: .reset)))
        return rig.seen.last { $0.judged == .measuredMotion }?.outcome == .pass
      }
      let before = try #require(try rig.status().rules.first { $0.rule == bad.rule })
      try rig.forget()
      try bad.send(rig)
      try rig.breathe(until: "\(bad) is reported as \(bad.rule)") {
        rig.seen.contains { verdict in
          verdict.findings.contains {
            $0.rule == bad.rule && ($0.outcome == .violationCertain || $0.outcome == .unknown)
          }
        }
      }
      let after = try #require(try rig.status().rules.first { $0.rule == bad.rule })
      let counted = { (count: StatusMessage.RuleCount) in (count.violated ?? 0) + (count.unknown ?? 0) }
      #expect(counted(after) > counted(before), "\(bad) is not counted")
      if mode == "enforce" {
        // Of a replayed or overtaken pair one is in order: at most that one may pass.
        let moves = rig.driven.filter { (try? ActionMessage(decoding: $0))?.space != .stop }
        #expect(moves.count <= (bad.rule == "integrity.sequence" ? 1 : 0), "\(bad) was forwarded")
      }
      #expect(daemon.isRunning, "\(bad) ended the daemon")
    }
    #expect(daemon.end() == 0)
  }

  @Test func garbageOnStateAndSceneIsReportedAndTheDaemonStaysUp() throws {
    let daemon = try DaemonProcess(TestConfiguration(), mode: "enforce")
    let rig = try Rig(daemon)
    var generator = SystemRandomNumberGenerator()
    for _ in 0..<200 {
      let body = (0..<Int.random(in: 0..<400, using: &generator)).map { _ in
        UInt8.random(in: 0...255, using: &generator)
      }
      try rig.sendRaw(state: "odcv/2/state/panda", body)
      try rig.sendRaw(scene: "odcv/2/people/panda", body)
      try rig.send(action: "odcv/2/reasoning/panda", body)
      // Slower than the loop: what comes faster is thrown away and counted as lost instead.
      Thread.sleep(forTimeInterval: 0.003)
    }
    try rig.breathe(until: "the garbage is counted") {
      let count = try rig.status().rules.first { $0.rule == "integrity.schema" }
      return (count?.violated ?? 0) + (count?.unknown ?? 0) > 300
    }
    #expect(daemon.end() == 0)
  }

  @Test func aResetWithoutAnOperatorsSignatureIsRefused() throws {
    let daemon = try DaemonProcess(TestConfiguration(), mode: "enforce")
    let rig = try Rig(daemon)
    let reset = ResetMessage(
      header: HeaderFields(robotID: Rig.robot), operatorID: "nobody", latch: 1, nonce: 1,
      signature: [UInt8](repeating: 0, count: 64))
    let ack = try rig.request(RequestMessage(reset: reset))
    #expect(ack.ok == false)
    #expect(ack.error?.contains("signature") == true)
    #expect(daemon.end() == 0)
  }

  @Test func refusedMessagesAreCountedByStreamAndReasonAndToldOnceWithWhatToLookAt() throws {
    let configuration = try TestConfiguration()
    let daemon = try DaemonProcess(configuration, mode: "observe")
    let rig = try Rig(daemon)
    for _ in 0..<6 {
      let state = StateMessage(header: rig.header("bad"), position: Rig.home)
      try rig.sendRaw(state: "odcv/2/state/panda", state.encoded())
      try rig.sendRaw(
        scene: "odcv/2/people/panda",
        PeopleMessage(header: rig.header("bad"), sensorID: "attic", coverageOk: true, tracks: []).encoded())
      try rig.send(action: "odcv/2/action/other", rig.action(Rig.home).encoded())
    }
    try rig.breathe(until: "all are counted") { 
      let refused = try rig.status().refused
      return refused.count == 3 && refused.allSatisfy { $0.count == 6 }
    }
    let status = try odcvMonitor(["status", "--endpoint", daemon.endpoint(.control)])
    #expect(status.output.contains("state 6 missing a field"))
    #expect(status.output.contains("people 6 unknown sensor") && status.output.contains("action 6 for another robot"))
    // Refused messages stand in alarm, each with the record of the log that holds it.
    try rig.breathe(until: "the alarm is on disk") {
      try rig.send(action: "odcv/2/action/other", rig.action(Rig.home).encoded())
      return try rig.status().alarms.contains { $0.rule == "integrity.schema" && $0.logSequence != nil }
    }
    let listed = try odcvMonitor(["alarms", "list", "--endpoint", daemon.endpoint(.control)], beside: rig)
    #expect(listed.output.contains("integrity.schema: unknown for "), "\(listed.output)")
    #expect(listed.output.contains("on disk as log record "), "\(listed.output)")
    #expect(daemon.end() == 0)
    let told = try String(contentsOfFile: configuration.directory.path + "/stderr", encoding: .utf8)
    let lines = told.split(separator: "\n").filter { $0.contains("message refused") }
    #expect(lines.count == 3, "\(told)")
    #expect(told.contains("a State needs header.seq, position and velocity"))
    #expect(told.contains("`cell-camera`") && told.contains("must name `panda`"))
  }

  @Test func lostMessagesAreCounted() throws {
    let daemon = try DaemonProcess(TestConfiguration(), mode: "enforce")
    let rig = try Rig(daemon)
    try rig.breathe(until: "an action arrives") {
      try rig.send(rig.action(Rig.home))
      return rig.seen.contains { $0.judged == .commanded }
    }
    let before = try rig.status().lost ?? 0
    for _ in 0..<5 { _ = rig.action(Rig.home) }
    try rig.send(rig.action(Rig.home))
    try rig.breathe(until: "five are missing") { try rig.status().lost == before + 5 }
    #expect(daemon.end() == 0)
  }
}
