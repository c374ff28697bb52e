import Foundation
import ODCVConfig
import ODCVCore
import ODCVEvidence
import ODCVWire
import Testing

@testable import ODCVMonitor

@Suite(.serialized) struct LatchTests {
  /// What contact that nobody declared may add up to, whatever the tests take for it.
  private func permitting(window: String, time: String, impulse: String) -> (String, String) -> String {
    { _, text in
      text.replacingOccurrences(of: "    window_s: 10\n", with: "    window_s: \(window)\n")
        .replacingOccurrences(of: "greatest_time_s: 2\n", with: "greatest_time_s: \(time)\n")
        .replacingOccurrences(of: "greatest_impulse_n_s: 10\n", with: "greatest_impulse_n_s: \(impulse)\n")
    }
  }

  @Test func contactOfTheWindowStandsAgainstAResetAndRunsOut() throws {
    let keys = try TemporaryDirectory()
    let made = try odcvMonitor(["keygen", "anna", "--out", keys.path + "/key"])
    let key = try #require(made.output.split(separator: " ").last).trimmingCharacters(in: .whitespacesAndNewlines)
    let short = permitting(window: "5", time: "0.1", impulse: "1000")
    let daemon = try DaemonProcess(TestConfiguration(operators: "{anna: \"\(key)\"}", edit: short), mode: "enforce")
    let rig = try Rig(daemon)
    rig.contacts = [StateMessage.Contact(link: "panda_link5", other: "crate", normalForce: 40)]
    try rig.breathe(60)
    rig.contacts = []
    try rig.breathe(20)
    let order = ["alarms", "reset", "--key", keys.path + "/key", "--endpoint", try daemon.endpoint(.control)]
    let early = try odcvMonitor(order, beside: rig)
    #expect(early.status == 4)
    #expect(early.error.contains("contact of the last 5.0 s counts"), "\(early.error)")
    try rig.breathe(until: "what was has left the window") { try odcvMonitor(order, beside: rig).status == 0 }
    #expect(try rig.status().latch == 0)
    #expect(daemon.end() == 0)
  }

  @Test func unexpectedContactLatchesUntilAnOperatorsSignedReset() throws {
    let keys = try TemporaryDirectory()
    let made = try odcvMonitor(["keygen", "anna", "--out", keys.path + "/key"])
    let key = try #require(made.output.split(separator: " ").last).trimmingCharacters(in: .whitespacesAndNewlines)
    _ = try odcvMonitor(["keygen", "anna", "--out", keys.path + "/forged"])
    let long = permitting(window: "10", time: "10", impulse: "10000")
    let daemon = try DaemonProcess(TestConfiguration(operators: "{anna: \"\(key)\"}", edit: long), mode: "enforce")
    let rig = try Rig(daemon)
    rig.contacts = [StateMessage.Contact(link: "panda_link5", other: "crate", normalForce: 40)]
    try rig.breathe(until: "latched") { rig.seen.contains { $0.decision == .halt } }
    // The operator hears what touches what, and a reset is refused while it does.
    let control = ["--endpoint", try daemon.endpoint(.control)]
    let listed = try odcvMonitor(["alarms", "list"] + control)
    #expect(listed.output.contains("unexpected contact, panda_link5 - crate, 40.0 N"), "\(listed.output)")
    let cause = try #require(try rig.status().latchCause)
    #expect(cause.link == "panda_link5" && cause.other == "crate" && cause.force == 40)
    #expect(try #require(cause.ageNanoseconds) >= 0)
    let early = try odcvMonitor(["alarms", "reset", "--key", keys.path + "/key"] + control, beside: rig)
    #expect(early.status == 4)
    #expect(early.error.contains("contact is still reported (unexpected contact, panda_link5 - crate, 40.0 N)"), "\(early.error)")
    rig.contacts = []
    try rig.breathe(4)
    let latch = try #require(try rig.status().latch)
    #expect(latch != 0)
    // Neither an episode's reset nor a forged signature clears it, and nothing moves.
    try rig.request(RequestMessage(episode: EpisodeMessage(phase: .reset)))
    try rig.forget()
    try rig.send(rig.action(Rig.home))
    try rig.breathe(until: "the action is answered by a stop") { !rig.driven.isEmpty }
    #expect(rig.driven.allSatisfy { (try? ActionMessage(decoding: $0))?.space == .stop })
    let forged = try odcvMonitor(["alarms", "reset", "--key", keys.path + "/forged"] + control)
    #expect(forged.status == 4)
    #expect(try rig.status().latch == latch)
    let reset = try odcvMonitor(["alarms", "reset", "--key", keys.path + "/key"] + control, beside: rig)
    #expect(reset.status == 0, "\(reset.error)")
    #expect(try rig.status().latchCause == nil)
    #expect(try rig.status().latch == 0)
    let status = try odcvMonitor(["status", "--json"] + control)
    #expect(status.status == 0)
    #expect(status.output.contains("\"latch\":0"))
    #expect(daemon.end() == 0)
  }
}

