import Glibc

/// What `ViolationLog` found when it was opened.
public struct LogRecovery: Sendable, Equatable {
  /// A piece of a segment that is no good record.
  public struct Loss: Sendable, Equatable, CustomStringConvertible {
    public enum Kind: Sendable, Equatable {
      /// Behind the last good record: a write that a crash cut off.
      case unfinished
      /// With good records behind it.
      case damaged
      /// The file is shorter than it was made, which no crash does.
      case shortened
    }

    public var kind: Kind
    public var file: String
    public var offset: UInt64
    public var bytes: UInt64

    public var description: String {
      let place = "\(file): \(bytes) bytes from offset \(offset)"
      return switch kind {
      case .unfinished: "\(place) are an unfinished record; left as they are, the log goes on behind them"
      case .damaged: "\(place) are damaged, with good records behind them; run verify"
      case .shortened: "\(place) were cut off the file, so records may be gone; run verify"
      }
    }
  }

  /// The sequence after which the chain goes on; 0 in a new log.
  public var lastSequence: UInt64
  /// The last run closed the log (or there was none).
  public var wasClosed: Bool
  public var losses: [Loss]
}

/// The append-only, hash-chained log of violations. One writer at a time holds the directory.
///
/// Nothing in it is ever overwritten or cut: every opening starts a new segment, whose first record seals what the
/// segments before it hold. The chain shows any change to someone who kept a later digest; it can't show that the whole
/// log was replaced, or that its newest records were never there, to someone who kept nothing.
public struct ViolationLog: ~Copyable {
  public let directory: String
  public let recovery: LogRecovery
  /// Of the last record appended.
  public private(set) var lastSequence: UInt64
  /// Of the last record that is on disk.
  public private(set) var durableSequence: UInt64
  /// SHA-256 of the last record appended: kept elsewhere, it dates and seals everything before it.
  public private(set) var headDigest: [UInt8]

  private let lock: FileDescriptor
  private let bootID: [UInt8]
  private let segmentBytes: Int
  private let synchronize: @Sendable (Int32) -> Int32
  private var segment: Segment
  private var pending: [UInt8] = []
  private var failure: EvidenceError?

  private struct Segment: ~Copyable {
    let number: UInt64
    let path: String
    let file: FileDescriptor
    let capacity: Int
    /// Bytes written.
    var end: Int
  }

  /// Opens the log in `directory` (made when missing), continues its chain in a new segment and reports what the last
  /// run left unfinished.
  ///
  /// - Parameters:
  ///   - bootID: 16 bytes; differs after each start of the machine
  ///   - segmentBytes: preallocated per segment
  public init(
    directory: String, bootID: [UInt8], segmentBytes: Int = 4 << 20
  ) throws(EvidenceError) {
    try self.init(
      directory: directory, bootID: bootID, segmentBytes: segmentBytes, synchronize: System.synchronizeData)
  }

  /// - Parameter synchronize: stands for the disk in tests
  init(
    directory: String, bootID: [UInt8], segmentBytes: Int, synchronize: @escaping @Sendable (Int32) -> Int32
  ) throws(EvidenceError) {
    precondition(bootID.count == 16, "a boot id has 16 bytes")
    precondition(segmentBytes >= 1024, "a segment is too small for its first record")
    _ = try System.makeDirectory(directory)
    let lock = try System.openDirectory(directory)
    try System.lockExclusively(lock, directory)

    let found = try Self.inspect(directory)
    let opening = SegmentOpening(number: found.nextNumber, capacity: 0, predecessors: found.predecessors)
    let opened = try Self.begin(
      opening, directory, bootID, segmentBytes, after: (found.recovery.lastSequence, found.digest), synchronize)

    self.directory = directory
    self.recovery = found.recovery
    self.lock = lock
    self.bootID = bootID
    self.segmentBytes = segmentBytes
    self.synchronize = synchronize
    lastSequence = opened.sequence
    durableSequence = opened.sequence
    headDigest = opened.digest
    segment = opened.segment
  }

