/// What an MCAP file holds, in the order of the file.
public enum MCAPItem: Sendable, Equatable {
  case header(profile: String, library: String)
  case schema(MCAPSchema)
  case channel(MCAPChannel)
  case message(MCAPMessage)
  case attachment(MCAPAttachment)
  case metadata(MCAPMetadata)
}

/// How a file ended.
public enum MCAPEnding: Sendable, Equatable, CustomStringConvertible {
  /// With its summary, footer and closing magic.
  case closed
  /// Between two records, without an end: the writer was killed or still writes.
  case notClosed(offset: UInt64)
  /// Inside a record.
  case cut(offset: UInt64, bytes: UInt64)
  /// With bytes that can't be an MCAP record; what follows them can't be found.
  case damaged(offset: UInt64, reason: String)

  /// What was found, and what to do.
  public var description: String { self == .closed ? fact : fact + "; run recover" }

  /// What was found.
  public var fact: String {
    switch self {
    case .closed: "closed in order"
    case .notClosed(let offset): "not closed: it ends after a whole record, at offset \(offset), without summary and footer"
    case .cut(let offset, let bytes):
      "cut off: the record at offset \(offset) is incomplete, its last \(bytes) bytes are left out"
    case .damaged(let offset, let reason): "damaged at offset \(offset): \(reason)"
    }
  }
}

/// Something wrong inside the file that reading went past.
public struct MCAPProblem: Sendable, Equatable, CustomStringConvertible {
  public var offset: UInt64
  public var what: String

  public var description: String { "offset \(offset): \(what)" }
}

/// Reads an MCAP file from its first byte to its last, checks every CRC on the way, and takes a cut tail for what it
/// is: everything before it is delivered, then `ending` says what was left out. A chunk whose CRC is wrong is skipped
/// and listed in `problems`.
public struct MCAPReader: ~Copyable {
  public let path: String
  /// Set when `next()` has returned `nil`.
  public private(set) var ending: MCAPEnding?
  public private(set) var problems: [MCAPProblem] = []

  private let file: FileDescriptor
  private let size: UInt64
  private var offset: UInt64
  private var dataCRC: UInt32
  private var chunk: ByteCursor?
  private var chunkOffset: UInt64 = 0
  private var knownSchemas: [UInt16: MCAPSchema] = [:]
  private var knownChannels: [UInt16: MCAPChannel] = [:]
  private var bare: Set<UInt16> = []

  /// Opens a file, or says what it is instead of an MCAP file that this program reads.
  public init(path: String) throws(EvidenceError) {
    let file = try System.openForReading(path)
    let size = try System.size(file, path)
    let start = try System.read(file, count: 16, at: 0, path)
    if let refusal = Self.refusal(start) { throw EvidenceError("\(path): \(refusal)") }
    self.path = path
    self.file = file
    self.size = size
    offset = UInt64(MCAP.magic.count)
    dataCRC = CRC.ieee.checksum(MCAP.magic)
  }

  /// The next thing in the file; `nil` at its end, whatever kind of end that is.
  public mutating func next() throws(EvidenceError) -> MCAPItem? {
    while ending == nil {
      if let item = nextInChunk() { return item }
      if let item = try nextRecord() { return item }
    }
    return nil
  }

  /// Whether messages of this channel come with their data from now on, or with none for who has no use for it. They are checked alike.
  public mutating func give(dataOf channel: UInt16, _ isWanted: Bool) {
    if isWanted { bare.remove(channel) } else { bare.insert(channel) }
  }

  /// Attachments and metadata alone, without reading what lies between; as far as the file can be read.
  public static func sidecars(
    path: String
  ) throws(EvidenceError) -> (attachments: [MCAPAttachment], metadata: [MCAPMetadata]) {
    var reader = try MCAPReader(path: path)
    var attachments: [MCAPAttachment] = []
    var metadata: [MCAPMetadata] = []
    while reader.size - reader.offset >= UInt64(MCAP.recordHeaderSize) {
      let header = try System.read(reader.file, count: MCAP.recordHeaderSize, at: reader.offset, path)
      let length = header.load(UInt64.self, at: 1)
      let opcode = MCAP.Opcode(rawValue: header[0])
      if opcode == .attachment || opcode == .metadata {
        switch try reader.nextRecord() {
        case .attachment(let attachment): attachments.append(attachment)
        case .metadata(let values): metadata.append(values)
        case .header, .schema, .channel, .message, nil: break
        }
        if reader.ending != nil { break }
      } else {
        guard header[0] != 0, opcode != .dataEnd,
          length <= reader.size - reader.offset - UInt64(MCAP.recordHeaderSize)
        else { break }
        reader.offset += UInt64(MCAP.recordHeaderSize) + length
      }
    }
    return (attachments, metadata)
  }