/// What `explain` says of a latch.
@Suite(.serialized) struct LatchExplanationTests {
  @Test func aLatchIsExplainedByWhatToldOfItAndItsLimit() throws {
    let daemon = try DaemonProcess(TestConfiguration(), mode: "enforce")
    let rig = try Rig(daemon)
    rig.contacts = [StateMessage.Contact(link: "panda_link5", other: "crate", normalForce: 40)]
    try rig.breathe(until: "latched") { rig.seen.contains { $0.decision == .halt } }
    rig.contacts = []
    try rig.breathe(8)
    let later = try #require(rig.seen.last { $0.decision == .halt }?.index)
    // Told to move long after: a violation that no motion comes to.
    try rig.breathe(100)
    try rig.send(rig.action(Rig.home.map { $0 + 0.05 }))
    try rig.breathe(until: "judged") { rig.seen.contains { $0.judged == .commanded } }
    let command = try #require(rig.seen.last { $0.judged == .commanded }?.index)
    #expect(daemon.end() == 0)
    let result = try odcvMonitor(["explain", "--index", "\(later)", daemon.recording])
    let text = result.output.replacingOccurrences(of: "\\s+", with: " ", options: .regularExpression)
    #expect(text.contains("LATCHED latch #1 since input "), "\(result.output)")
    #expect(text.contains("contact of panda_link5 with crate, 40.0 N; allowed are 10.0 N (`force_threshold_n`)"), "\(result.output)")
    let told = try odcvMonitor(["explain", "--index", "\(command)", daemon.recording])
    #expect(told.output.contains("The arm has moved, or was told to, since the contact for: "), "\(told.output)")
    #expect(!told.output.contains("the command comes to"), "\(told.output)")
    let json = try odcvMonitor(["explain", "--index", "\(later)", daemon.recording, "--json"])
    #expect(json.output.contains("\"latch\":{\"number\":1,"), "\(json.output)")
  }

  @Test func aJointsTorqueIsNamedWithItsLimit() throws {
    let core = try LoadedConfiguration.load(path: Package.root + "/config/monitor.yaml").core
    var monitor = Monitor(core)
    let still = JointVector(count: 7)
    var torque = still
    torque[1] = -20
    _ = monitor.step(
      .state(
        State(
          sequence: Sequence(stream: 1, number: 1, boot: 1), position: JointVector(Rig.home), velocity: still, externalEffort: torque,
          contacts: Contacts(), externalForce: 0)), at: MonoInstant(nanoseconds: 1))
    let latched = monitor.contactRecord
    let record = try #require(latched)
    let told = Latching(record: record, index: 1, state: StateMessage(externalEffort: torque.values.map { $0 }))
    #expect(told.words(core).hasPrefix("joint panda_joint2: external torque -20.0 Nm; allowed are 10.0 Nm (`torque_threshold_nm`)"), "\(told.words(core))")
    var residual = record
    residual.sign = .residual(joint: 3, torque: 14.2)
    let found = Latching(record: residual, index: 1, state: nil).words(core)
    #expect(found.hasPrefix("joint panda_joint4: 14.2 Nm that its own torque leaves unexplained; allowed are 10.0 Nm"), "\(found)")
  }

  @Test func distancesBeyondAnyArmAreOnlySaidToBeThat() {
    #expect(ExplanationText.interval(Interval(-3564, -20), "m") == "below -10 m")
    #expect(ExplanationText.interval(Interval(-3564, 0.02), "m") == "below -10 to 0.02 m")
    #expect(ExplanationText.interval(Interval(12, 40), "m") == "above 10 m")
    #expect(ExplanationText.interval(Interval(-3564, -20), "rad/s") == "-3564.0 to -20.0 rad/s")
    #expect(Words.measure(-3564, "m") == "below -10 m" && Words.measure(-3564, "N") == "-3564.0 N" && Words.measure(0.05, "m") == "0.05 m")
  }
}

