import ArgumentParser
import ODCVEvidence

/// Checks the violation log's chain, each recording's end against it, and its tree against what was signed and kept.
struct Verify: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Verify the violation log of an evidence directory.",
    discussion: """
      Ends with 0 when every record is as it was written, 1 when one is not, and names it. Who can write the directory could \
      have written all of it anew: --log-key, --checkpoint and --witness compare it with what was kept elsewhere.
      """)

  @Argument(help: "The evidence directory, or its `violations` directory.")
  var directory: String

  @Option(help: "The log's first key, as keygen printed it.")
  var logKey: String?

  @Option(help: "A checkpoint that was kept elsewhere; once for each.")
  var checkpoint: [String] = []

  @Option(help: "What a witness of the log keeps (its --state); once for each.")
  var witness: [String] = []

  @Flag(help: "A line for each violation: sequence, time, robot, rule, margin, kind.")
  var list = false

  @Flag(help: "One JSON line.")
  var json = false

  func run() throws {
    let report: VerifyReport
    do throws(EvidenceError) {
      report = try LogVerifier.verify(directory: directory, trust: try trust())
    } catch {
      throw Stop(.usage, "\(error)")
    }
    let violations = list ? try reading { () throws(EvidenceError) in try LoggedViolation.all(directory) } : []
    if json { tell(line(report, violations)) } else { show(report, violations) }
    if report.records == 0, report.isIntact {
      throw Stop(.nothing, "\(directory): no violation log here; name the evidence directory of a monitor that has run")
    }
    if !report.isIntact { throw Stop(.violations, "") }
  }

  private func trust() throws(EvidenceError) -> LogVerifier.Trust {
    var trust = LogVerifier.Trust()
    if let logKey { trust.logKey = try noteKey(logKey) }
    for path in checkpoint {
      guard let bytes = readFile(path) else { throw EvidenceError("\(path): \(errorText()); name a checkpoint's file") }
      guard let note = SignedNote(parsing: bytes) else {
        throw EvidenceError("\(path): not a signed checkpoint; name what `odcv-monitor checkpoint` or `witness` printed")
      }
      trust.kept.append((path, note))
    }
    for path in witness {
      let state = try WitnessState.load(path)
      guard trust.logKey == nil || trust.logKey == state.first else {
        throw EvidenceError("\(path): is of another log than --log-key")
      }
      trust.witnesses.append((path, state))
    }
    return trust
  }

  private func line(_ report: VerifyReport, _ list: [LoggedViolation]) -> String {
    JSON.object([
      ("directory", .string(directory)), ("intact", .bool(report.isIntact && report.records > 0)),
      ("segments", .integer(Int64(report.segments))), ("records", .integer(Int64(report.records))),
      ("violations", .integer(Int64(report.violations))), ("last_sequence", .count(report.lastSequence)),
      ("head_sha256", .string(Words.hex(report.headDigest))), ("tree_root", .string(Words.hex(report.root))),
      ("checkpoints", .integer(Int64(report.checkpoints))),
      (
        "last_checkpoint",
        report.lastCheckpoint.map {
          .object([("origin", .string($0.origin)), ("records", .count($0.size)), ("epoch", .count($0.epoch)), ("time_ns", .integer($0.time))])
        } ?? .null
      ),
      ("failures", .array(report.failures.map { .string($0.description) })),
      ("removed", .array(report.removed.map { .string($0.words) })), ("notes", .array(report.notes.map { .string($0) })),
      ("list", self.list ? .array(list.map(\.json)) : .null),
    ]).line
  }

  private func show(_ report: VerifyReport, _ list: [LoggedViolation]) {
    guard report.records > 0 || !report.isIntact else {
      for note in report.notes { tell("note: \(note)") }
      return
    }
    for violation in list { tell(violation.text) }
    tell(
      "\(report.segments) segments, \(report.records) records, \(report.violations) violations, last sequence \(report.lastSequence)"
    )
    tell("head sha256 \(Words.hex(report.headDigest))")
    if let last = report.lastCheckpoint {
      tell("\(report.checkpoints) signed checkpoints of \(last.origin), the newest of \(last.size) records")
    } else {
      tell("not signed: without checkpoints nobody can tell whether all of it was replaced, or its end taken off")
    }
    for file in report.removed { tell("removed: \(file.words)") }
    for note in report.notes { tell("note: \(note)") }
    for failure in report.failures { tell("FAILED: \(failure)") }
    if report.isIntact { tell("intact") }
  }
}
