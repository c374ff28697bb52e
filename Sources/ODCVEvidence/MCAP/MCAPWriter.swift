/// Writes an MCAP file: chunks, compressed or not, each handed to the system with its indexes in one write, every CRC that
/// the format has, and a full summary.
///
/// A chunk closes by size, and by age when the owner calls `closeChunk(olderThan:now:)`: what a crash loses is at most
/// the open chunk. Schemas and channels are written outside chunks, so a damaged chunk takes only its own messages.
public struct MCAPWriter: ~Copyable, Sendable {
  public var path: String { file.path }
  /// Bytes handed to the system so far.
  public private(set) var bytesWritten: UInt64 = 0

  private var file: DataFile
  private let chunkBytes: Int
  private var packer: ChunkPacker
  private var dataCRC: UInt32 = 0
  private var isFinished = false
  private var failure: EvidenceError?

  /// Schemas and channels to be written before the next chunk.
  private var definitions: [UInt8] = []
  private var records: [UInt8] = []
  private var output: [UInt8] = []
  private var chunkOpened: Int64?
  private var chunkTimes: ClosedRange<UInt64>?
  /// Of the open chunk, by channel id - 1: log time, offset in the chunk.
  private var indexes: [[(time: UInt64, offset: UInt64)]] = []
  private var summary: MCAPSummary

  /// Creates the file, which must not exist yet, and writes its header.
  public init(
    path: String, profile: String = "", library: String = "odcv", chunkBytes: Int = 1 << 20,
    compression: MCAPCompression = .none
  ) throws(EvidenceError) {
    try self.init(
      path: path, profile: profile, library: library, chunkBytes: chunkBytes, compression: compression,
      calls: LinuxCalls())
  }

  /// - Parameter calls: stand for the disk in tests
  init(
    path: String, profile: String, library: String, chunkBytes: Int, compression: MCAPCompression,
    calls: any FileCalls
  ) throws(EvidenceError) {
    let packer = try ChunkPacker(compression)
    let file = try DataFile.create(path, calls)
    var start = MCAP.magic
    start.append(record: .header) {
      $0.append(string: profile)
      $0.append(string: library)
    }
    try file.write(start, at: 0)
    self.file = file
    self.chunkBytes = chunkBytes
    self.packer = packer
    summary = MCAPSummary(path)
    bytesWritten = UInt64(start.count)
    dataCRC = CRC.ieee.checksum(start)
  }

  /// Asks for the memory of a full chunk now, and for the file that its index waits in: a process that runs for months does not grow by
  /// them later.
  public mutating func reserveChunk() throws(EvidenceError) {
    // The last message of a chunk may go beyond its end.
    let full = chunkBytes + chunkBytes / 4
    records.reserveCapacity(full)
    output.reserveCapacity(full)
    summary.openIndex()
    do throws(EvidenceError) { try packer.reserve(full) } catch { throw fail(error) }
  }

  public mutating func addSchema(name: String, encoding: String, data: [UInt8]) -> UInt16 {
    let id = UInt16(summary.schemas.count + 1)
    var record: [UInt8] = []
    record.append(record: .schema) {
      $0.append(little: id)
      $0.append(string: name)
      $0.append(string: encoding)
      $0.append(little: UInt32(data.count))
      $0.append(contentsOf: data)
    }
    summary.schemas.append(record)
    definitions += record
    return id
  }

  /// - Parameter schema: 0 for none
  public mutating func addChannel(
    topic: String, messageEncoding: String, schema: UInt16, metadata: [String: String] = [:]
  ) -> UInt16 {
    precondition(schema <= summary.schemas.count, "the channel's schema was not added")
    let id = UInt16(summary.channels.count + 1)
    var record: [UInt8] = []
    record.append(record: .channel) {
      $0.append(little: id)
      $0.append(little: schema)
      $0.append(string: topic)
      $0.append(string: messageEncoding)
      $0.append(map: metadata.sorted { $0.key < $1.key }.map { ($0.key, $0.value) })
    }
    summary.channels.append(record)
    summary.messageCounts.append(0)
    indexes.append([])
    definitions += record
    return id
  }

  /// Appends to the open chunk, and closes it when that makes it full.
  ///
  /// - Parameters:
  ///   - logTime: ns
  ///   - publishTime: ns
  public mutating func addMessage(
    channel: UInt16, sequence: UInt32, logTime: UInt64, publishTime: UInt64, data: UnsafeRawBufferPointer
  ) throws(EvidenceError) {
    precondition(channel > 0 && channel <= summary.channels.count, "the message's channel was not added")
    if let failure { throw failure }
    if chunkOpened == nil { chunkOpened = System.monotonicNow() }
    indexes[Int(channel) - 1].append((logTime, UInt64(records.count)))
    records.append(record: .message) {
      $0.append(little: channel)
      $0.append(little: sequence)
      $0.append(little: logTime)
      $0.append(little: publishTime)
      $0.append(contentsOf: data)
    }
    chunkTimes = chunkTimes.map { min($0.lowerBound, logTime)...max($0.upperBound, logTime) } ?? logTime...logTime
    summary.count(channel: channel, time: logTime)
    if records.count >= chunkBytes { try closeChunk() }
  }

