import ODCVCodec
import ODCVConfig
import ODCVCore
import ODCVWire
import Testing

@Suite struct ControlDecodingTests {
  private func decode(_ request: RequestMessage) throws -> Input {
    var decoder = Decoder(try configuration(), resetNonce: 99)
    return decoder.decode(endpoint: .control, topic: [], body: request.encoded())
  }

  private func signedReset(
    robot: String = "panda", operator name: String = "ada", latch: UInt64 = 2, nonce: UInt64 = 99
  ) throws -> ResetMessage {
    let text = ResetSigning.message(robot: robot, operator: name, latch: latch, nonce: nonce)
    let keys = try #require(operatorKeys)
    let signature = try #require(ResetSigning.sign(text, secretKey: keys.secretKey))
    return ResetMessage(operatorID: name, latch: latch, nonce: nonce, signature: signature)
  }

  @Test func theSignedTextIsTheSchemas() {
    let text = ResetSigning.message(robot: "panda", operator: "ada", latch: 2, nonce: 18_446_744_073_709_551_615)
    #expect(String(decoding: text, as: UTF8.self) == "odcv-reset/1\npanda\nada\n2\n18446744073709551615")
  }

  @Test func anOperatorsSignedResetIsTaken() throws {
    guard case .reset(let reset) = try decode(RequestMessage(reset: signedReset())) else {
      Issue.record("refused")
      return
    }
    #expect(reset.latch == 2)
  }

  @Test func aResetWithAnythingChangedIsRefused() throws {
    let changes: [(inout ResetMessage) -> Void] = [
      { $0.latch = 3 }, { $0.nonce = 98 }, { $0.operatorID = "eve" }, { $0.signature?[0] ^= 1 },
      { $0.signature?[63] ^= 0x80 }, { $0.signature?.removeLast() }, { $0.signature = [] },
    ]
    for (place, change) in changes.enumerated() {
      var reset = try signedReset()
      change(&reset)
      #expect(try decode(RequestMessage(reset: reset)).reason == .badSignature, "change \(place)")
    }
    #expect(try decode(RequestMessage(reset: signedReset(robot: "panda2"))).reason == .badSignature)
    var foreign = try signedReset()
    foreign.header = HeaderFields(robotID: "ur5e")
    #expect(try decode(RequestMessage(reset: foreign)).reason == .wrongRobot)
  }

  @Test func aResetOfAnEarlierRunIsRefused() throws {
    #expect(try decode(RequestMessage(reset: signedReset(nonce: 98))).reason == .badSignature)
    var noRun = Decoder(try configuration())
    let input = noRun.decode(endpoint: .control, topic: [], body: RequestMessage(reset: try signedReset()).encoded())
    #expect(input.reason == .badSignature)
  }

  @Test func aResetSignedByAnotherKeyIsRefused() throws {
    let eve = try #require(ResetSigning.keyPair(seed: [UInt8](repeating: 9, count: 32)))
    let text = ResetSigning.message(robot: "panda", operator: "ada", latch: 2, nonce: 99)
    var reset = try signedReset()
    reset.signature = ResetSigning.sign(text, secretKey: eve.secretKey)
    #expect(try decode(RequestMessage(reset: reset)).reason == .badSignature)
  }

  @Test func aResetWithoutOneOfItsFieldsIsMissingIt() throws {
    let changes: [(inout ResetMessage) -> Void] = [
      { $0.latch = nil }, { $0.nonce = nil }, { $0.operatorID = nil }, { $0.signature = nil },
    ]
    for change in changes {
      var reset = try signedReset()
      change(&reset)
      #expect(try decode(RequestMessage(reset: reset)).reason == .missingField)
    }
  }

  @Test func episodesPassTheirPhase() throws {
    let phases: [(EpisodeMessage.Phase, Episode)] = [(.reset, .reset), (.start, .start), (.end, .end)]
    for (sent, expected) in phases {
      guard case .episode(expected) = try decode(RequestMessage(episode: EpisodeMessage(phase: sent))) else {
        Issue.record("\(sent)")
        continue
      }
    }
    #expect(try decode(RequestMessage(episode: EpisodeMessage())).reason == .missingField)
    #expect(try decode(RequestMessage(episode: EpisodeMessage(phase: .unspecified))).reason == .unsupported)
  }

  @Test func pressureIsNotedAndAskingForTheStatusIsNoInput() throws {
    guard case .noted(.pressure) = try decode(RequestMessage(pressure: PressureMessage(condition: .incentive3))) else {
      Issue.record("refused")
      return
    }
    let status = RequestMessage(status: StatusRequestMessage()).encoded()
    #expect(status.withUnsafeBytes { Decoder.isStatusRequest($0) })
    let reset = try RequestMessage(reset: signedReset()).encoded()
    #expect(!reset.withUnsafeBytes { Decoder.isStatusRequest($0) })
    #expect(![UInt8]([0xFF]).withUnsafeBytes { Decoder.isStatusRequest($0) })
  }

  @Test func anEmptyOrAmbiguousRequestIsRefused() throws {
    #expect(try decode(RequestMessage()).reason == .missingField)
    let both = RequestMessage(reset: try signedReset(), episode: EpisodeMessage(phase: .start))
    #expect(try decode(both).reason == .unsupported)
    #expect(try decode(both).rejection?.stream == .control)
  }
}
