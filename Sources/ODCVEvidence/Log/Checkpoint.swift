import CSodium

/// What a checkpoint says (c2sp.org/tlog-checkpoint): the log's name, how many records it has and the root of their
/// tree, then this log's own extension lines.
///
///     example.com/arm1
///     1294
///     3Nw5v1+...=
///     time 1795709557000000000
///     epoch 3
///
/// The last one of an epoch hands over to the next: its lines `next` and `seals` follow.
public struct Checkpoint: Sendable, Equatable {
  /// Which file of checkpoints was there when an epoch ended, and what was in it.
  struct Seal: Sendable, Equatable {
    var epoch: UInt64
    var size: UInt64
    var digest: [UInt8]
  }

  /// Name of the log and of its keys.
  public var origin: String
  /// Records, so the sequence of the last of them.
  public var size: UInt64
  public var root: [UInt8]
  /// ns since 1970; each is later than the one before, whatever the clock did.
  public var time: Int64
  /// Whose key signs: 0 for the key that `keygen` made, then 1 more with each opening of the log.
  public var epoch: UInt64
  /// The key of the next epoch. Whoever trusts this epoch's trusts it, and no checkpoint of this epoch comes after.
  public var next: NoteKey?
  var seal: Seal?

  var text: String {
    var text = "\(origin)\n\(size)\n\(Base64.string(root))\ntime \(time)\nepoch \(epoch)\n"
    if let next { text += "next \(next)\n" }
    if let seal { text += "seals \(seal.epoch) \(seal.size) \(Hex.string(seal.digest))\n" }
    return text
  }

  init(
    origin: String, size: UInt64, root: [UInt8], time: Int64, epoch: UInt64, next: NoteKey? = nil, seal: Seal? = nil
  ) {
    self.origin = origin
    self.size = size
    self.root = root
    self.time = time
    self.epoch = epoch
    self.next = next
    self.seal = seal
  }

  /// `nil` when the note's text is not exactly a checkpoint of this form.
  public init?(_ note: SignedNote) {
    let lines = note.text.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
    guard lines.count >= 5, NoteKey.isName(lines[0]), let size = UInt64(lines[1]), let root = Base64.bytes(lines[2]),
      root.count == SHA256.size, let time = Self.value("time ", lines[3]).flatMap({ Int64($0) }),
      let epoch = Self.value("epoch ", lines[4]).flatMap({ UInt64($0) })
    else { return nil }
    self.init(origin: String(lines[0]), size: size, root: root, time: time, epoch: epoch)
    var rest = lines.dropFirst(5)
    if let words = rest.first.flatMap({ Self.value("next ", $0) }) {
      guard let key = NoteKey(parsing: words) else { return nil }
      next = key
      rest = rest.dropFirst()
    }
    if let words = rest.first.flatMap({ Self.value("seals ", $0) })?.split(separator: " ") {
      guard words.count == 3, let epoch = UInt64(words[0]), let size = UInt64(words[1]),
        let digest = Hex.bytes(words[2])
      else { return nil }
      seal = Seal(epoch: epoch, size: size, digest: digest)
    }
    // Numbers with leading zeros, further lines: not what was signed here.
    guard text == note.text else { return nil }
  }

  private static func value(_ name: String, _ line: Substring) -> Substring? {
    line.hasPrefix(name) ? line.dropFirst(name.count) : nil
  }
}

/// The files of checkpoints beside the segments: `checkpoints-<epoch, 8 digits>.notes`, each the signed notes of one
/// epoch. Behind each note are a line `sum <CRC-32C of the note, 8 digits>`, which tells one that a crash tore from one that
/// somebody forged, and an empty line. A file begins with the note in which the epoch before handed over to it.
struct CheckpointHistory {
  struct Entry {
    var file: String
    var offset: Int
    var note: SignedNote
    var checkpoint: Checkpoint
  }

  struct File {
    var epoch: UInt64
    var path: String
    var bytes: [UInt8]
    /// Where the last whole note ends.
    var end: Int
    var isLast = false

    var seal: Checkpoint.Seal {
      Checkpoint.Seal(epoch: epoch, size: UInt64(bytes.count), digest: SHA256.digest(bytes))
    }
  }

  private(set) var files: [File] = []
  private(set) var entries: [Entry] = []
  var last: Entry? { entries.last }

  init(_ directory: String, _ calls: any FileCalls) throws(EvidenceError) {
    for name in try calls.list(directory) {
      guard let epoch = CheckpointName.epoch(name) else { continue }
      let path = directory + "/" + name
      add(epoch, path, try calls.readWhole(path))
    }
    if !files.isEmpty { files[files.count - 1].isLast = true }
  }

