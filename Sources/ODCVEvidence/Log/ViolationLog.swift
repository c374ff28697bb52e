/// The append-only, hash-chained log of violations. One writer at a time holds the directory.
///
/// Nothing in it is ever overwritten or cut: every opening starts a new segment, whose first record seals what the
/// segments before it hold. The chain shows any change to someone who kept a later digest; it can't show that the whole
/// log was replaced, or that its newest records were never there, to someone who kept nothing. With a key it signs
/// checkpoints of the tree of its records, and a witness that keeps the last of them can tell that too.
public struct ViolationLog: ~Copyable {
  public let directory: String
  public let recovery: LogRecovery
  /// Of the last record appended.
  public private(set) var lastSequence: UInt64
  /// Of the last record that is on disk.
  public private(set) var durableSequence: UInt64
  /// SHA-256 of the last record appended: kept elsewhere, it dates and seals everything before it.
  public private(set) var headDigest: [UInt8]
  /// Of the last record that is on disk: nothing else may be said of the log to somebody who will look for it there.
  public private(set) var durableDigest: [UInt8]
  /// Of all records appended.
  public private(set) var tree: MerkleFrontier

  private let lock: DirectoryLock
  private let bootID: [UInt8]
  private let segmentBytes: Int
  private let pendingBytes: Int
  private let calls: any FileCalls
  private var segment: Segment
  /// Appended, not yet handed to the system.
  private var pending: [UInt8] = []
  private var failure: EvidenceError?
  private var checkpoints: CheckpointWriter?
  private var checkpointFailure: EvidenceError?

  private struct Segment: ~Copyable {
    let number: UInt64
    let file: DataFile
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
  ///   - key: what checkpoints are signed with; without it there are none
  ///   - checkpointInterval: new records wait at most about this long for their checkpoint, ns
  public init(
    directory: String, bootID: [UInt8], segmentBytes: Int = 4 << 20, key: LogKeyFile? = nil,
    checkpointInterval: Int64 = 1_000_000_000
  ) throws(EvidenceError) {
    try self.init(
      directory: directory, bootID: bootID, segmentBytes: segmentBytes, key: key, checkpointInterval: checkpointInterval,
      calls: LinuxCalls())
  }

