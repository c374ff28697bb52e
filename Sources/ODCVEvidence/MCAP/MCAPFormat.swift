/// MCAP, major version 0 (https://mcap.dev/spec). Little-endian; a record is opcode u8, length u64, content.
enum MCAP {
  static let magic: [UInt8] = [0x89, 0x4D, 0x43, 0x41, 0x50, 0x30, 0x0D, 0x0A]
  /// Opcode and length.
  static let recordHeaderSize = 9
  static let footerContentSize = 20

  enum Opcode: UInt8 {
    case header = 0x01
    case footer = 0x02
    case schema = 0x03
    case channel = 0x04
    case message = 0x05
    case chunk = 0x06
    case messageIndex = 0x07
    case chunkIndex = 0x08
    case attachment = 0x09
    case attachmentIndex = 0x0A
    case statistics = 0x0B
    case metadata = 0x0C
    case metadataIndex = 0x0D
    case summaryOffset = 0x0E
    case dataEnd = 0x0F
  }

  /// The footer's record up to its checksum: what the checksum covers besides the summary itself.
  static func footerStart(summary: UInt64, offsets: UInt64) -> [UInt8] {
    var bytes: [UInt8] = [Opcode.footer.rawValue]
    bytes.append(little: UInt64(footerContentSize))
    bytes.append(little: summary)
    bytes.append(little: offsets)
    return bytes
  }
}

extension [UInt8] {
  /// Appends a record whose content `fill` appends; its length is put in afterwards.
  mutating func append(record opcode: MCAP.Opcode, _ fill: (inout [UInt8]) -> Void) {
    append(opcode.rawValue)
    let length = count
    append(little: UInt64(0))
    fill(&self)
    store(little: UInt64(count - length - 8), at: length)
  }

  mutating func append(map: [(String, String)]) {
    let length = count
    append(little: UInt32(0))
    for (key, value) in map {
      append(string: key)
      append(string: value)
    }
    store(little: UInt32(count - length - 4), at: length)
  }
}

public struct MCAPSchema: Sendable, Hashable {
  public var id: UInt16
  public var name: String
  public var encoding: String
  public var data: [UInt8]
}

public struct MCAPChannel: Sendable, Hashable {
  public var id: UInt16
  /// 0: none
  public var schemaID: UInt16
  public var topic: String
  public var messageEncoding: String
  public var metadata: [String: String]
}

public struct MCAPMessage: Sendable, Equatable {
  public var channelID: UInt16
  public var sequence: UInt32
  /// ns
  public var logTime: UInt64
  /// ns
  public var publishTime: UInt64
  public var data: [UInt8]
}

public struct MCAPAttachment: Sendable, Equatable {
  public var name: String
  public var mediaType: String
  /// ns
  public var logTime: UInt64
  /// ns; 0: unknown
  public var createTime: UInt64
  public var data: [UInt8]

  public init(name: String, mediaType: String, logTime: UInt64, createTime: UInt64, data: [UInt8]) {
    self.name = name
    self.mediaType = mediaType
    self.logTime = logTime
    self.createTime = createTime
    self.data = data
  }
}

public struct MCAPMetadata: Sendable, Equatable {
  public var name: String
  public var values: [String: String]
}
