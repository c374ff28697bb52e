/// Checks what a reader that seeks believes: that the summary's indexes, counts and times say what the data section
/// holds. `MCAPReader` reads past them and checks only their CRC.
public enum MCAPIndexCheck {
  /// Everything that is wrong, including what `MCAPReader` finds; empty for a file in order.
  public static func problems(path: String) throws(EvidenceError) -> [MCAPProblem] {
    var reader = try MCAPReader(path: path)
    while try reader.next() != nil {}
    let ending = reader.ending ?? .closed
    guard ending == .closed else {
      return reader.problems + [MCAPProblem(offset: 0, what: ending.description)]
    }
    var check = IndexCheck(bytes: try System.readWhole(path))
    check.run()
    return reader.problems + check.problems
  }
}

/// The whole file in memory, its data section walked once and then compared with its summary.
private struct IndexCheck {
  let bytes: [UInt8]
  var problems: [MCAPProblem] = []

  private struct Record: Equatable {
    var opcode: UInt8
    var offset: Int
    var content: Range<Int>
  }
  private struct Chunk {
    var length: UInt64
    var times: ClosedRange<UInt64>?
    var compression: String
    var storedSize: UInt64
    var size: UInt64
  }
  private var messages: [UInt16: UInt64] = [:]
  private var times: ClosedRange<UInt64>?
  /// By offset: what the summary must say of each.
  private var chunks: [UInt64: Chunk] = [:]
  private var attachments: Set<[UInt64]> = []
  private var metadata: Set<[UInt64]> = []
  private var messageIndexes: [UInt64: UInt16] = [:]

  init(bytes: [UInt8]) { self.bytes = bytes }

  mutating func run() {
    var lastChunk: [UInt8]?
    var offset = MCAP.magic.count
    while let record = Self.record(in: bytes, at: offset, before: bytes.count) {
      offset = record.content.upperBound
      switch MCAP.Opcode(rawValue: record.opcode) {
      case .chunk: lastChunk = count(chunk: record)
      case .messageIndex: compare(index: record, with: lastChunk)
      case .attachment: attachments.insert([UInt64(record.offset), UInt64(offset - record.offset)])
      case .metadata: metadata.insert([UInt64(record.offset), UInt64(offset - record.offset)])
      case .dataEnd:
        checkSummary(from: offset)
        return
      case .message:
        note(record.offset, "a message outside any chunk, which indexed readers do not see")
      case .header, .footer, .schema, .channel, .chunkIndex, .attachmentIndex, .statistics, .metadataIndex,
        .summaryOffset, nil:
        break
      }
    }
  }

  private mutating func note(_ offset: Int, _ what: String) {
    problems.append(MCAPProblem(offset: UInt64(offset), what: what))
  }

  private static func record(in bytes: [UInt8], at offset: Int, before end: Int) -> Record? {
    guard end - offset >= MCAP.recordHeaderSize else { return nil }
    let length = bytes.load(UInt64.self, at: offset + 1)
    guard length <= UInt64(end - offset - MCAP.recordHeaderSize) else { return nil }
    let start = offset + MCAP.recordHeaderSize
    return Record(opcode: bytes[offset], offset: offset, content: start..<start + Int(length))
  }

  /// Its records; `nil` for a chunk that does not read, which `MCAPReader` has listed.
  private mutating func count(chunk record: Record) -> [UInt8]? {
    guard let chunk = MCAPChunk(bytes[record.content]), let inside = try? Array(chunk.records()) else { return nil }
    var found: ClosedRange<UInt64>?
    var offset = 0
    while let message = Self.record(in: inside, at: offset, before: inside.count) {
      offset = message.content.upperBound
      guard message.opcode == MCAP.Opcode.message.rawValue else { continue }
      let time = inside.load(UInt64.self, at: message.content.lowerBound + 6)
      messages[inside.load(UInt16.self, at: message.content.lowerBound), default: 0] += 1
      found = found.map { min($0.lowerBound, time)...max($0.upperBound, time) } ?? time...time
      times = times.map { min($0.lowerBound, time)...max($0.upperBound, time) } ?? time...time
    }
    if chunk.start != found?.lowerBound ?? 0 || chunk.end != found?.upperBound ?? 0 {
      note(record.offset, "the chunk's times are not those of its messages")
    }
    chunks[UInt64(record.offset)] = Chunk(
      length: UInt64(record.content.upperBound - record.offset), times: found, compression: chunk.compression,
      storedSize: UInt64(chunk.stored.count), size: UInt64(inside.count))
    return inside
  }

