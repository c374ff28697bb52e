/// What the writer remembers for the end of the file.
struct MCAPSummary: ~Copyable, Sendable {
  var schemas: [[UInt8]] = []
  var channels: [[UInt8]] = []
  /// By channel id - 1.
  var messageCounts: [UInt64] = []
  private var messages: UInt64 = 0
  private var times: ClosedRange<UInt64>?
  /// There are ten a second, for hours.
  private var chunks: NamelessFile
  private var chunkCount = 0
  private var attachments: [[UInt8]] = []
  private var metadata: [[UInt8]] = []

  /// - Parameter path: of the file that it is of
  init(_ path: String) { chunks = NamelessFile(beside: path) }

  /// Makes the file that the index of the chunks waits in.
  mutating func openIndex() { chunks.open() }

  mutating func count(channel: UInt16, time: UInt64) {
    messages += 1
    messageCounts[Int(channel) - 1] += 1
    times = times.map { min($0.lowerBound, time)...max($0.upperBound, time) } ?? time...time
  }

  mutating func indexChunk(
    times: ClosedRange<UInt64>, offset: UInt64, length: UInt64, messageIndexes: [(channel: UInt16, offset: UInt64)],
    messageIndexLength: UInt64, compression: String, storedSize: UInt64, size: UInt64
  ) {
    chunkCount += 1
    chunks.append {
      $0.append(record: .chunkIndex) {
        $0.append(little: times.lowerBound)
        $0.append(little: times.upperBound)
        $0.append(little: offset)
        $0.append(little: length)
        $0.append(little: UInt32(messageIndexes.count * 10))
        for index in messageIndexes {
          $0.append(little: index.channel)
          $0.append(little: index.offset)
        }
        $0.append(little: messageIndexLength)
        $0.append(string: compression)
        $0.append(little: storedSize)
        $0.append(little: size)
      }
    }
  }

  mutating func indexAttachment(_ attachment: MCAPAttachment, offset: UInt64, length: UInt64) {
    var record: [UInt8] = []
    record.append(record: .attachmentIndex) {
      $0.append(little: offset)
      $0.append(little: length)
      $0.append(little: attachment.logTime)
      $0.append(little: attachment.createTime)
      $0.append(little: UInt64(attachment.data.count))
      $0.append(string: attachment.name)
      $0.append(string: attachment.mediaType)
    }
    attachments.append(record)
  }

  mutating func indexMetadata(name: String, offset: UInt64, length: UInt64) {
    var record: [UInt8] = []
    record.append(record: .metadataIndex) {
      $0.append(little: offset)
      $0.append(little: length)
      $0.append(string: name)
    }
    metadata.append(record)
  }

  /// Appends the summary section, the summary offsets, the footer and the magic to `output`, which starts at
  /// `position` of the file. Channels come before the statistics that count by channel.
  func append(to output: inout [UInt8], at position: UInt64) throws(EvidenceError) {
    let summary = output.count
    var offsets: [UInt8] = []
    func add(_ opcode: MCAP.Opcode, _ isAny: Bool, _ records: (inout [UInt8]) throws(EvidenceError) -> Void) throws(EvidenceError) {
      guard isAny else { return }
      let start = output.count
      try records(&output)
      let length = output.count - start
      offsets.append(record: .summaryOffset) {
        $0.append(opcode.rawValue)
        $0.append(little: position + UInt64(start))
        $0.append(little: UInt64(length))
      }
    }
    try add(.schema, !schemas.isEmpty) { for record in schemas { $0 += record } }
    try add(.channel, !channels.isEmpty) { for record in channels { $0 += record } }
    try add(.statistics, true) { $0 += statistics }
    try add(.chunkIndex, chunkCount > 0) { (output: inout [UInt8]) throws(EvidenceError) in try chunks.append(to: &output) }
    try add(.attachmentIndex, !attachments.isEmpty) { for record in attachments { $0 += record } }
    try add(.metadataIndex, !metadata.isEmpty) { for record in metadata { $0 += record } }
    let offsetStart = output.count
    output += offsets
    output += MCAP.footerStart(summary: position + UInt64(summary), offsets: position + UInt64(offsetStart))
    output.append(little: CRC.ieee.checksum(output[summary...]))
    output += MCAP.magic
  }

  private var statistics: [UInt8] {
    var record: [UInt8] = []
    record.append(record: .statistics) {
      $0.append(little: messages)
      $0.append(little: UInt16(schemas.count))
      $0.append(little: UInt32(channels.count))
      $0.append(little: UInt32(attachments.count))
      $0.append(little: UInt32(metadata.count))
      $0.append(little: UInt32(chunkCount))
      $0.append(little: times?.lowerBound ?? 0)
      $0.append(little: times?.upperBound ?? 0)
      $0.append(little: UInt32(messageCounts.count * 10))
      for (channel, count) in messageCounts.enumerated() {
        $0.append(little: UInt16(channel + 1))
        $0.append(little: count)
      }
    }
    return record
  }
}