  /// - Parameters:
  ///   - pendingBytes: So many are handed to the system without waiting for the commit: a thousand violations after a pause need no
  ///     memory that the process has not had from its start.
  ///   - calls: stand for the disk in tests
  init(
    directory: String, bootID: [UInt8], segmentBytes: Int, pendingBytes: Int = 1 << 16, key: LogKeyFile? = nil,
    checkpointInterval: Int64 = 1_000_000_000, calls: any FileCalls
  ) throws(EvidenceError) {
    precondition(bootID.count == 16, "a boot id has 16 bytes")
    precondition(segmentBytes >= 1024, "a segment is too small for its first record")
    let lock = try DirectoryLock(directory, calls)
    var found = try LogInspection(directory, calls)
    var checkpoints: CheckpointWriter?
    if let key {
      let history = try CheckpointHistory(continuing: directory, calls)
      if let last = history.last, try !last.isOf(found.tree, directory, calls) {
        found.recovery.losses.append(.init(kind: .disowned, file: last.file, offset: UInt64(last.offset), bytes: 0))
      }
      checkpoints = try CheckpointWriter(directory, key, history, found.tree, checkpointInterval, calls)
    }
    let opening = SegmentOpening(
      number: found.nextNumber, capacity: 0, tree: found.tree, predecessors: found.predecessors)
    let opened = try Self.begin(
      opening, directory, bootID, segmentBytes, after: (found.recovery.lastSequence, found.digest), calls)

    self.directory = directory
    self.recovery = found.recovery
    self.lock = lock
    self.bootID = bootID
    self.segmentBytes = segmentBytes
    self.pendingBytes = pendingBytes
    self.calls = calls
    self.checkpoints = checkpoints
    pending.reserveCapacity(pendingBytes + pendingBytes / 4)
    lastSequence = opened.sequence
    durableSequence = opened.sequence
    headDigest = opened.digest
    durableDigest = opened.digest
    tree = found.tree
    tree.append(leaf: opened.leaf, sequence: opened.sequence)
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
  mutating func append(
    refused: RefusedViolations, monotonic: Int64 = System.monotonicNow()
  ) throws(EvidenceError) { _ = try append(.refused, refused.payload, monotonic) }

  /// Notes that a file of the evidence is going to be removed, or is still there.
  mutating func append(removed file: RemovedFile) throws(EvidenceError) { _ = try append(.removed, file.payload) }

  /// Writes what was appended and waits until it is on disk: one wait for all of it. After an error nothing is
  /// ever confirmed again, because the system tells only once that it lost data.
  public mutating func sync() throws(EvidenceError) {
    if let failure { throw failure }
    do throws(EvidenceError) {
      try handOver()
      try segment.file.synchronize()
      durableSequence = lastSequence
      durableDigest = headDigest
    } catch {
      failure = error
      throw error
    }
  }

  /// Signs a checkpoint of what is on disk when one is due: soon after new records, and now and then without any, so
  /// that who waits for the next knows that the log lives. Does nothing without a key.
  ///
  /// Throws once when a checkpoint can't be written; there are none after that, and the log itself goes on.
  public mutating func checkpointIfDue() throws(EvidenceError) {
    guard failure == nil, durableSequence == lastSequence, checkpoints?.isDue(tree) == true else { return }
    try checkpoint()
  }

  /// Goes on in a new segment when the one that is written has lost its name; what became of the log's files, in words.
  mutating func keepPlace() throws(EvidenceError) -> [String] {
    if let failure { throw failure }
    var found = checkpoints?.misplacement.map { [$0 + "; checkpoints are signed again after the next start"] } ?? []
    guard let misplacement = segment.file.misplacement else { return found }
    do throws(EvidenceError) { try rotate(toHold: 0) } catch {
      failure = error
      throw EvidenceError("\(misplacement), and the log can't go on in a next file: \(error)", code: error.code)
    }
    found.append(misplacement + "; put it back, as its records are nowhere else; the log goes on in a next file")
    return found
  }

  /// Ends the log in order. It can't be appended to afterwards.
  public mutating func close() throws(EvidenceError) {
    if let failure { throw failure }
    try endSegment()
    failure = EvidenceError("\(directory): the violation log is closed")
    try checkpoint()
  }

  /// Signs a checkpoint of all records, which are on disk.
  mutating func checkpoint() throws(EvidenceError) {
    guard checkpointFailure == nil else { return }
    do throws(EvidenceError) { try checkpoints?.write(tree) } catch {
      checkpointFailure = error
      checkpoints = nil
      throw error
    }
  }

  // MARK: -

  private mutating func append(
    _ kind: LogRecord.Kind, _ payload: [UInt8], _ monotonic: Int64 = System.monotonicNow()
  ) throws(EvidenceError) -> UInt64 {
    let span = payload.span
    return try span.withUnsafeBytes { (bytes) throws(EvidenceError) in
      try append(kind, index: 0, monotonic: monotonic, payload: bytes)
    }
  }

  private mutating func append(
    _ kind: LogRecord.Kind, index: UInt64, monotonic: Int64, payload: UnsafeRawBufferPointer
  ) throws(EvidenceError) -> UInt64 {
    try makeSpace(for: payload.count, kind)
    let record = LogRecord(
      sequence: lastSequence + 1, arrivalIndex: index, monotonic: monotonic, wall: System.wallNow(), bootID: bootID,
      kind: kind, beginsCommit: durableSequence == lastSequence, previousDigest: headDigest, payload: [])
    let stored = record.append(to: &pending, payload: payload)
    headDigest = stored.digest
    lastSequence = record.sequence
    tree.append(leaf: stored.leaf, sequence: record.sequence)
    return record.sequence
  }

  /// Gives the system what is pending, in its place behind the rest; it is on disk only when it is synced.
  private mutating func handOver() throws(EvidenceError) {
    guard !pending.isEmpty else { return }
    try segment.file.write(pending, at: UInt64(segment.end))
    segment.end += pending.count
    pending.removeAll(keepingCapacity: true)
  }

  /// Hands over what is much, and goes on in a new segment when this one has no space for the record and for its own end.
  private mutating func makeSpace(for count: Int, _ kind: LogRecord.Kind) throws(EvidenceError) {
    if let failure { throw failure }
    guard count <= LogRecord.maximumPayload else {
      throw EvidenceError("\(directory): a violation of \(count) bytes is larger than 1 MiB; it is not logged")
    }
    let isFull = segment.end + pending.count + count + 2 * LogRecord.headerSize > segment.capacity && kind != .closed
    guard isFull || pending.count >= pendingBytes else { return }
    do throws(EvidenceError) {
      if isFull { try rotate(toHold: count) } else { try handOver() }
    } catch {
      failure = error
      throw error
    }
  }

  private mutating func endSegment() throws(EvidenceError) {
    // A commit of its own for the end: who finds it knows that all before it was on disk.
    if !pending.isEmpty { try sync() }
    _ = try append(.closed, [])
    try sync()
    do throws(EvidenceError) {
      try segment.file.truncate(to: UInt64(segment.end))
      try segment.file.synchronize()
    } catch {
      failure = error
      throw error
    }
  }

  private mutating func rotate(toHold count: Int) throws(EvidenceError) {
    try endSegment()
    // The end of a segment is durable before the next one exists.
    let size = UInt64(segment.end)
    let opening = SegmentOpening(
      number: segment.number + 1, capacity: 0, tree: tree,
      predecessors: [
        .init(number: segment.number, end: size, size: size, tailDigest: SHA256.digest([]), cut: 0)
      ])
    let wanted = max(segmentBytes, count + 1024)
    let opened = try Self.begin(opening, directory, bootID, wanted, after: (lastSequence, headDigest), calls)
    lastSequence = opened.sequence
    durableSequence = opened.sequence
    headDigest = opened.digest
    durableDigest = opened.digest
    tree.append(leaf: opened.leaf, sequence: opened.sequence)
    segment = opened.segment
  }

  private struct Opened: ~Copyable {
    var segment: Segment
    let sequence: UInt64
    let digest: [UInt8]
    let leaf: [UInt8]
  }

  /// Creates a segment and makes its name and its first record durable.
  private static func begin(
    _ opening: SegmentOpening, _ directory: String, _ bootID: [UInt8], _ bytes: Int,
    after last: (sequence: UInt64, digest: [UInt8]), _ calls: any FileCalls
  ) throws(EvidenceError) -> Opened {
    var opening = opening
    let capacity = max(bytes, opening.encoded().count + 1024)
    opening.capacity = UInt64(capacity)
    let file = try DataFile.create(directory + "/" + SegmentName.name(opening.number), calls)
    try file.reserve(UInt64(capacity))
    // A segment that has a record has its size: one that is shorter was cut by somebody.
    try file.synchronize()
    let record = LogRecord(
      sequence: last.sequence + 1, arrivalIndex: 0, monotonic: System.monotonicNow(), wall: System.wallNow(),
      bootID: bootID, kind: .opened, beginsCommit: true, previousDigest: last.digest, payload: [])
    var start = LogRecord.magic
    let stored = opening.encoded().withUnsafeBytes { record.append(to: &start, payload: $0) }
    try file.write(start, at: 0)
    try file.synchronize()
    try calls.makeNamesDurable(directory)
    return Opened(
      segment: Segment(number: opening.number, file: file, capacity: capacity, end: start.count),
      sequence: record.sequence, digest: stored.digest, leaf: stored.leaf)
  }
}
