import Foundation
import TestSupport
import Testing

@testable import ODCVEvidence

@Suite struct MCAPTests {
  /// Vectors: the check values of the CRC catalogue, and the checksum of an MCAP file's empty summary, which covers
  /// just the footer's first 25 bytes.
  @Test func checksumsMatchPublishedVectors() {
    let digits = Array("123456789".utf8)
    #expect(CRC.ieee.checksum(digits) == 0xCBF4_3926)
    #expect(CRC.castagnoli.checksum(digits) == 0xE306_9283)
    #expect(CRC.castagnoli.checksum([UInt8](repeating: 0, count: 32)) == 0x8A91_36AA)
    #expect(CRC.ieee.checksum(MCAP.footerStart(summary: 0, offsets: 0)) == 1_875_167_664)
    #expect(
      Hex.string(SHA256.digest(Array("abc".utf8))) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
  }

  @Test func checksumInPartsIsTheChecksumOfTheWhole() {
    var random = SeededGenerator(seed: 3)
    let bytes = random.bytes(1000)
    for cut in 0...1000 {
      let whole = CRC.ieee.checksum(bytes[cut...], after: CRC.ieee.checksum(bytes[..<cut]))
      guard whole == CRC.ieee.checksum(bytes) else {
        Issue.record("differs when cut at \(cut)")
        return
      }
    }
  }

  static let compressions: [MCAPCompression] = [.none, .zstd(level: 1)]

  /// A small file with everything in it: two chunks, an attachment, metadata.
  static func write(_ path: String, _ compression: MCAPCompression = .none) throws -> [MCAPItem] {
    var writer = try MCAPWriter(path: path, chunkBytes: 200, compression: compression)
    let attachment = MCAPAttachment(
      name: "cell.yaml", mediaType: "application/yaml", logTime: 5, createTime: 0, data: [1, 2])
    try writer.addAttachment(attachment)
    try writer.addMetadata(name: "odcv", ["b": "2", "a": "1"])
    let schema = writer.addSchema(name: "odcv.v1.Tick", encoding: "protobuf", data: MessageSchema.tick.fileDescriptorSet)
    let first = writer.addChannel(topic: "tick", messageEncoding: "protobuf", schema: schema)
    let second = writer.addChannel(topic: "raw", messageEncoding: "", schema: 0, metadata: ["k": "v"])
    var messages: [MCAPItem] = []
    for sequence in 1...9 as ClosedRange<UInt32> {
      let time = UInt64(100 + (sequence * 7) % 5)
      let data = [UInt8](repeating: UInt8(sequence), count: 20)
      let channel = sequence % 3 == 0 ? second : first
      try data.withUnsafeBytes {
        try writer.addMessage(channel: channel, sequence: sequence, logTime: time, publishTime: time, data: $0)
      }
      messages.append(
        .message(MCAPMessage(channelID: channel, sequence: sequence, logTime: time, publishTime: time, data: data)))
    }
    try writer.finish()
    let head: [MCAPItem] = [
      .header(profile: "", library: "odcv"), .attachment(attachment),
      .metadata(MCAPMetadata(name: "odcv", values: ["a": "1", "b": "2"])),
      .schema(
        MCAPSchema(
          id: schema, name: "odcv.v1.Tick", encoding: "protobuf", data: MessageSchema.tick.fileDescriptorSet)),
      .channel(MCAPChannel(id: first, schemaID: schema, topic: "tick", messageEncoding: "protobuf", metadata: [:])),
      .channel(MCAPChannel(id: second, schemaID: 0, topic: "raw", messageEncoding: "", metadata: ["k": "v"])),
    ]
    return head + messages
  }

  struct Outcome: Equatable {
    var items: [MCAPItem] = []
    var ending: MCAPEnding?
    var problems: [MCAPProblem] = []
  }

  static func read(_ path: String) throws -> Outcome {
    var reader = try MCAPReader(path: path)
    var outcome = Outcome()
    while let item = try reader.next() { outcome.items.append(item) }
    outcome.ending = reader.ending
    outcome.problems = reader.problems
    return outcome
  }

