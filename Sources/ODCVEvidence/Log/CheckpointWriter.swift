/// Signs checkpoints and appends them to its epoch's file.
///
/// Each opening of the log begins an epoch: the key in force signs the public key of the next and is erased, in memory
/// and on disk, before the next signs anything. Who takes the key in force can sign for the log from now on, and can't
/// sign another past for it: what was signed by the keys before can't be signed again.
struct CheckpointWriter: ~Copyable {
  private let signer: NoteSigner
  private let epoch: UInt64
  private let file: DataFile
  private var end: Int
  private var last: Checkpoint
  /// When the last was written, ns of CLOCK_MONOTONIC.
  private var written = System.monotonicNow()

  /// New records wait at most about this long for their checkpoint, ns.
  private let interval: Int64
  /// A checkpoint comes at least this often, ns, whether there are new records or not.
  static let heartbeat: Int64 = 30_000_000_000

  /// Begins an epoch.
  ///
  /// - Parameters:
  ///   - history: what the epochs before left
  ///   - tree: of all records that are on disk
  init(
    _ directory: String, _ key: LogKeyFile, _ history: CheckpointHistory, _ tree: MerkleFrontier,
    _ interval: Int64, _ calls: any FileCalls
  ) throws(EvidenceError) {
    let old = try key.load(calls)
    var missing = try Self.missing(old, history, key)
    let secret = try SecretBytes()
    let signer = NoteSigner(name: old.origin, kind: .note, secret: secret)
    let handover = Checkpoint(
      origin: old.origin, size: tree.size, root: tree.root, time: Self.time(after: history.last?.checkpoint.time),
      epoch: old.epoch, next: signer.key, seal: history.files.last?.seal)
    missing.append(old.sign(handover))
    // The key first, with what it has signed: after a crash here the next opening finds both and writes them.
    try key.replace(
      LogKeyState(origin: old.origin, first: old.first, epoch: old.epoch + 1, secret: secret, handovers: missing), calls)

    let file = try DataFile.create(directory + "/" + CheckpointName.name(old.epoch + 1), calls)
    let bytes = [UInt8](missing.map(CheckpointHistory.stored).joined())
    try file.write(bytes, at: 0)
    try file.synchronize()
    try calls.makeNamesDurable(directory)
    self.signer = signer
    self.file = file
    self.interval = interval
    epoch = old.epoch + 1
    end = bytes.count
    last = handover
  }

  var misplacement: String? { file.misplacement }

  func isDue(_ tree: MerkleFrontier) -> Bool {
    let age = System.monotonicNow() - written
    return age >= (tree.size > last.size ? interval : Self.heartbeat)
  }

  /// - Parameter tree: of records that are all on disk
  mutating func write(_ tree: MerkleFrontier) throws(EvidenceError) {
    let checkpoint = Checkpoint(
      origin: signer.key.name, size: tree.size, root: tree.root, time: Self.time(after: last.time), epoch: epoch)
    let note = SignedNote(text: checkpoint.text, signatures: [signer.sign(checkpoint.text)])
    let bytes = CheckpointHistory.stored(note)
    try file.write(bytes, at: UInt64(end))
    try file.synchronize()
    end += bytes.count
    last = checkpoint
    written = System.monotonicNow()
  }

  private static func time(after last: Int64?) -> Int64 { max(System.wallNow(), (last ?? 0) + 1) }

  /// The handovers that the key has signed and that no file holds: a crash came before it was written.
  private static func missing(
    _ state: LogKeyState, _ history: CheckpointHistory, _ key: LogKeyFile
  ) throws(EvidenceError) -> [SignedNote] {
    func refuse(_ what: String) -> EvidenceError {
      EvidenceError(
        "\(key.path): \(what); a log keeps its key: put back its own as it was last, or start a new log with a new key "
          + "in another evidence directory")
    }
    if let entry = history.entries.first(where: { $0.checkpoint.origin != state.origin }) {
      throw refuse("this key is of `\(state.origin)`, and \(entry.file) is of `\(entry.checkpoint.origin)`")
    }
    let held = history.entries.filter { $0.checkpoint.next != nil }
    let reached = held.last.map { $0.checkpoint.epoch + 1 } ?? 0
    guard reached <= state.epoch else {
      throw refuse("this key is of epoch \(state.epoch), and the log has reached epoch \(reached): it is an old copy")
    }
    let missing = state.handovers.filter { note in !held.contains { $0.note == note } }
    // From where the files end, one for each epoch up to the key's own.
    let epochs = missing.compactMap { Checkpoint($0)?.epoch }
    guard epochs == Array(reached..<state.epoch) else {
      throw refuse(
        "this key is of epoch \(state.epoch), and the log's checkpoints end in epoch \(reached): it signs "
          + "another log, or files of checkpoints are gone")
    }
    let current = missing.last.flatMap { Checkpoint($0)?.next } ?? held.last?.checkpoint.next ?? state.first
    guard current == state.signer.key else { throw refuse("this is not the key that the log's last epoch named") }
    return missing
  }
}
