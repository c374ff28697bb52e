import TestSupport
import Testing
import WireSupport

@testable import ODCVWire

@Suite struct BoundsTests {
  private func refusal<Message: WireMessage>(_ type: Message.Type, _ body: [UInt8]) -> BoundsRefusal? {
    body.withUnsafeBytes { MessageBounds.refusal(of: type.schema, in: $0) }
  }

  /// The bound is let through, one more is refused.
  private func expectBound<Message: WireMessage>(
    _ limit: Int, _ refused: BoundsRefusal, _ message: (Int) -> Message,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    #expect(refusal(Message.self, message(limit).encoded()) == nil, sourceLocation: sourceLocation)
    #expect(refusal(Message.self, message(limit + 1).encoded()) == refused, sourceLocation: sourceLocation)
  }

  @Test func everyBoundHoldsToTheElement() {
    expectBound(32, .tooMany) { ActionMessage(position: Array(repeating: 1, count: $0)) }
    expectBound(32, .tooMany) { StateMessage(velocity: Array(repeating: 1, count: $0)) }
    expectBound(32, .tooMany) { LayoutMessage(jointNames: Array(repeating: "j", count: $0)) }
    expectBound(2048, .tooMany) { ActionMessage(horizonPosition: Array(repeating: 1, count: $0)) }
    expectBound(8, .tooMany) { PeopleMessage(tracks: Array(repeating: .init(), count: $0)) }
    expectBound(16, .tooMany) { PeopleMessage(tracks: [.init(parts: Array(repeating: .init(), count: $0))]) }
    expectBound(128, .tooMany) { ObstaclesMessage(obstacles: Array(repeating: .init(), count: $0)) }
    expectBound(64, .tooMany) { StateMessage(contacts: Array(repeating: .init(), count: $0)) }
    expectBound(32, .tooMany) { StepRequestMessage(requests: Array(repeating: [1], count: $0)) }
    expectBound(32, .tooMany) { StepReplyMessage(signals: Array(repeating: [1], count: $0)) }
    expectBound(32, .tooMany) { StepReplyMessage(forgedSignals: Array(repeating: [], count: $0)) }
    expectBound(8192, .tooLong) { ReasoningMessage(text: String(repeating: "a", count: $0)) }
    expectBound(256, .tooLong) { HeaderFields(robotID: String(repeating: "a", count: $0)) }
  }

  @Test func theFullestPeopleFrameIsLetThrough() throws {
    let part = PeopleMessage.BodyPart(
      region: .hand, a: VectorFields(x: 1, y: 2, z: 3), b: VectorFields(x: 1, y: 2, z: 4), radius: 0.1)
    let track = PeopleMessage.Track(trackID: 7, parts: Array(repeating: part, count: 16))
    let people = PeopleMessage(sensorID: "cell-camera", coverageOk: true, tracks: Array(repeating: track, count: 8))
    #expect(try PeopleMessage(decoding: people.encoded()) == people)
  }

  @Test func aBodyBeyond256KiBIsRefused() {
    #expect(refusal(UndecodedMessage.self, [UInt8](repeating: 0, count: MessageBounds.messageBytes + 1)) == .tooLong)
  }

  @Test func unpackedArraysAreCountedToo() {
    var body: [UInt8] = []
    for _ in 0..<32 {
      body.add(tag: 5, 1)
      body.add(fixed: 0)
    }
    #expect(refusal(ActionMessage.self, body) == nil)
    // One packed element on top of 32 single ones.
    body.add(5, content: [UInt8](repeating: 0, count: 8))
    #expect(refusal(ActionMessage.self, body) == .tooMany)
  }

  @Test func everyCutOfABodyIsRefusedOrShorter() {
    let body = StateMessage(
      header: HeaderFields(robotID: "panda", sequence: 300), position: [1, 2], contacts: [.init(link: "panda_hand")]
    ).encoded()
    // A cut between two fields is a shorter message: before, and after the first and the second field.
    let passing = (0..<body.count).filter { refusal(StateMessage.self, Array(body[..<$0])) == nil }
    #expect(passing.count == 3)
    for length in 0..<body.count where !passing.contains(length) {
      #expect(refusal(StateMessage.self, Array(body[..<length])) == .truncated)
    }
  }