  @Test(arguments: compressions) func whatIsWrittenIsRead(_ compression: MCAPCompression) throws {
    let scratch = Scratch()
    let written = try Self.write(scratch.path + "/a.mcap", compression)
    let outcome = try Self.read(scratch.path + "/a.mcap")
    #expect(outcome.items == written)
    #expect(outcome.ending == .closed)
    #expect(outcome.problems == [])
    let check = try MCAPIndexCheck.problems(path: scratch.path + "/a.mcap")
    #expect(check == [])
  }

  /// More chunks than the writer remembers in memory.
  @Test func theIndexOfManyChunksIsWhole() throws {
    let scratch = Scratch()
    let path = scratch.path + "/a.mcap"
    var writer = try MCAPWriter(path: path, chunkBytes: 1)
    let channel = writer.addChannel(topic: "t", messageEncoding: "", schema: 0)
    let count: UInt32 = 2000
    for sequence in 1...count {
      try [UInt8(truncatingIfNeeded: sequence)].withUnsafeBytes {
        try writer.addMessage(channel: channel, sequence: sequence, logTime: UInt64(sequence), publishTime: 1, data: $0)
      }
    }
    try writer.finish()
    #expect(try MCAPIndexCheck.problems(path: path) == [])
    #expect(try Self.read(path).problems == [])
    // Each chunk's index is 75 bytes and more.
    let file = bytes(of: path)
    let end = try #require(Self.offset(of: .dataEnd, in: file))
    #expect(file.count - end > 75 * Int(count))
    #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.path) == ["a.mcap"])
  }

  enum Aside: CaseIterable { case atOnce, never, later }

