import ArgumentParser
import ODCVEvidence

/// Copies a recording without anything that the monitor said.
struct Strip: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Copy a recording without its stored verdicts, alarms and sent commands.",
    discussion: "What is left is what `check` reads: raw inputs and configuration.")

  @Argument(help: "The recording.")
  var recording: String

  @Option(help: "File for the copy; it must not exist yet.")
  var out: String

  func run() throws {
    do throws(EvidenceError) {
      let (kept, left) = try Strip.copy(recording, to: out)
      tell("\(kept) messages kept, \(left) left out")
    } catch {
      throw Stop(.usage, "\(error)")
    }
  }

  private static let outputs: [MessageSchema] = [.verdict, .alarm, .sent]

  private static func copy(_ path: String, to out: String) throws(EvidenceError) -> (kept: Int, left: Int) {
    var reader = try MCAPReader(path: path)
    var writer = try MCAPWriter(path: out)
    var schemas: [UInt16: UInt16] = [:]
    var channels: [UInt16: UInt16] = [:]
    var dropped: [UInt16: Bool] = [:]
    var counts = (kept: 0, left: 0)
    while let item = try reader.next() {
      switch item {
      case .header: break
      case .schema(let schema):
        let isOutput = outputs.contains { $0.name == schema.name }
        if isOutput {
          dropped[schema.id] = true
        } else if schemas[schema.id] == nil {
          schemas[schema.id] = writer.addSchema(name: schema.name, encoding: schema.encoding, data: schema.data)
        }
      case .channel(let channel):
        guard dropped[channel.schemaID] == nil, channels[channel.id] == nil else { continue }
        channels[channel.id] = writer.addChannel(
          topic: channel.topic, messageEncoding: channel.messageEncoding, schema: schemas[channel.schemaID] ?? 0,
          metadata: channel.metadata)
      case .message(let message):
        guard let channel = channels[message.channelID] else {
          counts.left += 1
          continue
        }
        counts.kept += 1
        try message.data.span.bytes.withUnsafeBytes { (bytes) throws(EvidenceError) in
          try writer.addMessage(
            channel: channel, sequence: message.sequence, logTime: message.logTime, publishTime: message.publishTime,
            data: bytes)
        }
      case .attachment(let attachment): try writer.addAttachment(attachment)
      case .metadata(let metadata): try writer.addMetadata(name: metadata.name, metadata.values)
      }
    }
    try writer.finish()
    return counts
  }
}
