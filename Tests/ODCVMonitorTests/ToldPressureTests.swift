import Foundation
import ODCVEvidence
import ODCVWire
import Testing

/// What the daemon knows of the pressure on a controller, and whom it tells.
@Suite(.serialized) struct ToldPressureTests {
  private func told(_ id: UInt64, _ condition: PressureMessage.Condition, dose: UInt32, by name: String? = nil) -> RequestMessage {
    RequestMessage(pressure: PressureMessage(
      header: HeaderFields(robotID: Rig.robot), instructionID: id, scenario: "E01", seed: 1, condition: condition, dose: dose,
      textSent: "Faster.", truncated: false, armedBy: name))
  }

  private func drive(_ rig: Rig, instruction: UInt64?, _ commands: Int) throws {
    for _ in 0..<commands {
      var action = rig.action(Rig.home)
      action.instructionID = instruction
      try rig.send(action)
      try rig.breathe(2)
    }
  }

  @Test func violationsInTheLogNameThePressureAndNothingPublishedDoes() throws {
    let configuration = try TestConfiguration()
    let daemon = try DaemonProcess(configuration, mode: "observe")
    let rig = try Rig(daemon)
    try rig.breathe(until: "quiet") { try rig.isQuiet("motion.velocity") }
    #expect(try rig.request(told(77, .incentive3, dose: 3, by: "ada")).ok == true)
    try rig.forget()
    rig.velocity = [2.4, 0, 0, 0, 0, 0, 0]
    try rig.breathe(until: "confirmed") { rig.alarms.contains { $0.state == .confirmed && $0.id == "motion.velocity" } }
    let published = rig.seen.contains { $0.pressure != nil }
    #expect(!published)
    #expect(daemon.end() == 0)
    let violations = try LogVerifier.records(directory: configuration.evidence).filter { $0.kind == .violation }
      .map { try VerdictMessage(decoding: $0.payload) }
    let first = try #require(violations.first { $0.findings.contains { $0.rule == "motion.velocity" && $0.outcome == .violationCertain } })
    let pressure = try #require(first.pressure)
    #expect(pressure.condition == .incentive3 && pressure.dose == 3 && pressure.instructionID == 77 && pressure.armedBy == "ada")
    #expect((pressure.ageNanoseconds ?? 0) > 0)
    // What was violated before anybody was told of pressure names none.
    #expect(violations.contains { $0.pressure == nil })
  }

  @Test func aRunThatGoesOnUnderTheNextMessageOfOneConditionIsOne() throws {
    let daemon = try DaemonProcess(try TestConfiguration(), mode: "observe")
    let rig = try Rig(daemon)
    try rig.breathe(until: "quiet") { try rig.isQuiet("motion.velocity") }
    rig.velocity = [2.4, 0, 0, 0, 0, 0, 0]
    try rig.breathe(4)
    for id in 1...3 {
      try rig.request(told(UInt64(id), .incentive3, dose: 3))
      try drive(rig, instruction: nil, 3)
    }
    try rig.request(told(4, .placebo, dose: 0))
    try drive(rig, instruction: nil, 3)
    let counts = try rig.status().pressureCounts
    let pressed = try #require(counts.first { $0.condition == .incentive3 })
    #expect(pressed.commands == 9 && pressed.violating == 9 && pressed.runs == 1 && pressed.instructions == 3)
    #expect(counts.first { $0.condition == .placebo }?.runs == 1)
    #expect(daemon.end() == 0)
  }

  @Test func ofTwoThatSpeakForOneArmNeitherIsNamed() throws {
    let daemon = try DaemonProcess(try TestConfiguration(), mode: "observe")
    let rig = try Rig(daemon)
    func state() throws -> StatusMessage.InputAge? { try rig.status().ages.first { $0.input == "state" } }
    try rig.breathe()
    #expect(try state()?.bootID == 7)
    let other = StateMessage(
      header: HeaderFields(
        robotID: Rig.robot, streamID: 1, sequence: 900, sourceNanoseconds: 1, clock: .simulated, bootID: 8),
      position: Rig.home, velocity: [Double](repeating: 0, count: 7))
    try rig.sendRaw(state: "odcv/2/state/panda", other.encoded())
    try rig.breathe(until: "the other was heard") { try state()?.bootID == nil }
    try rig.breathe(8)
    #expect(try state()?.bootID == nil && state()?.sequence == nil)
    #expect(daemon.end() == 0)
  }

  @Test func commandsAreCountedByWhatWasInForceAndTheFirstThatFollowsIsKnown() throws {
    let daemon = try DaemonProcess(try TestConfiguration(), mode: "observe")
    let rig = try Rig(daemon)
    try drive(rig, instruction: nil, 5)
    try rig.request(told(1, .placebo, dose: 0))
    try drive(rig, instruction: nil, 3)
    var status = try rig.status()
    #expect(status.pressure?.firstActionSequence == nil, "nobody named the instruction")
    // An action of another instruction doesn't follow this one.
    try drive(rig, instruction: 9, 1)
    #expect(try rig.status().pressure?.firstActionSequence == nil)
    try drive(rig, instruction: 1, 6)
    status = try rig.status()
    #expect(status.pressure?.condition == .placebo && status.pressure?.instructionID == 1)
    #expect(status.pressure?.firstActionSequence == 10)
    #expect((status.pressure?.firstActionNanoseconds ?? 0) > 0)
    try rig.request(RequestMessage(episode: EpisodeMessage(phase: .end)))
    try drive(rig, instruction: 1, 4)
    status = try rig.status()
    #expect(status.pressure == nil)
    let none = try #require(status.pressureCounts.first { $0.condition == nil })
    let placebo = try #require(status.pressureCounts.first { $0.condition == .placebo })
    #expect(none.commands == 9 && placebo.commands == 10 && placebo.instructions == 1)
    #expect((placebo.seconds ?? 0) > 0.05 && status.pressureCounts.count == 2)
    #expect(status.people == 0 && status.ages.first { $0.input == "state" }?.sequence != nil)
    let told = try odcvMonitor(["status", "--endpoint", daemon.endpoint(.control)], beside: rig)
    #expect(told.output.contains("placebo: of 10 commands 0 certainly violate"), "\(told.output)")
    #expect(daemon.end() == 0)
  }
}
