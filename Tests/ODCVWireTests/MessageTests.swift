import TestSupport
import Testing
import WireSupport

@testable import ODCVWire

@Suite struct MessageTests {
  @Test func everyMessageComesBackByteForByte() throws {
    for (place, type) in allMessages.enumerated() {
      try roundTrip(type, seed: UInt64(place))
    }
  }

  private func roundTrip<Message: WireMessage>(_ type: Message.Type, seed: UInt64) throws {
    var writer = BodyWriter(generator: SeededGenerator(seed: seed))
    for _ in 0..<200 {
      let body = writer.body(type.schema.descriptor)
      let message = try Message(decoding: body)
      let again = message.encoded()
      try #require(again == body, "\(Message.schema.name) of seed \(seed)")
      var arena = Arena(capacity: 64, growing: true)
      try #require(Array(message.encoded(in: &arena)) == body)
    }
  }

  @Test func absentIsNeverZero() throws {
    let nothing = try ActionMessage(decoding: [])
    #expect(nothing == ActionMessage())
    #expect(nothing.header == nil && nothing.space == nil && nothing.terminate == nil && nothing.position.isEmpty)
    let zeros = ActionMessage(header: HeaderFields(sequence: 0, bootID: 0), validForNanoseconds: 0, terminate: false)
    let back = try ActionMessage(decoding: zeros.encoded())
    #expect(back == zeros)
    #expect(back.header?.sequence == 0 && back.header?.streamID == nil)
    #expect(back.terminate == false)
  }

  @Test func anEnumValueOfANewerVersionReadsAsUnspecified() throws {
    var body: [UInt8] = []
    body.add(tag: 2, 0)
    body.add(varint: 77)
    #expect(try ActionMessage(decoding: body).space == .unspecified)
  }

  @Test func anEnumValueBeyond32BitsReadsAsUnspecified() throws {
    var body: [UInt8] = []
    body.add(tag: 2, 0)
    // -1, as protobuf writes negative enums.
    body.add(varint: .max)
    #expect(try ActionMessage(decoding: body).space == .unspecified)
  }

  @Test func aNULInATextCannotCutItShort() throws {
    let message = InstructionMessage(text: "slow\0down")
    #expect(try InstructionMessage(decoding: message.encoded()).text == "slow\u{FFFD}down")
  }

  @Test func aRefusedBodySaysWhatAndWhy() {
    let error = #expect(throws: WireError.self) { try StateMessage(decoding: [0x0A, 0x05, 0x01]) }
    #expect(error?.description.contains("State of 3 bytes: it ends inside a field") == true)
  }
}