  @Test func wrongWireTypesAreRefused() {
    var number: [UInt8] = []
    number.add(tag: 1, 0)
    number.add(varint: 1)
    #expect(refusal(StateMessage.self, number) == .wrongType)
    var text: [UInt8] = []
    text.add(2, content: Array("ten bytes".utf8))
    #expect(refusal(StateMessage.self, text) == .malformed)
    #expect(refusal(HeaderFields.self, text) == .wrongType)
  }

  @Test func groupsAndFieldNumberZeroAreRefused() {
    #expect(refusal(StateMessage.self, [0x0B, 0x0C]) == .malformed)
    #expect(refusal(StateMessage.self, [0x00, 0x00]) == .malformed)
  }

  @Test func overlongNumbersAreRefused() {
    let tail = [UInt8](repeating: 0x80, count: 9)
    #expect(refusal(HeaderFields.self, [0x18] + tail + [0x01]) == nil)
    #expect(refusal(HeaderFields.self, [0x18] + tail + [0x02]) == .malformed)
    #expect(refusal(HeaderFields.self, [0x18] + tail + [0x80, 0x01]) == .malformed)
    #expect(refusal(HeaderFields.self, [0x98, 0x80, 0x80, 0x80, 0x80, 0x00, 0x01]) == .malformed)
  }

  @Test func aSingleFieldThatIsThereTwiceIsRefused() {
    let header = HeaderFields(robotID: "panda")
    var body = ActionMessage(header: header, space: .stop).encoded()
    #expect(refusal(ActionMessage.self, body) == nil)
    body.add(1, content: HeaderFields(robotID: "other").encoded())
    #expect(refusal(ActionMessage.self, body) == .twice)
  }

  @Test func textThatIsNotUTF8IsRefused() {
    let bad: [[UInt8]] = [
      [0xFF], [0xC0, 0xAF], [0xE0, 0x80, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xE2, 0x82], [0x61, 0],
      [0xF5, 0x80, 0x80, 0x80], [0x80], [0xF0, 0x80, 0x80, 0x80], [0xC3, 0x28],
    ]
    for text in bad {
      var body: [UInt8] = []
      body.add(1, content: text)
      #expect(refusal(HeaderFields.self, body) == .notText, "\(text)")
    }
  }

  @Test func theTextCheckAgreesWithTheStandardLibrary() throws {
    var generator = SeededGenerator(seed: 11)
    for _ in 0..<20_000 {
      // Bytes near the edges of UTF-8's ranges, so that valid texts are not rare.
      let edges: [UInt8] = [0x41, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC2, 0xDF, 0xE0, 0xED, 0xEF, 0xF0, 0xF4]
      let bytes = (0..<Int.random(in: 0...5, using: &generator)).map { _ in edges.randomElement(using: &generator)! }
      let valid = String(validating: bytes, as: UTF8.self) != nil
      try #require(bytes.withUnsafeBytes { isText($0) } == valid, "\(bytes)")
    }
  }

  @Test func aFewFieldsOfANewerVersionAreLetThrough() throws {
    var body = HeartbeatMessage(header: HeaderFields(sequence: 4)).encoded()
    for _ in 0..<16 { body.add(200, content: [1, 2, 3]) }
    #expect(try HeartbeatMessage(decoding: body).header?.sequence == 4)
    body.add(200, content: [])
    #expect(refusal(HeartbeatMessage.self, body) == .tooMany)
  }

  @Test func everyPublishedKindHasItsBounds() {
    for kind in MessageKind.allCases {
      #expect([UInt8]().withUnsafeBytes { MessageBounds.check(kind, $0) })
      #expect(![0xFF, 0xFF].withUnsafeBytes { MessageBounds.check(kind, $0) })
    }
  }
}