  // MARK: -

  private static func refusal(_ start: [UInt8]) -> String? {
    if start.starts(with: MCAP.magic) { return nil }
    if start.isEmpty { return "is empty; nothing was recorded" }
    if start.count < 8, MCAP.magic.starts(with: start) { return "is cut off inside its first 8 bytes; nothing is left" }
    if start.starts(with: MCAP.magic.prefix(5)), start.count >= 8, start[6...7].elementsEqual(MCAP.magic[6...7]) {
      let version = String(decoding: start[5...5], as: UTF8.self)
      return "is MCAP of major version \(version); this program reads version 0: use a newer one"
    }
    let known: [([UInt8], String)] = [
      (Array("SQLite format 3".utf8), "an SQLite database (a rosbag2 .db3?): convert it with `mcap convert`"),
      (Array("#ROSBAG V".utf8), "a ROS 1 bag: convert it with `mcap convert`"),
      (LogRecord.magic, "a segment of the violation log: use `verify` on its directory"),
      ([0x28, 0xB5, 0x2F, 0xFD], "a zstd file: unpack it first"), ([0x1F, 0x8B], "a gzip file: unpack it first"),
    ]
    for (magic, name) in known where start.starts(with: magic) { return "is not MCAP but \(name)" }
    return "is not MCAP: it does not start with its magic bytes; name a recording"
  }

  /// The next record outside a chunk; `nil` when it gives nothing by itself.
  private mutating func nextRecord() throws(EvidenceError) -> MCAPItem? {
    let left = size - offset
    if left == 0 {
      ending = .notClosed(offset: offset)
      return nil
    }
    let header = try System.read(file, count: MCAP.recordHeaderSize, at: offset, path)
    guard header.count == MCAP.recordHeaderSize else {
      ending = .cut(offset: offset, bytes: left)
      return nil
    }
    let length = header.load(UInt64.self, at: 1)
    guard header[0] != 0 else {
      ending = .damaged(offset: offset, reason: "a record of kind 0, which does not exist")
      return nil
    }
    guard length <= left - UInt64(MCAP.recordHeaderSize) else {
      ending = .cut(offset: offset, bytes: left)
      return nil
    }
    let content = try System.read(file, count: Int(length), at: offset + UInt64(MCAP.recordHeaderSize), path)
    guard content.count == Int(length) else {
      ending = .cut(offset: offset, bytes: left)
      return nil
    }
    let start = offset
    guard let opcode = MCAP.Opcode(rawValue: header[0]) else {
      advance(header, content)
      return nil
    }
    switch opcode {
    case .dataEnd:
      try end(content)
      return nil
    case .chunk:
      advance(header, content)
      open(chunk: content, at: start)
      return nil
    case .messageIndex:
      advance(header, content)
      return nil
    case .header, .schema, .channel, .message, .attachment, .metadata:
      advance(header, content)
      return item(opcode, content[...], at: start)
    case .footer, .chunkIndex, .attachmentIndex, .statistics, .metadataIndex, .summaryOffset:
      advance(header, content)
      problems.append(MCAPProblem(offset: start, what: "a record of the summary inside the data section"))
      return nil
    }
  }

  private mutating func advance(_ header: [UInt8], _ content: [UInt8]) {
    dataCRC = CRC.ieee.checksum(content, after: CRC.ieee.checksum(header, after: dataCRC))
    offset += UInt64(header.count + content.count)
  }

  private mutating func open(chunk content: [UInt8], at start: UInt64) {
    guard let found = MCAPChunk(content[...]) else {
      problems.append(MCAPProblem(offset: start, what: "a chunk that is too short for its own fields; skipped"))
      return
    }
    do throws(ChunkRefusal) {
      chunk = ByteCursor(try found.records())
      chunkOffset = start
    } catch {
      problems.append(MCAPProblem(offset: start, what: error.what))
    }
  }

