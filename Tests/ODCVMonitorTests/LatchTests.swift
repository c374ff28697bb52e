import Foundation
import ODCVWire
import Synchronization
import Testing

/// Work on a thread of its own, whose result is there later.
private final class Later<Value: Sendable>: Sendable {
  private let value = Mutex<Result<Value, any Error>?>(nil)

  init(_ work: @escaping @Sendable () throws -> Value) {
    Thread { [self] in
      let result = Result { try work() }
      value.withLock { $0 = result }
    }.start()
  }

  var isDone: Bool { value.withLock { $0 != nil } }
  var result: Result<Value, any Error> { value.withLock { $0! } }
}

@Suite(.serialized) struct LatchTests {
  @Test func unexpectedContactLatchesUntilAnOperatorsSignedReset() throws {
    let keys = try TemporaryDirectory()
    let made = try odcvMonitor(["keygen", "anna", "--out", keys.path + "/key"])
    let key = try #require(made.output.split(separator: " ").last).trimmingCharacters(in: .whitespacesAndNewlines)
    _ = try odcvMonitor(["keygen", "anna", "--out", keys.path + "/forged"])
    let daemon = try DaemonProcess(TestConfiguration(operators: "{anna: \"\(key)\"}"), mode: "enforce")
    let rig = try Rig(daemon)
    rig.contacts = [StateMessage.Contact(link: "panda_link5", other: "crate", normalForce: 40)]
    try rig.breathe(until: "latched") { rig.seen.contains { $0.decision == .halt } }
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
    let control = ["--endpoint", try daemon.endpoint(.control)]
    let forged = try odcvMonitor(["alarms", "reset", "--key", keys.path + "/forged"] + control)
    #expect(forged.status == 4)
    #expect(try rig.status().latch == latch)
    // A latch is cleared only of an arm that is seen: it goes on reporting while the operator asks.
    let arguments = ["alarms", "reset", "--key", keys.path + "/key"] + control
    let asking = Later { try odcvMonitor(arguments) }
    try rig.breathe(until: "answered") { asking.isDone }
    let reset = try asking.result.get()
    #expect(reset.status == 0, "\(reset.error)")
    #expect(try rig.status().latch == 0)
    let status = try odcvMonitor(["status", "--json"] + control)
    #expect(status.status == 0)
    #expect(status.output.contains("\"latch\":0"))
    #expect(daemon.end() == 0)
  }
}