  /// - Parameter inside: the records of the chunk before it
  private mutating func compare(index: Record, with inside: [UInt8]?) {
    guard let inside else { return note(index.offset, "a message index without a chunk before it that reads") }
    let channel = bytes.load(UInt16.self, at: index.content.lowerBound)
    messageIndexes[UInt64(index.offset)] = channel
    for entry in stride(from: index.content.lowerBound + 6, to: index.content.upperBound - 15, by: 16) {
      let time = bytes.load(UInt64.self, at: entry)
      let place = bytes.load(UInt64.self, at: entry + 8)
      guard place < UInt64(inside.count), let record = Self.record(in: inside, at: Int(place), before: inside.count),
        record.opcode == MCAP.Opcode.message.rawValue, record.content.count >= 22,
        inside.load(UInt16.self, at: record.content.lowerBound) == channel,
        inside.load(UInt64.self, at: record.content.lowerBound + 6) == time
      else {
        return note(index.offset, "a message index points at something else than its message")
      }
    }
  }

  private mutating func checkSummary(from start: Int) {
    var groups: [UInt8: Range<Int>] = [:]
    var statistics: Record?
    var offset = start
    var indexed: Set<UInt64> = []
    while let record = Self.record(in: bytes, at: offset, before: bytes.count - MCAP.magic.count) {
      offset = record.content.upperBound
      groups[record.opcode] = (groups[record.opcode]?.lowerBound ?? record.offset)..<offset
      switch MCAP.Opcode(rawValue: record.opcode) {
      case .statistics: statistics = record
      case .chunkIndex:
        compare(chunkIndex: record)
        indexed.insert(bytes.load(UInt64.self, at: record.content.lowerBound + 16))
      case .attachmentIndex:
        if attachments.remove(pair(record)) == nil { note(record.offset, "an attachment index points at no attachment") }
      case .metadataIndex:
        if metadata.remove(pair(record)) == nil { note(record.offset, "a metadata index points at no metadata") }
      case .summaryOffset:
        let opcode = bytes[record.content.lowerBound]
        let from = bytes.load(UInt64.self, at: record.content.lowerBound + 1)
        let length = bytes.load(UInt64.self, at: record.content.lowerBound + 9)
        // Some writers have an offset for each group that there may be.
        if groups[opcode].map({ UInt64($0.lowerBound) != from || UInt64($0.count) != length }) ?? (length != 0) {
          note(record.offset, "a summary offset points at something else than its group")
        }
      case .header, .footer, .schema, .channel, .message, .chunk, .messageIndex, .attachment, .metadata, .dataEnd, nil:
        break
      }
    }
    if indexed != Set(chunks.keys) { note(start, "the summary indexes not all chunks, or others") }
    if !attachments.isEmpty { note(start, "an attachment is not in the summary's index") }
    if !metadata.isEmpty { note(start, "a metadata record is not in the summary's index") }
    if let statistics { compare(statistics) } else { note(start, "the summary has no statistics") }
  }

  private func pair(_ record: Record) -> [UInt64] {
    let start = record.content.lowerBound
    return [bytes.load(UInt64.self, at: start), bytes.load(UInt64.self, at: start + 8)]
  }

  private mutating func compare(chunkIndex record: Record) {
    var cursor = ByteCursor(bytes[record.content])
    guard let from = cursor.integer(UInt64.self), let to = cursor.integer(UInt64.self),
      let offset = cursor.integer(UInt64.self), let length = cursor.integer(UInt64.self),
      let mapLength = cursor.integer(UInt32.self), let map = cursor.take(UInt64(mapLength)),
      cursor.integer(UInt64.self) != nil, let compression = cursor.string(),
      let storedSize = cursor.integer(UInt64.self), let size = cursor.integer(UInt64.self)
    else { return note(record.offset, "a chunk index that is too short for its own fields") }
    guard let chunk = chunks[offset], chunk.length == length, chunk.size == size,
      chunk.compression == compression, chunk.storedSize == storedSize,
      chunk.times?.lowerBound ?? 0 == from, chunk.times?.upperBound ?? 0 == to
    else { return note(record.offset, "a chunk index that does not match its chunk") }
    var entries = ByteCursor(map)
    while let channel = entries.integer(UInt16.self), let place = entries.integer(UInt64.self) {
      if messageIndexes[place] != channel { note(record.offset, "a chunk index names a message index that is not there") }
    }
  }

  private mutating func compare(_ record: Record) {
    var cursor = ByteCursor(bytes[record.content])
    guard let total = cursor.integer(UInt64.self), cursor.integer(UInt16.self) != nil,
      cursor.integer(UInt32.self) != nil, cursor.integer(UInt32.self) != nil, cursor.integer(UInt32.self) != nil,
      let chunkCount = cursor.integer(UInt32.self), let from = cursor.integer(UInt64.self),
      let to = cursor.integer(UInt64.self), let length = cursor.integer(UInt32.self),
      let map = cursor.take(UInt64(length))
    else { return note(record.offset, "statistics that are too short for their own fields") }
    var entries = ByteCursor(map)
    var counts: [UInt16: UInt64] = [:]
    while let channel = entries.integer(UInt16.self), let count = entries.integer(UInt64.self) {
      if count > 0 { counts[channel] = count }
    }
    if total != messages.values.reduce(0, +) || counts != messages || Int(chunkCount) != chunks.count
      || from != times?.lowerBound ?? 0 || to != times?.upperBound ?? 0
    {
      note(record.offset, "the statistics are not those of the data")
    }
  }
}
