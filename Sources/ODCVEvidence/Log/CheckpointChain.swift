/// A root that somebody signed, or kept, for the tree of the log's first records.
struct RootClaim {
  var size: UInt64
  var root: [UInt8]
  /// Where it stands.
  var file: String
  var offset: Int
}

/// Checks a log's files of checkpoints by themselves: each note's signature, by the key that the epoch before handed
/// over to, from the log's first key on; that sizes and times only grow; and that no file lost its end or its place.
/// What they say of the log's tree is left to `VerificationPass`.
struct CheckpointChain {
  private(set) var failures: [LogFailure] = []
  private(set) var notes: [String] = []
  private(set) var claims: [RootClaim] = []
  /// By epoch; 0 only when the log's first key was given.
  private(set) var keys: [UInt64: NoteKey] = [:]
  private(set) var last: Checkpoint?
  private var handovers: [UInt64: SignedNote] = [:]
  private var sealed: Set<UInt64> = []
  private let files: [CheckpointHistory.File]

  /// - Parameter first: the log's first key, as `keygen` printed it; without it the first handover is believed
  init(_ history: CheckpointHistory, first: NoteKey?) {
    files = history.files
    keys[0] = first
    for file in history.files {
      var isOpen = false
      for entry in history.entries where entry.file == file.path {
        if entry.checkpoint.next != nil {
          handOver(entry, in: file)
          isOpen = entry.checkpoint.epoch &+ 1 == file.epoch
        } else {
          add(entry, in: file, isOpen)
        }
      }
      judgeEnd(file, isOpen)
    }
    for file in history.files where !file.isLast && !sealed.contains(file.epoch) {
      fail(file.path, file.end, "no later checkpoint says how this file ended: one after it is gone, or was not there")
    }
  }

  private mutating func handOver(_ entry: CheckpointHistory.Entry, in file: CheckpointHistory.File) {
    let checkpoint = entry.checkpoint
    if let known = handovers[checkpoint.epoch] {
      if known != entry.note {
        fail(
          entry.file, entry.offset,
          "epoch \(checkpoint.epoch) hands over a second time, and otherwise: its key was used by somebody else")
      }
      return
    }
    handovers[checkpoint.epoch] = entry.note
    guard checkpoint.epoch < file.epoch, let next = checkpoint.next else {
      fail(
        entry.file, entry.offset,
        "a handover of epoch \(checkpoint.epoch) does not belong into the file of epoch \(file.epoch)")
      return
    }
    guard isSigned(entry) else { return }
    keys[checkpoint.epoch &+ 1] = next
    follow(entry)
    if let seal = checkpoint.seal { compare(seal, entry) }
  }

  private mutating func add(_ entry: CheckpointHistory.Entry, in file: CheckpointHistory.File, _ isOpen: Bool) {
    guard isOpen, entry.checkpoint.epoch == file.epoch else {
      fail(
        entry.file, entry.offset,
        "a checkpoint of epoch \(entry.checkpoint.epoch) stands before what opens the file of epoch "
          + "\(file.epoch), or in the wrong file")
      return
    }
    if isSigned(entry) { follow(entry) }
  }

  private mutating func isSigned(_ entry: CheckpointHistory.Entry) -> Bool {
    let epoch = entry.checkpoint.epoch
    if epoch == 0, keys[0] == nil { return true }
    guard let key = keys[epoch] else {
      fail(
        entry.file, entry.offset,
        "nothing before it hands over to epoch \(epoch): files of checkpoints are missing before this one")
      return false
    }
    guard key.name == entry.checkpoint.origin, entry.note.signatures.count == 1, key.signed(entry.note) else {
      fail(
        entry.file, entry.offset,
        "it is not signed with the key of `\(key.name)` in epoch \(epoch) (\(key)): the checkpoint was changed, "
          + "or is another log's")
      return false
    }
    return true
  }

  /// Sizes and times only grow.
  private mutating func follow(_ entry: CheckpointHistory.Entry) {
    let checkpoint = entry.checkpoint
    if let last, checkpoint.origin != last.origin || checkpoint.size < last.size || checkpoint.time <= last.time {
      fail(
        entry.file, entry.offset,
        "it is of `\(checkpoint.origin)`, \(checkpoint.size) records, time \(checkpoint.time), and stands behind "
          + "one of `\(last.origin)`, \(last.size) records, time \(last.time)")
    }
    last = checkpoint
    claims.append(
      RootClaim(size: checkpoint.size, root: checkpoint.root, file: entry.file, offset: entry.offset))
  }

  private mutating func compare(_ seal: Checkpoint.Seal, _ entry: CheckpointHistory.Entry) {
    guard let file = files.first(where: { $0.epoch == seal.epoch }) else {
      fail(entry.file, entry.offset, "the file of checkpoints of epoch \(seal.epoch) was there when this was signed, and is gone")
      return
    }
    sealed.insert(seal.epoch)
    if file.seal != seal {
      fail(file.path, file.end, "it had \(seal.size) bytes when the next epoch began; now it has \(file.bytes.count), or others")
    } else if file.end < file.bytes.count {
      notes.append(
        "\(file.path): \(file.bytes.count - file.end) bytes from offset \(file.end) are an unfinished checkpoint; the next "
          + "run sealed them")
    }
  }

  private mutating func judgeEnd(_ file: CheckpointHistory.File, _ isOpen: Bool) {
    guard file.isLast else { return }
    if file.end < file.bytes.count {
      fail(
        file.path, file.end,
        "\(file.bytes.count - file.end) bytes after the last good checkpoint are none: unfinished, or changed")
    } else if !isOpen {
      fail(file.path, file.end, "it does not begin with the handover to epoch \(file.epoch)")
    }
  }

  private mutating func fail(_ file: String, _ offset: Int, _ what: String) {
    failures.append(LogFailure(file: file, record: nil, sequence: nil, offset: UInt64(offset), what: what))
  }
}