  /// Closes the open chunk when its first message is at least that old. All in ns of the monotonic clock.
  public mutating func closeChunk(olderThan age: Int64, now: Int64) throws(EvidenceError) {
    if let chunkOpened, now - chunkOpened >= age { try closeChunk() }
  }

  /// Hands everything added so far to the system.
  public mutating func closeChunk() throws(EvidenceError) {
    if let failure { throw failure }
    output.removeAll(keepingCapacity: true)
    output += definitions
    definitions.removeAll()
    if let times = chunkTimes {
      let stored: ArraySlice<UInt8>
      do throws(EvidenceError) { stored = try packer.pack(records) } catch { throw fail(error) }
      appendChunk(times, stored)
    }
    try emit()
    records.removeAll(keepingCapacity: true)
    chunkTimes = nil
    chunkOpened = nil
  }

  /// Outside any chunk, at once.
  public mutating func addAttachment(_ attachment: MCAPAttachment) throws(EvidenceError) {
    try closeChunk()
    output.removeAll(keepingCapacity: true)
    output.append(record: .attachment) {
      $0.append(little: attachment.logTime)
      $0.append(little: attachment.createTime)
      $0.append(string: attachment.name)
      $0.append(string: attachment.mediaType)
      $0.append(little: UInt64(attachment.data.count))
      $0.append(contentsOf: attachment.data)
      $0.append(little: CRC.ieee.checksum($0[MCAP.recordHeaderSize...]))
    }
    summary.indexAttachment(attachment, offset: bytesWritten, length: UInt64(output.count))
    try emit()
  }

  /// Outside any chunk, at once.
  public mutating func addMetadata(name: String, _ values: [String: String]) throws(EvidenceError) {
    try closeChunk()
    output.removeAll(keepingCapacity: true)
    output.append(record: .metadata) {
      $0.append(string: name)
      $0.append(map: values.sorted { $0.key < $1.key }.map { ($0.key, $0.value) })
    }
    summary.indexMetadata(name: name, offset: bytesWritten, length: UInt64(output.count))
    try emit()
  }

  /// Waits until what was handed to the system is on disk.
  public mutating func sync() throws(EvidenceError) {
    if let failure { throw failure }
    do throws(EvidenceError) { try file.synchronize() } catch { throw fail(error) }
  }

  /// Gives the file another name, which is on disk only when its directory is.
  mutating func rename(to new: String) throws(EvidenceError) { try file.rename(to: new) }

  var misplacement: String? { file.misplacement }

  /// Ends the data section, writes the summary and waits until all is on disk. Nothing can be added afterwards.
  public mutating func finish() throws(EvidenceError) {
    try closeChunk()
    output.removeAll(keepingCapacity: true)
    let crc = dataCRC
    output.append(record: .dataEnd) { $0.append(little: crc) }
    do throws(EvidenceError) { try summary.append(to: &output, at: bytesWritten) } catch { throw fail(error) }
    try emit()
    try sync()
    isFinished = true
    failure = EvidenceError("\(path): the recording is closed")
  }

  // MARK: -

  /// - Parameter stored: `records` as they are to be stored
  private mutating func appendChunk(_ times: ClosedRange<UInt64>, _ stored: ArraySlice<UInt8>) {
    let start = output.count
    let records = records
    let compression = packer.compression.name
    output.append(record: .chunk) {
      $0.append(little: times.lowerBound)
      $0.append(little: times.upperBound)
      $0.append(little: UInt64(records.count))
      $0.append(little: CRC.ieee.checksum(records))
      $0.append(string: compression)
      $0.append(little: UInt64(stored.count))
      $0.append(contentsOf: stored)
    }
    let chunkLength = output.count - start
    var offsets: [(channel: UInt16, offset: UInt64)] = []
    for channel in indexes.indices where !indexes[channel].isEmpty {
      let id = UInt16(channel + 1)
      let entries = Self.ordered(indexes[channel])
      offsets.append((id, bytesWritten + UInt64(output.count)))
      output.append(record: .messageIndex) {
        $0.append(little: id)
        $0.append(little: UInt32(entries.count * 16))
        for entry in entries {
          $0.append(little: entry.time)
          $0.append(little: entry.offset)
        }
      }
      indexes[channel].removeAll(keepingCapacity: true)
    }
    summary.indexChunk(
      times: times, offset: bytesWritten + UInt64(start), length: UInt64(chunkLength), messageIndexes: offsets,
      messageIndexLength: UInt64(output.count - start - chunkLength), compression: compression,
      storedSize: UInt64(stored.count), size: UInt64(records.count))
  }

  /// By time; messages of one time keep the file's order.
  private static func ordered(_ entries: [(time: UInt64, offset: UInt64)]) -> [(time: UInt64, offset: UInt64)] {
    for (earlier, later) in zip(entries, entries.dropFirst()) where earlier.time > later.time {
      return entries.sorted { ($0.time, $0.offset) < ($1.time, $1.offset) }
    }
    return entries
  }

  /// One write of `output`.
  private mutating func emit() throws(EvidenceError) {
    guard !output.isEmpty else { return }
    do throws(EvidenceError) {
      try file.write(output, at: bytesWritten)
    } catch {
      throw fail(error)
    }
    dataCRC = CRC.ieee.checksum(output, after: dataCRC)
    bytesWritten += UInt64(output.count)
  }

  private mutating func fail(_ error: EvidenceError) -> EvidenceError {
    failure = error
    return error
  }
}
