/// What a recovery kept and left out.
public struct MCAPRecoveryReport: Sendable, Equatable {
  public var messages: UInt64 = 0
  public var attachments = 0
  public var metadata = 0
  public var ending: MCAPEnding = .closed
  public var problems: [MCAPProblem] = []

  /// Something was, or may have been, lost: a file that was not closed may have had an open chunk in its writer's
  /// memory.
  public var isLossy: Bool { ending != .closed || !problems.isEmpty }
}

/// Writes what can be read of a cut or damaged MCAP file into a new one, with its indexes and summary made anew.
public enum MCAPRecovery {
  /// - Parameters:
  ///   - source: stays as it is
  ///   - target: must not exist yet; it is read back before this returns
  public static func recover(
    from source: String, to target: String
  ) throws(EvidenceError) -> MCAPRecoveryReport {
    var reader = try MCAPReader(path: source)
    var report = MCAPRecoveryReport()
    var item = try reader.next()
    var names = (profile: "", library: "")
    if case .header(let profile, let library)? = item {
      names = (profile, library)
      item = try reader.next()
    }
    var writer = try MCAPWriter(
      path: target, profile: names.profile, library: names.library + " (recovered by odcv)")
    var schemas: [UInt16: UInt16] = [0: 0]
    var channels: [UInt16: UInt16] = [:]
    while let found = item {
      switch found {
      case .header: break
      case .schema(let schema):
        if schemas[schema.id] == nil {
          schemas[schema.id] = writer.addSchema(name: schema.name, encoding: schema.encoding, data: schema.data)
        }
      case .channel(let channel):
        // The reader gives no channel before its schema.
        if channels[channel.id] == nil, let schema = schemas[channel.schemaID] {
          channels[channel.id] = writer.addChannel(
            topic: channel.topic, messageEncoding: channel.messageEncoding, schema: schema, metadata: channel.metadata)
        }
      case .message(let message):
        guard let channel = channels[message.channelID] else { break }
        let span = message.data.span
        try span.withUnsafeBytes { (bytes) throws(EvidenceError) in
          try writer.addMessage(
            channel: channel, sequence: message.sequence, logTime: message.logTime, publishTime: message.publishTime,
            data: bytes)
        }
        report.messages += 1
      case .attachment(let attachment):
        try writer.addAttachment(attachment)
        report.attachments += 1
      case .metadata(let metadata):
        try writer.addMetadata(name: metadata.name, metadata.values)
        report.metadata += 1
      }
      item = try reader.next()
    }
    try writer.finish()
    report.ending = reader.ending ?? .closed
    report.problems = reader.problems
    if let problem = try MCAPIndexCheck.problems(path: target).first {
      throw EvidenceError(
        "\(target): what was recovered does not read back: \(problem); keep the original and report this")
    }
    return report
  }
}
