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
      /// The log is not the one that its last checkpoint speaks of.
      case disowned
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
      case .disowned:
        "\(file): the checkpoint at offset \(offset) is of records that are not in the log, or not as they were; run verify"
      }
    }
  }

  /// The sequence after which the chain goes on; 0 in a new log.
  public var lastSequence: UInt64
  /// The last run closed the log (or there was none).
  public var wasClosed: Bool
  public var losses: [Loss]
}

/// The end of the log as a new opening finds it.
struct LogInspection {
  var recovery: LogRecovery
  /// Of the newest good record; zeros when there is none.
  var digest = [UInt8](repeating: 0, count: SHA256.size)
  var nextNumber: UInt64
  /// Segments that no opening has described yet.
  var predecessors: [SegmentOpening.Predecessor] = []
  /// Of all records.
  var tree = MerkleFrontier()

  /// Reads back from the newest segment to the newest good record, and to where the tree can be continued from.
  ///
  /// What is found here will be sealed into the chain, so it is made durable first: a process that was killed before
  /// it synced leaves records that can be read and that a power cut would take.
  init(_ directory: String, _ calls: any FileCalls) throws(EvidenceError) {
    let segments = try SegmentName.list(directory, calls)
    recovery = LogRecovery(lastSequence: 0, wasClosed: segments.isEmpty, losses: [])
    nextNumber = (segments.last?.number ?? 0) + 1
    var scans: [SegmentScan] = []
    var isFound = false
    for (number, path) in segments.reversed() {
      if !isFound { try calls.makeDurable(path) }
      let scan = SegmentScan(try calls.readWhole(path))
      if let version = scan.foreignVersion {
        throw EvidenceError(
          "\(path): written in form `\(Character(UnicodeScalar(version)))` of the log, and this program writes form `1`: "
            + "use the odcv that wrote it, or another evidence directory")
      }
      scans.append(scan)
      if !isFound {
        predecessors.insert(
          .init(
            number: number, end: UInt64(scan.end), size: UInt64(scan.size), tailDigest: scan.tailDigest,
            cut: UInt64(scan.cut)), at: 0)
        recovery.losses += Self.losses(scan, path)
        if let last = scan.last {
          recovery.lastSequence = last.record.sequence
          recovery.wasClosed = last.record.kind == .closed && scan.cut == 0
          digest = last.digest
          isFound = true
        }
      }
      // Without its first record a segment does not say which tree it goes on from.
      if isFound, scan.opening != nil { break }
    }
    if !segments.isEmpty { try calls.makeNamesDurable(directory) }
    tree = scans.last?.opening?.tree ?? MerkleFrontier()
    for scan in scans.reversed() { tree.append(scan) }
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

extension MerkleFrontier {
  /// Who believes a sequence believes the one who wrote it: no more leaves than this are put in for lost records.
  private static let greatestGap: UInt64 = 1 << 20

  /// A record's leaf in its place, behind empty ones for those that are lost. One that was there before adds nothing.
  mutating func append(leaf: [UInt8], sequence: UInt64) {
    guard sequence > size else { return }
    for _ in 0..<min(sequence - size - 1, Self.greatestGap) { append(leaf: Merkle.lostLeaf) }
    append(leaf: leaf)
  }

  mutating func append(_ scan: SegmentScan) {
    for case .record(let record, _, _, let leaf) in scan.entries { append(leaf: leaf, sequence: record.sequence) }
  }
}
