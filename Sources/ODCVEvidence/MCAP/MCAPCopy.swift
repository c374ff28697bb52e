/// Carries what one file holds, or several one after the other, over into a new one, whose schemas and channels get ids of their own.
public struct MCAPCopy: ~Copyable {
  public private(set) var messages: UInt64 = 0
  public private(set) var attachments = 0
  public private(set) var metadata = 0
  /// Messages on channels that were left out.
  public private(set) var leftOut: UInt64 = 0

  private var writer: MCAPWriter
  private let excluded: Set<String>
  private var schemas: [UInt16: UInt16] = [0: 0]
  private var channels: [UInt16: UInt16] = [:]
  /// What was added, with id 0, by what it is: another file may bring the same.
  private var knownSchemas: [MCAPSchema: UInt16] = [:]
  private var knownChannels: [MCAPChannel: UInt16] = [:]

  /// - Parameters:
  ///   - path: must not exist yet
  ///   - excluded: names of schemas whose channels are left out
  public init(
    to path: String, profile: String = "", library: String = "odcv", leavingOut excluded: Set<String> = []
  ) throws(EvidenceError) {
    writer = try MCAPWriter(path: path, profile: profile, library: library, compression: .zstd(level: 1))
    self.excluded = excluded
  }

  /// What follows is of another file, with other ids.
  public mutating func beginNextFile() { (schemas, channels) = ([0: 0], [:]) }

  /// In the order in which the reader gave them: a schema before its channels, a channel before its messages.
  public mutating func add(_ item: MCAPItem) throws(EvidenceError) {
    switch item {
    case .header: break
    case .schema(let schema):
      guard !excluded.contains(schema.name), schemas[schema.id] == nil else { return }
      var key = schema
      key.id = 0
      let id = knownSchemas[key] ?? writer.addSchema(name: schema.name, encoding: schema.encoding, data: schema.data)
      (schemas[schema.id], knownSchemas[key]) = (id, id)
    case .channel(let channel):
      guard channels[channel.id] == nil, let schema = schemas[channel.schemaID] else { return }
      var key = channel
      (key.id, key.schemaID) = (0, schema)
      let id = knownChannels[key] ?? writer.addChannel(
        topic: channel.topic, messageEncoding: channel.messageEncoding, schema: schema, metadata: channel.metadata)
      (channels[channel.id], knownChannels[key]) = (id, id)
    case .message(let message):
      guard let channel = channels[message.channelID] else {
        leftOut += 1
        return
      }
      let span = message.data.span
      try span.withUnsafeBytes { (bytes) throws(EvidenceError) in
        try writer.addMessage(
          channel: channel, sequence: message.sequence, logTime: message.logTime, publishTime: message.publishTime,
          data: bytes)
      }
      messages += 1
    case .attachment(let attachment):
      try writer.addAttachment(attachment)
      attachments += 1
    case .metadata(let values): try add(metadata: values.name, values.values)
    }
  }

  public mutating func add(metadata name: String, _ values: [String: String]) throws(EvidenceError) {
    try writer.addMetadata(name: name, values)
    metadata += 1
  }

  /// Writes the summary and waits until all is on disk.
  public mutating func finish() throws(EvidenceError) { try writer.finish() }
}