@Suite(.serialized) struct RestartTests {
  private static func contact(_ rig: Rig) { rig.contacts = [StateMessage.Contact(link: "panda_link5", other: "crate", normalForce: 40)] }

  @Test func aLatchOutlivesTheMonitorUntilAnOperatorResetsIt() throws {
    let keys = try TemporaryDirectory()
    let made = try odcvMonitor(["keygen", "anna", "--out", keys.path + "/key"])
    let key = try #require(made.output.split(separator: " ").last).trimmingCharacters(in: .whitespacesAndNewlines)
    let configuration = try TestConfiguration(operators: "{anna: \"\(key)\"}")
    let latch: UInt64
    do {
      let daemon = try DaemonProcess(configuration, mode: "enforce")
      let rig = try Rig(daemon)
      Self.contact(rig)
      try rig.breathe(until: "latched") { rig.seen.contains { $0.decision == .halt } }
      let status = try rig.status()
      latch = try #require(status.latch)
      let cause = try #require(status.latchCause)
      #expect(try #require(cause.decidedNanoseconds) > 0)
      #expect(try #require(cause.orderedNanoseconds) >= cause.decidedNanoseconds ?? .max)
      try rig.breathe(20)
      daemon.kill()
    }
    let daemon = try DaemonProcess(configuration, mode: "enforce")
    let rig = try Rig(daemon)
    let status = try rig.status()
    #expect(status.latch == latch)
    let reason = try #require(status.latchCause?.reason)
    #expect(reason.contains("before this monitor was started") && reason.contains("crate"), "\(reason)")
    try rig.forget()
    try rig.send(rig.action(Rig.home))
    try rig.breathe(until: "the action is answered by a stop") { !rig.driven.isEmpty }
    #expect(rig.driven.allSatisfy { (try? ActionMessage(decoding: $0))?.space == .stop })
    let control = ["--endpoint", try daemon.endpoint(.control)]
    let reset = try odcvMonitor(["alarms", "reset", "--key", keys.path + "/key"] + control, beside: rig)
    #expect(reset.status == 0, "\(reset.error)")
    #expect(daemon.end() == 0)
    // What was judged can be judged again: the latch that was there at the start is in the recording.
    let check = try odcvMonitor(["check", daemon.recording, "--compare"])
    #expect(check.output.contains("are the same, byte for byte"), "\(check.output)\(check.error)")
    let clean = try DaemonProcess(configuration, mode: "enforce")
    #expect(try Rig(clean).status().latch == 0)
    #expect(clean.end() == 0)
  }

  @Test func aMonitorThatIsKilledAtItsFirstHaltIsStartedAgainWithTheLatch() throws {
    for _ in 0..<4 {
      let configuration = try TestConfiguration()
      do {
        let daemon = try DaemonProcess(configuration, mode: "enforce")
        let rig = try Rig(daemon)
        Self.contact(rig)
        try rig.breathe(until: "latched") { rig.seen.contains { $0.decision == .halt } }
        daemon.kill()
      }
      let daemon = try DaemonProcess(configuration, mode: "enforce")
      #expect(try Rig(daemon).status().latch != 0)
      #expect(daemon.end() == 0)
    }
  }

  /// A latch is of an arm, whatever that is called later.
  @Test func anArmIsNotUnlatchedByAnotherName() throws {
    let configuration = try TestConfiguration()
    try FileManager.default.createDirectory(atPath: configuration.evidence, withIntermediateDirectories: true)
    try "7\ncontact\n".write(toFile: configuration.evidence + "/latch-panda-2", atomically: true, encoding: .utf8)
    let refused = try odcvMonitor(["run", "--config", configuration.path, "--seconds", "0.1"])
    #expect(refused.status == 4 && refused.error.contains("latch-panda-2: an arm of another name is latched here"), "\(refused.error)")
    #expect(try EvidenceDirectory.recordings(root: configuration.evidence).isEmpty)
    // What a write that was cut off left behind is no latch.
    let latch = configuration.evidence + "/latch-panda-2"
    try FileManager.default.moveItem(atPath: latch, toPath: latch + ".new")
    #expect(try odcvMonitor(["run", "--config", configuration.path, "--seconds", "0.1"]).status == 0)
  }