  /// Appends a violation and returns its sequence. It is on disk after the next `sync()` that doesn't throw.
  ///
  /// - Parameters:
  ///   - index: arrival index of the input
  ///   - monotonic: when the input was received, ns
  ///   - payload: an encoded `odcv.v1.Verdict`, at most 1 MiB
  public mutating func append(
    index: UInt64, monotonic: Int64, payload: UnsafeRawBufferPointer
  ) throws(EvidenceError) -> UInt64 {
    try append(.violation, index: index, monotonic: monotonic, payload: payload)
  }

  /// Notes that violations never reached the log, because the ring was full of others.
  mutating func append(refused count: UInt64) throws(EvidenceError) {
    var payload: [UInt8] = []
    payload.append(little: count)
    _ = try append(.refused, payload)
  }

  /// Writes what was appended and waits until it is on disk: one wait for all of it. After an error nothing is
  /// ever confirmed again, because the system tells only once that it lost data.
  public mutating func sync() throws(EvidenceError) {
    if let failure { throw failure }
    do throws(EvidenceError) {
      try writePending()
      let code = synchronize(segment.file.raw)
      guard code == 0 else { throw System.failure("make it durable", segment.path, code) }
      durableSequence = lastSequence
    } catch {
      failure = error
      throw error
    }
  }

  /// Ends the log in order. It can't be appended to afterwards.
  public mutating func close() throws(EvidenceError) {
    if let failure { throw failure }
    try endSegment()
    failure = EvidenceError("\(directory): the violation log is closed")
  }

  // MARK: -

  private mutating func append(_ kind: LogRecord.Kind, _ payload: [UInt8]) throws(EvidenceError) -> UInt64 {
    let record = try next(kind, index: 0, monotonic: System.monotonicNow(), count: payload.count)
    payload.withUnsafeBytes { headDigest = record.append(to: &pending, payload: $0) }
    lastSequence = record.sequence
    return record.sequence
  }

  private mutating func append(
    _ kind: LogRecord.Kind, index: UInt64, monotonic: Int64, payload: UnsafeRawBufferPointer
  ) throws(EvidenceError) -> UInt64 {
    let record = try next(kind, index: index, monotonic: monotonic, count: payload.count)
    headDigest = record.append(to: &pending, payload: payload)
    lastSequence = record.sequence
    return record.sequence
  }

  /// The next record's fields, in a segment that has space for it and for its own end.
  private mutating func next(
    _ kind: LogRecord.Kind, index: UInt64, monotonic: Int64, count: Int
  ) throws(EvidenceError) -> LogRecord {
    if let failure { throw failure }
    guard count <= LogRecord.maximumPayload else {
      throw EvidenceError("\(directory): a violation of \(count) bytes is larger than 1 MiB; it is not logged")
    }
    if segment.end + pending.count + count + 2 * LogRecord.headerSize > segment.capacity, kind != .closed {
      do throws(EvidenceError) {
        try rotate(toHold: count)
      } catch {
        failure = error
        throw error
      }
    }
    return LogRecord(
      sequence: lastSequence + 1, arrivalIndex: index, monotonic: monotonic, wall: System.wallNow(), bootID: bootID,
      kind: kind, previousDigest: headDigest, payload: [])
  }

  private mutating func writePending() throws(EvidenceError) {
    guard !pending.isEmpty else { return }
    try System.writeAll(segment.file, pending, at: UInt64(segment.end), segment.path)
    segment.end += pending.count
    pending.removeAll(keepingCapacity: true)
  }

  private mutating func endSegment() throws(EvidenceError) {
    _ = try append(.closed, [])
    try sync()
    try System.truncate(segment.file, to: UInt64(segment.end), segment.path)
    let code = synchronize(segment.file.raw)
    guard code == 0 else { throw System.failure("make it durable", segment.path, code) }
  }