  private mutating func nextInChunk() -> MCAPItem? {
    while var cursor = chunk {
      guard cursor.remaining > 0 else {
        chunk = nil
        return nil
      }
      guard let code = cursor.integer(UInt8.self), let length = cursor.integer(UInt64.self),
        let content = cursor.take(length)
      else {
        problems.append(MCAPProblem(offset: chunkOffset, what: "the chunk's last record is incomplete; skipped"))
        chunk = nil
        return nil
      }
      chunk = cursor
      switch MCAP.Opcode(rawValue: code) {
      case .schema, .channel, .message:
        if let item = item(MCAP.Opcode(rawValue: code)!, content, at: chunkOffset) { return item }
      case nil: continue
      case .header, .footer, .chunk, .messageIndex, .chunkIndex, .attachment, .attachmentIndex, .statistics,
        .metadata, .metadataIndex, .summaryOffset, .dataEnd:
        problems.append(MCAPProblem(offset: chunkOffset, what: "the chunk holds a record of kind \(code); skipped"))
      }
    }
    return nil
  }

  private mutating func item(_ opcode: MCAP.Opcode, _ content: ArraySlice<UInt8>, at start: UInt64) -> MCAPItem? {
    guard let item = MCAPParse.item(opcode, content, bare: bare) else {
      problems.append(MCAPProblem(offset: start, what: "a \(opcode) record whose fields don't fit; skipped"))
      return nil
    }
    switch item {
    case .schema(let schema):
      if schema.id == 0 { return refuse(start, "a schema with id 0") }
      if let known = knownSchemas.updateValue(schema, forKey: schema.id), known != schema {
        return refuse(start, "schema \(schema.id) is defined again, differently")
      }
    case .channel(let channel):
      if channel.schemaID != 0, knownSchemas[channel.schemaID] == nil {
        return refuse(start, "channel \(channel.id) has schema \(channel.schemaID), which is not defined before it")
      }
      if let known = knownChannels.updateValue(channel, forKey: channel.id), known != channel {
        return refuse(start, "channel \(channel.id) is defined again, differently")
      }
    case .message(let message):
      if knownChannels[message.channelID] == nil {
        return refuse(start, "a message on channel \(message.channelID), which is not defined before it")
      }
    case .attachment:
      let stored = Array(content.suffix(4)).load(UInt32.self, at: 0)
      if stored != 0, stored != CRC.ieee.checksum(content.dropLast(4)) {
        return refuse(start, "the CRC of the attachment is wrong")
      }
    case .header, .metadata: break
    }
    return item
  }

  private mutating func refuse(_ offset: UInt64, _ what: String) -> MCAPItem? {
    problems.append(MCAPProblem(offset: offset, what: what + "; skipped"))
    return nil
  }

  /// The end of the data section, and what must follow it.
  private mutating func end(_ content: [UInt8]) throws(EvidenceError) {
    // A later version of the format may have put more behind it.
    guard content.count >= 4 else {
      ending = .damaged(offset: offset, reason: "the record that ends the data is shorter than 4 bytes")
      return
    }
    let stored = content.load(UInt32.self, at: 0)
    if stored != 0, stored != dataCRC {
      problems.append(MCAPProblem(offset: offset, what: "the CRC of the whole data section is wrong"))
    }
    let summary = offset + UInt64(MCAP.recordHeaderSize + content.count)
    let rest = try System.read(file, count: Int(size - summary), at: summary, path)
    let footerSize = MCAP.recordHeaderSize + MCAP.footerContentSize
    guard rest.count >= footerSize + MCAP.magic.count, rest.suffix(MCAP.magic.count).elementsEqual(MCAP.magic) else {
      ending = .cut(offset: summary, bytes: UInt64(rest.count))
      return
    }
    let footer = rest.count - footerSize - MCAP.magic.count
    guard rest[footer] == MCAP.Opcode.footer.rawValue,
      rest.load(UInt64.self, at: footer + 1) == UInt64(MCAP.footerContentSize)
    else {
      ending = .damaged(offset: summary + UInt64(footer), reason: "there is no footer before the closing magic")
      return
    }
    let crc = rest.load(UInt32.self, at: footer + footerSize - 4)
    let covered = rest.count - MCAP.magic.count - 4
    if crc != 0, crc != CRC.ieee.checksum(rest[..<covered]) {
      problems.append(MCAPProblem(offset: summary, what: "the CRC of the summary is wrong"))
    }
    ending = .closed
  }
}
