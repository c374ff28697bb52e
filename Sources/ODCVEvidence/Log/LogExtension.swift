/// A newer checkpoint of a log with the proof that it goes on from an older one: what a witness is asked to accept.
///
/// As text it is the body of an add-checkpoint request (c2sp.org/tlog-witness): `old` and the older size, the proof's
/// hashes in base64, a line each, an empty line, and the signed checkpoint.
public struct LogExtension: Sendable, Equatable {
  /// Records of the older checkpoint; 0 when there is none.
  public var oldSize: UInt64
  public var proof: [[UInt8]]
  public var note: SignedNote

  public var encoded: [UInt8] {
    Array(("old \(oldSize)\n" + proof.map { Base64.string($0) + "\n" }.joined() + "\n").utf8) + note.encoded
  }

  /// Reads extensions with an empty line between them; `nil` when `bytes` are not exactly that.
  public static func parse(_ bytes: [UInt8]) -> [LogExtension]? {
    // Each has three parts, and an empty line behind each: head, text, signatures.
    var parts: [ArraySlice<UInt8>] = []
    var start = 0
    for place in bytes.indices.dropFirst() where bytes[place] == 0x0A && bytes[place - 1] == 0x0A && place > start {
      parts.append(bytes[start..<place])
      start = place + 1
    }
    if start < bytes.count { parts.append(bytes[start...]) }
    guard !parts.isEmpty, parts.count.isMultiple(of: 3) else { return nil }
    var extensions: [LogExtension] = []
    for first in stride(from: 0, to: parts.count, by: 3) {
      let lines = String(decoding: parts[first], as: UTF8.self).split(separator: "\n")
      guard let head = lines.first, head.hasPrefix("old "), let oldSize = UInt64(head.dropFirst(4)) else { return nil }
      let proof = lines.dropFirst().compactMap { Base64.bytes($0) }
      let note = SignedNote(parsing: parts[first + 1] + [0x0A] + parts[first + 2])
      guard proof.count == lines.count - 1, proof.allSatisfy({ $0.count == SHA256.size }), let note else { return nil }
      extensions.append(LogExtension(oldSize: oldSize, proof: proof, note: note))
    }
    return extensions
  }
}

/// Reads a whole log to prove things of it: about 100 bytes of memory a record.
public struct LogProver {
  private let history: CheckpointHistory
  private let tree: MerkleTree

  /// - Parameter directory: the `violations` directory, or the evidence root that holds it
  public init(directory: String) throws(EvidenceError) {
    try self.init(violations: LogVerifier.violations(directory), LinuxCalls())
  }

  init(violations directory: String, _ calls: any FileCalls) throws(EvidenceError) {
    // Before the records: a log that is being written has at least those that its checkpoints are of.
    history = try CheckpointHistory(directory, calls)
    var leaves: [[UInt8]] = []
    for (_, path) in try SegmentName.list(directory, calls) {
      for case .record(let record, _, _, let leaf) in SegmentScan(try calls.readWhole(path)).entries {
        // A gap or a repetition is no tree of this log: what is proved of it fails where it is checked.
        if record.sequence == UInt64(leaves.count) + 1 { leaves.append(leaf) }
      }
    }
    tree = MerkleTree(leaves: leaves)
  }

  /// The newest checkpoint.
  public var newest: SignedNote? { history.last?.note }

  /// The newest checkpoint of a log, without reading its records.
  public static func newest(directory: String) throws(EvidenceError) -> Checkpoint? {
    try CheckpointHistory(LogVerifier.violations(directory), LinuxCalls()).last?.checkpoint
  }

  /// From what somebody knows to the newest checkpoint, over every change of the key.
  ///
  /// - Parameters:
  ///   - size: records of the checkpoint that is known, 0 when none is
  ///   - epoch: whose key is known
  ///   - time: of that checkpoint, ns since 1970
  public func extensions(from size: UInt64, epoch: UInt64, time: Int64 = .min) -> [LogExtension] {
    var old = size
    var extensions: [LogExtension] = []
    var handedOver: Set<UInt64> = []
    for entry in history.entries where entry.checkpoint.epoch >= epoch && entry.checkpoint.time > time {
      let isHandover = entry.checkpoint.next != nil && handedOver.insert(entry.checkpoint.epoch).inserted
      guard isHandover || entry.offset == history.last?.offset && entry.file == history.last?.file else { continue }
      extensions.append(LogExtension(oldSize: old, proof: proof(old, entry.checkpoint.size), note: entry.note))
      old = entry.checkpoint.size
    }
    if extensions.isEmpty, let last = history.last {
      // A log that was put back to an older state has nothing newer: to be refused, not passed over.
      extensions.append(LogExtension(oldSize: size, proof: [], note: last.note))
    }
    return extensions
  }

  /// That the record of a sequence is in the newest checkpoint, as c2sp.org/tlog-proof writes it; `nil` when it is not.
  public func inclusion(of sequence: UInt64) -> [UInt8]? {
    guard let last = history.last, sequence >= 1, sequence <= last.checkpoint.size,
      last.checkpoint.size <= UInt64(tree.leaves.count)
    else { return nil }
    let proof = tree.inclusion(of: Int(sequence) - 1, size: Int(last.checkpoint.size))
    let head = "c2sp.org/tlog-proof@v1\nindex \(sequence - 1)\n" + proof.map { Base64.string($0) + "\n" }.joined() + "\n"
    return Array(head.utf8) + last.note.encoded
  }

  /// Nothing where there is no such tree: that is refused by whoever checks it.
  private func proof(_ old: UInt64, _ size: UInt64) -> [[UInt8]] {
    guard old <= size, size <= UInt64(tree.leaves.count) else { return [] }
    return tree.consistency(from: Int(old), size: Int(size))
  }
}
