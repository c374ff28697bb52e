/// The recording of one run: an MCAP file that begins with what it was recorded under, the channels in it, and the run's
/// own clock.
struct RunRecording: ~Copyable {
  let configuration: RecorderConfiguration
  private var file: MCAPWriter
  private var channels: RecordingChannels
  private var synced = System.monotonicNow()

  /// Creates the file with its metadata and attachments, on disk when this returns.
  ///
  /// - Parameter log: Where the violation log stands at the start; `nil`: this run is not in force yet.
  init(
    _ configuration: RecorderConfiguration, log: LogPosition?, synchronize: @escaping @Sendable (Int32) -> Int32
  ) throws(EvidenceError) {
    var file = try MCAPWriter(
      path: configuration.directory.recording, profile: "", library: "odcv", chunkBytes: configuration.chunkBytes,
      compression: configuration.compression, synchronize: synchronize)
    var metadata = configuration.metadata
    metadata["mono_start_ns"] = String(configuration.monotonicStart)
    metadata["real_start_ns"] = String(configuration.wallStart)
    metadata["robot_id"] = configuration.robotID
    metadata["configuration_sha256"] = configuration.configurationSHA256
    metadata["boot_id"] = Hex.string(configuration.directory.bootID)
    if let log { metadata.merge(log.metadata("log_first")) { $1 } } else { metadata["in_force"] = "later" }
    try file.addMetadata(name: "odcv", metadata)
    for attachment in configuration.attachments {
      try file.addAttachment(
        MCAPAttachment(
          name: attachment.name, mediaType: "application/yaml", logTime: UInt64(bitPattern: configuration.wallStart),
          createTime: 0, data: attachment.bytes))
    }
    try file.sync()
    try System.synchronizeDirectory(configuration.directory.run)
    self.configuration = configuration
    self.file = file
    channels = RecordingChannels(endpoints: configuration.endpoints)
  }

  /// - Parameter index: arrival index in this run
  mutating func write(_ record: borrowing RingRecord, index: UInt64) throws(EvidenceError) {
    try channels.write(record, index: index, to: &file, time: time(of: record))
    try draw(record, index: index)
  }

  /// Shows a record to the artist and writes what comes of it.
  mutating func draw(_ record: borrowing RingRecord, index: UInt64) throws(EvidenceError) {
    guard let artist = configuration.artist else { return }
    let time = time(of: record)
    for drawing in artist.draw(record, at: time) { try channels.write(drawing, index: index, to: &file, time: time) }
  }

  /// On the recording's clock, ns.
  private func time(of record: borrowing RingRecord) -> UInt64 {
    UInt64(bitPattern: configuration.wallStart &+ (record.instant &- configuration.monotonicStart))
  }

  /// Closes what is open for long enough and makes the file durable when that is due.
  mutating func keep(at now: Int64) throws(EvidenceError) {
    try file.closeChunk(olderThan: configuration.chunkAge, now: now)
    guard now - synced >= configuration.recordingSyncInterval else { return }
    try file.sync()
    synced = now
  }

  /// It is in force from the input `index` on; so far its inputs were judged beside another run.
  mutating func begin(at index: UInt64, after previous: EvidenceDirectory, log: LogPosition) throws(EvidenceError) {
    var values = log.metadata("log_first")
    values["from_index"] = String(index)
    values["previous"] = previous.name
    try file.addMetadata(name: "odcv.in_force", values)
    try file.sync()
  }

  /// Removes the file and the run's directory: it was never in force.
  consuming func remove() throws(EvidenceError) {
    let directory = configuration.directory
    try System.remove(directory.recording, in: directory.run)
    try System.removeDirectory(directory.run)
  }

  /// Ends the file with its summary.
  mutating func finish(_ closing: [String: String]) throws(EvidenceError) {
    try file.addMetadata(name: "odcv.end", closing)
    try file.finish()
  }
}

/// How far the violation log has come: what a recording beside it can be compared with.
struct LogPosition {
  var sequence: UInt64
  var digest: [UInt8]

  init(_ log: borrowing ViolationLog) {
    sequence = log.lastSequence
    digest = log.headDigest
  }

  func metadata(_ prefix: String) -> [String: String] {
    ["\(prefix)_sequence": String(sequence), "\(prefix)_sha256": Hex.string(digest)]
  }
}
