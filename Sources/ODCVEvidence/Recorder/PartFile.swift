import Glibc

/// One file of a run's recording: an MCAP file that begins with what it was recorded under, and the channels in it.
struct PartFile: ~Copyable, Sendable {
  private var file: MCAPWriter
  private var channels: RecordingChannels
  private let calls: any FileCalls

  /// Creates the file with its metadata and attachments, on disk when this returns.
  ///
  /// - Parameter identity: the run's `odcv` metadata
  init(
    _ path: String, _ configuration: RecorderConfiguration, identity: [String: String], _ calls: any FileCalls
  ) throws(EvidenceError) {
    var file = try MCAPWriter(
      path: path, profile: "", library: "odcv", chunkBytes: configuration.chunkBytes, compression: configuration.compression,
      calls: calls)
    do throws(EvidenceError) {
      try Self.begin(&file, configuration, identity)
      try file.reserveChunk()
      try calls.makeNamesDurable(configuration.directory.run)
    } catch {
      // Half a beginning must not stand in the way of the next try.
      _ = calls.remove(path)
      throw error
    }
    self.file = file
    channels = RecordingChannels(endpoints: configuration.endpoints)
    self.calls = calls
  }

  private static func begin(
    _ file: inout MCAPWriter, _ configuration: RecorderConfiguration, _ identity: [String: String]
  ) throws(EvidenceError) {
    try file.addMetadata(name: "odcv", identity)
    for attachment in configuration.attachments {
      try file.addAttachment(
        MCAPAttachment(
          name: attachment.name, mediaType: "application/yaml", logTime: UInt64(bitPattern: configuration.wallStart),
          createTime: 0, data: attachment.bytes))
    }
    try file.sync()
  }

  /// Handed to the system so far.
  var bytes: UInt64 { file.bytesWritten }

  mutating func add(metadata name: String, _ values: [String: String]) throws(EvidenceError) {
    try file.addMetadata(name: name, values)
  }

  mutating func rename(to path: String) throws(EvidenceError) { try file.rename(to: path) }

  var misplacement: String? { file.misplacement }

  mutating func write(_ record: borrowing RingRecord, index: UInt64, time: UInt64) throws(EvidenceError) {
    try channels.write(record, index: index, to: &file, time: time)
  }

  mutating func write(_ drawing: Drawing, index: UInt64, time: UInt64) throws(EvidenceError) {
    try channels.write(drawing, index: index, to: &file, time: time)
  }

  mutating func closeChunk() throws(EvidenceError) { try file.closeChunk() }

  mutating func closeChunk(olderThan age: Int64, now: Int64) throws(EvidenceError) {
    try file.closeChunk(olderThan: age, now: now)
  }

  mutating func sync() throws(EvidenceError) { try file.sync() }

  /// Ends the file in order, on disk when this returns.
  mutating func finish(_ closing: [String: String]) throws(EvidenceError) {
    try file.addMetadata(name: EndMark.name, closing)
    try file.finish()
  }

  /// Removes the file.
  consuming func remove() throws(EvidenceError) {
    let code = calls.remove(file.path)
    guard code == 0 || code == -ENOENT else { throw System.failure("remove it", file.path, -code) }
  }
}