  @Test func aDamagedLatchFileIsALatch() throws {
    let configuration = try TestConfiguration()
    try FileManager.default.createDirectory(atPath: configuration.evidence, withIntermediateDirectories: true)
    try "7".write(toFile: configuration.evidence + "/latch-panda", atomically: true, encoding: .utf8)
    let daemon = try DaemonProcess(configuration, mode: "enforce")
    let status = try Rig(daemon).status()
    #expect(status.latch == 1)
    #expect(status.latchCause?.reason?.contains("damaged") == true)
    #expect(daemon.end() == 0)
  }
}

/// Why a latch is there and why it stays, from states that are planted.
@Suite struct ContactCauseTests {
  private func loaded() throws -> LoadedConfiguration {
    try LoadedConfiguration.load(path: Package.root + "/config/monitor.yaml")
  }

  private func state(_ contacts: Contacts?, velocity: Double = 0, force: Double? = nil, torque: Double = 0) -> State {
    State(
      sequence: Sequence(stream: 1, number: 1, boot: 1), position: JointVector(Rig.home),
      velocity: JointVector([0, 0, velocity, 0, 0, 0, 0]), externalEffort: JointVector([0, 0, 0, torque, 0, 0, 0]),
      contacts: contacts, externalForce: force)
  }

  @Test func theWorstUnexpectedContactIsNamed() throws {
    let core = try loaded().core
    var contacts = Contacts()
    let names = ["post", "rack", "crate"]
    for force in [3.0, 45, 12] { contacts.append(Contact(link: 2, expected: nil, force: force)) }
    let message = StateMessage(contacts: names.map { StateMessage.Contact(link: "tool", other: $0) })
    let cause = try #require(ContactCause.find(state(contacts), message, core))
    #expect(cause.text == "tool - rack, 45.0 N" && cause.reason == "unexpected contact")
    #expect(ContactCause.find(state(Contacts()), StateMessage(), core) == nil)
    let torque = ContactCause.find(state(nil, torque: -20), StateMessage(), core)
    #expect(torque?.joint == "panda_joint4" && torque?.torque == 20)
    let force = ContactCause.find(state(nil, force: 30), StateMessage(), core)
    #expect(force?.force == 30 && force?.link == nil)
    var declared = Contacts()
    declared.append(Contact(link: 2, expected: 0, force: 1))
    #expect(ContactCause.tooLong(state(declared), message)?.text == "tool - post, 1.0 N")
  }

  @Test func aRefusedResetSaysWhatStandsAgainstIt() throws {
    let core = try loaded().core
    let still = state(Contacts())
    let text = { (age: Double?, state: State?, contact: (ContactSign, ContactCause)?, ordered: UInt64) in
      ResetRefusal.text(inForce: 2, ordered: ordered, age: age, state: state, contact: contact, core)
    }
    #expect(text(0.001, still, nil, 1).contains("latch #2 is in force, not #1"))
    #expect(text(nil, nil, nil, 2).hasPrefix("no fresh state"))
    #expect(text(10, still, nil, 2).hasPrefix("no fresh state: the last one is 10.0 s old"))
    #expect(text(0.001, state(Contacts(), velocity: 0.2), nil, 2).contains("still moving (panda_joint3, 0.2 rad/s)"))
    let contact = ContactCause(reason: "unexpected contact", link: "tool", other: "rack", force: 45)
    #expect(text(0.001, still, (.contact(0), contact), 2).hasPrefix("contact is still reported (unexpected contact, tool - rack"))
    let budget = ContactCause.find(.budget(expected: nil), LastState(), nil, core)
    #expect(text(0.001, still, (.budget(expected: nil), budget), 2).contains("contact of the last 10.0 s counts"))
    let residual = ContactCause.find(.residual(joint: 1, torque: 14), LastState(), nil, core)
    #expect(text(0.001, still, (.residual(joint: 1, torque: 14), residual), 2).contains("(panda_joint2, 14.0 Nm): free the arm"))
    let mute = ResetRefusal.text(inForce: 2, ordered: 2, age: 0.001, state: still, contact: nil, isKnown: false, core)
    let doubted = ResetRefusal.text(inForce: 2, ordered: 2, age: 0.001, state: still, contact: nil, doubted: 3, core)
    #expect(doubted.contains("positions of panda_joint4 move otherwise than its measured velocity says"), "\(doubted)")
    #expect(mute.contains("does not tell whether anything touches the arm"))
  }
}
