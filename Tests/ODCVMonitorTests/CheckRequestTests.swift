import Foundation
import ODCVCore
import ODCVEvidence
import ODCVWire
import Testing

@testable import ODCVMonitor

/// An action that is asked about on the control endpoint.
@Suite(.serialized) struct CheckRequestTests {
  private func ask(_ rig: Rig, _ target: [Double]) throws -> AckMessage {
    try rig.request(RequestMessage(check: ActionMessage(header: HeaderFields(robotID: Rig.robot, sequence: 1), space: .jointPosition, position: target)))
  }

  /// The fifth link in the post.
  private var intoThePost: [Double] { [0, 0.6, 0, -1.9, 0, 2.4, 0.785] }

  @Test func anActionIsJudgedAndNobodyElseLearnsOfIt() throws {
    let configuration = try TestConfiguration()
    let daemon = try DaemonProcess(configuration, mode: "enforce")
    let rig = try Rig(daemon)
    try rig.breathe(until: "still") { try ask(rig, Rig.home).verdict?.decision == .allow }
    // The stop from before the cell was known is said again.
    try rig.breathe(60)
    try rig.forget()
    let good = try ask(rig, Rig.home)
    #expect(good.ok == true && good.verdict?.decision == .allow && good.verdict?.judged == .commanded)
    let bad = try ask(rig, intoThePost)
    #expect(bad.ok == true && bad.verdict?.decision != .allow)
    #expect(bad.verdict?.findings.contains { $0.rule == "motion.jump" && $0.outcome == .violationCertain } == true)
    try rig.breathe(10)
    #expect(rig.driven.isEmpty, "the driver was sent something")
    #expect(!rig.seen.contains { $0.judged == .commanded }, "a verdict was published")
    #expect(!rig.alarms.contains { $0.id == "motion.jump" })
    // The command that follows is the first of its stream, and passes.
    try rig.send(rig.action(Rig.home))
    try rig.breathe(until: "forwarded") { !rig.driven.isEmpty }
    #expect(try ActionMessage(decoding: rig.driven[0]).space == .jointPosition)
    #expect(daemon.end() == 0)
    let checked = try odcvMonitor(["check", daemon.recording, "--compare", "--json", "-"])
    #expect(checked.output.contains("\"differing\":0"), "\(checked.output)")
    #expect(!checked.output.contains("motion.jump\",\"evaluated\":0"))
  }

  @Test func whatIsNoActionIsRefusedWithItsReason() throws {
    let daemon = try DaemonProcess(TestConfiguration(), mode: "enforce")
    let rig = try Rig(daemon)
    let before = try rig.status().refused
    let short = try ask(rig, [0, 0])
    #expect(short.ok == false && short.error?.contains("7 joints") == true && short.verdict == nil, "\(short)")
    let foreign = try rig.request(
      RequestMessage(check: ActionMessage(header: HeaderFields(robotID: "other", sequence: 1), space: .stop)))
    #expect(foreign.ok == false && foreign.error?.contains("panda") == true)
    let both = try rig.request(RequestMessage(
      episode: EpisodeMessage(phase: .end), check: ActionMessage(header: HeaderFields(robotID: Rig.robot, sequence: 1), space: .stop)))
    #expect(both.ok == false && both.verdict == nil)
    #expect(try rig.status().refused == before, "what was only asked was counted as refused")
    #expect(daemon.end() == 0)
  }
}
