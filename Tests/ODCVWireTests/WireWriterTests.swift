import ODCVWire
import TestSupport
import Testing

@Suite struct WireWriterTests {
  private func read(_ writer: borrowing WireWriter) -> [UInt8] { unsafe Array(writer.bytes) }

  /// Lengths of one, two and three bytes, and texts in pieces.
  @Test func aTextInPiecesHasTheBytesThatProtobufPacks() {
    var table = TextTable()
    for length in [0, 1, 126, 127, 128, 129, 16_383, 16_384, 20_000] {
      let text = String(repeating: "é", count: length / 2) + (length % 2 == 0 ? "" : "x")
      let piece = table.add(text)
      for number in [0, 7, -40, .max, .min] {
        var writer = WireWriter()
        let mark = writer.begin(2)
        writer.append(piece)
        writer.append(decimal: number)
        writer.end(mark)
        writer.varint(3, UInt64(AlarmMessage.State.raised.rawValue))
        let message = AlarmMessage(id: "\(text)\(number)", state: .raised)
        #expect(read(writer) == message.encoded())
      }
    }
  }

  @Test func numbersHaveTheBytesThatProtobufPacks() {
    var random = SeededGenerator(seed: 3)
    for _ in 0..<2000 {
      let number = UInt64.random(in: 0...(.max), using: &random) >> UInt64.random(in: 0...63, using: &random)
      let signed = Int64(bitPattern: .random(in: 0...(.max), using: &random)) >> Int64.random(in: 0...63, using: &random)
      var writer = WireWriter(capacity: 64)
      writer.varint(3, number)
      writer.varint(4, signed)
      writer.fixed64(6, number)
      #expect(read(writer) == HeaderFields(sequence: number, sourceNanoseconds: signed, bootID: number).encoded())
    }
  }

  @Test func aNumberIsRoundedToThreeDecimals() throws {
    var random = SeededGenerator(seed: 8)
    let known: [(Double, String)] = [
      (0, "0.0"), (-0.0, "0.0"), (-0.0004, "0.0"), (-0.0006, "-0.001"), (0.05, "0.05"), (1.25, "1.25"), (-17, "-17.0"),
      (0.999_6, "1.0"), (999_999_999_999.9, "999999999999.9"), (1e12, "above 1e12"), (-1e300, "below -1e12"), (.infinity, "inf"),
      (-.infinity, "-inf"), (.nan, "nan"),
    ]
    let drawn = (0..<20_000).map { _ in
      let scale = Double(sign: .plus, exponent: .random(in: -12...39, using: &random), significand: 1)
      let value = Double.random(in: -1...1, using: &random) * scale
      return (value, "\((value * 1000).rounded() / 1000 + 0)")
    }
    for (value, text) in known + drawn {
      var writer = WireWriter(capacity: 64)
      let mark = writer.begin(2)
      writer.append(rounded: value)
      writer.end(mark)
      try #require(read(writer) == AlarmMessage(id: text).encoded(), "\(value) is \(text)")
    }
  }

  @Test func aTextWithANULIsWrittenAsMessagesWriteIt() {
    var table = TextTable()
    var writer = WireWriter()
    writer.text(2, table.add("a\0b"))
    #expect(read(writer) == AlarmMessage(id: "a\0b").encoded())
    #expect(table.longest == 5 && table.byteCount == 5)
  }

  @Test func whatDoesNotFitIsSaidAndNothingIsWrittenBeyondTheEnd() {
    for capacity in 0..<40 {
      var writer = WireWriter(capacity: capacity)
      let mark = writer.begin(2)
      for _ in 0..<30 { writer.append(decimal: 5) }
      writer.end(mark)
      writer.double(3, 1)
      #expect(writer.overflowed == (capacity < 32 + 9))
      #expect(writer.count <= capacity)
      writer.clear()
      #expect(writer.count == 0 && !writer.overflowed)
    }
  }
}