  @Test(arguments: Aside.allCases) func whatIsPutAsideComesBackInItsOrder(_ place: Aside) throws {
    let scratch = Scratch()
    let directory = scratch.path + (place == .atOnce ? "" : "/later")
    var aside = NamelessFile(beside: directory + "/a", limit: 100)
    var generator = SeededGenerator(seed: 7)
    var all: [UInt8] = []
    for round in 0..<200 {
      if place == .later && round == 100 {
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: false)
      }
      let some = generator.bytes(Int.random(in: 0..<70, using: &generator))
      all += some
      aside.append { $0 += some }
      let count = aside.count
      var put: [UInt8] = [9]
      try aside.append(to: &put)
      #expect(count == all.count && put == [9] + all)
    }
    #expect((aside.inMemory < 200) == (place != .never))
  }

  @Test func existingFileIsNotOverwritten() throws {
    let scratch = Scratch()
    let path = scratch.file("a.mcap", [1, 2, 3])
    #expect(throws: EvidenceError.self) { _ = try MCAPWriter(path: path) }
    #expect(bytes(of: path) == [1, 2, 3])
  }

  @Test func chunkClosesByAge() throws {
    let scratch = Scratch()
    var writer = try MCAPWriter(path: scratch.path + "/a.mcap")
    let channel = writer.addChannel(topic: "t", messageEncoding: "", schema: 0)
    try [1, 2, 3].withUnsafeBytes {
      try writer.addMessage(channel: channel, sequence: 1, logTime: 1, publishTime: 1, data: $0)
    }
    let before = writer.bytesWritten
    try writer.closeChunk(olderThan: 100_000_000, now: System.monotonicNow())
    let tooEarly = writer.bytesWritten
    #expect(tooEarly == before)
    try writer.closeChunk(olderThan: 100_000_000, now: System.monotonicNow() + 100_000_000)
    let after = writer.bytesWritten
    #expect(after > before)
    #expect(after == UInt64(bytes(of: scratch.path + "/a.mcap").count))
    let outcome = try Self.read(scratch.path + "/a.mcap")
    #expect(outcome.items.count == 3)
    #expect(outcome.ending == .notClosed(offset: after))
  }

  @Test(arguments: compressions) func fileCutAtAnyByteGivesAllBeforeTheCutAndSaysSo(_ compression: MCAPCompression) throws {
    let scratch = Scratch()
    let written = try Self.write(scratch.path + "/a.mcap", compression)
    let whole = bytes(of: scratch.path + "/a.mcap")
    var mostItems = 0
    for cut in 0..<whole.count {
      let path = scratch.file("cut.mcap", Array(whole[..<cut]))
      guard cut >= 8 else {
        #expect(throws: EvidenceError.self) { _ = try Self.read(path) }
        continue
      }
      let outcome = try Self.read(path)
      let isRight =
        outcome.items.elementsEqual(written.prefix(outcome.items.count)) && outcome.items.count >= mostItems
        && outcome.ending != .closed && outcome.problems == []
      guard isRight else {
        Issue.record("cut at \(cut): \(String(describing: outcome.ending)) \(outcome.problems)")
        return
      }
      mostItems = outcome.items.count
    }
    #expect(mostItems == written.count)
  }

  @Test(arguments: compressions) func flippedBitInAnyByteIsNoticed(_ compression: MCAPCompression) throws {
    let scratch = Scratch()
    _ = try Self.write(scratch.path + "/a.mcap", compression)
    var whole = bytes(of: scratch.path + "/a.mcap")
    var random = SeededGenerator(seed: 11)
    for byte in whole.indices {
      let bit = byte * 8 + Int(random.next() % 8)
      whole[bit / 8] ^= 1 << (bit % 8)
      let path = scratch.file("flipped.mcap", whole)
      whole[bit / 8] ^= 1 << (bit % 8)
      let outcome = try? Self.read(path)
      if let outcome, outcome.ending == .closed, outcome.problems.isEmpty {
        Issue.record("bit \(bit % 8) of byte \(bit / 8) was not noticed")
        return
      }
    }
  }

  @Test(arguments: compressions) func recoveryKeepsAllThatReadsAndSaysWhetherAnythingIsLost(_ compression: MCAPCompression) throws {
    let scratch = Scratch()
    let written = try Self.write(scratch.path + "/a.mcap", compression)
    let whole = bytes(of: scratch.path + "/a.mcap")
    let clean = try MCAPRecovery.recover(from: scratch.path + "/a.mcap", to: scratch.path + "/clean.mcap")
    #expect(!clean.isLossy)
    #expect(try Self.read(scratch.path + "/clean.mcap").items.dropFirst() == written.dropFirst())
    for cut in stride(from: 20, to: whole.count, by: 37) {
      let path = scratch.file("cut.mcap", Array(whole[..<cut]))
      let target = scratch.path + "/recovered-\(cut).mcap"
      let report = try MCAPRecovery.recover(from: path, to: target)
      let before = try Self.read(path)
      let after = try Self.read(target)
      let isRight =
        report.isLossy && after.ending == .closed && after.problems == []
        && after.items.filter(Self.isMessage) == before.items.filter(Self.isMessage)
      guard isRight else {
        Issue.record("cut at \(cut): \(report), \(after)")
        return
      }
    }
    #expect(throws: EvidenceError.self) {
      _ = try MCAPRecovery.recover(from: scratch.path + "/a.mcap", to: scratch.path + "/clean.mcap")
    }
  }

  private static func isMessage(_ item: MCAPItem) -> Bool {
    if case .message = item { true } else { false }
  }

  @Test func foreignAndFutureFilesAreNamed() throws {
    let scratch = Scratch()
    let future = MCAP.magic.enumerated().map { $0.offset == 5 ? UInt8(ascii: "1") : $0.element }
    let cases: [([UInt8], String)] = [
      (future, "major version 1"), (Array("SQLite format 3\0...".utf8), "SQLite"),
      (Array("#ROSBAG V2.0\n".utf8), "ROS 1 bag"), (Array("hello, world".utf8), "not MCAP"), ([], "empty"),
      (LogRecord.magic, "violation log"),
    ]
    for (content, words) in cases {
      let path = scratch.file("x.mcap", content)
      let error = #expect(throws: EvidenceError.self) { _ = try MCAPReader(path: path) }
      #expect(error?.description.contains(words) == true)
      #expect(error?.description.hasPrefix(path) == true)
    }
    let missing = #expect(throws: EvidenceError.self) { _ = try MCAPReader(path: scratch.path + "/none.mcap") }
    #expect(missing?.description.contains("none.mcap") == true)
  }

  @Test func unknownRecordsAndGrownRecordsAreReadPast() throws {
    let scratch = Scratch()
    var file = MCAP.magic
    file.append(record: .header) {
      $0.append(string: "p")
      $0.append(string: "l")
      $0 += [9, 9, 9]
    }
    file.append(0x90)
    file.append(little: UInt64(3))
    file += [1, 2, 3]
    file.append(record: .metadata) {
      $0.append(string: "m")
      $0.append(map: [])
    }
    let outcome = try Self.read(scratch.file("a.mcap", file))
    #expect(outcome.items == [.header(profile: "p", library: "l"), .metadata(MCAPMetadata(name: "m", values: [:]))])
    #expect(outcome.ending == .notClosed(offset: UInt64(file.count)))
  }

  @Test(arguments: compressions) func indexesThatLieAreFound(_ compression: MCAPCompression) throws {
    let scratch = Scratch()
    _ = try Self.write(scratch.path + "/a.mcap", compression)
    var file = bytes(of: scratch.path + "/a.mcap")
    // The first message index: point its first entry one byte further, and mend the data section's checksum.
    let index = try #require(Self.offset(of: .messageIndex, in: file))
    file[index + 9 + 2 + 4 + 8] += 1
    let end = try #require(Self.offset(of: .dataEnd, in: file))
    file.store(little: CRC.ieee.checksum(file[..<end]), at: end + 9)
    let path = scratch.file("lie.mcap", file)
    #expect(try Self.read(path).problems == [])
    let problems = try MCAPIndexCheck.problems(path: path)
    #expect(problems.contains { $0.description.contains("index") })
  }

  /// A reader must neither keep room for what a few bytes claim nor take less, or more, for the whole.
  @Test func chunkThatHoldsAnotherSizeThanItSaysIsRefused() throws {
    let scratch = Scratch()
    _ = try Self.write(scratch.path + "/a.mcap", .zstd(level: 1))
    let whole = bytes(of: scratch.path + "/a.mcap")
    let chunk = try #require(Self.offset(of: .chunk, in: whole))
    let size = whole.load(UInt64.self, at: chunk + 9 + 16)
    for (claimed, words) in [
      (UInt64.max, "at most"), (MCAPChunk.greatestSize + 1, "at most"), (size + 1, "holds \(size) bytes"),
      (size - 1, "holds \(size) bytes"), (size / 2, "does not decompress"), (0, "does not decompress"),
    ] {
      var file = whole
      file.store(little: claimed, at: chunk + 9 + 16)
      let end = try #require(Self.offset(of: .dataEnd, in: file))
      file.store(little: CRC.ieee.checksum(file[..<end]), at: end + 9)
      let outcome = try Self.read(scratch.file("claims.mcap", file))
      #expect(outcome.problems.count == 1)
      #expect(outcome.problems.first?.what.contains(words) == true, "\(claimed): \(outcome.problems)")
      #expect(outcome.items.count(where: Self.isMessage) < 9)
    }
  }

  @Test func compressionThatIsNotReadIsNamed() throws {
    let scratch = Scratch()
    _ = try Self.write(scratch.path + "/a.mcap", .zstd(level: 1))
    var file = bytes(of: scratch.path + "/a.mcap")
    let chunk = try #require(Self.offset(of: .chunk, in: file))
    file.replaceSubrange(chunk + 9 + 32..<chunk + 9 + 36, with: Array("lz4x".utf8))
    let outcome = try Self.read(scratch.file("other.mcap", file))
    #expect(outcome.problems.first?.what.contains("compressed with lz4x, which this program does not read") == true)
  }

  private static func offset(of opcode: MCAP.Opcode, in file: [UInt8]) -> Int? {
    var offset = 8
    while offset + 9 <= file.count {
      if file[offset] == opcode.rawValue { return offset }
      offset += 9 + Int(file.load(UInt64.self, at: offset + 1))
    }
    return nil
  }
}
