/// Contents of records, field by field. Extra bytes at a record's end are ignored: records may grow there.
enum MCAPParse {
  /// - Parameter bare: channels whose messages come without their data
  static func item(_ opcode: MCAP.Opcode, _ content: ArraySlice<UInt8>, bare: Set<UInt16> = []) -> MCAPItem? {
    var cursor = ByteCursor(content)
    switch opcode {
    case .header:
      guard let profile = cursor.string(), let library = cursor.string() else { return nil }
      return .header(profile: profile, library: library)
    case .schema:
      guard let id = cursor.integer(UInt16.self), let name = cursor.string(), let encoding = cursor.string(),
        let length = cursor.integer(UInt32.self), let data = cursor.take(UInt64(length))
      else { return nil }
      return .schema(MCAPSchema(id: id, name: name, encoding: encoding, data: Array(data)))
    case .channel:
      guard let id = cursor.integer(UInt16.self), let schema = cursor.integer(UInt16.self),
        let topic = cursor.string(), let encoding = cursor.string(), let metadata = map(&cursor)
      else { return nil }
      return .channel(
        MCAPChannel(id: id, schemaID: schema, topic: topic, messageEncoding: encoding, metadata: metadata))
    case .message:
      guard let channel = cursor.integer(UInt16.self), let sequence = cursor.integer(UInt32.self),
        let log = cursor.integer(UInt64.self), let publish = cursor.integer(UInt64.self)
      else { return nil }
      return .message(
        MCAPMessage(
          channelID: channel, sequence: sequence, logTime: log, publishTime: publish,
          data: bare.contains(channel) ? [] : Array(cursor.rest())))
    case .attachment:
      guard let log = cursor.integer(UInt64.self), let create = cursor.integer(UInt64.self),
        let name = cursor.string(), let type = cursor.string(), let length = cursor.integer(UInt64.self),
        let data = cursor.take(length), cursor.remaining >= 4
      else { return nil }
      return .attachment(
        MCAPAttachment(name: name, mediaType: type, logTime: log, createTime: create, data: Array(data)))
    case .metadata:
      guard let name = cursor.string(), let values = map(&cursor) else { return nil }
      return .metadata(MCAPMetadata(name: name, values: values))
    case .footer, .chunk, .messageIndex, .chunkIndex, .attachmentIndex, .statistics, .metadataIndex, .summaryOffset,
      .dataEnd:
      preconditionFailure("\(opcode) is not an item")
    }
  }

  /// `nil` also when a key comes twice.
  private static func map(_ cursor: inout ByteCursor) -> [String: String]? {
    guard let length = cursor.integer(UInt32.self), let bytes = cursor.take(UInt64(length)) else { return nil }
    var entries = ByteCursor(bytes)
    var map: [String: String] = [:]
    while entries.remaining > 0 {
      guard let key = entries.string(), let value = entries.string(), map.updateValue(value, forKey: key) == nil else {
        return nil
      }
    }
    return map
  }
}
