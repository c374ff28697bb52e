/// Compares the tree of a log, as it grows, with the roots that were signed or kept for it.
struct RootCheck {
  private(set) var failures: [LogFailure] = []
  private(set) var notes: [String] = []
  /// By size, those not reached yet.
  private var claims: [UInt64: [RootClaim]] = [:]
  private var firstMismatch: RootClaim?
  private var mismatches = 0

  init() {}

  init(_ chain: CheckpointChain, _ trust: LogVerifier.Trust) {
    for claim in chain.claims { claims[claim.size, default: []].append(claim) }
    for (file, note) in trust.kept { add(file, note, chain) }
    for (file, state) in trust.witnesses {
      guard let checkpoint = state.checkpoint else {
        notes.append("\(file): the witness has accepted no checkpoint yet, so it vouches for nothing")
        continue
      }
      // What the witness checked is believed; that the log still leads to the same key is not.
      if let key = chain.keys[state.epoch], key != state.key {
        fail(
          file,
          "the log's epoch \(state.epoch) has another key than the witness saw (\(state.key)): its checkpoints "
            + "were replaced")
      } else if chain.keys[state.epoch] == nil {
        fail(
          file,
          "the log's checkpoints do not reach epoch \(state.epoch), which the witness saw: files of checkpoints "
            + "are gone")
      }
      claims[checkpoint.size, default: []].append(
        RootClaim(size: checkpoint.size, root: checkpoint.root, file: file, offset: 0))
    }
  }

  private mutating func add(_ file: String, _ note: SignedNote, _ chain: CheckpointChain) {
    guard let checkpoint = Checkpoint(note) else {
      fail(file, "not a checkpoint of a violation log; name a file that `odcv-monitor checkpoint` or `witness` wrote")
      return
    }
    guard let key = chain.keys[checkpoint.epoch] else {
      fail(
        file,
        "signed in epoch \(checkpoint.epoch), and the log's checkpoints lead to no key of that epoch: files of "
          + "checkpoints are gone, or it is another log's")
      return
    }
    guard key.name == checkpoint.origin, key.signed(note) else {
      fail(
        file,
        "not signed with the log's key of epoch \(checkpoint.epoch): it was changed, or the log's checkpoints "
          + "were replaced")
      return
    }
    claims[checkpoint.size, default: []].append(
      RootClaim(size: checkpoint.size, root: checkpoint.root, file: file, offset: 0))
  }

  /// - Parameter tree: of the records so far, none of them in doubt
  mutating func check(_ tree: MerkleFrontier) {
    guard let reached = claims.removeValue(forKey: tree.size) else { return }
    let root = tree.root
    for claim in reached where claim.root != root {
      mismatches += 1
      firstMismatch = firstMismatch ?? claim
    }
  }

  /// What is wrong by the log's end.
  ///
  /// - Parameter tree: of all records
  consuming func finish(_ tree: MerkleFrontier) -> [LogFailure] {
    failures.removeAll()
    if let claim = firstMismatch {
      let others = mismatches > 1 ? " (and \(mismatches - 1) more checkpoints)" : ""
      fail(
        claim.file,
        "the checkpoint at offset \(claim.offset) is of \(claim.size) records that are not the log's first "
          + "\(claim.size) as they are now: records were replaced, moved or taken out\(others)", claim.offset)
    }
    let beyond = claims.values.joined().filter { $0.size > tree.size }.sorted { $0.size < $1.size }
    if let claim = beyond.last {
      fail(
        claim.file,
        "the checkpoint at offset \(claim.offset) is of \(claim.size) records and the log has \(tree.size): "
          + "\(claim.size - tree.size) records were cut off", claim.offset)
    }
    return failures
  }

  private mutating func fail(_ file: String, _ what: String, _ offset: Int = 0) {
    failures.append(LogFailure(file: file, record: nil, sequence: nil, offset: UInt64(offset), what: what))
  }
}
