/// One thing that is wrong with a violation log.
public struct LogFailure: Sendable, Equatable, CustomStringConvertible {
  public var file: String
  /// Place of the record in its file, from 1; `nil` when it is about the file.
  public var record: Int?
  /// The record's sequence; for a damaged record, the one that belongs there.
  public var sequence: UInt64?
  /// Where in the file, bytes.
  public var offset: UInt64
  public var what: String

  public var description: String {
    let place = record.map { ", record \($0)" } ?? ""
    let number = sequence.map { " (sequence \($0))" } ?? ""
    return "\(file)\(place)\(number), offset \(offset): \(what)"
  }
}

/// What a verification found.
public struct VerifyReport: Sendable, Equatable {
  public var segments = 0
  public var records = 0
  public var violations = 0
  /// Of the last good record.
  public var lastSequence: UInt64 = 0
  /// SHA-256 of the last good record: compare it with one kept elsewhere (the recording's `odcv.end`).
  public var headDigest: [UInt8] = []
  /// Root of the tree of all records (RFC 6962).
  public var root: [UInt8] = []
  /// Signed checkpoints that were compared with the log; 0 when it is not signed.
  public var checkpoints = 0
  /// The newest of them.
  public var lastCheckpoint: Checkpoint?
  /// Files of recordings that were removed because space ran out, oldest first.
  public var removed: [RemovedFile] = []
  /// Whatever is here, the log is not as it was written.
  public var failures: [LogFailure] = []
  /// What is in order but worth knowing: a run that was killed, an unfinished record that a later run has sealed.
  public var notes: [String] = []

  public var isIntact: Bool { failures.isEmpty }
}

/// Checks a violation log: every record's checksum, the chain of digests, the sequence, what each segment says of
/// those before it, and that no byte outside records is set.
///
/// Any change, cut, reordering or deletion that leaves something behind it is found and named. What a log can't show by
/// itself is that its newest records were taken off together with what closed it, or that all of it was rewritten.
/// The recordings beside it each hold the digests of the log's first and last record of their run, so where they are
/// at hand these are compared too, and where one file of a run is there all must be, but those that the log says were removed. Where there
/// are runs there must be a log.
/// Of a run without any there is a note, as a kill in its first moment leaves the same; one that was taken away whole,
/// directory and all, is not missed. A signed
/// log's checkpoints are compared with its tree. Against someone who rewrites all of that, give what was kept elsewhere: the
/// log's first key, a checkpoint, or what a witness keeps.
public enum LogVerifier {
  /// What the caller knows from elsewhere.
  public struct Trust: Sendable {
    /// The log's first key, as `keygen` printed it.
    public var logKey: NoteKey?
    /// Checkpoints that somebody kept: the name of the file, and the note.
    public var kept: [(file: String, note: SignedNote)] = []
    /// What witnesses of the log keep, by the name of the file.
    public var witnesses: [(file: String, state: WitnessState)] = []

    public init() {}
  }

  /// - Parameter directory: the `violations` directory, or the evidence root that holds it
  public static func verify(directory: String, trust: Trust = Trust()) throws(EvidenceError) -> VerifyReport {
    let violations = violations(directory)
    let runs = try EvidenceDirectory.runs(root: directory)
    var pass: VerificationPass
    if violations == directory, !runs.isEmpty {
      pass = VerificationPass()
      pass.missLog(directory)
    } else {
      pass = try Self.pass(violations, trust, LinuxCalls())
    }
    for run in runs { try pass.compare(run: run, root: directory) }
    return pass.finish()
  }

  /// - Parameter calls: stand for the disk in tests
  static func pass(
    _ directory: String, _ trust: Trust, _ calls: any FileCalls
  ) throws(EvidenceError) -> VerificationPass {
    // Before the records: a log that is being written has at least those that its checkpoints are of.
    var pass = try VerificationPass(directory, trust, calls)
    for name in try calls.list(directory) where CheckpointName.epoch(name) == nil {
      guard let number = SegmentName.number(name) else {
        pass.report.notes.append("\(directory)/\(name): not a segment of the log; ignored")
        continue
      }
      pass.add(number: number, file: directory + "/" + name, try calls.readWhole(directory + "/" + name))
    }
    return pass
  }

  /// The records of a log, in order, for a reader; damaged ones are left out.
  public static func records(directory: String) throws(EvidenceError) -> [LogRecord] {
    try records(violations: violations(directory), LinuxCalls())
  }

  static func records(violations directory: String, _ calls: any FileCalls) throws(EvidenceError) -> [LogRecord] {
    var records: [LogRecord] = []
    for (_, path) in try SegmentName.list(directory, calls) {
      for case .record(let record, _, _, _) in SegmentScan(try calls.readWhole(path)).entries { records.append(record) }
    }
    return records
  }

  /// The directory of the log, in the evidence root or named itself.
  static func violations(_ directory: String) -> String {
    let inner = directory + "/violations"
    return System.isDirectory(inner) ? inner : directory
  }
}
