/// What a witness keeps of one log: the key in force and the newest checkpoint that it accepted.
///
///     odcv-witness/1
///     first <the log's first key>
///     key <the key of the epoch that is in force>
///     epoch 3
///     seen 1795709557
///     <the checkpoint, with the witness's cosignature>
public struct WitnessState: Sendable, Equatable {
  public let first: NoteKey
  public private(set) var key: NoteKey
  public private(set) var epoch: UInt64
  /// When the newest checkpoint was accepted, s since 1970 by the witness's clock; 0 before the first.
  public private(set) var seen: UInt64
  public private(set) var last: SignedNote?

  public var checkpoint: Checkpoint? { last.flatMap { Checkpoint($0) } }

  /// Of a log that has not been seen.
  ///
  /// - Parameter first: its first key, as `keygen` printed it
  public init(first: NoteKey) {
    self.first = first
    key = first
    epoch = 0
    seen = 0
  }

  /// Accepts what goes on from the newest checkpoint; refuses everything else and then stays as it is.
  ///
  /// - Parameters:
  ///   - signer: the witness's own key, for the cosignature; `nil`: none
  ///   - now: s since 1970
  public mutating func accept(
    _ extensions: [LogExtension], signer: NoteSigner?, now: UInt64
  ) throws(EvidenceError) {
    var next = self
    for step in extensions { try next.follow(step) }
    guard next != self, var note = next.last else { return }
    if let signer { note.signatures.append(signer.sign(note.text, time: now)) }
    next.last = note
    next.seen = now
    self = next
  }

  private mutating func follow(_ step: LogExtension) throws(EvidenceError) {
    guard let checkpoint = Checkpoint(step.note) else {
      throw EvidenceError("REFUSED: a checkpoint can't be read; look at who sent it")
    }
    let known = self.checkpoint
    func refuse(_ what: String) -> EvidenceError {
      EvidenceError(
        "REFUSED: checkpoint of `\(checkpoint.origin)`, \(checkpoint.size) records, epoch \(checkpoint.epoch): \(what). "
          + "The newest one accepted is of \(known?.size ?? 0) records, epoch \(epoch); keep both, and verify the log")
    }
    guard checkpoint.epoch == epoch, step.note.signatures.count == 1, key.name == checkpoint.origin, key.signed(step.note)
    else { throw refuse("it is not signed with the key that is in force (\(key))") }
    guard known.map({ checkpoint.time > $0.time }) ?? true else { throw refuse("it is not newer") }
    let size = known?.size ?? 0
    guard checkpoint.size >= size else { throw refuse("it has fewer records") }
    guard
      step.oldSize == size,
      MerkleProof.shows(
        checkpoint.root, size: checkpoint.size, extends: known?.root ?? Merkle.empty, oldSize: size, by: step.proof)
    else { throw refuse("it does not go on from the newest one: records before it were changed, moved or taken out") }
    last = step.note
    if let handed = checkpoint.next {
      key = handed
      epoch += 1
    }
  }

  // MARK: - As a file

  private static let mark = "odcv-witness/1"

  public var encoded: [UInt8] {
    let head = "\(Self.mark)\nfirst \(first)\nkey \(key)\nepoch \(epoch)\nseen \(seen)\n"
    return Array(head.utf8) + (last?.encoded ?? [])
  }

  public static func load(_ path: String) throws(EvidenceError) -> WitnessState {
    let bytes = try System.readWhole(path)
    guard let state = WitnessState(parsing: bytes) else {
      throw EvidenceError(
        "\(path): not what a witness keeps, or cut; restore it: without it the witness accepts any log of the key")
    }
    return state
  }

  /// Returns when it is on disk.
  public func store(_ path: String) throws(EvidenceError) {
    let slash = path.lastIndex(of: "/")
    let directory = slash.map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
    try System.replace(path, with: encoded, in: directory)
  }

  public static func exists(_ path: String) -> Bool { System.exists(path) }

  init?(parsing bytes: [UInt8]) {
    let lines = bytes.split(separator: 0x0A, maxSplits: 5, omittingEmptySubsequences: false)
    func value(_ place: Int, _ name: String) -> String? {
      guard lines[place].starts(with: (name + " ").utf8) else { return nil }
      return String(decoding: lines[place].dropFirst(name.utf8.count + 1), as: UTF8.self)
    }
    guard lines.count == 6, lines[0].elementsEqual(Self.mark.utf8),
      let first = value(1, "first").flatMap({ NoteKey(parsing: $0) }),
      let key = value(2, "key").flatMap({ NoteKey(parsing: $0) }), let epoch = value(3, "epoch").flatMap({ UInt64($0) }),
      let seen = value(4, "seen").flatMap({ UInt64($0) })
    else { return nil }
    self.init(first: first)
    self.key = key
    self.epoch = epoch
    self.seen = seen
    guard !lines[5].isEmpty else { return }
    guard let note = SignedNote(parsing: lines[5]), Checkpoint(note) != nil else { return nil }
    last = note
  }
}