  /// Of a log that is to be continued: only the newest files, back to one with a handover, so that an old log opens as
  /// fast as a new one. What a killed process left unsynced is made durable before anything rests on it.
  init(continuing directory: String, _ calls: any FileCalls) throws(EvidenceError) {
    var newest: [(epoch: UInt64, path: String, bytes: [UInt8])] = []
    let names = try calls.list(directory).compactMap { name in CheckpointName.epoch(name).map { ($0, name) } }
    for (epoch, name) in names.sorted(by: { $0.0 > $1.0 }) {
      let path = directory + "/" + name
      if newest.isEmpty { try calls.makeDurable(path) }
      newest.append((epoch, path, try calls.readWhole(path)))
      var file = CheckpointHistory()
      file.add(epoch, path, newest[newest.count - 1].bytes)
      if file.entries.contains(where: { $0.checkpoint.next != nil }) { break }
    }
    if !newest.isEmpty { try calls.makeNamesDurable(directory) }
    self.init()
    for file in newest.reversed() { add(file.epoch, file.path, file.bytes) }
  }

  private init() {}

  private mutating func add(_ epoch: UInt64, _ path: String, _ bytes: [UInt8]) {
    var end = 0
    while let next = Self.noteEnd(bytes, from: end) {
      guard let note = Self.note(bytes[end..<next]), let checkpoint = Checkpoint(note) else { break }
      entries.append(Entry(file: path, offset: end, note: note, checkpoint: checkpoint))
      end = next
    }
    files.append(File(epoch: epoch, path: path, bytes: bytes, end: end))
  }

  /// A note as it stands in a file.
  static func stored(_ note: SignedNote) -> [UInt8] {
    let bytes = note.encoded
    return bytes + sum(bytes[...])
  }

  private static func note(_ stored: ArraySlice<UInt8>) -> SignedNote? {
    let bytes = stored.dropLast(sum([]).count)
    return stored.dropFirst(bytes.count).elementsEqual(sum(bytes)) ? SignedNote(parsing: bytes) : nil
  }

  private static func sum(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
    let value = CRC.castagnoli.checksum(bytes)
    return Array("sum ".utf8) + Hex.digits(withUnsafeBytes(of: value.bigEndian) { Array($0) }) + [0x0A, 0x0A]
  }

  /// Behind the second empty line: the first ends the note's text, the second the note.
  private static func noteEnd(_ bytes: [UInt8], from start: Int) -> Int? {
    var place = start + 1
    var isSecond = false
    while place < bytes.count {
      if bytes[place] == 0x0A, bytes[place - 1] == 0x0A {
        if isSecond { return place + 1 }
        isSecond = true
        place += 1
      }
      place += 1
    }
    return nil
  }
}

enum CheckpointName {
  static func name(_ epoch: UInt64) -> String {
    let digits = String(epoch)
    return "checkpoints-" + String(repeating: "0", count: max(0, 8 - digits.count)) + digits + ".notes"
  }

  static func epoch(_ name: String) -> UInt64? {
    guard name.hasPrefix("checkpoints-"), name.hasSuffix(".notes") else { return nil }
    guard let epoch = UInt64(name.dropFirst(12).dropLast(6)), Self.name(epoch) == name else { return nil }
    return epoch
  }
}

extension CheckpointHistory.Entry {
  /// Whether the log still holds, unchanged, the records that this checkpoint is of.
  ///
  /// - Parameter tree: of all records of the log
  func isOf(
    _ tree: MerkleFrontier, _ directory: String, _ calls: any FileCalls
  ) throws(EvidenceError) -> Bool {
    guard checkpoint.size <= tree.size else { return false }
    if checkpoint.size == tree.size { return checkpoint.root == tree.root }
    var scans: [SegmentScan] = []
    for (_, path) in try SegmentName.list(directory, calls).reversed() {
      let scan = SegmentScan(try calls.readWhole(path))
      scans.append(scan)
      guard let before = scan.opening?.tree, before.size <= checkpoint.size else { continue }
      var part = before
      for scan in scans.reversed() {
        for case .record(let record, _, _, let leaf) in scan.entries where record.sequence <= checkpoint.size {
          part.append(leaf: leaf, sequence: record.sequence)
        }
      }
      return part.size == checkpoint.size && part.root == checkpoint.root
    }
    return checkpoint.size == 0
  }
}
