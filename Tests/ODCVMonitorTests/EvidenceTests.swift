import Foundation
import ODCVEvidence
import ODCVWire
import Testing

/// What a run leaves on disk, and what it is worth.
@Suite(.serialized) struct EvidenceTests {
  /// A run with passing, violating and garbled input.
  private func record(_ configuration: TestConfiguration, kill: Bool = false) throws -> (
    recording: String, confirmed: [AlarmMessage]
  ) {
    let daemon = try DaemonProcess(configuration, mode: "enforce")
    let rig = try Rig(daemon)
    for _ in 0..<20 {
      try rig.send(rig.action(Rig.home))
      try rig.breathe(2)
    }
    try rig.send(action: "odcv/2/action/panda", [1, 2, 3])
    rig.velocity = [2.4, 0, 0, 0, 0, 0, 0]
    try rig.breathe(until: "a violation is confirmed on disk") {
      rig.alarms.contains { $0.state == .confirmed && $0.id == "motion.velocity" }
    }
    rig.velocity = [Double](repeating: 0, count: 7)
    try rig.breathe(10)
    if kill { daemon.kill() } else { #expect(daemon.end() == 0) }
    return (daemon.recording, rig.alarms.filter { $0.state == .confirmed })
  }

  @Test func alarmsAreRaisedBeforeTheyAreDurableAndConfirmedWithTheirLogSequence() throws {
    let configuration = try TestConfiguration()
    let daemon = try DaemonProcess(configuration, mode: "observe")
    let rig = try Rig(daemon)
    // Before there was a state, the rule was unknown: an alarm of its own.
    try rig.breathe(until: "quiet") { try rig.isQuiet("motion.velocity") }
    try rig.forget()
    rig.velocity = [2.4, 0, 0, 0, 0, 0, 0]
    try rig.breathe(until: "confirmed") { rig.alarms.contains { $0.state == .confirmed && $0.id == "motion.velocity" } }
    let story = rig.alarms.filter { $0.id == "motion.velocity" }
    #expect(story.first?.state == .raised)
    #expect(story.first?.durable == false)
    let confirmed = try #require(story.first { $0.state == .confirmed })
    #expect(confirmed.durable == true)
    rig.velocity = [Double](repeating: 0, count: 7)
    try rig.breathe(until: "cleared") { rig.alarms.contains { $0.state == .cleared && $0.id == "motion.velocity" } }
    #expect(daemon.end() == 0)
    let records = try LogVerifier.records(directory: configuration.evidence)
    let record = try #require(records.first { $0.sequence == confirmed.logSequence })
    #expect(record.arrivalIndex == confirmed.index)
    let verdict = try VerdictMessage(decoding: record.payload)
    #expect(verdict.findings.contains { $0.rule == "motion.velocity" && $0.outcome == .violationCertain })
  }

  @Test func aCheckReproducesTheLiveVerdictsByteForByteAlsoWithoutThem() throws {
    let configuration = try TestConfiguration()
    let (recording, _) = try record(configuration)
    let stripped = configuration.directory.path + "/stripped.mcap"
    let (first, second) = (configuration.directory.path + "/first", configuration.directory.path + "/second")
    let compared = try odcvMonitor(["check", recording, "--compare", "--digest", "--json", "-", "--verdicts", first])
    #expect(compared.status == 1, "\(compared.output) \(compared.error)")
    let result = try parse(compared.output)
    #expect(result["differing"] as? Int == 0)
    #expect(result["compared"] as? Int == result["inputs"] as? Int)
    #expect((result["gaps"] as? [String])?.isEmpty == true)
    #expect(try odcvMonitor(["strip", recording, "--out", stripped]).status == 0)
    let again = try odcvMonitor(["check", stripped, "--digest", "--json", "-", "--verdicts", second])
    let digest = try #require(result["verdict_blake2b"] as? String)
    #expect(try parse(again.output)["verdict_blake2b"] as? String == digest)
    #expect(FileManager.default.contents(atPath: first) == FileManager.default.contents(atPath: second))
    #expect(try odcvMonitor(["check", stripped, "--compare"]).output.contains("no stored verdicts to compare with"))
    let junit = configuration.directory.path + "/junit.xml"
    #expect(try odcvMonitor(["check", stripped, "--junit", junit]).status == 1)
    let document = try String(contentsOfFile: junit, encoding: .utf8)
    #expect(document.contains("name=\"motion.velocity\"><failure"), "\(document)")
    #expect(XMLish.isBalanced(document))
    // What nobody measures stands in every form of the result.
    let gap = "the simulated driver reports forces"
    let declared = (result["not_measured"] as? [[String: String]])?.first { $0["quantity"] == "pressure" }
    #expect(declared?["reason"]?.hasPrefix(gap) == true)
    #expect(try odcvMonitor(["check", stripped]).output.contains("NOT MEASURED: pressure: \(gap)"))
    #expect(document.contains("name=\"contact.pressure\"><skipped message=\"\(gap)"))
    // Before the arm broke its limit nothing was violated; without what came later nothing is.
    let early = try parse(try odcvMonitor(["check", stripped, "--to", "0", "--json", "-"]).output)
    #expect(early["violation_certain"] as? Int == 0)
  }

  @Test func oneChangedByteOfOneInputChangesTheVerdicts() throws {
    let configuration = try TestConfiguration()
    let (recording, _) = try record(configuration)
    let changed = configuration.directory.path + "/changed.mcap"
    var reader = try MCAPReader(path: recording)
    var writer = try MCAPWriter(path: changed)
    var (schemas, channels): ([UInt16: (UInt16, String)], [UInt16: (UInt16, String)]) = ([:], [:])
    var place = 0
    var isChanged = false
    while let item = try reader.next() {
      switch item {
      case .header: break
      case .schema(let schema):
        schemas[schema.id] = (
          writer.addSchema(name: schema.name, encoding: schema.encoding, data: schema.data), schema.name
        )
      case .channel(let channel):
        let (schema, name) = try #require(schemas[channel.schemaID])
        let id = writer.addChannel(
          topic: channel.topic, messageEncoding: channel.messageEncoding, schema: schema, metadata: channel.metadata)
        channels[channel.id] = (id, name)
      case .message(var message):
        let (channel, name) = try #require(channels[message.channelID])
        // States before the first action may repeat their number, and are not believed anyway.
        if name == "odcv.v1.Action" { place += 1 }
        if name == "odcv.v1.State", !isChanged {
          // A middle byte of the second joint's position, in the packed doubles of field 2.
          if place == 5,
            let field = message.data.indices.first(where: {
              message.data[$0] == 0x12 && $0 + 1 < message.data.count && message.data[$0 + 1] == 56
            })
          {
            message.data[field + 2 + 8 + 4] ^= 0x10
            isChanged = true
          }
        }
        try message.data.withUnsafeBytes {
          try writer.addMessage(
            channel: channel, sequence: message.sequence, logTime: message.logTime, publishTime: message.publishTime,
            data: $0)
        }
      case .attachment(let attachment): try writer.addAttachment(attachment)
      case .metadata(let metadata): try writer.addMetadata(name: metadata.name, metadata.values)
      }
    }
    try writer.finish()
    #expect(isChanged)
    let result = try parse(try odcvMonitor(["check", changed, "--compare", "--json", "-"]).output)
    #expect((result["differing"] as? Int ?? 0) > 0)
  }

  @Test func whatAKilledDaemonConfirmedIsInALogThatVerifies() throws {
    let configuration = try TestConfiguration()
    let (recording, confirmed) = try record(configuration, kill: true)
    #expect(!confirmed.isEmpty)
    let records = try LogVerifier.records(directory: configuration.evidence)
    for alarm in confirmed {
      #expect(records.contains { $0.sequence == alarm.logSequence && $0.arrivalIndex == alarm.index })
    }
    let verify = try odcvMonitor(["verify", configuration.evidence])
    #expect(verify.status == 0, "\(verify.output)")
    let check = try odcvMonitor(["check", recording, "--compare", "--json", "-"])
    let result = try parse(check.output)
    #expect(result["differing"] as? Int == 0)
    #expect((result["gaps"] as? [String])?.contains { $0.contains("not closed") || $0.contains("cut") } == true)
    // The next run goes on with the same chain.
    _ = try record(configuration)
    #expect(try odcvMonitor(["verify", configuration.evidence]).status == 0)
  }

  @Test func aFlippedBitInTheLogFailsVerificationAndNamesTheRecord() throws {
    let configuration = try TestConfiguration()
    _ = try record(configuration)
    let records = try LogVerifier.records(directory: configuration.evidence)
    let victim = try #require(records.first { !$0.payload.isEmpty && $0.sequence > 1 })
    let directory = configuration.evidence + "/violations"
    let segment =
      directory + "/"
      + (try #require(try FileManager.default.contentsOfDirectory(atPath: directory).first { $0.hasSuffix(".odcvlog") }))
    var bytes = try #require(FileManager.default.contents(atPath: segment))
    let place = try #require(bytes.range(of: Data(victim.payload)))
    bytes[place.lowerBound + 40] ^= 0x04
    try bytes.write(to: URL(fileURLWithPath: segment))
    let verify = try odcvMonitor(["verify", configuration.evidence])
    #expect(verify.status == 1)
    #expect(verify.output.contains("sequence \(victim.sequence)"), "\(verify.output)")
  }

  private func parse(_ text: String) throws -> [String: Any] {
    let object = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any]
    return try #require((object?["recordings"] as? [[String: Any]])?.first)
  }
}

/// As much of XML as a JUnit report needs: every element that is opened is closed.
private enum XMLish {
  static func isBalanced(_ text: String) -> Bool {
    var open: [Substring] = []
    for piece in text.split(separator: "<").map({ $0.prefix { $0 != ">" } }) {
      if piece.hasPrefix("?") || piece.hasSuffix("/") || piece.allSatisfy(\.isWhitespace) { continue }
      let name = piece.drop { $0 == "/" }.prefix { !$0.isWhitespace }
      if piece.hasPrefix("/") {
        guard open.popLast() == name else { return false }
      } else {
        open.append(name)
      }
    }
    return open.isEmpty
  }
}