  private mutating func rotate(toHold count: Int) throws(EvidenceError) {
    try endSegment()
    // The end of a segment is durable before the next one exists.
    let size = UInt64(segment.end)
    let opening = SegmentOpening(
      number: segment.number + 1, capacity: 0,
      predecessors: [
        .init(number: segment.number, end: size, size: size, tailDigest: SHA256.digest([]), cut: 0)
      ])
    let wanted = max(segmentBytes, count + 1024)
    let opened = try Self.begin(opening, directory, bootID, wanted, after: (lastSequence, headDigest), synchronize)
    lastSequence = opened.sequence
    durableSequence = opened.sequence
    headDigest = opened.digest
    segment = opened.segment
  }

  private struct Opened: ~Copyable {
    var segment: Segment
    let sequence: UInt64
    let digest: [UInt8]
  }

  /// Creates a segment and makes its name and its first record durable.
  private static func begin(
    _ opening: SegmentOpening, _ directory: String, _ bootID: [UInt8], _ bytes: Int,
    after last: (sequence: UInt64, digest: [UInt8]), _ synchronize: (Int32) -> Int32
  ) throws(EvidenceError) -> Opened {
    var opening = opening
    let path = directory + "/" + SegmentName.name(opening.number)
    let capacity = max(bytes, opening.encoded().count + 1024)
    opening.capacity = UInt64(capacity)
    let file = try System.create(path)
    try System.preallocate(file, bytes: UInt64(capacity), path)
    let record = LogRecord(
      sequence: last.sequence + 1, arrivalIndex: 0, monotonic: System.monotonicNow(), wall: System.wallNow(),
      bootID: bootID, kind: .opened, previousDigest: last.digest, payload: [])
    var start = LogRecord.magic
    let digest = opening.encoded().withUnsafeBytes { record.append(to: &start, payload: $0) }
    try System.writeAll(file, start, at: 0, path)
    let code = synchronize(file.raw)
    guard code == 0 else { throw System.failure("make it durable", path, code) }
    try System.synchronizeDirectory(directory)
    return Opened(
      segment: Segment(number: opening.number, path: path, file: file, capacity: capacity, end: start.count),
      sequence: record.sequence, digest: digest)
  }

  private struct Found {
    var recovery: LogRecovery
    var digest: [UInt8]
    var nextNumber: UInt64
    var predecessors: [SegmentOpening.Predecessor]
  }

  /// Reads back from the newest segment to the newest good record.
  private static func inspect(_ directory: String) throws(EvidenceError) -> Found {
    let segments = try SegmentName.list(directory)
    var found = Found(
      recovery: LogRecovery(lastSequence: 0, wasClosed: segments.isEmpty, losses: []),
      digest: [UInt8](repeating: 0, count: SHA256.size),
      nextNumber: (segments.last?.number ?? 0) + 1, predecessors: [])
    for (number, path) in segments.reversed() {
      let scan = SegmentScan(try System.readWhole(path))
      found.predecessors.insert(
        .init(
          number: number, end: UInt64(scan.end), size: UInt64(scan.size), tailDigest: scan.tailDigest,
          cut: UInt64(scan.cut)), at: 0)
      found.recovery.losses += losses(scan, path)
      if let last = scan.last {
        found.recovery.lastSequence = last.record.sequence
        found.recovery.wasClosed = last.record.kind == .closed && scan.cut == 0
        found.digest = last.digest
        break
      }
    }
    return found
  }

  private static func losses(_ scan: SegmentScan, _ path: String) -> [LogRecovery.Loss] {
    var losses: [LogRecovery.Loss] = []
    for case .damage(let offset, let length, _) in scan.entries {
      losses.append(.init(kind: .damaged, file: path, offset: UInt64(offset), bytes: UInt64(length)))
    }
    if scan.cut > 0 {
      losses.append(.init(kind: .unfinished, file: path, offset: UInt64(scan.end), bytes: UInt64(scan.cut)))
    }
    if let missing = scan.missing {
      losses.append(.init(kind: .shortened, file: path, offset: UInt64(scan.size), bytes: missing))
    }
    return losses
  }
}
